"""Rows of goods and of pieces, read into drafts.

Decides which cells belong together (a pack and its barcode, a tax code and its rate, labour and what it is per) and
refuses what would sell at a wrong price. Whether a code is known already is the store's to say.
"""

import re
from decimal import Decimal

from pos_app.domain.imports import dates, numbers
from pos_app.domain.imports.codes import barcode
from pos_app.domain.imports.drafts import BarcodeDraft, GoodsDraft, PieceDraft, Rules
from pos_app.domain.imports.faults import CellError, Reason, Refused
from pos_app.domain.imports.headings import Mapping
from pos_app.domain.imports.reading import Cells
from pos_app.domain.imports.table import Row
from pos_app.domain.imports.texts import yes_no
from pos_app.domain.sales.line import Per
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE, Milligrams

ATTRIBUTES = ("colour", "size", "length", "stage", "brand", "spec", "supplier")
FLAGS = ("by_weight", "open_price", "no_discount", "no_points", "no_coupon", "batch_required", "quarantined")
BARCODE_LIMIT = 20
"""Barcodes of one variant."""

_PARTS = re.compile(r"[,，;；、|\n]+")
_PACKED = re.compile(r"(.+?)\s*[*×]\s*([0-9.]+)\s*([^\W\d_]*)\s*(?:=\s*(.+))?")


def read_goods(row: Row, mapping: Mapping, rules: Rules) -> GoodsDraft | Refused:
    """Return the variant of a row, or everything that keeps it from being taken."""
    cells = Cells(row, mapping)
    take, words, money = cells.take, cells.words, rules.currency
    name = words("name")
    if name is None and not cells.raw("name").strip():
        cells.refuse("name", Reason.MISSING)
    barcodes = _barcodes(cells, rules)
    code = cells.code("code") or (barcodes[0].code if barcodes else None)
    if code is None and not cells.faults:
        cells.refuse("code", Reason.MISSING)
    attributes = ((attribute, words(attribute)) for attribute in ATTRIBUTES if attribute in mapping.columns)
    flags = {flag: take(flag, yes_no) for flag in FLAGS if flag in mapping.columns}
    draft = GoodsDraft(
        row=row.number,
        code=code or "",
        name=name or "",
        style_code=cells.code("style_code"),
        style_name=words("style_name"),
        barcodes=barcodes,
        unit=words("unit", 20),
        category=words("category"),
        retail=take("retail", numbers.money, money),
        member_price=take("member_price", numbers.money, money),
        cost=take("cost", numbers.money, money),
        lowest_price=take("lowest_price", numbers.money, money),
        tax_code=_tax(cells, rules),
        minimum_level=take("minimum_level", _level, rules.levels),
        sold_from=take("sold_from", dates.day),
        scale_item=cells.code("scale_item"),
        attributes=tuple((attribute, value) for attribute, value in attributes if value),
        **flags,
    )
    return cells.refused() if cells.faults else draft


def _level(text: str, levels: int) -> int:
    level = numbers.whole(text, ("级",))
    if level > levels:
        raise CellError(Reason.LEVEL, limit=levels)
    return level


def _barcodes(cells: Cells, rules: Rules) -> tuple[BarcodeDraft, ...]:
    """Return the barcodes of the main column, of the others, and of the pack, each with what it stands for."""
    found: list[BarcodeDraft] = []
    for field in ("barcode", "more_barcodes"):
        found += cells.take(field, _barcode_list, cells.kind(field), rules) or ()
    pack = _pack(cells, rules)
    if pack is not None:
        found.append(pack)
    codes = [b.code for b in found]
    if len(set(codes)) < len(codes):
        twice = next(c for c in codes if codes.count(c) > 1)
        cells.refuse("more_barcodes", Reason.TWICE_IN_ROW, twice=twice)
    if len(found) > BARCODE_LIMIT:
        cells.refuse("more_barcodes", Reason.BARCODE_COUNT, limit=BARCODE_LIMIT)
    return tuple(found)


def _barcode_list(text: str, kind: str, rules: Rules) -> tuple[BarcodeDraft, ...]:
    """Read 6901234567892, or several, each with its pack and price if it has one: 16901234567899*6箱=59.00."""
    if text.isdecimal():
        return (BarcodeDraft(code=barcode(text, kind)),)
    return tuple(_packed(part.strip(), kind, rules) for part in _PARTS.split(text) if part.strip())


def _packed(text: str, kind: str, rules: Rules) -> BarcodeDraft:
    found = _PACKED.fullmatch(text)
    if found is None:
        return BarcodeDraft(code=barcode(text, kind))
    return BarcodeDraft(
        code=barcode(found[1], kind),
        pack_quantity=numbers.quantity(found[2]),
        unit=found[3] or None,
        price=numbers.money(found[4], rules.currency) if found[4] else None,
    )


def _pack(cells: Cells, rules: Rules) -> BarcodeDraft | None:
    code = cells.take("pack_barcode", barcode, cells.kind("pack_barcode"))
    quantity = cells.take("pack_quantity", numbers.quantity)
    price = cells.take("pack_price", numbers.money, rules.currency)
    if code is None:
        # A pack quantity alone is how goods are ordered; with a price it would be sold, and nothing would scan.
        if price is not None and not cells.raw("pack_barcode").strip():
            cells.refuse("pack_price", Reason.PACK_WITHOUT_BARCODE)
        return None
    return BarcodeDraft(
        code=code, pack_quantity=quantity or ONE, unit=cells.words("pack_unit", 20), price=price
    )


def _tax(cells: Cells, rules: Rules) -> str | None:
    """Return the shop's tax code by the code or by the rate of the row."""
    code = cells.words("tax_code", 20)
    rate = cells.take("tax_rate", numbers.rate)
    known = {tax.code: tax.rate for tax in rules.tax_classes}
    told = ", ".join(known)
    if code is not None:
        code = code if code in known else _tax_of(_rate_or_none(code), rules)
        if code is None:
            cells.refuse("tax_code", Reason.TAX_UNKNOWN, known=told)
        elif rate is not None and known[code] != rate:
            cells.refuse("tax_rate", Reason.TAX_DISAGREES)
        return code
    code = _tax_of(rate, rules)
    if code is None and rate is not None:
        cells.refuse("tax_rate", Reason.TAX_UNKNOWN, known=told)
    return code


def _rate_or_none(text: str) -> Decimal | None:
    try:
        return numbers.rate(text)
    except CellError:
        return None


def _tax_of(rate: Decimal | None, rules: Rules) -> str | None:
    return next((tax.code for tax in rules.tax_classes if tax.rate == rate), None)


def read_piece(row: Row, mapping: Mapping, rules: Rules) -> PieceDraft | Refused:
    """Return the piece of a row, or everything that keeps it from being taken."""
    cells = Cells(row, mapping)
    take, money = cells.take, rules.currency
    code = cells.code("code")
    variant_code, variant_name = cells.code("variant_code"), cells.words("variant_name")
    if code is None and not cells.raw("code").strip():
        cells.refuse("code", Reason.MISSING)
    if variant_code is None and variant_name is None and not cells.faults:
        cells.refuse("variant_code", Reason.MISSING)
    fixed_price = take("fixed_price", numbers.money, money) or None
    gross, net = _weights(cells, fixed_price)
    fineness = cells.words("fineness", 20)
    if fineness is None and fixed_price is None and not cells.raw("fineness").strip():
        cells.refuse("fineness", Reason.MISSING)
    labour, labour_per = _labour(cells, rules)
    draft = PieceDraft(
        row=row.number,
        code=code or "",
        variant_code=variant_code,
        variant_name=variant_name,
        gross_weight_mg=gross,
        net_weight_mg=net,
        fineness=fineness,
        certificate=cells.code("certificate"),
        stones=cells.words("stones"),
        stone_price=take("stone_price", numbers.money, money),
        fixed_price=fixed_price,
        labour=labour,
        labour_per=labour_per,
        tag_price=take("tag_price", numbers.money, money),
        cost=take("cost", numbers.money, money),
    )
    return cells.refused() if cells.faults else draft


def _weights(cells: Cells, fixed_price: Amount | None) -> tuple[Milligrams | None, Milligrams | None]:
    """Return gross and net weight; one stands for the other where there is one only."""
    weights = {field: cells.take(field, numbers.weight) for field in ("gross_weight", "net_weight")}
    for field, weight in weights.items():
        if weight == 0:
            cells.refuse(field, Reason.ZERO_WEIGHT)
    gross, net = weights["gross_weight"], weights["net_weight"]
    if gross and net and gross < net:
        cells.refuse("gross_weight", Reason.GROSS_BELOW_NET)
    blank = not any(cells.raw(field).strip() for field in weights)
    if blank and fixed_price is None and not cells.faults:
        cells.refuse("net_weight", Reason.NO_WEIGHT_NO_PRICE)
    return gross or net, net or gross


_PER = {
    **dict.fromkeys(("克", "按克", "每克", "g", "gram", "per gram", "元/克", "克工费"), Per.GRAM),
    **dict.fromkeys(("件", "按件", "每件", "pc", "piece", "per piece", "元/件", "件工费"), Per.PIECE),
}
_WITH_PER = re.compile(r"(.+?)(?:元)?\s*(?:/|每)\s*(克|g|gram|件|pc|piece)", re.IGNORECASE)


def _labour(cells: Cells, rules: Rules) -> tuple[Amount | None, Per]:
    """Return labour and what it is per: by its own column, by a second column, or as 28/克."""
    by_field = {
        Per.GRAM: cells.take("labour_per_gram", numbers.money, rules.currency),
        Per.PIECE: cells.take("labour_per_piece", numbers.money, rules.currency),
    }
    given = [(amount, per) for per, amount in by_field.items() if amount]
    written = cells.take("labour", _labour_written, rules)
    if written is not None and written[0]:
        per = written[1] or cells.take("labour_per", _labour_unit)
        if per is None and not cells.raw("labour_per").strip():
            cells.refuse("labour", Reason.LABOUR_UNIT)
        given.append((written[0], per or Per.PIECE))
    if len(given) > 1:
        cells.refuse("labour", Reason.LABOUR_TWICE)
    return given[0] if given else (None, Per.PIECE)


def _labour_written(text: str, rules: Rules) -> tuple[Amount, Per | None]:
    found = _WITH_PER.fullmatch(fold(text))
    if found is None:
        return numbers.money(text, rules.currency), None
    return numbers.money(found[1], rules.currency), _labour_unit(found[2])


def _labour_unit(text: str) -> Per:
    per = _PER.get(fold(text).casefold())
    if per is None:
        raise CellError(Reason.LABOUR_UNIT)
    return per
