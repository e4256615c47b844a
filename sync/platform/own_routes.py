"""What the platform says of itself: health, figures, its own description. Decides who may read the figures."""

import ipaddress

import anyio
import anyio.to_thread
import msgspec
from anyio import CapacityLimiter
from litestar import MediaType, Response, get
from litestar.types import ControllerRouterHandler

from sync.platform import metrics, watching
from sync.platform.answers import json
from sync.platform.gate import Place
from sync.platform.office import staff_of
from sync.platform.rest import Health
from sync.platform.seen import Asked, gate_of, metrics_of, seen_of, service_of
from sync.platform.service import PlatformService
from sync.platform.staff import Scope
from sync.protocol.errors import Number, PlatformError

HEALTH_S = 3.0
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


@get("/health")
async def health(request: Asked) -> Response[bytes]:
    """Say whether the database answers: 503 when not, and once the platform is about to stop."""
    if gate_of(request).is_stopping:
        return json(Health(status="stopping"), status=503)
    # A thread of its own: a platform that has its hands full is not ill.
    limiter = request.app.state.setdefault("health_threads", CapacityLimiter(1))
    service = service_of(request)
    try:
        with anyio.fail_after(HEALTH_S):
            await anyio.to_thread.run_sync(_ask, service, limiter=limiter, abandon_on_cancel=True)
    except (PlatformError, TimeoutError):
        seen_of(request).number = Number.DATABASE.value
        return json(Health(status="database"), status=503)
    return json(Health(status="ok"))


def _ask(service: PlatformService) -> None:
    service.database.read(lambda c: c.exec_driver_sql("SELECT 1").scalar_one())


@get("/metrics")
async def figures(request: Asked) -> Response[bytes]:
    """Give the figures; from another machine only to a staff token with the scope `metrics`."""
    gate, service = gate_of(request), service_of(request)
    if not _is_next_door(request):
        await staff_of(request, Scope.METRICS)
    now = service.outside.now_ms()
    fleet = await gate.work(Place.HELLO, lambda: service.database.read(lambda c: watching.fleet(c, now)))
    text = metrics_of(request).text(gate.inside[Place.PUSH], fleet)
    return Response(text.encode(), media_type=metrics.CONTENT_TYPE)


def _is_next_door(request: Asked) -> bool:
    """Whether this machine asks, and not for another: what a proxy here passes on came from elsewhere."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


@get("/schema/openapi.json")
async def openapi(request: Asked) -> Response[bytes]:
    """Give the description of all routes."""
    body = msgspec.json.encode(request.app.state.openapi)
    return Response(body, media_type=MediaType.JSON)


ROUTES: list[ControllerRouterHandler] = [health, figures, openapi]
