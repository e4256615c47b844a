"""The daily summary on paper (日结单): a business date at one till, over all its shifts.

Decides what it shows and in which order; every figure comes finished.
"""

from datetime import datetime

from pos_app.documents.letterhead import Letterhead, heading
from pos_app.documents.page import Block, Page, Row, Rule, Size, Stroke, Text
from pos_app.documents.shift_sums import (
    cashiers,
    row,
    sales,
    salespeople,
    section,
    table,
    taxes,
    tenders,
    watched,
)
from pos_app.domain.shifts_daily import DailySummary, DayShift
from pos_app.words import format_amount, format_count, format_date, speaking, translate


def daily_report_page(summary: DailySummary, head: Letterhead, printed_at: datetime, copy: int = 0) -> Page:
    """Build the summary of a business date."""
    with speaking(head.spoken):
        title = translate("documents.daily.title", day=format_date(summary.day))
        blocks = [
            *heading(head, title, copy),
            Rule(),
            *_facts(summary, head, printed_at),
            *section("sales"),
            *sales(summary.sums, head),
            *section("tenders"),
            *tenders(summary.sums, head),
            *taxes(summary.sums, head),
            *cashiers(summary.sums, head),
            *salespeople(summary.sums, head),
            *_hours(summary, head),
            *section("watched"),
            *watched(summary.sums, head),
            *_shifts(summary, head),
            Rule(Stroke.SOLID),
        ]
        return Page(tuple(blocks), title=title, language=head.spoken)


def _facts(summary: DailySummary, head: Letterhead, printed_at: datetime) -> list[Block]:
    settings, sums = head.settings, summary.sums
    rows: list[Block] = [
        row("till", f"{settings.shop_code}-{settings.till_code}"),
        row("business_date", format_date(summary.day)),
        row("printed", head.moment(printed_at)),
    ]
    if sums.first_number and sums.last_number:
        rows += [row("first_number", sums.first_number), row("last_number", sums.last_number)]
    return rows


def hour_words(hour: int) -> str:
    """Write an hour of the clock: from when to when."""
    return f"{hour:02}:00–{(hour + 1) % 24:02}:00"


def _hours(summary: DailySummary, head: Letterhead) -> list[Block]:
    if not summary.hours:
        return []
    rows = [(hour_words(h.hour), format_count(h.count), head.money(h.amount)) for h in summary.hours]
    return [*section("hours"), table(rows)]


def _shifts(summary: DailySummary, head: Letterhead) -> list[Block]:
    blocks = section("shifts") if summary.shifts else []
    for each in summary.shifts:
        blocks += _shift(each, head)
    return blocks


def _shift(each: DayShift, head: Letterhead) -> list[Block]:
    opened = f"{head.moment(each.shift.opened_at)} {head.name_of(each.shift.opened_by)}"
    closed = each.closed
    if closed is None:
        return [Row(translate("documents.daily.open"), ""), Text(opened, Size.SMALL)]
    difference = format_amount(closed.variance, head.settings.money, sign="always")
    if closed.uncounted:
        difference = translate("documents.daily.uncounted")
    name = translate("documents.daily.shift", number=closed.z_number)
    return [Row(name, difference), Text(opened, Size.SMALL)]
