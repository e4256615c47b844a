"""The daily summary as words: sales, tenders, tax, people and hours of a business date, and its shifts.

Decides labels and order; sums come finished from the services.
"""

from collections.abc import Mapping
from datetime import tzinfo
from decimal import Decimal

from pos_app.domain.shifts_daily import DailySummary, DayShift
from pos_app.domain.values.ids import StaffId
from pos_app.domain.values.money import Currency
from pos_app.words import format_amount, format_count, format_percent, format_time, translate
from ui.shifts.figures import (
    Figure,
    people_figures,
    sums_figures,
    variance_words,
    watched_figures,
)


def day_figures(
    summary: DailySummary, currency: Currency, names: Mapping[StaffId, str], zone: tzinfo
) -> tuple[Figure, ...]:
    """Return the figures of a business date."""
    sums = summary.sums
    found = [*sums_figures(sums, currency)]
    for tax in sums.taxes:
        label = translate("documents.shift.tax_rate", rate=format_percent(Decimal(tax.rate)))
        found.append(Figure(label, format_amount(tax.tax, currency), "muted"))
    found.append(Figure(translate("shifts.figure.cashiers"), "", strong=True))
    for person in sums.staff:
        found.append(Figure(names.get(person.staff, "?"), format_amount(person.amount, currency)))
    found += people_figures(sums, currency, names)
    found.append(Figure(translate("shifts.figure.hours"), "", strong=True))
    for hour in summary.hours:
        label = f"{hour.hour:02}:00 · {translate('shifts.figure.bills', count=hour.count)}"
        found.append(Figure(label, format_amount(hour.amount, currency)))
    found += watched_figures(sums, currency)
    found.append(Figure(translate("shifts.figure.shifts"), "", strong=True))
    found += [_shift(each, currency, names, zone) for each in summary.shifts]
    return tuple(found)


def _shift(each: DayShift, currency: Currency, names: Mapping[StaffId, str], zone: tzinfo) -> Figure:
    who = f"{format_time(each.shift.opened_at, zone)} {names.get(each.shift.opened_by, '?')}"
    if each.closed is None:
        return Figure(who, translate("shifts.figure.still_open"), "muted")
    label = f"Z {format_count(each.closed.z_number)} · {who}"
    if each.closed.uncounted:
        return Figure(label, translate("shifts.figure.uncounted"), "muted")
    words, tone = variance_words(each.closed.variance, currency)
    return Figure(label, words, "muted" if tone == "success" else tone)
