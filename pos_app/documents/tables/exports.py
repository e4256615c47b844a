"""Tables that the shop exports: whole kinds, and the refused rows of an import, to be mended and brought in again.

Decides headings in the shop's language and how each column is shown; what the cells say is `domain.imports.writing`.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pos_app.documents.tables.columns import Column, ColumnKind
from pos_app.documents.tables.writing import write_table
from pos_app.domain.catalogue import PieceState
from pos_app.domain.imports.drafts import Draft, Rules
from pos_app.domain.imports.faults import Fault, Refused
from pos_app.domain.imports.kinds import FIELDS, Holds, Kind, title_key
from pos_app.domain.imports.table import Row
from pos_app.domain.imports.writing import Spelling, cells_of
from pos_app.domain.sales.line import LineKind
from pos_app.words import translate

_LEFT_OUT = {
    Kind.CATALOGUE: frozenset(("tax_rate", "pack_barcode", "pack_quantity", "pack_unit", "pack_price")),
    Kind.PIECES: frozenset(("labour", "labour_per")),
    Kind.MEMBERS: frozenset(("birthday_kind", "level")),
    Kind.BALANCES: frozenset(),
}
"""Fields that say again what another column says, or that a draft does not hold."""
_SPELT = (LineKind.GOODS, LineKind.SERVICE, LineKind.FEE)
"""What goods may be; other kinds of lines are no goods of a shelf and are written by their code."""
_NUMBERS = {Holds.MONEY, Holds.WEIGHT, Holds.WHOLE}
_WIDE = {"name", "address", "notes", "more_barcodes", "variant_name"}


def fields_of(kind: Kind) -> tuple[str, ...]:
    """Return the fields that an export of a kind has, in order."""
    return tuple(name for name in FIELDS[kind] if name not in _LEFT_OUT[kind])


def columns_of(kind: Kind, digits: int = 2) -> tuple[Column, ...]:
    """Return the columns of an export, headed in the current language; `digits` are the decimals of money."""
    columns = []
    for name in fields_of(kind):
        holds = FIELDS[kind][name].holds
        is_number = holds in _NUMBERS
        decimals = {Holds.MONEY: digits, Holds.WEIGHT: 3}.get(holds, 0)
        columns.append(
            Column(
                title=translate(title_key(kind, name)),
                kind=ColumnKind.NUMBER if is_number else ColumnKind.TEXT,
                decimals=decimals,
                width=30 if name in _WIDE else 16,
            )
        )
    return tuple(columns)


def spelling_of(rules: Rules) -> Spelling:
    """Return the words of cells in the current language."""
    return Spelling(
        yes=translate("imports.cell.yes"),
        no=translate("imports.cell.no"),
        female=translate("imports.cell.gender.female"),
        male=translate("imports.cell.gender.male"),
        lunar=translate("imports.cell.lunar"),
        gram=translate("imports.cell.per.gram"),
        piece=translate("imports.cell.per.piece"),
        kinds={kind: translate(f"imports.cell.kind.{kind}") for kind in _SPELT},
        states={state: translate(f"imports.cell.state.{state}") for state in PieceState},
        digits=rules.currency.digits,
        tax_classes=rules.tax_classes,
    )


def write_export(path: Path, kind: Kind, drafts: Iterable[Draft], rules: Rules, watermark: str) -> int:
    """Write drafts of one kind as .xlsx or CSV with a watermark; return their number. Raises as `write_table`."""
    fields, spelling = fields_of(kind), spelling_of(rules)
    rows = (cells_of(draft, fields, spelling) for draft in drafts)
    return write_table(path, columns_of(kind, rules.currency.digits), rows, watermark)


def fault_text(kind: Kind, fault: Fault) -> str:
    """Return what is wrong with a cell, its field first, in the current language."""
    text = translate(fault.code, **fault.params)
    if not fault.field:
        return text
    return translate("imports.told.fault", field=translate(title_key(kind, fault.field)), reason=text)


def write_refused(
    path: Path, kind: Kind, headings: Sequence[str], rows: Iterable[tuple[Row, Refused]], watermark: str
) -> int:
    """Write refused rows as they stood, with the reason and how to mend it behind; return their number.

    The file can be mended and imported like the first one: headings are the same, the added columns match no field.
    """
    added = [translate(f"imports.column.{name}") for name in ("row", "reason", "hint")]
    columns = [Column(title) for title in headings] + [Column(title, width=40) for title in added]
    return write_table(path, columns, _refused_rows(kind, len(headings), rows), watermark)


def _refused_rows(
    kind: Kind, width: int, rows: Iterable[tuple[Row, Refused]]
) -> Iterator[tuple[str | None, ...]]:
    for row, refused in rows:
        reasons = " ".join(fault_text(kind, fault) for fault in refused.faults)
        hints = " ".join(dict.fromkeys(translate(fault.hint, **fault.params) for fault in refused.faults))
        cells = (row.text(i) or None for i in range(width))
        yield (*cells, str(row.number), reasons, hints)
