"""A till at work: the window with every screen, the lanes behind it, the printer beside it.

Decides how screens, use cases and devices are joined into one running program, and how it ends. Which adapters stand
behind the ports is `ui.main`'s choice and handed in, so tests, the tour and benchmarks run this very class.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices

from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.staff import Action, Approval, NeedsApprovalError
from pos_app.domain.staff_limits import permits
from pos_app.services.ports.clock import Clock
from pos_app.services.ports.devices import Printer
from pos_app.services.ports.lane import Lane
from pos_app.services.ports.mail import Post
from pos_app.services.ports.payments import PaymentProvider
from pos_app.services.ports.syncing import (
    AskOnline,
    Enrolling,
    NoAnswers,
    StandsAlone,
    SyncControl,
    SyncLight,
)
from pos_app.services.shop import Shop
from pos_app.words import format_time, set_language, translate
from ui.devices.light import QtTimer, show_printer
from ui.devices.mail_runner import MailDoors, MailRunner
from ui.devices.runner import PrintRunner, RunnerDoors
from ui.display.late import LateDisplay
from ui.importing import Job, Line
from ui.imports.desk import Child, DeskDoors, ImportDesk, carry_on
from ui.imports.light import show_imports
from ui.paper_doors import PaperDoors
from ui.payments.light import show_payments
from ui.payments.runner import PaymentDoors, PaymentRunner
from ui.shell.counter import AskApproval, Counter, Practise, Session
from ui.shell.crash import CrashReports
from ui.shell.key_clock import KeyClock
from ui.shell.lanes import Lanes
from ui.shell.notices import Notice
from ui.shell.scan_recogniser import ScanRules
from ui.shell.screens import Screen, ScreenId
from ui.shell.till_line import tell_till
from ui.shell.tones import SilentTones, SystemTones, Tones
from ui.shell.window import Shell, ShellOptions
from ui.shell.wording import words_of
from ui.sync.light import show_sync
from ui.version import version

if TYPE_CHECKING:
    from ui.demo_wallets import DemoWallets
    from ui.display.side import DisplaySide
    from ui.settings.mail_presenter import MailSetUp
    from ui.settings.wallets_presenter import WalletDoors

SIGN_IN = ScreenId("staff")
_ONLINE = (SyncLight.OK, SyncLight.BUSY)
SYNC_AFTER_MS = 500
"""How long after the window is shown sync begins: what it loads must not hold the first page up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncSide:
    """Sync of a till, as its screens see it, and how it is started and stopped; by itself one that stands alone.

    `enrolling` is None where nobody can enrol it: a till of tests.
    """

    control: SyncControl = field(default_factory=StandsAlone)
    ask_online: AskOnline = field(default_factory=NoAnswers)
    enrolling: Enrolling | None = None
    start: Callable[[], object] = lambda: None
    stop: Callable[[], object] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class TillParts:
    """What a till is made of: its use cases, its screens, and the outside.

    `approval_door` makes, for a window and its counter, what asks somebody for a yes. `audible` plays the tones.
    """

    shop: Shop
    screens: Callable[["Till"], Sequence[Screen]]
    approval_door: Callable[[Shell, Counter], AskApproval]
    clock: Clock
    open_printer: Callable[[], Printer]
    logs: Path
    audible: bool = False
    key_clock: KeyClock | None = None
    sync: SyncSide = SyncSide()
    practise: Practise | None = None
    provider: Callable[[TenderKind], PaymentProvider] | None = None
    """Hands out a wallet by its kind; None where payment codes are not taken."""
    post: Callable[[], Post] | None = None
    """Makes what takes letters to the mail server; None where none are sent."""
    mail_doors: "Callable[[Lane], MailSetUp] | None" = None
    """Makes what setting the mail server up needs."""
    elsewhere: Callable[[str], tuple[str, str] | None] = lambda _setting: None
    """Looks where a printer that does not answer may be now."""
    wallet_doors: "Callable[[Lane], WalletDoors] | None" = None
    """Makes what setting wallets up needs, which is asked on a lane; None where they cannot be set up."""
    demo_wallets: "DemoWallets | None" = None
    """The wallets that are played beside a demo."""


class Till:
    """One till in one window. Make it after the QApplication; GUI thread only."""

    def __init__(self, parts: TillParts) -> None:
        self.parts = parts
        set_language(parts.shop.current.value.language)
        self.crashes = CrashReports(parts.logs, version(), parts.clock.now, self._tell_crash)
        self.lanes = Lanes(self._bug)
        self.session = Session()
        self._qt = QObject()
        self._sync_timer = QTimer(self._qt)
        self._sync_timer.setSingleShot(True)
        self._sync_timer.timeout.connect(self._start_sync)
        self.runner = PrintRunner(self._printing_doors())
        self.payments = self._payment_runner()
        self.mail = self._mail_runner()
        self.display = LateDisplay(self._display_side, lambda: parts.shop.current.value.display.on)
        self._papers = PaperDoors(parts.logs.parent / "papers", self.lanes.lane("files"))
        self.counter = self._make_counter()
        # The data folder is where the logs are; refused rows of a file at work are noted beside them.
        folder = parts.logs.parent
        files = self.lanes.lane("files")
        doors = DeskDoors(files=files, start=_start_import, folder=folder, notes=folder / "imports")
        self.imports = ImportDesk(doors)
        self.shell = Shell(parts.screens(self), self.counter, self._options())
        self._papers.shell = self.shell
        self._approve = parts.approval_door(self.shell, self.counter)
        show_printer(self.shell, self.runner)
        show_sync(self.shell, parts.sync.control)
        if self.payments is not None:
            show_payments(self.shell, self.payments, parts.shop)
        show_imports(self.shell, self.imports, parts.shop)
        self.shell.language_changed.connect(self._tell_till)
        self.shell.language_changed.connect(self.display.settle)
        self.shell.closed.connect(self.display.stop)

    def _make_counter(self) -> Counter:
        """Return what every screen is given."""
        parts = self.parts
        return Counter(
            shop=parts.shop,
            db=self.lanes.lane("db"),
            session=self.session,
            ask_approval=self._ask_approval,
            wake_printer=self.runner.wake,
            kick_drawer=self.runner.kick_drawer,
            slow=self.lanes.lane("files"),
            online=parts.sync.ask_online,
            net=self.lanes.lane("net"),
            is_online=lambda: parts.sync.control.status().light in _ONLINE,
            wake_mail=self.mail.wake if self.mail is not None else _nothing,
            papers=self._papers,
            practise=parts.practise,
            charging=self.payments,
            display=self.display,
        )

    def _printing_doors(self) -> RunnerDoors:
        parts = self.parts
        return RunnerDoors(
            printing=parts.shop.printing,
            db=self.lanes.lane("db"),
            device=self.lanes.lane("device:printer"),
            settings=lambda: parts.shop.current.value,
            open_printer=parts.open_printer,
            timer=QtTimer(self._qt),
            elsewhere=parts.elsewhere,
        )

    def _mail_runner(self) -> MailRunner | None:
        parts = self.parts
        if parts.post is None:
            return None
        return MailRunner(
            MailDoors(
                mailing=parts.shop.mailing,
                db=self.lanes.lane("db"),
                net=self.lanes.lane("mail"),
                post=parts.post(),
                settings=lambda: parts.shop.current.value,
                clock=parts.clock,
                timer=QtTimer(self._qt),
            )
        )

    def _payment_runner(self) -> PaymentRunner | None:
        parts = self.parts
        if parts.provider is None:
            return None
        return PaymentRunner(
            PaymentDoors(
                payments=parts.shop.payments,
                db=self.lanes.lane("db"),
                net=self.lanes.lane("payments"),
                provider=parts.provider,
                timer=lambda: QtTimer(self._qt),
                now=parts.clock.now,
            )
        )

    def _display_side(self) -> "DisplaySide":
        from ui.display.side import DisplaySide, QtScreens, look_of

        current = self.parts.shop.current
        pictures = self.lanes.lane("pictures")
        return DisplaySide(self.shell, lambda: look_of(current.value), pictures, QtScreens(self.shell))

    def _options(self) -> ShellOptions:
        settings = self.parts.shop.current.value
        tones: Tones = SilentTones()
        if self.parts.audible:
            tones = SystemTones(
                self.lanes.lane("device:tones"), lambda: self.parts.shop.current.value.loudness
            )
        return ShellOptions(
            # Joining a merchant brings its settings in while the window stands.
            time_text=lambda: format_time(self.parts.clock.now(), self.parts.shop.current.value.zone),
            allowed=self._allowed,
            tones=tones,
            scan_rules=ScanRules(prefix=settings.scanner_prefix),
            key_clock=self.parts.key_clock,
            strip=lambda: translate("shell.strip.practice") if settings.practice else "",
            on_close=self._may_close,
        )

    def _may_close(self) -> bool:
        """Whether no page has something in flight that must be answered first (a sale being committed)."""
        pages = (self.shell.page(screen.id) for screen in self.shell.navigation.screens())
        return all(getattr(page, "may_close", True) for page in pages)

    def _allowed(self, permission: str) -> bool:
        actor = self.session.actor
        limits = self.parts.shop.current.value.limits
        return actor is not None and permits(limits, actor.role, Action(permission))

    def _tell_till(self) -> None:
        if self.session.actor is not None:
            tell_till(self.shell, self.counter, self.parts.shop.shifts.current())

    def _ask_approval(self, needed: NeedsApprovalError, then: Callable[[Approval], None]) -> None:
        self._approve(needed, then)

    def start(self) -> None:
        """Show the window at the sign-in page, print what waits, and carry on an import that was cut off."""
        settings = self.parts.shop.current.value
        self.shell.set_theme("dark" if settings.theme == "dark" else "light")
        self.shell.keys.remap(settings.key_map)
        self.shell.navigation.open(SIGN_IN)
        self.shell.show()
        self.display.begin()
        self.runner.start()
        if self.mail is not None:
            self.mail.start()
        if self.payments is not None:
            self.payments.wake()
        self._sync_timer.start(SYNC_AFTER_MS)
        carry_on(self.imports, self.parts.shop)

    def _start_sync(self) -> None:
        # What it loads takes longer than a keystroke may wait.
        self.lanes.lane("net").run(self.parts.sync.start, lambda _done: None, self._sync_failed)
        if self.parts.demo_wallets is not None:
            start = self.parts.demo_wallets.start
            self.lanes.lane("payments").run(start, self._tell_demo_wallets, lambda _problem: None)

    def _tell_demo_wallets(self, page: str) -> None:
        def words() -> str:
            return translate("wallets.demo.ready", address=page)

        def show() -> None:
            QDesktopServices.openUrl(QUrl(page))

        label = translate("wallets.demo.open")
        self.shell.notices.show_notice(Notice("info", words(), "wallets", label, show, again=words))

    def _sync_failed(self, problem: Exception) -> None:
        def words() -> str:
            return words_of(problem, self.parts.shop.current.value.money)

        self.shell.notices.show_notice(Notice("warning", words(), about="sync", again=words))

    def stop(self) -> list[str]:
        """End the lanes in order and close the books; return the names of lanes that did not end in time.

        The window is gone by then: what waits for a till at rest is done last.
        """
        self._sync_timer.stop()
        if self.parts.demo_wallets is not None:
            self.parts.demo_wallets.stop()
        self.parts.sync.stop()
        self.runner.stop()
        if self.mail is not None:
            self.mail.stop()
        if self.payments is not None:
            self.payments.stop()
        self.imports.stop()
        late = self.lanes.close()
        if not late:
            self.parts.shop.member_traces.rest()
        self.parts.shop.store.close()
        return late

    def _bug(self, problem: Exception) -> None:
        self.crashes.report(problem)

    def _tell_crash(self, report: Path | None) -> None:
        self.shell.tell_crash(report)


def _start_import(job: Job, tell: Callable[[Line], None], ended: Callable[[], None]) -> Child:
    from ui.imports.child import start_child

    return start_child(job, tell, ended)


def _nothing() -> None:
    return None
