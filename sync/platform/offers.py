"""Goods, staff and settings that tills write whole: the newer by clock holds, and the feed tells everybody.

Decides which of two versions holds. The older one's till gets the other back, so that both ends agree.
"""

from collections.abc import Sequence

import msgspec

from sync.platform.books import Books
from sync.platform.feed import Draft, newest
from sync.protocol.documents import BODIES, GOODS, VERSION, Kind
from sync.protocol.messages import Offered

_AT_MOST = 5_000
ID_BYTES = 16


def take_offers(books: Books, offered: Sequence[Offered], clock: int) -> int:
    """Publish what a till offers; return how many documents were not to be read and are left out.

    `clock` is the platform's HLC: a till whose clock is ahead wins nothing by it. A till whose clock is behind loses
    nothing by it when it changed the latest document. What says nothing new is not published again.
    """
    good = [offer for offer in offered[:_AT_MOST] if _is_good(offer)]
    present = newest(books.room.connection, books.room.merchant, [(o.kind, o.id) for o in good])
    for offer in good:
        held = present.get((offer.kind, offer.id))
        if held is not None and (held.body, held.gone) == (offer.body, offer.gone):
            continue
        hlc = min(offer.hlc, clock)
        if held is not None and offer.seen == held.position:
            hlc = max(hlc, held.hlc)
        if held is None or hlc >= held.hlc:
            books.draft(
                Draft(offer.kind, offer.id, offer.body, gone=offer.gone, version=offer.version, hlc=hlc)
            )
        else:
            books.draft(held)
    return len(offered) - len(good)


def _is_good(offer: Offered) -> bool:
    """Whether an offer is of a kind that tills write, and reads as one; a later version is taken as it is."""
    if offer.kind not in [kind.value for kind in GOODS] or len(offer.id) != ID_BYTES:
        return False
    if offer.gone or offer.version > VERSION:
        return True
    try:
        msgspec.json.decode(offer.body, type=BODIES[Kind(offer.kind)])
    except (msgspec.MsgspecError, RecursionError):
        return False
    return True
