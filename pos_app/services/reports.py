"""Reports that only read: what was sold."""

from dataclasses import dataclass
from datetime import date

from pos_app.services.ports.selling import SalesSums
from pos_app.services.ports.store import Store


@dataclass(frozen=True, slots=True)
class SalesReport:
    """Sums of sales between two business dates, in all and by day."""

    total: SalesSums
    days: tuple[tuple[date, SalesSums], ...]


def sales_report(store: Store, first: date | None = None, last: date | None = None) -> SalesReport:
    """Return the sums of sales between two business dates, both included; all days when none are given."""
    with store.read() as tx:
        return SalesReport(tx.sales.sums(first, last), tuple(tx.sales.by_day(first, last)))
