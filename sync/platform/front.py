"""What stands before the application: lets requests in or sends them away, counts them, writes a line about each.

Decides what is refused before a body is read, and that every request is answered. Business is behind it.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, cast

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

from sync.platform import logs
from sync.platform.answers import refusal
from sync.platform.gate import Gate
from sync.platform.metrics import Metrics
from sync.platform.seen import SEEN, Seen, seen_at
from sync.protocol.errors import Number, PlatformError

LINGER_BYTES, LINGER_S = 16_000_000, 2.0
"""How much of a refused body is still taken from the line, unread, so that its sender gets to hear the refusal."""


class Front:
    """An ASGI application around another; `now_s` is a clock that only runs forward."""

    def __init__(self, app: ASGIApp, gate: Gate, metrics: Metrics, now_s: Callable[[], float]) -> None:
        self._app, self.gate, self._metrics, self._now_s = app, gate, metrics, now_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or pass on what is none."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        began, seen = self._now_s(), seen_at(scope["path"])
        cast("dict[str, object]", scope)[SEEN] = seen
        line = _Line(seen, receive, send, is_awaited=_has_body(scope))
        try:
            await self._let_in(scope, seen, line)
        finally:
            took_ms = round((self._now_s() - began) * 1000)
            route = _route(scope)
            self._metrics.requested(route, scope["method"], seen.status, took_ms)
            logs.request_line(route, scope["method"], seen, took_ms)

    async def _let_in(self, scope: Scope, seen: Seen, line: "_Line") -> None:
        if seen.place is None:
            await self._answer(scope, seen, line)
            return
        try:
            self.gate.enter(seen.place)
        except PlatformError as error:
            await line.refuse(error)
            return
        try:
            await self._answer(scope, seen, line)
        finally:
            self.gate.leave(seen.place)

    async def _answer(self, scope: Scope, seen: Seen, line: "_Line") -> None:
        try:
            await self._app(scope, line.receive, line.send)
        except Exception as error:
            logs.bug_line(_route(scope), error)
            if not seen.status:
                await line.refuse(PlatformError(Number.BUG))
        else:
            await line.finish()


class _Line:
    """The two ways of a connection, with what went over them counted.

    An answer that is given before the body was read closes the connection, after a little of the body was let pass: a
    sender that finds the door shut on its body would never read the answer.
    """

    def __init__(self, seen: Seen, receive: Receive, send: Send, *, is_awaited: bool) -> None:
        self._seen, self._receive, self._send = seen, receive, send
        self._is_read = not is_awaited
        self._last: Any = None

    async def receive(self) -> Any:
        """Take what comes."""
        event = await self._receive()
        if event["type"] == "http.request":
            self._seen.received += len(event["body"])
            self._is_read = not event.get("more_body", False)
        else:
            self._is_read = True
        return event

    async def send(self, message: Message) -> None:
        """Send, but keep the end of an answer to a body that was not read until `finish`."""
        if message["type"] == "http.response.start":
            self._seen.status = message["status"]
            if not self._is_read:
                message["headers"] = [*message["headers"], (b"connection", b"close")]
        elif message["type"] == "http.response.body":
            self._seen.sent += len(message["body"])
            if not message.get("more_body", False) and not self._is_read:
                message["more_body"] = True
                self._last = {"type": "http.response.body", "body": b"", "more_body": False}
        await self._send(message)

    async def refuse(self, error: PlatformError) -> None:
        """Answer without the application."""
        status, headers, body = refusal(self._seen, error)
        told = [(name.encode(), value.encode()) for name, value in headers.items()]
        told.append((b"content-length", str(len(body)).encode()))
        await self.send({"type": "http.response.start", "status": status, "headers": told})
        await self.send({"type": "http.response.body", "body": body, "more_body": False})
        await self.finish()

    async def finish(self) -> None:
        """Let some of an unread body pass, and end the answer."""
        if self._last is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER_S):
                while not self._is_read and self._seen.received < LINGER_BYTES:
                    await self.receive()
        await self._send(self._last)
        self._last = None


def _has_body(scope: HTTPScope) -> bool:
    """Return whether a body is on its way; who waits to be told to go on (Expect) has not sent it."""
    headers = dict(scope["headers"])
    announced = headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers
    return announced and b"expect" not in headers


def _route(scope: Scope) -> str:
    return str(scope.get("path_template") or logs.NO_ROUTE)
