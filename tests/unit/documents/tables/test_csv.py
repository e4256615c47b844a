"""CSV of every make is read as a spreadsheet would show it."""

from pathlib import Path

import pytest

from pos_app.documents.tables.csv_reader import CsvWorkbook
from pos_app.documents.tables.errors import (
    DamagedTableError,
    EmptyTableError,
    EncodingError,
    FileGoneError,
    NotATableError,
    SaveAsError,
)
from pos_app.documents.tables.opening import open_table
from pos_app.documents.tables.workbook import COLUMN_LIMIT
from pos_app.domain.imports.table import CellKind, Row


def _rows(tmp_path: Path, content: bytes, name: str = "table.csv") -> list[Row]:
    path = tmp_path / name
    path.write_bytes(content)
    with open_table(path) as workbook:
        return list(workbook.rows())


def _cells(tmp_path: Path, content: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in _rows(tmp_path, content)]


@pytest.mark.parametrize(
    "encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_any_encoding_and_delimiter_is_found_out(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [("姓名", "手机号", "备注"), ("王小满", "13812345678", "常客"), ("林婉清", "13912345678", "")]
    text = "\r\n".join(delimiter.join(line) for line in lines)
    assert _cells(tmp_path, text.encode(encoding)) == lines


def test_the_name_of_the_file_decides_nothing(tmp_path: Path) -> None:
    rows = _rows(tmp_path, "姓名\t手机号\n王小满\t13812345678\n".encode("gbk"), "会员.xls")
    assert rows[1] == Row(2, ("王小满", "13812345678"))


def test_chinese_that_comes_late_still_decides_the_encoding(tmp_path: Path) -> None:
    lines = [f"P{i},{i}" for i in range(200_000)] + ["P,牧星奶粉"]
    cells = _cells(tmp_path, "\n".join(lines).encode("gbk"))
    assert cells[-1] == ("P", "牧星奶粉")


def test_quoted_line_ends_are_one_row_and_blank_lines_count_as_rows(tmp_path: Path) -> None:
    rows = _rows(tmp_path, b'a,b\r\n"x\r\ny","1,5"\r\n\r\n"say ""hi""",2\r\n')
    assert [(row.number, row.cells) for row in rows] == [
        (1, ("a", "b")),
        (2, ("x\r\ny", "1,5")),
        (3, ()),
        (4, ('say "hi"', "2")),
    ]
    assert rows[2].is_blank


def test_a_line_that_names_the_delimiter_is_obeyed_and_not_shown(tmp_path: Path) -> None:
    assert _cells(tmp_path, b"sep=;\r\na;b,c\r\n1;2,3\r\n") == [("a", "b,c"), ("1", "2,3")]


def test_a_comma_inside_prices_does_not_make_a_delimiter_of_tabs(tmp_path: Path) -> None:
    assert _cells(tmp_path, b"name\tprice\nA\t1,299\nB\t2,500\nC\t3\n")[1] == ("A", "1,299")


def test_one_column_is_a_table_too(tmp_path: Path) -> None:
    assert _cells(tmp_path, "手机号\n13812345678\n".encode()) == [("手机号",), ("13812345678",)]


def test_texts_guarded_by_other_programs_are_read_as_they_are_meant(tmp_path: Path) -> None:
    (row,) = _rows(tmp_path, b"=\"0012\",'=1+1,'-5,\"'''@x\",=A1+1,it's\n")
    assert row.cells == ("0012", "=1+1", "-5", "''@x", "=A1+1", "it's")
    assert [row.kind(i) for i in range(6)] == [CellKind.TEXT, "u", "u", "u", CellKind.FORMULA, "u"]


def test_a_file_cut_off_inside_a_quote_says_where(tmp_path: Path) -> None:
    content = b"a,b\n1,2\n" + b'3,"' + b"x" * 200_000
    path = tmp_path / "cut.csv"
    path.write_bytes(content)
    with open_table(path) as workbook, pytest.raises(DamagedTableError) as caught:
        list(workbook.rows())
    assert caught.value.params == {"row": 2}


def test_progress_goes_from_nothing_to_all(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 50_000)
    workbook = CsvWorkbook(path)
    seen = [workbook.progress() for _ in workbook.rows()]
    assert seen[0] == 0 and seen == sorted(seen) and workbook.progress() == 1000


def test_no_more_columns_are_read_than_a_table_has(tmp_path: Path) -> None:
    (row,) = _rows(tmp_path, b"x," * 2000 + b"\n")
    assert len(row.cells) == COLUMN_LIMIT


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyTableError),
        (b"\xef\xbb\xbf \r\n", EmptyTableError),
        (b"%PDF-1.7 ...", NotATableError),
        (b"\x89PNG\r\n\x1a\n....", NotATableError),
        (b"MZ\x90\x00\x03\x00\x00\x00", NotATableError),
        (b"a,b\n1,2\n\x00\x01\x02", NotATableError),
        (b"<html><body><table><tr><td>x</td></tr></table>", SaveAsError),
        (b'\r\n<?xml version="1.0"?><Workbook xmlns="urn:x"></Workbook>', SaveAsError),
        (b"a,\xff\xfe\xfd\n", EncodingError),
    ],
)
def test_what_is_no_csv_is_refused_with_what_to_do(
    tmp_path: Path, content: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        _rows(tmp_path, content)


def test_a_file_that_is_gone_is_named_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(FileGoneError) as caught:
        open_table(tmp_path / "无.csv")
    assert caught.value.params == {"file": "无.csv"}
    with pytest.raises(FileGoneError):
        open_table(tmp_path)
