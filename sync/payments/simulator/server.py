"""The simulator over HTTP: the wallets' own addresses, and under /sim/ what a test or a person does with it.

Decides who may call (this computer alone) and how an unanswered request ends: the connection is closed. Nothing is
logged: codes would stand in it.
"""

import socket
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from pos_app.words import best_language
from sync.payments.simulator.page import page_of
from sync.payments.simulator.sides import Request
from sync.payments.simulator.wallets import Wallets

HOST = "127.0.0.1"
MOST_BYTES = 100_000
WALLETS = ("wechat_pay", "alipay")


class SimulatedTime:
    """Now, in milliseconds: the real time and what it was moved on by, or a time that only moves when told."""

    def __init__(self, wallets: Wallets, real_ms: Callable[[], int] | None) -> None:
        self._bank, self._real_ms = wallets.bank, real_ms

    def now_ms(self) -> int:
        """Return the time."""
        moved = self._bank.fact("moved_ms", 0)
        return moved + (self._real_ms() if self._real_ms is not None else 0)

    def move(self, by_ms: int) -> int:
        """Move on; every late charge that is due arrives. Return the time."""
        self._bank.keep("moved_ms", self._bank.fact("moved_ms", 0) + by_ms)
        now_ms = self.now_ms()
        self._bank.let_arrive(now_ms)
        return now_ms


class Simulator(ThreadingHTTPServer):
    """Serves until it is told to stop."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, wallets: Wallets, real_ms: Callable[[], int] | None) -> None:
        self.wallets, self.time = wallets, SimulatedTime(wallets, real_ms)
        self.lock = Lock()
        super().__init__((HOST, port), _Handler)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a caller that went away."""


class _Handler(BaseHTTPRequestHandler):
    server: Simulator
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        """Answer a question."""
        self._work()

    def do_POST(self) -> None:
        """Do what is asked."""
        self._work()

    def log_message(self, format: str, *args: Any) -> None:
        """Log nothing."""

    def _work(self) -> None:
        length = self.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            self.close_connection = True
            self._say(413, (("Content-Type", "text/plain"),), b"")
            return
        body = self.rfile.read(int(length))
        with self.server.lock:
            if urlsplit(self.path).path.startswith("/sim"):
                self._own(body)
                return
            request = Request(
                method=self.command,
                path=self.path,
                headers={name.lower(): value for name, value in self.headers.items()},
                body=body,
            )
            sealed = self.server.wallets.answer(request, self.server.time.now_ms())
        if sealed is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._say(sealed.status, sealed.headers, sealed.body)

    def _own(self, body: bytes) -> None:
        """Work on what a test or a person asks of the simulator itself."""
        if (self.headers.get("host") or "").rpartition(":")[0] not in (HOST, "localhost"):
            self._say(403, (("Content-Type", "text/plain"),), b"")
            return
        where = urlsplit(self.path)
        try:
            if self.command == "GET":
                self._show(where.path, parse_qs(where.query))
            else:
                self._json(self._do(where.path, msgspec.json.decode(body or b"{}")))
        except (msgspec.DecodeError, KeyError, TypeError, ValueError):
            self._json({"error": "not understood"}, status=400)

    def _show(self, path: str, query: dict[str, list[str]]) -> None:
        wallets, now_ms = self.server.wallets, self.server.time.now_ms()
        if path == "/sim/statement":
            wanted, after = query.get("wallet"), query.get("after", ["0"])[0]
            self._json(wallets.bank.statement(wanted[0] if wanted else None, int(after)))
        elif path == "/sim/time":
            self._json({"now_ms": now_ms})
        elif path == "/sim/waiting":
            rows = wallets.bank.waiting(now_ms)
            self._json([{"wallet": w, "number": n, "amount": a} for w, n, a in rows])
        else:
            asked = query.get("lang", [self.headers.get("accept-language", "zh_CN").partition(",")[0]])[0]
            page = page_of(wallets, now_ms, best_language(asked)).encode()
            policy = (
                "Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
                " script-src 'unsafe-inline'; connect-src 'self'",
            )
            self._say(200, (("Content-Type", "text/html; charset=utf-8"), policy), page)

    def _do(self, path: str, said: dict[str, Any]) -> object:
        wallets, time = self.server.wallets, self.server.time
        if path == "/sim/time":
            return {"now_ms": time.move(int(said["move_ms"]))}
        if path == "/sim/faults":
            wallets.faults.queued = [str(each) for each in said["next"]]
            return {}
        wallet = str(said["wallet"])
        if wallet not in WALLETS:
            raise ValueError(wallet)
        if path == "/sim/customers":
            after = said.get("enters_after_ms")
            customer = wallets.bank.add_customer(
                wallet,
                int(said["balance"]),
                int(said["password_over"]),
                None if after is None else int(after),
            )
            return {"customer": customer}
        if path == "/sim/codes":
            customer = int(said.get("customer") or wallets.bank.customer_of(wallet) or 0)
            code = wallets.new_code(wallet, customer, time.now_ms())
            return {"code": code, "good_for_s": wallets.code_lives_s()}
        if path == "/sim/password":
            wallets.bank.decide(wallet, str(said["number"]), time.now_ms(), enters=bool(said["enters"]))
            return {}
        raise KeyError(path)

    def _json(self, content: object, *, status: int = 200) -> None:
        self._say(status, (("Content-Type", "application/json"),), msgspec.json.encode(content))

    def _say(self, status: int, headers: tuple[tuple[str, str], ...], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
