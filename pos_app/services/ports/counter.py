"""What services ask of shifts, the print queue and the settings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NewType, Protocol
from uuid import UUID

from pos_app.domain.settings import Settings
from pos_app.domain.shifts import CashDirection, SaleSums, Shift, ShiftTotals
from pos_app.domain.values.ids import (
    PrintJobId,
    SaleId,
    ShiftId,
)
from pos_app.domain.values.money import Amount
from pos_app.services.ports.journal import Head


@dataclass(frozen=True, slots=True, kw_only=True)
class CashMove:
    """One movement of cash."""

    direction: CashDirection
    amount: Amount
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftHistory:
    """A shift as the journal tells it: what its rows must hold. `report` is the content of its closing fact."""

    shift: Shift
    opened: Head
    moves: Sequence[CashMove]
    z_number: int | None = None
    report: bytes | None = None


class Shifts(Protocol):
    """Shifts and cash movements."""

    def current(self) -> Shift | None:
        """Return the open shift."""
        ...

    def get(self, shift_id: ShiftId) -> Shift | None:
        """Return a shift."""
        ...

    def add(self, shift: Shift, head: Head) -> None:
        """Write a newly opened shift; `head` is the fact that records it."""
        ...

    def move_cash(self, shift_id: ShiftId, direction: CashDirection, amount: Amount, reason: str) -> None:
        """Write a cash movement."""
        ...

    def totals(self, shift_id: ShiftId) -> ShiftTotals:
        """Return a shift's sums."""
        ...

    def day_sums(self, day: date) -> tuple[SaleSums, Sequence[tuple[int, int, Amount]]]:
        """Return the sums of a business date's sales, and (quarter of an hour since 1970, sales, amount) in order."""
        ...

    def of_day(self, day: date) -> Sequence[tuple[Shift, bytes | None]]:
        """Return the shifts that opened on a business date or sold on it, in order, with their Z reports."""
        ...

    def close(self, shift_id: ShiftId, at: datetime, z_number: int, report: bytes) -> None:
        """Mark an open shift closed with its Z number and report (the fact's content).

        Raises ShiftClosedError for one that is closed.
        """
        ...

    def report(self, shift_id: ShiftId) -> bytes | None:
        """Return the Z report of a closed shift (the closing fact's content), None while it is open."""
        ...

    def next_z(self) -> int:
        """Return the number of the next Z report."""
        ...

    def matches(self, told: ShiftHistory) -> bool:
        """Whether the rows of a shift and its cash movements are exactly what the journal tells."""
        ...

    def count(self) -> int:
        """Return how many shifts there are."""
        ...

    def closed(self, limit: int) -> Sequence[tuple[Shift, int, bytes]]:
        """Return closed shifts with Z number and report, newest first."""
        ...


class PrintKind:
    """What a print job prints."""

    RECEIPT = "receipt"
    COPY = "copy"
    X_REPORT = "x_report"
    Z_REPORT = "z_report"
    DAILY = "daily"
    TEST = "test"


DayId = NewType("DayId", UUID)
"""A business date as the queue keeps it: its proleptic Gregorian ordinal."""


def day_id(day: date) -> DayId:
    """Return how the queue names a business date."""
    return DayId(UUID(int=day.toordinal()))


def day_of(named: UUID) -> date:
    """Return the business date that the queue names; raise ValueError for another id."""
    return date.fromordinal(named.int)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintJob:
    """A job of the durable print queue; it names what to print, never its text."""

    job_id: PrintJobId
    kind: str
    subject: SaleId | ShiftId | DayId | None
    copy_number: int
    created_at: datetime
    attempts: int = 0


class PrintJobs(Protocol):
    """The durable print queue."""

    def add(self, job: PrintJob) -> None:
        """Queue a job."""
        ...

    def next(self) -> PrintJob | None:
        """Return the oldest job that waits."""
        ...

    def start(self, job_id: PrintJobId) -> None:
        """Note, before a byte goes out, that a job is being printed."""
        ...

    def finish(self, job_id: PrintJobId) -> None:
        """Note that a job is printed."""
        ...

    def wait_again(self, job_id: PrintJobId, job: PrintJob) -> None:
        """Put a job back as `job` (of which nothing, or part, was printed)."""
        ...

    def started(self) -> Sequence[PrintJob]:
        """Return jobs that were being printed when the till stopped."""
        ...

    def waiting(self) -> int:
        """Return how many jobs wait."""
        ...

    def cancel_all(self) -> int:
        """Drop what waits; return how many."""
        ...


class SettingsTable(Protocol):
    """The settings document."""

    def load(self) -> Settings | None:
        """Return the settings, None before the shop was founded."""
        ...

    def save(self, settings: Settings) -> None:
        """Write the settings."""
        ...
