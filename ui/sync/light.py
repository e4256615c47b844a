"""The sync light: what the status bar says of sync, in words, and what is told as a notice as well.

Decides when somebody is told: of a clock that is off once it is, and of what only a person can mend.
"""

from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from pos_app.services.ports.syncing import SyncControl, SyncStatus
from pos_app.words import translate
from ui.shell.navigation import Navigation
from ui.shell.notices import Notice
from ui.shell.screens import ScreenId
from ui.shell.window import Shell
from ui.sync.telling import Drift, drift_of, drift_words, light_of, needs_person, trouble_in

SYNC = ScreenId("sync")
CLOCK, TROUBLE = "sync_clock", "sync_trouble"


class StatusRelay(QObject):
    """Brings what the runner tells on its own thread to the GUI thread; listens once for as long as it lives."""

    arrived = Signal(object)
    changed = Signal(object)

    def __init__(self, control: SyncControl, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._control = control
        self.arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        control.watch(self._hear)

    @property
    def status(self) -> SyncStatus:
        """How sync is now."""
        return self._control.status()

    def _hear(self, status: SyncStatus) -> None:
        # The runner may speak once more while the window goes away.
        if isValid(self):
            self.arrived.emit(status)

    def _take(self, _then: object) -> None:
        # What was told may be old by the time it arrives here; many at once are one change.
        self.changed.emit(self._control.status())


def show_sync(shell: Shell, control: SyncControl) -> StatusRelay:
    """Let the status bar tell how sync is; a click on it opens the sync page. Returns what keeps it told."""
    relay = StatusRelay(control, shell)
    teller = _Teller(shell, relay)
    relay.changed.connect(teller.tell)
    shell.language_changed.connect(lambda: shell.status.set_sync(*light_of(relay.status)))
    shell.status.clicked.connect(lambda part: _open_page(part, shell.navigation))
    teller.tell(relay.status)
    return relay


class _Teller(QObject):
    """Says each cause once, and takes it back when it is gone."""

    def __init__(self, shell: Shell, relay: StatusRelay) -> None:
        super().__init__(relay)
        self._shell = shell
        self._relay = relay
        self._drift = Drift.FINE
        self._stuck = False

    def tell(self, status: SyncStatus) -> None:
        """Show the light, and a notice of what is new."""
        self._shell.status.set_sync(*light_of(status))
        self._tell_drift(drift_of(status.drift_ms))
        self._tell_trouble(needs_person(status))

    def _tell_drift(self, drift: Drift) -> None:
        before, self._drift = self._drift, drift
        if drift is before:
            return
        if drift is Drift.FINE:
            self._shell.notices.clear(CLOCK)
            return
        kind = "error" if drift is Drift.ASKS else "warning"
        again = partial(_clock_words, self._relay)
        self._shell.notices.show_notice(Notice(kind, again(), about=CLOCK, again=again))  # type: ignore[arg-type]

    def _tell_trouble(self, stuck: bool) -> None:
        before, self._stuck = self._stuck, stuck
        if stuck and not before:
            again = partial(_trouble_words, self._relay)
            self._shell.notices.show_notice(
                Notice(
                    "error",
                    again(),
                    about=TROUBLE,
                    act_label=translate("sync.action.look"),
                    act=partial(_open_page, "sync", self._shell.navigation),
                    again=again,
                )
            )
        elif before and not stuck:
            self._shell.notices.clear(TROUBLE)


def _clock_words(relay: StatusRelay) -> str:
    off = relay.status.drift_ms
    code = "sync.clock.notice_asks" if drift_of(off) is Drift.ASKS else "sync.clock.notice"
    return translate(code, off=drift_words(off))


def _trouble_words(relay: StatusRelay) -> str:
    trouble = trouble_in(relay.status)
    return translate("sync.light.notice", what=trouble.what if trouble else translate("sync.light.trouble"))


def _open_page(part: str, navigation: Navigation) -> None:
    if part == "sync" and navigation.has(SYNC):
        navigation.open(SYNC)
