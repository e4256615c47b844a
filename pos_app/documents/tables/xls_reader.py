"""Old Excel workbooks (.xls) as rows, read by xlrd (BSD), which also tells hidden rows and merged cells.

Decides the same of a cell as the reader of .xlsx. The format has 65,536 rows at most, so a sheet is loaded whole. It
always holds a result for a formula: one that was never reckoned reads as 0 or as blank.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pos_app.documents.tables.errors import DamagedTableError, PasswordError
from pos_app.documents.tables.merges import Merges, Range
from pos_app.documents.tables.number_formats import GENERAL, NumberFormat, format_of, shown
from pos_app.documents.tables.workbook import COLUMN_LIMIT, ClosingWorkbook, Format, Sheet
from pos_app.domain.imports.table import CellKind, Row


class XlsWorkbook(ClosingWorkbook):
    """An .xls file; `close` frees what it holds. Raises PasswordError, DamagedTableError."""

    format = Format.XLS

    def __init__(self, path: Path) -> None:
        import xlrd

        try:
            self._book: Any = xlrd.open_workbook(
                str(path), formatting_info=True, on_demand=True, logfile=io.StringIO()
            )
        except OSError:
            raise
        except xlrd.XLRDError as error:
            if "encrypt" in str(error).lower():
                raise PasswordError() from None
            raise DamagedTableError(row=0) from None
        except Exception:
            # A broken file sets off any error inside the library: struct.error, IndexError, AssertionError …
            raise DamagedTableError(row=0) from None
        names = self._book.sheet_names()
        shown_states = self._book._sheet_visibility
        self.sheets = tuple(Sheet(name, shown_states[i] != 0) for i, name in enumerate(names))
        self._formats: dict[int, NumberFormat] = {}
        self._errors: dict[int, str] = xlrd.error_text_from_code
        self._progress = 0

    def rows(self, sheet: int = 0) -> Iterator[Row]:
        """Yield the rows of a sheet that hold anything."""
        try:
            page: Any = self._book.sheet_by_index(sheet)
        except Exception:
            # The library reads the sheet only now; see above.
            raise DamagedTableError(row=0) from None
        merges = Merges(
            Range(top + 1, bottom, left, right - 1) for top, bottom, left, right in page.merged_cells
        )
        for index in range(page.nrows):
            self._progress = index * 1000 // page.nrows
            told = [self._cell(cell) for cell in page.row(index)[:COLUMN_LIMIT]]
            cells, kinds = [text for text, _ in told], [kind for _, kind in told]
            merged = merges.fill(index + 1, cells, kinds) if merges else ()
            about = page.rowinfo_map.get(index)
            yield Row(index + 1, tuple(cells), "".join(kinds), bool(about and about.hidden), merged)
        self._progress = 1000

    def _cell(self, cell: Any) -> tuple[str, str]:
        kind, value = cell.ctype, cell.value
        if kind == 1:
            return str(value), CellKind.TEXT.value
        if kind in (2, 3):
            text, shown_kind = shown(repr(value), self._format(cell.xf_index), self._book.datemode == 1)
            return text, shown_kind.value
        if kind == 4:
            return ("TRUE" if value else "FALSE"), CellKind.BOOLEAN.value
        if kind == 5:
            return self._errors.get(value, "#N/A"), CellKind.ERROR.value
        return "", CellKind.TEXT.value

    def _format(self, index: int | None) -> NumberFormat:
        if index is None:
            return GENERAL
        if index not in self._formats:
            key = self._book.xf_list[index].format_key
            known = self._book.format_map.get(key)
            code = known.format_str if known is not None else None
            built_in = code is None or 27 <= key <= 58
            self._formats[index] = format_of(key, None if built_in else code) if key else GENERAL
        return self._formats[index]

    def progress(self) -> int:
        """Return how much of the sheet is handed out, in thousandths."""
        return self._progress

    def close(self) -> None:
        """Free the book."""
        self._book.release_resources()
