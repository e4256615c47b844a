"""The daily summary, read within a transaction: sums come from the store, hours from the shop's clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from pos_app.domain.facts.shop import ShiftClosed
from pos_app.domain.shifts import HourSum
from pos_app.domain.shifts_daily import DailySummary, DayShift
from pos_app.domain.values.money import Amount
from pos_app.services.ports.store import Tx

_QUARTER = timedelta(minutes=15)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_decoder = msgspec.json.Decoder(ShiftClosed)


def daily(tx: Tx, day: date, zone: ZoneInfo) -> DailySummary:
    """Return the summary of a business date; `zone` is the clock that the hours are read from."""
    sums, quarters = tx.shifts.day_sums(day)
    hours: dict[int, HourSum] = {}
    for quarter, count, amount in quarters:
        hour = (_EPOCH + quarter * _QUARTER).astimezone(zone).hour
        before = hours.get(hour, HourSum(hour, 0, Amount(0)))
        hours[hour] = HourSum(hour, before.count + count, Amount(before.amount + amount))
    shifts = tuple(
        DayShift(shift, None if report is None else _decoder.decode(report))
        for shift, report in tx.shifts.of_day(day)
    )
    return DailySummary(day, sums, tuple(hours.values()), shifts)
