"""The table is found in the sheet: below titles, above totals, and without remarks."""

from functools import partial
from pathlib import Path

import pytest
from openpyxl import Workbook as Book

from pos_app.documents.tables.errors import EmptyTableError, NoHeadingError
from pos_app.documents.tables.layout import Table, is_totals, main_sheet
from pos_app.documents.tables.opening import open_table
from pos_app.domain.imports.headings import known_count
from pos_app.domain.imports.kinds import Kind
from pos_app.domain.imports.table import Row

KNOWN = partial(known_count, Kind.MEMBERS)


def _table(tmp_path: Path, *lines: str) -> Table:
    path = tmp_path / "table.csv"
    path.write_bytes("\n".join(lines).encode())
    return Table(open_table(path), 0, KNOWN)


def test_titles_and_remarks_above_the_headings_are_skipped(tmp_path: Path) -> None:
    table = _table(
        tmp_path,
        "# 熟客导出：李敏",
        "某某店会员资料",
        "",
        "操作员：李敏,导出日期：2026-11-23",
        "姓名,手机号,生日",
        "王小满,1,2",
    )
    assert table.headings == ("姓名", "手机号", "生日")
    assert [row.number for row in table.above] == [1, 2, 4]
    assert [row.number for row in table.rows()] == [6]
    assert [row.cells for row in table.sample] == [("王小满", "1", "2")]


def test_headings_that_nobody_knows_are_found_by_their_looks(tmp_path: Path) -> None:
    table = _table(tmp_path, "某表", "甲列,乙列,丙列", "1,2,3")
    assert table.headings == ("甲列", "乙列", "丙列")


def test_one_known_heading_is_enough_for_a_table_of_one_column(tmp_path: Path) -> None:
    assert _table(tmp_path, "手机号", "13812345678").headings == ("手机号",)


def test_of_two_rows_of_headings_the_one_that_names_fields_counts(tmp_path: Path) -> None:
    book = Book()
    for row in (
        ["基本资料", None, "其他", None],
        ["姓名", "手机号", "生日", "备注"],
        ["王小满", "13812345678", None, None],
    ):
        book.active.append(row)
    book.active.merge_cells("A1:B1")
    book.active.merge_cells("C1:D1")
    path = tmp_path / "two.xlsx"
    book.save(path)
    with open_table(path) as workbook:
        assert Table(workbook, 0, KNOWN).heading.number == 2


def test_a_table_without_headings_or_without_anything_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoHeadingError):
        _table(tmp_path, "13812345678,100", "13912345678,200")
    book = Book()
    path = tmp_path / "empty.xlsx"
    book.save(path)
    with open_table(path) as workbook, pytest.raises(EmptyTableError):
        Table(workbook, 0, KNOWN)


@pytest.mark.parametrize(
    "cells",
    [
        ("合计", "", "1270.5"),
        ("", "总计：", "¥1,270.50", "-"),
        ("小计(3人)", "3"),
        ("共计 3 条",),
        ("Total", "", "1,270.5"),
        ("Grand total", "3"),
        ("共 92331 条记录", "", ""),
        ("制表人：李敏",),
        ("第 1 页 共 3 页",),
        ("# 熟客导出：李敏，2026-11-23",),
        ("合计", "=SUM(B1:B9)", "#N/A"),
    ],
)
def test_totals_and_remarks_are_known(cells: tuple[str, ...]) -> None:
    assert is_totals(Row(9, cells))


@pytest.mark.parametrize(
    "cells",
    [
        ("Total 牙膏", "6901234567892", "12.5"),
        ("合计好运月饼", "6901234567892"),
        ("合计", "牧星奶粉", "12.5"),
        ("SP1", "合计", "12.5"),
        ("共享充电宝", "1"),
        ("小计算器", "19.9"),
        ("总裁办", "13812345678"),
        ("#1 奶粉", "12"),
        ("Tom", "13812345678"),
        ("Sumac", "3"),
        ("制表人：李敏", "13812345678"),
        ("", ""),
    ],
)
def test_goods_and_people_are_not_taken_for_totals(cells: tuple[str, ...]) -> None:
    assert not is_totals(Row(9, cells))


def test_totals_are_left_out_and_told_and_reading_again_tells_the_same(tmp_path: Path) -> None:
    table = _table(tmp_path, "姓名,手机号,积分", "王,1,5", "小计,,5", "李,2,6", "合计,,11", "共 2 人,,")
    for _ in range(2):
        assert [row.number for row in table.rows()] == [2, 4]
        assert table.left_out == [3, 5, 6]


def test_the_sheet_with_the_headings_is_the_main_one(tmp_path: Path) -> None:
    book = Book()
    book.active.title = "说明"
    book.active.append(["请先看说明"])
    book.create_sheet("空")
    hidden = book.create_sheet("旧")
    hidden.append(["姓名", "手机号", "生日", "地址"])
    hidden.sheet_state = "hidden"
    book.create_sheet("会员").append(["姓名", "手机号"])
    path = tmp_path / "sheets.xlsx"
    book.save(path)
    with open_table(path) as workbook:
        assert main_sheet(workbook, KNOWN) == 3
