"""Pieces of a file: matched by their code; each belongs to goods, found by code or made by name.

Decides which goods a piece belongs to, and that a piece which was sold stays as it was sold: the state of a piece that
is known is the shop's own to say, that of a new one the file's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from pos_app.domain.catalogue import Piece, PieceState, Variant
from pos_app.domain.imports.drafts import Draft, Note, PieceDraft
from pos_app.domain.imports.faults import Fault
from pos_app.domain.imports.rehearsal import Outcome
from pos_app.domain.imports.texts import unless_same
from pos_app.domain.sales.line import LineKind
from pos_app.domain.staff import Action
from pos_app.domain.values.barcode import writings
from pos_app.domain.values.ids import PieceId, StyleId, VariantId
from pos_app.domain.values.quantity import Milligrams
from pos_app.services.acting import Actor
from pos_app.services.imports.goods import things_of
from pos_app.services.imports.taking import refused_by_shop
from pos_app.services.imports.values import Verdict
from pos_app.services.ports.imports import ImportBatch, Versions
from pos_app.services.ports.journal import JournalEntry
from pos_app.services.ports.staging import GoodsToStage
from pos_app.services.ports.store import Tx
from pos_app.services.workplace import Workplace

_FIELDS = (
    "gross_weight_mg",
    "net_weight_mg",
    "fineness",
    "certificate",
    "stones",
    "stone_price",
    "fixed_price",
    "tag_price",
    "cost",
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A piece as it would stand, and the goods that are made for it."""

    piece: Piece
    variant: Variant | None
    is_known: bool


class PieceTaker:
    """Takes pieces in."""

    action = Action.IMPORT_CATALOGUE
    touching: Sequence[str] = ("goods.saved", "piece.saved")

    def __init__(self, work: Workplace) -> None:
        self._work = work
        self._has_price: dict[str, bool] = {}
        """Whether a price of gold was ever set for a fineness, as far as it was asked."""

    def tables(self, tx: Tx) -> Sequence[Versions]:
        """Return the pieces, and the goods that were made for them."""
        return (tx.staged_pieces, tx.staged_goods)

    def remove_more(self, tx: Tx, batch: ImportBatch, limit: int) -> int:
        """Pieces bring nothing beside themselves and their goods."""
        return 0

    def weigh(self, tx: Tx, who: Actor, drafts: Sequence[Draft]) -> Sequence[Verdict]:
        """Say of each row whether it is a new piece, a changed one, or the same."""
        rows = [draft for draft in drafts if isinstance(draft, PieceDraft)]
        batch = tx.imports.current()
        codes = [draft.code for draft in rows]
        goods = dict(
            tx.staged_goods.on_codes([_goods_code(d) for d in rows], batch.number if batch is not None else 0)
        )
        made: dict[str, Variant] = {}
        known = tx.staged_pieces.on_codes(codes)
        certificates = tx.staged_pieces.on_certificates([d.certificate for d in rows if d.certificate])
        forms = [form for code in codes for form in writings(code)]
        taken = {**tx.staged_goods.on_codes(forms), **tx.staged_goods.on_barcodes(forms)}
        verdicts = []
        for draft in rows:
            fault = _clash(draft, goods, certificates, taken)
            if fault is not None:
                verdicts.append(Verdict(draft=draft, outcome=None, faults=(fault,)))
                continue
            variant_id = self._goods(draft, goods, made)
            verdict = self._verdict(draft, known.get(draft.code), variant_id, made)
            verdicts.append(replace(verdict, unpriced=self._unpriced(tx, draft)))
        return verdicts

    def _unpriced(self, tx: Tx, draft: PieceDraft) -> str:
        """Return the fineness of a piece that is sold by its weight, if no price of gold was ever set for it."""
        fineness = draft.fineness
        if draft.fixed_price is not None or not fineness:
            return ""
        if fineness not in self._has_price:
            self._has_price[fineness] = bool(tx.catalogue.gold_history(fineness, 1))
        return "" if self._has_price[fineness] else fineness

    def _goods(self, draft: PieceDraft, goods: dict[str, VariantId], made: dict[str, Variant]) -> VariantId:
        """Return the goods of a piece; those that are not here are made once."""
        code = _goods_code(draft)
        if code not in goods:
            settings = self._work.settings.value
            rate = next(t.rate for t in settings.tax_classes if t.code == settings.default_tax_code)
            made[code] = Variant(
                variant_id=VariantId(self._work.ids.new()),
                style_id=StyleId(self._work.ids.new()),
                code=code,
                name=draft.variant_name or code,
                unit=None,
                category=None,
                kind=LineKind.GOODS,
                retail=None,
                tax_code=settings.default_tax_code,
                tax_rate=rate,
            )
            goods[code] = made[code].variant_id
        return goods[code]

    def _verdict(
        self, draft: PieceDraft, before: Piece | None, variant: VariantId, made: Mapping[str, Variant]
    ) -> Verdict:
        new_goods = made.get(_goods_code(draft))
        if before is None:
            piece = self._new(draft, variant)
            return Verdict(draft=draft, outcome=Outcome.NEW, wanted=_Wanted(piece, new_goods, False))
        piece = _changed(before, draft, variant)
        notes = (Note.STATE_KEPT,) if draft.state not in (None, before.state) else ()
        if piece == before:
            return Verdict(draft=draft, outcome=Outcome.SAME, notes=notes)
        if before.state is PieceState.SOLD:
            fault = refused_by_shop("code", draft.code, "importing.clash.piece_sold")
            return Verdict(draft=draft, outcome=None, faults=(fault,))
        wanted = _Wanted(piece, new_goods, True)
        return Verdict(draft=draft, outcome=Outcome.CHANGED, wanted=wanted, notes=notes)

    def _new(self, draft: PieceDraft, variant: VariantId) -> Piece:
        return Piece(
            piece_id=PieceId(self._work.ids.new()),
            variant_id=variant,
            code=draft.code,
            gross_weight_mg=draft.gross_weight_mg or draft.net_weight_mg or Milligrams(0),
            net_weight_mg=draft.net_weight_mg or Milligrams(0),
            fineness=draft.fineness or "",
            certificate=draft.certificate,
            stones=draft.stones,
            stone_price=draft.stone_price,
            fixed_price=draft.fixed_price,
            labour=draft.labour,
            labour_per=draft.labour_per,
            tag_price=draft.tag_price,
            cost=draft.cost,
            state=draft.state or PieceState.IN_STOCK,
        )

    def prepare(self, verdicts: Sequence[Verdict]) -> Sequence[_Wanted]:
        """Nothing is to be made ready."""
        return [verdict.wanted for verdict in verdicts]

    def stage(self, tx: Tx, who: Actor, batch: ImportBatch, prepared: Sequence[_Wanted]) -> None:
        """Write hidden pieces, and the goods that are made for them."""
        made = {each.variant.variant_id: each.variant for each in prepared if each.variant is not None}
        goods = [GoodsToStage(variant=variant, barcodes=()) for variant in made.values()]
        if goods:
            tx.staged_goods.stage(batch.number, goods, ())
        tx.staged_pieces.stage(
            batch.number,
            [each.piece for each in prepared if not each.is_known],
            [each.piece for each in prepared if each.is_known],
        )

    def settle(self, tx: Tx, batch: ImportBatch, happened: Sequence[JournalEntry]) -> Sequence[UUID]:
        """Leave pieces out that were changed here meanwhile, or whose code or certificate the shop has given."""
        pieces = dict.fromkeys(thing for entry in happened for thing in things_of(entry, "piece"))
        clashing = tx.staged_pieces.clashing(batch.number, list(pieces))
        tx.staged_pieces.leave_out(batch.number, clashing)
        return clashing


def _goods_code(draft: PieceDraft) -> str:
    """Return the code of the goods of a piece; goods known by name only have it for a code."""
    return draft.variant_code or draft.variant_name or ""


def _clash(
    draft: PieceDraft,
    goods: Mapping[str, VariantId],
    certificates: Mapping[str, str],
    taken: Mapping[str, VariantId],
) -> Fault | None:
    """Return why a row cannot be taken: goods that are not here, a certificate or code of something else."""
    if _goods_code(draft) not in goods and not draft.variant_name:
        code = draft.variant_code or ""
        return refused_by_shop("variant_code", code, "importing.clash.no_goods", goods=code)
    other = certificates.get(draft.certificate or "")
    if other is not None and other != draft.code:
        number = draft.certificate or ""
        return refused_by_shop("certificate", number, "importing.clash.certificate_used", piece=other)
    if any(form in taken for form in writings(draft.code)):
        return refused_by_shop("code", draft.code, "importing.clash.code_is_goods")
    return None


def _changed(before: Piece, draft: PieceDraft, variant: VariantId) -> Piece:
    """Return a known piece with what a row has."""
    given = ((name, getattr(draft, name)) for name in _FIELDS)
    changes = {n: unless_same(getattr(before, n), value) for n, value in given if value is not None}
    if draft.labour is not None:
        changes |= {"labour": draft.labour, "labour_per": draft.labour_per}
    return replace(before, variant_id=variant, **changes)
