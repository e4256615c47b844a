"""After the change: the receipt by e-mail or on A4, by one key, and the next customer is not held up."""

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from pos_app.domain.mail import MailSettings
from tests.gui.sales.conftest import Till

MILK = "6931201000176"
Key, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def till(open_till: Callable[..., Till]) -> Till:
    """A till of a shop that has set its mail server, with a sale just paid."""
    opened = open_till()
    current = opened.behind.till.shop.current
    mail = MailSettings(server="smtp.example.com", sender="shop@example.com")
    current.value = msgspec.structs.replace(current.value, mail=mail)
    return opened


def _paid(till: Till) -> None:
    till.keys.scan(MILK)
    till.press(Key.Key_F12)
    till.enter()
    assert till.state.done is not None


def _waiting(till: Till) -> list[str]:
    return [letter.to for letter in till.behind.till.shop.mailing.stands().letters]


def test_the_receipt_goes_to_the_address_that_is_typed(till: Till) -> None:
    _paid(till)
    till.press(Key.Key_E, CTRL)
    till.say("w.xm@example.com")
    assert _waiting(till) == ["w***@example.com"] and not till.state.ask
    assert "w***@example.com" in till.words("hint")


def test_what_is_no_address_stays_in_the_field_with_the_reason(till: Till) -> None:
    _paid(till)
    till.press(Key.Key_E, CTRL)
    till.say("w.xm")
    assert till.state.ask is not None and "邮箱" in till.state.ask.error and _waiting(till) == []
    till.press(Key.Key_Escape)
    assert till.state.ask is None and _waiting(till) == []


def test_without_a_mail_server_it_is_said_before_anything_is_typed(till: Till) -> None:
    current = till.behind.till.shop.current
    current.value = msgspec.structs.replace(current.value, mail=MailSettings())
    _paid(till)
    till.press(Key.Key_E, CTRL)
    assert till.state.ask is None and "邮件服务器" in till.words("hint")


def test_before_the_first_sale_there_is_nothing_to_send(till: Till) -> None:
    till.press(Key.Key_E, CTRL)
    assert till.state.ask is None and "小票" in till.words("hint")


def test_a4_counts_as_a_copy_and_the_next_customer_is_served_meanwhile(till: Till) -> None:
    _paid(till)
    till.press(Key.Key_F11, CTRL)
    with till.behind.till.store.read() as tx:
        assert tx.journal.count_kinds((0, 0)).get("receipt.sent") == 1
    till.keys.scan(MILK)
    assert len(till.state.rows) == 1


def test_the_buttons_stand_under_the_change_with_their_keys(till: Till) -> None:
    _paid(till)
    for name in ("done_email", "done_a4"):
        (button,) = till.page.findChildren(QPushButton, name)
        assert button.isVisible()


def test_ctrl_l_signs_out_everywhere_and_selling_has_no_other_use_for_it(till: Till) -> None:
    selling = {action.key for scope, action in till.shell.keys.bound() if scope.startswith("sales")}
    assert "Ctrl+F11" in selling and "Ctrl+L" not in selling
