"""Whose a phone, a card, an address is, and what becomes of two members who claim the same (SYNC.md §6).

The first claim owns a key and never loses it to a later one. A later claim by another id makes that an alias of the
owner where the names agree or the key was verified; else the desk is asked, and both stay usable. Two whom a person
kept apart are never joined again by themselves.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import delete

from pos_app.domain.imports.kin import names_agree
from pos_app.domain.member_keys import masked
from pos_app.domain.members import MemberKey
from pos_app.domain.records import Changed
from sync.platform import desk, tables, upserts
from sync.platform.books import Books
from sync.platform.folding import MemberState, Said, Stamp, changed, element_name

NOBODY = UUID(int=0)
_key = tables.member_key


@dataclass(frozen=True, slots=True)
class Claim:
    """A key that an id has from now on, and who said so."""

    key: MemberKey
    member: bytes
    said: Said


def keys_moved(before: MemberState, after: MemberState) -> tuple[list[MemberKey], list[MemberKey]]:
    """Return the keys that an id claims now, and those that it gave up; shared ones are nobody's to claim."""
    old = {(k.kind, k.value): k for k in before.profile.keys if not k.shared}
    new = {(k.kind, k.value): k for k in after.profile.keys if not k.shared}
    claimed = [
        key for name, key in new.items() if name not in old or (key.verified and not old[name].verified)
    ]
    return claimed, [key for name, key in old.items() if name not in new]


def release(books: Books, members: Sequence[bytes], keys: Iterable[MemberKey], said: Said) -> None:
    """Let keys go that some ids gave up: whoever has one of them too owns it then, and the others are asked about."""
    beside = [*books.group(members[0])]
    for member in members:
        beside += desk.rivals(books, member)
    heirs = [one for one in dict.fromkeys(beside) if one not in members]
    for key in keys:
        digest = books.key_hash(key)
        own = (
            _key.c.merchant_id == books.room.merchant.bytes,
            _key.c.kind == key.kind.value,
            _key.c.hash == digest,
            _key.c.member_id.in_(members),
        )
        if books.room.connection.execute(delete(_key).where(*own)).rowcount:
            _inherit(books, heirs, (key, digest), said)


def _inherit(books: Books, beside: Sequence[bytes], freed: tuple[MemberKey, bytes], said: Said) -> None:
    """Give a key that nobody owns to the first who has it, and ask about the others."""
    key, digest = freed
    heirs = [one for one in beside if _holds(books, one, key)]
    for owner in heirs[:1]:
        _insert(books, [(key, digest, owner)])
        books.name(owner)
        for other in heirs[1:]:
            if books.owner(other) != books.owner(owner):
                _contest(books, Claim(key, other, said), owner)


def _holds(books: Books, member: bytes, key: MemberKey) -> bool:
    """Whether a key is an id's own: not one that it shares with somebody."""
    held = () if books.is_erased(member) else books.state(member).profile.keys
    return any(not one.shared and (one.kind, one.value) == (key.kind, key.value) for one in held)


def settle(books: Books, claims: Sequence[Claim]) -> None:
    """Write claims down in their order; join or ask where a key is somebody else's.

    What was given up again meanwhile, or belongs to somebody who was erased since, is claimed no more.
    """
    claims = [claim for claim in claims if _holds(books, claim.member, claim.key)]
    if not claims:
        return
    hashes = [books.key_hash(claim.key) for claim in claims]
    _insert(books, [(c.key, h, c.member) for c, h in zip(claims, hashes, strict=True)])
    owners = books.key_owners(dict.fromkeys(hashes))
    books.load(owners.values())
    for claim, digest in zip(claims, hashes, strict=True):
        owner = owners[digest]
        if books.owner(owner) != books.owner(claim.member) and not books.is_erased(claim.member):
            _contest(books, claim, owner)


def _insert(books: Books, claims: Sequence[tuple[MemberKey, bytes, bytes]]) -> None:
    """Write claims; one that came first stays."""
    rows = [
        {
            "merchant_id": books.room.merchant.bytes,
            "kind": key.kind.value,
            "hash": digest,
            "member_id": member,
            "verified": int(key.verified),
        }
        for key, digest, member in claims
    ]
    books.room.connection.execute(upserts.new(books.room.connection, _key), rows)


def _contest(books: Books, claim: Claim, owner: bytes) -> None:
    """Join two members with one key, or ask the desk which it is."""
    first, second = books.state(owner), books.state(claim.member)
    if desk.kept_apart(books, owner, claim.member):
        books.name(claim.member)
        return
    agree = names_agree(first.profile.name, second.profile.name) or names_agree(
        second.profile.name, first.profile.name
    )
    if agree or claim.key.verified:
        # Her till told of a key and does not know yet what came of it.
        merge(books, owner, claim.member, claim.said, Stamp(claim.said.hlc, NOBODY))
    else:
        desk.ask_same_key(books, owner, claim.member, masked(claim.key), claim.said)
        books.name(claim.member)


def merge(books: Books, owner: bytes, other: bytes, said: Said, stamp: Stamp | None = None) -> bool:
    """Let `other` stand for `owner` from now on, both with all their ids; False when they are one already.

    `stamp` is whose word that is, of who said it if not given.
    """
    first, second = books.owner(owner), books.owner(other)
    if first == second or books.is_erased(first) or books.is_erased(second):
        return False
    state = changed(books.state(second), said, Changed.MERGED)
    # By the clock that counts: of one that ran ahead, no yes would come after the merge.
    books.save(msgspec.structs.replace(state, merged_at_ms=said.hlc >> 16, merged=stamp or said.stamp))
    books.set_parent(second, first)
    return True


def unmerge(books: Books, other: bytes, said: Said) -> bool:
    """Let an id stand for itself again, with those that were merged into it; False when it does already."""
    above = books.parent(other)
    if above is None:
        return False
    books.set_parent(other, None)
    state = changed(books.state(other), said, Changed.UNMERGED)
    books.save(msgspec.structs.replace(state, merged_at_ms=0, merged=None))
    desk.keep_apart(books, above, other, said)
    _claim_again(books, (above, other), said)
    return True


def _claim_again(books: Books, parted: Sequence[bytes], said: Said) -> None:
    """Let two who were parted claim the keys that an edit of both together had taken away: each has hers again."""
    states = [books.state(one) for each in parted for one in books.group(each)]
    settle(
        books,
        [
            Claim(key, state.member.bytes, said)
            for state in states
            for key in state.profile.keys
            if not key.shared and element_name("keys", key) in state.taken.get("keys", {})
        ],
    )


def merged_under(books: Books, owner: bytes, other: bytes) -> bytes | None:
    """Return the id whose merge joins two ids: the one to be taken back to part them; None when nothing joins them."""
    ways = [_way_up(books, one) for one in (other, owner)]
    for way, against in ((ways[0], ways[1]), (ways[1], ways[0])):
        for step in way[:-1]:
            above = books.parent(step)
            if above in against or above == way[-1]:
                return step
    return None


def parted_from(books: Books, owner: bytes, other: bytes) -> bytes | None:
    """Return the id that stands for itself again when a person takes `other` off the card of `owner`.

    It is `other` itself, with whoever was merged into it, where it is beneath the owner: as its till shows it.
    """
    return other if owner in _way_up(books, other)[1:] else merged_under(books, owner, other)


def _way_up(books: Books, member: bytes) -> list[bytes]:
    way = [member]
    while (above := books.parent(way[-1])) is not None:
        way.append(above)
    return way
