"""What a rehearsal found and how an import ended, in words.

Decides which numbers are told and in which tone; they are counted in `domain.imports.rehearsal`. Qt-free.
"""

from pos_app.documents.import_report import unpriced_line
from pos_app.domain.imports.kinds import Kind
from pos_app.domain.imports.rehearsal import Report, RowsTold, Totals
from pos_app.domain.values.money import Currency
from pos_app.services.ports.imports import Counts
from pos_app.words import format_amount, format_count, format_weight, translate
from ui.importing_words import field_title, words_of_fault
from ui.imports.state import Count, KindTile, RefusedLine, ReportShown, Tone

LISTED = 1_000
"""Faults shown on the page; the file of refused rows has all."""
_NAMED_ROWS = 5


def shown(report: Report, file: str, currency: Currency) -> ReportShown:
    """Return what an import would do."""
    writes = report.new + report.changed
    return ReportShown(
        title=translate("imports_page.report.title", kind=kind_words(report.kind), file=file),
        counts=counts_of(report),
        totals=totals_words(report.kind, report.totals, currency),
        notes=notes_of(report),
        refused=refused_lines(report),
        refused_told=refused_words(report),
        can_save=report.refused_count > 0,
        can_run=writes > 0,
        run_words=_run_words(report, writes),
    )


def kind_words(kind: Kind) -> str:
    """Return what a kind is called."""
    return translate(f"imports_page.short.{kind}")


def tile(kind: Kind) -> KindTile:
    """Return a kind as it is chosen."""
    return KindTile(kind, kind_words(kind), translate(f"imports_page.kind.{kind}"))


def counts_of(report: Report) -> tuple[Count, ...]:
    """Return the big numbers; duplicates and bad phones are among the refused."""
    counts = [
        _count("new", report.new, "success"),
        _count("changed", report.changed, "success"),
        _count("same", report.same),
        _count("refused", report.refused_count, "danger"),
        _count("twice", report.twice, "warning"),
    ]
    if report.kind in (Kind.MEMBERS, Kind.BALANCES):
        counts.append(_count("bad_phones", report.bad_phones, "warning"))
    return tuple(counts)


def _count(name: str, number: int, tone: Tone = "plain") -> Count:
    words = translate(f"imports_page.count.{name}")
    return Count(words, format_count(number), tone if number else "plain")


def counts_done(counts: Counts) -> tuple[Count, ...]:
    """Return the big numbers of an import; what was left out or kept only when there is some."""
    made = [
        _count("new", counts.new, "success"),
        _count("changed", counts.changed, "success"),
        _count("same", counts.same),
        _count("refused", counts.refused, "danger"),
    ]
    made += [_count("left_out", counts.left_out, "warning")] if counts.left_out else []
    made += [_count("kept", counts.kept, "warning")] if counts.kept else []
    return tuple(made)


def totals_words(kind: Kind, totals: Totals, currency: Currency) -> str:
    """Return the sums of a kind, to be compared with those of the old program."""
    if kind is Kind.BALANCES:
        return translate(
            "imports_page.report.totals_balances",
            points=format_count(totals.points),
            principal=format_amount(totals.principal, currency),
            bonus=format_amount(totals.bonus, currency),
        )
    if kind is Kind.CATALOGUE:
        return translate("imports_page.report.totals_catalogue", sum=format_amount(totals.retail, currency))
    if kind is Kind.PIECES:
        return translate(
            "imports_page.report.totals_pieces",
            sum=format_amount(totals.retail, currency),
            weight=format_weight(totals.net_weight_mg),
        )
    return ""


def notes_of(report: Report) -> tuple[str, ...]:
    """Say what of the file was left out, or read although one might not think so."""
    notes = []
    for name in ("hidden", "merged", "left_out"):
        told: RowsTold = getattr(report, name)
        if told.count:
            rows = _row_numbers(told)
            number = format_count(told.count)
            notes.append(translate(f"imports_page.report.{name}", count=told.count, number=number, rows=rows))
    for note, told in report.notes.items():
        rows, number = _row_numbers(told), format_count(told.count)
        notes.append(translate(f"imports.note.{note}", count=told.count, number=number, rows=rows))
    if report.unpriced:
        notes.append(unpriced_line(report))
    if report.unread_sheets:
        sheets = translate("imports_page.word.comma").join(report.unread_sheets)
        notes.append(translate("imports_page.report.unread_sheets", sheets=sheets))
    for name, count in report.not_taken.items():
        title = field_title(report.kind, name)
        number = format_count(count)
        notes.append(translate("imports_page.report.not_taken", field=title, count=count, number=number))
    return tuple(notes)


def _row_numbers(told: RowsTold) -> str:
    named = ", ".join(format_count(row) for row in told.rows[:_NAMED_ROWS])
    return named + " …" if told.count > _NAMED_ROWS else named


def refused_lines(report: Report) -> tuple[RefusedLine, ...]:
    """Return the faults of the first refused rows, in the order of the file."""
    lines = []
    for refused in report.refused:
        row = format_count(refused.row)
        lines += [RefusedLine(row, words_of_fault(fault, report.kind)) for fault in refused.faults]
        if len(lines) >= LISTED:
            break
    return tuple(lines[:LISTED])


def refused_words(report: Report) -> str:
    """Say how many rows are refused, and when not all of them are listed."""
    if not report.refused_count:
        return translate("imports_page.report.none_refused")
    told = format_count(report.refused_count)
    if report.refused_count > len(report.refused) or sum(len(r.faults) for r in report.refused) > LISTED:
        return translate("imports_page.report.refused_first", count=told, shown=format_count(LISTED))
    return translate("imports_page.report.refused_all", count=told)


def _run_words(report: Report, writes: int) -> str:
    if writes:
        return translate("imports_page.report.run", number=format_count(writes))
    return translate("imports_page.report.nothing" if report.same else "imports_page.report.nothing_taken")
