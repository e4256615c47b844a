"""The items of the sync desk: made when two shops did at once what only a person can settle, kept as documents.

Decides what is asked, under which id (the same question is one item, however often it comes up), and what an item
keeps for the choice. What a choice does is `deciding`.
"""

import hashlib
from collections.abc import Iterable
from uuid import UUID

import msgspec
from sqlalchemy import Row, delete, or_, select, update

from pos_app.domain.desk import Choice, DeskItem, ItemId, ItemKind, Version
from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.ids import MemberId
from pos_app.domain.values.moments import to_ms
from sync.platform import tables, upserts
from sync.platform.books import Books
from sync.platform.feed import Draft, bodies
from sync.platform.folding import Loss, MemberState, Said, Stamp
from sync.protocol.documents import DeskDocument, Kind
from sync.protocol.messages import Position

_item = tables.desk_item
_encoder = msgspec.json.Encoder()
_documents = msgspec.json.Decoder(DeskDocument)
UNKNOWN_SHOP = UUID(int=0)


class Kept(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What settling an item needs beside the item: the two words of a field as JSON profiles."""

    field: str = ""
    first_value: bytes = b"{}"
    second_value: bytes = b"{}"


def item_id(kind: ItemKind, *parts: bytes) -> ItemId:
    """Return the id of a question: the same parts make the same one."""
    plain = b"\0".join((kind.value.encode(), *parts))
    return ItemId(UUID(bytes=hashlib.sha256(b"shuke desk " + plain).digest()[:16]))


def pair_id(one: bytes, other: bytes) -> ItemId:
    """Return the id under which it is asked whether two members are one, whatever key it is about."""
    return item_id(ItemKind.SAME_KEY, *sorted((one, other)))


# Questions.


def ask_same_key(books: Books, owner: bytes, other: bytes, about: str, said: Said) -> None:
    """Ask whether two members with one key are one person."""
    first, second = books.state(owner), books.state(other)
    item = DeskItem(
        item_id=pair_id(owner, other),
        kind=ItemKind.SAME_KEY,
        at_ms=books.room.now_ms,
        about=about,
        first=_member_version(books, first),
        second=_member_version(books, second, said),
    )
    _open(books, item, members=(owner, other))


def _member_version(books: Books, state: MemberState, said: Said | None = None) -> Version:
    return Version(
        shop=state.joined_shop or (said.shop if said else UNKNOWN_SHOP),  # type: ignore[arg-type]
        till_code=state.changes[0].till_code if state.changes else "",
        staff=state.changes[0].staff if state.changes else None,
        at_ms=state.joined_at_ms,
        member=state.member,
        text=state.profile.name or "",
    )


def keep_apart(books: Books, one: bytes, other: bytes, said: Said) -> None:
    """Remember that two members are not one person, since somebody said so: nothing joins them by itself again."""
    if books.is_erased(one) or books.is_erased(other):
        return  # Nobody is asked about somebody who was erased, and nothing is kept of her.
    known = item_of(books, pair_id(one, other))
    if known is None:
        ask_same_key(books, one, other, "", said)
        known = item_of(books, pair_id(one, other))
        assert known is not None
    settle(books, known, Choice.KEEP_BOTH, said)


def kept_apart(books: Books, one: bytes, other: bytes) -> bool:
    """Whether a person said of two members that they are not one."""
    known = item_of(books, pair_id(one, other))
    return known is not None and known.choice is Choice.KEEP_BOTH


def rivals(books: Books, member: bytes) -> list[bytes]:
    """Return the members with whom an id shares a key that one of them owns, oldest question first."""
    query = (
        select(_item.c.first_member, _item.c.second_member)
        .where(
            _item.c.merchant_id == books.room.merchant.bytes,
            _item.c.kind == ItemKind.SAME_KEY.value,
            or_(_item.c.first_member == member, _item.c.second_member == member),
        )
        .order_by(_item.c.item_id)
    )
    return [
        row.second_member if row.first_member == member else row.first_member
        for row in books.room.connection.execute(query)
    ]


def tell_loss(books: Books, member: bytes, loss: Loss) -> None:
    """Show a word that was not kept beside the one that was."""
    kept, lost = (_word_version(books, member, s, t) for s, t in _words(loss))
    item = DeskItem(
        item_id=item_id(ItemKind.LOST_EDIT, member, loss.field.encode(), _name(loss.kept), _name(loss.lost)),
        kind=ItemKind.LOST_EDIT,
        at_ms=books.room.now_ms,
        about=loss.field,
        first=kept,
        second=lost,
    )
    present = books.state(member).profile
    kept_value = {f: v for f, v in msgspec.to_builtins(present).items() if f.startswith(loss.field)}
    extra = Kept(
        field=loss.field,
        first_value=_encoder.encode(kept_value),
        second_value=loss.lost_value,
    )
    _open(books, item, members=(member, None), kept=extra)


def _words(loss: Loss) -> tuple[tuple[Stamp, str], tuple[Stamp, str]]:
    return (loss.kept, loss.kept_text), (loss.lost, loss.lost_text)


def _name(stamp: Stamp) -> bytes:
    return stamp.till.bytes + stamp.hlc.to_bytes(8, "big")


def _word_version(books: Books, member: bytes, stamp: Stamp, text: str) -> Version:
    shop, till_code = books.place_of(stamp.till)
    return Version(
        shop=shop,
        till_code=till_code,
        at_ms=stamp.hlc >> 16,
        member=MemberId(UUID(bytes=member)),
        text=text,
    )


def tell_twice(
    books: Books, kind: ItemKind, about: str, both: tuple[Version, Version], place: tuple[UUID, Position]
) -> None:
    """Show a sale that is kept and not counted beside the one that came before it; `place` is its fact's."""
    first, second = both
    till, at = place
    item = DeskItem(
        item_id=item_id(kind, till.bytes, at.hash),
        kind=kind,
        at_ms=books.room.now_ms,
        about=about,
        first=first,
        second=second,
    )
    _open(books, item, place=place)


def tell_parked(books: Books, item: DeskItem, place: tuple[UUID, Position]) -> None:
    """Show that something is kept and not understood."""
    _open(books, item, place=place)


def take_off(books: Books, item: ItemId) -> None:
    """Take an item off the desk that came to nothing."""
    if item_of(books, item) is None:
        return
    key = (_item.c.merchant_id == books.room.merchant.bytes, _item.c.item_id == item.bytes)
    books.room.connection.execute(delete(_item).where(*key))
    books.draft(Draft(Kind.DESK.value, item.bytes, b"", gone=True))


def sale_version(books: Books, sale: Sale, text: str = "") -> Version:
    """Return a sale as one of two versions."""
    _shop, till_code = books.place_of(sale.till)
    return Version(
        shop=sale.shop,
        till_code=till_code,
        staff=sale.cashier,
        at_ms=to_ms(sale.committed_at),
        member=sale.member.member if sale.member else None,
        text=text,
        sale=sale.sale_id,
        number=sale.number,
        total=sale.total,
    )


# Keeping.


def _open(
    books: Books,
    item: DeskItem,
    *,
    members: tuple[bytes | None, bytes | None] = (None, None),
    place: tuple[UUID, Position] | None = None,
    kept: Kept | None = None,
) -> None:
    """Write an item, unless it was asked before."""
    row = {
        "merchant_id": books.room.merchant.bytes,
        "item_id": item.item_id.bytes,
        "kind": item.kind.value,
        "first_member": members[0],
        "second_member": members[1],
        "till_id": place[0].bytes if place else None,
        "epoch": place[1].epoch if place else 0,
        "seq": place[1].seq if place else 0,
        "hash": place[1].hash if place else None,
        "body": msgspec.msgpack.encode(kept or Kept()),
    }
    run = books.room.connection
    if run.execute(upserts.new(run, _item), row).rowcount:
        _publish(books, item)


def _publish(books: Books, item: DeskItem) -> None:
    books.draft(Draft(Kind.DESK.value, item.item_id.bytes, _encoder.encode(DeskDocument(item=item))))


def item_of(books: Books, item: ItemId) -> DeskItem | None:
    """Return an item as it stands now; None for one that is not there (any more)."""
    drafted = books.drafted(Kind.DESK.value, item.bytes)
    if drafted is not None:
        return None if drafted.gone else _documents.decode(drafted.body).item
    found = bodies(books.room.connection, books.room.merchant, Kind.DESK.value, (item.bytes,)).get(item.bytes)
    return None if found is None or found.gone else _documents.decode(found.body).item


def row_of(books: Books, item: ItemId) -> Row[tuple[object, ...]] | None:
    """Return what an item keeps for its choice."""
    query = select(_item).where(
        _item.c.merchant_id == books.room.merchant.bytes, _item.c.item_id == item.bytes
    )
    return books.room.connection.execute(query).first()


def keep(books: Books, item: ItemId, kept: Kept) -> None:
    """Write anew what an item keeps for its choice."""
    key = (_item.c.merchant_id == books.room.merchant.bytes, _item.c.item_id == item.bytes)
    books.room.connection.execute(update(_item).where(*key).values(body=msgspec.msgpack.encode(kept)))


def say_again(books: Books, item: DeskItem) -> None:
    """Publish an item as it stands: a till shows something else that did not come to be."""
    _publish(books, item)


def settle(books: Books, item: DeskItem, choice: Choice | None, said: Said) -> None:
    """Write down what was chosen; None opens the item again."""
    _publish(
        books,
        msgspec.structs.replace(
            item,
            choice=choice,
            chosen_at_ms=said.at_ms if choice else 0,
            chosen_by=said.staff if choice else None,
            chosen_shop=said.shop if choice else None,
        ),
    )


def forget(books: Books, members: Iterable[bytes]) -> None:
    """Remove what the desk holds of members who were erased."""
    for member in members:
        about = (
            _item.c.merchant_id == books.room.merchant.bytes,
            or_(_item.c.first_member == member, _item.c.second_member == member),
        )
        for row in books.room.connection.execute(select(_item.c.item_id).where(*about)).all():
            books.draft(Draft(Kind.DESK.value, row.item_id, b"", gone=True))
        books.room.connection.execute(delete(_item).where(*about))
