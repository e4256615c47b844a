"""How bodies of requests are read: within a limit of size, unpacked and as it travels, and within a time.

Decides from what was announced before a byte is read; what comes without a length is cut off at the limit. Nothing
above the limit is ever held. Two ends of the limit: a body of 1 GB, and a gzip bomb.
"""

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sync.platform.gate import Gate
from sync.platform.seen import Asked
from sync.protocol.errors import Number, PlatformError

MOST_BYTES = 8_000_000
"""Bytes of a request, also after it was unpacked: eight times of what a till is told to send."""
MOST_JSON_BYTES = 64_000
MOST_ENROL_BYTES = 4_000
MOST_MEMBERS = 64
"""Members of a gzip body: each is a copy of the rest, so thousands of empty ones would be work without end."""


@asynccontextmanager
async def body_of(request: Asked, gate: Gate, most: int = MOST_BYTES) -> AsyncIterator[bytearray]:
    """Give the body as it travelled, and the room it takes back afterwards.

    Raises PlatformError: TOO_LARGE, BUSY when there is no room or it does not come, UNREADABLE when it ends early.
    """
    if announced_of(request) > most:
        raise PlatformError(Number.TOO_LARGE)
    body = bytearray()
    try:
        try:
            async with asyncio.timeout(gate.limits.body_s):
                await _read(request, gate, body, most)
        except TimeoutError:
            raise PlatformError(Number.BUSY) from None
        yield body
    finally:
        gate.let_go(len(body))


async def _read(request: Asked, gate: Gate, body: bytearray, most: int) -> None:
    """Add chunk after chunk; room is held for exactly what the body has."""
    more = True
    while more:
        event = await request.receive()
        if event["type"] != "http.request":
            raise PlatformError(Number.UNREADABLE)
        if len(body) + len(event["body"]) > most:
            raise PlatformError(Number.TOO_LARGE)
        gate.hold(len(event["body"]))
        body += event["body"]
        more = event.get("more_body", False)


def announced_of(request: Asked) -> int:
    """Return the length that the request announced, 0 for none; raises PlatformError UNREADABLE for no number."""
    text = request.headers.get("content-length", "0")
    if not text.isascii() or not text.isdigit():
        raise PlatformError(Number.UNREADABLE)
    return int(text) if len(text) < 20 else MOST_BYTES + 1


def is_packed(request: Asked) -> bool:
    """Return whether the body is gzip; raises PlatformError UNREADABLE for any other coding."""
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("gzip", "identity", ""):
        raise PlatformError(Number.UNREADABLE)
    return coding == "gzip"


def unpacked(body: bytes | bytearray, most: int = MOST_BYTES) -> bytes:
    """Unpack gzip, of several members one after another too, as far as a limit.

    Raises PlatformError TOO_LARGE above it, UNREADABLE for what is no gzip, is cut off or has MOST_MEMBERS. Source:
    RFC 1952 §2.2.
    """
    plain, rest = bytearray(), bytes(body)
    for _ in range(MOST_MEMBERS):
        unpacker = zlib.decompressobj(wbits=31)
        try:
            plain += unpacker.decompress(rest, most - len(plain) + 1)
        except zlib.error:
            raise PlatformError(Number.UNREADABLE) from None
        if len(plain) > most:
            raise PlatformError(Number.TOO_LARGE)
        if not unpacker.eof:
            raise PlatformError(Number.UNREADABLE)
        rest = unpacker.unused_data
        if not rest:
            return bytes(plain)
    raise PlatformError(Number.UNREADABLE)
