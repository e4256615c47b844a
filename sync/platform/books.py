"""A merchant's records as one transaction reads and changes them; written at its end, with the feed's positions.

Decides when positions are taken (last), which documents are written, and that nobody else writes records of this
merchant meanwhile: the head's row is locked before anything is read. What facts mean stands in `projecting` and beside.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import BindParameter, Connection, Select, bindparam, delete, select

from pos_app.domain.members import MemberKey
from pos_app.domain.search import folded
from pos_app.domain.values.ids import MemberId, MerchantId, ShopId
from sync.platform import tables, upserts
from sync.platform.feed import Draft, hold, publish, take_positions
from sync.platform.folding import MemberState, published
from sync.platform.viewing import alias_document, document_of
from sync.protocol.documents import Kind

Unseal = Callable[[bytes, bytes, bytes], bytes]
"""From a key, sealed bytes and their context to the plain bytes; raises ValueError."""
_member, _key = tables.member, tables.member_key
_AT_ONCE = 400
_NAME_BYTES = 200
_MERCHANT: BindParameter[bytes] = bindparam("merchant")
_IDS: BindParameter[bytes] = bindparam("ids", expanding=True)
# Made once: to build a statement costs more than to run it.
_BY_ID = select(_member).where(_member.c.merchant_id == _MERCHANT, _member.c.member_id.in_(_IDS))
_BELOW = select(_member).where(_member.c.merchant_id == _MERCHANT, _member.c.alias_of.in_(_IDS))
_OWNERS = select(_key.c.hash, _key.c.member_id).where(
    _key.c.merchant_id == _MERCHANT,
    _key.c.hash.in_(_IDS),
    _key.c.kind.in_(("phone", "card", "wechat", "email")),
)
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(MemberState)


@dataclass(frozen=True, slots=True)
class Room:
    """What projecting works in: the transaction, whose records, the merchant's secret, opening, the time."""

    connection: Connection
    merchant: MerchantId
    seed: bytes
    unseal: Unseal
    now_ms: int


class Books:
    """The records of one merchant in one transaction."""

    def __init__(self, room: Room, *, reads_only: bool = False) -> None:
        self.room = room
        self._states: dict[bytes, MemberState] = {}
        self._alias: dict[bytes, bytes | None] = {}
        self._below: dict[bytes, set[bytes]] = {}
        self._erased: set[bytes] = set()
        self._touched: set[bytes] = set()
        self._moved: set[bytes] = set()
        self._named: dict[bytes, None] = {}
        self._signed_up: list[bytes] = []
        self._drafts: dict[tuple[str, bytes], Draft] = {}
        self._places: dict[UUID, tuple[ShopId, str]] = {}
        self._secret = hashlib.sha256(b"shuke member key " + room.seed).digest()
        if not reads_only:
            hold(room.connection, room.merchant)

    # What is known.

    def load(self, members: Iterable[bytes]) -> None:
        """Read members at once, those who are not read yet."""
        wanted = [member for member in dict.fromkeys(members) if member not in self._alias]
        for start in range(0, len(wanted), _AT_ONCE):
            self._take(_BY_ID, wanted[start : start + _AT_ONCE])
        for member in wanted:
            self._alias.setdefault(member, None)

    def _load_one(self, member: bytes) -> None:
        # Asked many times of each member of a push.
        if member not in self._alias:
            self.load((member,))

    def _take(self, which: Select[Any], members: list[bytes]) -> list[bytes]:
        taken = []
        for row in self.room.connection.execute(
            which, {"merchant": self.room.merchant.bytes, "ids": members}
        ):
            taken.append(row.member_id)
            if row.member_id in self._alias:
                continue
            self._alias[row.member_id] = row.alias_of
            if row.erased:
                self._erased.add(row.member_id)
            else:
                self._states[row.member_id] = _decoder.decode(row.body)
        return taken

    def state(self, member: bytes) -> MemberState:
        """Return what was said under an id; an unregistered state for one not known yet."""
        self._load_one(member)
        known = self._states.get(member)
        return known if known is not None else MemberState(member=MemberId(UUID(bytes=member)))

    def is_erased(self, member: bytes) -> bool:
        """Whether an id was erased: nothing that is said of it counts any more."""
        self._load_one(member)
        return member in self._erased

    def owner(self, member: bytes) -> bytes:
        """Return the id that stands for an id now."""
        self._load_one(member)
        above = self._alias.get(member)
        return member if above is None else self.owner(above)

    def parent(self, member: bytes) -> bytes | None:
        """Return the id that an id was merged into, None for one that stands for itself."""
        self._load_one(member)
        return self._alias.get(member)

    def group(self, member: bytes) -> list[bytes]:
        """Return all ids of one member, the owner first."""
        found = [self.owner(member)]
        for one in found:
            self._load_below((one,))
            found += sorted(self._below[one])
        return found

    def _load_below(self, members: Iterable[bytes]) -> None:
        """Read which ids are aliases of these, those who are not read yet."""
        wanted = [member for member in dict.fromkeys(members) if member not in self._below]
        for start in range(0, len(wanted), _AT_ONCE):
            chunk = wanted[start : start + _AT_ONCE]
            for member in chunk:
                # What this transaction changed already is known better here than there.
                self._below[member] = {one for one in self._moved if self._alias[one] == member}
            for below in self._take(_BELOW, chunk):
                above = self._alias[below]
                if above in self._below:
                    self._below[above].add(below)

    def place_of(self, till: UUID) -> tuple[ShopId, str]:
        """Return the shop and the code of a till."""
        if till not in self._places:
            table = tables.till
            key = (table.c.merchant_id == self.room.merchant.bytes, table.c.till_id == till.bytes)
            row = self.room.connection.execute(select(table.c.shop_id, table.c.code).where(*key)).first()
            shop = UUID(bytes=row.shop_id) if row else UUID(int=0)
            self._places[till] = (ShopId(shop), row.code if row else "")
        return self._places[till]

    # What changes.

    def save(self, state: MemberState) -> None:
        """Keep a state."""
        member = state.member.bytes
        self._load_one(member)
        if state.registered and not self.state(member).registered:
            self._signed_up.append(member)
        self._states[member] = state
        self._touched.add(member)
        self.name(member)

    def name(self, member: bytes) -> None:
        """Publish an id's document again: a fact named it, and its till waits for what became of that."""
        self._named[member] = None

    def set_parent(self, member: bytes, parent: bytes | None) -> None:
        """Make an id an alias of another, or let it stand for itself."""
        before, above = self.owner(member), self.parent(member)
        self._load_below(one for one in (above, parent) if one is not None)
        if above is not None:
            self._below[above].discard(member)
        if parent is not None:
            self._below[parent].add(member)
        self._alias[member] = parent
        self._moved.add(member)
        self._touched.add(member)
        for one in (before, *self.group(member)):
            self.name(one)

    def erase(self, member: bytes) -> None:
        """Forget all that was said under an id; a tombstone takes the place of its document."""
        self.load((member,))
        self._states.pop(member, None)
        self._erased.add(member)
        self._touched.add(member)
        self._named.pop(member, None)
        run, merchant = self.room.connection, self.room.merchant.bytes
        run.execute(delete(_key).where(_key.c.merchant_id == merchant, _key.c.member_id == member))
        subject = tables.subject_key
        run.execute(delete(subject).where(subject.c.merchant_id == merchant, subject.c.subject_id == member))
        self.draft(Draft(Kind.MEMBER.value, member, b"", gone=True))

    def withdraw(self, member: bytes) -> None:
        """Forget an id that an import brought and took back; the same id may be told again one day."""
        self.erase(member)
        self._erased.discard(member)

    def draft(self, draft: Draft) -> None:
        """Publish a document; of two of one thing the later."""
        self._drafts[(draft.kind, draft.id)] = draft

    def drafted(self, kind: str, document: bytes) -> Draft | None:
        """Return what this transaction publishes of a thing so far."""
        return self._drafts.get((kind, document))

    # Keys.

    def key_hash(self, key: MemberKey) -> bytes:
        """Return what stands for a key: an HMAC, since the table of keys is no list of phones."""
        return hmac.digest(self._secret, f"{key.kind.value} {key.value}".encode(), "sha256")

    def key_owners(self, hashes: Iterable[bytes]) -> dict[bytes, bytes]:
        """Return which ids own keys, by their hashes."""
        wanted, owners = list(hashes), dict[bytes, bytes]()
        for start in range(0, len(wanted), _AT_ONCE):
            told = {"merchant": self.room.merchant.bytes, "ids": wanted[start : start + _AT_ONCE]}
            owners |= {row.hash: row.member_id for row in self.room.connection.execute(_OWNERS, told)}
        return owners

    # The end.

    def close(self) -> None:
        """Write everything: positions are taken now, and held until the transaction commits."""
        places = self._member_drafts()
        drafts = list(self._drafts.values())
        first = 0
        if drafts:
            first = take_positions(self.room.connection, self.room.merchant, len(drafts))
        positions = {(draft.kind, draft.id): first + n for n, draft in enumerate(drafts)}
        self._write_states({m: positions.get((Kind.MEMBER.value, doc), 0) for m, doc in places.items()})
        publish(self.room.connection, self.room.merchant, first, drafts)

    def _member_drafts(self) -> dict[bytes, bytes]:
        """Draft the documents of the members who were named; return in whose document each touched id stands."""
        self._load_below(self.owner(member) for member in self._signed_up)
        for member in self._signed_up:
            for alias in self.group(member):  # They may have become one before the sign-up was known.
                self.name(alias)
        owners = {member: self.owner(member) for member in (*self._named, *self._touched)}
        self._load_below(owners.values())
        groups = {
            owner: [self.state(one) for one in self.group(owner) if one not in self._erased]
            for owner in dict.fromkeys(owners[member] for member in self._named)
            if owner not in self._erased
        }
        foreign = self._foreign(groups)
        told: set[bytes] = set()
        for owner, states in groups.items():
            document = document_of(states, frozenset(foreign.get(owner, ())))
            if document is not None:
                told.add(owner)
                self.draft(Draft(Kind.MEMBER.value, owner, _encoder.encode(document)))
        for member in self._named:
            owner = owners[member]
            # Nobody is an alias of somebody whose sign-up is not known.
            if owner != member and owner in told and member not in self._erased:
                body = _encoder.encode(alias_document(MemberId(UUID(bytes=owner))))
                self.draft(Draft(Kind.MEMBER.value, member, body))
        return owners

    def _foreign(self, groups: dict[bytes, list[MemberState]]) -> dict[bytes, set[tuple[str, str]]]:
        """Return the keys of each group that another member owns."""
        hashes = {
            (owner, key.kind.value, key.value): self.key_hash(key)
            for owner, states in groups.items()
            for state in states
            for key in state.profile.keys
            if not key.shared
        }
        owned = self.key_owners(dict.fromkeys(hashes.values()))
        self.load(owned.values())
        foreign: dict[bytes, set[tuple[str, str]]] = {}
        for (owner, kind, value), digest in hashes.items():
            if digest in owned and self.owner(owned[digest]) != owner:
                foreign.setdefault(owner, set()).add((kind, value))
        return foreign

    def _write_states(self, positions: dict[bytes, int]) -> None:
        rows = []
        for member in sorted(self._touched):
            gone = member in self._erased
            state = published(self.state(member), positions.get(member, 0))
            rows.append(
                {
                    "merchant_id": self.room.merchant.bytes,
                    "member_id": member,
                    "alias_of": self._alias.get(member),
                    "erased": int(gone),
                    "name": b"" if gone else name_key(state.profile.name or ""),
                    "body": b"" if gone else _encoder.encode(state),
                }
            )
        if rows:
            write = upserts.latest(self.room.connection, _member, "alias_of", "erased", "name", "body")
            self.room.connection.execute(write, rows)


def name_key(name: str) -> bytes:
    """Return what a name is found by: what is typed begins it."""
    return folded(name).encode()[:_NAME_BYTES]
