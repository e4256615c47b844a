"""Facts that an older platform did not know, projected once this one does: they were kept and parked until now.

Decides which are read again, and in which slices: what came in one push at a time, each slice a transaction, so that
pushes get in between. A fact that still is not to be read stays parked, with its reason. Reads no clock.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, or_, select, update

from pos_app.domain.facts import codec
from pos_app.domain.facts.envelope import decode
from pos_app.domain.values.ids import ShopId, TillId
from sync.platform import tables
from sync.platform.books import Room
from sync.platform.parking import clear_parked, settle_erased
from sync.platform.projecting import UNKNOWN_KIND, Accepted, Origin, Outcome
from sync.platform.storing import Report, outcomes_of
from sync.protocol.messages import FactState, Position

_fact, _till = tables.fact, tables.till
A_SLICE = 200


def reread_some(room: Room, report: Report, limit: int = A_SLICE) -> int:
    """Read again some of what was parked for its kind and is known by now; return how many facts, 0 when none waits."""
    rows = _waiting(room, limit)
    if not rows:
        return 0
    first = rows[0]
    push = (first.till_id, first.epoch, first.received_at)
    slice_ = [row for row in rows if (row.till_id, row.epoch, row.received_at) == push]
    accepted = [Accepted(Position(row.epoch, row.seq, row.hash), decode(row.body)) for row in slice_]
    outcomes = outcomes_of(room, _origin(room, first), accepted, (), report)
    settle_erased(room, accepted, outcomes)
    for row in slice_:
        outcome = outcomes.get(row.seq, Outcome())
        key = (
            _fact.c.merchant_id == room.merchant.bytes,
            _fact.c.till_id == row.till_id,
            _fact.c.epoch == row.epoch,
            _fact.c.seq == row.seq,
            _fact.c.hash == row.hash,
        )
        room.connection.execute(update(_fact).where(*key).values(state=outcome.state.value, why=outcome.why))
    clear_parked(room, UUID(bytes=first.till_id), [row.kind for row in slice_])
    return len(slice_)


def _waiting(room: Room, limit: int) -> list[Row[tuple[object, ...]]]:
    query = (
        select(_fact)
        .where(
            _fact.c.merchant_id == room.merchant.bytes,
            _fact.c.state == FactState.PARKED.value,
            _fact.c.why == UNKNOWN_KIND,
            _known(),
        )
        .order_by(_fact.c.till_id, _fact.c.epoch, _fact.c.seq)
        .limit(limit)
    )
    return list(room.connection.execute(query).all())


def _known() -> ColumnElement[bool]:
    """What this program can read: every kind up to the version it knows."""
    newest = {kind: known[1] for kind, known in codec.KINDS.items()}
    return or_(*(and_(_fact.c.kind == kind, _fact.c.version <= last) for kind, last in newest.items()))


def _origin(room: Room, row: Row[tuple[object, ...]]) -> Origin:
    """Return whose facts they are. A clock that ran ahead did so when they came: later than that they never are."""
    query = select(_till.c.code, _till.c.shop_id).where(
        _till.c.merchant_id == room.merchant.bytes, _till.c.till_id == row.till_id
    )
    till = room.connection.execute(query).one()
    latest = row.received_at << 16 | 0xFFFF
    return Origin(
        TillId(UUID(bytes=row.till_id)),
        till.code,
        ShopId(UUID(bytes=till.shop_id)),
        lambda hlc: min(hlc, latest),
    )
