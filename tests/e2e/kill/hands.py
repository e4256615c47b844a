"""A cashier's hands on the use cases: the till's lanes, store and print queue at work behind a Qt event loop.

Decides how each act is done and what of its answer is told to the outside; which acts come when is `driven_till`.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QObject

from pos_app.domain.members import MemberExistsError
from pos_app.domain.sales.cart import Cart, add_line
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import Quantity
from pos_app.hardware.opening import open_printer
from pos_app.persistence.backups import ZipBackups
from pos_app.services.backups import make_backup
from pos_app.services.members import SignUp
from pos_app.services.ringing import Goods
from tests.e2e.kill import folder as shops
from tests.support.driven_till import Hands, Script, phone_of
from tests.support.kill_points import cart_text
from tests.support.shop_on_disk import CASHIER_PIN, OWNER_PIN
from ui.devices.light import QtTimer
from ui.devices.runner import PrintRunner, RunnerDoors
from ui.shell.lanes import Lanes

Say = Callable[[dict[str, object]], None]
FLOAT = Amount(50_000)
THOUSAND = 1000


def open_hands(folder: Path, say: Say) -> Hands:
    """Open the till of a folder and put a cashier before it. Needs a QApplication."""
    return ServiceHands(folder, say)


def warm_up() -> None:
    """Load what a till loads in its first minute, so that a forked one does not."""
    import alembic  # noqa: F401
    import cryptography.hazmat.primitives.ciphers.aead  # noqa: F401
    import PIL.Image  # noqa: F401
    import PySide6.QtWidgets  # noqa: F401

    import pos_app.documents.renderers.raster  # noqa: F401


class ServiceHands:
    """The counter without its window."""

    def __init__(self, folder: Path, say: Say) -> None:
        self._say = say
        self._folder = folder
        self._shop = shops.open_shop(folder)
        self._lanes = Lanes(self._bug)
        self._qt = QObject()
        settings = self._shop.current.value
        self._runner = PrintRunner(
            RunnerDoors(
                printing=self._shop.printing,
                db=self._lanes.lane("db"),
                device=self._lanes.lane("device:printer"),
                settings=lambda: settings,
                open_printer=lambda: open_printer(settings.printer, settings.paper_mm),  # type: ignore[arg-type]
                timer=QtTimer(self._qt),
            )
        )
        self._cart = self._shop.carts.new()
        self._answers: list[object] = []

    def come_up(self) -> Script:
        self._cashier = self._shop.staff.sign_in("3", CASHIER_PIN)
        self._owner = self._shop.staff.sign_in("1", OWNER_PIN)
        if self._shop.shifts.current() is None:
            yield from self._ask(lambda: self._shop.shifts.open(self._cashier, FLOAT))
        self._cart = self._shop.carts.reopen()
        self._say({"up": cart_text(self._cart)})
        self._runner.start()

    def open_basket(self) -> int | None:
        first = self._cart.lines[0] if self._cart.lines else None
        return None if first is None else first.quantity // THOUSAND

    def sell(self, basket: int, lines: list[tuple[str, int]]) -> Script:
        for code, quantity in lines[len(self._cart.lines) :]:
            meaning = self._shop.ringing.meaning(code, Quantity(quantity * THOUSAND))
            assert isinstance(meaning, Goods), code
            self._cart, _ = add_line(self._cart, meaning.line)
            self._say({"cart": cart_text(self._cart), "basket": basket})
            cart = self._cart
            yield from self._ask(lambda cart=cart: self._shop.carts.keep(cart))
        paid = self._paid(self._cart)
        committed = yield from self._ask(lambda: self._shop.checkout.commit(self._cashier, paid))
        self._say({"answered": committed.sale.number, "total": committed.sale.total, "basket": basket})
        self._cart = self._shop.carts.new()
        self._runner.kick_drawer()
        self._runner.wake()

    def _paid(self, cart: Cart) -> Cart:
        due = self._shop.checkout.price(cart).total
        tender = self._shop.checkout.tender(TenderKind.CASH, Amount(due + 1_000))
        return msgspec.structs.replace(cart, tenders=(tender,))

    def errand(self, errand: str, basket: int) -> Script:
        yield from {"member": self._sign_up, "shift": self._close_shift, "backup": self._back_up}[errand](
            basket
        )

    def _sign_up(self, basket: int) -> Script:
        sign_up = SignUp(phone=phone_of(basket), agreed=True, name="王小满")
        try:
            yield from self._ask(lambda: self._shop.members.register(self._cashier, sign_up))
        except MemberExistsError:
            return
        self._say({"signed_up": phone_of(basket)})

    def _close_shift(self, basket: int) -> Script:
        expected = self._shop.shifts.x_report()[1].expected_cash
        report = yield from self._ask(lambda: self._shop.shifts.close(self._owner, expected, None))
        self._say({"closed": report.closed.z_number, "expected": expected})
        self._runner.wake()
        yield from self._ask(lambda: self._shop.shifts.open(self._cashier, FLOAT))

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
        self._runner.stop()
        late = self._lanes.close()
        self._shop.store.close()
        if late:
            self._say({"broken": f"lanes that did not end: {late}"})

    def _ask(self, work: Callable[[], Any], lane: str = "db") -> Any:
        """Do work on a lane and return its answer, or raise its failure, on the GUI thread."""
        answers: list[tuple[Any, Exception | None]] = []
        self._lanes.lane(lane).run(
            work, lambda result: answers.append((result, None)), lambda error: answers.append((None, error))
        )
        yield lambda: bool(answers)
        result, error = answers[0]
        if error is not None:
            raise error
        return result

    def _bug(self, problem: Exception) -> None:
        self._say({"broken": repr(problem)})
