"""What we write opens in a spreadsheet as it was meant, runs nothing, and reads back the same."""

import errno
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pos_app.documents.tables import xlsx_writer
from pos_app.documents.tables.columns import Column, ColumnKind
from pos_app.documents.tables.errors import FileGoneError, TooLargeError
from pos_app.documents.tables.layout import Table
from pos_app.documents.tables.opening import open_table
from pos_app.documents.tables.protection import protected, unprotected
from pos_app.documents.tables.writing import write_table
from pos_app.domain.errors import StorageFullError

COLUMNS = (
    Column("名称"),
    Column("条码"),
    Column("零售价", ColumnKind.NUMBER, 2),
    Column("日期", ColumnKind.DATE),
)
ROWS = [
    ("=cmd|' /C calc'!A0", "0012345678905", "1299.00", "2024-05-03"),
    ("<b>&😀</b>\n二行", "007", "-5.5", "1890-01-01"),
    ("'+1", "@x", None, None),
]


def _back(path: Path) -> list[tuple[str, ...]]:
    with open_table(path) as workbook:
        table = Table(workbook)
        assert table.headings == ("名称", "条码", "零售价", "日期")
        return [tuple(row.text(i) for i in range(4)) for row in table.rows()]


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
@pytest.mark.parametrize("watermark", [None, "李敏，2026-11-23 14:00"])
def test_a_table_reads_back_the_same_and_the_watermark_is_skipped(
    tmp_path: Path, name: str, watermark: str | None
) -> None:
    path = tmp_path / name
    assert write_table(path, COLUMNS, ROWS, watermark) == 3
    amounts = ("1299.00", "-5.5", "") if name == "out.csv" else ("1299", "-5.5", "")
    assert _back(path) == [
        (a, b, amount, d or "") for (a, b, _, d), amount in zip(ROWS, amounts, strict=True)
    ]
    assert (watermark or "") in path.read_bytes().decode("utf-8", "ignore") or name == "out.xlsx"
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_another_library_reads_our_workbook_with_codes_as_texts_and_prices_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write_table(path, COLUMNS, ROWS, "李敏")
    sheet = openpyxl.load_workbook(path).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "# 李敏" and rows[1] == ("名称", "条码", "零售价", "日期")
    assert rows[2] == ("=cmd|' /C calc'!A0", "0012345678905", 1299, datetime(2024, 5, 3))
    assert sheet["A3"].data_type == "s" and sheet["B3"].number_format == "@"
    assert sheet["C3"].number_format == "0.00" and sheet["D3"].number_format == "yyyy\\-mm\\-dd"
    assert sheet.freeze_panes == "A3"


def test_csv_has_the_mark_by_which_excel_knows_it_and_no_cell_that_it_would_run(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_table(path, COLUMNS, ROWS)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    text = path.read_text("utf-8-sig")
    assert "'=cmd" in text and "'@x" in text and "''+1" in text and ",-5.5," in text


@example("＝1+1")
@example("\n=1+1")
@given(st.text(st.characters(exclude_characters="\x00"), max_size=12))
def test_every_text_is_guarded_and_comes_back(text: str) -> None:
    guarded = protected(text)
    assert guarded[:1] not in tuple("=+-@\t\r\n＝＋－＠")
    if not text.startswith('="'):
        assert unprotected(guarded)[0] == text


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(st.tuples(_TEXT, _TEXT), max_size=4), st.sampled_from(["csv", "xlsx"]))
def test_any_text_at_all_reads_back_from_any_file(
    tmp_path: Path, rows: list[tuple[str, str]], suffix: str
) -> None:
    path = tmp_path / f"any.{suffix}"
    written = [("x" + a, b) for a, b in rows]
    write_table(path, (Column("名称"), Column("备注")), written)
    with open_table(path) as workbook:
        back = [(row.text(0), row.text(1)) for row in workbook.rows()]
    assert back[1:] == written


def test_more_rows_than_a_sheet_has_are_refused_and_leave_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_writer, "SHEET_ROWS", 3)
    with pytest.raises(TooLargeError):
        write_table(tmp_path / "out.xlsx", COLUMNS, ROWS)
    with pytest.raises(TooLargeError):
        write_table(tmp_path / "out.xlsx", COLUMNS[:1], [("x" * 32_768,)])
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_and_a_full_disk_say_so(tmp_path: Path) -> None:
    with pytest.raises(FileGoneError):
        write_table(tmp_path / "none" / "out.csv", COLUMNS, ROWS)

    def rows() -> object:
        yield ROWS[0]
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises(StorageFullError):
        write_table(tmp_path / "out.csv", COLUMNS, rows())  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_fails_leaves_the_older_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_table(path, COLUMNS, ROWS)
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError):
        write_table(path, COLUMNS, (ROWS[i // (1 - i)] for i in range(2)))
    assert path.read_bytes() == before and [p.name for p in tmp_path.iterdir()] == ["out.csv"]
