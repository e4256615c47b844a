"""Tills for head office, over REST: list, one-time codes, revoke, declare dead.

Decides addresses and statuses; what is done is `watching` and `tills`.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import TypeVar

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler
from sqlalchemy import Connection

from pos_app.domain.values.ids import TillId
from sync.platform import watching
from sync.platform.answers import json
from sync.platform.gate import Place
from sync.platform.office import id_of, read_body, staff_of
from sync.platform.rest import CodeAsked, CodeMade, CodeShown, CodesShown, TillShown, TillsShown
from sync.platform.seen import Asked, gate_of, service_of
from sync.platform.staff import Scope, Staff
from sync.platform.tills import CODE_LASTS_MS, new_code
from sync.platform.watching import SeenTill
from sync.protocol.messages import TillState

T = TypeVar("T")


@get("/v1/admin/tills")
async def tills(request: Asked) -> Response[bytes]:
    """List the tills of the merchant."""
    staff = await staff_of(request, Scope.TILLS_READ)
    found = await _read(request, lambda c, now: watching.tills_of(c, staff.merchant, now))
    return json(TillsShown(tills=tuple(_shown(each) for each in found)))


@get("/v1/admin/tills/{till:str}")
async def till(request: Asked) -> Response[bytes]:
    """Show a till."""
    staff = await staff_of(request, Scope.TILLS_READ)
    which = TillId(id_of(request, "till"))
    return json(_shown(await _read(request, lambda c, now: watching.till_of(c, staff.merchant, which, now))))


@post("/v1/admin/tills/{till:str}/revoke", status_code=200)
async def revoke(request: Asked) -> Response[bytes]:
    """Shut a till out: it learns nothing more, and what it still sends is quarantined."""
    staff = await staff_of(request, Scope.TILLS_WRITE)
    which = TillId(id_of(request, "till"))
    return json(_shown(await _write(request, lambda c, now: watching.revoke(c, staff.merchant, which, now))))


@post("/v1/admin/tills/{till:str}/declare-dead", status_code=200)
async def declare_dead(request: Asked) -> Response[bytes]:
    """Declare a till dead: 202 for the first of two persons, 200 once another agreed within a day."""
    staff = await staff_of(request, Scope.TILLS_WRITE)
    which = TillId(id_of(request, "till"))
    seen = await _write(request, lambda c, now: watching.declare_dead(c, staff, which, now))
    return json(_shown(seen), status=200 if seen.state is TillState.CLOSED else 202)


@get("/v1/admin/codes")
async def codes(request: Asked) -> Response[bytes]:
    """List the one-time codes that may still be used."""
    staff = await staff_of(request, Scope.TILLS_READ)
    found = await _read(request, lambda c, now: watching.codes_of(c, staff.merchant, now))
    return json(CodesShown(codes=tuple(CodeShown(**asdict(each)) for each in found)))


@post("/v1/admin/codes", status_code=201)
async def make_code(request: Asked) -> Response[bytes]:
    """Make a one-time code for a till, bound to a shop if need be."""
    staff = await staff_of(request, Scope.TILLS_WRITE)
    asked = await read_body(request, CodeAsked)
    return json(await _write(request, lambda c, now: _made(request, staff, asked, (c, now))), status=201)


def _made(request: Asked, staff: Staff, asked: CodeAsked, at: tuple[Connection, int]) -> CodeMade:
    connection, now_ms = at
    if asked.shop is not None:
        watching.known_shop(connection, staff.merchant, asked.shop)
    random = service_of(request).outside.random
    plain = new_code(connection, staff.merchant, random, now_ms, asked.shop)
    return CodeMade(code=plain, expires_at_ms=now_ms + CODE_LASTS_MS)


async def _read(request: Asked, work: Callable[[Connection, int], T]) -> T:
    service = service_of(request)
    now = service.outside.now_ms()
    return await gate_of(request).work(Place.PULL, lambda: service.database.read(lambda c: work(c, now)))


async def _write(request: Asked, work: Callable[[Connection, int], T]) -> T:
    service = service_of(request)
    now = service.outside.now_ms()
    return await gate_of(request).work(Place.PULL, lambda: service.database.write(lambda c: work(c, now)))


def _shown(seen: SeenTill) -> TillShown:
    return TillShown(**(asdict(seen) | {"state": seen.state.value}))


ROUTES: list[ControllerRouterHandler] = [tills, till, revoke, declare_dead, codes, make_code]
