"""The composition root: opens a data folder and puts store, services, devices and windows together.

Decides which adapter stands behind each port. Loads no Qt before a window is asked for.
"""

import gc
import os
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.errors import ExpectedError, FolderInUseError
from pos_app.hardware.clock import SystemClock, SystemIds, SystemStopwatch
from pos_app.hardware.folder_lock import folder_lock
from pos_app.persistence.database import open_store
from pos_app.persistence.secrets import AesCipher, Argon2Hasher, Ed25519Verifier, TillSigner, uses_key_store
from pos_app.persistence.store import SqlStore
from pos_app.services.founding import FoundingTools
from pos_app.services.ports.clock import Clock
from pos_app.services.sealing import Sealer
from pos_app.services.shop import Shop, make_shop

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication

    from sync.client.till import TillSync
    from ui.shell.counter import Practise
    from ui.shell.key_clock import KeyClock
    from ui.shell.screens import Screen
    from ui.till import SyncSide, Till

DATABASE = "shop.db"
SWITCH_S = 0.0005
"""How long a thread computes before another one that waits for the interpreter has it."""


class NotFoundedError(ExpectedError):
    """The data folder is no shop yet; open the till once to set it up."""

    code = "settings.error.not_founded"


@dataclass(frozen=True, slots=True)
class Home:
    """A data folder and what stands in it; its secrets may stand elsewhere."""

    folder: Path
    secrets: Path | None = None

    @property
    def database(self) -> Path:
        """The till's database."""
        return self.folder / DATABASE

    @property
    def keys(self) -> Path:
        """Where the signing key is, when the system has no key store."""
        return self.secrets or self.folder / "keys"

    @property
    def logs(self) -> Path:
        """Where crash reports go."""
        return self.folder / "logs"

    @property
    def lock(self) -> Path:
        """The file that says which till has the folder open."""
        return self.folder / "till.lock"

    @property
    def sync_lock(self) -> Path:
        """The file that says which process syncs the folder: the till that is open, or `shuke sync`."""
        return self.folder / "sync.lock"

    def aside(self, name: str) -> "Home":
        """Return a folder inside this one, with the very same secrets: what is made there is moved here."""
        return Home(self.folder / name, self.keys)


def home() -> Home:
    """Return the data folder: SHUKE_HOME, or the system's place for a user's data."""
    named = os.environ.get("SHUKE_HOME")
    if named:
        return Home(Path(named).expanduser().resolve())
    import platformdirs

    return Home(Path(platformdirs.user_data_dir("shuke", appauthor=False)))


def tools_of(place: Home) -> FoundingTools:
    """Return the real clock, ids, hashing, sealing and signing."""
    return FoundingTools(
        clock=SystemClock(),
        ids=SystemIds(),
        hasher=Argon2Hasher(),
        sealer=Sealer(AesCipher()),
        signer=TillSigner(place.keys, use_key_store=uses_key_store()),
        verifier=Ed25519Verifier(),
        stopwatch=SystemStopwatch(),
    )


def open_shop(place: Home, tools: FoundingTools | None = None) -> Shop:
    """Open the shop of a data folder; raise NotFoundedError when there is none, and what `open_store` raises."""
    if not place.database.exists():
        raise NotFoundedError(folder=str(place.folder))
    store = open_store(place.database)
    return shop_on(store, place, tools)


def shop_on(store: SqlStore, place: Home, tools: FoundingTools | None = None) -> Shop:
    """Return the shop on an open store; raise NotFoundedError when it was not founded."""
    with store.read() as tx:
        settings = tx.settings.load()
    if settings is None:
        store.close()
        raise NotFoundedError(folder=str(place.folder))
    return make_shop(store, settings, tools or tools_of(place))


def home_of_demo() -> Home:
    """Return the demo's data folder: `demo` inside a real shop's, so that neither meets the other."""
    return Home(home().folder / "demo")


def found_demo_shop(place: Home) -> None:
    """Make the demo shop where there is none yet; made aside and moved in whole, so a kill leaves no half shop."""
    if place.database.exists():
        return
    from pos_app.services.demo_founding import found_demo

    aside = Home(place.folder / "making")
    shutil.rmtree(aside.folder, ignore_errors=True)
    aside.folder.mkdir(parents=True)
    store = open_store(aside.database)
    found_demo(store, tools_of(place))
    store.close()
    aside.database.replace(place.database)
    shutil.rmtree(aside.folder, ignore_errors=True)


def screens_of(till: "Till") -> "list[Screen]":
    """Return the till's screens in the order of the rail."""
    from ui.catalogue import SCREEN as CATALOGUE
    from ui.devices import devices_screen
    from ui.imports import imports_screen
    from ui.invoices import SCREEN as INVOICES
    from ui.labels import labels_screen
    from ui.leaks import leaks_screen
    from ui.main_printers import label_doors
    from ui.main_sync_page import sync_parts
    from ui.members import SCREEN as MEMBERS
    from ui.returns import SCREEN as RETURNS
    from ui.sales import sales_screen
    from ui.shifts import SCREEN as SHIFTS
    from ui.staff import SCREEN as SIGN_IN
    from ui.sync import sync_screen

    keys = till.parts.key_clock
    # Where a program strikes the keys, its clock also says whether a second Enter came at once.
    sales = sales_screen() if keys is None else sales_screen(lambda: keys.time_of(0))
    devices = devices_screen(till.runner, till.mail)
    imports, labels = imports_screen(till.imports), labels_screen(label_doors(till))
    leaks = leaks_screen(till.lanes.lane("leaks"))
    screens = [
        sales,
        MEMBERS,
        CATALOGUE,
        labels,
        RETURNS,
        INVOICES,
        SHIFTS,
        leaks,
        imports,
        devices,
        _settings_of(till),
        SIGN_IN,
    ]
    screens += _payments_of(till)
    parts = sync_parts(till)
    return screens if parts is None else [*screens, sync_screen(parts)]


def _settings_of(till: "Till") -> "Screen":
    """Return the settings, with what finds printers, tries keys of wallets and sends a letter."""
    from ui.main_printers import printers_of
    from ui.settings import settings_screen

    doors, mail = till.parts.wallet_doors, till.parts.mail_doors
    wallets = doors(till.lanes.lane("net")) if doors is not None else None
    mail_set_up = mail(till.lanes.lane("mail")) if mail is not None else None
    return settings_screen(printers_of(till), wallets, mail_set_up)


def _payments_of(till: "Till") -> "list[Screen]":
    """Return the page of payments by code; none in practice, where no wallet is asked."""
    if till.payments is None:
        return []
    from ui.payments import payments_screen

    return [payments_screen(till.payments)]


def make_till(
    place: Home,
    shop: Shop,
    clock: Clock,
    key_clock: "KeyClock | None" = None,
    tools: FoundingTools | None = None,
) -> "Till":
    """Return the till of an open shop in its window, not yet started; after the QApplication, on its thread.

    With a `key_clock` keys come from a program (tests, the tour): it says their times, and no tone is heard. Without
    `tools` the till stands alone and cannot be enrolled.
    """
    from ui.main_mail import shop_mail
    from ui.main_payments import wallets_of
    from ui.main_printers import OnePrinter, elsewhere
    from ui.staff.approval import ask_approval
    from ui.till import SyncSide, Till, TillParts

    made: list[Till] = []
    side = SyncSide()
    if tools is not None:
        side = _sync_side(place, shop, tools, lambda problem: made[0].crashes.report(problem))
    wallets, is_demo = wallets_of(place.keys, shop, clock), place == home_of_demo()
    mail = shop_mail(place.keys, shop)
    parts = TillParts(
        shop=shop,
        screens=screens_of,
        approval_door=ask_approval,
        clock=clock,
        open_printer=OnePrinter(shop).open,
        logs=place.logs,
        audible=key_clock is None,
        key_clock=key_clock,
        sync=side,
        practise=_practice_of(place, shop),
        post=mail.post if mail else None,
        mail_doors=mail.set_up if mail else None,
        elsewhere=elsewhere,
        provider=wallets.provider if wallets is not None else None,
        wallet_doors=wallets.doors if wallets is not None else None,
        demo_wallets=wallets.beside_demo(place.folder) if wallets and tools and is_demo else None,
    )
    made.append(Till(parts))
    return made[0]


def _sync_side(
    place: Home, shop: Shop, tools: FoundingTools, report: "Callable[[Exception], object]"
) -> "SyncSide":
    """Return sync of a till, with a platform of its own beside the demo's."""
    from ui.demo_platform import beside_demo
    from ui.late_sync import LateSync
    from ui.till import SyncSide as Side

    def whole() -> "TillSync":
        from ui.main_sync import sync_of

        return sync_of(place, shop, tools, report)

    late = LateSync(shop.store, whole)
    side = Side(control=late, ask_online=late, enrolling=late, start=late.start, stop=late.stop)
    if place == home_of_demo():
        demo = beside_demo(late, shop.store, place.folder / "platform")
        side = replace(side, control=demo, start=demo.start, stop=demo.stop)
    return side


def _practice_of(place: Home, shop: Shop) -> "Practise | None":
    """Return what opens practice beside the till of a real shop; None where all is practice already."""
    if shop.current.value.practice or shop.current.value.demo or place != home():
        return None
    from ui.practice_beside import start_practice

    return start_practice


def run_till(*, demo: bool = False) -> int:
    """Open the till's window on the data folder and run it until it is closed; return the exit code.

    Raises FolderInUseError when another till has the folder open, and what `open_store` raises.
    """
    place = home_of_demo() if demo else home()
    with folder_lock(place.lock):
        if demo:
            found_demo_shop(place)
        else:
            forget_left_practice(place)
        return run_window(place, tools_of(place))


def forget_left_practice(place: Home) -> None:
    """Remove the copy that a practice left behind which was cut off; not that of one which runs."""
    from pos_app.services.practice import forget_practice
    from ui.practice_beside import FOLDER, LOCK

    if (place.folder / FOLDER).exists():
        with suppress(FolderInUseError), folder_lock(place.folder / LOCK):
            forget_practice(place.folder / FOLDER)


def run_window(place: Home, tools: FoundingTools, *, stands_alone: bool = False) -> int:
    """Set a new shop up first, then sell, until the window is closed; return the exit code.

    One that `stands_alone` syncs with nobody and cannot be enrolled.
    """
    from PySide6.QtWidgets import QApplication

    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(["shuke"])
    store = open_store(place.database)
    with store.read() as tx:
        founded = tx.settings.load() is not None
    if not founded:
        # A till that joins puts its own database in the place of this one.
        store.close()
        if not _set_up(app, place, tools):
            return 0
        store = open_store(place.database)
    shop = shop_on(store, place, tools)
    till = make_till(place, shop, tools.clock, tools=None if stands_alone else tools)
    till.crashes.install()
    till.shell.closed.connect(app.quit)
    till.start()
    settle()
    app.exec()
    till.crashes.remove()
    return 1 if till.stop() else 0


def settle() -> None:
    """Get ready for hours of work, once all that the start makes is there.

    No search for garbage walks what stays for good while somebody scans. And threads take turns ten times as often as
    Python has it: a sale that comes back from the disk while sync computes would wait for 5 ms each time.
    """
    gc.freeze()
    gc.enable()
    sys.setswitchinterval(SWITCH_S)


def _set_up(app: "QApplication", place: Home, tools: FoundingTools) -> bool:
    """Show the set-up page; return whether a till stands when its window is closed."""
    from ui.first_run import FirstRunWindow
    from ui.main_joining import first_run_parts

    return FirstRunWindow(first_run_parts(place, tools)).run(app)
