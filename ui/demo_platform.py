"""The demo's own platform: a process beside its till, with which the till syncs, so that the light is live.

Decides when it starts, on which port, and that the demo's till founds its merchant there, once; a till that left it,
or belongs to another platform, is left alone. It ends with the till, however that ends. Qt-free.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING
from zlib import crc32

from pos_app.domain.errors import UnavailableError
from pos_app.services.ports.store import Store
from pos_app.services.ports.syncing import EnrolWay, SyncLight, SyncStatus

if TYPE_CHECKING:
    from ui.late_sync import LateSync

SERVE = (sys.executable, "-m", "ui.cli.platform_child")
MAKE_CODE = (sys.executable, "-m", "sync.platform", "--code")
HOST = "127.0.0.1"
HOME_VARIABLE = "SHUKE_PLATFORM_HOME"
LISTENS_S, CODE_S, ENDS_S = 20.0, 60.0, 3.0
"""How long until it must listen, until a code must be made, and until it is killed that does not end by itself."""
_LOOK_EVERY_S, _CONNECT_S = 0.05, 1.0
_PORTS_FROM, _PORTS_COUNT = 20_000, 10_000
"""Below those that systems give away for a moment: one of these is still free when the demo comes back."""
_PORTS, _FOUNDED, _LOG = "ports", "founded", "platform.log"


class DemoPlatformError(UnavailableError):
    """The demo's platform did not start; the demo sells without it."""

    code = "sync.error.demo_platform"


class PlatformBeside:
    """The process, in a folder of its own; `start` and `code` on a thread that may wait, `stop` from any."""

    def __init__(self, folder: Path, serve: Sequence[str] = SERVE) -> None:
        self._folder, self._command = folder, tuple(serve)
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = Event()

    def addresses(self) -> list[str]:
        """Return where it has listened so far, the last one at the end."""
        with suppress(OSError, ValueError):
            return [_address(int(line)) for line in self._ports().read_text("ascii").split()]
        return []

    def start(self) -> str:
        """Start it where it listened last, at first on the folder's own port; return its address once it listens.

        Where another program has that port, the system chooses one. Raises DemoPlatformError.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            listened = self.addresses()[-1:]
            preferred = listened[0] if listened else _address(self._own_port())
            port = 0 if _is_taken(preferred) else self._serve(_port(preferred))
            port = port or self._serve(0)
            if not port or not self._listens(port):
                raise DemoPlatformError
            if _address(port) not in listened:
                with self._ports().open("a", encoding="ascii") as ports:
                    ports.write(f"{port}\n")
        except (OSError, ValueError) as problem:
            raise DemoPlatformError from problem
        return _address(port)

    def code(self) -> str:
        """Return a one-time code for a till; raise DemoPlatformError."""
        try:
            made = subprocess.run(
                MAKE_CODE,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=CODE_S,
                check=True,
            )
        except (OSError, subprocess.SubprocessError):
            # Without its cause: what was printed so far would stand in it.
            raise DemoPlatformError from None
        return made.stdout.decode("ascii", "replace").strip()

    def stop(self) -> None:
        """End it; also one that is only about to start."""
        self._stopped.set()
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            _end(process)

    @property
    def is_stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stopped.is_set()

    def _own_port(self) -> int:
        """Return a port by the folder's name, so that two demos seldom want the same."""
        return _PORTS_FROM + crc32(str(self._folder).encode()) % _PORTS_COUNT

    def _ports(self) -> Path:
        return self._folder / _PORTS

    def _environment(self) -> dict[str, str]:
        return os.environ | {HOME_VARIABLE: str(self._folder)}

    def _serve(self, port: int) -> int:
        """Start the process on a port, 0 for any; return the port that it says, 0 when it ended instead."""
        with self._lock, (self._folder / _LOG).open("wb") as log:
            if self.is_stopped:
                raise DemoPlatformError
            process = subprocess.Popen(
                [*self._command, "--host", HOST, "--port", str(port)],
                env=self._environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
            self._process = process
        assert process.stdout is not None
        told = process.stdout.readline().decode("ascii", "replace").strip()
        if told:
            return _port(told)
        _end(process)
        return 0

    def _listens(self, port: int) -> bool:
        """Wait until it takes connections; False when it is over or takes too long."""
        for _ in range(int(LISTENS_S / _LOOK_EVERY_S)):
            if _is_taken(_address(port)):
                return True
            process = self._process
            if process is None or process.poll() is not None or self._stopped.wait(_LOOK_EVERY_S):
                return False
        return False


class DemoSync:
    """Sync of the demo's till, as a `SyncControl`: that of any till, begun once its platform listens.

    Until then a till that is about to found its merchant is shown as one without network.
    """

    def __init__(self, late: "LateSync", store: Store, platform: PlatformBeside, folder: Path) -> None:
        self._late, self._store, self._platform = late, store, platform
        self._founded = folder / _FOUNDED
        self._listeners: list[Callable[[SyncStatus], None]] = []
        self._is_connecting = not self._founded.exists()

    def status(self) -> SyncStatus:
        """Return how sync is."""
        status = self._late.status()
        if self._is_connecting and status.light is SyncLight.ALONE:
            return replace(status, light=SyncLight.OFFLINE)
        return status

    def watch(self, listener: Callable[[SyncStatus], None]) -> None:
        """Call a listener whenever the status changes."""
        self._listeners.append(listener)
        self._late.watch(listener)

    def wake(self) -> None:
        """Go on at once."""
        self._late.wake()

    def start(self) -> None:
        """Start the platform, found the merchant if that was never done, and sync; raise DemoPlatformError.

        Whatever failed, a till with a tie tries to sync by itself from here on.
        """
        try:
            self._tie(self._platform.start())
        finally:
            self._is_connecting = False
            if self._platform.is_stopped:
                # What enrolling began meanwhile must not go on beside closed books.
                self._late.stop()
            else:
                self._late.start()
                for listener in self._listeners:
                    listener(self.status())

    def stop(self) -> None:
        """End sync, and then the platform."""
        self._late.stop()
        self._platform.stop()

    def _tie(self, address: str) -> None:
        with self._store.read() as tx:
            link = tx.links.load()
        if link is None and not self._founded.exists():
            self._late.enrol(address, self._platform.code(), EnrolWay.FOUND)
        elif link is not None and link.address != address and link.address in self._platform.addresses():
            # Another program has the port that it listened on before.
            with self._store.write() as tx:
                tx.links.save(replace(link, address=address))
        self._founded.touch()


def beside_demo(late: "LateSync", store: Store, folder: Path) -> DemoSync:
    """Return sync of the demo's till with a platform of its own, whose data stand in a folder."""
    return DemoSync(late, store, PlatformBeside(folder), folder)


def _address(port: int) -> str:
    return f"http://{HOST}:{port}"


def _port(address: str) -> int:
    return int(address.rpartition(":")[2])


def _is_taken(address: str) -> bool:
    """Whether somebody takes connections there."""
    with suppress(OSError), socket.create_connection((HOST, _port(address)), _CONNECT_S):
        return True
    return False


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Close its stdin, and kill it when it does not end."""
    with suppress(OSError):
        if process.stdin is not None:
            process.stdin.close()
    try:
        process.wait(ENDS_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    # Not before it is over: `start` may still read from it.
    if process.stdout is not None:
        process.stdout.close()
