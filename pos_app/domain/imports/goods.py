"""Rows of goods and of pieces, read into drafts.

Decides which cells belong together (a pack and its barcode, a tax code and its rate, labour and what it is per) and
refuses what would sell at a wrong price. Whether a code is known already is the store's to say.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

import msgspec

from pos_app.domain.catalogue import PieceState
from pos_app.domain.imports import dates, numbers
from pos_app.domain.imports.codes import barcode, code, exact
from pos_app.domain.imports.drafts import BarcodeDraft, GoodsDraft, Note, PieceDraft, Rules
from pos_app.domain.imports.faults import CellError, Reason, Refused
from pos_app.domain.imports.headings import Mapping
from pos_app.domain.imports.reading import Cells, Parser, PlanOfFile
from pos_app.domain.imports.table import Row
from pos_app.domain.imports.texts import TITLE_LIMIT, words, yes_no
from pos_app.domain.sales.line import LineKind, Per
from pos_app.domain.values.barcode import fold, number_of
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE, Milligrams

ATTRIBUTES = ("colour", "size", "length", "stage", "brand", "spec", "supplier")
FLAGS = ("by_weight", "open_price", "no_discount", "no_points", "no_coupon", "batch_required", "quarantined")
BARCODE_LIMIT = 20
"""Barcodes of one variant."""
UNIT_LIMIT = 20

_PART = re.compile(r'(?:"(?:[^"]|"")+"|[^,，;；、|\n])+')
_PACKED = re.compile(r'("(?:[^"]|"")+"|.+?)\s*[*×]\s*([0-9.]+)\s*("(?:[^"]|"")+"|[^\W\d_]*)\s*(?:=\s*(.+))?')
"""A code, times a number, a unit, and a price; what stands between quotes is meant exactly."""
_KEPT = 4096
"""Texts that come again and again (units, prices, brands) are parsed once."""


def _wordy(limit: int = TITLE_LIMIT) -> Parser:
    return Parser(partial(words, limit=limit), is_wordy=True)


def _kept(parse: Callable[[str], Any], is_wordy: bool = False) -> Parser:
    return Parser(lru_cache(maxsize=_KEPT)(parse), is_wordy=is_wordy)


_CODE = Parser(code, sees_kind=True, is_wordy=True)


def _goods_parsers(rules: Rules) -> dict[str, Parser]:
    money = _kept(partial(numbers.money, currency=rules.currency))
    title = _kept(partial(words, limit=TITLE_LIMIT), is_wordy=True)
    unit = _kept(partial(words, limit=UNIT_LIMIT), is_wordy=True)
    barcodes = Parser(partial(_barcode_list, rules=rules), sees_kind=True, is_wordy=True)
    return {
        "code": _CODE,
        "name": _wordy(),
        "style_code": _CODE,
        "style_name": title,
        "barcode": barcodes,
        "more_barcodes": barcodes,
        "pack_barcode": Parser(barcode, sees_kind=True, is_wordy=True),
        "pack_quantity": _kept(numbers.quantity),
        "pack_unit": unit,
        "pack_price": money,
        "unit": unit,
        "category": title,
        **dict.fromkeys(("retail", "member_price", "cost", "lowest_price"), money),
        "tax_code": _kept(partial(_tax_code, rules=rules)),
        "tax_rate": _kept(numbers.rate),
        **dict.fromkeys(ATTRIBUTES, title),
        **dict.fromkeys(FLAGS, _kept(yes_no)),
        "minimum_level": _kept(partial(_level, levels=rules.levels)),
        "sold_from": _kept(dates.day),
        "scale_item": _CODE,
        "kind": _kept(partial(_word_of, words=_KINDS, reason=Reason.KIND)),
    }


_GOODS = PlanOfFile(_goods_parsers)


def read_goods(row: Row, mapping: Mapping, rules: Rules) -> GoodsDraft | Refused:
    """Return the variant of a row, or everything that keeps it from being taken."""
    cells = Cells(row, _GOODS.of(mapping, rules))
    take = cells.values.pop
    if cells.values.get("name") is None:
        cells.needs("name")
    is_free = _without_zero_prices(cells)
    barcodes = _barcodes(cells)
    if any(each.price == 0 for each in barcodes):
        is_free, barcodes = True, tuple(msgspec.structs.replace(b, price=b.price or None) for b in barcodes)
    goods_code = take("code", None) or (barcodes[0].code if barcodes else None)
    if goods_code is None and not cells.faults:
        cells.refuse("code", Reason.MISSING)
    tax = _tax(cells, rules)
    attributes = [(name, value) for name in ATTRIBUTES if (value := take(name, None)) is not None]
    if cells.faults:
        return cells.refused()
    return GoodsDraft(
        row=row.number,
        code=goods_code or "",
        barcodes=barcodes,
        tax_code=tax,
        attributes=tuple(attributes),
        told=(Note.ZERO_PRICE,) if is_free else (),
        **cells.values,
    )


def _without_zero_prices(cells: Cells) -> bool:
    """Take prices of 0.00 for none, since that is how programs write one that was not set; say whether any was."""
    zeros = [field for field in ("retail", "member_price", "pack_price") if cells.values.get(field) == 0]
    for field in zeros:
        del cells.values[field]
    return bool(zeros)


_KINDS = {
    **dict.fromkeys(("商品", "普通商品", "goods"), LineKind.GOODS),
    **dict.fromkeys(("服务", "service"), LineKind.SERVICE),
    **dict.fromkeys(("费用", "收费", "fee"), LineKind.FEE),
    **{kind.value: kind for kind in LineKind},
}
_STATES = {
    **dict.fromkeys(
        ("在库", "在售", "正常", "在柜", "未售", "库存", "in stock", "in_stock"), PieceState.IN_STOCK
    ),
    **dict.fromkeys(("已售", "售出", "已售出", "已销售", "sold"), PieceState.SOLD),
    **dict.fromkeys(
        ("停售", "暂停销售", "暂停", "隔离", "锁定", "held back", "quarantined", "blocked"),
        PieceState.QUARANTINED,
    ),
}


def _word_of(text: str, words: dict[str, Any], reason: Reason) -> Any:
    """Return what a word of a list means; raise CellError for another one: nobody may guess what can be sold."""
    meant = words.get(fold(text).casefold())
    if meant is None:
        raise CellError(reason)
    return meant


def _level(text: str, levels: int) -> int:
    level = numbers.whole(text, ("级",))
    if level > levels:
        raise CellError(Reason.LEVEL, limit=levels)
    return level


def _barcodes(cells: Cells) -> tuple[BarcodeDraft, ...]:
    """Return the barcodes of the main column, of the others, and of the pack, each with what it stands for."""
    take = cells.values.pop
    found: tuple[BarcodeDraft, ...] = take("barcode", ()) + take("more_barcodes", ())
    pack_code, quantity = take("pack_barcode", None), take("pack_quantity", None)
    unit, price = take("pack_unit", None), take("pack_price", None)
    if pack_code is not None:
        found = (*found, BarcodeDraft(code=pack_code, pack_quantity=quantity or ONE, unit=unit, price=price))
    elif price is not None and not cells.raw("pack_barcode").strip():
        # A pack quantity alone is how goods are ordered; with a price it would be sold, and nothing would scan.
        cells.refuse("pack_price", Reason.PACK_WITHOUT_BARCODE)
    if len(found) > 1:
        found = _in_one_form(found)
        numbers = [b.code if b.exact else number_of(b.code) for b in found]
        if len(set(numbers)) < len(numbers):
            twice = next(b.code for b, n in zip(found, numbers, strict=True) if numbers.count(n) > 1)
            cells.refuse("more_barcodes", Reason.TWICE_IN_ROW, twice=twice)
        if len(found) > BARCODE_LIMIT:
            cells.refuse("more_barcodes", Reason.BARCODE_COUNT, limit=BARCODE_LIMIT)
    if any(each.exact for each in found):
        found = tuple(msgspec.structs.replace(each, exact=False) for each in found)
    return found


def _in_one_form(barcodes: tuple[BarcodeDraft, ...]) -> tuple[BarcodeDraft, ...]:
    """Return barcodes without those that are another form of one before: programs keep UPC-A beside its EAN-13.

    What says something else of the number, or the very same code again, stays.
    """
    kept: list[BarcodeDraft] = []
    for each in barcodes:
        same = next((b for b in kept if number_of(b.code) == number_of(each.code)), None)
        if (
            same is None
            or each.exact
            or same.code == each.code
            or msgspec.structs.replace(each, code=same.code) != same
        ):
            kept.append(each)
    return tuple(kept)


def _barcode_list(text: str, kind: str, rules: Rules) -> tuple[BarcodeDraft, ...]:
    """Read 6901234567892, or several, each with its pack and price if it has one: 16901234567899*6箱=59.00."""
    if text.isdecimal():
        return (BarcodeDraft(code=barcode(text, kind)),)
    return tuple(_packed(part.strip(), kind, rules) for part in _PART.findall(text) if part.strip())


def _packed(text: str, kind: str, rules: Rules) -> BarcodeDraft:
    is_exact = exact(text) is not None
    found = None if is_exact else _PACKED.fullmatch(text)
    if found is None:
        return BarcodeDraft(code=barcode(text, kind), exact=is_exact)
    return BarcodeDraft(
        code=barcode(found[1], kind),
        exact=exact(found[1]) is not None,
        pack_quantity=numbers.quantity(found[2]),
        unit=exact(found[3]) or found[3] or None,
        price=numbers.money(found[4], rules.currency) if found[4] else None,
    )


def _tax_code(text: str, rules: Rules) -> str:
    """Return the shop's tax code that a text names, by itself or by its rate."""
    known = {tax.code: tax.rate for tax in rules.tax_classes}
    if text in known:
        return text
    try:
        return _tax_of(numbers.rate(text), rules)
    except CellError:
        raise CellError(Reason.TAX_UNKNOWN, known=", ".join(known)) from None


def _tax_of(rate: Decimal, rules: Rules) -> str:
    for tax in rules.tax_classes:
        if tax.rate == rate:
            return tax.code
    raise CellError(Reason.TAX_UNKNOWN, known=", ".join(tax.code for tax in rules.tax_classes))


def _tax(cells: Cells, rules: Rules) -> str | None:
    """Return the shop's tax code by the code or by the rate of the row; where both are given they must agree."""
    tax_code: str | None = cells.values.pop("tax_code", None)
    rate: Decimal | None = cells.values.pop("tax_rate", None)
    if rate is None:
        return tax_code
    if tax_code is None:
        try:
            return _tax_of(rate, rules)
        except CellError as error:
            cells.refuse("tax_rate", error.reason, **error.params)
    elif all(tax.rate != rate for tax in rules.tax_classes if tax.code == tax_code):
        cells.refuse("tax_rate", Reason.TAX_DISAGREES)
    return tax_code


def _pieces_parsers(rules: Rules) -> dict[str, Parser]:
    money = _kept(partial(numbers.money, currency=rules.currency))
    return {
        **dict.fromkeys(("code", "variant_code", "certificate"), _CODE),
        **dict.fromkeys(("variant_name", "stones"), _wordy()),
        "fineness": _wordy(UNIT_LIMIT),
        **dict.fromkeys(("gross_weight", "net_weight"), Parser(numbers.weight)),
        **dict.fromkeys(
            ("stone_price", "fixed_price", "tag_price", "cost", "labour_per_gram", "labour_per_piece"), money
        ),
        "labour": _kept(partial(_labour_written, rules=rules)),
        "labour_per": _kept(_labour_unit),
        "state": _kept(partial(_word_of, words=_STATES, reason=Reason.STATE)),
    }


_PIECES = PlanOfFile(_pieces_parsers)


def read_piece(row: Row, mapping: Mapping, rules: Rules) -> PieceDraft | Refused:
    """Return the piece of a row, or everything that keeps it from being taken."""
    cells = Cells(row, _PIECES.of(mapping, rules))
    values = cells.values
    cells.needs("code")
    if values.get("variant_code") is None and values.get("variant_name") is None:
        cells.needs("variant_code")
    # A fixed price of 0.00 is how a table says that there is none.
    values["fixed_price"] = values.get("fixed_price") or None
    gross, net = _weights(cells)
    if values["fixed_price"] is None:
        cells.needs("fineness")
    labour, labour_per = _labour(cells)
    if cells.faults:
        return cells.refused()
    return PieceDraft(
        row=row.number,
        gross_weight_mg=gross,
        net_weight_mg=net,
        labour=labour,
        labour_per=labour_per,
        **values,
    )


def _weights(cells: Cells) -> tuple[Milligrams | None, Milligrams | None]:
    """Return gross and net weight; one stands for the other where there is one only.

    A fixed price needs no net weight: there the weight of the whole says nothing of the metal's.
    """
    gross, net = cells.values.pop("gross_weight", None), cells.values.pop("net_weight", None)
    for field, weight in (("gross_weight", gross), ("net_weight", net)):
        if weight == 0:
            cells.refuse(field, Reason.ZERO_WEIGHT)
    if gross and net and gross < net:
        cells.refuse("gross_weight", Reason.GROSS_BELOW_NET)
    is_told = any(fault.field in ("gross_weight", "net_weight", "fixed_price") for fault in cells.faults)
    if not gross and not net and cells.values["fixed_price"] is None and not is_told:
        cells.refuse("net_weight", Reason.NO_WEIGHT_NO_PRICE)
    return gross or net, net or (gross if cells.values["fixed_price"] is None else None)


_PER = {
    **dict.fromkeys(("克", "按克", "每克", "g", "gram", "per gram", "元/克", "克工费"), Per.GRAM),
    **dict.fromkeys(("件", "按件", "每件", "pc", "piece", "per piece", "元/件", "件工费"), Per.PIECE),
}
_WITH_PER = re.compile(r"(.+?)(?:元)?\s*(?:/|每)\s*(克|g|gram|件|pc|piece)", re.IGNORECASE)


def _labour(cells: Cells) -> tuple[Amount | None, Per]:
    """Return labour and what it is per: by its own column, by a second column, or as 28/克."""
    take = cells.values.pop
    by_field = {Per.GRAM: take("labour_per_gram", None), Per.PIECE: take("labour_per_piece", None)}
    given = [(amount, per) for per, amount in by_field.items() if amount]
    amount, written = take("labour", (None, None))
    per = written or take("labour_per", None)
    if amount:
        if per is None and not any(fault.field == "labour_per" for fault in cells.faults):
            cells.refuse("labour", Reason.LABOUR_UNIT)
        given.append((amount, per or Per.PIECE))
    cells.values.pop("labour_per", None)
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
