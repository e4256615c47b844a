"""What goes wrong around an import: stopped, cut off, closed, changed under its hands, wanted twice."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.imports.kinds import Kind
from pos_app.hardware.folder_lock import folder_lock
from pos_app.services.ports.imports import State as BatchState
from tests.support.import_till import ImportTill, import_till, members_file
from tests.support.screen_till import CounterTill
from ui.imports import IMPORTS
from ui.imports.child import ProcessChild
from ui.imports.desk import BusyHereError
from ui.imports.state import Step
from ui.shell.screens import Screen, ScreenContext, ScreenId

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
MANY = 5_000
"""Rows enough to be in the middle of them for a while."""


def begin(till: ImportTill, folder: Path) -> Path:
    """Begin to import many members and return once some are staged."""
    file = members_file(folder / "many.csv", MANY)
    till.rehearse(Kind.MEMBERS, file)
    till.page._presenter.go_on()
    till.wait(lambda: staged(till) > 0)
    return file


def staged(till: ImportTill) -> int:
    work = till.desk.work
    if work is None or work.progress is None or till.state.step is not Step.WORKING:
        return 0
    return work.progress.counts.new


def test_an_import_stopped_in_the_middle_leaves_nothing(till: ImportTill, tmp_path: Path) -> None:
    begin(till, tmp_path)
    till.screen.keys.press(Key.Key_Delete, CTRL)
    till.screen.keys.press(Key.Key_Return)
    done = till.wait_for(Step.DONE).done
    assert done is not None and done.title == "已停止"
    assert till.at.counter.shop.imports.under_way() is None
    assert not till.knows(0)


def test_a_rehearsal_can_be_stopped_and_the_columns_are_still_there(till: ImportTill, tmp_path: Path) -> None:
    till.open_file(Kind.MEMBERS, members_file(tmp_path / "many.csv", 60_000))
    till.page._presenter.go_on()
    till.wait(lambda: till.desk.work is not None and till.desk.work.progress is not None)
    till.page._presenter.cancel()
    till.wait_for(Step.MAPPING)
    assert till.at.counter.shop.imports.batches() == ()


def test_the_page_may_be_left_and_the_status_bar_tells_how_far_it_is(
    counter: CounterTill, tmp_path: Path, qtbot: QtBot
) -> None:
    other = Screen(ScreenId("other"), "imports_page.title", "inbox", _other)
    with import_till(counter, tmp_path, qtbot, more=[other]) as till:
        begin(till, tmp_path)
        shell = till.screen.shell
        shell.navigation.open(other.id)
        assert "导入中" in told(till)
        till.wait(lambda: not till.desk.is_busy)
        assert "有结果" in told(till)
        shell.navigation.open(IMPORTS)
        done = till.wait_for(Step.DONE).done
        assert done is not None and done.title == "已启用：5,000 行"
        assert told(till) == ""


def _other(context: ScreenContext) -> QWidget:
    return QWidget()


def told(till: ImportTill) -> str:
    light = till.screen.shell.status.findChild(QWidget, "status_task")
    assert light is not None
    return "".join(label.text() for label in light.findChildren(QLabel))


def test_another_person_who_signs_in_sees_the_import_that_runs(till: ImportTill, tmp_path: Path) -> None:
    begin(till, tmp_path)
    till.screen.shell.forget_pages()
    till.screen.shell.navigation.open(IMPORTS)
    assert till.state.step is Step.WORKING and till.state.work is not None
    till.desk.cancel()
    assert till.wait_for(Step.DONE).done is not None


def test_a_second_one_is_refused_in_words_while_one_runs(till: ImportTill, tmp_path: Path) -> None:
    begin(till, tmp_path)
    work = till.desk.work
    assert work is not None
    with pytest.raises(BusyHereError) as refused:
        till.desk.begin(work.act, Kind.CATALOGUE, "goods.csv", till.at.demo.owner.staff_id)
    assert refused.value.params == {"file": "many.csv"}
    till.desk.cancel()
    till.wait_for(Step.DONE)


def test_an_import_of_another_program_is_told_in_words(till: ImportTill, tmp_path: Path) -> None:
    till.rehearse(Kind.MEMBERS, members_file(tmp_path / "members.csv", 3))
    with folder_lock(tmp_path / "import.lock"):
        till.page._presenter.go_on()
        done = till.wait_for(Step.DONE).done
    assert done is not None and done.tone == "danger" and "已经有一个导入" in done.text
    assert not till.knows(0)


def test_a_process_that_is_killed_is_told_and_its_import_offered(till: ImportTill, tmp_path: Path) -> None:
    begin(till, tmp_path)
    child = till.desk._child
    assert isinstance(child, ProcessChild)
    child._process.kill()
    done = till.wait_for(Step.DONE).done
    assert done is not None and "中断" in done.text
    till.screen.keys.press(Key.Key_Escape)
    assert till.wait_for(Step.START).cut_off is not None


def test_a_file_that_changed_since_the_rehearsal_is_not_imported(till: ImportTill, tmp_path: Path) -> None:
    file = members_file(tmp_path / "members.csv", 3)
    till.rehearse(Kind.MEMBERS, file)
    members_file(file, 4)
    till.page._presenter.go_on()
    done = till.wait_for(Step.DONE).done
    assert done is not None and "演练之后被改动" in done.text and not till.knows(0)


def test_a_file_that_is_gone_since_the_rehearsal_is_told(till: ImportTill, tmp_path: Path) -> None:
    file = members_file(tmp_path / "members.csv", 3)
    till.rehearse(Kind.MEMBERS, file)
    file.unlink()
    till.page._presenter.go_on()
    done = till.wait_for(Step.DONE).done
    assert done is not None and "members.csv" in done.text and "没有“members.csv”这个文件" in done.text


def closed_in_the_middle(counter: CounterTill, folder: Path, qtbot: QtBot) -> Path:
    with import_till(counter, folder, qtbot) as till:
        file = begin(till, folder)
    batch = counter.counter.shop.imports.under_way()
    assert batch is not None and batch.state is BatchState.STAGING and batch.counts.new < MANY
    return file


def test_a_till_closed_in_the_middle_offers_to_go_on_and_all_rows_are_there_once(
    counter: CounterTill, tmp_path: Path, qtbot: QtBot
) -> None:
    file = closed_in_the_middle(counter, tmp_path, qtbot)
    with import_till(counter, tmp_path, qtbot) as till:
        assert "没做完" in told(till)
        assert till.state.cut_off is not None and "many.csv" in till.state.cut_off.title
        till.page._presenter.resume(file)
        done = till.wait_for(Step.DONE).done
        assert done is not None and done.title == "已启用：5,000 行"
        assert till.knows(0) and till.knows(MANY - 1)
        till.page._presenter.start_over()
        after = till.wait_for(Step.START)
        assert after.cut_off is None and len(after.history) == 1


def test_a_till_closed_in_the_middle_offers_to_take_it_back(
    counter: CounterTill, tmp_path: Path, qtbot: QtBot
) -> None:
    closed_in_the_middle(counter, tmp_path, qtbot)
    with import_till(counter, tmp_path, qtbot) as till:
        till.screen.keys.press(Key.Key_F10)
        till.screen.keys.press(Key.Key_Return, CTRL)
        till.wait_for(Step.DONE)
        assert counter.counter.shop.imports.under_way() is None
        till.screen.keys.press(Key.Key_Escape)
        assert till.state.cut_off is None


def test_going_on_with_another_file_is_refused_in_words(
    counter: CounterTill, tmp_path: Path, qtbot: QtBot
) -> None:
    closed_in_the_middle(counter, tmp_path, qtbot)
    with import_till(counter, tmp_path, qtbot) as till:
        till.page._presenter.resume(members_file(tmp_path / "other.csv", 3))
        done = till.wait_for(Step.DONE).done
        assert done is not None and "many.csv" in done.text and "shuke" not in done.text
        till.page._presenter.start_over()
        assert till.state.cut_off is not None


def test_a_file_that_stands_where_it_stood_is_gone_on_with_at_once(
    counter: CounterTill, tmp_path: Path, qtbot: QtBot
) -> None:
    closed_in_the_middle(counter, tmp_path, qtbot)
    with import_till(counter, tmp_path, qtbot) as till:
        cut = till.state.cut_off
        assert cut is not None and cut.path == tmp_path / "many.csv" and "没有改动" in cut.text
        till.page.start.resume.click()
        assert till.screen.shell.findChildren(QFileDialog) == []
        done = till.wait_for(Step.DONE).done
        assert done is not None and done.title == "已启用：5,000 行"
    (batch,) = counter.counter.shop.imports.batches()
    assert batch.path == "", "where it stood is nobody's concern once it is in"


@pytest.mark.parametrize("changed", [True, False])
def test_a_file_that_changed_or_is_gone_is_asked_for(
    counter: CounterTill, tmp_path: Path, qtbot: QtBot, changed: bool
) -> None:
    file = closed_in_the_middle(counter, tmp_path, qtbot)
    members_file(file, 3) if changed else file.unlink()
    with import_till(counter, tmp_path, qtbot) as till:
        cut = till.state.cut_off
        assert cut is not None and cut.path is None and "需要原来的文件" in cut.text
