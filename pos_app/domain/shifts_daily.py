"""The daily summary (日结): what a business date brought at one till, over all its shifts.

Decides its shape. A sale is of the business date that it was made on (cut-off 05:00 by default), also when its shift
was opened the evening before.
"""

from dataclasses import dataclass
from datetime import date

from pos_app.domain.facts.shop import ShiftClosed
from pos_app.domain.shifts import HourSum, SaleSums, Shift


@dataclass(frozen=True, slots=True)
class DayShift:
    """A shift of a day; `closed` is its closing fact, None while it is open."""

    shift: Shift
    closed: ShiftClosed | None


@dataclass(frozen=True, slots=True)
class DailySummary:
    """A business date at this till; hours without a sale are left out, the others stand in the day's own order."""

    day: date
    sums: SaleSums
    hours: tuple[HourSum, ...]
    shifts: tuple[DayShift, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was sold or returned."""
        return self.sums.sales_count + self.sums.returns_count == 0
