"""X and Z reports: the sums of a shift on paper.

Decides what a report shows and in which order; every figure comes from the shift's totals. An X report is a
look in between; a Z report closes, has a number, the count, the signed end of the journal, and how far a platform
has it.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pos_app.documents.letterhead import Letterhead, heading
from pos_app.documents.page import (
    Align,
    Block,
    Cell,
    Code,
    Grid,
    Page,
    Row,
    Rule,
    Size,
    Space,
    Stroke,
    Symbology,
    Text,
)
from pos_app.domain.facts.shop import ShiftClosed
from pos_app.domain.shifts import Shift, ShiftTotals
from pos_app.domain.values.money import Amount
from pos_app.words import format_amount, format_count, format_date, format_percent, speaking, translate


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
        blocks = [*heading(head, title, paper.copy), *_body(shift, closing.totals, head, printed_at)]
        blocks += [*_count(closing, head), Rule(Stroke.SOLID), *_seal(closing, head, paper.platform)]
        return Page(tuple(blocks), title=title, language=head.spoken)


def _body(shift: Shift, totals: ShiftTotals, head: Letterhead, printed_at: datetime) -> list[Block]:
    return [
        Rule(),
        *_facts(shift, totals, head, printed_at),
        *_section("sales"),
        *_sales(totals, head),
        *_section("tenders"),
        *_tenders(totals, head),
        *_taxes(totals, head),
        *_staff(totals, head),
        *_section("cash"),
        *_cash(totals, head),
        *_section("watched"),
        *_watched(totals),
    ]


def _section(name: str) -> list[Block]:
    # A bold line with air above it: cheaper on paper than a rule and easier to find.
    return [Space(20), Text(translate(f"documents.shift.section.{name}"), bold=True)]


def _row(name: str, value: str, size: Size = Size.BODY) -> Row:
    return Row(translate(f"documents.shift.{name}"), value, size)


def _facts(shift: Shift, totals: ShiftTotals, head: Letterhead, printed_at: datetime) -> list[Block]:
    settings = head.settings
    rows: list[Block] = [
        _row("till", f"{settings.shop_code}-{settings.till_code}"),
        _row("business_date", format_date(shift.business_date)),
        _row("opened", head.moment(shift.opened_at)),
        _row("opened_by", head.name_of(shift.opened_by)),
    ]
    if shift.closed_at is not None:
        rows.append(_row("closed", head.moment(shift.closed_at)))
    rows.append(_row("printed", head.moment(printed_at)))
    if totals.first_number and totals.last_number:
        rows += [_row("first_number", totals.first_number), _row("last_number", totals.last_number)]
    return rows


def _sales(totals: ShiftTotals, head: Letterhead) -> list[Block]:
    rows: list[Block] = [
        Row(translate("documents.shift.sales", count=totals.sales_count), head.money(totals.sales)),
        Row(translate("documents.shift.returns", count=totals.returns_count), head.money(totals.returns)),
        Row(translate("documents.shift.net"), head.money(Amount(totals.sales + totals.returns)), bold=True),
        _row("subtotal", head.money(totals.subtotal), Size.SMALL),
        _row("reductions", head.money(totals.reductions), Size.SMALL),
        _row("round_off", head.money(totals.round_off), Size.SMALL),
        _row("tax", head.money(totals.tax), Size.SMALL),
    ]
    if totals.cash_rounding:
        amount = format_amount(totals.cash_rounding, head.settings.money, sign="always")
        rows.append(_row("cash_rounding", amount, Size.SMALL))
    return rows


def _table(rows: list[tuple[str, str, str]]) -> Grid:
    return Grid(
        tuple(
            (Cell(name, 5), Cell(count, 2, Align.RIGHT), Cell(amount, 5, Align.RIGHT))
            for name, count, amount in rows
        )
    )


def _tenders(totals: ShiftTotals, head: Letterhead) -> list[Block]:
    if not totals.tenders:
        return [Text(translate("documents.shift.nothing"))]
    rows = [
        (translate(f"documents.tender.{t.kind.value}"), format_count(t.count), head.money(t.amount))
        for t in totals.tenders
    ]
    return [_table(rows)]


def _taxes(totals: ShiftTotals, head: Letterhead) -> list[Block]:
    if not totals.taxes:
        return []
    blocks = _section("taxes")
    for tax in totals.taxes:
        name = translate("documents.shift.tax_rate", rate=format_percent(Decimal(tax.rate)))
        base = translate("documents.shift.tax_base", base=head.money(tax.base))
        blocks += [Row(name, head.money(tax.tax)), Row(base, size=Size.SMALL, indent=2)]
    return blocks


def _staff(totals: ShiftTotals, head: Letterhead) -> list[Block]:
    if len(totals.staff) < 2:
        return []
    rows = [(head.name_of(s.staff), format_count(s.count), head.money(s.amount)) for s in totals.staff]
    return [*_section("staff"), _table(rows)]


def _cash(totals: ShiftTotals, head: Letterhead) -> list[Block]:
    return [
        _row("float", head.money(totals.float_amount)),
        _row("cash_in", head.money(totals.cash_in)),
        _row("cash_out", head.money(Amount(-totals.cash_out))),
        Row(translate("documents.shift.expected_cash"), head.money(totals.expected_cash), bold=True),
    ]


def _watched(totals: ShiftTotals) -> list[Block]:
    counts = (
        ("voids", totals.voids_count),
        ("lines_removed", totals.lines_removed),
        ("carts_cancelled", totals.carts_cancelled),
        ("drawer_openings", totals.drawer_openings),
        ("reprints", totals.reprints),
    )
    return [_row(name, format_count(count), Size.SMALL) for name, count in counts]


def _count(closing: ShiftClosed, head: Letterhead) -> list[Block]:
    difference = format_amount(closing.variance, head.settings.money, sign="always")
    blocks: list[Block] = [
        Rule(),
        _row("counted", head.money(closing.counted)),
        Row(translate("documents.shift.variance"), difference, Size.LARGE, bold=True),
    ]
    if closing.reason:
        blocks.append(Text(translate("documents.shift.reason", reason=closing.reason)))
    return blocks


def seal_payload(closing: ShiftClosed) -> str:
    """Return what the code of a Z report says: the journal's head and its signature, for a later check."""
    return f"SHUKE-Z {closing.head_epoch}.{closing.head_seq} {closing.head_hash} {closing.signature}"


def _seal(closing: ShiftClosed, head: Letterhead, platform: PlatformHas | None) -> list[Block]:
    return [
        _row("journal", _place(closing.head_epoch, closing.head_seq, closing.head_hash), Size.SMALL),
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
        return [_row("platform", translate("documents.shift.platform_nothing"), Size.SMALL)]
    rows: list[Block] = [
        _row("platform", _place(platform.epoch, platform.seq, platform.hash.hex()), Size.SMALL)
    ]
    if platform.recorded_at is not None:
        recorded_at = head.moment(platform.recorded_at)
        rows.append(Row(translate("documents.shift.platform_recorded"), recorded_at, Size.SMALL, indent=2))
    return rows
