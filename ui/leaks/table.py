"""The report as a table of heat: persons down, kinds or hours across.

Decides which columns there are, what stands in a cell and which colour behind it. Qt-free.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pos_app.domain.leaks import Key, Leak, LeakKind, LeakReport, Sum, rate_of, sums
from pos_app.domain.values.ids import StaffId
from pos_app.domain.values.money import ZERO, Amount, Currency
from pos_app.words import format_amount, format_count, translate
from ui.leaks.state import By, Ground, Heat, HeatCell

_GROUNDS: tuple[Ground, ...] = ("", "warning_ground", "danger_ground")


@dataclass(frozen=True, slots=True)
class Told:
    """What the table needs beside the report: names, money, and the hour of each entry."""

    names: Mapping[StaffId, str]
    money: Currency
    hours: Sequence[str]

    def name(self, person: StaffId | None) -> str:
        """Return a person's name, or that of the till itself."""
        if person is None:
            return translate("leaks.table.till")
        return self.names.get(person, translate("leaks.table.unknown"))


def columns_of(report: LeakReport, told: Told, by: By) -> list[str]:
    """Return the column of each entry of a report."""
    return list(told.hours) if by is By.HOUR else [leak.kind.value for leak in report.leaks]


def heat(report: LeakReport, told: Told, by: By, *, by_approver: bool) -> Heat:
    """Return the table; persons with the most entries first, all together last."""
    shown = [
        (leak, column)
        for leak, column in zip(report.leaks, columns_of(report, told, by), strict=True)
        if not by_approver or leak.approver is not None
    ]
    if not shown:
        return Heat()
    found = sums([x for x, _ in shown], [x for _, x in shown], by_approver=by_approver)
    columns = _columns(found, by)
    people = sorted({person for person, _ in found}, key=lambda p: (-_count(found, p), told.name(p)))
    table = _Table(report, told, found, by, by_approver)
    rows = [table.row(person, columns) for person in people]
    keys: list[tuple[Any, ...]] = [
        ((person, ""), *((person, column) for column in columns)) for person in people
    ]
    if len(people) > 1:
        rows.append(table.all_row(columns))
        keys.append(((..., ""), *((..., column) for column in columns)))
    first = translate("leaks.table.approver" if by_approver else "leaks.table.person")
    heads = (first, *(_head(column, by) for column in columns))
    return Heat(heads, tuple(rows), tuple(keys))


def _columns(found: Mapping[Key, Sum], by: By) -> list[str]:
    there = {column for _, column in found}
    if by is By.KIND:
        return [kind.value for kind in LeakKind if kind.value in there]
    # The hours between the first and the last, by the shop's day: what lies before five belongs to the night before.
    order = [f"{hour % 24:02d}" for hour in range(5, 29)]
    places = [order.index(hour) for hour in there]
    return order[min(places) : max(places) + 1]


def _head(column: str, by: By) -> str:
    return translate(f"leaks.kind.{column}") if by is By.KIND else column


def _count(found: Mapping[Key, Sum], person: StaffId | None) -> int:
    return sum(each.count for (who, _), each in found.items() if who == person)


@dataclass(frozen=True, slots=True)
class _Table:
    report: LeakReport
    told: Told
    found: Mapping[Key, Sum]
    by: By
    by_approver: bool

    def row(self, person: StaffId | None, columns: Sequence[str]) -> tuple[HeatCell, ...]:
        name, sales = self.told.name(person), self.report.sales_of(person)
        under = "" if self.by_approver else translate("leaks.table.sales", count=format_count(sales))
        first = HeatCell(name, under, "", f"{name}, {under}", strong=True)
        return (first, *(self._cell(name, person, column, sales) for column in columns))

    def all_row(self, columns: Sequence[str]) -> tuple[HeatCell, ...]:
        name = translate("leaks.table.all")
        under = (
            "" if self.by_approver else translate("leaks.table.sales", count=format_count(self.report.sales))
        )
        cells = [HeatCell(name, under, "", f"{name}, {under}", strong=True)]
        for column in columns:
            whole = self._whole(column)
            text, amount = format_count(whole.count), self._amount(whole.amount)
            spoken = self._spoken(name, column, whole)
            cells.append(HeatCell(text, amount, "", spoken, strong=True))
        return tuple(cells)

    def _whole(self, column: str) -> Sum:
        parts = [each for (_, where), each in self.found.items() if where == column]
        return Sum(sum(x.count for x in parts), Amount(sum(x.amount for x in parts)))

    def _cell(self, name: str, person: StaffId | None, column: str, sales: int) -> HeatCell:
        own = self.found.get((person, column))
        if own is None:
            return HeatCell(spoken=f"{name}, {_head(column, self.by)}: 0")
        spoken, amount = self._spoken(name, column, own), self._amount(own.amount)
        if self.by is By.HOUR:
            return HeatCell(format_count(own.count), amount, self._hour_ground(own.count), spoken)
        if self.by_approver:
            return HeatCell(format_count(own.count), amount, "", spoken)
        rate = rate_of(own.count, sales, self._whole(column).count - own.count, self.report.sales - sales)
        text = format_count(own.count)
        if rate.per_100_tenths is not None:
            spoken += " " + translate("leaks.table.rate", rate=tenths(rate.per_100_tenths))
        if rate.times_tenths is not None:
            spoken += " " + translate("leaks.table.times", times=tenths(rate.times_tenths))
        if rate.level:
            times = "" if rate.times_tenths is None else f" ×{tenths(rate.times_tenths)}"
            text = f"{'▲' * rate.level}{times}  {text}"
        return HeatCell(text, amount, _GROUNDS[rate.level], spoken, strong=rate.level > 0)

    def _spoken(self, name: str, column: str, own: Sum) -> str:
        what = translate("leaks.table.at", hour=column) if self.by is By.HOUR else _head(column, self.by)
        words = translate("leaks.table.spoken", name=name, what=what, count=format_count(own.count))
        amount = self._amount(own.amount)
        return f"{words} {amount}".rstrip()

    def _amount(self, amount: Amount) -> str:
        return format_amount(amount, self.told.money) if amount != ZERO else ""

    def _hour_ground(self, count: int) -> Ground:
        most = max(each.count for each in self.found.values())
        return "warning_ground" if count * 3 >= most * 2 else "info_ground" if count * 3 >= most else ""


def tenths(value: int) -> str:
    """Write tenths: 42 is 4.2."""
    return f"{value // 10:,}.{value % 10}"


def matching(
    report: LeakReport, columns: Sequence[str], key: tuple[object, str], *, by_approver: bool
) -> list[tuple[int, Leak]]:
    """Return the entries behind a cell with their places in the report, the latest first."""
    person, column = key
    found = []
    for place, (leak, where) in enumerate(zip(report.leaks, columns, strict=True)):
        who = leak.approver if by_approver else leak.person
        if by_approver and who is None:
            continue
        if (person is ... or who == person) and column in ("", where):
            found.append((place, leak))
    return found[::-1]
