"""What services ask of imports: batches, versions that a batch brings, and a place to sort and to remember keys.

Decides the questions and the states of a batch (docs/decisions/0010-imports-in-versions.md); which rows a person sees
in each state is the store's.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

import msgspec

from pos_app.domain.imports.kinds import Kind
from pos_app.domain.values.ids import ImportId, MemberId, StaffId
from pos_app.services.ports.journal import JournalEntry


class State(StrEnum):
    """Where a batch stands; what counts in each stands in decision 0010."""

    STAGING = "staging"
    PUBLISHED = "published"
    DONE = "done"
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"
    GONE = "gone"


class Counts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of the rows of a file: each row counts once."""

    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    left_out: int = 0
    """Staged, and dropped when it was published: the shop had taken the same code or phone meanwhile."""
    kept: int = 0
    """Not taken back, since it was used meanwhile."""

    @property
    def rows(self) -> int:
        """All rows that were read."""
        return self.new + self.changed + self.same + self.refused

    @property
    def staged(self) -> int:
        """The rows that wrote something."""
        return self.new + self.changed


class BatchPlan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the file is read: its sheet, the row of its headings (from 1), and which column (from 0) is which field."""

    sheet: str = ""
    heading_row: int = 1
    columns: dict[str, int] = {}
    rows: int | None = None
    """How many rows the file holds, where it says so."""


class ImportBatch(msgspec.Struct, frozen=True, kw_only=True):
    """One import: `rows_done` is the number of the last row of the file that is staged or refused."""

    number: int
    batch_id: ImportId
    kind: Kind
    state: State
    sha256: str
    file_name: str
    started_at: datetime
    staff_id: StaffId
    plan: BatchPlan
    counts: Counts = Counts()
    rows_done: int = 0
    published_at: datetime | None = None
    labels_after: int = 0
    """The last version whose label was looked at once the batch was shown; once hidden, the last change of price."""
    path: str = ""
    """Where the file stood, absolute, while rows are still to be read from it; empty afterwards. Never to be logged."""
    journal_from: tuple[int, int] = (0, 0)
    """The journal's end (epoch, seq) before the first row was staged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A row of a file that was not taken; `body` holds its faults as JSON."""

    row: int
    body: bytes


class Imports(Protocol):
    """Batches, their refusals, and mappings remembered for a set of headings."""

    def begin(self, batch: ImportBatch) -> ImportBatch:
        """Keep a new batch and return it with its number."""
        ...

    def save(self, batch: ImportBatch) -> None:
        """Write where a batch stands now."""
        ...

    def get(self, number: int) -> ImportBatch | None:
        """Return a batch."""
        ...

    def current(self) -> ImportBatch | None:
        """Return the batch that is under way, of which there is one at most."""
        ...

    def last_done(self) -> ImportBatch | None:
        """Return the batch that can be taken back: the latest that brought anything, if it is done."""
        ...

    def latest(self, limit: int) -> Sequence[ImportBatch]:
        """Return batches, the newest first."""
        ...

    def add_refusals(self, number: int, refusals: Iterable[Refusal]) -> None:
        """Keep rows that were refused."""
        ...

    def refusals(self, number: int, after_row: int, limit: int) -> Sequence[Refusal]:
        """Return rows that were refused, after a row of the file, in order."""
        ...

    def of_file(self, sha256: str) -> Sequence[ImportBatch]:
        """Return the batches of a file, the newest first."""
        ...

    def happened(self, after: tuple[int, int], kinds: Sequence[str]) -> Sequence[JournalEntry]:
        """Return the facts of some kinds after a place of the journal, in order."""
        ...

    def mapping(self, kind: Kind, key: str) -> Mapping[str, str] | None:
        """Return the heading (as `headings` folds it) of each field that was chosen for a set of headings before."""
        ...

    def remember_mapping(self, kind: Kind, key: str, columns: Mapping[str, str]) -> None:
        """Keep the heading of each field for a set of headings."""
        ...


KeyRows = Mapping[str, Sequence[tuple[object, ...]]]
"""Rows of the key tables, by the name of the table; only the store knows what stands in them."""


KeyTexts = Mapping[str, Sequence[tuple[int, Sequence[str]]]]
"""Rows of key tables that hold a text and a version's number only: the number with all its texts, by table."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of some versions, in any order."""

    rows: KeyRows
    texts: KeyTexts


@dataclass(frozen=True, slots=True)
class KeyChunk:
    """Keys of some versions: `last` is the number of the last version read, None when there was none."""

    last: int | None
    keys: Keys


class Versions(Protocol):
    """The versions of one kind of thing, walked in chunks by their row number (`no`)."""

    def keys_brought(self, batch: int, after: int, limit: int) -> KeyChunk:
        """Return the keys of versions that a batch brought and that are its own still, erased ones left out."""
        ...

    def keys_replaced(self, batch: int, after: int, limit: int) -> KeyChunk:
        """Return the keys of versions that a batch replaced, where what replaced them is its own still."""
        ...

    def brought(self, batch: int, after: int, limit: int) -> Sequence[int]:
        """Return the numbers of versions that a batch brought and that are its own still."""
        ...

    def replaced(self, batch: int, after: int, limit: int) -> Sequence[int]:
        """Return the numbers of versions that a batch replaced."""
        ...

    def superseded(self, batch: int, after: int, limit: int) -> Sequence[int]:
        """Return the numbers of versions that a batch replaced by what is the shop's own now."""
        ...

    def settled(self, after: int, limit: int) -> Sequence[int]:
        """Return the numbers of versions replaced by batches that are done."""
        ...

    def numbers_of(self, batch: int, things: Sequence[UUID]) -> Sequence[int]:
        """Return the numbers of versions that a batch brought of some things."""
        ...

    def count_brought(self, batch: int) -> int:
        """Return how many versions a batch brought are its own still."""
        ...

    def remove(self, numbers: Sequence[int]) -> None:
        """Remove versions, whose keys are gone already."""
        ...

    def restore(self, batch: int, numbers: Sequence[int]) -> None:
        """Let versions that a batch replaced count again."""
        ...


TxOf = TypeVar("TxOf", covariant=True)


class Scratch(Protocol[TxOf]):
    """A private place of one import, on one thread: keys are sorted here before they are written in their order."""

    def gather(self, keys: Keys) -> None:
        """Take rows of key tables in, in any order."""
        ...

    def sort(self) -> int:
        """Put all that was gathered in the order of its tables; return how many rows there are."""
        ...

    @property
    def sorted_rows(self) -> Sequence[tuple[str, int]]:
        """The tables with their number of sorted rows."""
        ...

    def write(self) -> AbstractContextManager[TxOf]:
        """Begin a writing transaction in which `put` and `drop` work."""
        ...

    def put(self, name: str, first: int, last: int) -> None:
        """Write sorted rows from `first` to `last` (from 1, both counted); those known or excluded are left out."""
        ...

    def drop(self, name: str, first: int, last: int) -> None:
        """Remove sorted rows from `first` to `last` from their table."""
        ...

    def exclude(self, numbers: Sequence[int]) -> None:
        """Leave the rows of some versions out from now on: they were erased after their keys were gathered."""
        ...

    def clear(self) -> None:
        """Forget all sorted rows."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceEntry:
    """What a row of a file brings a member: whole points, minor units of stored value."""

    sha256: str
    row: int
    member: MemberId
    points: int = 0
    principal: int = 0
    bonus: int = 0
    as_of: date | None = None
    only: str = ""
    """The one kind that is told, where the same row brought others before: then it is part of the cause."""


class OpeningBalances(Protocol):
    """Opening balances: entries that are added and never changed; a file, row and kind counts once."""

    def of_rows(self, sha256: str, rows: Sequence[int]) -> Mapping[int, tuple[int, int, int]]:
        """Return points, principal and bonus that rows of a file brought already, staged ones among them."""
        ...

    def in_all(self, members: Sequence[MemberId]) -> Mapping[MemberId, tuple[int, int, int]]:
        """Return points, principal and bonus of members that count already, from whatever file."""
        ...

    def first_rows(self, sha256: str, members: Sequence[MemberId]) -> Mapping[MemberId, int]:
        """Return the first row of a file that brought each of some members something, staged ones among them."""
        ...

    def stage(self, batch: int, entries: Sequence[BalanceEntry]) -> None:
        """Add entries that do not count until the batch is published."""
        ...

    def of_member(self, member: MemberId) -> Sequence[BalanceEntry]:
        """Return the entries of a member that count, in the order of files and rows."""
        ...

    def by_member(self, after: bytes, limit: int) -> Sequence[BalanceEntry]:
        """Return what members brought along in all, one entry a member in the order of ids, after an id."""
        ...

    def count_members(self) -> int:
        """Return how many members brought something along; erased ones are left out."""
        ...

    def totals(self, batch: int) -> tuple[int, int, int, int]:
        """Return entries, points, principal and bonus of a batch."""
        ...

    def remove(self, batch: int, limit: int) -> int:
        """Remove entries of a batch that is taken back; return how many were."""
        ...
