"""The description of all routes, OpenAPI 3.1, written from one table beside the shapes themselves.

Decides what is told of a route: what it takes, what it answers, which refusals it knows. Bodies of tills are
MessagePack and told as binary with the name of the message (SYNC.md); JSON bodies are told in full. A
test holds the table against the routes that there are. Source: https://spec.openapis.org/oas/v3.1.1.html
"""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec

from sync.platform import metrics
from sync.platform.answers import Refused
from sync.platform.rest import (
    CodeAsked,
    CodeMade,
    CodesShown,
    Health,
    MemberFields,
    MemberHistory,
    MembersFound,
    MemberShown,
    MergeAsked,
    MergePreview,
    Register,
    Search,
    TillShown,
    TillsShown,
)
from sync.platform.staff import Scope
from sync.protocol import codec
from sync.protocol.errors import MEANINGS, Number
from sync.protocol.versions import NEWEST

Json = dict[str, Any]
_ALWAYS = (Number.BUSY, Number.STORAGE, Number.DATABASE, Number.BUG)
_TILLS = (Number.TOKEN, Number.REVOKED)
_BODIES = (Number.UNREADABLE, Number.TOO_LARGE)
_STAFF = (Number.STAFF_TOKEN, Number.SCOPE)
_ASKING = (Number.INVALID, Number.TOO_LARGE, Number.UNREADABLE)
"""UNREADABLE is a body in a coding that is not read here."""
_BINARY: Json = {"type": "string", "format": "binary"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told of a route: `asks` and `answers` are shapes of JSON, or names of messages in MessagePack."""

    summary: str
    scope: Scope | None = None
    asks: type | str | None = None
    answers: type | str
    status: int = 200
    also: tuple[int, ...] = ()
    refusals: tuple[Number, ...] = ()
    is_open: bool = False


_GONE = (Number.NOT_FOUND,)
TOLD: dict[tuple[str, str], Told] = {
    ("get", "/health"): Told(
        summary="Whether the database answers", answers=Health, also=(503,), is_open=True
    ),
    ("get", "/metrics"): Told(
        summary="Figures for Prometheus; without a token only from this machine",
        scope=Scope.METRICS,
        answers=metrics.CONTENT_TYPE,
    ),
    ("get", "/schema/openapi.json"): Told(summary="This description", answers=dict, is_open=True),
    ("post", "/v1/hello"): Told(
        summary="Greet", asks="Hello", answers="HelloReply", refusals=(*_TILLS, *_BODIES, Number.VERSION)
    ),
    ("post", "/v1/push"): Told(
        summary="Store facts; a revoked till may too, for thirty days",
        asks="Push",
        answers="PushReply",
        refusals=(
            Number.TOKEN,
            *_BODIES,
            Number.VERSION,
            Number.GAP,
            Number.CHAIN_BROKEN,
            Number.FOREIGN_FACT,
            Number.INVALID,
        ),
    ),
    ("post", "/v1/pull"): Told(
        summary="Documents after a cursor",
        asks="Pull",
        answers="PullReply",
        refusals=(*_TILLS, *_BODIES, Number.VERSION, Number.CURSOR_TOO_OLD, Number.CURSOR_FOREIGN),
    ),
    ("post", "/v1/ask"): Told(
        summary="Look up what a till does not hold",
        asks="Ask",
        answers="Answer",
        refusals=(*_TILLS, *_BODIES, Number.VERSION, Number.INVALID, Number.NOT_FOUND),
    ),
    ("post", "/v1/enrol"): Told(
        summary="Make a till one of a merchant's, with a one-time code",
        asks="Enrol",
        answers="Enrolled",
        refusals=(
            *_BODIES,
            Number.VERSION,
            Number.CODE,
            Number.CODE_EXPIRED,
            Number.CODE_TRIED_TOO_OFTEN,
            Number.ENROLLED_ALREADY,
            Number.OTHER_CURRENCY,
            Number.TILL_CODE,
            Number.INVALID,
        ),
        is_open=True,
    ),
    ("get", "/v1/snapshot"): Told(
        summary="Have a snapshot made, or hear of one", answers="SnapshotReady", refusals=_TILLS
    ),
    ("get", "/v1/snapshot/{name}"): Told(
        summary="A snapshot's file, or a part of it (Range, If-Range)",
        answers="application/octet-stream",
        also=(206, 416),
        refusals=(*_TILLS, Number.SNAPSHOT_GONE),
    ),
    ("get", "/v1/admin/tills"): Told(
        summary="The tills", scope=Scope.TILLS_READ, answers=TillsShown, refusals=_STAFF
    ),
    ("get", "/v1/admin/tills/{till}"): Told(
        summary="A till", scope=Scope.TILLS_READ, answers=TillShown, refusals=(*_STAFF, *_GONE)
    ),
    ("post", "/v1/admin/tills/{till}/revoke"): Told(
        summary="Shut a till out", scope=Scope.TILLS_WRITE, answers=TillShown, refusals=(*_STAFF, *_GONE)
    ),
    ("post", "/v1/admin/tills/{till}/declare-dead"): Told(
        summary="Declare a till dead: 202 for the first of two persons, 200 once another agreed within a day",
        scope=Scope.TILLS_WRITE,
        answers=TillShown,
        also=(202,),
        refusals=(*_STAFF, *_GONE),
    ),
    ("get", "/v1/admin/codes"): Told(
        summary="One-time codes that may still be used",
        scope=Scope.TILLS_READ,
        answers=CodesShown,
        refusals=_STAFF,
    ),
    ("post", "/v1/admin/codes"): Told(
        summary="Make a one-time code",
        scope=Scope.TILLS_WRITE,
        asks=CodeAsked,
        answers=CodeMade,
        status=201,
        refusals=(*_STAFF, *_ASKING, *_GONE),
    ),
    ("post", "/v1/members/search"): Told(
        summary="Find members by phone, card or name",
        scope=Scope.MEMBERS_READ,
        asks=Search,
        answers=MembersFound,
        refusals=(*_STAFF, *_ASKING),
    ),
    ("get", "/v1/members/{member}"): Told(
        summary="A member", scope=Scope.MEMBERS_READ, answers=MemberShown, refusals=(*_STAFF, *_GONE)
    ),
    ("post", "/v1/members"): Told(
        summary="Sign a member up",
        scope=Scope.MEMBERS_WRITE,
        asks=Register,
        answers=MemberShown,
        status=201,
        refusals=(*_STAFF, *_ASKING, *_GONE, Number.EXISTS),
    ),
    ("patch", "/v1/members/{member}"): Told(
        summary="Change fields of the version that If-Match names",
        scope=Scope.MEMBERS_WRITE,
        asks=MemberFields,
        answers=MemberShown,
        refusals=(*_STAFF, *_ASKING, *_GONE, Number.CHANGED_MEANWHILE, Number.EXISTS),
    ),
    ("get", "/v1/members/{member}/history"): Told(
        summary="Who changed what",
        scope=Scope.MEMBERS_READ,
        answers=MemberHistory,
        refusals=(*_STAFF, *_GONE),
    ),
    ("post", "/v1/members/merge-preview"): Told(
        summary="What a merge would make",
        scope=Scope.MEMBERS_READ,
        asks=MergeAsked,
        answers=MergePreview,
        refusals=(*_STAFF, *_ASKING, *_GONE),
    ),
    ("post", "/v1/members/merge"): Told(
        summary="Make two records one",
        scope=Scope.MEMBERS_MERGE,
        asks=MergeAsked,
        answers=MemberShown,
        refusals=(*_STAFF, *_ASKING, *_GONE, Number.MERGE_REFUSED),
    ),
    ("post", "/v1/members/{member}/un-merge"): Told(
        summary="Take the latest merge back",
        scope=Scope.MEMBERS_MERGE,
        answers=MembersFound,
        refusals=(*_STAFF, *_GONE, Number.MERGE_REFUSED),
    ),
}
_HEADERS = {
    ("get", "/v1/snapshot/{name}"): (
        ("Range", False, "^bytes=[0-9]+-$"),
        ("If-Range", False, '^"[0-9a-f-]+"$'),
    ),
    ("patch", "/v1/members/{member}"): (("If-Match", True, '^"[0-9]{1,18}"$'),),
}


def document_of(routes: Iterable[tuple[str, str]]) -> Json:
    """Return the description of routes, each a method in small letters and a path."""
    told = {route: TOLD[route] for route in routes}
    kinds = [kind for each in told.values() for kind in (each.asks, each.answers)]
    shapes = {kind.__name__: kind for kind in kinds if isinstance(kind, type) and kind is not dict}
    _, components = msgspec.json.schema_components(
        [Refused, *(shapes[name] for name in sorted(shapes))], ref_template="#/components/schemas/{name}"
    )
    paths: dict[str, Json] = {}
    for (method, path), each in told.items():
        paths.setdefault(path, {})[method] = _operation(method, path, each)
    bearer = {"type": "http", "scheme": "bearer"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shuke platform", "version": str(NEWEST)},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"till": bearer, "staff": bearer}},
    }


def _operation(method: str, path: str, told: Told) -> Json:
    operation: Json = {
        "summary": told.summary,
        "operationId": f"{method}_{path.strip('/').replace('/', '_').replace('{', '').replace('}', '')}",
        "parameters": [*_of_path(path), *_of_headers(method, path)],
        "responses": _responses(path, told),
    }
    if not told.is_open:
        operation["security"] = [{"staff" if told.scope else "till": []}]
    if told.scope:
        operation["description"] = f"Scope `{told.scope.value}`."
    if told.asks is not None:
        operation["requestBody"] = {"required": True, "content": _content(told.asks)}
    return operation


def _of_path(path: str) -> list[Json]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    schemas: dict[str, Json] = {"name": {"type": "string", "pattern": "^[0-9a-f-]+$"}}
    any_id: Json = {"type": "string", "format": "uuid"}
    return [{"name": n, "in": "path", "required": True, "schema": schemas.get(n, any_id)} for n in names]


def _of_headers(method: str, path: str) -> list[Json]:
    return [
        {"name": name, "in": "header", "required": needed, "schema": {"type": "string", "pattern": pattern}}
        for name, needed, pattern in _HEADERS.get((method, path), ())
    ]


def _content(kind: type | str) -> Json:
    if isinstance(kind, str):
        is_message = "/" not in kind
        media = codec.CONTENT_TYPE if is_message else kind.partition(";")[0]
        schema = _BINARY | ({"description": f"MessagePack of `{kind}`"} if is_message else {})
        return {media: {"schema": {"type": "string"} if media.startswith("text/") else schema}}
    if kind is dict:
        return {"application/json": {"schema": {"type": "object"}}}
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{kind.__name__}"}}}


def _responses(path: str, told: Told) -> Json:
    found: Json = {}
    for status in (told.status, *told.also):
        found[str(status)] = {"description": HTTPStatus(status).phrase, "content": _content(told.answers)}
    is_tills = isinstance(told.answers, str) and not told.scope
    by_status: dict[int, list[str]] = {}
    for number in (*told.refusals, *_ALWAYS):
        by_status.setdefault(MEANINGS[number].status, []).append(f"{number.value} {number.name.lower()}")
    for status, numbers in by_status.items():
        content = _content("Refusal") if is_tills else _content(Refused)
        known: Json = found.get(str(status), {"content": {}})
        merged = known["content"] | content if status != HTTPStatus.SERVICE_UNAVAILABLE else content
        found[str(status)] = {"description": ", ".join(dict.fromkeys(numbers)), "content": merged}
    if path == "/health":
        found = {status: each for status, each in found.items() if status in ("200", "503")}
        found["503"] = {"description": "The database does not answer", "content": _content(Health)}
    return found
