"""Opening balances of a file: points and stored value that members bring along, one row a member.

Decides who is meant by a row, and that a balance of each kind counts once, however often the file, or one saved from
it, comes in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pos_app.domain.errors import ExpectedError
from pos_app.domain.facts.imports import BalancesStaged, OpeningBalance
from pos_app.domain.imports.drafts import BalanceDraft, Draft
from pos_app.domain.imports.faults import Fault, Reason, shown_of
from pos_app.domain.imports.firsts import FirstRows, digest_of
from pos_app.domain.imports.rehearsal import Outcome
from pos_app.domain.member_keys import normalised
from pos_app.domain.members import KeyKind, Member
from pos_app.domain.search import folded
from pos_app.domain.staff import Action
from pos_app.domain.values.ids import MemberId
from pos_app.services.acting import Actor
from pos_app.services.imports.taking import refused_by_shop
from pos_app.services.imports.values import Verdict
from pos_app.services.ports.imports import BalanceEntry, ImportBatch, Versions
from pos_app.services.ports.journal import JournalEntry
from pos_app.services.ports.store import Tx
from pos_app.services.workplace import Workplace

_KINDS = ("points", "principal", "bonus")
_NOTHING = (0, 0, 0)


class BalanceTaker:
    """Takes opening balances in."""

    action = Action.IMPORT_MEMBERS
    touching: Sequence[str] = ()

    def __init__(self, work: Workplace, sha256: str) -> None:
        self._work = work
        self._sha256 = sha256
        self._firsts = FirstRows()
        """In which row of this file each member stood first, as far as it was read."""

    def tables(self, tx: Tx) -> Sequence[Versions]:
        """Entries are no versions: they are added, and never replace each other."""
        return ()

    def weigh(self, tx: Tx, who: Actor, drafts: Sequence[Draft]) -> Sequence[Verdict]:
        """Say of each row whether it brings something that is not here yet."""
        rows = [draft for draft in drafts if isinstance(draft, BalanceDraft)]
        phones = _owners(tx, KeyKind.PHONE, [draft.phone for draft in rows])
        cards = _owners(tx, KeyKind.CARD, [_card(draft) for draft in rows])
        meant = [(draft, _meant(draft, phones, cards)) for draft in rows]
        members = [found for _, found in meant if not isinstance(found, str)]
        balances = tx.opening_balances
        known = balances.of_rows(self._sha256, [draft.row for draft in rows])
        brought, staged = balances.in_all(members), balances.first_rows(self._sha256, members)
        verdicts = []
        for draft, found in meant:
            if isinstance(found, str):
                verdicts.append(_refused(draft, found))
                continue
            had = known.get(draft.row, _NOTHING), brought.get(found, _NOTHING)
            verdicts.append(self._verdict(draft, found, had, staged.get(found)))
        return verdicts

    def _verdict(
        self,
        draft: BalanceDraft,
        member: MemberId,
        had: tuple[tuple[int, int, int], tuple[int, int, int]],
        staged: int | None,
    ) -> Verdict:
        """Return what a row brings of each kind; `had` is what this row brought before, and all that the member did.

        Another balance than the one that was brought is refused: nobody can tell whether it replaces that or comes on
        top. So is a second row of a member: nobody can tell whether it is the same balance told again.
        """
        digest = digest_of("member", member.hex)
        first = self._firsts.row_of(digest) or (staged if staged is not None and staged < draft.row else None)
        if first is not None and first != draft.row:
            return _twice(draft, first)
        by_row, in_all = had
        given = (draft.points, draft.principal, draft.bonus)
        if any(
            new not in (0, row or old or new) for new, row, old in zip(given, by_row, in_all, strict=True)
        ):
            return _refused(draft, "importing.clash.other_balance")
        self._firsts.add(digest, draft.row)
        rest = tuple(0 if row or old else new for new, row, old in zip(given, by_row, in_all, strict=True))
        if not any(rest):
            return Verdict(draft=draft, outcome=Outcome.SAME)
        entry = BalanceEntry(
            sha256=self._sha256,
            row=draft.row,
            member=member,
            points=rest[0],
            principal=rest[1],
            bonus=rest[2],
            as_of=draft.as_of,
        )
        wanted = _each_kind(entry) if any(by_row) else (entry,)
        return Verdict(draft=draft, outcome=Outcome.NEW, wanted=wanted)

    def prepare(self, verdicts: Sequence[Verdict]) -> Sequence[BalanceEntry]:
        """Nothing is to be made ready."""
        return [entry for verdict in verdicts for entry in verdict.wanted]

    def stage(self, tx: Tx, who: Actor, batch: ImportBatch, prepared: Sequence[BalanceEntry]) -> None:
        """Add hidden entries and the fact that tells of them."""
        tx.opening_balances.stage(batch.number, prepared)
        told = tuple(
            OpeningBalance(member=e.member, row=e.row, points=e.points, principal=e.principal, bonus=e.bonus)
            for e in prepared
        )
        fact = BalancesStaged(batch=batch.batch_id, sha256=self._sha256, balances=told)
        self._work.recorder.record(tx, fact, who.staff_id)

    def settle(self, tx: Tx, batch: ImportBatch, happened: Sequence[JournalEntry]) -> Sequence[object]:
        """Nothing clashes with an entry."""
        return ()

    def remove_more(self, tx: Tx, batch: ImportBatch, limit: int) -> int:
        """Remove entries of a batch that is taken back."""
        return tx.opening_balances.remove(batch.number, limit)


def _meant(
    draft: BalanceDraft, phones: Mapping[str, list[Member]], cards: Mapping[str, list[Member]]
) -> MemberId | str:
    """Return whose balance a row is, or the message that says why nobody can tell."""
    by_phone, by_card = phones.get(draft.phone or "", []), cards.get(_card(draft) or "", [])
    found = {member.member_id for member in (*by_phone, *by_card)}
    if not found:
        return "importing.clash.no_member"
    if len(found) > 1:
        # A phone that several share needs the card, or without one the name, to say whose the balance is.
        name = folded(draft.name or "")
        found = {
            member.member_id
            for member in by_phone
            if (member in by_card if draft.card else name and folded(member.profile.name or "") == name)
        }
    return found.pop() if len(found) == 1 else "importing.clash.two_members"


def _each_kind(entry: BalanceEntry) -> tuple[BalanceEntry, ...]:
    """Return an entry for each kind that a row brings, which is its cause beside the row: others came before."""
    alone = replace(entry, points=0, principal=0, bonus=0)
    return tuple(
        replace(alone, **{kind: amount}, only=kind) for kind in _KINDS if (amount := getattr(entry, kind))
    )


def _card(draft: BalanceDraft) -> str | None:
    try:
        return normalised(KeyKind.CARD, draft.card) if draft.card is not None else None
    except ExpectedError:
        return None


def _owners(tx: Tx, kind: KeyKind, values: Sequence[str | None]) -> dict[str, list[Member]]:
    """Return the members on each key of a kind."""
    asked = [value for value in values if value is not None]
    if not asked:
        return {}
    return {value: list(found) for value, found in tx.staged_members.on_keys(kind.value, asked).items()}


def _refused(draft: BalanceDraft, code: str) -> Verdict:
    fault: Fault = refused_by_shop(*_asked_by(draft), code)
    return Verdict(draft=draft, outcome=None, faults=(fault,))


def _twice(draft: BalanceDraft, first: int) -> Verdict:
    """Refuse a row of a member who stood in an earlier one, whichever of her phones or cards it goes by."""
    field, text = _asked_by(draft)
    fault = Fault(field, Reason.DUPLICATE, shown_of(field, text), {"first": first})
    return Verdict(draft=draft, outcome=None, faults=(fault,))


def _asked_by(draft: BalanceDraft) -> tuple[str, str]:
    return ("phone", draft.phone) if draft.phone else ("card", draft.card or "")
