"""The platform over HTTP: which routes there are, and what stands before and behind them.

Decides how the application is put together. What a route does stands with its kind: tills, snapshots, head office.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

import anyio
import anyio.to_thread
from litestar import Litestar
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.types import ControllerRouterHandler

from sync.platform import admin_routes, member_routes, own_routes, snapshot_routes, till_routes
from sync.platform.answers import broken, refused
from sync.platform.bodies import MOST_BYTES as MOST_BYTES
from sync.platform.front import Front
from sync.platform.gate import Gate, Limits
from sync.platform.guessing import Guesses
from sync.platform.metrics import Metrics
from sync.platform.openapi import document_of
from sync.platform.rest import OnlineMembers
from sync.platform.service import PlatformService
from sync.platform.snapshot_routes import SnapshotFiles
from sync.protocol.errors import PlatformError

SNAPSHOTS_END_S = 1.0
"""How long the end waits for a snapshot that is being made: what is left of it is removed the next time."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What answers beside the service: snapshots, and members for head office; without them their routes are absent."""

    snapshots: SnapshotFiles | None = None
    members: OnlineMembers | None = None
    limits: Limits = field(default_factory=Limits)


def make_app(service: PlatformService, behind: Behind | None = None) -> Front:
    """Return the application; it closes the service's database at its end."""

    behind = behind or Behind()

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        await anyio.to_thread.run_sync(service.begin)
        yield
        if behind.snapshots is not None:
            with anyio.move_on_after(SNAPSHOTS_END_S):
                await anyio.to_thread.run_sync(behind.snapshots.close, abandon_on_cancel=True)
        service.database.close()

    gate, metrics, routes = Gate(behind.limits), Metrics(), handlers_of(behind)
    told = {
        "service": service,
        "gate": gate,
        "metrics": metrics,
        "guesses": Guesses(),
        "snapshots": behind.snapshots,
        "members": behind.members,
        "openapi": document_of(routes_of(routes)),
    }
    app = Litestar(
        route_handlers=routes,
        lifespan=[lifespan],
        exception_handlers={PlatformError: refused, Exception: broken},
        # Bodies are limited where they are read, by what they are for.
        request_max_body_size=None,
        state=State(told),
        openapi_config=None,
        logging_config=None,
    )
    return Front(app, gate, metrics, monotonic)


def handlers_of(behind: Behind) -> list[ControllerRouterHandler]:
    """Return what answers; what is not there has no route."""
    found: list[ControllerRouterHandler] = [
        till_routes.hello,
        till_routes.push,
        till_routes.pull,
        till_routes.ask,
        till_routes.enrol,
        *own_routes.ROUTES,
        *admin_routes.ROUTES,
    ]
    if behind.snapshots is not None:
        found += [snapshot_routes.snapshot, snapshot_routes.snapshot_file]
    if behind.members is not None:
        found += member_routes.ROUTES
    return found


def routes_of(handlers: list[ControllerRouterHandler]) -> list[tuple[str, str]]:
    """Return method and path of handlers, as a description names them."""
    found = []
    for each in handlers:
        assert isinstance(each, HTTPRouteHandler)
        path = next(iter(each.paths)).replace(":str}", "}")
        found += [(method.lower(), path) for method in sorted(each.http_methods)]
    return found
