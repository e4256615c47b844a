"""Letters are taken to the server one after the other, beside the sales, and a server that is away costs nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
import pytest

from pos_app.domain.errors import StorageBusyError
from pos_app.domain.mail import MailSettings
from pos_app.services.mail import PAUSES
from pos_app.services.ports.mail import (
    Letter,
    MailAddressRefusedError,
    MailNoAnswerError,
    MailSignInError,
)
from tests.support.lanes import InlineLane
from tests.support.shop_on_disk import CANDY, DiskShop, shop_on_disk
from tests.unit.ui.devices.test_runner import HandTimer
from ui.devices.mail_runner import PAUSE_MS, MailDoors, MailRunner


@dataclass
class ScriptedPost:
    """A mail server that does what the test says, one answer a letter; None takes it."""

    answers: list[Exception | None] = field(default_factory=list)
    taken: list[Letter] = field(default_factory=list)

    def send(self, letter: Letter) -> None:
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer
        self.taken.append(letter)

    def check(self) -> None:
        return None


@dataclass
class Desk:
    shop: DiskShop
    post: ScriptedPost
    timer: HandTimer
    runner: MailRunner

    def queue(self, *to: str) -> None:
        for address in to:
            sale = self.shop.sell(CANDY).sale
            self.shop.shop.mailing.queue(self.shop.cashier, sale.sale_id, address)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with shop_on_disk(tmp_path) as shop:
        mail = MailSettings(server="smtp.example.com", sender="shop@example.com")
        shop.shop.current.value = msgspec.structs.replace(shop.shop.current.value, mail=mail)
        post, timer = ScriptedPost(), HandTimer()
        doors = MailDoors(
            mailing=shop.shop.mailing,
            db=InlineLane(),
            net=InlineLane(),
            post=post,
            settings=lambda: shop.shop.current.value,
            clock=shop.clock,
            timer=timer,
        )
        yield Desk(shop, post, timer, MailRunner(doors))


def test_what_waits_is_sent_in_its_order(desk: Desk) -> None:
    desk.queue("a@example.com", "b@example.com")
    desk.runner.start()
    assert [letter.to for letter in desk.post.taken] == ["a@example.com", "b@example.com"]
    assert desk.runner.state.queue.waiting == 0 and desk.runner.state.problem is None


@pytest.mark.parametrize("problem", [MailNoAnswerError(), MailSignInError(), StorageBusyError()])
def test_a_server_that_is_away_is_not_asked_for_every_letter(desk: Desk, problem: Exception) -> None:
    desk.queue("a@example.com", "b@example.com")
    desk.post.answers = [problem, problem]
    desk.runner.wake()
    assert len(desk.post.answers) == 1 and desk.timer.wait_ms == PAUSE_MS
    assert desk.runner.state.problem is problem and desk.runner.state.queue.waiting == 2
    desk.post.answers.clear()
    desk.shop.clock.forward(PAUSES[0])
    desk.timer.due()
    assert len(desk.post.taken) == 2 and desk.runner.state.problem is None


def test_one_bad_address_holds_up_nobody(desk: Desk) -> None:
    desk.queue("gone@example.com", "b@example.com")
    desk.post.answers = [MailAddressRefusedError()]
    desk.runner.wake()
    assert [letter.to for letter in desk.post.taken] == ["b@example.com"]
    assert desk.runner.state.queue.refused == 1


def test_when_the_settings_are_right_again_nothing_waits_for_its_hour(desk: Desk) -> None:
    desk.queue("a@example.com")
    desk.post.answers = [MailSignInError()]
    desk.runner.wake()
    desk.shop.shop.mailing.try_again()
    desk.runner.wake()
    assert len(desk.post.taken) == 1


def test_a_till_that_closes_begins_no_other_letter(desk: Desk) -> None:
    desk.queue("a@example.com")
    desk.runner.stop()
    desk.runner.wake()
    assert desk.post.taken == [] and desk.timer.ring is None
