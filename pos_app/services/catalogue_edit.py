"""Goods made and changed by hand: styles, variants, their barcodes and flags, pieces, batches.

One method is one transaction with its fact. Decides who may, and that no code stands for two things; prices on lists
are `catalogue_prices`, many goods at once `catalogue_bulk`.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from pos_app.domain.catalogue import (
    ATTRIBUTES,
    LEVELS,
    Barcode,
    Batch,
    Flags,
    Piece,
    PieceSoldError,
    PieceState,
    Style,
    Variant,
)
from pos_app.domain.catalogue.drafts import (
    BarcodeChange,
    BarcodeDraft,
    BatchDraft,
    DuplicateCodeError,
    PieceDraft,
    StyleDraft,
    StyleNamed,
    VariantDraft,
    barcode_draft_of,
    barcodes_with,
    batch_draft_of,
    check_barcodes,
    check_batch_draft,
    check_piece_draft,
    check_style_draft,
    check_variant_draft,
    draft_of,
    merged,
    piece_draft_of,
)
from pos_app.domain.errors import InvalidValueError, NotFoundError
from pos_app.domain.facts.catalogue import GoodsSaved, PieceSaved
from pos_app.domain.staff import Action
from pos_app.domain.values.ids import BatchId, PieceId, StyleId, VariantId
from pos_app.services.acting import Actor
from pos_app.services.catalogue_codes import require_free
from pos_app.services.ports.goods import NewLabelChange
from pos_app.services.ports.store import Tx
from pos_app.services.workplace import Workplace

__all__ = [
    "ATTRIBUTES",
    "LEVELS",
    "BarcodeDraft",
    "BatchDraft",
    "CatalogueEditing",
    "DuplicateCodeError",
    "PieceDraft",
    "StyleDraft",
    "VariantDraft",
]


T = TypeVar("T")


class CatalogueEditing:
    """Use cases of changing goods one by one."""

    def __init__(self, work: Workplace) -> None:
        self._store = work.store
        self._recorder = work.recorder
        self._settings = work.settings
        self._clock = work.clock
        self._ids = work.ids

    def save_style(self, who: Actor, draft: StyleDraft) -> Style:
        """Make a style, or change the one of the draft's id; its variants stay as they are.

        Raises InvalidValueError, DuplicateCodeError, NotFoundError.
        """
        who.require(Action.EDIT_CATALOGUE)
        check_style_draft(draft)
        with self._store.write() as tx:
            return self._save_style(tx, who, draft)

    def _save_style(self, tx: Tx, who: Actor, draft: StyleDraft) -> Style:
        require_free(tx, "style", draft.code, draft.style_id)
        style = Style(
            style_id=draft.style_id or StyleId(self._ids.new()),
            code=draft.code,
            name=draft.name,
            category=draft.category,
            brand=draft.brand,
        )
        tx.catalogue.save_style(style)
        fact = GoodsSaved(
            variant=VariantId(style.style_id),
            changes=_texts({"style": style.code, "name": style.name, "brand": style.brand}),
            new=draft.style_id is None,
        )
        self._recorder.record(tx, fact, who.staff_id)
        return style

    def _style_named(self, tx: Tx, who: Actor, named: StyleNamed, draft: VariantDraft) -> StyleId:
        """Return the style of a code, made or renamed where it has to be."""
        found = tx.catalogue.owner_of("style", named.code)
        known = None if found is None else tx.catalogue.style(StyleId(found))
        if known is not None and named.name in (None, known.name):
            return known.style_id
        style = StyleDraft(
            code=named.code,
            name=named.name or draft.name,
            category=known.category if known else draft.category,
            brand=known.brand if known else None,
            style_id=known.style_id if known else None,
        )
        check_style_draft(style)
        return self._save_style(tx, who, style).style_id

    def save_variant(self, who: Actor, draft: VariantDraft) -> Variant:
        """Make a variant, or change the one of the draft's id, with its style, barcodes and scale item where given.

        What changed since `seen` and was left alone there stays. A changed retail price is noted for its label.
        Raises InvalidValueError, DuplicateCodeError, NotFoundError.
        """
        who.require(Action.EDIT_CATALOGUE)
        check_variant_draft(draft)
        with self._store.write() as tx:
            before = _known(tx.catalogue.variant(draft.variant_id)) if draft.variant_id else None
            if draft.named is not None:
                draft = with_values(draft, style=self._style_named(tx, who, draft.named, draft), named=None)
            if before is not None and draft.seen is not None:
                draft = merged(draft, draft_of(before, tx.catalogue.scale_item_of(before.variant_id)))
                check_variant_draft(draft)
            variant = self._variant(draft, before)
            self._check_codes(tx, draft, variant.variant_id)
            tx.catalogue.save([variant], [])
            changes = changed_fields(before, variant)
            if draft.barcodes is not None:
                codes = [_barcode(b, variant.variant_id) for b in draft.barcodes]
                if codes != list(tx.catalogue.barcodes(variant.variant_id)):
                    changes["barcodes"] = _text([asdict(b) for b in draft.barcodes])
                    tx.catalogue.set_barcodes(variant.variant_id, codes)
            if draft.scale_item != tx.catalogue.scale_item_of(variant.variant_id):
                changes["scale_item"] = _text(draft.scale_item)
                tx.catalogue.set_scale_item(draft.scale_item, variant.variant_id)
            if changes:
                self._record(tx, who, variant, changes, before)
        return variant

    def _record(
        self, tx: Tx, who: Actor, variant: Variant, changes: dict[str, str], before: Variant | None
    ) -> None:
        fact = GoodsSaved(variant=variant.variant_id, changes=changes, new=before is None)
        self._recorder.record(tx, fact, who.staff_id)
        if before is not None and before.retail != variant.retail:
            change = NewLabelChange(
                variant_id=variant.variant_id, list="retail", before=before.retail, after=variant.retail
            )
            tx.catalogue.add_price_changes([change], self._clock.now())

    def _variant(self, draft: VariantDraft, before: Variant | None) -> Variant:
        return Variant(
            variant_id=before.variant_id if before else VariantId(self._ids.new()),
            style_id=draft.style or (before.style_id if before else StyleId(self._ids.new())),
            code=draft.code,
            name=draft.name,
            unit=draft.unit,
            category=draft.category,
            kind=draft.kind,
            retail=draft.retail,
            tax_code=draft.tax_code,
            tax_rate=self._tax_rate(draft.tax_code),
            flags=draft.flags,
            attributes=draft.attributes,
            cost=draft.cost,
            picture=before.picture if before else None,
        )

    def _tax_rate(self, code: str | None) -> Decimal | None:
        if code is None:
            return None
        rates = {tax.code: tax.rate for tax in self._settings.value.tax_classes}
        if code not in rates:
            raise InvalidValueError(field="tax_code", text=code)
        return rates[code]

    @staticmethod
    def _check_codes(tx: Tx, draft: VariantDraft, variant: VariantId) -> None:
        """Raise DuplicateCodeError for a code that stands for other goods, whatever kind of code it is there."""
        for kind in ("variant", "barcode", "piece"):
            require_free(tx, kind, draft.code, variant)
        for code in draft.barcodes or ():
            for kind in ("barcode", "variant", "piece"):
                require_free(tx, kind, code.code, variant)
        if draft.scale_item is not None:
            require_free(tx, "scale_item", draft.scale_item, variant)

    def set_barcodes(self, who: Actor, variant_id: VariantId, barcodes: tuple[BarcodeDraft, ...]) -> None:
        """Give a variant these barcodes and no others; raise InvalidValueError, DuplicateCodeError, NotFoundError."""
        who.require(Action.EDIT_CATALOGUE)
        check_barcodes(barcodes)
        with self._store.write() as tx:
            self._set_barcodes(tx, who, variant_id, barcodes)

    def change_barcodes(self, who: Actor, variant_id: VariantId, changes: Sequence[BarcodeChange]) -> None:
        """Change, add and take away barcodes of a variant; what changed meanwhile and was left alone stays.

        Raises InvalidValueError, DuplicateCodeError, NotFoundError.
        """
        who.require(Action.EDIT_CATALOGUE)
        with self._store.write() as tx:
            now = [barcode_draft_of(each) for each in tx.catalogue.barcodes(variant_id)]
            barcodes = barcodes_with(now, changes)
            check_barcodes(barcodes)
            self._set_barcodes(tx, who, variant_id, barcodes)

    def _set_barcodes(
        self, tx: Tx, who: Actor, variant_id: VariantId, barcodes: Sequence[BarcodeDraft]
    ) -> None:
        _known(tx.catalogue.variant(variant_id))
        for code in barcodes:
            for kind in ("barcode", "variant", "piece"):
                require_free(tx, kind, code.code, variant_id)
        tx.catalogue.set_barcodes(variant_id, [_barcode(b, variant_id) for b in barcodes])
        changes = {"barcodes": _text([asdict(b) for b in barcodes])}
        self._recorder.record(tx, GoodsSaved(variant=variant_id, changes=changes), who.staff_id)

    def set_flags(self, who: Actor, variant_id: VariantId, flags: Flags) -> Variant:
        """Change what holds for selling a variant; raise NotFoundError."""
        who.require(Action.EDIT_CATALOGUE)
        with self._store.write() as tx:
            before = _known(tx.catalogue.variant(variant_id))
            variant = with_values(before, flags=flags)
            changes = changed_fields(before, variant)
            if changes:
                tx.catalogue.save([variant], [])
                self._record(tx, who, variant, changes, before)
        return variant

    def save_piece(self, who: Actor, draft: PieceDraft) -> Piece:
        """Make a piece, or change the one of the draft's id, or hold it back.

        What changed since `seen` and was left alone there stays. Of a sold one only what its receipt does not say
        changes.

        Raises PieceSoldError, InvalidValueError, DuplicateCodeError (also for a certificate of another piece),
        NotFoundError.
        """
        who.require(Action.EDIT_CATALOGUE)
        check_piece_draft(draft)
        with self._store.write() as tx:
            before = _known(tx.catalogue.piece(draft.piece_id)) if draft.piece_id else None
            if before is not None and draft.seen is not None:
                draft = merged(draft, piece_draft_of(before))
                check_piece_draft(draft)
            _known(tx.catalogue.variant(draft.variant))
            piece = self._piece(draft, before)
            _check_sold(before, piece, quarantined=draft.quarantined)
            for kind in ("piece", "barcode", "variant"):
                require_free(tx, kind, piece.code, piece.piece_id)
            if piece.certificate is not None:
                require_free(tx, "certificate", piece.certificate, piece.piece_id)
            changes = changed_fields(before, piece)
            if changes:
                tx.catalogue.save([], [], [piece])
                fact = PieceSaved(
                    piece=piece.piece_id, variant=piece.variant_id, changes=changes, new=before is None
                )
                self._recorder.record(tx, fact, who.staff_id)
        return piece

    def _piece(self, draft: PieceDraft, before: Piece | None) -> Piece:
        values = {
            name: value
            for name, value in asdict(draft).items()
            if name not in ("piece_id", "variant", "quarantined", "seen")
        }
        state = before.state if before else PieceState.IN_STOCK
        if state is not PieceState.SOLD:
            state = PieceState.QUARANTINED if draft.quarantined else PieceState.IN_STOCK
        return Piece(
            piece_id=before.piece_id if before else PieceId(self._ids.new()),
            variant_id=draft.variant,
            state=state,
            **values,
        )

    def save_batch(self, who: Actor, draft: BatchDraft) -> Batch:
        """Make a batch, or change the one of the draft's id: its last day, whether it is held back.

        Raises InvalidValueError, DuplicateCodeError for another batch of the goods, NotFoundError.
        """
        who.require(Action.EDIT_CATALOGUE)
        check_batch_draft(draft)
        with self._store.write() as tx:
            before = _known(tx.catalogue.batch(draft.batch_id)) if draft.batch_id else None
            if before is not None:
                draft = merged(draft, batch_draft_of(before))
            variant = _known(tx.catalogue.variant(draft.variant))
            for other in tx.catalogue.batches(draft.variant):
                if other.code == draft.code and other.batch_id != draft.batch_id:
                    raise DuplicateCodeError(code_text=draft.code, name=variant.name)
            batch = Batch(
                batch_id=draft.batch_id or BatchId(self._ids.new()),
                variant_id=draft.variant,
                code=draft.code,
                expires_on=draft.expires_on,
                quarantined=draft.quarantined,
            )
            changes = changed_fields(before, batch)
            if changes:
                tx.catalogue.save([], [], (), [batch])
                told = {f"batch.{name}": text for name, text in changes.items()} | {
                    "batch": _text(batch.batch_id)
                }
                fact = GoodsSaved(variant=variant.variant_id, changes=told)
                self._recorder.record(tx, fact, who.staff_id)
        return batch


def changed_fields(before: Any, after: Any) -> dict[str, str]:
    """Return the fields of a value that differ from before, as JSON text of what they are now; of a new one all."""
    if before is None:
        return _texts({n: getattr(after, n) for n in after.__dataclass_fields__})
    return {
        name: _text(getattr(after, name))
        for name in after.__dataclass_fields__
        if getattr(after, name) != getattr(before, name)
    }


def _texts(values: dict[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in values.items() if value not in (None, (), "")}


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def with_values(value: T, **values: Any) -> T:
    """Return a frozen value of goods with some fields replaced."""
    return dataclasses.replace(value, **values)  # type: ignore[type-var]


def _barcode(draft: BarcodeDraft, variant: VariantId) -> Barcode:
    return Barcode(
        code=draft.code,
        variant_id=variant,
        pack_quantity=draft.pack_quantity,
        unit=draft.unit,
        price=draft.price,
    )


def _known(found: T | None) -> T:
    if found is None:
        raise NotFoundError()
    return found


_MENDED = {"certificate", "stones", "tag_price", "cost"}
"""What of a sold piece may still be put right: its code, weight, fineness and price stand on somebody's receipt."""


def _check_sold(before: Piece | None, after: Piece, *, quarantined: bool) -> None:
    if before is None or before.state is not PieceState.SOLD:
        return
    if quarantined or changed_fields(before, after).keys() - _MENDED:
        raise PieceSoldError(piece=before.code)
