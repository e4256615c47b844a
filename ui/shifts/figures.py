"""The figures of a shift as words: what X, Z and the review of a count show, and how counted notes add up.

Decides labels, order and which figures a blind count hides. Sums come finished from the services.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from typing import Literal

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.facts.shop import ShiftClosed
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.shifts import Denomination, SaleSums, ShiftTotals, TenderCount, unassigned
from pos_app.domain.values.ids import ShiftId, StaffId
from pos_app.domain.values.money import ZERO, Amount, Currency
from pos_app.services.shifts import ZReport
from pos_app.services.shifts_closing import Owed
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


def counted_pieces(pieces: Mapping[int, str]) -> tuple[Denomination, ...]:
    """Return the notes and coins that were typed; `pieces` maps a value in minor units to the typed count.

    An empty count is none. Raises InvalidValueError for anything that is not a whole number below 100,000.
    """
    found = []
    for value, text in pieces.items():
        count = text.strip() or "0"
        if not (count.isascii() and count.isdigit() and len(count) <= 5):
            raise InvalidValueError(field="count", text=text)
        found.append(Denomination(value=Amount(value), count=int(count)))
    return tuple(found)


def total_of(pieces: Sequence[Denomination]) -> Amount:
    """Return what notes and coins add up to."""
    return Amount(sum(piece.value * piece.count for piece in pieces))


def variance_words(variance: Amount, currency: Currency) -> tuple[str, Tone]:
    """Say over or short in the words of the trade, never by a sign or a colour alone."""
    if variance == ZERO:
        return translate("shifts.figure.even"), "success"
    code = "shifts.figure.over" if variance > 0 else "shifts.figure.short"
    return translate(code, amount=format_amount(variance, currency, sign="never")), "danger"


def totals_figures(
    totals: ShiftTotals,
    currency: Currency,
    names: Mapping[StaffId, str],
    *,
    hidden: Collection[TenderKind] = (),
) -> tuple[Figure, ...]:
    """Return the sums of a shift; `hidden` are tenders still to be counted: with cash, what the drawer should hold."""
    money = partial(_money, currency)
    found = [*sums_figures(totals, currency, hidden=hidden)]
    found += [
        money("float", totals.float_amount),
        money("cash_in", totals.cash_in),
        money("cash_out", totals.cash_out),
    ]
    if TenderKind.CASH not in hidden:
        found.append(money("expected", totals.expected_cash, strong=True))
    found += people_figures(totals, currency, names)
    found += watched_figures(totals, currency)
    for code, count in (
        ("drawer_openings", totals.drawer_openings),
        ("lines_removed", totals.lines_removed),
        ("carts_cancelled", totals.carts_cancelled),
        ("reprints", totals.reprints),
    ):
        if count:
            found.append(Figure(translate(f"shifts.figure.{code}"), format_count(count), "muted"))
    return tuple(found)


def _money(currency: Currency, code: str, amount: Amount, *, strong: bool = False) -> Figure:
    return Figure(translate(f"shifts.figure.{code}"), format_amount(amount, currency), strong=strong)


def sums_figures(
    sums: ShiftTotals | SaleSums, currency: Currency, *, hidden: Collection[TenderKind] = ()
) -> tuple[Figure, ...]:
    """Return what was sold and returned, and what each tender brought, each kind apart."""
    money = partial(_money, currency)
    counts = translate("shifts.figure.sales", count=sums.sales_count)
    returns = translate("shifts.figure.returns", count=sums.returns_count)
    found = [
        Figure(counts, format_amount(sums.sales, currency), strong=True),
        Figure(returns, format_amount(sums.returns, currency)),
        money("reductions", sums.reductions),
        money("round_off", sums.round_off),
        money("tax", sums.tax),
    ]
    for tender in sums.tenders:
        if tender.kind not in hidden:
            found.append(Figure(tender_words(tender.kind), format_amount(tender.amount, currency)))
    for code, amount in (("voucher_fees", sums.voucher_fees), ("deposits_taken", sums.deposits_taken)):
        if amount:
            found.append(money(code, amount))
    return tuple(found)


def tender_words(kind: TenderKind) -> str:
    """Return the name of a kind of tender."""
    return translate(f"documents.tender.{kind.value}")


def people_figures(
    sums: ShiftTotals | SaleSums, currency: Currency, names: Mapping[StaffId, str]
) -> tuple[Figure, ...]:
    """Return what each salesperson sold, and what nobody in particular did; nothing where none are named."""
    if not sums.salespeople:
        return ()
    found = [Figure(translate("shifts.figure.salespeople"), "", strong=True)]
    found += [Figure(names.get(s.staff, "?"), format_amount(s.amount, currency)) for s in sums.salespeople]
    if rest := unassigned(sums):
        found.append(Figure(translate("shifts.figure.no_salesperson"), format_amount(rest, currency)))
    return tuple(found)


def watched_figures(sums: ShiftTotals | SaleSums, currency: Currency) -> tuple[Figure, ...]:
    """Return what a manager looks at first, as far as there was any."""
    found = []
    if sums.voids_count:
        both = f"{format_count(sums.voids_count)} · {format_amount(sums.voids, currency)}"
        found.append(Figure(translate("shifts.figure.voids"), both, "muted"))
    if sums.off_by_hand:
        off = format_amount(sums.off_by_hand, currency)
        found.append(Figure(translate("shifts.figure.off_by_hand"), off, "muted"))
    if sums.prices_overridden:
        count = format_count(sums.prices_overridden)
        found.append(Figure(translate("shifts.figure.prices_overridden"), count, "muted"))
    return tuple(found)


def review_figures(
    expected: Amount, counted: Amount, currency: Currency, others: Sequence[TenderCount] = ()
) -> tuple[Figure, ...]:
    """Return what each count is held against, told only after it."""
    words, tone = variance_words(Amount(counted - expected), currency)
    found = [
        Figure(translate("shifts.figure.counted"), format_amount(counted, currency)),
        Figure(translate("shifts.figure.expected"), format_amount(expected, currency)),
        Figure(translate("shifts.figure.variance"), words, tone, strong=True),
    ]
    for each in others:
        name = tender_words(each.kind)
        words, tone = variance_words(Amount(each.counted - each.expected), currency)
        counted_of = translate("shifts.figure.counted_of", tender=name)
        expected_of = translate("shifts.figure.expected_of", tender=name)
        found += [
            Figure(counted_of, format_amount(each.counted, currency)),
            Figure(expected_of, format_amount(each.expected, currency)),
            Figure(translate("shifts.figure.variance"), words, tone, strong=True),
        ]
        if each.reason:
            found.append(Figure(translate("common.word.reason"), each.reason))
    return tuple(found)


def owed_figures(owed: Owed, currency: Currency) -> tuple[Figure, ...]:
    """Return what wallets still owe an answer for; nothing where they do not."""
    found = []
    if owed.refunds_count:
        label = translate("shifts.figure.refunds_owed", count=owed.refunds_count)
        found.append(Figure(label, format_amount(owed.refunds, currency), "warning", strong=True))
    if owed.payments_open:
        label = translate("shifts.figure.payments_open")
        found.append(Figure(label, format_count(owed.payments_open), "warning"))
    return tuple(found)


def closed_figures(report: ZReport, currency: Currency, names: Mapping[StaffId, str]) -> tuple[Figure, ...]:
    """Return what stands under a Z: the counts, differences and reasons, who handed over, the journal's head."""
    closed = report.closed
    if closed.uncounted:
        found = [Figure(translate("shifts.figure.expected"), format_amount(closed.counted, currency))]
        found.append(
            Figure(translate("shifts.figure.variance"), translate("shifts.figure.uncounted"), "muted")
        )
    else:
        expected, counts = closed.totals.expected_cash, closed.counts
        found = list(review_figures(expected, closed.counted, currency)[:3])
        if closed.reason:
            found.append(Figure(translate("common.word.reason"), closed.reason))
        found += _pieces(closed, currency)
        found += review_figures(expected, closed.counted, currency, counts)[3:]
    if closed.recounts:
        found.append(Figure(translate("shifts.figure.recounts"), format_count(closed.recounts), "muted"))
    if closed.handed_to is not None:
        found.append(Figure(translate("shifts.figure.handed_to"), names.get(closed.handed_to, "?")))
    if closed.closed_by is not None and closed.closed_by != report.shift.opened_by:
        found.append(Figure(translate("shifts.figure.closed_by"), names.get(closed.closed_by, "?")))
    owed = Owed(closed.refunds_owed_count, closed.refunds_owed, closed.payments_open)
    found += owed_figures(owed, currency)
    found.append(Figure(translate("shifts.figure.head"), closed.head_hash[:HEAD_DIGITS], "muted"))
    return tuple(found)


def _pieces(closed: ShiftClosed, currency: Currency) -> list[Figure]:
    """Return the notes and coins that were counted."""
    return [
        Figure(
            f"{format_amount(piece.value, currency)} × {format_count(piece.count)}",
            format_amount(Amount(piece.value * piece.count), currency),
            "muted",
        )
        for piece in closed.denominations
    ]


def z_row(report: ZReport, currency: Currency, zone: tzinfo) -> ZRow:
    """Return a closed shift as a row."""
    closed = report.closed
    words, tone = variance_words(closed.variance, currency)
    if closed.uncounted:
        words, tone = translate("shifts.figure.uncounted"), "muted"
    short = [each for each in closed.counts if each.counted != each.expected]
    if short and closed.variance == ZERO:
        # A row has room for one: cash first, else the first tender that differs.
        words, tone = variance_words(Amount(short[0].counted - short[0].expected), currency)
        words = f"{tender_words(short[0].kind)} {words}"
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
