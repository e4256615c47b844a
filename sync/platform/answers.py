"""How answers and refusals travel: MessagePack to tills, JSON to people and other programs.

Decides the status and the headers of each; numbers are the protocol's. What was asked never stands in a refusal, the
name of a field apart.
"""

import gzip
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import MediaType, Response

from sync.platform.logs import NO_ROUTE, bug_line
from sync.platform.seen import Asked, Seen, seen_of
from sync.protocol import codec
from sync.protocol.errors import MEANINGS, Number, PlatformError
from sync.protocol.messages import Refusal

BUSY_AFTER_S = 2
PACKED_FROM = 1_024
"""Bytes from which an answer is worth compressing."""
Headers = dict[str, str]


class Refused(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why something was not done: the number, its name, and the field or the time that belongs to it.

    `reason` is a word for programs, such as why two members are not made one.
    """

    number: int
    name: str
    field: str = ""
    reason: str = ""
    retry_after_s: int | None = None


def packed(body: bytes, headers: Headers | None = None, status: int = 200) -> Response[bytes]:
    """Return an answer to a till."""
    return Response(body, media_type=codec.CONTENT_TYPE, status_code=status, headers=headers or {})


def squeezed(body: bytes, accepted: str) -> tuple[bytes, Headers]:
    """Return a body compressed where the other end takes that and it is worth it, with the headers that say so."""
    if len(body) < PACKED_FROM or "gzip" not in accepted:
        return body, {}
    return gzip.compress(body, 1), {"content-encoding": "gzip", "vary": "accept-encoding"}


def json(value: Any, status: int = 200, headers: Headers | None = None) -> Response[bytes]:
    """Return an answer to a person or another program."""
    body = msgspec.json.encode(value)
    return Response(body, media_type=MediaType.JSON, status_code=status, headers=headers or {})


def refusal(seen: Seen, error: PlatformError) -> tuple[int, Headers, bytes]:
    """Return status, headers and body of a refusal, and remember its number for the log line."""
    status = MEANINGS[error.number].status
    told = dict(error.told)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        told.setdefault("retry_after_s", BUSY_AFTER_S)
    seen.number = error.number.value
    headers = {"content-type": codec.CONTENT_TYPE if seen.is_tills else "application/json"}
    if told.get("retry_after_s") is not None:
        headers["retry-after"] = str(told["retry_after_s"])
    if status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = "Bearer"
    return status, headers, _body(seen, error.number, told)


def _body(seen: Seen, number: Number, told: dict[str, Any]) -> bytes:
    kind: type[Refusal] | type[Refused] = Refusal if seen.is_tills else Refused
    known = {name: value for name, value in told.items() if name in kind.__struct_fields__}
    if kind is Refusal:
        return codec.encode(Refusal(**({"number": number.value} | known)))
    return msgspec.json.encode(Refused(**({"name": number.name.lower()} | known | {"number": number.value})))


def refused(request: Asked, error: PlatformError) -> Response[bytes]:
    """Answer what is not done with the number, its status, and what belongs to it."""
    status, headers, body = refusal(seen_of(request), error)
    return Response(body, media_type=headers.pop("content-type"), status_code=status, headers=headers)


def broken(request: Asked, error: Exception) -> Response[bytes]:
    """Answer what the framework refuses with our numbers; anything else is a bug, told without what was asked."""
    status = getattr(error, "status_code", HTTPStatus.INTERNAL_SERVER_ERROR)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return refused(request, PlatformError(Number.TOO_LARGE))
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        answer = refused(request, PlatformError(Number.NOT_FOUND))
        answer.status_code = status
        answer.headers.update(getattr(error, "headers", None) or {})
        return answer
    bug_line(str(request.scope.get("path_template") or NO_ROUTE), error)
    return refused(request, PlatformError(Number.BUG))
