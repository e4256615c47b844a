"""A wire between a till and its platform that can be broken in every way a shop's network is, and healed again.

Real sockets on the loopback. Decides how each fault looks to both ends; which one is on, and for how long, is the
test's. A fault holds for connections that stand already as for new ones.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from threading import Event, Thread
from urllib.parse import urlsplit

BLOCK = 65_536
DRIP_S = 1.0


class Fault(StrEnum):
    """What is wrong with the wire."""

    NONE = "none"
    REFUSED = "refused"
    """Nobody takes a connection for more than a moment, and those that stand end."""
    HALF_OPEN = "half_open"
    """The connection stands, and nothing comes or goes."""
    UP_LOST = "up_lost"
    """One-way drop: what the till sends is lost."""
    DOWN_LOST = "down_lost"
    """One-way drop: what the platform answers is lost."""
    DRIP = "drip"
    """One byte a second, each way."""
    CUT_BODY = "cut_body"
    """Cut off in the middle of what the till sends."""
    REPLY_LOST = "reply_lost"
    """The platform has it all; the connection breaks before its answer comes."""
    REPLY_CUT = "reply_cut"
    """Cut off in the middle of the answer."""
    TOO_LARGE = "413"
    """A server in between takes no body of this size."""
    BROKEN = "500"
    """A server in between is broken."""
    AWAY = "503"
    """A server in between says when to come again."""
    PORTAL = "portal"
    """A page that wants somebody to sign in to the network, as 200."""


_CANNED = {
    Fault.TOO_LARGE: ("413 Content Too Large", "text/html", b"<html>too large</html>"),
    Fault.BROKEN: ("500 Internal Server Error", "text/html", b"<html>sorry</html>"),
    Fault.AWAY: ("503 Service Unavailable", "text/html", b"<html>later</html>"),
    Fault.PORTAL: ("200 OK", "text/html; charset=utf-8", "<html>请先登录 Wi-Fi</html>".encode()),
}


class FaultyWire:
    """A proxy on a port of the loopback; `fault` may be set at any time, from any thread."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "", parts.port or 0)
        self.fault = Fault.NONE
        self.met = 0
        """How often the present fault was met."""
        self._met = Event()
        self.most_up = 0
        """Bytes of a question from which on the connection is cut without a word; 0 for none."""
        self.up_bytes_s = 0
        """How fast the till's bytes go; 0 for as fast as they come."""
        self._over = Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(0.2)
        self._open: list[socket.socket] = []
        Thread(target=self._accept, name="wire", daemon=True).start()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def break_with(self, fault: Fault) -> None:
        """Put a fault on."""
        self.met = 0
        self._met.clear()
        self.fault = fault
        if fault is Fault.REFUSED:
            for each in self._open:
                _end(each)

    def heal(self) -> None:
        """Take the fault off; connections that were broken stay so."""
        self.fault = Fault.NONE

    def await_met(self, patience_s: float) -> bool:
        """Wait until the present fault is met."""
        return self._met.wait(patience_s)

    def _meet(self) -> None:
        self.met += 1
        self._met.set()

    def close(self) -> None:
        """Cut everything."""
        self._over.set()
        for each in (self._listening, *self._open):
            _end(each)

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                till, _ = self._listening.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            if self.fault is Fault.REFUSED:
                self._meet()
                _end(till)
                continue
            with suppress(OSError):
                platform = socket.create_connection(self._target)
                self._open += [till, platform]
                for work in (self._up, self._down):
                    Thread(target=work, args=(till, platform), name="wire-pump", daemon=True).start()

    def _up(self, till: socket.socket, platform: socket.socket) -> None:
        """Carry what the till sends."""
        asked = 0
        with suppress(OSError):
            while data := till.recv(BLOCK):
                # A new question begins with its method.
                asked = len(data) + (0 if data.startswith((b"POST", b"GET")) else asked)
                if self.most_up and asked > self.most_up:
                    self._meet()
                    break
                if self.up_bytes_s:
                    self._over.wait(len(data) / self.up_bytes_s)
                fault = self.fault
                if fault is not Fault.NONE:
                    self._meet()
                if fault in _CANNED:
                    till.sendall(_answer(fault))
                    _linger(till)
                    break
                if fault is Fault.CUT_BODY:
                    platform.sendall(data[: len(data) // 2])
                    break
                if fault in (Fault.UP_LOST, Fault.HALF_OPEN):
                    continue
                self._send(platform, data)
        _end(till)
        _end(platform)

    def _down(self, till: socket.socket, platform: socket.socket) -> None:
        """Carry what the platform answers."""
        with suppress(OSError):
            while data := platform.recv(BLOCK):
                fault = self.fault
                if fault is Fault.REPLY_LOST:
                    break
                if fault is Fault.REPLY_CUT:
                    till.sendall(data[:-1])
                    break
                if fault in (Fault.DOWN_LOST, Fault.HALF_OPEN):
                    continue
                self._send(till, data)
        _end(platform)
        _end(till)

    def _send(self, to: socket.socket, data: bytes) -> None:
        while data and self.fault is Fault.DRIP:
            to.sendall(data[:1])
            data = data[1:]
            if self._over.wait(DRIP_S):
                return
        to.sendall(data)


def _answer(fault: Fault) -> bytes:
    status, kind, page = _CANNED[fault]
    head = (
        f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {len(page)}\r\nretry-after: 1\r\n\r\n"
    )
    return head.encode() + page


def _linger(till: socket.socket) -> None:
    """Read what still comes before the connection ends, as servers do: else a reset takes the answer away."""
    till.shutdown(socket.SHUT_WR)
    till.settimeout(2.0)
    while till.recv(BLOCK):
        pass


def _end(each: socket.socket) -> None:
    with suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)
    each.close()


@contextmanager
def faulty_wire(target: str) -> Iterator[FaultyWire]:
    """Stand between until the block ends."""
    wire = FaultyWire(target)
    try:
        yield wire
    finally:
        wire.close()
