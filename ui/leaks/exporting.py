"""The entries of a report as a table for a spreadsheet. Decides its columns; Qt-free, on a lane."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pos_app.documents.tables.columns import Column, ColumnKind
from pos_app.documents.tables.writing import write_table
from pos_app.domain.leaks import Leak
from pos_app.domain.settings import Settings
from pos_app.domain.values.moments import from_ms
from pos_app.words import format_amount, format_date_time, translate
from ui.leaks.table import Told


def write(path: Path, leaks: Sequence[Leak], told: Told, settings: Settings) -> int:
    """Write the entries, CSV or Excel by the file's name; return how many. Raises as `write_table`."""
    columns = (
        Column(translate("leaks.field.at"), width=20),
        Column(translate("leaks.field.till"), width=8),
        Column(translate("leaks.field.what"), width=16),
        Column(translate("leaks.field.person"), width=14),
        Column(translate("leaks.field.approver"), width=14),
        Column(translate("leaks.field.number"), width=22),
        Column(translate("leaks.field.amount"), ColumnKind.NUMBER, settings.money.digits, 14),
        Column(translate("leaks.field.reason"), width=28),
        Column(translate("leaks.field.entry"), width=14),
    )
    return write_table(path, columns, _rows(leaks, told, settings))


def _rows(leaks: Sequence[Leak], told: Told, settings: Settings) -> Iterator[Sequence[str | None]]:
    for leak in leaks:
        amount = format_amount(leak.amount, settings.money, symbol=False)
        yield (
            format_date_time(from_ms(leak.at_ms), settings.zone, seconds=True),
            settings.till_code,
            translate(f"leaks.kind.{leak.kind.value}"),
            told.name(leak.person),
            told.name(leak.approver) if leak.approver else None,
            leak.number,
            amount.replace(",", "").replace("−", "-"),
            leak.reason,
            f"{leak.epoch}/{leak.seq}",
        )
