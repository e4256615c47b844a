"""Storing what tills push: exactly once, in one transaction with the end of the till's line.

Decides what is written and what is answered; what becomes of each fact is `receiving`, what it means is `projecting`.
"""

from collections.abc import Callable

from sqlalchemy import Connection, Insert, Table, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pos_app.domain.facts.codec import KINDS
from pos_app.domain.values.ids import MerchantId, TillId
from sync.platform import tables
from sync.platform.receiving import Line, Receipt, Received, receive
from sync.platform.tills import Asker
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import FactResult, FactState, Position, Push, PushReply, SubjectKey, TillState
from sync.protocol.signing import ack_text

_till, _fact, _base = tables.till, tables.fact, tables.epoch_base
UNKNOWN_KIND = "unknown_kind"
Sign = Callable[[bytes, bytes], bytes]
"""From a private key and a message to the signature."""


def line_of(connection: Connection, merchant: MerchantId, till: TillId, *, locked: bool = False) -> Line:
    """Return how far a till's journal is accepted; `locked` keeps every other push of this till waiting."""
    query = select(_till).where(_till.c.merchant_id == merchant.bytes, _till.c.till_id == till.bytes)
    row = connection.execute(query.with_for_update() if locked else query).one()
    return Line(Position(row.epoch, row.seq, row.hash), TillState(row.state))


def store(connection: Connection, asker: Asker, push: Push, now_ms: int, sign: Sign) -> PushReply:
    """Store a push and answer it; raises as `receiving.receive` does, and FOREIGN_FACT for another till's push."""
    if push.till != asker.till:
        raise PlatformError(Number.FOREIGN_FACT, place=push.base.seq)
    line = line_of(connection, asker.merchant, asker.till, locked=True)
    receipt = receive(line, push, _hashes(connection, asker, push))
    _write_base(connection, asker, push, line, receipt.line)
    results = _write_facts(connection, asker, push, receipt, now_ms)
    _write_keys(connection, asker.merchant, push.keys)
    _write_line(connection, asker, push, receipt.line, now_ms)
    seed = connection.execute(
        select(tables.merchant.c.seed).where(tables.merchant.c.merchant_id == asker.merchant.bytes)
    ).scalar_one()
    return PushReply(
        ack=receipt.ack,
        signature=sign(seed, ack_text(asker.till, receipt.ack)),
        state=receipt.line.state,
        results=results,
    )


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


def _write_base(connection: Connection, asker: Asker, push: Push, before: Line, after: Line) -> None:
    """Remember what a new epoch is chained to."""
    if after.end.epoch != before.end.epoch:
        place = {"merchant_id": asker.merchant.bytes, "till_id": asker.till.bytes, "epoch": after.end.epoch}
        connection.execute(insert(_base).values(**place, hash=push.base.hash))


def _write_facts(
    connection: Connection, asker: Asker, push: Push, receipt: Receipt, now_ms: int
) -> tuple[FactResult, ...]:
    rows, results = [], []
    for each in receipt.facts:
        state, why = _state_of(each)
        if state is not FactState.PROJECTED:
            results.append(FactResult(each.fact.seq, state, why))
        if state is FactState.KNOWN:
            continue
        rows.append(
            {
                "merchant_id": asker.merchant.bytes,
                "till_id": asker.till.bytes,
                "epoch": push.base.epoch,
                "seq": each.fact.seq,
                "hash": each.fact.hash,
                "kind": each.envelope.kind,
                "version": each.envelope.version,
                "hlc": each.envelope.hlc,
                "received_at": now_ms,
                "state": state.value,
                "why": why,
                "body": each.fact.body,
            }
        )
    if rows:
        connection.execute(_new(connection, _fact), rows)
    return tuple(results)


def _state_of(received: Received) -> tuple[FactState, str]:
    """Return what becomes of a fact: of an accepted one whose kind a newer till made, it is parked."""
    known = KINDS.get(received.envelope.kind)
    if received.state is FactState.PROJECTED and (known is None or received.envelope.version > known[1]):
        return FactState.PARKED, UNKNOWN_KIND
    return received.state, ""


def _write_keys(connection: Connection, merchant: MerchantId, keys: tuple[SubjectKey, ...]) -> None:
    rows = [
        {"merchant_id": merchant.bytes, "subject_id": each.subject.bytes, "key": each.key} for each in keys
    ]
    if rows:
        connection.execute(_new(connection, tables.subject_key), rows)


def _new(connection: Connection, table: Table) -> Insert:
    """Return an insert that leaves a row be that stands there already: a push may come twice."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


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
