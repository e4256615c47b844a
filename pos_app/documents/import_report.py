"""What an import or its rehearsal came to, as lines for people; and its refused rows as a table to be mended.

Decides what is told and in which order; how it is shown is the caller's.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

import msgspec

from pos_app.documents.tables.exports import fault_text, write_refused
from pos_app.documents.tables.layout import Table
from pos_app.documents.tables.workbook import Workbook
from pos_app.domain.imports.faults import Fault, Refused
from pos_app.domain.imports.headings import Mapping, known_count
from pos_app.domain.imports.kinds import Kind, title_key
from pos_app.domain.imports.rehearsal import Report, RowsTold
from pos_app.domain.imports.table import Row
from pos_app.domain.values.money import Currency
from pos_app.words import format_amount, format_count, format_weight, translate

SHOWN_ROWS = 12
"""Row numbers that a line names; the others are counted."""


def spoken(refused: Refused) -> Refused:
    """Return a refused row whose faults of the shop's own records carry their message, in the current language."""
    faults = tuple(_spoken(fault) for fault in refused.faults)
    return Refused(refused.row, faults)


def _spoken(fault: Fault) -> Fault:
    code = fault.params.get("code")
    if not isinstance(code, str):
        return fault
    rest = {name: value for name, value in fault.params.items() if name != "code"}
    return msgspec.structs.replace(fault, params={"text": translate(code, **rest)})


def mapping_lines(mapping: Mapping) -> Iterator[str]:
    """Yield which heading was taken for which field, and which were left."""
    for field, column in mapping.columns.items():
        yield translate(
            "importing.mapping.column",
            heading=mapping.headings[column],
            field=translate(title_key(mapping.kind, field)),
        )
    if mapping.unmatched:
        left = "、".join(mapping.headings[column] for column in mapping.unmatched)
        yield translate("importing.mapping.unmatched", headings=left)
    for column, kind, _field in mapping.elsewhere:
        yield translate(
            "importing.mapping.elsewhere",
            heading=mapping.headings[column],
            kind=translate(f"imports.kind.{kind}"),
        )


def refused_lines(kind: Kind, refused: Iterable[Refused]) -> Iterator[str]:
    """Yield a line for each refused row: its number, what is wrong, how to mend it."""
    for each in refused:
        told = spoken(each)
        hints = dict.fromkeys(translate(fault.hint, **fault.params) for fault in told.faults)
        yield translate(
            "importing.report.refused_row",
            row=each.row,
            reason=" ".join(fault_text(kind, fault) for fault in told.faults),
            hint=" ".join(hints),
        )


def report_lines(report: Report, money: Currency) -> Iterator[str]:
    """Yield the counts and sums of a rehearsal or an import, and what was odd about rows."""
    yield translate(
        "importing.report.counts",
        rows=format_count(report.rows),
        new=format_count(report.new),
        changed=format_count(report.changed),
        same=format_count(report.same),
        refused=format_count(report.refused_count),
    )
    if report.twice:
        yield translate("importing.report.twice", count=format_count(report.twice))
    if report.bad_phones:
        yield translate("importing.report.bad_phones", count=format_count(report.bad_phones))
    yield from _sums(report, money)
    for name in ("hidden", "merged", "left_out"):
        told: RowsTold = getattr(report, name)
        if told.count:
            yield translate(f"importing.report.{name}", count=format_count(told.count), rows=_numbers(told))
    for field, count in report.not_taken.items():
        title = translate(title_key(report.kind, field))
        yield translate("importing.report.not_taken", field=title, count=format_count(count))
    for note, told in report.notes.items():
        number = format_count(told.count)
        yield translate(f"imports.note.{note}", count=told.count, number=number, rows=_numbers(told))
    if report.unpriced:
        yield unpriced_line(report)
    if report.unread_sheets:
        yield translate("importing.report.unread_sheets", sheets="、".join(report.unread_sheets))


def unpriced_line(report: Report) -> str:
    """Say for which finenesses no price of gold was ever set."""
    each = (
        translate("imports.note.unpriced_each", fineness=name, count=count, number=format_count(count))
        for name, count in list(report.unpriced.items())[:SHOWN_ROWS]
    )
    more = " …" if len(report.unpriced) > SHOWN_ROWS else ""
    return translate("imports.note.unpriced", finenesses=translate("imports.note.comma").join(each) + more)


def _sums(report: Report, money: Currency) -> Iterator[str]:
    sums = report.totals
    if report.kind is Kind.BALANCES:
        yield translate(
            "importing.report.balances",
            points=format_count(sums.points),
            principal=format_amount(sums.principal, money),
            bonus=format_amount(sums.bonus, money),
        )
    elif report.kind is Kind.PIECES:
        yield translate(
            "importing.report.pieces",
            weight=format_weight(sums.net_weight_mg),
            amount=format_amount(sums.retail, money),
        )
    elif report.kind is Kind.CATALOGUE:
        yield translate("importing.report.goods", amount=format_amount(sums.retail, money))


def _numbers(told: RowsTold) -> str:
    named = "、".join(str(row) for row in told.rows[:SHOWN_ROWS])
    return named if told.count <= SHOWN_ROWS else f"{named} …"


def write_refused_rows(
    path: Path, kind: Kind, source: tuple[Workbook, int, Sequence[str]], refused: Iterable[Refused], mark: str
) -> int:
    """Write the refused rows of a file with the reasons behind them; return how many.

    `source` is the workbook, its sheet and its headings; `refused` come in the file's order. Raises as `write_table`.
    """
    workbook, sheet, headings = source
    table = Table(workbook, sheet, partial(known_count, kind))
    return write_refused(path, kind, headings, _joined(table, refused), mark)


def _joined(table: Table, refused: Iterable[Refused]) -> Iterator[tuple[Row, Refused]]:
    rows = table.rows()
    for each in refused:
        for row in rows:
            if row.number == each.row:
                yield row, spoken(each)
                break
