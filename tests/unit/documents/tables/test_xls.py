"""Old workbooks are read like new ones. `files/members.xls` was written once with xlwt 1.3; its people are invented."""

from pathlib import Path

import pytest

from pos_app.documents.tables.errors import DamagedTableError
from pos_app.documents.tables.layout import Table, main_sheet
from pos_app.documents.tables.opening import open_table
from pos_app.documents.tables.workbook import Format, Sheet

MEMBERS = Path(__file__).parent / "files" / "members.xls"


def test_an_old_workbook_tells_kinds_hidden_rows_merged_cells_and_totals() -> None:
    with open_table(MEMBERS) as workbook:
        assert workbook.format is Format.XLS
        assert workbook.sheets == (Sheet("会员"), Sheet("隐藏表", hidden=True), Sheet("空表"))
        assert main_sheet(workbook) == 0
        table = Table(workbook)
        rows = {row.number: row for row in table.rows()}
    assert table.headings == ("姓名", "手机号", "卡号", "生日", "纪念日", "积分", "备注")
    assert rows[3].cells == ("王小满", "13812345678", "00123", "1988-05-03", "05-03", "1240", "常客")
    assert rows[3].kinds == "tntddnt"
    assert rows[4].cells[2:] == ("00000123", "1990-01-31", "", "0.5", "TRUE")
    assert [number for number, row in rows.items() if row.hidden] == [5]
    assert rows[7].cells[6] == "两行合并" and rows[7].merged == (6,)
    assert table.left_out == [9]


def test_an_old_workbook_that_is_damaged_says_so(tmp_path: Path) -> None:
    whole = MEMBERS.read_bytes()
    path = tmp_path / "cut.xls"
    path.write_bytes(whole[:2600])
    with pytest.raises(DamagedTableError):
        open_table(path)
    for place in range(512, len(whole), 41):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            with open_table(path) as workbook:
                for sheet in range(len(workbook.sheets)):
                    assert len(list(workbook.rows(sheet))) <= 65_536
        except DamagedTableError as error:
            assert error.params == {"row": 0}
