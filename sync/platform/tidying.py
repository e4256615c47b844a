"""What goes from the sync desk by itself: a word that another shop's displaced, ninety days after (SYNC.md §7).

Decides which items are old: open ones by when they were asked, settled ones by when somebody chose, too, since so long
a choice can be taken back at the tills. All others stay: what a person said of two members holds for ever, and what
was not counted is asked about until somebody answers.
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from sqlalchemy import Connection, select

from pos_app.domain.desk import DeskItem, ItemId, ItemKind
from pos_app.domain.values.ids import MerchantId
from sync.platform import desk, tables
from sync.platform.books import Books, Room
from sync.protocol.documents import DeskDocument, Kind

LOST_EDITS_STAY = timedelta(days=90)
A_SLICE = 200
_item, _document = tables.desk_item, tables.document
_decoder = msgspec.json.Decoder(DeskDocument)


def outdated(connection: Connection, merchant: MerchantId, now_ms: int) -> list[ItemId]:
    """Return the items that are to go."""
    query = (
        select(_document.c.body)
        .join(_item, (_item.c.merchant_id == _document.c.merchant_id) & (_item.c.item_id == _document.c.id))
        .where(
            _document.c.merchant_id == merchant.bytes,
            _document.c.kind == Kind.DESK.value,
            _document.c.gone == 0,
            _item.c.kind == ItemKind.LOST_EDIT.value,
        )
    )
    items = [_decoder.decode(body).item for body in connection.execute(query).scalars()]
    return [item.item_id for item in items if _is_old(item, now_ms)]


def tidy(room: Room, items: Sequence[ItemId]) -> int:
    """Take items off the desk, but those that somebody settled meanwhile; return how many went."""
    books = Books(room)
    known = [desk.item_of(books, item) for item in items]
    old = [item for item in known if item is not None and _is_old(item, room.now_ms)]
    for item in old:
        desk.take_off(books, item.item_id)
    books.close()
    return len(old)


def _is_old(item: DeskItem, now_ms: int) -> bool:
    until = now_ms - LOST_EDITS_STAY // timedelta(milliseconds=1)
    return item.at_ms < until and (item.choice is None or item.chosen_at_ms < until)
