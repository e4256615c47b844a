"""Storing what tills push: exactly once, in one transaction with the end of the till's line.

Decides what is written and what is answered; what becomes of each fact is `receiving`, what it means is `projecting`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, func, insert, select, update
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from pos_app.domain.values.ids import MerchantId, ShopId, TillId
from sync.platform import tables, upserts
from sync.platform.books import Books, Room, Unseal
from sync.platform.clocks import clock_of
from sync.platform.feed import hold
from sync.platform.offers import take_offers
from sync.platform.pacing import spread_s
from sync.platform.parking import BUG, erased_among, settle_erased, tell_parked
from sync.platform.projecting import TOUCHING, UNKNOWN_KIND, Accepted, Origin, Outcome, is_unknown, project
from sync.platform.receiving import Line, Receipt, receive
from sync.platform.tills import Asker
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import (
    FactResult,
    FactState,
    Next,
    Offered,
    Position,
    Push,
    PushReply,
    SubjectKey,
    TillState,
)
from sync.protocol.signing import ack_text

_till, _fact, _base = tables.till, tables.fact, tables.epoch_base
TAKEN_AFTER_REVOKED_MS = 30 * 86_400_000
"""So long a till that was shut out may still send what it sold, into quarantine (SYNC.md §9)."""
_END_OF_TIME = 1 << 62
Sign = Callable[[bytes, bytes], bytes]
"""From a private key and a message to the signature."""
Report = Callable[[Exception], None]


@dataclass(frozen=True, slots=True)
class Means:
    """What storing needs of the outside: signing, opening, the time, and who is told of a bug."""

    sign: Sign
    unseal: Unseal
    now_ms: int
    report: Report


def line_of(connection: Connection, merchant: MerchantId, till: TillId) -> Line:
    """Return how far a till's journal is accepted."""
    return _line(_row(connection, merchant, till))


def _row(
    connection: Connection, merchant: MerchantId, till: TillId, *, locked: bool = False
) -> Row[tuple[object, ...]]:
    """Return a till's row; `locked` keeps every other push of this till waiting."""
    query = select(_till).where(_till.c.merchant_id == merchant.bytes, _till.c.till_id == till.bytes)
    return connection.execute(query.with_for_update() if locked else query).one()


def _line(row: Row[tuple[object, ...]]) -> Line:
    return Line(Position(row.epoch, row.seq, row.hash), TillState(row.state))


def store(connection: Connection, asker: Asker, push: Push, means: Means) -> PushReply:
    """Store a push and answer it; raises as `receiving.receive` does, and FOREIGN_FACT for another till's push.

    Raises REVOKED, with nothing kept, for a till that was shut out too long ago.
    """
    if push.till != asker.till:
        raise PlatformError(Number.FOREIGN_FACT, place=push.base.seq)
    row = _row(connection, asker.merchant, asker.till, locked=True)
    if row.revoked_at and means.now_ms - row.revoked_at > TAKEN_AFTER_REVOKED_MS:
        raise PlatformError(Number.REVOKED)
    line = _line(row)
    receipt = receive(line, push, _hashes(connection, asker, push), _holding(connection, asker))
    seed = seed_of(connection, asker.merchant)
    _write_base(connection, asker, push, line, receipt.line)
    _write_keys(connection, asker.merchant, push.keys)
    room = Room(connection, asker.merchant, seed, means.unseal, means.now_ms)
    origin = Origin(asker.till, row.code, ShopId(asker.shop), clock_of(push.clock, row.seen_at, means.now_ms))
    _write_facts(connection, asker, receipt, means.now_ms)
    outcomes = _facts_told(room, origin, push, receipt, means)
    _write_parked(connection, asker, push.base.epoch, outcomes)
    _write_line(connection, asker, push, receipt.line, means.now_ms)
    return PushReply(
        ack=receipt.ack,
        signature=means.sign(seed, ack_text(asker.till, receipt.ack)),
        state=receipt.state,
        results=_results(receipt, outcomes),
        next=next_of(connection, asker.merchant),
    )


def next_of(connection: Connection, merchant: MerchantId) -> Next:
    """Return how a till goes on: over how many seconds all tills of the merchant spread out (SYNC.md §8)."""
    tills = select(func.count()).select_from(_till).where(_till.c.merchant_id == merchant.bytes)
    return Next(spread_s=spread_s(connection.execute(tills).scalar_one()))


def seed_of(connection: Connection, merchant: MerchantId) -> bytes:
    """Return the merchant's secret."""
    query = select(tables.merchant.c.seed).where(tables.merchant.c.merchant_id == merchant.bytes)
    seed: bytes = connection.execute(query).scalar_one()
    return seed


def _facts_told(room: Room, origin: Origin, push: Push, receipt: Receipt, means: Means) -> dict[int, Outcome]:
    """Project what was accepted; return what became of each fact, by its seq."""
    accepted = [
        Accepted(Position(push.base.epoch, each.fact.seq, each.fact.hash), each.envelope)
        for each in receipt.facts
        if each.state is FactState.PROJECTED
    ]
    offered = push.documents if receipt.state is TillState.OK else ()
    outcomes = outcomes_of(room, origin, accepted, offered, means.report)
    settle_erased(room, accepted, outcomes)
    tell_parked(room, origin, accepted, outcomes)
    return outcomes


def outcomes_of(
    room: Room,
    origin: Origin,
    accepted: Sequence[Accepted],
    offered: Sequence[Offered],
    report: Report,
) -> dict[int, Outcome]:
    """Project facts of one epoch of a till, and what it offers; return what became of each fact, by its seq."""
    touching = [f for f in accepted if f.envelope.kind in TOUCHING and not is_unknown(f.envelope)]
    outcomes = {
        fact.at.seq: Outcome(FactState.PARKED, UNKNOWN_KIND) for fact in accepted if is_unknown(fact.envelope)
    }
    if not touching and not offered:
        return outcomes
    try:
        return outcomes | _together(room, origin, touching, offered)
    except PlatformError:
        raise
    except Exception as problem:  # Whatever one fact brings about, it is parked, and those behind it go on.
        _raise_if_database(problem)
        report(problem)
    steps: list[tuple[list[Accepted], tuple[Offered, ...]]] = [([fact], ()) for fact in touching]
    for facts, documents in (*steps, ([], offered)):
        try:
            outcomes |= _together(room, origin, facts, documents)
        except PlatformError:
            raise
        except Exception as problem:
            _raise_if_database(problem)
            report(problem)
            outcomes |= {fact.at.seq: Outcome(FactState.PARKED, BUG) for fact in facts}
    return outcomes


def _raise_if_database(problem: Exception) -> None:
    """Raise what is the database's own trouble; a value that it cannot keep is the fact's, which is parked for it."""
    if isinstance(problem, DBAPIError) and not isinstance(problem, DataError | IntegrityError):
        raise problem


def _together(
    room: Room, origin: Origin, facts: Sequence[Accepted], offered: Sequence[Offered]
) -> dict[int, Outcome]:
    """Project facts as one step, which leaves nothing behind when it fails."""
    with room.connection.begin_nested():
        books = Books(room)
        told = project(books, origin, facts)
        take_offers(books, offered, origin.clock(_END_OF_TIME))
        books.close()
    return {fact.at.seq: each for fact, each in zip(facts, told, strict=True)}


def _hashes(connection: Connection, asker: Asker, push: Push) -> Callable[[int, int], bytes | None]:
    """Return the accepted hashes at the places of a push, read at once."""
    last = push.facts[-1].seq if push.facts else push.base.seq
    here = (asker.merchant.bytes, asker.till.bytes, push.base.epoch)
    found = connection.execute(
        select(_fact.c.seq, _fact.c.hash).where(
            _fact.c.merchant_id == here[0],
            _fact.c.till_id == here[1],
            _fact.c.epoch == here[2],
            _fact.c.seq.between(push.base.seq, last),
            _fact.c.state != FactState.QUARANTINED.value,
        )
    )
    hashes: dict[int, bytes] = {row.seq: row.hash for row in found}
    if push.base.seq == 0:
        base = select(_base.c.hash).where(
            _base.c.merchant_id == here[0], _base.c.till_id == here[1], _base.c.epoch == here[2]
        )
        chained = connection.execute(base).scalar_one_or_none()
        if chained is not None:
            hashes[0] = chained
    return lambda _epoch, seq: hashes.get(seq)


def _holding(connection: Connection, asker: Asker) -> Callable[[Position], bool]:
    """Return what looks up whether a fact is here, in quarantine or not."""

    def holds(place: Position) -> bool:
        key = (
            _fact.c.merchant_id == asker.merchant.bytes,
            _fact.c.till_id == asker.till.bytes,
            _fact.c.epoch == place.epoch,
            _fact.c.seq == place.seq,
            _fact.c.hash == place.hash,
        )
        return connection.execute(select(_fact.c.seq).where(*key)).first() is not None

    return holds


def _write_base(connection: Connection, asker: Asker, push: Push, before: Line, after: Line) -> None:
    """Remember what a new epoch is chained to."""
    if after.end.epoch != before.end.epoch:
        place = {"merchant_id": asker.merchant.bytes, "till_id": asker.till.bytes, "epoch": after.end.epoch}
        connection.execute(insert(_base).values(**place, hash=push.base.hash))


def _write_facts(connection: Connection, asker: Asker, receipt: Receipt, now_ms: int) -> None:
    rows = [
        {
            "merchant_id": asker.merchant.bytes,
            "till_id": asker.till.bytes,
            "epoch": each.envelope.epoch,
            "seq": each.fact.seq,
            "hash": each.fact.hash,
            "kind": each.envelope.kind,
            "version": each.envelope.version,
            "hlc": each.envelope.hlc,
            "received_at": now_ms,
            "state": each.state.value,
            "why": "",
            "body": each.fact.body,
        }
        for each in receipt.facts
        if each.state is not FactState.KNOWN
    ]
    if rows:
        connection.execute(upserts.new(connection, _fact), rows)


def _write_parked(connection: Connection, asker: Asker, epoch: int, outcomes: dict[int, Outcome]) -> None:
    """Write down which facts are parked, and why."""
    for seq, outcome in outcomes.items():
        if outcome.state is not FactState.PROJECTED:
            key = (
                _fact.c.merchant_id == asker.merchant.bytes,
                _fact.c.till_id == asker.till.bytes,
                _fact.c.epoch == epoch,
                _fact.c.seq == seq,
                _fact.c.state == FactState.PROJECTED.value,
            )
            connection.execute(update(_fact).where(*key).values(state=outcome.state.value, why=outcome.why))


def _results(receipt: Receipt, outcomes: dict[int, Outcome]) -> tuple[FactResult, ...]:
    """Return what became of the facts that were not simply projected."""
    results = []
    for each in receipt.facts:
        told = outcomes.get(each.fact.seq, Outcome()) if each.state is FactState.PROJECTED else None
        state, why = (told.state, told.why) if told is not None else (each.state, "")
        if state is not FactState.PROJECTED:
            results.append(FactResult(each.fact.seq, state, why))
    return tuple(results)


def _write_keys(connection: Connection, merchant: MerchantId, keys: tuple[SubjectKey, ...]) -> None:
    """Keep keys, but those of people who were erased: what their facts sealed stays sealed."""
    if not keys:
        return
    # Before it is asked who was erased: who is being erased at this moment would get her key back.
    hold(connection, merchant)
    erased = erased_among(connection, merchant, (each.subject.bytes for each in keys))
    rows = [
        {"merchant_id": merchant.bytes, "subject_id": each.subject.bytes, "key": each.key}
        for each in keys
        if each.subject.bytes not in erased
    ]
    if rows:
        connection.execute(upserts.new(connection, tables.subject_key), rows)


def _write_line(connection: Connection, asker: Asker, push: Push, line: Line, now_ms: int) -> None:
    connection.execute(
        update(_till)
        .where(_till.c.merchant_id == asker.merchant.bytes, _till.c.till_id == asker.till.bytes)
        .values(
            state=line.state.value,
            epoch=line.end.epoch,
            seq=line.end.seq,
            hash=line.end.hash,
            seen_at=now_ms,
            skew_ms=push.clock.wall_ms - now_ms,
        )
    )


def parked_of(connection: Connection, asker: Asker, most: int = 100) -> tuple[int, ...]:
    """Return the facts of a till's present epoch that are parked, at most `most`."""
    query = (
        select(_fact.c.seq)
        .join(_till, (_till.c.merchant_id == _fact.c.merchant_id) & (_till.c.till_id == _fact.c.till_id))
        .where(
            _fact.c.merchant_id == asker.merchant.bytes,
            _fact.c.till_id == asker.till.bytes,
            _fact.c.epoch == _till.c.epoch,
            _fact.c.state == FactState.PARKED.value,
        )
        .order_by(_fact.c.seq)
        .limit(most)
    )
    return tuple(connection.execute(query).scalars())


def pulled_of(connection: Connection, asker: Asker) -> int:
    """Return how far it is known that a till took the feed in."""
    return int(_row(connection, asker.merchant, asker.till).pulled)


def note_pulled(connection: Connection, asker: Asker, position: int) -> None:
    """Remember how far a till took the feed in, for who looks after the tills."""
    key = (_till.c.merchant_id == asker.merchant.bytes, _till.c.till_id == asker.till.bytes)
    connection.execute(update(_till).where(*key).values(pulled=position))
