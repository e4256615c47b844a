"""The members page driven by keys and scans only, over the real store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from pos_app.domain.members import Member
from pos_app.domain.staff import Role
from tests.support.screen_till import CounterTill, ScreenTill, counter_till, screen_till
from ui.members import SCREEN
from ui.members.page import MembersPage
from ui.members.state import Stage
from ui.shell.screens import Screen, ScreenId

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SALES = Screen(ScreenId("sales"), "common.word.total", "shopping-cart", lambda _context: SellStand())


class SellStand(QWidget):
    """Stands where Sell is and remembers what it was opened with."""

    def __init__(self) -> None:
        super().__init__()
        self.args: list[object] = []

    def opened(self, args: object) -> None:
        self.args.append(args)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[CounterTill]:
    with counter_till(tmp_path) as till:
        yield till


@pytest.fixture
def till(counter: CounterTill, qtbot: QtBot) -> Iterator[ScreenTill]:
    with screen_till(counter, [SALES, SCREEN]) as shown:
        shown.shell.navigation.open(SCREEN.id)
        yield shown


def page(till: ScreenTill) -> MembersPage:
    found = till.shell.page(SCREEN.id)
    assert isinstance(found, MembersPage)
    return found


def names(till: ScreenTill) -> list[str]:
    return [row.cells[0].text for row in page(till).list.rows()]


def member_of(till: ScreenTill, phone: str) -> Member:
    found = till.at.counter.shop.members.find_phone(phone)
    assert found is not None
    return found


def test_a_member_is_found_by_the_phone_however_it_is_written(till: ScreenTill) -> None:
    for written in ("13800001234", "138 0000 1234", "+86 138-0000-1234"):
        page(till).box.setText("")
        till.keys.type(written)
        assert names(till) == ["王小满"]


def test_a_member_is_found_by_the_last_four_and_by_the_start_of_a_name(till: ScreenTill) -> None:
    till.keys.type("1234")
    assert "王小满" in names(till)
    page(till).box.setText("王小")
    assert names(till)[0].startswith("王小")


def test_phones_in_the_list_are_masked_for_everybody(till: ScreenTill) -> None:
    phones = [row.cells[1].text for row in page(till).list.rows()]
    assert phones and all("****" in phone for phone in phones)


@pytest.mark.parametrize(("role", "shown"), [(Role.CLERK, "138****1234"), (Role.MANAGER, "138 0000 1234")])
def test_only_a_manager_reads_a_phone_in_full(till: ScreenTill, role: Role, shown: str) -> None:
    till.at.sign_in(role)
    till.keys.type("13800001234")
    card = page(till)._presenter.state.card
    assert card is not None and card.phone == shown


def test_a_member_is_signed_up_with_a_phone_and_a_spoken_yes(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F10)
    till.keys.type("13911112222")
    till.keys.press(Key.Key_Return)
    till.keys.press(Key.Key_Return)
    till.keys.press(Key.Key_Return, CTRL)
    member = member_of(till, "13911112222")
    assert [c.given for c in member.consents] == [True]
    assert page(till)._presenter.state.stage is Stage.CARD
    assert names(till) == ["未留姓名"]


def test_without_the_yes_nobody_is_signed_up(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F10)
    till.keys.type("13911112222")
    till.keys.press(Key.Key_Return, CTRL)
    assert till.at.counter.shop.members.find_phone("13911112222") is None
    assert "agreed" in page(till)._presenter.state.faults.fields


def test_a_phone_that_is_known_shows_its_owner_while_it_is_typed(till: ScreenTill) -> None:
    till.keys.press(Key.Key_F10)
    till.keys.type("13800001234")
    assert page(till)._presenter.state.owner == "王小满"
    till.keys.press(Key.Key_Return, CTRL)
    assert names(till) == ["王小满"]
