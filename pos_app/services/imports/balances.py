"""Opening balances of a file: points and stored value that members bring along, one entry a row.

Decides who is meant by a row, and that a balance counts once, however often the file, or one saved from it, comes in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pos_app.domain.errors import ExpectedError
from pos_app.domain.facts.imports import BalancesStaged, OpeningBalance
from pos_app.domain.imports.drafts import BalanceDraft, Draft
from pos_app.domain.imports.faults import Fault
from pos_app.domain.imports.rehearsal import Outcome
from pos_app.domain.member_keys import normalised
from pos_app.domain.members import KeyKind, Member
from pos_app.domain.staff import Action
from pos_app.domain.values.ids import MemberId
from pos_app.services.acting import Actor
from pos_app.services.imports.taking import refused_by_shop
from pos_app.services.imports.values import Verdict
from pos_app.services.ports.imports import BalanceEntry, ImportBatch, Versions
from pos_app.services.ports.journal import JournalEntry
from pos_app.services.ports.store import Tx
from pos_app.services.workplace import Workplace


class BalanceTaker:
    """Takes opening balances in."""

    action = Action.IMPORT_MEMBERS
    touching: Sequence[str] = ()

    def __init__(self, work: Workplace, sha256: str) -> None:
        self._work = work
        self._sha256 = sha256

    def tables(self, tx: Tx) -> Sequence[Versions]:
        """Entries are no versions: they are added, and never replace each other."""
        return ()

    def weigh(self, tx: Tx, who: Actor, drafts: Sequence[Draft]) -> Sequence[Verdict]:
        """Say of each row whether it brings something that is not here yet."""
        rows = [draft for draft in drafts if isinstance(draft, BalanceDraft)]
        known = tx.opening_balances.known_rows(self._sha256, [draft.row for draft in rows])
        phones = _owners(tx, KeyKind.PHONE, [draft.phone for draft in rows])
        cards = _owners(tx, KeyKind.CARD, [_card(draft) for draft in rows])
        verdicts = [
            Verdict(draft=draft, outcome=Outcome.SAME)
            if draft.row in known
            else self._verdict(draft, phones, cards)
            for draft in rows
        ]
        members = [each.wanted.member for each in verdicts if each.wanted is not None]
        brought = tx.opening_balances.from_other_files(self._sha256, members)
        return [_beside(each, brought) for each in verdicts]

    def _verdict(
        self, draft: BalanceDraft, phones: Mapping[str, list[Member]], cards: Mapping[str, list[Member]]
    ) -> Verdict:
        by_phone = phones.get(draft.phone or "", [])
        found = {member.member_id: member for member in (*by_phone, *cards.get(_card(draft) or "", []))}
        if not found:
            return _refused(draft, "importing.clash.no_member")
        if len(found) > 1:
            # A phone that several share needs the card to say whose the balance is.
            both = [m for m in by_phone if m in cards.get(_card(draft) or "", [])]
            if len(both) != 1:
                return _refused(draft, "importing.clash.two_members")
            found = {both[0].member_id: both[0]}
        if not (draft.points or draft.principal or draft.bonus):
            return Verdict(draft=draft, outcome=Outcome.SAME)
        entry = BalanceEntry(
            sha256=self._sha256,
            row=draft.row,
            member=next(iter(found)),
            points=draft.points,
            principal=draft.principal,
            bonus=draft.bonus,
            as_of=draft.as_of,
        )
        return Verdict(draft=draft, outcome=Outcome.NEW, wanted=entry)

    def prepare(self, verdicts: Sequence[Verdict]) -> Sequence[BalanceEntry]:
        """Nothing is to be made ready."""
        return [verdict.wanted for verdict in verdicts]

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


def _beside(verdict: Verdict, brought: Mapping[MemberId, tuple[int, int, int]]) -> Verdict:
    """Return a verdict with only what no other file brought: the same table saved again must not count twice.

    Another balance than the one that was brought is refused: nobody can tell whether it replaces that or comes on top.
    """
    entry: BalanceEntry | None = verdict.wanted
    had = brought.get(entry.member) if entry is not None else None
    if entry is None or had is None:
        return verdict
    given = (entry.points, entry.principal, entry.bonus)
    if any(new and old and new != old for new, old in zip(given, had, strict=True)):
        return _refused(_draft_of(verdict), "importing.clash.other_balance")
    points, principal, bonus = (0 if old else new for new, old in zip(given, had, strict=True))
    if not (points or principal or bonus):
        return Verdict(draft=verdict.draft, outcome=Outcome.SAME)
    rest = replace(entry, points=points, principal=principal, bonus=bonus)
    return Verdict(draft=verdict.draft, outcome=Outcome.NEW, wanted=rest)


def _draft_of(verdict: Verdict) -> BalanceDraft:
    assert isinstance(verdict.draft, BalanceDraft)
    return verdict.draft


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
    field, shown = ("phone", draft.phone) if draft.phone else ("card", draft.card or "")
    fault: Fault = refused_by_shop(field, shown, code)
    return Verdict(draft=draft, outcome=None, faults=(fault,))
