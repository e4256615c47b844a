"""The sums of sales on paper, as X, Z and the daily summary print them alike.

Decides labels and order; every figure comes finished. Each tender stands apart by its kind, the static code too.
"""

from decimal import Decimal

from pos_app.documents.letterhead import Letterhead
from pos_app.documents.page import Align, Block, Cell, Grid, Row, Size, Space, Text
from pos_app.domain.shifts import SaleSums, ShiftTotals, StaffSum, unassigned
from pos_app.domain.values.money import ZERO, Amount
from pos_app.words import format_amount, format_count, format_percent, translate

Sums = ShiftTotals | SaleSums


def section(name: str) -> list[Block]:
    """Return the heading of a part of a report."""
    # A bold line with air above it: cheaper on paper than a rule and easier to find.
    return [Space(20), Text(translate(f"documents.shift.section.{name}"), bold=True)]


def row(name: str, value: str, size: Size = Size.BODY) -> Row:
    """Return a figure under its label."""
    return Row(translate(f"documents.shift.{name}"), value, size)


def sales(totals: Sums, head: Letterhead) -> list[Block]:
    """Return what was sold and returned, and what was taken off."""
    rows: list[Block] = [
        Row(translate("documents.shift.sales", count=totals.sales_count), head.money(totals.sales)),
        Row(translate("documents.shift.returns", count=totals.returns_count), head.money(totals.returns)),
        Row(translate("documents.shift.net"), head.money(Amount(totals.sales + totals.returns)), bold=True),
        row("subtotal", head.money(totals.subtotal), Size.SMALL),
        row("reductions", head.money(totals.reductions), Size.SMALL),
        row("round_off", head.money(totals.round_off), Size.SMALL),
        row("tax", head.money(totals.tax), Size.SMALL),
    ]
    if totals.cash_rounding:
        amount = format_amount(totals.cash_rounding, head.settings.money, sign="always")
        rows.append(row("cash_rounding", amount, Size.SMALL))
    if totals.deposits_taken:
        rows.append(row("deposits_taken", head.money(totals.deposits_taken), Size.SMALL))
    return rows


def table(rows: list[tuple[str, str, str]]) -> Grid:
    """Return rows of a name, a number and an amount."""
    return Grid(
        tuple(
            (Cell(name, 5), Cell(count, 2, Align.RIGHT), Cell(amount, 5, Align.RIGHT))
            for name, count, amount in rows
        )
    )


def tenders(totals: Sums, head: Letterhead) -> list[Block]:
    """Return what each kind of tender brought, and what platforms keep of their vouchers."""
    if not totals.tenders:
        return [Text(translate("documents.shift.nothing"))]
    rows = [
        (translate(f"documents.tender.{t.kind.value}"), format_count(t.count), head.money(t.amount))
        for t in totals.tenders
    ]
    found: list[Block] = [table(rows)]
    if totals.voucher_fees:
        found.append(row("voucher_fees", head.money(totals.voucher_fees), Size.SMALL))
    return found


def taxes(totals: Sums, head: Letterhead) -> list[Block]:
    """Return the tax of each code and rate."""
    if not totals.taxes:
        return []
    blocks = section("taxes")
    for tax in totals.taxes:
        name = translate("documents.shift.tax_rate", rate=format_percent(Decimal(tax.rate)))
        base = translate("documents.shift.tax_base", base=head.money(tax.base))
        blocks += [Row(name, head.money(tax.tax)), Row(base, size=Size.SMALL, indent=2)]
    return blocks


def cashiers(totals: Sums, head: Letterhead) -> list[Block]:
    """Return what each cashier took, when there was more than one."""
    if len(totals.staff) < 2:
        return []
    return [*section("staff"), table(_people(totals.staff, head))]


def salespeople(totals: Sums, head: Letterhead) -> list[Block]:
    """Return what each salesperson sold, and what nobody in particular did; nothing where none are named."""
    if not totals.salespeople:
        return []
    rows = _people(totals.salespeople, head)
    rest = unassigned(totals)
    if rest != ZERO:
        rows.append((translate("documents.shift.no_salesperson"), "", head.money(rest)))
    return [*section("salespeople"), table(rows)]


def watched(totals: Sums, head: Letterhead) -> list[Block]:
    """Return what a manager looks at first: voids, what was taken off by hand, prices given by hand."""
    if isinstance(totals, ShiftTotals) and not totals.edition:
        # Made before the other sums were: nothing would be said where nothing is known.
        return [row("voids", format_count(totals.voids_count), Size.SMALL)]
    return [
        row("voids", _both(totals.voids_count, totals.voids, head), Size.SMALL),
        row("off_by_hand", head.money(totals.off_by_hand), Size.SMALL),
        row("prices_overridden", format_count(totals.prices_overridden), Size.SMALL),
    ]


def _both(count: int, amount: Amount, head: Letterhead) -> str:
    return f"{format_count(count)} · {head.money(amount)}" if count else format_count(count)


def _people(sums: tuple[StaffSum, ...], head: Letterhead) -> list[tuple[str, str, str]]:
    return [(head.name_of(s.staff), format_count(s.count), head.money(s.amount)) for s in sums]
