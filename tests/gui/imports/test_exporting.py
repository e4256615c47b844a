"""What the shop has is written out: by those who may, with a watermark, and read back as it was."""

from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_app.domain.imports.kinds import Kind
from pos_app.domain.staff import Action, Role
from pos_app.hardware.clock import SystemClock
from tests.support.import_till import ImportTill, import_till
from tests.support.screen_till import CounterTill
from ui.imports.state import Step

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def export(till: ImportTill, kind: Kind, target: Path) -> None:
    presenter = till.page._presenter
    presenter.open_export(kind)
    presenter.edit_export(excel=target.suffix == ".xlsx")
    presenter.edit_export(target=str(target))
    till.screen.keys.press(Key.Key_Return, CTRL)


def test_goods_are_written_out_and_an_import_of_the_file_changes_nothing(
    till: ImportTill, tmp_path: Path
) -> None:
    target = tmp_path / "goods.csv"
    export(till, Kind.CATALOGUE, target)
    done = till.wait_for(Step.DONE).done
    assert done is not None and done.title.startswith("已导出")
    assert target.read_text("utf-8-sig").startswith("# 熟客导出：陈国梁")
    till.page._presenter.start_over()
    report = till.rehearse(Kind.CATALOGUE, target).report
    assert report is not None and not report.can_run and not report.refused


def test_members_are_told_to_be_personal_and_carry_a_watermark(till: ImportTill, tmp_path: Path) -> None:
    target = tmp_path / "members.xlsx"
    till.page._presenter.open_export(Kind.MEMBERS)
    shown = till.state.export
    assert shown is not None and "个人资料" in shown.told and "陈国梁" in shown.told
    assert "不在文件里的：重要日子" in shown.told
    export(till, Kind.MEMBERS, target)
    till.wait_for(Step.DONE)
    sheet = openpyxl.load_workbook(target).active
    assert str(sheet["A1"].value).startswith("# 熟客导出：陈国梁")
    assert sheet.max_row > 10


def test_a_cashier_writes_members_out_with_a_managers_yes_only(
    counter: CounterTill, tmp_path: Path, qtbot: QtBot
) -> None:
    counter.sign_in(Role.CASHIER)
    counter.around.grants = False
    # The process that writes has the computer's clock: a yes of another day would be too old for it.
    counter.demo.outside.clock.at = SystemClock().now()
    target = tmp_path / "members.csv"
    with import_till(counter, tmp_path, qtbot) as till:
        assert till.state.step is Step.EXPORT and till.state.export is not None
        assert [tile.kind for tile in till.state.export.kinds] == [Kind.MEMBERS, Kind.BALANCES]
        assert "授权" in till.state.export.told
        export(till, Kind.MEMBERS, target)
        assert [needed.action for needed in counter.around.asked] == [Action.EXPORT_MEMBERS]
        assert not till.desk.is_busy and not target.exists()
        counter.around.grants = True
        till.screen.keys.press(Key.Key_Return, CTRL)
        till.wait_for(Step.DONE)
    assert target.exists()


def test_a_folder_that_is_not_there_is_told_under_the_field(till: ImportTill, tmp_path: Path) -> None:
    export(till, Kind.MEMBERS, tmp_path / "nowhere" / "members.csv")
    assert till.state.export is not None and "位置不存在" in till.state.export.fault
    assert not till.desk.is_busy


def test_a_file_that_stands_there_is_replaced_after_a_question_only(till: ImportTill, tmp_path: Path) -> None:
    target = tmp_path / "goods.csv"
    target.write_text("mine", encoding="utf-8")
    export(till, Kind.CATALOGUE, target)
    till.screen.keys.press(Key.Key_Escape)
    assert not till.desk.is_busy and target.read_text("utf-8") == "mine"
    till.screen.keys.press(Key.Key_Return, CTRL)
    till.screen.keys.press(Key.Key_Return)
    till.wait_for(Step.DONE)
    assert target.read_text("utf-8-sig").startswith("# ")


def test_the_name_of_the_file_follows_kind_and_format_until_it_is_typed(till: ImportTill) -> None:
    keys = till.screen.keys
    keys.press(Key.Key_F6)
    keys.press(Key.Key_F4)
    shown = till.state.export
    assert shown is not None and shown.target.endswith("会员-2026-11-22.xlsx")
    keys.press(Key.Key_F8)
    assert till.state.export is not None and till.state.export.target.endswith("会员-2026-11-22.csv")
    till.page._presenter.edit_export(target="/a/mine.csv")
    keys.press(Key.Key_F2)
    assert till.state.export is not None and till.state.export.target == str(Path("/a/mine.csv"))
    keys.press(Key.Key_Escape)
    assert till.state.step is Step.START
