"""What tills ask, over HTTP: hello, push, pull, questions, enrolment.

Decides the order: who asks is found out before a body is read, and what is read is decoded and answered on one thread,
in the order of the gate. A till that was revoked may still push for a while, and nothing else. What is done is
`service`.
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from litestar import Response, post

from sync.platform.answers import packed, squeezed
from sync.platform.bodies import MOST_BYTES, MOST_ENROL_BYTES, body_of, is_packed, unpacked
from sync.platform.gate import Place
from sync.platform.guessing import Guesses
from sync.platform.seen import Asked, gate_of, metrics_of, place_of, seen_of, service_of, token_of
from sync.platform.service import PlatformService
from sync.platform.tills import Asker, count_try
from sync.protocol import codec
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Ask, Enrol, Hello, Pull, Push, PushReply, TillState

M = TypeVar("M", bound=msgspec.Struct)
R = TypeVar("R", bound=msgspec.Struct)
_WRONG = (Number.CODE, Number.CODE_EXPIRED)


@post("/v1/hello", status_code=200)
async def hello(request: Asked) -> Response[bytes]:
    """Greet a till."""
    return await _answer(request, Hello, lambda service, asker, message: service.hello(asker, message))


@post("/v1/push", status_code=200)
async def push(request: Asked) -> Response[bytes]:
    """Store a till's facts."""
    said: list[tuple[Push, PushReply]] = []

    def work(service: PlatformService, asker: Asker, message: Push) -> PushReply:
        reply = service.push(asker, message)
        said.append((message, reply))
        return reply

    answer = await _answer(request, Push, work)
    metrics_of(request).pushed(*said[0])
    return answer


@post("/v1/pull", status_code=200)
async def pull(request: Asked) -> Response[bytes]:
    """Give a till the documents after its cursor."""
    return await _answer(request, Pull, lambda service, asker, message: service.pull(asker, message))


@post("/v1/ask", status_code=200)
async def ask(request: Asked) -> Response[bytes]:
    """Look up what a till does not hold itself."""
    return await _answer(request, Ask, lambda service, asker, message: service.ask(asker, message))


@post("/v1/enrol", status_code=200)
async def enrol(request: Asked) -> Response[bytes]:
    """Make a till one of a merchant's; who guesses codes is not listened to."""
    service, gate = service_of(request), gate_of(request)
    address = request.client.host if request.client else ""
    guesses: Guesses = request.app.state.guesses
    guesses.allow(address, service.outside.now_ms())
    async with body_of(request, gate, MOST_ENROL_BYTES) as body:
        asked = _read(body, Enrol, packed_up=is_packed(request), most=MOST_ENROL_BYTES)
    try:
        enrolled = await gate.work(Place.HELLO, lambda: service.enrol(asked))
    except PlatformError as error:
        if error.number in _WRONG:
            guesses.wrong(address, service.outside.now_ms())
        if error.number is not Number.CODE_TRIED_TOO_OFTEN:
            await gate.work(Place.HELLO, lambda: service.database.write(lambda c: count_try(c, asked.code)))
        raise
    guesses.right(address)
    seen_of(request).merchant, seen_of(request).till = enrolled.merchant, asked.till
    return packed(codec.encode(enrolled))


async def asker_of(request: Asked) -> Asker:
    """Return which till asks; raises PlatformError TOKEN, REVOKED for what one that is shut out may not ask."""
    token, seen = token_of(request), seen_of(request)
    if not token:
        raise PlatformError(Number.TOKEN)
    service, place = service_of(request), place_of(request)
    asker = await gate_of(request).work(place, lambda: service.asker(token))
    seen.merchant, seen.till = asker.merchant, asker.till
    # A till that was declared dead may be stolen: it is greeted, so that it learns what it is, and that is all.
    allowed = {TillState.REVOKED: (Place.PUSH,), TillState.CLOSED: (Place.PUSH, Place.HELLO)}
    if place not in allowed.get(asker.state, (place,)):
        raise PlatformError(Number.REVOKED)
    return asker


async def _answer(
    request: Asked, kind: type[M], work: Callable[[PlatformService, Asker, M], R]
) -> Response[bytes]:
    """Find out who asks, read the message, and answer it."""
    asker = await asker_of(request)
    service, gate, place = service_of(request), gate_of(request), place_of(request)
    accepted = request.headers.get("accept-encoding", "")
    async with body_of(request, gate) as body:
        packed_up = is_packed(request)

        def answered() -> tuple[bytes, dict[str, str]]:
            reply = work(service, asker, _read(body, kind, packed_up=packed_up))
            return squeezed(codec.encode(reply), accepted)

        plain, headers = await gate.work(place, answered)
    return packed(plain, headers)


def _read(body: bytearray, kind: type[M], *, packed_up: bool, most: int = MOST_BYTES) -> M:
    return codec.decode(unpacked(body, most) if packed_up else bytes(body), kind)
