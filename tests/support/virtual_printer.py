"""A virtual ESC/POS printer over TCP on loopback.

In a test: ``with VirtualPrinter() as printer: open_printer(printer.setting())``. On its own, as a witness that
outlives a killed till: ``python -m tests.support.virtual_printer --port 0 --log FILE`` prints ``{"port": n}`` and
writes one JSON line for each piece of paper, on disk before the printer says that it is done. The line says
whether it was cut, which codes zxing reads on it, and whether the 副本 band is there (see `paper_strip`): both
are read off the dots, so the till cannot tell the witness anything that is not on the paper.
"""

import argparse
import json
import os
import select
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from tests.support.escpos_stream import EscposStream
from tests.support.paper_strip import Strip

_TICK_S = 0.02


class VirtualPrinter:
    """One printer, serving one connection at a time; conditions may be changed from any thread."""

    def __init__(
        self, port: int = 0, buffer_bytes: int = 1 << 20, on_strip: Callable[[Strip], None] | None = None
    ) -> None:
        self.strips: list[Strip] = []
        self._on_strip = on_strip
        self._stream = EscposStream(self._keep)
        self._buffer_bytes = buffer_bytes
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self.mute = False
        """Takes bytes, answers nothing."""
        self.frozen = False
        """Accepts the connection and reads nothing."""
        self.close_after: int | None = None
        """Closes the connection once, after so many bytes."""
        self.mute_after: int | None = None
        """Hangs after so many bytes: takes the rest, answers nothing more."""
        self.received = 0
        self._server = socket.create_server(("127.0.0.1", port))
        self.port: int = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, name="virtual-printer", daemon=True)

    def __enter__(self) -> "VirtualPrinter":
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._stop.set()
        self._thread.join()
        self._server.close()
        with self._lock:
            self._stream.switch_off()

    def setting(self, options: str = "") -> str:
        """Return the device setting that reaches it."""
        return f"tcp://127.0.0.1:{self.port}" + (f"?{options}" if options else "")

    @property
    def receipts(self) -> list[Strip]:
        """The pieces of paper that were cut off."""
        return [strip for strip in self.strips if strip.cut]

    @property
    def kicks(self) -> list[int]:
        """The drawer pulses so far, 0 for pin 2 and 1 for pin 5."""
        return list(self._stream.kicks)

    @property
    def kicks_in_real_time(self) -> list[int]:
        """Those of them that did not wait in the buffer."""
        return list(self._stream.kicks_in_real_time)

    @property
    def cuts(self) -> int:
        """How often the cutter came down."""
        return self._stream.cuts

    @property
    def strays(self) -> bytes:
        """Bytes that were no command: a line printer would have printed them as text."""
        return bytes(self._stream.strays)

    @property
    def lines(self) -> list[str]:
        """What it wrote with a font of its own."""
        return list(self._stream.lines)

    @property
    def settings_told(self) -> list[bytes]:
        """What it was told of density and speed: function and value."""
        return list(self._stream.settings_told)

    def put_in_font(self, charset: str) -> None:
        """Let it write characters by itself."""
        with self._lock:
            self._stream.font = charset

    def load_paper(self, dots: int | None = None) -> None:
        """Put in a roll of so many dots (None: endless); what waits in the buffer is printed now."""
        with self._lock:
            self._stream.paper_dots = dots
            self._stream.work()

    def open_cover(self) -> None:
        """Open the cover."""
        with self._lock:
            self._stream.cover_open = True

    def close_cover(self) -> None:
        """Close it; printing goes on."""
        with self._lock:
            self._stream.cover_open = False
            self._stream.work()

    def set_condition(
        self, *, low_paper: bool = False, cutter_fault: bool = False, knows_gs_r: bool = True
    ) -> None:
        """Set what the sensors say, and whether it is of the cheap kind that does not know GS r."""
        with self._lock:
            self._stream.low_paper, self._stream.cutter_fault = low_paper, cutter_fault
            self._stream.knows_gs_r = knows_gs_r

    def unplug_drawer(self) -> None:
        """Pull the drawer's cable."""
        with self._lock:
            self._stream.drawer_attached = False

    def _keep(self, strip: Strip) -> None:
        if self._on_strip is not None:
            self._on_strip(strip)
        self.strips.append(strip)

    def _serve(self) -> None:
        while not self._stop.is_set():
            ready, _, _ = select.select([self._server], [], [], _TICK_S)
            if ready:
                connection, _ = self._server.accept()
                with connection:
                    self._attend(connection)

    def _attend(self, connection: socket.socket) -> None:
        while not self._stop.is_set():
            full = len(self._stream.buffer) >= self._buffer_bytes
            if self.frozen or full:
                self._stop.wait(_TICK_S)
                if self._hung_up(connection):
                    return
                continue
            ready, _, _ = select.select([connection], [], [], _TICK_S)
            if ready and not self._take(connection):
                return

    @staticmethod
    def _hung_up(connection: socket.socket) -> bool:
        ready, _, _ = select.select([connection], [], [], 0)
        try:
            return bool(ready) and connection.recv(1, socket.MSG_PEEK) == b""
        except OSError:
            return True

    def _take(self, connection: socket.socket) -> bool:
        try:
            chunk = connection.recv(4096)
            if not chunk:
                return False
            if self.close_after is not None and self.received + len(chunk) >= self.close_after:
                chunk = chunk[: max(0, self.close_after - self.received)]
                self.close_after = None
                self._receive(chunk)
                return False
            answer = self._receive(chunk)
            if self.mute_after is not None and self.received >= self.mute_after:
                self.mute = True
            if answer and not self.mute:
                connection.sendall(answer)
        except OSError:
            return False
        return True

    def _receive(self, chunk: bytes) -> bytes:
        with self._lock:
            self.received += len(chunk)
            return self._stream.receive(chunk)


def main(arguments: list[str] | None = None) -> int:
    """Run as a process of its own until stdin closes; return an exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--paper-dots", type=int)
    asked = parser.parse_args(arguments)
    with asked.log.open("a", encoding="utf-8") as log:

        def write(strip: Strip) -> None:
            log.write(json.dumps(strip.record(), ensure_ascii=False) + "\n")
            log.flush()
            os.fsync(log.fileno())

        with VirtualPrinter(asked.port, on_strip=write) as printer:
            printer.load_paper(asked.paper_dots)
            print(json.dumps({"port": printer.port}), flush=True)
            sys.stdin.read()
    return 0


if __name__ == "__main__":
    sys.exit(main())
