"""Members for head office and other programs, over REST.

Decides addresses, statuses, and how a version travels: as an ETag in the answer, and If-Match with an edit. What is
done is behind `rest.OnlineMembers`.
"""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from litestar import Response, get, patch, post
from litestar.types import ControllerRouterHandler

from pos_app.domain.values.ids import MemberId
from sync.platform.answers import json
from sync.platform.gate import Place
from sync.platform.office import id_of, position_of, read_body, staff_of
from sync.platform.rest import (
    MemberFields,
    MembersFound,
    MemberShown,
    MergeAsked,
    OnlineMembers,
    Register,
    Search,
    in_form,
)
from sync.platform.seen import Asked, gate_of
from sync.platform.staff import Scope

T = TypeVar("T")


@post("/v1/members/search", status_code=200)
async def search(request: Asked) -> Response[bytes]:
    """Find members by phone, card or name."""
    staff = await staff_of(request, Scope.MEMBERS_READ)
    asked = await read_body(request, Search)
    return json(await _work(request, lambda members: members.search(staff, asked)))


@get("/v1/members/{member:str}")
async def read(request: Asked) -> Response[bytes]:
    """Show a member."""
    staff = await staff_of(request, Scope.MEMBERS_READ)
    which = MemberId(id_of(request, "member"))
    return _shown(await _work(request, lambda members: members.read(staff, which)))


@post("/v1/members", status_code=201)
async def register(request: Asked) -> Response[bytes]:
    """Sign a member up."""
    staff = await staff_of(request, Scope.MEMBERS_WRITE)
    asked = await read_body(request, Register)
    asked = msgspec.structs.replace(asked, fields=in_form(asked.fields, "fields."))
    return _shown(await _work(request, lambda members: members.register(staff, asked)), status=201)


@patch("/v1/members/{member:str}")
async def edit(request: Asked) -> Response[bytes]:
    """Change fields of a member, of the version that If-Match names."""
    staff = await staff_of(request, Scope.MEMBERS_WRITE)
    which, position = MemberId(id_of(request, "member")), position_of(request)
    fields = in_form(await read_body(request, MemberFields))
    return _shown(await _work(request, lambda members: members.edit(staff, which, position, fields)))


@get("/v1/members/{member:str}/history")
async def history(request: Asked) -> Response[bytes]:
    """Show who changed what of a member, where and when."""
    staff = await staff_of(request, Scope.MEMBERS_READ)
    which = MemberId(id_of(request, "member"))
    return json(await _work(request, lambda members: members.history(staff, which)))


@post("/v1/members/merge-preview", status_code=200)
async def preview(request: Asked) -> Response[bytes]:
    """Show what would become of two records that are one person's."""
    staff = await staff_of(request, Scope.MEMBERS_READ)
    asked = await read_body(request, MergeAsked)
    return json(await _work(request, lambda members: members.preview(staff, asked)))


@post("/v1/members/merge", status_code=200)
async def merge(request: Asked) -> Response[bytes]:
    """Make two records one."""
    staff = await staff_of(request, Scope.MEMBERS_MERGE)
    asked = await read_body(request, MergeAsked)
    return _shown(await _work(request, lambda members: members.merge(staff, asked)))


@post("/v1/members/{member:str}/un-merge", status_code=200)
async def unmerge(request: Asked) -> Response[bytes]:
    """Take the latest merge of a member back."""
    staff = await staff_of(request, Scope.MEMBERS_MERGE)
    which = MemberId(id_of(request, "member"))
    found: MembersFound = await _work(request, lambda members: members.unmerge(staff, which))
    return json(found)


async def _work(request: Asked, work: Callable[[OnlineMembers], T]) -> T:
    members: OnlineMembers = request.app.state.members
    return await gate_of(request).work(Place.PULL, lambda: work(members))


def _shown(shown: MemberShown, status: int = 200) -> Response[bytes]:
    return json(shown, status, {"etag": f'"{shown.position}"'})


ROUTES: list[ControllerRouterHandler] = [search, read, register, edit, history, preview, merge, unmerge]
