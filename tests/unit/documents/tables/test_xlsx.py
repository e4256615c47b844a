"""Excel workbooks are read as the person sees them; the files are written by another library."""

import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook as Book
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from pos_app.documents.tables.errors import (
    DamagedTableError,
    EmptyTableError,
    NotATableError,
    PasswordError,
    SaveAsError,
    TooLargeError,
)
from pos_app.documents.tables.opening import open_table
from pos_app.documents.tables.workbook import Format, Sheet
from pos_app.domain.imports.table import Row


def _saved(tmp_path: Path, book: Book, name: str = "table.xlsx") -> Path:
    path = tmp_path / name
    book.save(path)
    return path


def _one(tmp_path: Path, rows: list[list[Any]]) -> list[Row]:
    book = Book()
    for row in rows:
        book.active.append(row)
    return _rows(_saved(tmp_path, book))


def _rows(path: Path, sheet: int = 0) -> list[Row]:
    with open_table(path) as workbook:
        return list(workbook.rows(sheet))


def test_texts_numbers_days_truths_and_errors_keep_what_they_are(tmp_path: Path) -> None:
    numbers = [13812345678, 13812345678.0, 6901234567892, 1299.1, 0.1 + 0.2, 1e-7]
    cells = ["0012", *numbers, date(2024, 5, 3), True, "#N/A"]
    (row,) = _one(tmp_path, [cells])
    assert row.cells == (
        "0012",
        "13812345678",
        "13812345678",
        "6901234567892",
        "1299.1",
        "0.3",
        "0.0000001",
        "2024-05-03",
        "TRUE",
        "#N/A",
    )
    assert row.kinds == "tnnnnnndbe"


def test_a_time_of_day_stays_beside_its_day(tmp_path: Path) -> None:
    (row,) = _one(tmp_path, [[datetime(2024, 5, 3, 14, 30, 5), time(9, 2)]])
    assert row.cells == ("2024-05-03 14:30:05", "09:02:00")


@pytest.mark.parametrize(
    ("number_format", "value", "text", "kind"),
    [
        ('m"月"d"日"', date(2026, 5, 3), "05-03", "d"),
        ("m/d", date(2026, 5, 3), "05-03", "d"),
        ('yyyy"年"m"月"', date(2026, 5, 3), "2026-05", "d"),
        ('yyyy"年"m"月"d"日"', date(2026, 5, 3), "2026-05-03", "d"),
        ("[$-804]yyyy/m/d;@", date(2026, 5, 3), "2026-05-03", "d"),
        ("dd\\-mmm\\-yy", date(2026, 5, 3), "2026-05-03", "d"),
        ("0000000000", 1234, "0000001234", "t"),
        ("0%", 0.13, "13%", "t"),
        ("0.00%", 0.125, "12.5%", "t"),
        ('#,##0.00"元"', 1299, "1299", "n"),
        ("¥#,##0.00_);[Red](¥#,##0.00)", 1299.5, "1299.5", "n"),
        ("0.00E+00", 6901234567892, "6901234567892", "n"),
        ("@", 45, "45", "n"),
        ("h:mm:ss", 0.5, "12:00:00", "d"),
    ],
)
def test_a_format_decides_what_is_shown(
    tmp_path: Path, number_format: str, value: Any, text: str, kind: str
) -> None:
    book = Book()
    book.active["A1"] = value
    book.active["A1"].number_format = number_format
    (row,) = _rows(_saved(tmp_path, book))
    assert (row.cells, row.kinds) == ((text,), kind)


def test_a_formula_without_a_result_is_told_as_one(tmp_path: Path) -> None:
    (row,) = _one(tmp_path, [["=B1&C1", "a", "b"]])
    assert (row.cells[0], row.kinds[0]) == ("=B1&C1", "f")


def test_hidden_rows_are_told_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    book = Book()
    book.active["A2"], book.active["C5"] = "甲", "乙"
    book.active.row_dimensions[5].hidden = True
    rows = _rows(_saved(tmp_path, book))
    assert [(row.number, row.cells, row.hidden) for row in rows] == [
        (2, ("甲",), False),
        (5, ("", "", "乙"), True),
    ]


def test_a_merged_cell_fills_its_range_and_says_so(tmp_path: Path) -> None:
    book = Book()
    for row in (["标题"], ["名称", "分类"], ["甲", "奶粉"], ["乙"], ["丙"], ["丁", "玩具"]):
        book.active.append(row)
    book.active.merge_cells("A1:C1")
    book.active.merge_cells("B3:B5")
    rows = _rows(_saved(tmp_path, book))
    assert [row.cells for row in rows] == [
        ("标题", "标题", "标题"),
        ("名称", "分类"),
        ("甲", "奶粉"),
        ("乙", "奶粉"),
        ("丙", "奶粉"),
        ("丁", "玩具"),
    ]
    assert [row.merged for row in rows] == [(1, 2), (), (), (1,), (1,), ()]


def test_sheets_are_named_with_those_that_are_hidden(tmp_path: Path) -> None:
    book = Book()
    book.active.title = "会员"
    book.active.append(["姓名", "手机号"])
    other = book.create_sheet("旧表")
    other.append(["x"])
    other.sheet_state = "hidden"
    path = _saved(tmp_path, book, "会员.csv")
    with open_table(path) as workbook:
        assert workbook.format is Format.XLSX
        assert workbook.sheets == (Sheet("会员", rows=1), Sheet("旧表", hidden=True, rows=1))
        assert [row.cells for row in workbook.rows(1)] == [("x",)]
        assert [row.cells for row in workbook.rows(0)] == [("姓名", "手机号")]
        assert workbook.progress() == 1000


def test_rich_texts_emoji_and_escaped_characters_are_read_whole(tmp_path: Path) -> None:
    rich = CellRichText("王", TextBlock(InlineFont(b=True), "小满"))
    (row,) = _one(tmp_path, [[rich, "😀<b>&", " 两端 ", "一\n二"]])
    assert row.cells == ("王小满", "😀<b>&", " 两端 ", "一\n二")


def test_the_1904_calendar_of_old_macs_is_heeded(tmp_path: Path) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = Book()
    book.epoch = CALENDAR_MAC_1904
    book.active.append([date(2024, 5, 3)])
    assert _rows(_saved(tmp_path, book))[0].cells == ("2024-05-03",)


_RELATION = '<Relationships><Relationship Id="r1" Type="x/{}" Target="{}"/></Relationships>'
_PLAIN = {
    "[Content_Types].xml": "<Types/>",
    "_rels/.rels": _RELATION.format("officeDocument", "xl/workbook.xml"),
    "xl/workbook.xml": (
        '<x:workbook xmlns:x="m" xmlns:r="q"><x:sheets><x:sheet name="S" r:id="r1"/></x:sheets></x:workbook>'
    ),
    "xl/_rels/workbook.xml.rels": _RELATION.format("worksheet", "/xl/s.xml"),
}
_SHEET = "<worksheet><sheetData><row>{}</row></sheetData></worksheet>"


def _packed(tmp_path: Path, sheet: str, **more: str) -> Path:
    path = tmp_path / "packed.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**_PLAIN, "xl/s.xml": sheet, **more}.items():
            archive.writestr(name, content)
    return path


def test_a_file_with_prefixes_and_without_places_of_cells_is_read(tmp_path: Path) -> None:
    sheet = (
        '<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c>'
        "<x:c/><x:c><x:v>6.9012345678920001E+12</x:v></x:c></x:row>"
        '<x:row><x:c t="str"><x:f>A1</x:f><x:v>甲</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    rows = _rows(_packed(tmp_path, sheet))
    assert [(row.number, row.cells, row.kinds) for row in rows] == [
        (1, ("甲", "", "6901234567892"), "ttn"),
        (2, ("甲",), "t"),
    ]


def test_a_file_made_to_swell_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + _SHEET.format("<c><v>&b;</v></c>")
    with pytest.raises(DamagedTableError):
        _rows(_packed(tmp_path, bomb))
    long = _SHEET.format(f'<c t="inlineStr"><is><t>{"x" * (9 << 20)}</t></is></c>')
    with pytest.raises(TooLargeError):
        _rows(_packed(tmp_path, long))


def test_a_file_that_breaks_off_says_where(tmp_path: Path) -> None:
    with pytest.raises(DamagedTableError) as caught:
        _rows(_packed(tmp_path, '<worksheet><sheetData><row r="1"><c><v>1</v></c></row><row r="2"><c>'))
    assert caught.value.params == {"row": 1}
    with pytest.raises(DamagedTableError):
        _rows(_packed(tmp_path, _SHEET.format('<c t="s"><v>5</v></c>')))
    path = _one_file(tmp_path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DamagedTableError):
        open_table(path)


def _one_file(tmp_path: Path) -> Path:
    book = Book()
    for i in range(100):
        book.active.append([f"甲{i}", i])
    return _saved(tmp_path, book)


def test_every_single_damaged_byte_is_either_harmless_or_told(tmp_path: Path) -> None:
    path = _one_file(tmp_path)
    whole = path.read_bytes()
    for place in range(0, len(whole), 97):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        try:
            rows = _rows(path)
        except (DamagedTableError, NotATableError, EmptyTableError, SaveAsError, TooLargeError):
            continue
        assert len(rows) <= 101


def test_other_zips_and_protected_files_say_what_to_do(tmp_path: Path) -> None:
    for names, error in (
        (("mimetype", "content.xml"), SaveAsError),
        (("[Content_Types].xml", "xl/workbook.bin"), SaveAsError),
        (("[Content_Types].xml", "word/document.xml"), NotATableError),
        (("a.txt",), NotATableError),
    ):
        path = tmp_path / "other.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, "x")
        with pytest.raises(error):
            open_table(path)
    protected = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(protected)
    with pytest.raises(PasswordError):
        open_table(path)
    path.write_bytes(
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "Root Entry WordDocument".encode("utf-16-le")
    )
    with pytest.raises(NotATableError):
        open_table(path)
