"""The leak report by keys: ranges, the table, a cell's entries, one entry, its receipt, the file."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.staff import Role
from tests.support.lanes import InlineLane
from tests.support.leaky_day import leaky_day
from tests.support.screen_till import ScreenTill, counter_till, screen_till
from ui.kit.lists import RowList
from ui.leaks import leaks_screen
from ui.leaks.heat_table import HeatTable
from ui.leaks.page import LeaksPage
from ui.returns import SCREEN as RETURNS

Key = Qt.Key
T = TypeVar("T", bound=QWidget)


@pytest.fixture
def till(tmp_path: Path, qtbot: QtBot) -> Iterator[ScreenTill]:
    with counter_till(tmp_path) as at:
        leaky_day(at)
        with screen_till(at, [leaks_screen(InlineLane()), RETURNS]) as made:
            qtbot.waitUntil(made.shell.isActiveWindow)
            yield made


def page(till: ScreenTill) -> LeaksPage:
    found = till.shell.page(leaks_screen(InlineLane()).id)
    assert isinstance(found, LeaksPage)
    return found


def part(till: ScreenTill, kind: type[T], name: str) -> T:
    found = till.shell.findChild(kind, name)
    assert found is not None, name
    return found


def said(till: ScreenTill, name: str) -> str:
    return part(till, QLabel, name).text()


def heat(till: ScreenTill) -> HeatTable:
    return part(till, HeatTable, "leaks_heat")


def test_who_voids_more_often_than_the_others_stands_out_in_sign_and_colour(till: ScreenTill) -> None:
    shown = heat(till).heat()
    voids = shown.heads.index("撤单")
    first = shown.rows[0][voids]
    assert first.text.startswith("▲")
    assert first.ground in ("warning_ground", "danger_ground")
    assert "每百单" in first.spoken
    assert shown.rows[-1][0].text == "合计"


def test_arrows_walk_the_table_enter_lists_the_entries_and_esc_comes_back(till: ScreenTill) -> None:
    table, keys = heat(till), till.keys
    assert table.hasFocus()
    table.setCurrentIndex(table.model().index(0, 0))
    keys.press(Key.Key_Right)
    assert table.currentIndex().column() == 1
    keys.press(Key.Key_Down)
    assert table.currentIndex().row() == 1
    keys.press(Key.Key_Up)
    assert said(till, "leaks_said")
    keys.press(Key.Key_Return)
    rows = part(till, RowList, "leaks_list")
    count = int(heat(till).heat().rows[0][1].text.split()[-1])
    assert len(rows.rows()) == count
    assert rows.view.hasFocus()
    keys.press(Key.Key_Return)
    assert said(till, "leaks_entry_title") == heat(till).heat().heads[1]
    keys.press(Key.Key_Escape)
    assert rows.view.hasFocus()
    keys.press(Key.Key_Escape)
    assert table.hasFocus()


def test_an_entry_opens_its_receipt(till: ScreenTill) -> None:
    table, keys = heat(till), till.keys
    table.setCurrentIndex(table.model().index(0, table.heat().heads.index("撤单")))
    keys.press(Key.Key_Return)
    keys.press(Key.Key_Return)
    assert not part(till, QPushButton, "leaks_receipt").isHidden()
    keys.press(Key.Key_F4)
    assert till.shell.navigation.current == RETURNS.id


def test_columns_turn_to_hours_and_rows_to_who_said_yes(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F2)
    assert all(head.isdigit() for head in heat(till).heat().heads[1:])
    till.keys.press(Key.Key_F2)
    till.keys.press(Key.Key_F3)
    shown = heat(till).heat()
    assert shown.heads[0] == "授权人"
    assert [row[0].text for row in shown.rows] == [till.at.demo.owner.name]


def test_dates_that_are_none_are_refused_under_the_field_and_a_day_without_anything_says_so(
    till: ScreenTill,
) -> None:
    presenter = page(till)._presenter
    presenter.enter_dates("2026-13-01", "2026-01-01")
    assert "2026-11-22" in said(till, "leaks_fault")
    presenter.enter_dates("2026-02-02", "2026-02-01")
    assert said(till, "leaks_fault")
    presenter.enter_dates("20010203", "2001/2/3")
    assert said(till, "leaks_fault") == ""
    assert not heat(till).isVisible()
    assert not page(till)._may_export()


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_all_entries_go_to_a_file(till: ScreenTill, tmp_path: Path, name: str) -> None:
    presenter = page(till)._presenter
    presenter.export(tmp_path / name)
    assert name in said(till, "leaks_note")
    if name.endswith(".csv"):
        lines = (tmp_path / name).read_text("utf-8-sig").splitlines()
        assert len(lines) == 1 + len(presenter._report.leaks)
        assert any("撤单" in line and "打错了" in line for line in lines)
    presenter.export(tmp_path / "nowhere" / name)
    assert said(till, "leaks_problem")


def test_a_cashier_does_not_see_the_page(tmp_path: Path, qtbot: QtBot) -> None:
    from ui.shell.screens import Screen

    screen: Screen = leaks_screen(InlineLane())
    assert screen.permission == "see_leaks"
    from pos_app.domain.staff import Action, may

    assert not may(Role.CASHIER, Action(screen.permission))
    assert may(Role.MANAGER, Action(screen.permission))
