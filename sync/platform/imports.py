"""Members that a till took in from a file: they wait until their batch is published, then they are folded in slices.

A file may hold a million members; a push answers at once, and `fold_some` does the rest a few chunks at a time. Decides
what a withdrawn batch leaves behind: nobody who came with it alone, and of the fields that it changed the words before.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from pos_app.domain.facts.codec import decode_content
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.imports import ImportedMember, MembersStaged
from pos_app.domain.members import Profile
from pos_app.domain.records import Changed
from pos_app.domain.values.ids import ImportId, MemberId, MerchantId, ShopId, TillId
from pos_app.domain.values.moments import to_ms
from sync.platform import claims, desk, tables
from sync.platform.books import Books
from sync.platform.folding import (
    MemberState,
    Said,
    Stamp,
    consented,
    edited,
    element_name,
    parts_of,
    registered,
)
from sync.platform.subjects import keys_of, opened
from sync.protocol.messages import Position

_chunk, _fact, _sale = tables.import_chunk, tables.fact, tables.sale
STAGED, TO_FOLD, FOLDED, TO_UNDO = "staged", "to_fold", "done", "to_undo"
TO_KEEP = "to_keep"
"""Withdrawn before it was folded: whoever was met since she was published stays, and is folded still."""
_WAITING = (TO_FOLD, TO_UNDO, TO_KEEP)
_SHOPS_ZONE = ZoneInfo("Asia/Shanghai")
"""Where noon of a day of joining is reckoned: a file tells a day and no time."""


class Before(msgspec.Struct, frozen=True, array_like=True):
    """What an id was before a chunk: None for somebody whom the chunk brought."""

    member: UUID
    state: MemberState | None


_undo = msgspec.json.Decoder(tuple[Before, ...])


def staged(books: Books, till: TillId, at: Position, content: MembersStaged) -> None:
    """Remember where a chunk stands."""
    books.room.connection.execute(
        _chunk.insert().values(
            merchant_id=books.room.merchant.bytes,
            batch_id=content.batch.bytes,
            till_id=till.bytes,
            epoch=at.epoch,
            seq=at.seq,
            hash=at.hash,
            state=STAGED,
            undo=b"",
        )
    )


def published(books: Books, batch: ImportId) -> None:
    """Let the chunks of a batch be folded."""
    _move(books, batch, STAGED, TO_FOLD)


def withdrawn(books: Books, batch: ImportId) -> None:
    """Let the chunks of a batch be taken back, also those that were not folded yet."""
    _move(books, batch, STAGED, FOLDED)
    done = (_chunk.c.state == FOLDED, _chunk.c.undo != b"")
    books.room.connection.execute(update(_chunk).where(*_of(books, batch), *done).values(state=TO_UNDO))
    _move(books, batch, TO_FOLD, TO_KEEP)


def _of(books: Books, batch: ImportId) -> tuple[ColumnElement[bool], ...]:
    return (_chunk.c.merchant_id == books.room.merchant.bytes, _chunk.c.batch_id == batch.bytes)


def _move(books: Books, batch: ImportId, before: str, after: str) -> None:
    query = update(_chunk).where(*_of(books, batch), _chunk.c.state == before)
    books.room.connection.execute(query.values(state=after))


def has_work(connection: Connection, merchant: MerchantId) -> bool:
    """Whether chunks wait to be folded or taken back."""
    query = select(_chunk.c.seq).where(
        _chunk.c.merchant_id == merchant.bytes,
        _chunk.c.state.in_(_WAITING),
        _chunk.c.state != FOLDED,
    )
    return connection.execute(query.limit(1)).first() is not None


def fold_some(books: Books, limit: int) -> int:
    """Fold, or take back, as many as `limit` chunks that wait; return how many there were."""
    run = books.room.connection
    waiting = run.execute(
        select(_chunk)
        .where(_chunk.c.merchant_id == books.room.merchant.bytes, _chunk.c.state.in_(_WAITING))
        .order_by(_chunk.c.batch_id, _chunk.c.till_id, _chunk.c.epoch, _chunk.c.seq)
        .limit(limit)
    ).all()
    for row in waiting:
        undo = _unfold(books, row) if row.state == TO_UNDO else _fold(books, row)
        run.execute(update(_chunk).where(*_this(row)).values(state=FOLDED, undo=undo))
    return len(waiting)


def forget(books: Books, members: Sequence[MemberId]) -> None:
    """Remove what chunks keep of members who were erased: what they were before a file changed them."""
    run, merchant = books.room.connection, books.room.merchant.bytes
    for member in members:
        named = _names(run, str(member).encode())
        for row in run.execute(select(_chunk).where(_chunk.c.merchant_id == merchant, named)).all():
            left = tuple(each for each in _undo.decode(row.undo) if each.member != member)
            run.execute(update(_chunk).where(*_this(row)).values(undo=msgspec.json.encode(left)))


def _names(connection: Connection, member: bytes) -> ColumnElement[bool]:
    """Whether a chunk keeps something of an id: looked for as bytes, in each database's own words."""
    if connection.dialect.name == "sqlite":
        return func.instr(_chunk.c.undo, member) > 0
    return _chunk.c.undo.op("LIKE", is_comparison=True)(b"%" + member + b"%")


def _this(row: Row[tuple[object, ...]]) -> tuple[ColumnElement[bool], ...]:
    return (
        _chunk.c.merchant_id == row.merchant_id,
        _chunk.c.batch_id == row.batch_id,
        _chunk.c.till_id == row.till_id,
        _chunk.c.epoch == row.epoch,
        _chunk.c.seq == row.seq,
    )


def _fold(books: Books, row: Row[tuple[object, ...]]) -> bytes:
    """Fold one chunk, or of one that was withdrawn those who were met since; return what its members were before."""
    said, content = _told(books, row)
    ids = [each.member.bytes for each in content.members]
    books.load(ids)
    keys, before, claimed = keys_of(books, ids), [], []
    for each in content.members:
        profile = opened(books, keys, each.member, each.sealed)
        if profile is None or books.is_erased(each.member.bytes):
            continue
        known = books.state(each.member.bytes)
        if row.state == TO_KEEP and (known.registered or not _is_used(books, known, said)):
            continue
        before.append(Before(each.member, known if known.registered else None))
        state = _with(known, said, each, profile)
        books.save(state)
        new, given_up = claims.keys_moved(known, state)
        claims.release(books, (each.member.bytes,), given_up, said)
        claimed += [claims.Claim(key, each.member.bytes, said) for key in new]
    claims.settle(books, claimed)
    return msgspec.json.encode(tuple(before)) if row.state == TO_FOLD else b""


def _with(known: MemberState, said: Said, each: ImportedMember, profile: Profile) -> MemberState:
    if each.fields or known.registered:
        # A file never takes away, and what it changed was decided where it was read.
        fields = each.fields or profile.__struct_fields__
        state = edited(known, said, fields, profile, Changed.IMPORTED).state
        for consent in each.consents:
            state = consented(state, said, consent, tell=False)
        return state
    state = registered(known, said, profile, each.consents, Changed.IMPORTED).state
    if each.joined_on is None:
        return state
    noon = datetime.combine(each.joined_on, time(12), _SHOPS_ZONE).astimezone(UTC)
    return msgspec.structs.replace(state, joined_at_ms=to_ms(noon))


def _told(books: Books, row: Row[tuple[object, ...]]) -> tuple[Said, MembersStaged]:
    key = (
        _fact.c.merchant_id == row.merchant_id,
        _fact.c.till_id == row.till_id,
        _fact.c.epoch == row.epoch,
        _fact.c.seq == row.seq,
        _fact.c.hash == row.hash,
    )
    fact = books.room.connection.execute(select(_fact.c.body, _fact.c.received_at).where(*key)).one()
    envelope = decode(fact.body)
    content = decode_content(envelope.kind, envelope.version, bytes(envelope.content))
    assert isinstance(content, MembersStaged)
    shop, till_code = books.place_of(envelope.till)
    at = to_ms(envelope.at)
    said = Said(
        till=envelope.till,
        till_code=till_code,
        shop=ShopId(shop),
        staff=envelope.staff,
        at_ms=at,
        hlc=min(envelope.hlc, fact.received_at << 16 | 0xFFFF),
    )
    return said, content


def _unfold(books: Books, row: Row[tuple[object, ...]]) -> bytes:
    """Take one chunk back."""
    said, _ = _told(books, row)
    told = _undo.decode(row.undo)
    books.load([each.member.bytes for each in told])
    for each in told:
        member = each.member.bytes
        if books.is_erased(member):
            continue
        state = books.state(member)
        if each.state is not None:
            _save_restored(books, state, _restored(state, each.state, said.stamp), said)
        elif not _is_used(books, state, said):
            claims.release(books, (member,), [k for k in state.profile.keys if not k.shared], said)
            desk.forget(books, (member,))
            books.withdraw(member)
    return b""


def _save_restored(books: Books, state: MemberState, before: MemberState, said: Said) -> None:
    """Keep a state as it was before an import, and who owns its keys."""
    books.save(before)
    claimed, given_up = claims.keys_moved(state, before)
    claims.release(books, (before.member.bytes,), given_up, said)
    claims.settle(books, [claims.Claim(key, before.member.bytes, said) for key in claimed])


def _restored(state: MemberState, before: MemberState, stamp: Stamp) -> MemberState:
    """Return a state with the words before an import, where nobody said another since."""
    mine = [f for f, s in state.stamps.items() if _is_of(s, stamp)]
    parts = [part for field in mine for part in parts_of(field)]
    profile = msgspec.structs.replace(state.profile, **{p: getattr(before.profile, p) for p in parts})
    stamps = {f: s for f, s in state.stamps.items() if f not in mine}
    stamps |= {f: before.stamps[f] for f in mine if f in before.stamps}
    elements = dict(state.elements)
    for field, marks in state.elements.items():
        fresh = {name for name, held in marks.items() if any(_is_of(s, stamp) for s in held)}
        if not fresh:
            continue
        old, kept = before.elements.get(field, {}), {}
        for name in fresh:
            others = tuple(s for s in marks[name] if not _is_of(s, stamp)) + old.get(name, ())
            if others:
                kept[name] = tuple(dict.fromkeys(others))
        elements[field] = {name: held for name, held in marks.items() if name not in fresh} | kept
        was = {element_name(field, v): v for v in getattr(before.profile, field)}
        now = {element_name(field, v): v for v in getattr(profile, field)}
        values = [
            was.get(name, v) if name in fresh else v for name, v in now.items() if name in elements[field]
        ]
        profile = msgspec.structs.replace(profile, **{field: tuple(values)})
    return msgspec.structs.replace(state, profile=profile, stamps=stamps, elements=elements)


def _is_of(one: Stamp, other: Stamp) -> bool:
    return (one.hlc, one.till) == (other.hlc, other.till)


def _is_used(books: Books, state: MemberState, said: Said) -> bool:
    """Whether somebody whom a file brought was met since: she came, said something, or was found to be another."""
    said_else = [*state.stamps.values(), *(word.stamp for word in state.words)]
    others = any(not _is_of(stamp, said.stamp) for stamp in said_else)
    done = any(change.what is not Changed.IMPORTED for change in state.changes)
    alone: Sequence[bytes] = books.group(state.member.bytes)
    if state.shops or state.months or others or done or len(alone) > 1:
        return True
    # A sale that waits at the desk is not counted; its member came all the same.
    mine = (_sale.c.merchant_id == books.room.merchant.bytes, _sale.c.member_id == state.member.bytes)
    return books.room.connection.execute(select(_sale.c.sale_id).where(*mine).limit(1)).first() is not None
