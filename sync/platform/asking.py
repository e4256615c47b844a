"""Questions about what a till does not hold itself: members by a text, what a member bought anywhere, a receipt.

Decides what a text may mean: a whole phone, card, address or id finds its owner, else it begins a name.
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import Row, or_, select

from pos_app.domain.errors import ExpectedError
from pos_app.domain.member_keys import normalised
from pos_app.domain.members import KeyKind, MemberKey
from pos_app.domain.search import folded
from sync.platform import tables
from sync.platform.books import Books, name_key
from sync.platform.feed import bodies
from sync.platform.sales import SalesBook
from sync.protocol.documents import Kind
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Answer, Ask, Asked, Document, SaleSeen

MOST = 200
_member, _key, _sale, _shop = tables.member, tables.member_key, tables.sale, tables.shop
_returned = tables.returned_line
_REGION = "CN"
_encoder = msgspec.json.Encoder()


def answer(books: Books, ask: Ask) -> Answer:
    """Answer a till's question; raises PlatformError INVALID for an id that is none."""
    limit = max(1, min(ask.limit, MOST))
    if ask.what is Asked.MEMBERS:
        documents = find_members(books, ask.text, limit + 1)
        return Answer(members=tuple(documents[:limit]), more=len(documents) > limit)
    if ask.what is Asked.RECEIPT:
        rows = _by_number(books, ask.text, limit)
    else:
        rows = _of_member(books, _id(ask.text), limit + 1)
    return Answer(sales=_seen(books, rows[:limit]), more=len(rows) > limit)


def _id(text: str) -> bytes:
    try:
        return UUID(text).bytes
    except ValueError:
        raise PlatformError(Number.INVALID, field="text") from None


def find_members(books: Books, text: str, limit: int) -> list[Document]:
    """Return the documents of the members whom a text finds, at most `limit`."""
    owners = _by_key(books, text) or _by_name(books, text, limit)
    standing = dict.fromkeys(books.owner(member) for member in owners)
    found = bodies(books.room.connection, books.room.merchant, Kind.MEMBER.value, standing)
    return [found[member] for member in standing if member in found and not found[member].gone][:limit]


def _by_key(books: Books, text: str) -> list[bytes]:
    keys = []
    for kind in KeyKind:
        try:
            keys.append(MemberKey(kind=kind, value=normalised(kind, text, _REGION)))
        except ExpectedError:
            continue
    owners = books.key_owners([books.key_hash(key) for key in keys])
    return list(dict.fromkeys(owners.values()))


def _by_name(books: Books, text: str, limit: int) -> list[bytes]:
    begins = name_key(folded(text))
    if not begins:
        return []
    query = (
        select(_member.c.member_id)
        .where(
            _member.c.merchant_id == books.room.merchant.bytes,
            _member.c.name >= begins,
            _member.c.name < begins + b"\xff",
        )
        .order_by(_member.c.name, _member.c.member_id)
        .limit(limit)
    )
    return list(books.room.connection.execute(query).scalars())


def _by_number(books: Books, number: str, limit: int) -> Sequence[Row[tuple[object, ...]]]:
    query = select(_sale).where(
        _sale.c.merchant_id == books.room.merchant.bytes, _sale.c.number == number.strip().upper()
    )
    return books.room.connection.execute(query.limit(limit)).all()


def _of_member(books: Books, member: bytes, limit: int) -> Sequence[Row[tuple[object, ...]]]:
    query = (
        select(_sale)
        .where(
            _sale.c.merchant_id == books.room.merchant.bytes,
            or_(*(_sale.c.member_id == one for one in books.group(member))),
        )
        .order_by(_sale.c.sold_at.desc(), _sale.c.sale_id)
        .limit(limit)
    )
    return books.room.connection.execute(query).all()


def _seen(books: Books, rows: Sequence[Row[tuple[object, ...]]]) -> tuple[SaleSeen, ...]:
    names = _shop_names(books)
    book = SalesBook(books, ())
    seen = []
    for row in rows:
        sale = book.of_row(row).sale
        lines = [line.line_id.bytes for line in sale.lines]
        query = select(_returned.c.line_id, _returned.c.quantity).where(
            _returned.c.merchant_id == books.room.merchant.bytes, _returned.c.line_id.in_(lines)
        )
        returned: dict[bytes, int] = {}
        for back in books.room.connection.execute(query):
            returned[back.line_id] = returned.get(back.line_id, 0) + back.quantity
        seen.append(
            SaleSeen(
                _encoder.encode(sale),
                names.get(row.shop_id, ""),
                bool(row.counted),
                tuple((UUID(bytes=line), quantity) for line, quantity in returned.items()),
            )
        )
    return tuple(seen)


def _shop_names(books: Books) -> dict[bytes, str]:
    query = select(_shop.c.shop_id, _shop.c.name).where(_shop.c.merchant_id == books.room.merchant.bytes)
    return {row.shop_id: row.name for row in books.room.connection.execute(query)}
