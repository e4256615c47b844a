"""An Excel workbook of one sheet, written as a stream.

Decides the XML of it: texts stand in their cells and in text format, so that codes keep their zeros; nothing is shared,
so memory does not grow with the rows. Written by hand since a library takes ten times as long and holds up selling.
Source: ECMA-376, part 1, 18.3.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from pos_app.documents.tables.columns import Column, ColumnKind, Rows
from pos_app.documents.tables.errors import TooLargeError
from pos_app.documents.tables.merges import column_letters

SHEET_ROWS = 1_048_576
"""Rows of a sheet of Excel."""
CELL_LIMIT = 32_767
"""Characters of a cell of Excel."""
_BLOCK_ROWS = 500

_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TOP = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_PACKAGE}">'
    f'<Relationship Id="rId1" Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_LINKS = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_PACKAGE}">'
    f'<Relationship Id="rId1" Type="{_RELATION}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATION}/styles" Target="styles.xml"/></Relationships>'
)
_BOOK = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_HEADING_STYLE, _TEXT_STYLE, _DATE_STYLE, _FIRST_NUMBER_STYLE = 1, 2, 3, 4
_DECIMALS = 6
"""Most decimals that a number column shows."""


def _styles() -> str:
    codes = ["yyyy\\-mm\\-dd", "0", *("0." + "0" * n for n in range(1, _DECIMALS + 1))]
    formats = "".join(f'<numFmt numFmtId="{164 + i}" formatCode="{code}"/>' for i, code in enumerate(codes))
    plain = '<xf numFmtId="{}" fontId="{}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    cells = [plain.format(0, 0), plain.format(49, 1), plain.format(49, 0)]
    cells += [plain.format(164 + i, 0) for i in range(len(codes))]
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{_MAIN}">'
        f'<numFmts count="{len(codes)}">{formats}</numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(cells)}">{"".join(cells)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _style_of(column: Column) -> int:
    if column.kind is ColumnKind.TEXT:
        return _TEXT_STYLE
    if column.kind is ColumnKind.DATE:
        return _DATE_STYLE
    return _FIRST_NUMBER_STYLE + min(column.decimals, _DECIMALS)


_EPOCH = date(1899, 12, 30)
_FIRST_DAY = date(1900, 3, 1)
"""Before it Excel counts a day that never was."""
_SPECIAL = re.compile("_x[0-9A-Fa-f]{4}_|[\x00-\x08\x0b\x0c\x0e-\x1f\r\ufffe\uffff\ud800-\udfff]")


def write_xlsx(path: Path, columns: Sequence[Column], rows: Rows, watermark: str | None) -> int:
    """Write the sheet; return how many rows it holds below the headings. Raises TooLargeError, OSError."""
    above = 1 if watermark is None else 2
    number = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _TOP),
            ("xl/workbook.xml", _BOOK),
            ("xl/_rels/workbook.xml.rels", _LINKS),
            ("xl/styles.xml", _styles()),
        ):
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            parts = [_sheet_head(columns, above)]
            for number, line in enumerate(_lines(columns, rows, watermark), 1):
                if number > SHEET_ROWS:
                    raise TooLargeError()
                parts.append(line)
                if len(parts) >= _BLOCK_ROWS:
                    sheet.write("".join(parts).encode())
                    parts.clear()
            parts.append("</sheetData></worksheet>")
            sheet.write("".join(parts).encode())
    return number - above


def _sheet_head(columns: Sequence[Column], heading_row: int) -> str:
    widths = "".join(
        f'<col min="{i}" max="{i}" width="{column.width}" style="{_style_of(column)}" customWidth="1"/>'
        for i, column in enumerate(columns, 1)
    )
    pane = f'<pane ySplit="{heading_row}" topLeftCell="A{heading_row + 1}" activePane="bottomLeft" state="frozen"/>'
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{_MAIN}">'
        f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>"
    )


def _lines(columns: Sequence[Column], rows: Rows, watermark: str | None) -> Iterator[str]:
    """Yield the XML of each row: the watermark, the headings, the rows."""
    letters = [column_letters(i) for i in range(len(columns))]
    number = 1
    if watermark is not None:
        yield f'<row r="1">{_text("A1", watermark, _TEXT_STYLE)}</row>'
        number = 2
    titles = (_text(f"{a}{number}", c.title, _HEADING_STYLE) for a, c in zip(letters, columns, strict=True))
    yield f'<row r="{number}">{"".join(titles)}</row>'
    styled = [(letter, _style_of(column)) for letter, column in zip(letters, columns, strict=True)]
    for place, row in enumerate(rows, number + 1):
        cells = [
            _cell(f"{letter}{place}", text, style)
            for (letter, style), text in zip(styled, row, strict=True)
            if text
        ]
        yield f'<row r="{place}">{"".join(cells)}</row>'


def _cell(place: str, text: str, style: int) -> str:
    if style == _TEXT_STYLE:
        return _text(place, text, style)
    if style == _DATE_STYLE:
        day = date.fromisoformat(text)
        if day < _FIRST_DAY:
            return _text(place, text, _TEXT_STYLE)
        return f'<c r="{place}" s="{style}"><v>{(day - _EPOCH).days}</v></c>'
    return f'<c r="{place}" s="{style}"><v>{text}</v></c>'


def _text(place: str, text: str, style: int) -> str:
    if len(text) > CELL_LIMIT:
        raise TooLargeError()
    if not text.isprintable() or "_x" in text:
        text = _SPECIAL.sub(_escaped, text)
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _escaped(found: re.Match[str]) -> str:
    """Write a character that XML has not as Excel does, and what looks like that so that it stays what it is."""
    text = found[0]
    if len(text) > 1:
        return "_x005F" + text
    return "?" if "\ud800" <= text <= "\udfff" else f"_x{ord(text):04X}_"
