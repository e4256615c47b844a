"""The forms of goods: new ones, what they are, what holds for selling them, barcodes, prices, batches.

Decides the fields and what is written when they are saved; what is right is the services' to say. Qt-free.
"""

from collections.abc import Mapping
from dataclasses import replace

from pos_app.domain.catalogue import (
    ATTRIBUTES,
    LEVELS,
    Barcode,
    Batch,
    Flags,
)
from pos_app.domain.catalogue.drafts import (
    BarcodeChange,
    BarcodeDraft,
    BatchDraft,
    StyleNamed,
    VariantDraft,
    barcode_draft_of,
    batch_draft_of,
    draft_of,
)
from pos_app.domain.values.ids import StyleId, VariantId
from pos_app.domain.values.money import Currency
from pos_app.domain.values.quantity import ONE
from pos_app.services.acting import Actor
from pos_app.services.shop import Shop
from pos_app.words import format_percent, format_quantity, translate
from ui.catalogue.forms import Entry, Form, Reading, Task, Work, amount_text, tick_text
from ui.catalogue.goods import FLAG_NAMES
from ui.catalogue.whole import Whole

PREFIX = "SP"
"""What proposed codes begin with (商品)."""
_NEW_CODES = 3
"""Empty rows that the form of barcodes shows at the end."""


def label(name: str) -> str:
    """Return the words above a field."""
    return translate(f"catalogue.field.{name}")


class GoodsForms:
    """Makes the forms of a shop's goods."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    @property
    def money(self) -> Currency:
        """The shop's currency."""
        return self._shop.current.value.money

    def reading(self, values: Mapping[str, str]) -> Reading:
        """Return what reads the texts of a form."""
        return Reading(values, self.money)

    def _tax(self, chosen: str | None) -> Entry:
        classes = self._shop.current.value.tax_classes
        choices = [(translate("catalogue.field.tax_default"), "")]
        choices += [(f"{tax.code} · {format_percent(tax.rate)}", tax.code) for tax in classes]
        return Entry("tax_code", label("tax_code"), "choice", chosen or "", choices=tuple(choices))

    # -- new and what goods are ----------------------------------------------------------------------------

    def new(self, code: str, barcode: str = "") -> Task:
        """Return the form of new goods with a proposed code; only code, name and price are asked for."""
        entries = (
            Entry("name", label("name"), span=4),
            Entry("retail", label("retail"), "amount"),
            Entry("barcode", label("barcode"), "code", barcode, optional=True, longest=48),
            Entry("code", label("code"), "code", code, longest=48),
            Entry("unit", label("unit"), optional=True, longest=16),
            Entry("category", label("category"), optional=True, longest=40),
            replace(self._tax(self._shop.current.value.default_tax_code), label=label("tax_code")),
        )
        told = translate("catalogue.form.new_told")
        form = Form(translate("catalogue.form.new"), entries, told, again=True)
        return Task(form, self._plan_new, "catalogue.page.added")

    def _plan_new(self, values: Mapping[str, str]) -> Work:
        read = self.reading(values)
        barcode = read.code("barcode")
        draft = VariantDraft(
            code=read.code("code", required=True),
            name=read.text("name", required=True),
            retail=read.amount("retail", required=True),
            unit=read.optional("unit"),
            category=read.optional("category"),
            tax_code=read.optional("tax_code"),
            barcodes=(BarcodeDraft(code=barcode),) if barcode else (),
        )
        read.check()
        return lambda who: self._shop.catalogue_edit.save_variant(who, draft).variant_id

    def facts(self, whole: Whole) -> Task:
        """Return the form of what goods are."""
        variant, style = whole.variant, whole.style
        told = dict(variant.attributes)
        entries = (
            Entry("name", label("name"), value=variant.name, span=4),
            Entry("code", label("code"), "code", variant.code, longest=48),
            Entry(
                "retail", label("retail"), "amount", amount_text(variant.retail, self.money), optional=True
            ),
            Entry("category", label("category"), value=variant.category or "", optional=True, longest=40),
            Entry("unit", label("unit"), value=variant.unit or "", optional=True, longest=16),
            *(
                Entry(f"is_{name}", label(name), value=told.get(name, ""), optional=True, longest=60)
                for name in ATTRIBUTES
            ),
            Entry("cost", label("cost"), "amount", amount_text(variant.cost, self.money), optional=True),
            self._tax(variant.tax_code),
            Entry(
                "style_code",
                label("style_code"),
                "code",
                style.code if style else "",
                optional=True,
                longest=48,
            ),
            Entry(
                "style_name", label("style_name"), value=style.name if style else "", optional=True, span=4
            ),
        )
        form = Form(translate("catalogue.form.facts"), entries)
        return Task(form, lambda values: self._plan_facts(whole, values))

    def _plan_facts(self, whole: Whole, values: Mapping[str, str]) -> Work:
        read = self.reading(values)
        attributes = tuple((name, text) for name in ATTRIBUTES if (text := read.text(f"is_{name}")))
        draft = replace(
            _draft(whole),
            code=read.code("code", required=True),
            name=read.text("name", required=True),
            retail=read.amount("retail"),
            category=read.optional("category"),
            unit=read.optional("unit"),
            cost=read.amount("cost"),
            tax_code=read.optional("tax_code"),
            attributes=attributes,
        )
        style_code, style_name = read.code("style_code"), read.text("style_name")
        if style_name and not style_code:
            read.faults["style_code"] = translate("common.field.required")
        read.check()
        styled = _styled(draft, whole, style_code, style_name)
        return lambda who: self._shop.catalogue_edit.save_variant(who, styled).variant_id

    # -- what holds for selling ----------------------------------------------------------------------------

    def flags(self, whole: Whole) -> Task:
        """Return the form of what holds for selling goods."""
        flags = whole.variant.flags
        levels = [(translate("catalogue.field.level_any"), "0")]
        levels += [(translate("catalogue.field.level_from", level=n), str(n)) for n in range(1, LEVELS + 1)]
        day = flags.sold_from.isoformat() if flags.sold_from else ""
        entries = (
            *(
                Entry(name, translate(f"catalogue.page.flag_{name}"), "tick", tick_text(getattr(flags, name)))
                for name in FLAG_NAMES
            ),
            Entry(
                "scale_item", label("scale_item"), "code", whole.scale_item or "", optional=True, longest=8
            ),
            Entry(
                "minimum_level",
                label("minimum_level"),
                "choice",
                str(flags.minimum_level),
                choices=tuple(levels),
            ),
            Entry("sold_from", label("sold_from"), "code", day, hint=label("day_hint"), optional=True),
            Entry(
                "lowest_price",
                label("lowest_price"),
                "amount",
                amount_text(flags.lowest_price, self.money),
                optional=True,
            ),
        )
        form = Form(translate("catalogue.form.flags"), entries)
        return Task(form, lambda values: self._plan_flags(whole, values))

    def _plan_flags(self, whole: Whole, values: Mapping[str, str]) -> Work:
        read = self.reading(values)
        flags = Flags(
            **{name: read.tick(name) for name in FLAG_NAMES},
            minimum_level=int(values.get("minimum_level") or 0),
            sold_from=read.day("sold_from"),
            lowest_price=read.amount("lowest_price"),
        )
        draft = replace(_draft(whole), flags=flags, scale_item=read.code("scale_item") or None)
        read.check()
        return lambda who: self._shop.catalogue_edit.save_variant(who, draft).variant_id

    # -- barcodes ------------------------------------------------------------------------------------------

    def barcodes(self, whole: Whole) -> Task:
        """Return the form of barcodes: a row each, and some empty ones."""
        rows = [self._barcode_row(place, code) for place, code in enumerate(whole.barcodes)]
        rows += [self._barcode_row(len(whole.barcodes) + n, None) for n in range(_NEW_CODES)]
        entries = tuple(entry for row in rows for entry in row)
        told = translate("catalogue.form.barcodes_told")
        form = Form(translate("catalogue.form.barcodes"), entries, told, grows=True)
        return Task(form, lambda values: self._plan_barcodes(whole, values), grow=self._one_more)

    def _barcode_row(self, place: int, code: Barcode | None) -> tuple[Entry, ...]:
        pack = format_quantity(code.pack_quantity).replace(",", "") if code else ""
        price = amount_text(code.price, self.money) if code else ""
        first = place == 0
        return (
            Entry(
                f"code_{place}",
                label("barcode") if first else "",
                "code",
                code.code if code else "",
                1,
                longest=48,
            ),
            Entry(f"pack_{place}", label("pack_quantity") if first else "", "amount", pack, 1),
            Entry(
                f"unit_{place}", label("unit") if first else "", "words", (code.unit or "") if code else "", 1
            ),
            Entry(f"price_{place}", label("own_price") if first else "", "amount", price, 1),
        )

    def _one_more(self, form: Form) -> Form:
        return replace(form, entries=form.entries + self._barcode_row(len(form.entries) // 4, None))

    def _plan_barcodes(self, whole: Whole, values: Mapping[str, str]) -> Work:
        read = self.reading(values)
        changes: list[BarcodeChange] = []
        for place in range(sum(name.startswith("code_") for name in values)):
            code = read.code(f"code_{place}")
            others = any(read.text(f"{name}_{place}") for name in ("pack", "unit", "price"))
            if not code and others:
                read.faults[f"code_{place}"] = translate("common.field.required")
            if code and any(change.now is not None and change.now.code == code for change in changes):
                read.faults[f"code_{place}"] = translate("catalogue.fault.barcode_twice")
            pack, price = read.quantity(f"pack_{place}"), read.amount(f"price_{place}")
            was = barcode_draft_of(whole.barcodes[place]) if place < len(whole.barcodes) else None
            unit = read.optional(f"unit_{place}")
            now = BarcodeDraft(code=code, pack_quantity=pack or ONE, unit=unit, price=price) if code else None
            changes.append(BarcodeChange(was=was, now=now))
        read.check()

        def work(who: Actor) -> VariantId:
            self._shop.catalogue_edit.change_barcodes(who, whole.variant.variant_id, changes)
            return whole.variant.variant_id

        return work

    # -- batches -------------------------------------------------------------------------------------------

    def batch(self, whole: Whole, batch: Batch | None) -> Task:
        """Return the form of a batch."""
        expires = batch.expires_on.isoformat() if batch and batch.expires_on else ""
        entries = (
            Entry("code", label("batch"), "code", batch.code if batch else "", longest=48),
            Entry("expires_on", label("expires_on"), "code", expires, hint=label("day_hint"), optional=True),
            Entry(
                "quarantined",
                translate("catalogue.page.flag_quarantined"),
                "tick",
                tick_text(bool(batch and batch.quarantined)),
                4,
            ),
        )
        form = Form(translate("catalogue.form.batch"), entries, again=batch is None)
        return Task(form, lambda values: self._plan_batch(whole, batch, values))

    def _plan_batch(self, whole: Whole, batch: Batch | None, values: Mapping[str, str]) -> Work:
        read = self.reading(values)
        draft = BatchDraft(
            variant=whole.variant.variant_id,
            code=read.code("code", required=True),
            expires_on=read.day("expires_on"),
            quarantined=read.tick("quarantined"),
            batch_id=batch.batch_id if batch else None,
            seen=batch_draft_of(batch) if batch else None,
        )
        read.check()
        return lambda who: self._shop.catalogue_edit.save_batch(who, draft).variant_id


def _styled(draft: VariantDraft, whole: Whole, code: str, name: str) -> VariantDraft:
    """Return a draft with the style that was typed, if another was.

    Without a code goods stand alone: those that had a style leave it for one that nothing else has.
    """
    style = whole.style
    if not code:
        return replace(draft, style=StyleId(whole.variant.variant_id)) if style is not None else draft
    if style is not None and (code, name) == (style.code, style.name):
        return draft
    # The name that stands there is the old style's; of another one it says something only when it was typed.
    is_typed = bool(name) and (style is None or name != style.name)
    return replace(draft, named=StyleNamed(code=code, name=name if is_typed else None))


def _draft(whole: Whole) -> VariantDraft:
    """Return a draft that changes nothing, with what is seen now."""
    seen = draft_of(whole.variant, whole.scale_item)
    return replace(seen, seen=seen)
