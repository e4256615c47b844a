"""What is known of a request while it is answered: its place, who asks, and what a log line may say of it.

Decides nothing of HTTP. Holds short ids only; no token, name, phone or query string stands here.
"""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from litestar import Request

from sync.platform.gate import Gate, Place
from sync.platform.metrics import Metrics
from sync.platform.service import PlatformService

Asked = Request[Any, Any, Any]
SEEN = "shuke"
"""Where the scope of a request holds its `Seen`."""
_PLACES = {
    "/v1/push": Place.PUSH,
    "/v1/hello": Place.HELLO,
    "/v1/enrol": Place.HELLO,
    "/v1/snapshot": Place.SNAPSHOT,
}


@dataclass
class Seen:
    """What a log line says of a request; `number` 0 for one that was not refused."""

    path: str
    place: Place | None
    merchant: UUID | None = None
    till: UUID | None = None
    number: int = 0
    status: int = 0
    received: int = 0
    sent: int = 0

    @property
    def is_tills(self) -> bool:
        """Whether a till asks, in MessagePack; people and other programs are answered in JSON."""
        return self.path in (*_PLACES, "/v1/pull", "/v1/ask") or self.path.startswith("/v1/snapshot/")


def seen_at(path: str) -> Seen:
    """Return the beginnings of a request at a path."""
    place = _PLACES.get(path, Place.PULL if path.startswith("/v1/") else None)
    return Seen(path, Place.SNAPSHOT if path.startswith("/v1/snapshot/") else place)


def short(thing: UUID | None) -> str:
    """Return the last six hexadecimal digits of an id: enough to tell a merchant's tills apart, no more."""
    return thing.hex[-6:] if thing else ""


def seen_of(request: Asked) -> Seen:
    """Return what is known of a request."""
    seen: Seen = cast("dict[str, Any]", request.scope)[SEEN]
    return seen


def place_of(request: Asked) -> Place:
    """Return the place in which a request waits for a thread."""
    place = seen_of(request).place
    return Place.HELLO if place is None else place


def service_of(request: Asked) -> PlatformService:
    """Return the use cases."""
    service: PlatformService = request.app.state.service
    return service


def gate_of(request: Asked) -> Gate:
    """Return the door."""
    gate: Gate = request.app.state.gate
    return gate


def metrics_of(request: Asked) -> Metrics:
    """Return what is counted."""
    metrics: Metrics = request.app.state.metrics
    return metrics


def token_of(request: Asked) -> str:
    """Return the token that came along, "" without any."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""
