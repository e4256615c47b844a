"""Places at which a till can be killed, watched from outside of the product.

Wraps the till's own calls, SQLite's statements and the printer's channel, tells each step to whoever listens, and
ends the process with SIGKILL at the place, or after the number of steps, that was asked for. Decides where the places
are; which of them a run uses, and what must hold afterwards, is `tests.e2e.kill`. The product has no hook for it.
"""

import os
import signal
import sqlite3
import threading
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Engine, event

from pos_app.domain.sales.cart import Cart
from pos_app.hardware import commands
from pos_app.hardware.escpos import EscposPrinter
from pos_app.hardware.transports import TcpTransport
from pos_app.persistence.backups import ZipBackups
from pos_app.persistence.store import SqlStore
from pos_app.services.carts import CartService
from pos_app.services.checkout import Checkout
from pos_app.services.members import MemberService
from pos_app.services.printing import Printing
from pos_app.services.shifts import ShiftService

Say = Callable[[dict[str, object]], None]

IN_COMMIT = ("begun", "writing", "journal", "rows", "commit", "syncing", "committed")
"""The places of a transaction, in order: after BEGIN, at its first write, after the journal's row, after the rows of
a sale, before COMMIT, inside COMMIT, after COMMIT and before the answer reaches the GUI."""
PRINTING = ("print:commit", "print:syncing", "print:started", "print:half", "print:sent", "print_done:commit")
"""A job about to be marked as started; marked; half of its bytes sent; all sent and not done; about to be done."""
RECOVERING = ("recover:commit", "recover:committed")
"""A till that starts after a kill puts back what was being printed, and is killed again."""
BACKING_UP = ("backup:copying", "backup:packing", "backup:moving")
_WRITES = ("INSERT", "UPDATE", "DELETE")
_LONGEST_SYNC_S = 0.05
_SYNC_CALLS = {"x86_64": ("74", "75"), "aarch64": ("82", "83")}
"""The numbers of fsync and fdatasync on Linux, as /proc tells them."""


@dataclass(frozen=True, slots=True)
class KillPlan:
    """Kill at the `hit`-th passing of a named place, or after `steps` steps of any kind; neither: the till lives."""

    place: str = ""
    hit: int = 1
    steps: int = 0
    delay_s: float = 0.0
    """How long after the place, for one that is a stretch of work and not a moment."""


@dataclass
class Watch:
    """Counts the till's steps and kills it when its time has come. Safe from any thread."""

    plan: KillPlan
    say: Say
    _passed: dict[str, int] = field(default_factory=dict)
    _steps: int = 0
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _syncing: threading.Event = field(default_factory=threading.Event)
    _thread_id: int = 0

    def step(self, place: str) -> None:
        """Tell that the till has come to a place, and die there if that was asked for."""
        with self._lock:
            self._steps += 1
            self._passed[place] = self._passed.get(place, 0) + 1
            self.say({"at": place})
            due = place == self.plan.place and self._passed[place] == self.plan.hit
            if due and self.plan.delay_s:
                threading.Thread(target=self._die_in, args=(self.plan.delay_s,), daemon=True).start()
            elif due or self._steps == self.plan.steps:
                die()

    @staticmethod
    def _die_in(delay_s: float) -> None:
        time.sleep(delay_s)
        die()

    def committing(self, intent: str) -> None:
        """Let the watcher look for the COMMIT that begins now on this thread."""
        if (
            self.plan.place == f"{intent}:syncing"
            and self._passed.get(f"{intent}:commit", 0) >= self.plan.hit
        ):
            self._thread_id = threading.get_native_id()
            self._syncing.set()

    def beginning(self) -> None:
        """Note that the thread has gone on to its next transaction."""
        if self._thread_id == threading.get_native_id():
            self._syncing.clear()

    def watch_syncs(self) -> None:
        """Kill inside COMMIT, while the system writes the log through.

        On Linux /proc tells that the call is running; a COMMIT that was too quick is let go, and the next one awaited.
        Elsewhere the kill comes half a millisecond after COMMIT began.
        """
        if self.plan.place.endswith(":syncing"):
            threading.Thread(target=self._kill_while_syncing, daemon=True).start()

    def _kill_while_syncing(self) -> None:
        calls = _SYNC_CALLS.get(os.uname().machine, ())
        while self._syncing.wait():
            told = Path(f"/proc/self/task/{self._thread_id}/syscall")
            if not told.exists() or not calls:
                time.sleep(0.0005)
                die()
            until = time.monotonic() + _LONGEST_SYNC_S
            while self._syncing.is_set() and time.monotonic() < until:
                if told.read_text("ascii").split(" ", 1)[0] in calls:
                    die()
            self._syncing.clear()


def die() -> None:
    """End this process as the system would: no handler, no flush, no goodbye."""
    os.kill(os.getpid(), signal.SIGKILL)
    signal.pause()


class _Intents(threading.local):
    """What this thread is about, and where its transaction stands."""

    intent = ""
    last = ""
    writes = False
    wrote = False


def install(watch: Watch) -> None:
    """Wrap the till's calls in this process; there is no way back, the process is meant to die."""
    intents = _Intents()
    _trace_statements(watch, intents)
    _wrap_commits(watch, intents)
    _wrap_printing(watch, intents)
    _wrap_backups(watch)
    watch.watch_syncs()


def _trace_statements(watch: Watch, intents: _Intents) -> None:
    """Watch each statement of a transaction that has a name; SQLite tells of it before it runs."""

    def begins(sql: str) -> None:
        if sql.startswith("BEGIN"):
            watch.beginning()
            intents.last, intents.wrote = "BEGIN", False
            intents.writes = bool(intents.intent) and sql.startswith("BEGIN IMMEDIATE")
            return
        if not intents.writes:
            return
        intent, last, intents.last = intents.intent, intents.last, sql[:20]
        if last == "BEGIN":
            watch.step(f"{intent}:begun")
        elif last == "INSERT INTO journal ":
            watch.step(f"{intent}:journal")
        if sql.startswith("DELETE FROM cart"):
            watch.step(f"{intent}:rows")
        if sql.startswith("COMMIT"):
            watch.step(f"{intent}:commit")
            watch.committing(intent)
        elif sql.startswith(_WRITES) and not intents.wrote:
            intents.wrote = True
            watch.step(f"{intent}:writing")

    @event.listens_for(Engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: Any) -> None:
        connection.set_trace_callback(begins)


def _named(owner: type, method: str, intent: str, intents: _Intents, after: Callable[[Any], None]) -> None:
    """Give a service method's transaction a name, and call `after` with its result before it is handed on."""
    real = getattr(owner, method)

    @wraps(real)
    def run(*args: Any, **named: Any) -> Any:
        intents.intent = intent
        try:
            result = real(*args, **named)
        finally:
            intents.intent = ""
        after(result)
        return result

    setattr(owner, method, run)


def _teller(watch: Watch, place: str) -> Callable[[Any], None]:
    return lambda _result: watch.step(place)


def _wrap_commits(watch: Watch, intents: _Intents) -> None:
    for owner, method, intent in (
        (Checkout, "commit", "sale"),
        (ShiftService, "close", "shift"),
        (MemberService, "register", "member"),
    ):
        _named(owner, method, intent, intents, _teller(watch, f"{intent}:committed"))
    real_keep = CartService.keep

    def keep(self: CartService, cart: Cart) -> None:
        intents.intent = "cart"
        watch.say({"keeping": cart_text(cart)})
        try:
            real_keep(self, cart)
        finally:
            intents.intent = ""
        watch.say({"kept": cart_text(cart)})
        watch.step("cart:committed")

    CartService.keep = keep  # type: ignore[method-assign]


def cart_text(cart: Cart) -> str:
    """Return a cart's lines and member as they stand in the books, so that two carts can be compared."""
    return "" if cart.empty else msgspec.json.encode([cart.cart_id, cart.lines, cart.member]).decode()


def _wrap_printing(watch: Watch, intents: _Intents) -> None:
    real_done, real_print, real_open = Printing.done, EscposPrinter.print_page, TcpTransport.open
    half = threading.local()

    def taken(ready: Any) -> None:
        if ready is not None:
            watch.step("print:started")

    _named(Printing, "begin", "print", intents, taken)
    _named(Printing, "recover", "recover", intents, _teller(watch, "recover:committed"))

    def done(self: Printing, ready: Any) -> None:
        watch.step("print:sent")
        intents.intent = "print_done"
        try:
            real_done(self, ready)
        finally:
            intents.intent = ""
        watch.step("print:done")

    def print_page(self: EscposPrinter, page: Any) -> Any:
        # Drawn once more only where it is needed: it takes as long as the printing itself.
        half.job = _bytes_of(page, self.paper) if watch.plan.place == "print:half" else 0
        return real_print(self, page)

    def open_channel(self: TcpTransport) -> Any:
        return _WatchedChannel(real_open(self), watch, half)

    Printing.done = done  # type: ignore[method-assign]
    EscposPrinter.print_page = print_page  # type: ignore[method-assign]
    TcpTransport.open = open_channel  # type: ignore[method-assign]


def _bytes_of(page: Any, paper: Any) -> int:
    from pos_app.documents.renderers.raster import render_raster

    return sum(map(len, commands.raster_bands(render_raster(page, paper))))


class _WatchedChannel:
    """A printer's channel that tells how far the bytes of a job have got."""

    def __init__(self, channel: Any, watch: Watch, half: threading.local) -> None:
        self._channel, self._watch, self._half = channel, watch, half
        self._left = 0

    def write(self, chunk: bytes) -> int:
        if chunk == commands.INIT:
            self._left = getattr(self._half, "job", 0) // 2
        if 0 < self._left <= len(chunk):
            # Exactly the first half goes out, and is handed to the system, before the till may die.
            taken = int(self._channel.write(chunk[: self._left]))
            self._left -= taken
            self._watch.step("print:sending" if self._left else "print:half")
            return taken
        taken = int(self._channel.write(chunk))
        self._left -= taken if self._left else 0
        self._watch.step("print:sending")
        return taken

    def read(self, timeout_s: float) -> bytes:
        return bytes(self._channel.read(timeout_s))

    def close(self) -> None:
        self._channel.close()


def _wrap_backups(watch: Watch) -> None:
    real_copy, real_zip, real_sync, real_write = (
        SqlStore.copy_to,
        zipfile.ZipFile.write,
        os.fsync,
        ZipBackups.write,
    )
    on = threading.local()

    def write(self: ZipBackups, *args: Any) -> Any:
        on.backup = True
        try:
            return real_write(self, *args)
        finally:
            on.backup = False

    def copy_to(self: SqlStore, target: Path) -> None:
        watch.step("backup:copying")
        real_copy(self, target)

    def pack(self: zipfile.ZipFile, *args: Any, **named: Any) -> None:
        watch.step("backup:packing")
        real_zip(self, *args, **named)

    def sync(descriptor: int) -> None:
        if getattr(on, "backup", False):
            watch.step("backup:moving")
        real_sync(descriptor)

    ZipBackups.write = write  # type: ignore[method-assign, assignment]
    SqlStore.copy_to = copy_to  # type: ignore[method-assign]
    zipfile.ZipFile.write = pack  # type: ignore[method-assign]
    os.fsync = sync  # type: ignore[assignment]
