"""The tills that the tour drives: a demo shop in a throw-away folder, its window, its printer; and any other shop.

Decides how the real parts are put together for somebody who strikes keys, and when the till is at rest. Everything
is what `shuke till --demo` runs but four things: the clock of keys moves by hand, the signing key stands in the
folder, the printer at the end of the TCP line is a virtual one, and the system's window for a file's place, which is
not the till's, is answered at once.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import msgspec
import requests
from PySide6.QtCore import QEventLoop, QPoint
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

from pos_app.documents.page import Page, Paper
from pos_app.domain.settings import Settings
from pos_app.hardware.opening import open_printer
from pos_app.persistence.database import open_store
from pos_app.persistence.secrets import Ed25519Verifier
from pos_app.services.demo_shop import read_demo_shop
from pos_app.services.founding import found_shop, new_settings
from pos_app.services.ports.devices import DrawerAnswer, DrawerPin, Printer, PrinterStatus, PrintOutcome
from pos_app.services.proof import Proof, verify
from pos_app.services.shop import Shop
from tests.e2e.tour_eyes import OwnWords
from tests.support.virtual_printer import VirtualPrinter
from ui.demo_wallets import DemoWallets
from ui.first_run import FirstRunParts, FirstRunWindow
from ui.late_sync import LateSync
from ui.main import Home, found_demo_shop, open_shop, screens_of, tools_of
from ui.main_mail import shop_mail
from ui.main_payments import wallets_of
from ui.shell.key_clock import HandKeyClock
from ui.shell.lanes import ThreadLane
from ui.shell.window import Shell
from ui.staff.approval import ask_approval
from ui.till import SyncSide, Till, TillParts

if TYPE_CHECKING:
    from sync.client.till import TillSync

PATIENCE_S = 60.0
HOPS = 4
"""An answer may ask the lane again: a discount, its approval, the sale."""


class NotAtRestError(AssertionError):
    """The till did not come to rest in time."""


def wait_until(there: Callable[[], bool], what: str) -> None:
    """Let the window work until something is so; raise NotAtRestError after `PATIENCE_S`."""
    end = monotonic() + PATIENCE_S
    while not there():
        if monotonic() > end:
            raise NotAtRestError(what)
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def drain(lane: ThreadLane) -> None:
    """Wait until a lane has done what was asked of it, and what its answers asked in turn."""
    for _ in range(HOPS):
        answered: list[object] = []
        lane.run(lambda: None, answered.append, answered.append)
        wait_until(lambda answered=answered: bool(answered), f"lane {lane.name} is busy")  # type: ignore[misc]
    QApplication.processEvents()


def show_in_front(window: Shell) -> None:
    """Bring a window to the front; the pointer, which a tour does not use, goes where nothing lights up under it."""
    window.activateWindow()
    QCursor.setPos(window.mapToGlobal(QPoint(window.width() - 4, window.height() // 2)))
    wait_until(window.isActiveWindow, "the window is not in front")


class TeePrinter(VirtualPrinter):
    """A virtual printer that keeps every byte that it was sent."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = bytearray()

    def _receive(self, chunk: bytes) -> bytes:
        self.bytes += chunk
        return super()._receive(chunk)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One printed document: its page, the bytes that printed it, and the roll."""

    page: Page
    sent: bytes
    paper: Paper


class KeepingPrinter:
    """A `Printer` that keeps what it has printed; on the printer's lane."""

    def __init__(self, printer: Printer, wire: TeePrinter) -> None:
        self._printer, self._wire = printer, wire
        self.sheets: list[Sheet] = []

    @property
    def paper(self) -> Paper:
        """The roll."""
        return self._printer.paper

    def status(self) -> PrinterStatus:
        """Ask the printer."""
        return self._printer.status()

    def print_page(self, page: Page) -> PrintOutcome:
        """Print, and keep the page with its bytes: the printer has confirmed, so all of them have arrived."""
        before = len(self._wire.bytes)
        outcome = self._printer.print_page(page)
        self.sheets.append(Sheet(page, bytes(self._wire.bytes[before:]), self.paper))
        return outcome

    def print_text_samples(self) -> PrintOutcome:
        """Print the charsets."""
        return self._printer.print_text_samples()

    def kick_drawer(self, pin: DrawerPin | None = None) -> DrawerAnswer:
        """Open the drawer."""
        return self._printer.kick_drawer(pin)


class OpenTill:
    """The till of a shop that stands in a folder, in its window, ready for hands on its keys. Needs a QApplication."""

    def __init__(self, home: Home) -> None:
        os.environ["SHUKE_KEY_STORE"] = "file"
        self.home = home
        self.clock = HandKeyClock()
        self._tools = tools_of(home)
        self.own_words = OwnWords(read_demo_shop(self._tools.clock.now(), self._tools.ids.new))
        self.shop: Shop = open_shop(home, self._tools)
        self.printer = self._printer()
        self.till = Till(self._parts())

    def _parts(self) -> TillParts:
        late = LateSync(self.shop.store, self._sync)
        return TillParts(
            shop=self.shop,
            screens=screens_of,
            approval_door=ask_approval,
            clock=self._tools.clock,
            open_printer=lambda: self.printer,
            logs=self.home.logs,
            key_clock=self.clock,
            sync=SyncSide(control=late, ask_online=late, enrolling=late, start=late.start, stop=late.stop),
        )

    def _printer(self) -> Printer:
        return open_printer(self.shop.current.value.printer)

    def _sync(self) -> "TillSync":
        from ui.main_sync import sync_of

        return sync_of(self.home, self.shop, self._tools, lambda problem: self.till.crashes.report(problem))

    @property
    def shell(self) -> Shell:
        """The window."""
        return self.till.shell

    def start(self) -> None:
        """Show the window."""
        self.till.start()
        show_in_front(self.shell)
        self.settle()

    def settle(self) -> None:
        """Wait until the books have answered everything."""
        drain(self.till.lanes.lane("db"))

    def rest(self) -> None:
        """Wait until the till is at rest."""
        self.settle()

    def verify(self) -> Proof:
        """Prove the books."""
        return verify(self.shop.store, Ed25519Verifier())

    def close(self) -> list[str]:
        """Close the till; return the names of lanes that did not end."""
        self.shell.close()
        late = self.till.stop()
        self.shell.deleteLater()
        return late

    def crashes(self) -> list[str]:
        """Return the crash reports that were written."""
        logs = self.home.logs
        return [path.read_text("utf-8") for path in sorted(logs.glob("crash-*"))] if logs.exists() else []


class TourTill(OpenTill):
    """A demo shop's till with wallets played beside it and a printer that keeps what it prints; one at a time."""

    printer: KeepingPrinter
    _wallets: DemoWallets
    _phone: str

    def __init__(self, folder: Path, language: str) -> None:
        self._language = language
        self._saves_to: Path | None = None
        self._wire = TeePrinter()
        self._wire.__enter__()
        folder.mkdir(parents=True)
        found_demo_shop(Home(folder))
        super().__init__(Home(folder))
        self.till.shell.dialogs.save_file = self._save_file  # type: ignore[method-assign, assignment]

    def _parts(self) -> TillParts:
        """Play the wallets as the demo does, but before the window is made: no notice tells where they are."""
        place, shop = self.home, self.shop
        wallets, mail = wallets_of(place.keys, shop, self._tools.clock), shop_mail(place.keys, shop)
        assert wallets is not None and mail is not None
        self._wallets = wallets.beside_demo(place.folder)
        self._phone = self._wallets.start()
        return replace(
            super()._parts(),
            provider=wallets.provider,
            wallet_doors=wallets.doors,
            post=mail.post,
            mail_doors=mail.set_up,
        )

    def payment_code(self, wallet: str) -> str:
        """Return the code that a customer of a wallet shows now, as the page of the played wallets makes it."""
        answer = requests.post(f"{self._phone}codes", json={"wallet": wallet}, timeout=PATIENCE_S)
        return str(answer.json()["code"])

    def _printer(self) -> KeepingPrinter:
        """Set the shop's language and its printer, as the owner would, before the window is made."""
        from pos_app.services.demo_shop import demo_staff

        code, pin = next((code, pin) for code, _, role, pin, _ in demo_staff() if role == "owner")
        owner = self.shop.staff.sign_in(code, pin)
        settings, printer = self.shop.current.value, self._wire.setting()
        self.shop.settings.change(
            owner, msgspec.structs.replace(settings, language=self._language, printer=printer)
        )
        self.shop.staff.sign_out(owner)
        return KeepingPrinter(open_printer(printer), self._wire)

    def start(self) -> None:
        """Show the window; its language is changed to another and back, as a person may at any time."""
        super().start()
        own = self.shop.current.value.language
        for language in ("en" if own == "zh_CN" else "zh_CN", own):
            self.settle()
            self.shell.set_language(language)
        self.settle()

    def rest(self) -> None:
        """Wait until the printers are at rest as well: nothing waits, or it cannot print."""

        def rests() -> bool:
            state = self.till.runner.state
            well = state.status is None or state.status.prints
            return not state.printing and (state.waiting == 0 or not well)

        self.settle()
        for lane in ("device:printer", "device:labels", "payments", "leaks"):
            drain(self.till.lanes.lane(lane))
        wait_until(rests, "the printer is busy")
        self.settle()

    def save_to(self, file: Path) -> None:
        """Choose this place whenever the till asks for one."""
        self._saves_to = file

    def _save_file(
        self, _title: str, _name: str, _pattern: str, answer: Callable[[Path | None], None]
    ) -> None:
        answer(self._saves_to)

    def take_paper_out(self, out: bool) -> None:
        """Take the roll out of the printer, or put it back."""
        self._wire.load_paper(0 if out else None)

    def sums(self) -> list[tuple[str, int]]:
        """Return (receipt number, total in minor units) of each sale in the books, the first first."""
        with self.shop.store.read() as tx:
            return [(sale.number, sale.total) for sale in reversed(tx.sales.history(100))]

    def close(self) -> list[str]:
        """Close the till and its printer; return the names of lanes that did not end."""
        late = super().close()
        self._wallets.stop()
        self._wire.__exit__()
        return late


class TourFirstRun:
    """The set-up page of a folder that is no shop yet."""

    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.clock = HandKeyClock()
        place = Home(folder)
        tools = tools_of(place)
        self._store = open_store(place.database)

        def found(settings: Settings, owner: tuple[str, str, str]) -> None:
            found_shop(self._store, settings, owner, tools)

        self._window = FirstRunWindow(
            FirstRunParts(
                new_settings=lambda name: new_settings(tools.ids, name),
                found=found,
                open_printer=lambda settings: open_printer(settings.printer),
                find_printers=lambda: (),
                logs=place.logs,
                clock=tools.clock,
                key_clock=self.clock,
            )
        )

    @property
    def shell(self) -> Shell:
        """The window."""
        return self._window.shell

    def start(self) -> None:
        """Show the window; its language is chosen on its page."""
        self._window.start()
        show_in_front(self.shell)
        self.settle()

    def settle(self) -> None:
        """Wait until everything is answered."""
        drain(self._window.lanes.lane("db"))
        drain(self._window.lanes.lane("device:printer"))

    @property
    def founded(self) -> bool:
        """Whether a shop stands in the folder."""
        with self._store.read() as tx:
            return tx.settings.load() is not None

    def close(self) -> None:
        """Close the window."""
        self.shell.close()
        self._window.lanes.close()
        self._store.close()
        self.shell.deleteLater()
