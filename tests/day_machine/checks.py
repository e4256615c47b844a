"""What must agree after every step: the services' sums, the model's, and the journal's."""

import msgspec

from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.shifts import ShiftTotals
from tests.day_machine.model import ShiftBooks, same


def check_totals(name: str, totals: ShiftTotals, shift: ShiftBooks) -> None:
    """Hold the sums of a shift against the books of the model, and against each other."""
    for field in (
        "sales_count",
        "sales",
        "returns_count",
        "returns",
        "voids_count",
        "voids",
        "cash_in",
        "cash_out",
    ):
        same(f"{name}: {field}", getattr(totals, field), getattr(shift, field))
    same(f"{name}: float", totals.float_amount, shift.float_amount)
    same(f"{name}: cash rounding", totals.cash_rounding, shift.rounding)
    same(f"{name}: expected cash", totals.expected_cash, shift.expected)
    same(f"{name}: fees of coupons", totals.voucher_fees, shift.fees)
    same(f"{name}: deposits taken", totals.deposits_taken, shift.deposits_taken)
    same(f"{name}: off by hand", totals.off_by_hand, shift.off_by_hand)
    told = {each.kind.value: (each.count, each.amount) for each in totals.tenders}
    reckoned = {kind: (count, shift.tenders[kind]) for kind, count in shift.counts.items()}
    same(f"{name}: tenders", told, reckoned)
    people = {str(each.staff): each.amount for each in totals.staff}
    same(f"{name}: people", people, dict(shift.by_person))
    for event, field in (
        ("drawer", "drawer_openings"),
        ("removed", "lines_removed"),
        ("cancelled", "carts_cancelled"),
        ("reprints", "reprints"),
    ):
        same(f"{name}: {field}", getattr(totals, field), shift.events[event])
    check_itself(name, totals)


def check_itself(name: str, totals: ShiftTotals) -> None:
    """Hold the sums of a shift against each other."""
    taken = sum(each.amount for each in totals.tenders)
    same(f"{name}: Σ tenders", taken, totals.sales + totals.returns + totals.cash_rounding)
    cash = sum(each.amount for each in totals.tenders if each.kind is TenderKind.CASH)
    same(
        f"{name}: the drawer",
        totals.expected_cash,
        totals.float_amount + cash + totals.cash_in - totals.cash_out,
    )
    same(f"{name}: Σ taxes", sum(each.tax for each in totals.taxes), totals.tax)
    taxed = sum(each.base + each.tax for each in totals.taxes)
    same(f"{name}: what is taxed", taxed, totals.sales + totals.returns - totals.deposits_taken)
    same(f"{name}: subtotal", totals.subtotal + totals.reductions, totals.sales + totals.returns)


def same_bytes(name: str, told: object, kept: bytes) -> None:
    """Hold that something still stands as it was written."""
    same(name, msgspec.json.encode(told), kept)
