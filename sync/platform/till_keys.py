"""The merchant's tills as documents: with the public keys that they sign receipts with, so that any till knows them.

Decides what a till's document says after it enrolled, after its journal told of a key, and after it was shut out. It is
made of those three alone, so it needs no table of its own; what the keys are good for is `domain.receipt_codes`.
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import Connection, select

from pos_app.domain.facts import codec
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.shop import KeyChanged, ShopFounded
from pos_app.domain.receipt_codes import TillKeys, began_with, went_on_with
from pos_app.domain.values.ids import MerchantId, ShopId, TillId
from pos_app.domain.values.moments import to_ms
from sync.platform import tables
from sync.platform.books import Books
from sync.platform.feed import Draft, bodies, publish, take_positions
from sync.protocol.documents import Kind, TillDocument
from sync.protocol.messages import FactState, TillState

KEY_BYTES = 32
TELLING = ("shop.founded", "till.key_changed")
"""Facts that tell a key."""
_OFFICE = bytes(16)
"""The shop of head office, which signs no receipts (`office_till.NOWHERE`)."""
_till, _shop, _fact = tables.till, tables.shop, tables.fact
_decoder = msgspec.json.Decoder(TillDocument)


def told_key(books: Books, till: TillId, fact: ShopFounded | KeyChanged, since_ms: int) -> bool:
    """Let a till's document name a key that its journal tells; return False for what is no key."""
    if _key_of(fact) is None:
        return False
    room = books.room
    drafted = books.drafted(Kind.TILL.value, till.bytes)
    known = _present(room.connection, room.merchant, till) if drafted is None else _read(drafted.body)
    if known is None:
        return True
    draft = _draft(_with(known, fact, since_ms))
    if drafted is not None or draft.body != _body(room.connection, room.merchant, till):
        books.draft(draft)
    return True


def publish_till(
    connection: Connection, merchant: MerchantId, till: TillId, shut_at_ms: int | None = None
) -> None:
    """Publish a till as its row says, with what is known of its keys; `shut_at_ms` is when it was shut out."""
    known = _present(connection, merchant, till)
    if known is None:
        return
    if shut_at_ms is not None and known.shut_at_ms is None:
        known = msgspec.structs.replace(known, shut_at_ms=shut_at_ms)
    draft = _draft(known)
    if draft.body != _body(connection, merchant, till):
        publish(connection, merchant, take_positions(connection, merchant, 1), [draft])


def untold(connection: Connection, merchant: MerchantId) -> list[TillId]:
    """Return the tills that have no document: they came in while this platform did not make any."""
    told = select(tables.document.c.id).where(
        tables.document.c.merchant_id == merchant.bytes, tables.document.c.kind == Kind.TILL.value
    )
    query = select(_till.c.till_id).where(
        _till.c.merchant_id == merchant.bytes, _till.c.till_id.not_in(told), _till.c.shop_id != _OFFICE
    )
    return [TillId(UUID(bytes=till)) for till in connection.execute(query).scalars()]


def told_in_journal(
    connection: Connection, merchant: MerchantId, till: TillId
) -> list[tuple[ShopFounded | KeyChanged, int]]:
    """Return the accepted facts of a till that tell keys, with their moments; reads all that is kept of it."""
    query = (
        select(_fact.c.body)
        .where(
            _fact.c.merchant_id == merchant.bytes,
            _fact.c.till_id == till.bytes,
            _fact.c.kind.in_(TELLING),
            _fact.c.state != FactState.QUARANTINED.value,
        )
        .order_by(_fact.c.epoch, _fact.c.seq)
    )
    found = []
    for body in connection.execute(query).scalars():
        envelope = decode(body)
        try:
            told = codec.decode_content(envelope.kind, envelope.version, bytes(envelope.content))
        except (msgspec.MsgspecError, codec.UnknownFactError, ValueError):
            continue
        if isinstance(told, ShopFounded | KeyChanged) and _key_of(told) is not None:
            found.append((told, to_ms(envelope.at)))
    return found


def tell(
    connection: Connection,
    merchant: MerchantId,
    till: TillId,
    told: Sequence[tuple[ShopFounded | KeyChanged, int]],
) -> None:
    """Publish a till that has no document yet, with the keys that its journal tells."""
    known = _present(connection, merchant, till)
    if known is None or _body(connection, merchant, till) is not None:
        return
    for fact, since_ms in told:
        known = _with(known, fact, since_ms)
    publish(connection, merchant, take_positions(connection, merchant, 1), [_draft(known)])


def _key_of(fact: ShopFounded | KeyChanged) -> bytes | None:
    try:
        key = bytes.fromhex(fact.public_key)
    except ValueError:
        return None
    return key if len(key) == KEY_BYTES else None


def _with(known: TillKeys, fact: ShopFounded | KeyChanged, since_ms: int) -> TillKeys:
    key = _key_of(fact)
    if key is None:
        return known
    add = began_with if isinstance(fact, ShopFounded) else went_on_with
    return msgspec.structs.replace(known, keys=add(known.keys, key, since_ms))


def _draft(known: TillKeys) -> Draft:
    return Draft(Kind.TILL.value, known.till.bytes, msgspec.json.encode(TillDocument(till=known)))


def _body(connection: Connection, merchant: MerchantId, till: TillId) -> bytes | None:
    found = bodies(connection, merchant, Kind.TILL.value, [till.bytes]).get(till.bytes)
    return None if found is None else found.body


def _read(body: bytes) -> TillKeys:
    return _decoder.decode(body).till


def _present(connection: Connection, merchant: MerchantId, till: TillId) -> TillKeys | None:
    """Return a till as its row stands, with the keys its document names; None for none, and for head office."""
    key = (_till.c.merchant_id == merchant.bytes, _till.c.till_id == till.bytes)
    row = connection.execute(select(_till).where(*key)).first()
    if row is None or row.shop_id == _OFFICE:
        return None
    place = (_shop.c.merchant_id == merchant.bytes, _shop.c.shop_id == row.shop_id)
    shop = connection.execute(select(_shop.c.code, _shop.c.name).where(*place)).first()
    body = _body(connection, merchant, till)
    held = None if body is None else _read(body)
    shut_at_ms = None if held is None else held.shut_at_ms
    if held is None and row.state in (TillState.REVOKED, TillState.CLOSED):
        # One that was declared dead before tills had documents: nobody wrote down when, so nothing of it counts.
        shut_at_ms = row.revoked_at
    keys = () if held is None else held.keys
    if any(row.public_key) and row.public_key not in [each.key for each in keys]:
        keys = went_on_with(keys, row.public_key, row.enrolled_at)
    return TillKeys(
        till=till,
        code=row.code,
        shop=ShopId(UUID(bytes=row.shop_id)),
        shop_code="" if shop is None else shop.code,
        shop_name="" if shop is None else shop.name,
        keys=keys,
        shut_at_ms=shut_at_ms,
    )
