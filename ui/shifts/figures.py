"""The figures of a shift as words: what X, Z and the review of a count show, and how counted notes add up.

Decides labels, order and which figures a blind count hides. Sums come finished from the services.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Literal

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.shifts import ShiftTotals
from pos_app.domain.values.ids import ShiftId
from pos_app.domain.values.money import ZERO, Amount, Currency
from pos_app.services.shifts import ZReport
from pos_app.words import format_amount, format_count, format_date, format_date_time, translate

Tone = Literal["", "danger", "warning", "success", "muted"]
HEAD_DIGITS = 12
DENOMINATIONS = {"CNY": (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10)}
"""Notes and coins in use, in minor units; a currency that is not here is counted as one total."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: a label and what stands on the right."""

    label: str
    value: str
    tone: Tone = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class ZRow:
    """One closed shift in the list."""

    shift_id: ShiftId
    number: str
    day: str
    closed_at: str
    sales: str
    counted: str
    variance: str
    variance_tone: Tone
    head: str


def counted_total(pieces: Mapping[int, str]) -> Amount:
    """Return what counted notes and coins add up to; `pieces` maps a value in minor units to the typed count.

    An empty count is none. Raises InvalidValueError for anything that is not a whole number below 100,000.
    """
    total = 0
    for value, text in pieces.items():
        count = text.strip() or "0"
        if not (count.isascii() and count.isdigit() and len(count) <= 5):
            raise InvalidValueError(field="count", text=text)
        total += value * int(count)
    return Amount(total)


def variance_words(variance: Amount, currency: Currency) -> tuple[str, Tone]:
    """Say over or short in the words of the trade, never by a sign or a colour alone."""
    if variance == ZERO:
        return translate("shifts.figure.even"), "success"
    code = "shifts.figure.over" if variance > 0 else "shifts.figure.short"
    return translate(code, amount=format_amount(variance, currency, sign="never")), "danger"


def totals_figures(totals: ShiftTotals, currency: Currency, *, blind: bool) -> tuple[Figure, ...]:
    """Return the sums of a shift; `blind` leaves out cash and what the drawer should hold."""

    def money(code: str, amount: Amount, *, strong: bool = False) -> Figure:
        return Figure(translate(f"shifts.figure.{code}"), format_amount(amount, currency), strong=strong)

    counts = translate("shifts.figure.sales", count=totals.sales_count)
    returns = translate("shifts.figure.returns", count=totals.returns_count)
    found = [
        Figure(counts, format_amount(totals.sales, currency), strong=True),
        Figure(returns, format_amount(totals.returns, currency)),
        money("reductions", totals.reductions),
        money("round_off", totals.round_off),
        money("tax", totals.tax),
    ]
    for tender in totals.tenders:
        if blind and tender.kind is TenderKind.CASH:
            continue
        label = translate(f"documents.tender.{tender.kind.value}")
        found.append(Figure(label, format_amount(tender.amount, currency)))
    found += [
        money("float", totals.float_amount),
        money("cash_in", totals.cash_in),
        money("cash_out", totals.cash_out),
    ]
    if not blind:
        found.append(money("expected", totals.expected_cash, strong=True))
    for code, count in (
        ("voids", totals.voids_count),
        ("drawer_openings", totals.drawer_openings),
        ("lines_removed", totals.lines_removed),
        ("carts_cancelled", totals.carts_cancelled),
        ("reprints", totals.reprints),
    ):
        if count:
            found.append(Figure(translate(f"shifts.figure.{code}"), format_count(count), "muted"))
    return tuple(found)


def review_figures(expected: Amount, counted: Amount, currency: Currency) -> tuple[Figure, ...]:
    """Return what the count is held against, told only after it."""
    words, tone = variance_words(Amount(counted - expected), currency)
    return (
        Figure(translate("shifts.figure.counted"), format_amount(counted, currency)),
        Figure(translate("shifts.figure.expected"), format_amount(expected, currency)),
        Figure(translate("shifts.figure.variance"), words, tone, strong=True),
    )


def closed_figures(report: ZReport, currency: Currency) -> tuple[Figure, ...]:
    """Return what stands under a Z: the count, the difference and its reason, the journal's head."""
    closed = report.closed
    found = list(review_figures(closed.totals.expected_cash, closed.counted, currency))
    if closed.reason:
        found.append(Figure(translate("common.word.reason"), closed.reason))
    found.append(Figure(translate("shifts.figure.head"), closed.head_hash[:HEAD_DIGITS], "muted"))
    return tuple(found)


def z_row(report: ZReport, currency: Currency, zone: tzinfo) -> ZRow:
    """Return a closed shift as a row."""
    closed = report.closed
    words, tone = variance_words(closed.variance, currency)
    at = report.shift.closed_at
    return ZRow(
        shift_id=report.shift.shift_id,
        number=f"Z {closed.z_number}",
        day=format_date(report.shift.business_date),
        closed_at=format_date_time(at, zone) if at else "",
        sales=format_amount(Amount(closed.totals.sales + closed.totals.returns), currency),
        counted=format_amount(closed.counted, currency),
        variance=words,
        variance_tone="muted" if tone == "success" else tone,
        head=closed.head_hash[:HEAD_DIGITS],
    )
