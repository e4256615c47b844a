"""The platform over HTTP: which address does what, how bodies are read, and how a refusal travels.

Decides limits of what comes in (size, compression) before it is read whole, and statuses; no personal data reaches a
log line. Handlers are short: they ask `service`.
"""

import logging
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import anyio.to_thread
import msgspec
from litestar import Litestar, MediaType, Request, Response, get, post

from sync.platform.service import PlatformService
from sync.platform.tills import Asker
from sync.protocol import codec
from sync.protocol.errors import MEANINGS, Number, PlatformError
from sync.protocol.messages import Enrol, Hello, Push, Refusal

MOST_BYTES = 8_000_000
"""Bytes of a request, also after it was unpacked: eight times of what a till is told to send."""
BUSY_AFTER_S = 2
log = logging.getLogger("shuke.platform")
M = TypeVar("M", bound=msgspec.Struct)
Asked = Request[Any, Any, Any]


def make_app(service: PlatformService) -> Litestar:
    """Return the application; the caller keeps the service and closes its database."""

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        yield
        service.database.close()

    app = Litestar(
        route_handlers=[health, hello, push, enrol],
        lifespan=[lifespan],
        exception_handlers={PlatformError: _refused, Exception: _broken},
        request_max_body_size=MOST_BYTES,
    )
    app.state.service = service
    return app


@get("/health", media_type=MediaType.JSON)
async def health(request: Asked) -> dict[str, str]:
    """Say whether the database answers."""
    service = _service(request)
    await anyio.to_thread.run_sync(lambda: service.database.read(lambda c: c.exec_driver_sql("SELECT 1")))
    return {"status": "ok"}


@post("/v1/hello", status_code=200)
async def hello(request: Asked) -> Response[bytes]:
    """Greet a till."""
    message = await _message(request, Hello)
    return await _answer(request, lambda service, asker: service.hello(asker, message))


@post("/v1/push", status_code=200)
async def push(request: Asked) -> Response[bytes]:
    """Store a till's facts."""
    message = await _message(request, Push)
    return await _answer(request, lambda service, asker: service.push(asker, message))


@post("/v1/enrol", status_code=200)
async def enrol(request: Asked) -> Response[bytes]:
    """Make a till one of a merchant's."""
    message = await _message(request, Enrol)
    service = _service(request)
    enrolled = await anyio.to_thread.run_sync(lambda: service.enrol(message))
    return _packed(enrolled)


def _service(request: Asked) -> PlatformService:
    service: PlatformService = request.app.state.service
    return service


async def _answer(
    request: Asked, work: Callable[[PlatformService, Asker], msgspec.Struct]
) -> Response[bytes]:
    """Find out who asks, and answer; both on a thread, since the database keeps them waiting."""
    service, token = _service(request), _token(request)
    return _packed(await anyio.to_thread.run_sync(lambda: work(service, service.asker(token))))


def _token(request: Asked) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise PlatformError(Number.TOKEN)
    return token.strip()


async def _message(request: Asked, kind: type[M]) -> M:
    body = await request.body()
    if request.headers.get("content-encoding", "").lower() == "gzip":
        body = _unpacked(body)
    return codec.decode(body, kind)


def _unpacked(body: bytes) -> bytes:
    """Unpack gzip as far as MOST_BYTES: a small body may hold a thousand times its size."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, MOST_BYTES)
    except zlib.error:
        raise PlatformError(Number.UNREADABLE) from None
    if unpacker.unconsumed_tail:
        raise PlatformError(Number.TOO_LARGE)
    if not unpacker.eof:
        raise PlatformError(Number.UNREADABLE)
    return plain


def _packed(
    message: msgspec.Struct, status: int = 200, headers: dict[str, str] | None = None
) -> Response[bytes]:
    return Response(
        codec.encode(message), media_type=codec.CONTENT_TYPE, status_code=status, headers=headers or {}
    )


def _refused(_request: Asked, error: PlatformError) -> Response[bytes]:
    """Answer with the number, its status, and what belongs to it."""
    later = BUSY_AFTER_S if MEANINGS[error.number].status == 503 else None
    known = {name: value for name, value in error.told.items() if name in Refusal.__struct_fields__}
    refusal = Refusal(**({"number": error.number.value, "retry_after_s": later} | known))
    headers = {"retry-after": str(later)} if later is not None else {}
    return _packed(refusal, MEANINGS[error.number].status, headers)


def _broken(request: Asked, error: Exception) -> Response[bytes]:
    """Answer what the framework refuses with our numbers; anything else is a bug, told without what was asked."""
    status = getattr(error, "status_code", 500)
    if status == 413:
        return _refused(request, PlatformError(Number.TOO_LARGE))
    if status < 500:
        return _packed(Refusal(number=Number.NOT_FOUND.value), status)
    log.error("bug at %s: %s", request.url.path, type(error).__name__, exc_info=error)
    return _refused(request, PlatformError(Number.BUG))
