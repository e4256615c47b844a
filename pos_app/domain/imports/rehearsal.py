"""The rehearsal of an import: what a whole file would do, gathered row by row in bounded memory.

Decides what counts as told twice within a file and what a report may show. Whether a row is new, changed or the same is
the store's to say and handed in.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from pos_app.domain.imports.drafts import BalanceDraft, Draft, GoodsDraft, MemberDraft, Note, PieceDraft
from pos_app.domain.imports.faults import NUMBERS, Fault, Reason, Refused, shown_of
from pos_app.domain.imports.firsts import FirstRows, digest_of
from pos_app.domain.imports.kinds import Kind
from pos_app.domain.values.barcode import number_of
from pos_app.domain.values.money import ZERO, Amount

KEPT_REFUSALS = 1000
"""Refused rows told in full; the others are counted by reason."""
KEPT_ROWS = 200
"""Row numbers told of hidden, merged and totals rows; the others are counted."""
_PHONE_FAULTS = frozenset((Reason.PHONE, Reason.PHONE_LETTERS, Reason.PHONE_LENGTH))


class Outcome(StrEnum):
    """What an accepted row does to the shop's records."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the rows that are taken, to compare with the old program's totals."""

    points: int = 0
    principal: Amount = ZERO
    bonus: Amount = ZERO
    retail: Amount = ZERO
    net_weight_mg: int = 0


@dataclass(frozen=True, slots=True)
class RowsTold:
    """Rows of one peculiarity: how many, and the first of them by number."""

    count: int = 0
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole of a rehearsal, or of the import itself.

    `refused` are the first KEPT_REFUSALS refused rows; `by_reason` counts the faults of all. `twice` counts
    rows refused because the file holds their code, barcode, certificate, phone or card in an earlier row.
    """

    kind: Kind
    new: int
    changed: int
    same: int
    refused_count: int
    refused: tuple[Refused, ...]
    by_reason: dict[Reason, int]
    twice: int
    bad_phones: int
    totals: Totals
    hidden: RowsTold
    merged: RowsTold
    left_out: RowsTold
    not_taken: dict[str, int]
    unread_sheets: tuple[str, ...]
    notes: dict[Note, RowsTold] = field(default_factory=dict)
    """What is told of rows that are taken all the same."""
    unpriced: dict[str, int] = field(default_factory=dict)
    """Finenesses for which no price of gold was ever set, with the number of pieces."""

    @property
    def taken(self) -> int:
        """How many rows are taken or known already."""
        return self.new + self.changed + self.same

    @property
    def rows(self) -> int:
        """How many rows were read, without totals rows."""
        return self.taken + self.refused_count


@dataclass(slots=True)
class _Noted:
    """A count with the first row numbers."""

    count: int = 0
    rows: list[int] = field(default_factory=list)

    def add(self, row: int) -> None:
        self.count += 1
        if len(self.rows) < KEPT_ROWS:
            self.rows.append(row)

    def told(self) -> RowsTold:
        return RowsTold(self.count, tuple(self.rows))


class Rehearsal:
    """Gathers the rows of one file. Feed each row to `check`, then to `take` or `refuse`; `report` at any time."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._seen = FirstRows()
        self._outcomes: Counter[Outcome] = Counter()
        self._reasons: Counter[Reason] = Counter()
        self._refused: list[Refused] = []
        self._refused_count = 0
        self._bad_phones = 0
        self._twice = 0
        self._sums: Counter[str] = Counter()
        self._not_taken: Counter[str] = Counter()
        self._hidden, self._merged, self._left_out = _Noted(), _Noted(), _Noted()
        self._sheets: list[str] = []
        self._notes: dict[Note, _Noted] = {}
        self._unpriced: Counter[str] = Counter()

    def check(self, read: Draft | Refused) -> Draft | Refused:
        """Return a row as it came, or refused when the file told its code, barcode, phone … in an earlier row.

        A row that is refused already keeps no key from a later one.
        """
        if isinstance(read, Refused):
            return read
        keys = [(name, value, digest_of(name, _one_form(name, value))) for name, value in _keys(read)]
        earlier = [(name, value, self._seen.row_of(digest)) for name, value, digest in keys]
        faults = tuple(
            Fault(name, Reason.DUPLICATE, shown_of(name, value), {"first": row})
            for name, value, row in earlier
            if row is not None
        )
        if faults:
            return Refused(read.row, faults)
        for _, _, digest in keys:
            self._seen.add(digest, read.row)
        return read

    def take(self, draft: Draft, outcome: Outcome, notes: tuple[Note, ...] = ()) -> None:
        """Count a row that is taken, with what it adds to the sums; `notes` are those of the shop's own records."""
        self._outcomes[outcome] += 1
        for note in (*getattr(draft, "told", ()), *notes):
            self._notes.setdefault(note, _Noted()).add(draft.row)
        sums = self._sums
        if isinstance(draft, GoodsDraft):
            sums["retail"] += draft.retail or 0
        elif isinstance(draft, PieceDraft):
            sums["retail"] += draft.fixed_price or draft.tag_price or 0
            sums["net_weight_mg"] += draft.net_weight_mg or 0
        elif isinstance(draft, BalanceDraft):
            sums["points"] += draft.points
            sums["principal"] += draft.principal
            sums["bonus"] += draft.bonus
        else:
            self._not_taken.update(name for name, _ in draft.not_taken)

    def unpriced(self, fineness: str) -> None:
        """Note the fineness of a piece that cannot be sold before a price of gold is set; empty for any other."""
        if fineness and (fineness in self._unpriced or len(self._unpriced) < KEPT_ROWS):
            self._unpriced[fineness] += 1

    def refuse(self, refused: Refused) -> None:
        """Count a refused row, and keep it while there are few."""
        self._refused_count += 1
        reasons = [fault.reason for fault in refused.faults]
        self._reasons.update(reasons)
        self._twice += Reason.DUPLICATE in reasons
        self._bad_phones += any(
            fault.reason in _PHONE_FAULTS or (fault.field in NUMBERS and fault.reason is Reason.DIGITS_LOST)
            for fault in refused.faults
        )
        if len(self._refused) < KEPT_REFUSALS:
            self._refused.append(refused)

    def hidden(self, row: int) -> None:
        """Note a row that the spreadsheet hides; it is read like any other."""
        self._hidden.add(row)

    def merged(self, row: int) -> None:
        """Note a row that shows the value of a merged cell."""
        self._merged.add(row)

    def left_out(self, row: int) -> None:
        """Note a totals or remark row that was not read."""
        self._left_out.add(row)

    def unread_sheet(self, name: str) -> None:
        """Note a sheet of the file that was not read."""
        self._sheets.append(name)

    def report(self) -> Report:
        """Return what was gathered so far."""
        sums = self._sums
        return Report(
            kind=self._kind,
            new=self._outcomes[Outcome.NEW],
            changed=self._outcomes[Outcome.CHANGED],
            same=self._outcomes[Outcome.SAME],
            refused_count=self._refused_count,
            refused=tuple(self._refused),
            by_reason=dict(self._reasons.most_common()),
            twice=self._twice,
            bad_phones=self._bad_phones,
            totals=Totals(
                sums["points"],
                Amount(sums["principal"]),
                Amount(sums["bonus"]),
                Amount(sums["retail"]),
                sums["net_weight_mg"],
            ),
            hidden=self._hidden.told(),
            merged=self._merged.told(),
            left_out=self._left_out.told(),
            not_taken=dict(self._not_taken),
            unread_sheets=tuple(self._sheets),
            unpriced=dict(self._unpriced.most_common()),
            notes={note: self._notes[note].told() for note in Note if note in self._notes},
        )


def _one_form(name: str, value: str) -> str:
    """Return a key in the form that all ways to write it have: UPC-A and EAN-13 are one number."""
    return number_of(value) if name == "barcode" else value


def _keys(draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield what may stand in one row of a file only, by the name of its field."""
    if isinstance(draft, GoodsDraft):
        yield "code", draft.code
        for code in draft.barcodes:
            yield "barcode", code.code
    elif isinstance(draft, PieceDraft):
        yield "code", draft.code
        if draft.certificate is not None:
            yield "certificate", draft.certificate
    elif isinstance(draft, MemberDraft):
        for number in draft.phones:
            yield "phone", number
        if draft.card is not None:
            yield "card", draft.card
        yield from (other for other in draft.others if other[0] == "card")
        if not (draft.phones or draft.shared_phones or draft.card):
            for name, value in (("wechat", draft.wechat), ("email", draft.email)):
                if value is not None:
                    yield name, value.casefold()
    elif draft.name:
        # A phone may be shared: whose balance it is, and that she has one only, is told by her name.
        return
    elif draft.phone is not None:
        yield "phone", draft.phone
    elif draft.card is not None:
        yield "card", draft.card
