"""What every route of head office begins with: whose token it is and what it may, the body, ids in an address.

Decides how what is asked over REST is read; nothing here belongs to one noun.
"""

from typing import TypeVar
from uuid import UUID

from sync.platform import staff
from sync.platform.bodies import MOST_JSON_BYTES, body_of, is_packed, unpacked
from sync.platform.gate import Place
from sync.platform.rest import read_json
from sync.platform.seen import Asked, gate_of, seen_of, service_of, token_of
from sync.platform.staff import Scope, Staff
from sync.protocol.errors import Number, PlatformError

T = TypeVar("T")
FULL_TAG = 20
"""Characters of an If-Match header that names a position."""


async def staff_of(request: Asked, scope: Scope) -> Staff:
    """Return whose token it is; raise PlatformError STAFF_TOKEN, SCOPE."""
    token = token_of(request)
    if not token:
        raise PlatformError(Number.STAFF_TOKEN)
    database = service_of(request).database
    asking = await gate_of(request).work(
        Place.PULL, lambda: database.read(lambda c: staff.staff_of(c, token))
    )
    seen_of(request).merchant = asking.merchant
    asking.need(scope)
    return asking


async def read_body(request: Asked, kind: type[T]) -> T:
    """Read a JSON body of the kind; raise PlatformError TOO_LARGE, INVALID with the field."""
    async with body_of(request, gate_of(request), MOST_JSON_BYTES) as body:
        return read_json(unpacked(body, MOST_JSON_BYTES) if is_packed(request) else body, kind)


def id_of(request: Asked, name: str) -> UUID:
    """Read an id that stands in the address by its name; raise PlatformError NOT_FOUND for any other text."""
    try:
        return UUID(request.path_params[name])
    except ValueError:
        raise PlatformError(Number.NOT_FOUND) from None


def position_of(request: Asked) -> int:
    """Return the version that If-Match names; raise PlatformError INVALID without one."""
    plain = request.headers.get("if-match", "").strip().strip('"')
    if len(plain) > FULL_TAG or not plain.isascii() or not plain.isdigit():
        raise PlatformError(Number.INVALID, field="if-match")
    return int(plain)
