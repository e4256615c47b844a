"""A cashier's hands at the real window: keys struck and codes scanned, answers read off the page.

Decides how each act is done and what of its answer is told to the outside; which acts come when is `driven_till`.
Selling is done by key events alone; errands go through the use cases on the till's own lanes.
"""

import re
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from pos_app.documents.page import Paper
from pos_app.domain.sales.cart import Cart
from pos_app.domain.values.money import Amount
from pos_app.hardware.clock import SystemIds
from pos_app.hardware.folder_lock import folder_lock
from pos_app.persistence.backups import ZipBackups
from pos_app.services.backups import make_backup
from pos_app.services.founding import new_settings
from tests.e2e.kill import folder as shops
from tests.support.driven_till import Hands, Script, phone_of
from tests.support.kill_points import cart_text
from tests.support.shop_on_disk import CASHIER_PIN, OWNER_PIN
from ui.main import Home, make_till, open_shop
from ui.sales.page import SalesPage
from ui.shell.key_clock import HandKeyClock
from ui.shell.keyboard import Keyboard

Say = Callable[[dict[str, object]], None]
FLOAT = Amount(50_000)
THOUSAND = 1000
NOT_A_BOUNCE_MS = 400.0
NOTE = 10_000
"""The customer pays with hundreds."""
_NUMBER = re.compile(r"[0-9A-Z]+-[0-9A-Z]+-\d{4}-[A-Z]?\d+")


def open_hands(folder: Path, seed: int, say: Say) -> Hands:
    """Open the till of a folder and put a cashier before it. Needs a QApplication."""
    return WindowHands(folder, seed, say)


def warm_up() -> None:
    """Load what a till loads in its first minute, so that a forked one does not."""
    import cryptography.hazmat.primitives.ciphers.aead  # noqa: F401
    import PIL.Image  # noqa: F401

    import ui.catalogue
    import ui.members
    import ui.returns
    import ui.shifts.page
    import ui.staff.approval
    import ui.staff.page
    import ui.till  # noqa: F401
    from pos_app.documents.letterhead import Letterhead
    from pos_app.documents.renderers.raster import render_raster
    from pos_app.documents.self_test import self_test_page

    head = Letterhead(new_settings(SystemIds(), "熟客测试店"), {})
    render_raster(self_test_page(head, Paper.MM58, "none"), Paper.MM58)


class WindowHands:
    """The real window, offscreen, and somebody at its keys."""

    def __init__(self, folder: Path, seed: int, say: Say) -> None:
        self._say, self._folder = say, folder
        self._chance = Random(seed)
        self._clock = HandKeyClock()
        place, tools = Home(folder), shops.tools_of(folder)
        self._open = ExitStack()
        self._open.enter_context(folder_lock(place.lock))
        self._shop = open_shop(place, tools)
        self._till = make_till(place, self._shop, tools.clock, self._clock)
        self._keys: Keyboard

    def come_up(self) -> Script:
        self._owner = self._shop.staff.sign_in("1", OWNER_PIN)
        if self._shop.shifts.current() is None:
            yield from self._ask(lambda: self._shop.shifts.open(self._owner, FLOAT))
        self._till.start()
        self._keys = Keyboard(self._till.shell, self._clock)
        self._keys.type("3")
        self._keys.press(Qt.Key.Key_Return)
        self._keys.type(CASHIER_PIN)
        self._keys.press(Qt.Key.Key_Return)
        yield lambda: self._till.shell.findChild(SalesPage) is not None
        self._tell("up")

    @property
    def _page(self) -> SalesPage:
        return cast(SalesPage, self._till.shell.findChild(SalesPage))

    @property
    def _cart(self) -> Cart:
        return self._page.presenter._desk.cart

    def _tell(self, how: str, **more: object) -> None:
        """Tell the cart as it is meant and as it is painted."""
        painted = [[row.name, row.quantity, row.amount] for row in self._page.presenter.state().rows]
        self._say({how: cart_text(self._cart), "painted": painted, **more})

    def open_basket(self) -> int | None:
        lines = self._cart.lines
        return lines[0].quantity // THOUSAND if lines else None

    def sell(self, basket: int, lines: list[tuple[str, int]]) -> Script:
        there = len(self._cart.lines)
        for code, quantity in lines[there:]:
            if quantity > 1:
                self._keys.type(f"{quantity}*")
            self._keys.scan(code)
            self._tell("cart", basket=basket)
            if self._chance.random() < 0.5:
                yield lambda: not self._page.presenter._desk._keeping
        if self._page.presenter.state().pay is None:
            self._keys.press(Qt.Key.Key_F12)
        pay = self._page.presenter.state().pay
        assert pay is not None, self._page.presenter.state()
        given = -(-pay.due // NOTE) * NOTE
        self._keys.type(str(given // 100))
        self._keys.press(Qt.Key.Key_Return)
        yield self._change_is_shown
        number, change = self._read_change()
        self._say({"answered": number, "total": given - change, "basket": basket})

    def _card(self) -> QWidget:
        return cast(QWidget, self._till.shell.findChild(QWidget, "change_card"))

    def _change_is_shown(self) -> bool:
        error = self._page.presenter.state().pay
        assert error is None or not error.error, error
        return self._card().isVisible()

    def _read_change(self) -> tuple[str, int]:
        """Read the receipt's number and the change off the panel, as a customer could."""
        words = " ".join(label.text() for label in self._card().findChildren(QLabel))
        number = _NUMBER.search(words)
        assert number is not None, words
        change = cast(QLabel, self._card().findChild(QLabel, "change")).text()
        return number.group(), int("".join(c for c in change if c.isdigit()))

    def errand(self, errand: str, basket: int) -> Script:
        yield from {"member": self._sign_up, "shift": self._close_shift, "backup": self._back_up}[errand](
            basket
        )

    def _sign_up(self, basket: int) -> Script:
        """Sign the next customer up as the page asks for it: her number, Enter, the consent spoken, Enter."""
        self._keys.press(Qt.Key.Key_F10)
        self._keys.type(phone_of(basket))
        for _ in range(3):
            self._keys.press(Qt.Key.Key_Return)
            self._clock.advance(NOT_A_BOUNCE_MS)
            if self._cart.member is not None:
                break
        yield lambda: self._cart.member is not None
        self._tell("cart", basket=basket)
        self._say({"signed_up": phone_of(basket)})

    def _close_shift(self, basket: int) -> Script:
        expected = self._shop.shifts.x_report()[1].expected_cash
        report = yield from self._ask(lambda: self._shop.shifts.close(self._owner, expected, None))
        self._say({"closed": report.closed.z_number, "expected": expected})
        self._till.runner.wake()
        yield from self._ask(lambda: self._shop.shifts.open(self._owner, FLOAT))

    def _back_up(self, basket: int) -> Script:
        work = partial(
            make_backup,
            self._shop.store,
            ZipBackups(),
            shops.tools_of(self._folder).clock,
            self._folder / "backup.zip",
        )
        info = yield from self._ask(work, lane="backup")
        self._say({"backed_up": info.sales})

    def all_printed(self) -> bool:
        with self._shop.store.read() as tx:
            return not tx.print_jobs.waiting() and not tx.print_jobs.started()

    def close(self) -> None:
        late = self._till.stop()
        self._open.close()
        if late:
            self._say({"broken": f"lanes that did not end: {late}"})

    def _ask(self, work: Callable[[], Any], lane: str = "db") -> Any:
        """Do work on a lane and return its answer, or raise its failure, on the GUI thread."""
        answers: list[tuple[Any, Exception | None]] = []
        self._till.lanes.lane(lane).run(
            work, lambda result: answers.append((result, None)), lambda error: answers.append((None, error))
        )
        yield lambda: bool(answers)
        result, error = answers[0]
        if error is not None:
            raise error
        return result
