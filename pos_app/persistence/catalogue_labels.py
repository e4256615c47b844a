"""Labels to print again because an import changed retail prices, and because it was taken back.

Decides which changes of price are noted for a batch, and which are forgotten or noted the other way when it goes.
"""

from datetime import datetime

from sqlalchemy import Connection, text

from pos_app.domain.catalogue import RETAIL
from pos_app.persistence.base import to_ms
from pos_app.persistence.prepared import Prepared

_NOTE = Prepared(
    text(
        "INSERT INTO price_change (changed_at, variant_id, list, before, after)"
        " SELECT :moment, o.variant_id, :list, o.retail, n.retail FROM variant AS o CROSS JOIN variant AS n"
        " ON n.variant_id = o.variant_id AND n.until = 0 WHERE o.no BETWEEN :first AND :last"
        " AND o.until = :batch AND n.retail IS NOT o.retail"
    )
)
_WALK = Prepared(
    text(
        "SELECT no FROM price_change WHERE changed_at = :moment AND no > :after"
        " ORDER BY changed_at, no LIMIT :most"
    )
)
_GOES_BACK = (
    " FROM price_change AS c WHERE c.changed_at = :moment AND c.no > :after AND c.no <= :last AND c.list = :list"
    " AND EXISTS (SELECT 1 FROM variant AS o WHERE o.variant_id = c.variant_id AND o.until = :batch"
    " AND o.retail IS c.before) AND EXISTS (SELECT 1 FROM variant AS n WHERE n.variant_id = c.variant_id"
    " AND n.since = :batch)"
)
_BACK = Prepared(
    text(
        "INSERT INTO price_change (changed_at, variant_id, list, before, after)"
        f" SELECT :now, c.variant_id, c.list, c.after, c.before{_GOES_BACK} AND c.printed_at IS NOT NULL"
    )
)
_FORGET = Prepared(
    text(
        f"DELETE FROM price_change WHERE no IN (SELECT c.no{_GOES_BACK} AND c.printed_at IS NULL)",
    )
)


def note_changes(connection: Connection, batch: int, at: datetime, numbers: tuple[int, int]) -> None:
    """Note the retail prices that a batch changed, of replaced versions from one number to another."""
    first, last = numbers
    _NOTE.run(connection, batch=batch, moment=to_ms(at), list=RETAIL, first=first, last=last)


def note_way_back(
    connection: Connection, batch: int, moments: tuple[datetime, datetime], part: tuple[int, int]
) -> int | None:
    """Note that prices of a batch hold no more, a part after a number; return the last change seen, None at the end.

    `moments` are when it was shown and now. A label that was printed is to be printed again, one that was not never
    said anything else. Goods that the shop made its own meanwhile keep their price.
    """
    shown, now = to_ms(moments[0]), to_ms(moments[1])
    after, most = part
    numbers = _WALK.run(connection, moment=shown, after=after, most=most).scalars().all()
    if not numbers:
        return None
    asked = {"batch": batch, "moment": shown, "list": RETAIL, "after": after, "last": numbers[-1]}
    _BACK.run(connection, now=now, **asked)
    _FORGET.run(connection, **asked)
    last: int = numbers[-1]
    return last
