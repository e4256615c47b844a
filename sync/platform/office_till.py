"""The journal of what head office and the web shop do: facts like a till's, in a line of the platform's own.

So an edit made online is a fact like any other: chained, projected, shown with who and when, and read again after an
upgrade. Decides which till that is and how its facts are written; what they mean is `projecting`.
"""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import insert, select, update

from pos_app.domain.facts import codec
from pos_app.domain.facts.envelope import FORMAT, GENESIS, Envelope, chain, encode
from pos_app.domain.members import Profile
from pos_app.domain.values import hlc
from pos_app.domain.values.ids import FactId, MemberId, MerchantId, ShopId, StaffId, TillId
from pos_app.domain.values.moments import from_ms
from sync.platform import tables
from sync.platform.books import Books
from sync.platform.projecting import Accepted, Origin, project
from sync.platform.subjects import keys_of
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import FactState, Position, TillState

Seal = Callable[[bytes, bytes, bytes], bytes]
"""From a key, plain bytes and their context to the sealed bytes."""
_till, _fact = tables.till, tables.fact
NOWHERE = ShopId(UUID(int=0))
"""The shop of what is done online."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who writes, and what it takes: new ids, random bytes, sealing."""

    staff: StaffId
    new_id: Callable[[], UUID]
    random: Callable[[int], bytes]
    seal: Seal


def office_of(merchant: MerchantId) -> TillId:
    """Return the till of a merchant's head office."""
    return TillId(UUID(bytes=hashlib.sha256(b"shuke office " + merchant.bytes).digest()[:16]))


def sealed(books: Books, hand: Hand, member: MemberId, profile: Profile) -> str:
    """Return a profile sealed with its member's key, which is made when there is none."""
    known = keys_of(books, (member.bytes,)).get(member.bytes)
    key = known[0] if known else hand.random(32)
    if not known:
        row = {"merchant_id": books.room.merchant.bytes, "subject_id": member.bytes, "key": key}
        books.room.connection.execute(insert(tables.subject_key).values(**row))
    return b64encode(hand.seal(key, msgspec.json.encode(profile), member.bytes)).decode()


def write(books: Books, hand: Hand, facts: Sequence[msgspec.Struct], shop: ShopId = NOWHERE) -> None:
    """Append facts to the office's journal and project them; raises MERGE_REFUSED for one that cannot be."""
    office, room = office_of(books.room.merchant), books.room
    key = (_till.c.merchant_id == room.merchant.bytes, _till.c.till_id == office.bytes)
    row = room.connection.execute(select(_till).where(*key)).first()
    if row is None:
        _open(books, office)
        row = room.connection.execute(select(_till).where(*key)).one()
    place, last, accepted = Position(row.epoch, row.seq, row.hash), hlc.Hlc(0), []
    for fact in facts:
        last = hlc.tick(last, room.now_ms)
        kind, version = codec.name_of(fact)
        envelope = Envelope(
            format=FORMAT,
            till=office,
            epoch=place.epoch,
            seq=place.seq + 1,
            fact=FactId(hand.new_id()),
            kind=kind,
            version=version,
            at=from_ms(room.now_ms),
            hlc=last,
            staff=hand.staff,
            content=codec.encode_content(fact),
        )
        body = encode(envelope)
        place = Position(place.epoch, envelope.seq, chain(place.hash, body))
        _keep(books, office, envelope, place.hash, body)
        accepted.append(Accepted(place, envelope))
    room.connection.execute(
        update(_till).where(*key).values(seq=place.seq, hash=place.hash, seen_at=room.now_ms)
    )
    outcomes = project(books, Origin(office, "", shop, lambda hlc: hlc), accepted)
    for outcome in outcomes:
        if outcome.state is not FactState.PROJECTED:
            raise PlatformError(Number.MERGE_REFUSED, reason=outcome.why)


def _open(books: Books, office: TillId) -> None:
    """Begin the office's journal; nobody can ask with its token, since no bytes hash to it."""
    values = {
        "merchant_id": books.room.merchant.bytes,
        "till_id": office.bytes,
        "shop_id": NOWHERE.bytes,
        "code": "",
        "public_key": bytes(32),
        "token_hash": bytes(32),
        "state": TillState.OK.value,
        "epoch": 1,
        "seq": 0,
        "hash": GENESIS,
        "enrolled_at": books.room.now_ms,
        "seen_at": books.room.now_ms,
    }
    books.room.connection.execute(insert(_till).values(**values))


def _keep(books: Books, office: TillId, envelope: Envelope, digest: bytes, body: bytes) -> None:
    row = {
        "merchant_id": books.room.merchant.bytes,
        "till_id": office.bytes,
        "epoch": envelope.epoch,
        "seq": envelope.seq,
        "hash": digest,
        "kind": envelope.kind,
        "version": envelope.version,
        "hlc": envelope.hlc,
        "received_at": books.room.now_ms,
        "state": FactState.PROJECTED.value,
        "why": "",
        "body": body,
    }
    books.room.connection.execute(insert(_fact).values(**row))
