"""Exports: the whole of a kind, written so that an import of the file changes nothing.

Decides what an export holds and who may have it. A file of personal data names who and when, and is a fact *before* its
first byte is written: whatever becomes of the file, the journal knows that there may be one. How cells look is
`documents.tables`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pos_app.documents.tables.exports import write_export
from pos_app.documents.tables.writing import check_format
from pos_app.domain.catalogue import Variant
from pos_app.domain.facts.members import MembersExported
from pos_app.domain.imports.drafts import (
    BalanceDraft,
    BarcodeDraft,
    ChildDraft,
    Draft,
    GoodsDraft,
    MemberDraft,
    PieceDraft,
    Rules,
)
from pos_app.domain.imports.kinds import Kind
from pos_app.domain.members import KeyKind, Member, Purpose
from pos_app.domain.staff import Action, Approval, NeedsApprovalError, may
from pos_app.services.acting import Actor
from pos_app.services.imports.values import CancelledError, Progress, Stage, Watcher
from pos_app.services.ports.imports import Counts
from pos_app.services.ports.staging import GoodsKnown
from pos_app.services.ports.store import Tx
from pos_app.services.practice import check_not_practice
from pos_app.services.staff import spend_approval
from pos_app.services.workplace import Workplace

AT_ONCE = 500
_FLAGS = (
    "by_weight",
    "open_price",
    "no_discount",
    "no_points",
    "no_coupon",
    "batch_required",
    "quarantined",
)


_SEVERAL = (KeyKind.CARD, KeyKind.WECHAT, KeyKind.EMAIL)
"""Keys of which the first stands in a column of its own; phones are told in lists anyway."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What an export may be given beside: somebody's yes, and who watches how far it has come."""

    approval: Approval | None = None
    watcher: Watcher = field(default_factory=Watcher)


ALONE = Beside()


class ExportService:
    """Exports of one shop."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    def write(self, who: Actor, kind: Kind, path: Path, watermark: str, beside: Beside = ALONE) -> int:
        """Write everything of a kind into a file, as it stands at one moment; return how many rows.

        Raises NeedsApprovalError, ApprovalNotValidError or ForbiddenError, NotInPracticeError for personal data,
        CancelledError when told to stop, and what `write_table` raises; no file is left then. The fact of personal data
        stays, and nothing takes it back: a
        journal that tells of a file that never was errs on the right side, and no kind of fact says less.
        """
        check_format(path)
        personal = kind in (Kind.MEMBERS, Kind.BALANCES)
        if personal:
            check_not_practice(self._work.settings.value)
            who.require(Action.EXPORT_MEMBERS, beside.approval)
        else:
            who.require(Action.EDIT_CATALOGUE)
        settings = self._work.settings.value
        rules = Rules(
            today=self._work.clock.now().astimezone(settings.zone).date(),
            region=settings.region,
            currency=settings.money,
            tax_classes=settings.tax_classes,
        )
        sources: dict[Kind, Callable[[Tx], Iterator[Draft]]] = {
            Kind.CATALOGUE: _goods,
            Kind.PIECES: _pieces,
            Kind.MEMBERS: self._members,
            Kind.BALANCES: _balances,
        }
        with self._work.store.read() as tx:
            if personal:
                of = tx.members.count() if kind is Kind.MEMBERS else tx.opening_balances.count_members()
                self._tell(who, of, beside.approval)
            drafts = _watched(sources[kind](tx), beside.watcher)
            return write_export(path, kind, drafts, rules, watermark)

    def _tell(self, who: Actor, members: int, approval: Approval | None) -> None:
        """Record that personal data is about to be written out, with the yes of somebody who may, which is spent."""
        with self._work.store.write() as tx:
            if approval is not None and not may(who.role, Action.EXPORT_MEMBERS):
                needed = NeedsApprovalError(action=Action.EXPORT_MEMBERS)
                spend_approval(tx, self._work.clock, who, needed, approval)
            self._work.recorder.record(tx, MembersExported(members=members), who.staff_id)

    def _members(self, tx: Tx) -> Iterator[Draft]:
        after, zone = 0, self._work.settings.value.zone
        while page := tx.staged_members.counting(after, AT_ONCE):
            for number, member in page:
                after = number
                yield _member_draft(member, number, member.joined_at.astimezone(zone).date())


def _watched(drafts: Iterator[Draft], watcher: Watcher) -> Iterator[Draft]:
    """Yield drafts, telling now and then how many there were; raise CancelledError when told to stop."""
    for count, draft in enumerate(drafts):
        if count % AT_ONCE == 0:
            if watcher.cancelled():
                raise CancelledError
            watcher.progress(Progress(stage=Stage.WRITING, done=count, total=None, counts=Counts()))
        yield draft


def _member_draft(member: Member, number: int, joined_on: object) -> MemberDraft:
    profile = member.profile
    keys = [key for key in profile.keys if key.replaced is None]
    of = {kind: [k.value for k in keys if k.kind is kind] for kind in KeyKind}
    first = {kind: next(iter(of[kind]), None) for kind in KeyKind}
    said = [c.given for c in member.consents if c.purpose is Purpose.MARKETING]
    return MemberDraft(
        row=number,
        phones=tuple(key.value for key in keys if key.kind is KeyKind.PHONE and not key.shared),
        shared_phones=tuple(key.value for key in keys if key.kind is KeyKind.PHONE and key.shared),
        card=first[KeyKind.CARD],
        others=tuple((kind.value, value) for kind in _SEVERAL for value in of[kind][1:]),
        name=profile.name,
        gender=profile.gender,
        birthday=profile.birthday,
        birthday_day=profile.birthday_day,
        birthday_lunar=profile.birthday_lunar,
        joined_on=joined_on,  # type: ignore[arg-type]
        address=profile.address,
        occupation=profile.occupation,
        interests=profile.interests,
        notes=profile.notes,
        origin=profile.origin,
        wechat=first[KeyKind.WECHAT],
        email=first[KeyKind.EMAIL],
        children=tuple(
            ChildDraft(name=c.name, born_on=c.born_on, due_on=c.due_on, month_only=c.month_only)
            for c in profile.children
        ),
        marketing=said[-1] if said else None,
    )


def _goods(tx: Tx) -> Iterator[Draft]:
    after, number = "", 0
    while page := tx.catalogue.browse(after, AT_ONCE):
        after = page[-1].code
        known = tx.staged_goods.known([variant.variant_id for variant in page])
        for variant in page:
            number += 1
            yield _goods_draft(tx, known[variant.variant_id], number)


def _goods_draft(tx: Tx, goods: GoodsKnown, number: int) -> GoodsDraft:
    variant = goods.variant
    style = tx.catalogue.style(variant.style_id)
    flags = variant.flags
    return GoodsDraft(
        row=number,
        code=variant.code,
        name=variant.name,
        style_code=style.code if style else None,
        style_name=style.name if style else None,
        barcodes=tuple(
            BarcodeDraft(code=b.code, pack_quantity=b.pack_quantity, unit=b.unit, price=b.price)
            for b in goods.barcodes
        ),
        unit=variant.unit,
        category=variant.category,
        retail=variant.retail,
        member_price=goods.member_price.price if goods.member_price else None,
        cost=variant.cost,
        lowest_price=flags.lowest_price,
        tax_code=variant.tax_code,
        minimum_level=flags.minimum_level or None,
        sold_from=flags.sold_from,
        scale_item=goods.scale_item,
        kind=variant.kind,
        attributes=variant.attributes,
        **{name: getattr(flags, name) or None for name in _FLAGS},  # type: ignore[arg-type]
    )


def _pieces(tx: Tx) -> Iterator[Draft]:
    after = 0
    while page := tx.staged_pieces.counting(after, AT_ONCE):
        names: dict[object, Variant] = {}
        for number, piece in page:
            after = number
            if piece.variant_id not in names:
                variant = tx.catalogue.variant(piece.variant_id)
                assert variant is not None
                names[piece.variant_id] = variant
            variant = names[piece.variant_id]
            yield PieceDraft(
                row=number,
                code=piece.code,
                variant_code=variant.code,
                variant_name=variant.name,
                gross_weight_mg=piece.gross_weight_mg or None,
                net_weight_mg=piece.net_weight_mg or None,
                fineness=piece.fineness or None,
                certificate=piece.certificate,
                stones=piece.stones,
                stone_price=piece.stone_price,
                fixed_price=piece.fixed_price,
                labour=piece.labour,
                labour_per=piece.labour_per,
                tag_price=piece.tag_price,
                cost=piece.cost,
                state=piece.state,
            )


def _balances(tx: Tx) -> Iterator[Draft]:
    """Yield the sum of what each member brought along."""
    after: bytes = b""
    while page := tx.opening_balances.by_member(after, AT_ONCE):
        for entry in page:
            after = entry.member.bytes
            member = tx.members.get(entry.member)
            if member is None:
                continue
            card = next((k.value for k in member.profile.keys if k.kind is KeyKind.CARD), None)
            yield BalanceDraft(
                row=entry.row,
                phone=member.phone,
                card=card,
                name=member.profile.name,
                points=entry.points,
                principal=entry.principal,  # type: ignore[arg-type]
                bonus=entry.bonus,  # type: ignore[arg-type]
                as_of=entry.as_of,
            )
