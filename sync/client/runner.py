"""The runner: keeps sync alive beside a till, and is what its screens see of sync.

Decides who syncs a data folder (the holder of `sync.lock`), that there is one life at a time, and that a life which
gives no sign any more is left to itself and followed by another. What a life does is `lives`; when, is `turns`.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from threading import Event, Lock, Thread

from pos_app.domain.errors import ShukeError
from pos_app.services.ports.store import Store
from pos_app.services.ports.syncing import SyncStatus
from sync.client.lives import Life
from sync.client.status import StatusBoard

SILENT_S = 300.0
"""How long a life may give no sign: each question has a shorter limit of its own."""
LOOK_EVERY_S = 15.0
LOCK_AGAIN_S = 2.0
"""How long until `sync.lock` is tried again: `shuke sync --once` has it for a moment."""
STOP_S = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerDoors:
    """What the runner works with; `lock` raises FolderInUseError while another process syncs this folder.

    `on_bug` is told of a failure that nobody foresaw.
    """

    store: Store
    board: StatusBoard
    new_life: Callable[[], Life]
    lock: Callable[[], AbstractContextManager[None]]
    on_bug: Callable[[Exception], object]
    silent_s: float = SILENT_S
    look_every_s: float = LOOK_EVERY_S


class SyncRunner:
    """Sync of one till, as a `SyncControl`; safe from any thread.

    Two daemon threads while there is a tie: one that lives, and one that holds the lock and watches it.
    """

    def __init__(self, doors: RunnerDoors) -> None:
        self._doors = doors
        self._lock = Lock()
        self._watch: _Watch | None = None
        self._life: Life | None = None

    def status(self) -> SyncStatus:
        """Return how sync is."""
        return self._doors.board.status()

    def watch(self, listener: Callable[[SyncStatus], None]) -> None:
        """Call a listener whenever the status changes, on a thread of the runner's."""
        self._doors.board.watch(listener)

    def wake(self) -> None:
        """Go on at once, whatever was waited for."""
        life = self._life
        if life is not None:
            life.ask_anew()

    def tell_of_facts(self) -> None:
        """Send what was just committed as soon as that makes sense; for `Store.on_facts`."""
        life = self._life
        if life is not None:
            life.tell_of_facts()

    def start(self) -> None:
        """Begin to sync if there is a tie; does nothing while it runs."""
        with self._lock:
            if self._watch is not None:
                return
            with self._doors.store.read() as tx:
                if tx.links.load() is None:
                    return
            self._doors.store.on_facts = self.tell_of_facts
            self._watch = _Watch(self._doors, self._live)
            self._watch.start()

    def stop(self, timeout_s: float = STOP_S) -> bool:
        """End; return whether all ended in time. A life that did not writes nothing any more all the same."""
        with self._lock:
            watch, self._watch = self._watch, None
            if watch is None:
                return True
            self._doors.store.on_facts = _nobody
            watch.end()
            watch.join(timeout_s)
            return not watch.is_alive()

    def forget(self) -> None:
        """Look at a till anew that stands alone now, or whose tie is another one."""
        self._doors.board.forget()

    def _live(self, life: Life | None) -> None:
        self._life = life


class _Watch(Thread):
    """Holds the lock, and follows each life that fell silent with another, until it is ended or there is no tie."""

    def __init__(self, doors: RunnerDoors, tell: Callable[[Life | None], None]) -> None:
        super().__init__(name="sync-watch", daemon=True)
        self._doors, self._tell = doors, tell
        self._life: Life | None = None
        self._ending = Event()
        self._attention = Event()

    def end(self) -> None:
        """End the life, and the watch over it."""
        self._ending.set()
        life = self._life
        if life is not None:
            life.end()
        self._attention.set()

    def run(self) -> None:
        """Watch."""
        while not self._ending.is_set():
            try:
                self._doors.board.forget()
                with self._doors.lock():
                    self._follow()
                    return
            except ShukeError:
                # Another process syncs this folder, or the disk takes no file: it is tried again.
                self._rest(LOCK_AGAIN_S)
            except Exception as problem:  # Sync must not end unseen, whatever broke.
                self._doors.on_bug(problem)
                self._rest(self._doors.look_every_s)

    def _follow(self) -> None:
        while not self._ending.is_set():
            self._life = life = self._doors.new_life()
            self._tell(life)
            thread = Thread(target=self._lived, args=(life,), name="sync", daemon=True)
            thread.start()
            while not life.is_done and not self._ending.is_set() and life.silent_s() <= self._doors.silent_s:
                self._rest(self._doors.look_every_s)
            self._tell(None)
            life.end()
            if life.is_done:
                # It ended by itself: there is no tie any more.
                return
            if self._ending.is_set():
                thread.join(STOP_S / 2)

    def _rest(self, seconds: float) -> None:
        self._attention.wait(seconds)
        self._attention.clear()

    def _lived(self, life: Life) -> None:
        life.run()
        self._attention.set()


def _nobody() -> None:
    """Nobody waits for facts."""
