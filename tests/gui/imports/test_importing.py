"""A file goes into the shop and out of it again: by keys, on real files, with the real process."""

from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from pos_app.domain.imports.kinds import Kind
from tests.support.import_till import ImportTill, members_file
from ui.importing import Imported, Run, Source
from ui.imports.desk import Work
from ui.imports.state import Step
from ui.imports.telling import done_shown

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def numbers(counts: object) -> dict[str, str]:
    return {count.words: count.number for count in counts}  # type: ignore[attr-defined]


def test_a_file_of_members_is_typed_rehearsed_imported_and_undone_by_keys_alone(
    till: ImportTill, tmp_path: Path
) -> None:
    file = members_file(tmp_path / "members.csv", 40, bad=(3,))
    keys = till.screen.keys
    keys.press(Key.Key_F4)
    assert till.state.kind is Kind.MEMBERS
    keys.type(str(file))
    keys.press(Key.Key_Return)
    assert till.wait_for(Step.MAPPING).mapping is not None
    keys.press(Key.Key_Return, CTRL)
    report = till.wait_for(Step.REPORT).report
    assert report is not None
    assert numbers(report.counts) | {"新增": "39", "不能导入": "1", "其中电话有误": "1"} == numbers(
        report.counts
    )
    assert [line.row for line in report.refused] == ["5"]
    assert not till.knows(0)
    keys.press(Key.Key_Return, CTRL)
    done = till.wait_for(Step.DONE).done
    assert done is not None and done.title == "已启用：39 行"
    assert till.knows(0) and till.knows(39) and not till.knows(3)
    keys.press(Key.Key_F8)
    keys.press(Key.Key_Return, CTRL)
    till.wait(lambda: till.state.done is not None and "已撤销" in till.state.done.title)
    assert not till.knows(0)
    keys.press(Key.Key_Escape)
    assert till.wait_for(Step.START).history[0].state == "已撤销"


def test_a_column_is_chosen_by_typing_its_initials_and_remembered_for_the_next_file(
    till: ImportTill, tmp_path: Path
) -> None:
    file = tmp_path / "goods.csv"
    file.write_text("我的号码,叫法,卖多少\nT001,试吃糖,9.90\nT002,试用装,19.90\n", encoding="gb18030")
    state = till.open_file(Kind.CATALOGUE, file)
    keys = till.screen.keys
    assert state.mapping is not None and "商品名称" in state.mapping.missing
    keys.press(Key.Key_Return, CTRL)
    assert till.state.step is Step.MAPPING and "商品名称、商品编码或条码" in till.notices()[0]
    for field, typed in (("商品编码", "wdhm"), ("商品名称", "jf"), ("零售价", "mds")):
        go_to(till, field)
        keys.type(typed)
        keys.press(Key.Key_Return)
    mapping = till.state.mapping
    assert mapping is not None and not mapping.missing and not mapping.unused
    keys.press(Key.Key_Return, CTRL)
    report = till.wait_for(Step.REPORT).report
    assert report is not None and numbers(report.counts)["新增"] == "2"
    assert report.totals == "零售价合计 ¥29.80。"
    keys.press(Key.Key_Return, CTRL)
    till.wait_for(Step.DONE)
    assert till.at.counter.shop.catalogue.find("T001") is not None
    later = tmp_path / "goods later.csv"
    later.write_text("叫法,我的号码,卖多少\n试吃糖,T001,8.80\n", encoding="utf-8")
    again = till.open_file(Kind.CATALOGUE, later).mapping
    assert again is not None and not again.missing
    assert any("上次" in note for note in again.notes)


def go_to(till: ImportTill, title: str) -> None:
    mapping = till.state.mapping
    assert mapping is not None
    titles = [line.title for line in mapping.lines]
    while till.state.mapping is not None and titles[till.state.mapping.cursor] != title:
        step = titles.index(title) - till.state.mapping.cursor
        till.screen.keys.press(Key.Key_Down if step > 0 else Key.Key_Up)


def test_delete_leaves_a_field_out_and_escape_takes_nothing(till: ImportTill, tmp_path: Path) -> None:
    till.open_file(Kind.MEMBERS, members_file(tmp_path / "members.csv", 2))
    keys = till.screen.keys
    go_to(till, "生日")
    keys.press(Key.Key_Delete)
    mapping = till.state.mapping
    assert mapping is not None and "生日" in mapping.unused
    keys.press(Key.Key_Return)
    assert till.page.mapping.box.hasFocus()
    keys.press(Key.Key_Escape)
    assert till.state.mapping is not None and till.state.mapping.choosing is None
    keys.press(Key.Key_Escape)
    assert till.state.step is Step.START


def test_a_workbook_says_which_sheet_is_read_and_another_can_be_chosen(
    till: ImportTill, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.active.title = "说明"
    book.active.append(["这是会员表，请看第二页"])
    for name, phone in (("一店", "13700000001"), ("二店", "13700000002")):
        sheet = book.create_sheet(name)
        sheet.append(["姓名", "手机号"])
        sheet.append(["赵试", phone])
    book["二店"].sheet_state = "hidden"
    book.save(tmp_path / "members.xlsx")
    mapping = till.open_file(Kind.MEMBERS, tmp_path / "members.xlsx").mapping
    assert mapping is not None and mapping.sheets[mapping.sheet][1] == "一店"
    assert any("3" in note and "一店" in note for note in mapping.notes)
    assert "隐藏的工作表：二店" in mapping.notes
    till.screen.keys.press(Key.Key_F3)
    mapping = till.state.mapping
    assert mapping is not None and mapping.sheets[mapping.sheet][1] == "二店"
    assert mapping.lines[1].samples[0] == "****0002"


def test_phones_on_the_page_show_their_last_four_digits_only(till: ImportTill, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_text("姓名,手机号,紧急联系\n周试,13812345678,13987654321\n", encoding="utf-8")
    till.open_file(Kind.MEMBERS, file)
    till.page._presenter.ask_column()
    assert "13812345678" not in str(till.state) and "13987654321" not in str(till.state)


def test_refused_rows_are_saved_with_the_reason_mended_and_imported(till: ImportTill, tmp_path: Path) -> None:
    file = members_file(tmp_path / "members.csv", 10, bad=(2, 7))
    till.rehearse(Kind.MEMBERS, file)
    till.page._presenter.save_refused(file)
    assert not till.desk.is_busy and "换一个名字" in till.notices()[0]
    saved = tmp_path / "refused.xlsx"
    till.page._presenter.save_refused(saved)
    till.wait(lambda: not till.desk.is_busy)
    assert till.state.step is Step.REPORT and "2" in till.notices()[0]
    sheet = openpyxl.load_workbook(saved).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    heading = next(place for place, row in enumerate(rows) if "手机号" in row)
    assert len(rows) == heading + 3 and "位数不对" in str(rows[heading + 1])
    for place, row in enumerate(rows[heading + 1 :]):
        sheet.cell(heading + 2 + place, rows[heading].index("手机号") + 1, f"1360000000{place}")
        assert row[0] in ("李试2", "李试7")
    sheet.parent.save(saved)
    till.page._presenter.start_over()
    report = till.rehearse(Kind.MEMBERS, saved).report
    assert report is not None and numbers(report.counts)["新增"] == "2"


def test_a_dropped_file_is_looked_at_at_once_and_two_are_not(till: ImportTill, tmp_path: Path) -> None:
    till.page._presenter.choose_kind(Kind.MEMBERS)
    file = members_file(tmp_path / "members.csv", 2)
    drop(till, file, file)
    assert till.state.step is Step.START and till.notices() == ["一次请拖入一个文件。"]
    drop(till, file)
    till.wait_for(Step.MAPPING)


def drop(till: ImportTill, *files: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    till.page.dropEvent(QDropEvent(QPointF(10, 10), copy, data, left, none))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gone.xlsx", None, "没有“gone.xlsx”这个文件"),
        ("letter.pdf", b"%PDF-1.7 x", "不是表格"),
        ("empty.csv", b"", "空的"),
        ("half.xlsx", b"PK\x03\x04 broken", "读不下去"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words_under_the_field(
    till: ImportTill, tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    state = till.open_file(Kind.MEMBERS, tmp_path / name)
    assert state.step is Step.START and words in state.fault and not state.busy


def test_the_same_file_again_changes_nothing_and_says_so(till: ImportTill, tmp_path: Path) -> None:
    file = members_file(tmp_path / "members.csv", 5)
    till.run(Kind.MEMBERS, file)
    till.page._presenter.start_over()
    report = till.rehearse(Kind.MEMBERS, file).report
    assert report is not None and not report.can_run and numbers(report.counts)["没变化"] == "5"


def test_after_an_import_the_next_path_replaces_that_of_the_file_that_is_done(
    till: ImportTill, tmp_path: Path
) -> None:
    till.run(Kind.MEMBERS, members_file(tmp_path / "members.csv", 2))
    till.page._presenter.back()
    assert till.state.step is Step.START and till.state.path == ""


def test_a_file_whose_rest_cannot_come_in_says_so_instead_of_nothing_new(
    till: ImportTill, tmp_path: Path
) -> None:
    file = members_file(tmp_path / "members.csv", 3, bad=[2])
    done = till.run(Kind.MEMBERS, file).done
    assert done is not None and done.tone == "success"
    act = Run(Source(Kind.MEMBERS, str(file), 0, {"name": 0, "phone": 1}), "", "", 3)
    batch = till.at.counter.shop.imports.batches(1)[0]
    work = Work(act=act, kind=Kind.MEMBERS, file=file.name, result=Imported(None, batch, nothing_new=True))
    told = done_shown(work, till.at.counter.shop.current.value.money)
    assert told.text == "能导入的都已经有了；还有 1 行不能导入，请改好文件再试。"


def test_what_was_used_since_stays_when_an_import_is_undone(till: ImportTill, tmp_path: Path) -> None:
    till.run(Kind.MEMBERS, members_file(tmp_path / "members.csv", 5))
    use(till)
    till.screen.keys.press(Key.Key_F8)
    till.screen.keys.press(Key.Key_Return, CTRL)
    till.wait(lambda: till.state.done is not None and "已撤销" in till.state.done.title)
    assert till.state.done is not None and till.state.done.text.startswith("1 行保留")
    assert till.knows(1) and not till.knows(2)


def use(till: ImportTill) -> None:
    """Let the second member of the file visit the shop."""
    from pos_app.domain.members import KeyKind
    from tests.support.import_till import phone_of

    shop, now = till.at.counter.shop, till.at.demo.outside.clock.now()
    with shop.store.write() as tx:
        member = tx.members.by_key(KeyKind.PHONE, phone_of(1))
        assert member is not None
        tx.members.visited(member.member_id, now)
