"""The tills of a merchant as head office sees them: list, codes, revoke, and declare dead by two persons.

Decides what a lag is and what two persons are: two staff tokens of different names within a day. What a till's state
means for its facts is `receiving`. Each function is part of one transaction.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Row, delete, func, insert, select

from pos_app.domain.values.ids import MerchantId, ShopId, TillId
from sync.platform import tables
from sync.platform.metrics import Fleet
from sync.platform.office_till import NOWHERE
from sync.platform.staff import Staff, tokens_of
from sync.platform.tills import set_state
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import TillState

DEATH_WAITS_MS = 86_400_000
SEEN_OF_LATE_MS = 300_000
MOST_BEHIND = 10_000
"""Documents that are counted at most: a till that lacks as many or more is filled anew sooner than it is waited for."""
_till, _code, _shop, _document = tables.till, tables.enrol_code, tables.shop, tables.document
_death = tables.declared_dead


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTill:
    """A till: `waiting` facts when it last asked, `behind` documents of the feed; times are milliseconds, UTC.

    `behind` counts documents that stand after the till's place, each once however often it changed, up to MOST_BEHIND.
    `dead_asked_by` is the name of the token that declared it dead first, while a second person may still agree.
    """

    till: TillId
    code: str
    shop: ShopId
    shop_code: str
    state: TillState
    version: str
    enrolled_at_ms: int
    seen_at_ms: int
    skew_ms: int
    waiting: int
    behind: int
    epoch: int
    seq: int
    dead_asked_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCode:
    """A one-time code that nobody used yet; what it is stands nowhere."""

    shop: ShopId | None
    expires_at_ms: int
    tries: int


def tills_of(
    connection: Connection, merchant: MerchantId, now_ms: int, only: TillId | None = None
) -> list[SeenTill]:
    """Return a merchant's tills by shop and code, or only one of them."""
    query = (
        select(_till, _shop.c.code.label("shop_code"), _death.c.name, _death.c.asked_at)
        .join(_shop, (_shop.c.merchant_id == _till.c.merchant_id) & (_shop.c.shop_id == _till.c.shop_id))
        .outerjoin(
            _death, (_death.c.merchant_id == _till.c.merchant_id) & (_death.c.till_id == _till.c.till_id)
        )
        .where(_till.c.merchant_id == merchant.bytes)
        .order_by(_shop.c.code, _till.c.code, _till.c.till_id)
    )
    chosen = query if only is None else query.where(_till.c.till_id == only.bytes)
    rows = connection.execute(chosen).all()
    behind = _behind(connection, merchant.bytes, [row.pulled for row in rows])
    return [_seen(row, now_ms, lacks) for row, lacks in zip(rows, behind, strict=True)]


def _behind(connection: Connection, merchant: bytes, places: Sequence[int]) -> list[int]:
    """Return how many documents stand after each place, up to MOST_BEHIND: positions that were left are none."""
    after = select(_document.c.position).where(
        _document.c.merchant_id == merchant, _document.c.position > min(places, default=0)
    )
    latest = after.order_by(_document.c.position.desc()).limit(MOST_BEHIND)
    positions = sorted(connection.execute(latest).scalars())
    return [len(positions) - bisect_right(positions, place) for place in places]


def _seen(row: Row[tuple[object, ...]], now_ms: int, behind: int) -> SeenTill:
    is_asked = row.asked_at is not None and row.asked_at + DEATH_WAITS_MS >= now_ms
    return SeenTill(
        till=TillId(UUID(bytes=row.till_id)),
        code=row.code,
        shop=ShopId(UUID(bytes=row.shop_id)),
        shop_code=row.shop_code,
        state=TillState(row.state),
        version=row.version,
        enrolled_at_ms=row.enrolled_at,
        seen_at_ms=row.seen_at,
        skew_ms=row.skew_ms,
        waiting=row.waiting,
        behind=behind,
        epoch=row.epoch,
        seq=row.seq,
        dead_asked_by=row.name if is_asked and row.state != TillState.CLOSED else "",
    )


def till_of(connection: Connection, merchant: MerchantId, till: TillId, now_ms: int) -> SeenTill:
    """Return a till; raise PlatformError NOT_FOUND for one of another merchant."""
    found = tills_of(connection, merchant, now_ms, only=till)
    if not found:
        raise PlatformError(Number.NOT_FOUND)
    return found[0]


def codes_of(connection: Connection, merchant: MerchantId, now_ms: int) -> list[OpenCode]:
    """Return the codes that may still be used, those that end first before others."""
    unused = (_code.c.merchant_id == merchant.bytes, _code.c.used_by.is_(None), _code.c.expires_at >= now_ms)
    rows = connection.execute(select(_code).where(*unused).order_by(_code.c.expires_at, _code.c.code_hash))
    return [
        OpenCode(
            shop=ShopId(UUID(bytes=row.shop_id)) if row.shop_id else None,
            expires_at_ms=row.expires_at,
            tries=row.tries,
        )
        for row in rows
    ]


def known_shop(connection: Connection, merchant: MerchantId, shop: ShopId) -> None:
    """Raise PlatformError NOT_FOUND for a shop of another merchant, and for one that is none yet."""
    key = (_shop.c.merchant_id == merchant.bytes, _shop.c.shop_id == shop.bytes)
    if connection.execute(select(_shop.c.code).where(*key)).first() is None:
        raise PlatformError(Number.NOT_FOUND)


def revoke(connection: Connection, merchant: MerchantId, till: TillId, now_ms: int) -> SeenTill:
    """Shut a till out; raise PlatformError NOT_FOUND. One that was declared dead stays so: that is for good."""
    _hold(connection, merchant, till)
    if till_of(connection, merchant, till, now_ms).state is not TillState.CLOSED:
        set_state(connection, merchant, till, TillState.REVOKED, now_ms)
    return till_of(connection, merchant, till, now_ms)


def declare_dead(connection: Connection, staff: Staff, till: TillId, now_ms: int) -> SeenTill:
    """Note that somebody declares a till dead, or do it when another person did so within the last day.

    The same person again only keeps her word: it does not start the day anew. Raises PlatformError NOT_FOUND.
    """
    _hold(connection, staff.merchant, till)
    seen = till_of(connection, staff.merchant, till, now_ms)
    if seen.state is TillState.CLOSED:
        return seen
    key = (_death.c.merchant_id == staff.merchant.bytes, _death.c.till_id == till.bytes)
    first = connection.execute(select(_death).where(*key)).first()
    stands = first is not None and _stands(connection, staff.merchant, first, now_ms)
    if first is not None and stands and first.token_id != staff.token.bytes and first.name != staff.name:
        set_state(connection, staff.merchant, till, TillState.CLOSED, now_ms)
        connection.execute(delete(_death).where(*key))
    elif not stands:
        connection.execute(delete(_death).where(*key))
        row = {"merchant_id": staff.merchant.bytes, "till_id": till.bytes, "token_id": staff.token.bytes}
        connection.execute(insert(_death).values(**row, name=staff.name, asked_at=now_ms))
    return till_of(connection, staff.merchant, till, now_ms)


def _hold(connection: Connection, merchant: MerchantId, till: TillId) -> None:
    """Keep others who decide over this till waiting: of two words at one instant the later sees the first.

    The till's row and not that of the word, since before the first word there is none to lock.
    """
    key = (_till.c.merchant_id == merchant.bytes, _till.c.till_id == till.bytes)
    connection.execute(select(_till.c.till_id).where(*key).with_for_update()).first()


def _stands(
    connection: Connection, merchant: MerchantId, first: Row[tuple[object, ...]], now_ms: int
) -> bool:
    """Return whether a first word still counts: not older than a day, by a token that was not taken back since."""
    is_fresh = 0 <= now_ms - first.asked_at <= DEATH_WAITS_MS
    return is_fresh and any(each.token.bytes == first.token_id for each in tokens_of(connection, merchant))


def fleet(connection: Connection, now_ms: int) -> Fleet:
    """Return how all tills are that are not shut out, for the figures: no ids."""
    # What head office writes stands in a journal of no shop: nobody waits for it.
    alive = _till.c.state.not_in((TillState.CLOSED.value, TillState.REVOKED.value)) & (
        _till.c.shop_id != NOWHERE.bytes
    )
    seen = select(func.count()).select_from(_till).where(alive, _till.c.seen_at >= now_ms - SEEN_OF_LATE_MS)
    waiting = connection.execute(select(func.max(_till.c.waiting)).where(alive)).scalar() or 0
    last = select(_till.c.merchant_id, func.min(_till.c.pulled)).where(alive).group_by(_till.c.merchant_id)
    behind = 0
    for merchant, pulled in connection.execute(last).all():
        if behind < MOST_BEHIND:
            behind = max(behind, *_behind(connection, merchant, [pulled]))
    return Fleet(connection.execute(seen).scalar_one(), waiting, behind)
