"""One record of a member out of two, taken apart again, and what all shops together know of her.

Decides what stands here at once: a merge is only an alias, whose own fields are kept until the platform's word comes.
What the merged record says in the end is the platform's (SYNC.md §6).
"""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from pos_app.domain.facts.members import MembersMerged, MembersUnmerged
from pos_app.domain.members import Member, MemberKey
from pos_app.domain.records import MemberRecord
from pos_app.domain.staff import Action
from pos_app.domain.values.ids import MemberId, ShopId
from pos_app.services.acting import Actor
from pos_app.services.member_writing import member_of, with_keys
from pos_app.services.ports.syncing import MEMBER, SHOP
from pos_app.services.workplace import Workplace

_records = msgspec.json.Decoder(MemberRecord)


class _Shop(msgspec.Struct, frozen=True, kw_only=True):
    """What is read of the document of a shop."""

    name: str


_shops = msgspec.json.Decoder(_Shop)


class MemberRecords:
    """Use cases of the one record."""

    def __init__(self, work: Workplace) -> None:
        self._work = work
        self._store = work.store

    def record(self, member_id: MemberId) -> MemberRecord:
        """Return what all shops know of a member; nothing at a till that stands alone, or until it is sent.

        `also` is as it stands here, the newest last: with a merge, or its end, that was not sent back yet.
        """
        with self._store.read() as tx:
            owner = tx.members.canonical(member_id)
            body = tx.documents.body(MEMBER, owner.bytes)
            also = tx.members.also(owner)
        record = MemberRecord() if body is None else _records.decode(body)
        known = tuple(one for one in record.also if one in also)
        new = tuple(one for one in also if one not in known)
        return msgspec.structs.replace(record, also=known + new)

    def merged(self, member_id: MemberId) -> Mapping[MemberId, Member]:
        """Return those who were merged into a member as each was before; who never stood here is left out."""
        with self._store.read() as tx:
            also = tx.members.also(tx.members.canonical(member_id))
            return {one: found for one in also if (found := tx.members.own(one)) is not None}

    def shops(self) -> Mapping[ShopId, str]:
        """Return the names of the merchant's shops, this one among them."""
        settings = self._work.settings.value
        with self._store.read() as tx:
            sent = {
                ShopId(UUID(bytes=shop)): _shops.decode(body).name for shop, body in tx.documents.all(SHOP)
            }
        return {settings.shop_id: settings.shop_name} | sent

    def merge(self, who: Actor, owner: MemberId, other: MemberId) -> Member:
        """Let `other` be an alias of `owner`, who has the keys of both from now on; return her.

        Two who are one already stay as they are, without a fact. Raises MemberGoneError, ForbiddenError.
        """
        who.require(Action.SETTLE_DESK)
        with self._store.write() as tx:
            kept, merged = member_of(tx, owner), member_of(tx, other)
            if kept.member_id == merged.member_id:
                return kept
            fact = MembersMerged(member=kept.member_id, other=merged.member_id)
            self._work.recorder.record(tx, fact, who.staff_id)
            tx.members.alias(merged.member_id, kept.member_id)
            both = with_keys(kept, _keys_of_both(kept, merged))
            tx.members.save(both)
        return both

    def unmerge(self, who: Actor, owner: MemberId, other: MemberId) -> Member | None:
        """Let `other` stand for herself again, as she was before; return her, None when this till never had her.

        The owner keeps what she has until the platform sends both anew: so each is found by her keys, and none is lost.
        One who is no alias of the owner stays as she is, without a fact. Raises ForbiddenError.
        """
        who.require(Action.SETTLE_DESK)
        with self._store.write() as tx:
            owner = tx.members.canonical(owner)
            if other in tx.members.also(owner):
                fact = MembersUnmerged(member=owner, other=other)
                self._work.recorder.record(tx, fact, who.staff_id)
                tx.members.unalias(other)
            return tx.members.get(other)


def _keys_of_both(owner: Member, other: Member) -> tuple[MemberKey, ...]:
    """Return the keys of two members, the owner's first; one that both have as she has it."""
    hers = {(key.kind, key.value) for key in owner.profile.keys}
    return owner.profile.keys + tuple(k for k in other.profile.keys if (k.kind, k.value) not in hers)
