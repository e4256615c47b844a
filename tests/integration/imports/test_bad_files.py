"""Files as shops really have them, brought in by the command: bad rows say why and how to mend, the others are in."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from datetime import date
from pathlib import Path

import msgspec
import pytest
from openpyxl import Workbook as Book

from pos_app.documents.tables.opening import open_table
from pos_app.domain.imports.faults import Reason
from pos_app.persistence.database import open_store
from pos_app.persistence.store import SqlStore
from pos_app.words import language, set_language, translate
from tests.support.shop_on_disk import DATABASE, open_shop, place_shop
from ui.cli import main

Cells = Sequence[object]
Faults = Mapping[int, tuple[Reason, dict[str, object]]]
Write = Callable[[Path, Cells, Sequence[Cells]], Path]
XLS = Path(__file__).parents[2] / "unit/documents/tables/files/members.xls"
LONG_NAME = "欧阳" + "慧" * 38
SCRIPT = "<script>alert(1)</script>"

MEMBER_HEADINGS = ("姓名", "手机号", "会员卡号", "生日", "预产期", "备注")
MEMBERS: Sequence[Cells] = (
    ("王小满", "13812345678.0", "100012", 45231, "", "老顾客"),
    ("陈港生", "+852 9123 4567", "", "", "", ""),
    ("林台安", "886912345678", "", "", "", ""),
    ("张全角", "１３８１２３４０００５", "", "", "", ""),
    (LONG_NAME, "13812340006", "", "", "", ""),
    ("小🐱妈", "13812340007", "", "", "", "👶👶"),
    (SCRIPT, "13812340008", "", "", "", "1+1 是备注"),
    ("只有卡", "", "100013", "", "", ""),
    ("字母", "1381234abcd", "", "", "", ""),
    ("太短", "1381234", "", "", "", ""),
    ("同号", "138-1234-5678", "", "", "", ""),
    ("没号", "", "", "", "", ""),
    (LONG_NAME + "慧", "13812340014", "", "", "", ""),
    ("过期", "13812340015", "", "", date(1990, 1, 1), ""),
    ("旧卡", "13812340016", "6.90123E+12", "", "", ""),
    ("合计", "14", "", "", "", ""),
)
"""Row 2 is the first."""
MEMBER_FAULTS: Faults = {
    10: (Reason.PHONE_LETTERS, {}),
    11: (Reason.PHONE_LENGTH, {"digits": 7}),
    12: (Reason.DUPLICATE, {"first": 2}),
    13: (Reason.NO_PHONE_NO_CARD, {}),
    14: (Reason.TOO_LONG, {"length": 41, "limit": 40}),
    15: (Reason.TOO_LONG_AGO, {}),
    16: (Reason.DIGITS_LOST, {}),
}
GOODS_HEADINGS = ("商品编码", "商品名称", "条码", "零售价", "开售日期")
GOODS: Sequence[Cells] = (
    ("G001", "18K 金耳钉", "6901234567892", "¥1,299.00", 45231),
    ("G002", "奶瓶", "", "1299元", "2023-11-01"),
    ("G003", "围嘴", "6.90123E+12", "19.9", ""),
    ("G004", "湿巾", "12345678905", "9.90", ""),
    ("G001", "金耳钉 二", "", "1", ""),
    ("G006", "胶卷", "6901234567893", "30", ""),
    ("G007", "帽子", "", "面议", ""),
)
GOODS_FAULTS: Faults = {
    4: (Reason.DIGITS_LOST, {}),
    5: (Reason.ZERO_DIGIT_LOST, {"mended": "012345678905"}),
    6: (Reason.DUPLICATE, {"first": 2}),
    7: (Reason.CHECK_DIGIT, {}),
    8: (Reason.NOT_A_NUMBER, {}),
}
PIECE_HEADINGS = ("件号", "商品编码", "净重", "成色", "证书号", "克工费")
PIECES: Sequence[Cells] = (
    ("P001", "A002", "3.25g", "足金999", "Z001", "28元"),
    ("P002", "A002", "4.10克", "足金999", "Z001", "28"),
    ("P003", "A002", 0, "足金999", "Z003", "28"),
    ("P004", "A002", "2ct", "足金999", "Z004", "28"),
    ("P005", "A002", 1.5, "足金999", "Z005", "28"),
)
PIECE_FAULTS: Faults = {
    3: (Reason.DUPLICATE, {"first": 2}),
    4: (Reason.ZERO_WEIGHT, {}),
    5: (Reason.WEIGHT_UNIT, {}),
}


def as_csv(encoding: str) -> Write:
    """Return what writes CSV in an encoding."""

    def write(path: Path, headings: Cells, rows: Sequence[Cells]) -> Path:
        file = path.with_suffix(".csv")
        with file.open("w", encoding=encoding, newline="") as out:
            csv.writer(out).writerows([headings, *rows])
        return file

    return write


def as_xlsx(path: Path, headings: Cells, rows: Sequence[Cells]) -> Path:
    """Write a workbook whose table stands in its second sheet."""
    book = Book()
    book.active.append(("说明：请看下一页",))
    sheet = book.create_sheet("数据")
    for row in (headings, *rows):
        sheet.append(row)
    file = path.with_suffix(".xlsx")
    book.save(file)
    return file


WRITERS = {
    "gb18030": as_csv("gb18030"),
    "with a mark": as_csv("utf-8-sig"),
    "utf-16": as_csv("utf-16"),
    "xlsx": as_xlsx,
}


class Counter:
    """The shop whose owner types the commands."""

    def __init__(self, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.home, self._capsys = home, capsys
        place_shop(home)
        here = open_shop(home)
        self.owner = str(here.owner.staff_id)
        here.store.close()

    def speak(self, chosen: str) -> None:
        """Let the shop speak a language."""
        with self.store() as store, store.write() as tx:
            settings = tx.settings.load()
            assert settings is not None
            tx.settings.save(msgspec.structs.replace(settings, language=chosen))

    def store(self) -> AbstractContextManager[SqlStore]:
        """Return the store, which is closed after use."""
        return closing(open_store(self.home / DATABASE))

    def type(self, *words: object) -> tuple[int, str]:
        """Type a command as the owner; return its code and all that it said."""
        job = self.home / "job.json"
        job.write_text(json.dumps({"staff": self.owner}))
        code = main([*(str(word) for word in words), "--job", str(job)])
        job.unlink(missing_ok=True)
        out, err = self._capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out + err

    def found(self, *texts: str) -> list[str | None]:
        """Return the name of the one member whom each text finds."""
        with self.store() as store, store.read() as tx:
            pages = [tx.members.look_up(text, 5).members for text in texts]
        return [page[0].profile.name if len(page) == 1 else None for page in pages]


@pytest.fixture
def counter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Counter]:
    """A founded shop and its command line."""
    home = tmp_path / "home"
    monkeypatch.setenv("SHUKE_HOME", str(home))
    monkeypatch.setenv("SHUKE_KEY_STORE", "file")
    before = language()
    yield Counter(home, capsys)
    set_language(before)


def holds(said: str, faults: Faults) -> None:
    """Hold that each refused row is told on a line of its own, with the reason and how to mend it."""
    for row, (reason, params) in faults.items():
        start = translate("importing.report.refused_row", row=row, reason="\0", hint="").partition("\0")[0]
        (line,) = [line for line in said.splitlines() if line.startswith(start)]
        assert translate(f"imports.reason.{reason}", **params) in line, line
        assert translate(f"imports.hint.{reason}", **params) in line, line


def mended_file(path: Path, headings: Cells, rows: Sequence[Cells], faults: Faults) -> None:
    """Hold that a file of refused rows has each as it stood, its number and the reason beside it."""
    with open_table(path) as table:
        told = list(table.rows())[2:]
    assert [row.text(len(headings)) for row in told] == [str(number) for number in faults]
    for row, number in zip(told, faults, strict=True):
        for place, cell in enumerate(rows[number - 2]):
            shown = cell.isoformat() if isinstance(cell, date) else str(cell)
            assert row.text(place) == shown, (number, place)
        assert row.text(len(headings) + 1) and row.text(len(headings) + 2)


@pytest.mark.parametrize("chosen", ["zh_CN", "en"])
@pytest.mark.parametrize("form", WRITERS)
def test_each_bad_row_of_members_is_told_and_all_others_are_in(
    counter: Counter, tmp_path: Path, form: str, chosen: str
) -> None:
    counter.speak(chosen)
    file, refused = WRITERS[form](tmp_path / "会员", MEMBER_HEADINGS, MEMBERS), tmp_path / "refused.csv"
    dry = counter.type("import", "members", file, "--dry-run")[1]
    holds(dry, MEMBER_FAULTS)
    code, said = counter.type("import", "members", file, "--refused", refused)
    assert code == 0
    holds(said, MEMBER_FAULTS)
    counts = {"rows": "15", "new": "8", "changed": "0", "same": "0", "refused": "7"}
    assert translate("importing.report.counts", **counts) in said
    assert translate("importing.report.left_out", count="1", rows="17") in said
    mended_file(refused, MEMBER_HEADINGS, MEMBERS, MEMBER_FAULTS)
    found = counter.found(
        "13812345678", "+85291234567", "+886912345678", "13812340005", "13812340006", "13812340007"
    )
    assert found == ["王小满", "陈港生", "林台安", "张全角", LONG_NAME, "小🐱妈"]
    assert counter.found("13812340008", "100013") == [SCRIPT, "只有卡"]
    with counter.store() as store, store.read() as tx:
        (member,) = tx.members.look_up("13812345678", 5).members
        assert member.profile.birthday == date(2023, 11, 1)


@pytest.mark.parametrize("chosen", ["zh_CN", "en"])
@pytest.mark.parametrize("form", WRITERS)
def test_each_bad_row_of_goods_and_pieces_is_told_and_all_others_are_in(
    counter: Counter, tmp_path: Path, form: str, chosen: str
) -> None:
    counter.speak(chosen)
    write = WRITERS[form]
    code, said = counter.type("import", "catalogue", write(tmp_path / "商品", GOODS_HEADINGS, GOODS))
    assert code == 0
    holds(said, GOODS_FAULTS)
    code, said = counter.type("import", "pieces", write(tmp_path / "货品", PIECE_HEADINGS, PIECES))
    assert code == 0
    holds(said, PIECE_FAULTS)
    with counter.store() as store, store.read() as tx:
        goods = {variant.code: variant for variant in tx.catalogue.browse("", 50)}
        first, second = goods["G001"], goods["G002"]
        assert (first.retail, second.retail) == (129_900, 129_900)
        assert first.flags.sold_from == second.flags.sold_from == date(2023, 11, 1)
        pieces = {piece.code: piece.net_weight_mg for _, piece in tx.staged_pieces.counting(0, 50)}
    assert (pieces["P001"], pieces["P005"]) == (3_250, 1_500)
    assert not pieces.keys() & {"P002", "P003", "P004"}


def test_a_formula_hidden_rows_and_merged_cells_of_a_workbook_are_told(
    counter: Counter, tmp_path: Path
) -> None:
    counter.speak("en")
    book = Book()
    sheet = book.active
    for row in (
        ("姓名", "手机号", "备注"),
        ("王一", 13812340001, "合并"),
        ("李二", 13812340002, None),
        ("周三", 13812340003, "藏起来"),
        ("吴四", 13812340004, "=A2"),
    ):
        sheet.append(row)
    sheet.merge_cells("C2:C3")
    sheet.row_dimensions[4].hidden = True
    book.create_sheet("去年")
    book.save(tmp_path / "members.xlsx")
    code, said = counter.type("import", "members", tmp_path / "members.xlsx")
    assert code == 0
    holds(said, {5: (Reason.FORMULA, {})})
    assert translate("importing.report.hidden", count="1", rows="4") in said
    assert translate("importing.report.merged", count="1", rows="3") in said
    assert translate("importing.report.unread_sheets", sheets="去年") in said
    assert counter.found("13812340001", "13812340002", "13812340003") == ["王一", "李二", "周三"]


def test_an_old_workbook_is_taken_by_the_command(counter: Counter) -> None:
    counter.speak("en")
    code, said = counter.type("import", "members", XLS)
    assert code == 0
    holds(said, {8: (Reason.NO_PHONE_NO_CARD, {})})
    assert translate("importing.report.left_out", count="1", rows="9") in said
    assert translate("importing.report.hidden", count="1", rows="5") in said
    assert len(counter.found("00000123")) == 1 and counter.found("00000123") != [None]


def test_a_file_without_the_column_that_is_needed_says_which(counter: Counter, tmp_path: Path) -> None:
    for chosen in ("zh_CN", "en"):
        counter.speak(chosen)
        file = as_csv("gbk")(tmp_path / chosen, ("姓名", "生日"), [("王一", "1990-01-01")])
        code, said = counter.type("import", "members", file)
        assert code == 1
        assert translate("imports.field.members.phone") in said
        assert "--map" in said
    assert counter.found("王一") == [None]


def test_refused_rows_are_never_written_over_the_file_they_come_from(
    counter: Counter, tmp_path: Path
) -> None:
    counter.speak("en")
    file = as_csv("utf-8")(tmp_path / "members", ("姓名", "手机号"), [("王一", "13812340001"), ("李二", "1")])
    before = file.read_bytes()
    code, said = counter.type("import", "members", file, "--refused", file)
    assert code == 1
    assert translate("importing.error.same_file") in said
    assert file.read_bytes() == before
    assert counter.found("13812340001") == [None]


def test_refused_rows_below_a_title_of_many_cells_are_all_written(counter: Counter, tmp_path: Path) -> None:
    counter.speak("zh_CN")
    rows = [("姓名", "手机号"), ("王一", "1"), ("李二", "2"), ("甲", "乙", "丙", "丁")]
    file = as_csv("utf-8")(tmp_path / "members", ("本店", "会员", "资料", "一览"), rows)
    refused = tmp_path / "refused.csv"
    assert counter.type("import", "members", file, "--refused", refused)[0] == 0
    with open_table(refused) as table:
        assert [row.text(0) for row in table.rows()][2:] == ["王一", "李二", "甲"]
