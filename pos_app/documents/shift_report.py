"""X and Z reports: the sums of a shift on paper.

Decides what a report shows and in which order; every figure comes from the shift's totals. An X report is a
look in between; a Z report closes, has a number, the count, the signed end of the journal, and how far a platform
has it.
"""

from dataclasses import dataclass
from datetime import datetime

from pos_app.documents.letterhead import Letterhead, heading
from pos_app.documents.page import Align, Block, Code, Page, Row, Rule, Size, Stroke, Symbology, Text
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
from pos_app.domain.facts.shop import ShiftClosed
from pos_app.domain.shifts import Shift, ShiftTotals
from pos_app.domain.values.money import Amount
from pos_app.words import format_amount, format_count, format_date, speaking, translate


@dataclass(frozen=True, slots=True)
class PlatformHas:
    """How far a platform has acknowledged the journal, as is known when the paper is made; seq 0 for not at all.

    `recorded_at` is when the last fact was recorded that it has; None where the journal has no such fact (any more).
    """

    epoch: int
    seq: int
    hash: bytes
    recorded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ZPaper:
    """What only this piece of paper says: which reprint it is, and what a platform has; None for a till alone."""

    copy: int = 0
    platform: PlatformHas | None = None


_FIRST = ZPaper()


def x_report_page(shift: Shift, totals: ShiftTotals, head: Letterhead, printed_at: datetime) -> Page:
    """Build the report of a shift that is open."""
    with speaking(head.spoken):
        title = translate("documents.shift.title.x")
        blocks = [*heading(head, title), *_body(shift, totals, head, printed_at)]
        blocks += [
            Rule(Stroke.SOLID),
            Text(translate("documents.shift.not_closing"), Size.SMALL, align=Align.CENTRE),
        ]
        return Page(tuple(blocks), title=title, language=head.spoken)


def z_report_page(
    shift: Shift, closing: ShiftClosed, head: Letterhead, printed_at: datetime, paper: ZPaper = _FIRST
) -> Page:
    """Build the report of a closed shift."""
    with speaking(head.spoken):
        title = translate("documents.shift.title.z", number=closing.z_number)
        blocks = [*heading(head, title, paper.copy), *_body(shift, closing.totals, head, printed_at, closing)]
        blocks += [
            *_count(closing, head),
            *_others(closing, head),
            *_owed(closing, head),
            Rule(Stroke.SOLID),
            *_seal(closing, head, paper.platform),
        ]
        return Page(tuple(blocks), title=title, language=head.spoken)


def _body(
    shift: Shift,
    totals: ShiftTotals,
    head: Letterhead,
    printed_at: datetime,
    closing: ShiftClosed | None = None,
) -> list[Block]:
    return [
        Rule(),
        *_facts(shift, totals, head, printed_at, closing),
        *section("sales"),
        *sales(totals, head),
        *section("tenders"),
        *tenders(totals, head),
        *taxes(totals, head),
        *cashiers(totals, head),
        *salespeople(totals, head),
        *section("cash"),
        *_cash(totals, head),
        *section("watched"),
        *_watched(totals, head),
    ]


def _facts(
    shift: Shift, totals: ShiftTotals, head: Letterhead, printed_at: datetime, closing: ShiftClosed | None
) -> list[Block]:
    settings = head.settings
    rows: list[Block] = [
        row("till", f"{settings.shop_code}-{settings.till_code}"),
        row("business_date", format_date(shift.business_date)),
        row("opened", head.moment(shift.opened_at)),
        row("opened_by", head.name_of(shift.opened_by)),
    ]
    if shift.closed_at is not None:
        rows.append(row("closed", head.moment(shift.closed_at)))
    if closing is not None and closing.closed_by not in (None, shift.opened_by):
        rows.append(row("closed_by", head.name_of(closing.closed_by)))
    if closing is not None and closing.approver is not None:
        rows.append(row("approved_by", head.name_of(closing.approver)))
    if closing is not None and closing.handed_to is not None:
        rows.append(row("handed_to", head.name_of(closing.handed_to)))
    rows.append(row("printed", head.moment(printed_at)))
    if totals.first_number and totals.last_number:
        rows += [row("first_number", totals.first_number), row("last_number", totals.last_number)]
    return rows


def _cash(totals: ShiftTotals, head: Letterhead) -> list[Block]:
    return [
        row("float", head.money(totals.float_amount)),
        row("cash_in", head.money(totals.cash_in)),
        row("cash_out", head.money(Amount(-totals.cash_out))),
        Row(translate("documents.shift.expected_cash"), head.money(totals.expected_cash), bold=True),
    ]


def _watched(totals: ShiftTotals, head: Letterhead) -> list[Block]:
    counts = (
        ("lines_removed", totals.lines_removed),
        ("carts_cancelled", totals.carts_cancelled),
        ("drawer_openings", totals.drawer_openings),
        ("reprints", totals.reprints),
    )
    rows = [row(name, format_count(count), Size.SMALL) for name, count in counts]
    return [*watched(totals, head), *rows]


def _count(closing: ShiftClosed, head: Letterhead) -> list[Block]:
    if closing.uncounted:
        return [Rule(), Text(translate("documents.shift.uncounted"), bold=True)]
    difference = format_amount(closing.variance, head.settings.money, sign="always")
    blocks: list[Block] = [Rule(), *_pieces(closing, head)]
    blocks += [
        row("counted", head.money(closing.counted)),
        Row(translate("documents.shift.variance"), difference, Size.LARGE, bold=True),
    ]
    if closing.reason:
        blocks.append(Text(translate("documents.shift.reason", reason=closing.reason)))
    if closing.recounts:
        blocks.append(row("recounts", format_count(closing.recounts), Size.SMALL))
    return blocks


def _pieces(closing: ShiftClosed, head: Letterhead) -> list[Block]:
    """Return the notes and coins that were counted."""
    if not closing.denominations:
        return []
    rows = [
        (
            head.money(piece.value),
            f"× {format_count(piece.count)}",
            head.money(Amount(piece.value * piece.count)),
        )
        for piece in closing.denominations
    ]
    return [table(rows)]


def _others(closing: ShiftClosed, head: Letterhead) -> list[Block]:
    """Return the tenders beside cash that were counted, each with its difference and the reason of it."""
    blocks: list[Block] = []
    for each in closing.counts:
        name = translate(f"documents.tender.{each.kind.value}")
        difference = format_amount(Amount(each.counted - each.expected), head.settings.money, sign="always")
        blocks += [
            Row(translate("documents.shift.counted_of", tender=name), head.money(each.counted)),
            Row(translate("documents.shift.variance"), difference, Size.SMALL, indent=2),
        ]
        if each.reason:
            reason = translate("documents.shift.reason", reason=each.reason)
            blocks.append(Text(reason, Size.SMALL))
    return blocks


def _owed(closing: ShiftClosed, head: Letterhead) -> list[Block]:
    """Return what wallets still owed an answer for when the shift closed."""
    blocks: list[Block] = []
    if closing.refunds_owed_count:
        label = translate("documents.shift.refunds_owed", count=closing.refunds_owed_count)
        blocks.append(Row(label, head.money(closing.refunds_owed), bold=True))
    if closing.payments_open:
        blocks.append(row("payments_open", format_count(closing.payments_open)))
    return blocks


def seal_payload(closing: ShiftClosed) -> str:
    """Return what the code of a Z report says: the journal's head and its signature, for a later check."""
    return f"SHUKE-Z {closing.head_epoch}.{closing.head_seq} {closing.head_hash} {closing.signature}"


def _seal(closing: ShiftClosed, head: Letterhead, platform: PlatformHas | None) -> list[Block]:
    return [
        row("journal", _place(closing.head_epoch, closing.head_seq, closing.head_hash), Size.SMALL),
        *(() if platform is None else _acknowledged(platform, head)),
        Code(Symbology.QR, seal_payload(closing)),
        Row(translate("documents.shift.signature_line")),
        Rule(),
    ]


def _place(epoch: int, seq: int, digest: str) -> str:
    return f"{epoch}.{seq} · {digest[:12]}"


def _acknowledged(platform: PlatformHas, head: Letterhead) -> list[Block]:
    """Write what the platform has: whoever cuts the journal below it later is given away by this paper (SYNC.md §9)."""
    if not platform.seq:
        return [row("platform", translate("documents.shift.platform_nothing"), Size.SMALL)]
    rows: list[Block] = [
        row("platform", _place(platform.epoch, platform.seq, platform.hash.hex()), Size.SMALL)
    ]
    if platform.recorded_at is not None:
        recorded_at = head.moment(platform.recorded_at)
        rows.append(Row(translate("documents.shift.platform_recorded"), recorded_at, Size.SMALL, indent=2))
    return rows
