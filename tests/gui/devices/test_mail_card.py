"""Letters that are not out, on the page of devices: one is sent again or dropped, or all are."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from pos_app.domain.mail import MailSettings
from pos_app.services.ports.mail import MailJobId, MailNoAnswerError
from tests.support.lanes import InlineLane
from tests.support.screen_till import ScreenTill, counter_till, screen_till
from tests.unit.ui.devices.test_mail_runner import ScriptedPost
from tests.unit.ui.devices.test_runner import HandTimer, Paperish
from ui.devices import devices_screen
from ui.devices.mail_runner import MailDoors, MailRunner
from ui.devices.runner import PrintRunner, RunnerDoors
from ui.kit.lists import RowList

Key = Qt.Key
MILK = "6931201000176"
BOTH = {"a@example.com", "b@example.com"}


@dataclass
class Desk:
    """The page of devices over two letters that a server did not take."""

    till: ScreenTill
    post: ScriptedPost
    jobs: dict[str, MailJobId]

    @property
    def list(self) -> RowList:
        found = self.till.shell.findChild(RowList, "devices_letters")
        assert found is not None
        return found

    def choose(self, to: str) -> None:
        """Make a letter the chosen one."""
        self.list.set_current([row.key for row in self.list.rows()].index(self.jobs[to]))

    def taken(self) -> set[str]:
        """Return who got a letter."""
        return {letter.to for letter in self.post.taken}


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    with counter_till(tmp_path) as at:
        shop, lane, timer = at.demo.shop, InlineLane(), HandTimer()
        mail = MailSettings(server="smtp.example.com", sender="shop@example.com")
        shop.current.value = msgspec.structs.replace(shop.current.value, mail=mail)
        sale = at.sell(MILK).sale_id
        jobs = {to: shop.mailing.queue(at.demo.owner, sale, to) for to in sorted(BOTH)}
        post = ScriptedPost([MailNoAnswerError(), MailNoAnswerError()])

        printing = PrintRunner(
            RunnerDoors(shop.printing, lane, lane, lambda: shop.current.value, Paperish, HandTimer())
        )
        runner = MailRunner(
            MailDoors(
                mailing=shop.mailing,
                db=lane,
                net=lane,
                post=post,
                settings=lambda: shop.current.value,
                clock=at.demo.outside.clock,
                timer=timer,
            )
        )
        with screen_till(at, [devices_screen(printing, runner)]) as till:
            qtbot.waitUntil(till.shell.isActiveWindow)
            timer.due()
            yield Desk(till, post, jobs)


def test_only_the_chosen_letter_is_sent_again(desk: Desk) -> None:
    desk.choose("b@example.com")
    desk.till.keys.press(Key.Key_F7)
    assert desk.taken() == {"b@example.com"}
    assert [row.key for row in desk.list.rows()] == [desk.jobs["a@example.com"]]


def test_without_a_choice_all_that_wait_are_sent(desk: Desk) -> None:
    desk.list.set_current(-1)
    desk.till.keys.press(Key.Key_F7)
    assert desk.taken() == BOTH and not desk.list.isVisible()


def test_a_letter_that_is_dropped_goes_to_nobody(desk: Desk) -> None:
    desk.choose("a@example.com")
    desk.till.keys.press(Key.Key_Delete)
    desk.list.set_current(-1)
    desk.till.keys.press(Key.Key_F7)
    assert desk.taken() == {"b@example.com"}
