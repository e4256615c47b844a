"""Goods of a file: matched by code, then barcode; new ones made, known ones given the fields that the file has.

Decides what of a row changes known goods: what the file has and no more; barcodes are added, never taken away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from pos_app.domain.catalogue import ATTRIBUTES, MEMBER, Barcode, Flags, PriceRow, Style, Variant
from pos_app.domain.facts import codec
from pos_app.domain.facts.envelope import decode
from pos_app.domain.imports.drafts import Draft, GoodsDraft, Note
from pos_app.domain.imports.faults import Fault
from pos_app.domain.imports.rehearsal import Outcome
from pos_app.domain.imports.texts import unless_same
from pos_app.domain.sales.line import LineKind
from pos_app.domain.staff import Action
from pos_app.domain.values.barcode import number_of, writings
from pos_app.domain.values.ids import PriceId, StyleId, VariantId
from pos_app.services.acting import Actor
from pos_app.services.imports.taking import refused_by_shop
from pos_app.services.imports.values import Verdict
from pos_app.services.ports.imports import ImportBatch, Versions
from pos_app.services.ports.journal import JournalEntry
from pos_app.services.ports.staging import GoodsKnown, GoodsToStage
from pos_app.services.ports.store import Tx
from pos_app.services.workplace import Workplace

_PLAIN = ("unit", "category", "retail", "cost", "kind")
_FLAGS = (
    "by_weight",
    "open_price",
    "no_discount",
    "no_points",
    "no_coupon",
    "batch_required",
    "quarantined",
    "minimum_level",
    "sold_from",
    "lowest_price",
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Goods as they would stand, and the style that a file names for them."""

    goods: GoodsToStage
    style: Style | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """Whose the codes of some rows are already."""

    codes: Mapping[str, VariantId]
    barcodes: Mapping[str, VariantId]
    scale_items: Mapping[str, VariantId]
    pieces: Mapping[str, object]
    goods: Mapping[VariantId, GoodsKnown]


class GoodsTaker:
    """Takes goods in."""

    action = Action.IMPORT_CATALOGUE
    touching: Sequence[str] = ("goods.saved", "piece.saved", "prices.set")

    def __init__(self, work: Workplace) -> None:
        self._work = work
        rates = work.settings.value.tax_classes
        self._digits = work.settings.value.money.digits
        self._rates = {tax.code: tax.rate for tax in rates}

    def tables(self, tx: Tx) -> Sequence[Versions]:
        """Return the goods and their prices."""
        return (tx.staged_goods, tx.staged_prices)

    def remove_more(self, tx: Tx, batch: ImportBatch, limit: int) -> int:
        """Remove the styles that a batch brought."""
        return tx.staged_goods.remove_styles(batch.number, limit)

    def weigh(self, tx: Tx, who: Actor, drafts: Sequence[Draft]) -> Sequence[Verdict]:
        """Say of each row whether it is new goods, changed goods, or the same."""
        rows = [draft for draft in drafts if isinstance(draft, GoodsDraft)]
        codes, staged = [code for draft in rows for code in _codes_of(draft)], tx.staged_goods
        batch = tx.imports.current()
        barcodes = [form for draft in rows for b in draft.barcodes for form in writings(b.code)]
        # A code of goods and a barcode are scanned alike: each is looked for among both.
        scanned = [*(form for draft in rows for form in writings(draft.code)), *barcodes]
        by_code, by_barcode = staged.on_codes([*codes, *scanned]), staged.on_barcodes(scanned)
        by_item = staged.on_scale_items([d.scale_item for d in rows if d.scale_item])
        known = _Known(
            codes=by_code,
            barcodes=by_barcode,
            scale_items=by_item,
            pieces=tx.staged_pieces.on_codes(scanned),
            goods=staged.known([*by_code.values(), *by_barcode.values(), *by_item.values()]),
        )
        named = [d.style_code for d in rows if d.style_code]
        styles = dict(staged.styles(named, batch.number if batch is not None else 0))
        return [self._verdict(draft, known, styles) for draft in rows]

    def _verdict(self, draft: GoodsDraft, known: _Known, styles: dict[str, Style]) -> Verdict:
        owner = next((known.codes[code] for code in _codes_of(draft) if code in known.codes), None)
        owners = {theirs for b in draft.barcodes for theirs in _owners(b.code, known)}
        if owner is None and len(owners) == 1 and _has_no_code(draft):
            # Without a code of its own the row is about the goods that its barcode finds.
            owner = next(iter(owners))
        before = known.goods[owner] if owner is not None else None
        fault = _clash(draft, known, owner)
        if fault is not None:
            return Verdict(draft=draft, outcome=None, faults=(fault,))
        style = self._style(draft, styles)
        wanted = self._new(draft, style) if before is None else self._changed(before, draft, style)
        if wanted is None:
            return Verdict(draft=draft, outcome=Outcome.SAME)
        if (fault := _unsellable(wanted.goods.variant, self._digits)) is not None:
            return Verdict(draft=draft, outcome=None, faults=(fault,))
        return Verdict(
            draft=draft,
            outcome=Outcome.NEW if before is None else Outcome.CHANGED,
            wanted=wanted,
            notes=_dear(draft, wanted.goods),
        )

    def _style(self, draft: GoodsDraft, styles: dict[str, Style]) -> Style | None:
        """Return the style that a row names, known or new; rows with one style code share it."""
        if not draft.style_code:
            return None
        style = styles.get(draft.style_code)
        if style is None:
            style = styles[draft.style_code] = Style(
                style_id=StyleId(self._work.ids.new()),
                code=draft.style_code,
                name=draft.style_name or draft.name,
                category=draft.category,
                brand=dict(draft.attributes).get("brand"),
            )
        return style

    def _new(self, draft: GoodsDraft, style: Style | None) -> _Wanted:
        variant_id = VariantId(self._work.ids.new())
        tax_code = draft.tax_code or self._work.settings.value.default_tax_code
        variant = Variant(
            variant_id=variant_id,
            style_id=style.style_id if style else StyleId(self._work.ids.new()),
            code=draft.code,
            name=draft.name,
            unit=draft.unit,
            category=draft.category,
            kind=draft.kind or LineKind.GOODS,
            retail=draft.retail,
            tax_code=tax_code,
            tax_rate=self._rates.get(tax_code),
            flags=Flags(**_flags_of(draft)),  # type: ignore[arg-type]
            attributes=_merged({}, draft),
            cost=draft.cost,
        )
        goods = GoodsToStage(
            variant=variant,
            barcodes=_barcodes_of(draft, variant_id),
            scale_item=draft.scale_item,
            price=self._price(draft, variant_id, None),
        )
        return _Wanted(goods, style)

    def _price(self, draft: GoodsDraft, variant: VariantId, before: PriceRow | None) -> PriceRow | None:
        """Return the member price that a row brings, None when it is the one that holds already."""
        if draft.member_price is None or (before is not None and before.price == draft.member_price):
            return None
        if before is not None:
            return replace(before, price=draft.member_price)
        price_id = PriceId(self._work.ids.new())
        return PriceRow(price_id=price_id, variant_id=variant, list=MEMBER, price=draft.member_price)

    def _changed(self, before: GoodsKnown, draft: GoodsDraft, style: Style | None) -> _Wanted | None:
        """Return known goods with what a row changes, None when that is nothing."""
        old = before.variant
        given = ((name, getattr(draft, name)) for name in _PLAIN)
        changes = {n: unless_same(getattr(old, n), value) for n, value in given if value is not None}
        if draft.tax_code is not None:
            changes |= {"tax_code": draft.tax_code, "tax_rate": self._rates.get(draft.tax_code)}
        if style is not None:
            changes["style_id"] = style.style_id
        variant = replace(
            old,
            name=unless_same(old.name, draft.name or old.name),
            flags=replace(old.flags, **_flags_of(draft)),  # type: ignore[arg-type]
            attributes=_merged(dict(old.attributes), draft),
            **changes,
        )
        barcodes = {b.code: b for b in before.barcodes}
        forms = {number_of(code): code for code in barcodes}
        for barcode in _barcodes_of(draft, old.variant_id):
            # A number that is known in another form stays in that form: a second row would be the same number.
            code = (
                barcode.code if barcode.code in barcodes else forms.get(number_of(barcode.code), barcode.code)
            )
            barcodes[code] = replace(barcode, code=code)
        price = self._price(draft, old.variant_id, before.member_price)
        scale_item = draft.scale_item or before.scale_item
        same = variant == old and tuple(barcodes.values()) == before.barcodes and price is None
        if same and scale_item == before.scale_item:
            return None
        goods = GoodsToStage(
            variant=variant,
            barcodes=tuple(barcodes.values()),
            scale_item=scale_item,
            price=price,
            is_known=True,
        )
        return _Wanted(goods, style)

    def prepare(self, verdicts: Sequence[Verdict]) -> Sequence[_Wanted]:
        """Nothing is to be made ready."""
        return [verdict.wanted for verdict in verdicts]

    def stage(self, tx: Tx, who: Actor, batch: ImportBatch, prepared: Sequence[_Wanted]) -> None:
        """Write hidden goods; goods are documents, so no fact tells of each."""
        named = {each.style.code: each.style for each in prepared if each.style is not None}
        known = tx.staged_goods.styles(list(named), batch.number)
        styles = [style for code, style in named.items() if code not in known]
        tx.staged_goods.stage(batch.number, [each.goods for each in prepared], styles)

    def settle(self, tx: Tx, batch: ImportBatch, happened: Sequence[JournalEntry]) -> Sequence[VariantId]:
        """Leave goods out that were changed here meanwhile, or whose code or barcode the shop has given."""
        touched = dict.fromkeys(thing for entry in happened for thing in things_of(entry, "variant"))
        clashing = tx.staged_goods.clashing(batch.number, list(touched))
        tx.staged_goods.leave_out(batch.number, clashing)
        return clashing


def _has_no_code(draft: GoodsDraft) -> bool:
    """Whether a row goes by its first barcode."""
    return bool(draft.barcodes) and draft.code == draft.barcodes[0].code


def _codes_of(draft: GoodsDraft) -> Sequence[str]:
    """Return the codes that a row's goods may have: its own, or its barcode in each form of the number."""
    return writings(draft.code) if _has_no_code(draft) else (draft.code,)


def _owners(barcode: str, known: _Known) -> Sequence[VariantId]:
    """Return whose a barcode is, in whatever form they have its number."""
    return [known.barcodes[form] for form in writings(barcode) if form in known.barcodes]


def _named(code: str, known: _Known) -> Sequence[VariantId]:
    """Return whose code a text is, in whatever form they have its number."""
    return [known.codes[form] for form in writings(code) if form in known.codes]


def _clash(draft: GoodsDraft, known: _Known, owner: VariantId | None) -> Fault | None:
    """Return why a row cannot be taken: one of its codes is something else's."""
    for field, text in (*(("barcode", b.code) for b in draft.barcodes), ("code", draft.code)):
        theirs = [each for each in (*_owners(text, known), *_named(text, known)) if each != owner]
        if theirs:
            name, code = known.goods[theirs[0]].variant.name, "importing.clash.barcode_taken"
            return refused_by_shop(field, text, code, barcode=text, name=name)
    if draft.scale_item:
        other = known.scale_items.get(draft.scale_item)
        if other is not None and other != owner:
            name, code = known.goods[other].variant.name, "importing.clash.scale_item_taken"
            return refused_by_shop("scale_item", draft.scale_item, code, item=draft.scale_item, name=name)
    mine = (draft.code, *(b.code for b in draft.barcodes))
    if any(form in known.pieces for code in mine for form in writings(code)):
        return refused_by_shop("code", draft.code, "importing.clash.code_is_piece")
    return None


def _unsellable(variant: Variant, digits: int) -> Fault | None:
    """Return why goods could not be sold at their own price, as the form of goods says it."""
    lowest, retail = variant.flags.lowest_price, variant.retail
    if lowest is None or retail is None or lowest <= retail:
        return None
    shown = format(Decimal(lowest).scaleb(-digits), "f")
    return refused_by_shop("lowest_price", shown, "importing.clash.lowest_above_retail")


def _dear(draft: GoodsDraft, goods: GoodsToStage) -> tuple[Note, ...]:
    """Note a member price of the file that is more than everybody pays: two columns may be swapped."""
    price, retail = draft.member_price, goods.variant.retail
    return (Note.MEMBER_PRICE_ABOVE,) if price is not None and retail is not None and price > retail else ()


def things_of(entry: JournalEntry, name: str) -> Sequence[UUID]:
    """Return the goods (or pieces) that a fact of goods is about."""
    fact = codec.decode_content(entry.kind, entry.version, bytes(decode(entry.body).content))
    if hasattr(fact, "prices"):
        return [price.variant for price in fact.prices] if name == "variant" else []
    thing: UUID | None = getattr(fact, name, None)
    return [thing] if thing is not None else []


def _flags_of(draft: GoodsDraft) -> dict[str, object]:
    return {name: value for name in _FLAGS if (value := getattr(draft, name)) is not None}


def _merged(had: dict[str, str], draft: GoodsDraft) -> tuple[tuple[str, str], ...]:
    """Return attributes with those of a row, in the order in which they are shown."""
    every = had | {name: unless_same(had.get(name), value) for name, value in draft.attributes}
    order = [*(name for name in ATTRIBUTES if name in every), *(n for n in every if n not in ATTRIBUTES)]
    return tuple((name, every[name]) for name in order)


def _barcodes_of(draft: GoodsDraft, variant: VariantId) -> tuple[Barcode, ...]:
    return tuple(
        Barcode(code=b.code, variant_id=variant, pack_quantity=b.pack_quantity, unit=b.unit, price=b.price)
        for b in sorted(draft.barcodes, key=lambda b: b.code)
    )
