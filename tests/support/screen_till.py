"""A demo till for screens: the real window over the real store, work in place, approvals given or declined by hand.

Decides what stands in for the rest of the till around one screen: who is signed in, who says yes, what the printer
and the drawer were told.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from pos_app.domain.sales.cart import Cart, CartLine, MemberRef, add_line
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.settings import Settings
from pos_app.domain.staff import Approval, NeedsApprovalError, Role
from pos_app.domain.values.money import Amount
from pos_app.hardware.null import NullLabelPrinter, NullPrinter
from pos_app.services.demo_shop import demo_staff
from pos_app.services.ports.devices import Printer
from pos_app.services.ports.lane import Lane
from pos_app.services.ringing import Goods
from pos_app.words import set_language
from tests.support.bootstrap import DemoTill
from tests.support.demo_copy import copy_of_demo
from tests.support.lanes import InlineLane
from ui.kit.tokens import Theme
from ui.settings.presenter import PrinterDoors
from ui.shell.counter import Counter, Session
from ui.shell.key_clock import HandKeyClock
from ui.shell.keyboard import Keyboard
from ui.shell.screens import Screen
from ui.shell.theme import apply_theme
from ui.shell.tones import SilentTones
from ui.shell.window import Shell, ShellOptions


def no_printers(
    open_printer: Callable[[Settings], Printer] = lambda _settings: NullPrinter(),
) -> PrinterDoors:
    """Return the settings' way to machines of which none is found; a label printer is never there."""
    lane = InlineLane()
    return PrinterDoors(
        device=lane,
        open=open_printer,
        find=lambda: (),
        labels=lane,
        open_labels=lambda _settings: NullLabelPrinter(),
    )


@dataclass
class Around:
    """What the screen asked of the rest of the till."""

    grants: bool = True
    asked: list[NeedsApprovalError] = field(default_factory=list)
    woken: int = 0
    kicked: int = 0

    def wake(self) -> None:
        """The printer was woken."""
        self.woken += 1

    def kick(self) -> None:
        """The drawer was opened."""
        self.kicked += 1


@dataclass
class CounterTill:
    """A demo till with its counter: what presenters are given."""

    demo: DemoTill
    counter: Counter
    around: Around

    def sign_in(self, role: Role) -> None:
        """Let the first person of a role work the till."""
        self.counter.session.actor = self.demo.signed_in(role)

    def sell(
        self, *codes: str, card: int = 0, member: MemberRef | None = None, times: Sequence[int] = ()
    ) -> Sale:
        """Sell goods by their codes, `times` of each; `card` fen go to a card, the rest is paid in cash."""
        shop, cart = self.demo.shop, self.demo.shop.carts.new()
        for code, count in zip(codes, times or [1] * len(codes), strict=True):
            for _ in range(count):
                cart = add_line(cart, self.line(code))[0]
        total = shop.checkout.price(cart).total
        tenders = [shop.checkout.tender(TenderKind.CARD, Amount(card), "0042")] if card else []
        if total - card:
            tenders.append(shop.checkout.tender(TenderKind.CASH, Amount(total - card)))
        return shop.checkout.commit(self.demo.owner, _paid(cart, tuple(tenders), member)).sale

    def line(self, code: str) -> CartLine:
        """Return the cart line that a scan makes."""
        goods = self.demo.shop.ringing.meaning(code)
        assert isinstance(goods, Goods)
        return goods.line


def _paid(cart: Cart, tenders: tuple[object, ...], member: MemberRef | None) -> Cart:
    import msgspec

    return msgspec.structs.replace(cart, tenders=tenders, member=member)


@contextmanager
def counter_till(folder: Path, lane: Lane | None = None, *, shift: bool = True) -> Iterator[CounterTill]:
    """Open the demo shop in a folder, its owner signed in, a shift open."""
    set_language("zh_CN")
    with copy_of_demo(folder) as demo:
        if shift:
            demo.shop.shifts.open(demo.owner, Amount(50_000))
        around, session = Around(), Session()
        session.actor = demo.owner

        def ask(needed: NeedsApprovalError, then: Callable[[Approval], None]) -> None:
            around.asked.append(needed)
            if around.grants:
                code, pin = next((c, p) for c, _, role, p, _ in demo_staff() if role is Role.OWNER)
                then(demo.shop.staff.approve(session.who, needed, code, pin))

        counter = Counter(
            shop=demo.shop,
            db=lane or InlineLane(),
            session=session,
            ask_approval=ask,
            wake_printer=around.wake,
            kick_drawer=around.kick,
        )
        yield CounterTill(demo, counter, around)


@dataclass
class ScreenTill:
    """The window over a demo till, and hands on its keyboard."""

    at: CounterTill
    shell: Shell
    keys: Keyboard
    tones: SilentTones


@contextmanager
def screen_till(
    at: CounterTill, screens: Sequence[Screen], *, theme: Theme = "light", lang: str = "zh_CN"
) -> Iterator[ScreenTill]:
    """Show the first of the screens in the till's window."""
    set_language(lang)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    apply_theme(app, theme)
    clock, tones = HandKeyClock(), SilentTones()
    shell = Shell(screens, at.counter, ShellOptions(time_text=lambda: "14:32", tones=tones, key_clock=clock))
    shell.show()
    shell.activateWindow()
    app.processEvents()
    shell.navigation.open(screens[0].id)
    try:
        yield ScreenTill(at, shell, Keyboard(shell, clock), tones)
    finally:
        shell.close()
        shell.deleteLater()
        # Now, not some time: a window that lingers is dressed again with every change of theme.
        QCoreApplication.sendPostedEvents(shell, QEvent.Type.DeferredDelete)
        set_language("zh_CN")
