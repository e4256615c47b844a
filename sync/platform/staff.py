"""Tokens of head office, of the web shop and of what watches the platform: who may do what over REST.

Decides the form of a token and its scopes. Only the hash of a token is kept; it names its merchant and itself, so that
it is found by key. A staff token opens no till's door, and a till's token none of these.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Connection, insert, select, update

from pos_app.domain.values.ids import MerchantId
from sync.platform import tables
from sync.platform.tills import SECRET_BYTES
from sync.protocol.errors import Number, PlatformError

_token = tables.staff_token
_PREFIX = "shuke_staff_"
"""Lets a scan for secrets in a source repository or a chat know one when it sees it."""


class Scope(StrEnum):
    """What a staff token is for."""

    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    MEMBERS_MERGE = "members:merge"
    TILLS_READ = "tills:read"
    TILLS_WRITE = "tills:write"
    METRICS = "metrics"


@dataclass(frozen=True, slots=True)
class Staff:
    """Who asks with a staff token; `name` is what the token was called when it was made."""

    merchant: MerchantId
    token: UUID
    name: str
    scopes: frozenset[str]

    def need(self, scope: Scope) -> None:
        """Raise PlatformError SCOPE when the token is not for this."""
        if scope.value not in self.scopes:
            raise PlatformError(Number.SCOPE, reason=scope.value)


def make_token(connection: Connection, made: Staff, secret: bytes, now_ms: int) -> str:
    """Write a token down as its hash and return it, told once; raises PlatformError INVALID for an unknown scope.

    EXISTS when a token of that name is in use.
    """
    if not made.scopes or not made.scopes <= set(Scope):
        raise PlatformError(Number.INVALID, field="scopes")
    if any(each.name == made.name for each in tokens_of(connection, made.merchant)):
        raise PlatformError(Number.EXISTS, field="name")
    row = {
        "merchant_id": made.merchant.bytes,
        "token_id": made.token.bytes,
        "secret_hash": hashlib.sha256(secret).digest(),
        "name": made.name,
        "scopes": " ".join(sorted(made.scopes)),
        "made_at": now_ms,
    }
    connection.execute(insert(_token).values(**row))
    return _PREFIX + urlsafe_b64encode(made.merchant.bytes + made.token.bytes + secret).decode()


def tokens_of(connection: Connection, merchant: MerchantId) -> Iterable[Staff]:
    """Return the tokens of a merchant that are in use, by name."""
    in_use = select(_token).where(_token.c.merchant_id == merchant.bytes, _token.c.revoked_at == 0)
    rows = connection.execute(in_use.order_by(_token.c.name)).all()
    return [
        Staff(merchant, UUID(bytes=row.token_id), row.name, frozenset(row.scopes.split())) for row in rows
    ]


def staff_of(connection: Connection, token: str) -> Staff:
    """Return whose token it is; raise PlatformError STAFF_TOKEN for any other text, and for one that was revoked."""
    try:
        plain = urlsafe_b64decode(token.removeprefix(_PREFIX).encode("ascii"))
    except (ValueError, UnicodeEncodeError):
        raise PlatformError(Number.STAFF_TOKEN) from None
    merchant, token_id, secret = plain[:16], plain[16:32], plain[32:]
    if len(secret) != SECRET_BYTES or not token.startswith(_PREFIX):
        raise PlatformError(Number.STAFF_TOKEN)
    row = connection.execute(
        select(_token).where(_token.c.merchant_id == merchant, _token.c.token_id == token_id)
    ).first()
    if row is None or not hmac.compare_digest(row.secret_hash, hashlib.sha256(secret).digest()):
        raise PlatformError(Number.STAFF_TOKEN)
    if row.revoked_at:
        raise PlatformError(Number.STAFF_TOKEN)
    return Staff(
        MerchantId(UUID(bytes=merchant)), UUID(bytes=token_id), row.name, frozenset(row.scopes.split())
    )


def revoke_token(connection: Connection, merchant: MerchantId, name: str, now_ms: int) -> None:
    """Take a token back, by its name; raise PlatformError NOT_FOUND when there is none in use."""
    mine = (_token.c.merchant_id == merchant.bytes, _token.c.name == name, _token.c.revoked_at == 0)
    if connection.execute(update(_token).where(*mine).values(revoked_at=now_ms)).rowcount == 0:
        raise PlatformError(Number.NOT_FOUND)
