"""Invented shifts and a day whose reports show everything that they can say."""

from datetime import date

import msgspec

from pos_app.domain.facts.shop import ShiftClosed
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.shifts import (
    Denomination,
    HourSum,
    SaleSums,
    ShiftTotals,
    StaffSum,
    TenderCount,
    TenderSum,
)
from pos_app.domain.shifts_daily import DailySummary, DayShift
from pos_app.domain.values.money import Amount
from tests.unit.documents import samples


def full_totals() -> ShiftTotals:
    """Return the sums of a shift with every kind of sum; nobody in particular sold ¥100.00."""
    return msgspec.structs.replace(
        samples.totals(),
        tenders=(
            TenderSum(kind=TenderKind.CARD, count=40, amount=Amount(9_000_000)),
            TenderSum(kind=TenderKind.CASH, count=40, amount=Amount(2_315_778)),
            TenderSum(kind=TenderKind.STATIC_CODE, count=4, amount=Amount(700_000)),
            TenderSum(kind=TenderKind.VOUCHER, count=2, amount=Amount(300_000)),
        ),
        voids=Amount(-19_900),
        off_by_hand=Amount(-12_050),
        prices_overridden=2,
        voucher_fees=Amount(15_000),
        deposits_taken=Amount(50_000),
        salespeople=(
            StaffSum(staff=samples.LI_MIN, count=60, amount=Amount(8_000_000)),
            StaffSum(staff=samples.WANG, count=30, amount=Amount(4_305_778)),
        ),
        edition=1,
    )


def full_closing() -> ShiftClosed:
    """Return a close by the manager, after a recount, of notes, coins and slips, with a refund owed."""
    return msgspec.structs.replace(
        samples.closing(),
        totals=full_totals(),
        denominations=(
            Denomination(value=Amount(10_000), count=225),
            Denomination(value=Amount(100), count=52),
            Denomination(value=Amount(1), count=78),
        ),
        counts=(
            TenderCount(
                kind=TenderKind.CARD,
                expected=Amount(9_000_000),
                counted=Amount(8_990_000),
                reason="一张签购单找不到了",
            ),
            TenderCount(kind=TenderKind.VOUCHER, expected=Amount(300_000), counted=Amount(300_000)),
        ),
        recounts=1,
        closed_by=samples.WANG,
        approver=samples.WANG,
        refunds_owed_count=2,
        refunds_owed=Amount(38_800),
        payments_open=1,
    )


def handed_over() -> ShiftClosed:
    """Return a hand-over that nobody counted for."""
    closing = samples.closing()
    return msgspec.structs.replace(
        closing,
        counted=closing.totals.expected_cash,
        variance=Amount(0),
        reason=None,
        uncounted=True,
        handed_to=samples.WANG,
        closed_by=samples.LI_MIN,
    )


def day() -> DailySummary:
    """Return a business date of two shifts, the second still open, sold until after midnight."""
    totals = msgspec.structs.asdict(full_totals())
    names = {field.name for field in msgspec.structs.fields(SaleSums)}
    return DailySummary(
        day=date(2026, 11, 22),
        sums=SaleSums(**{name: value for name, value in totals.items() if name in names}),
        hours=(
            HourSum(9, 40, Amount(5_000_000)),
            HourSum(23, 45, Amount(7_000_000)),
            HourSum(0, 1, Amount(315_778)),
        ),
        shifts=(DayShift(samples.shift(True), full_closing()), DayShift(samples.shift(False), None)),
    )
