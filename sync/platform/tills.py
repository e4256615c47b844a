"""The tills of a merchant: enrolled with a one-time code, known by a token, shut out again.

Decides what a code and a token are: neither is kept, only their hashes. A token names its merchant and till, so that it
is found by key; codes are looked up by hash alone, since who types one does not know the merchant's id.
"""

import hashlib
import hmac
import re
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update

from pos_app.domain.facts.envelope import GENESIS
from pos_app.domain.values.ids import MerchantId, ShopId, TillId
from sync.platform import tables
from sync.platform.office_till import office_of
from sync.platform.till_keys import publish_till
from sync.protocol.documents import Kind
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Enrol, Enrolled, TillState, Way

CODE_BYTES, CODE_LASTS_MS = 5, 600_000
SECRET_BYTES = KEY_BYTES = 32
MOST_TEXT = 200
MOST_TRIES = 5
"""Wrong uses of a right code, after which it is none any more; wrong codes are counted by `guessing`."""
_NOISE = re.compile(r"[^A-Z2-7]")
_till, _code, _merchant, _shop = tables.till, tables.enrol_code, tables.merchant, tables.shop

RandomBytes = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Asker:
    """The till that asks, as its token says."""

    merchant: MerchantId
    till: TillId
    shop: ShopId
    state: TillState


def found_merchant(
    connection: Connection, merchant: MerchantId, currency: str, seed: bytes, now_ms: int
) -> None:
    """Make a merchant; `seed` is the private half of the key with which acknowledgements are signed."""
    row = {"merchant_id": merchant.bytes, "currency": currency, "founded_at": now_ms, "seed": seed}
    connection.execute(insert(_merchant).values(**row))
    connection.execute(insert(tables.feed_head).values(merchant_id=merchant.bytes, position=0))


def new_code(
    connection: Connection, merchant: MerchantId, random: RandomBytes, now_ms: int, shop: ShopId | None = None
) -> str:
    """Return a one-time code of 40 bits that lasts ten minutes, such as "K7QM-2XPA"; `shop` binds it to one shop."""
    plain = b32encode(random(CODE_BYTES)).decode()
    connection.execute(
        insert(_code).values(
            merchant_id=merchant.bytes,
            code_hash=_hash_of_code(plain),
            shop_id=shop.bytes if shop else None,
            expires_at=now_ms + CODE_LASTS_MS,
        )
    )
    return f"{plain[:4]}-{plain[4:]}"


def _hash_of_code(typed: str) -> bytes:
    """Return the hash of a code however it is typed: small letters, blanks, 0 for O, 1 for I, 8 for B."""
    plain = _NOISE.sub("", typed.upper().translate(str.maketrans("018", "OIB")))
    return hashlib.sha256(b"shuke enrol " + plain.encode()).digest()


def enrol(connection: Connection, asked: Enrol, random: RandomBytes, now_ms: int) -> Enrolled:
    """Make a till one of the merchant's whose code it holds; the same till with the same code gets a new token.

    That covers an answer that was lost. Raises PlatformError: CODE, CODE_EXPIRED, CODE_TRIED_TOO_OFTEN,
    ENROLLED_ALREADY, OTHER_CURRENCY, FOUNDED_ALREADY, TILL_CODE, INVALID with the field.
    """
    _check(asked)
    code = _code_of(connection, asked, now_ms)
    merchant = MerchantId(UUID(bytes=code.merchant_id))
    # Locked: of two tills that come in at once, one sees the shop and the code of the other.
    mine = select(_merchant).where(_merchant.c.merchant_id == merchant.bytes).with_for_update()
    row = connection.execute(mine).one()
    if asked.till == office_of(merchant):
        raise PlatformError(Number.ENROLLED_ALREADY)
    if row.currency != asked.currency:
        raise PlatformError(Number.OTHER_CURRENCY, currency=row.currency)
    if asked.way is Way.FOUND:
        _check_first(connection, merchant, asked)
    secret = random(SECRET_BYTES)
    shop = _shop_of(connection, merchant, asked, code.shop_id)
    known = called(connection, merchant, ShopId(UUID(bytes=shop)))
    _check_code_free(connection, merchant, asked, shop)
    _write_till(connection, merchant, asked, (hashlib.sha256(secret).digest(), shop, now_ms))
    key = (_code.c.merchant_id == code.merchant_id, _code.c.code_hash == code.code_hash)
    connection.execute(update(_code).where(*key).values(used_by=asked.till.bytes))
    return Enrolled(
        merchant=merchant,
        shop=UUID(bytes=shop),
        token=urlsafe_b64encode(merchant.bytes + asked.till.bytes + secret).decode(),
        platform_key=public_key_of(row.seed),
        shop_code="" if known is None else known[0],
    )


def _check_first(connection: Connection, merchant: MerchantId, asked: Enrol) -> None:
    """Raise FOUNDED_ALREADY where another till brought its people: a second founder's records would replace them."""
    document = tables.document
    people = select(document.c.id).where(
        document.c.merchant_id == merchant.bytes, document.c.kind == Kind.STAFF.value, document.c.gone == 0
    )
    others = select(_till.c.till_id).where(
        _till.c.merchant_id == merchant.bytes,
        _till.c.till_id.not_in((asked.till.bytes, office_of(merchant).bytes)),
        _till.c.state.in_((TillState.OK.value, TillState.FORKED.value)),
    )
    if all(connection.execute(query.limit(1)).first() is not None for query in (people, others)):
        raise PlatformError(Number.FOUNDED_ALREADY)


def _check(asked: Enrol) -> None:
    """Refuse what no till sends: a text that a database cannot keep, a key that is none."""
    for field in ("shop_code", "till_code", "shop_name"):
        text: str = getattr(asked, field)
        if "\0" in text or len(text) > MOST_TEXT:
            raise PlatformError(Number.INVALID, field=field)
    if len(asked.public_key) != KEY_BYTES:
        raise PlatformError(Number.INVALID, field="public_key")


def _code_of(connection: Connection, asked: Enrol, now_ms: int) -> Row[tuple[object, ...]]:
    """Return the row of a code, locked, so that of two tills that type it at once only one comes in."""
    query = select(_code).where(_code.c.code_hash == _hash_of_code(asked.code))
    found = connection.execute(query.with_for_update()).first()
    if found is None or found.used_by not in (None, asked.till.bytes):
        raise PlatformError(Number.CODE)
    if found.tries >= MOST_TRIES:
        raise PlatformError(Number.CODE_TRIED_TOO_OFTEN)
    if found.expires_at < now_ms:
        raise PlatformError(Number.CODE_EXPIRED)
    return found


def count_try(connection: Connection, code: str) -> None:
    """Count a wrong use of a code, if there is such a code: in a transaction of its own, since enrolling ended."""
    mine = _code.c.code_hash == _hash_of_code(code)
    connection.execute(update(_code).where(mine).values(tries=_code.c.tries + 1))


def _shop_of(connection: Connection, merchant: MerchantId, asked: Enrol, bound: bytes | None) -> bytes:
    """Return the shop that a till belongs to from now on: one that has its shop's code, else its own, made known.

    A code that is bound to a shop says which. So a second till of a shop comes in by the shop's code.
    """
    if bound is not None:
        return bound
    mine = (_shop.c.merchant_id == merchant.bytes, _shop.c.shop_id == asked.shop.bytes)
    known = connection.execute(select(_shop.c.shop_id).where(*mine)).scalar()
    if known is None:
        same = (_shop.c.merchant_id == merchant.bytes, _shop.c.code == asked.shop_code)
        known = connection.execute(select(_shop.c.shop_id).where(*same)).scalar()
    if known is not None:
        return bytes(known)
    place = {"merchant_id": merchant.bytes, "shop_id": asked.shop.bytes}
    connection.execute(insert(_shop).values(**place, code=asked.shop_code, name=asked.shop_name))
    return asked.shop.bytes


def called(connection: Connection, merchant: MerchantId, shop: ShopId) -> tuple[str, str] | None:
    """Return the code and the name with which its first till made a shop known: a further one does not rename it."""
    key = (_shop.c.merchant_id == merchant.bytes, _shop.c.shop_id == shop.bytes)
    row = connection.execute(select(_shop.c.code, _shop.c.name).where(*key)).first()
    return None if row is None else (row.code, row.name)


def _check_code_free(connection: Connection, merchant: MerchantId, asked: Enrol, shop: bytes) -> None:
    """Raise TILL_CODE while another till of the shop has the same code: their receipts would have the same numbers."""
    others = select(_till.c.till_id).where(
        _till.c.merchant_id == merchant.bytes,
        _till.c.shop_id == shop,
        _till.c.code == asked.till_code,
        _till.c.till_id != asked.till.bytes,
        _till.c.state.in_((TillState.OK.value, TillState.FORKED.value)),
    )
    if connection.execute(others).first() is not None:
        raise PlatformError(Number.TILL_CODE)


def _write_till(
    connection: Connection, merchant: MerchantId, asked: Enrol, given: tuple[bytes, bytes, int]
) -> None:
    token_hash, shop, now_ms = given
    key = (_till.c.merchant_id == merchant.bytes, _till.c.till_id == asked.till.bytes)
    known = connection.execute(select(_till).where(*key)).first()
    if known is not None:
        if known.public_key != asked.public_key or known.state in (TillState.CLOSED, TillState.REVOKED):
            raise PlatformError(Number.ENROLLED_ALREADY)
        connection.execute(
            update(_till).where(*key).values(token_hash=token_hash, shop_id=shop, code=asked.till_code)
        )
        return
    values = {
        "merchant_id": merchant.bytes,
        "till_id": asked.till.bytes,
        "shop_id": shop,
        "code": asked.till_code,
        "public_key": asked.public_key,
        "token_hash": token_hash,
        "state": TillState.OK.value,
        "epoch": 1,
        "seq": 0,
        "hash": GENESIS,
        "enrolled_at": now_ms,
        "seen_at": now_ms,
    }
    connection.execute(insert(_till).values(**values))
    base = {"merchant_id": merchant.bytes, "till_id": asked.till.bytes, "epoch": 1, "hash": GENESIS}
    connection.execute(insert(tables.epoch_base).values(**base))


def asker_of(connection: Connection, token: str) -> Asker:
    """Return whose token it is; raise PlatformError TOKEN for any other text.

    A revoked till is known still: what it sold reaches the quarantine.
    """
    try:
        plain = urlsafe_b64decode(token.encode("ascii"))
    except (ValueError, UnicodeEncodeError):
        raise PlatformError(Number.TOKEN) from None
    merchant, till, secret = plain[:16], plain[16:32], plain[32:]
    key = (_till.c.merchant_id == merchant, _till.c.till_id == till)
    row = connection.execute(select(_till).where(*key)).first() if len(secret) == SECRET_BYTES else None
    if row is None or not hmac.compare_digest(row.token_hash, hashlib.sha256(secret).digest()):
        raise PlatformError(Number.TOKEN)
    return Asker(
        MerchantId(UUID(bytes=merchant)),
        TillId(UUID(bytes=till)),
        ShopId(UUID(bytes=row.shop_id)),
        TillState(row.state),
    )


def set_state(
    connection: Connection, merchant: MerchantId, till: TillId, state: TillState, now_ms: int
) -> None:
    """Revoke a till, or declare it dead (CLOSED); raise PlatformError NOT_FOUND for a till of another merchant.

    To revoke it a second time does not begin the time anew for which it may still push. The other tills are told.
    """
    key = (_till.c.merchant_id == merchant.bytes, _till.c.till_id == till.bytes)
    if state is TillState.REVOKED:
        connection.execute(update(_till).where(*key, _till.c.revoked_at == 0).values(revoked_at=now_ms))
    if connection.execute(update(_till).where(*key).values(state=state.value)).rowcount == 0:
        raise PlatformError(Number.NOT_FOUND)
    if state in (TillState.REVOKED, TillState.CLOSED):
        publish_till(connection, merchant, till, shut_at_ms=now_ms)


def public_key_of(seed: bytes) -> bytes:
    """Return the public half of an Ed25519 key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
