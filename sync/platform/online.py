"""Members as head office and other programs work on them: the use cases behind the REST routes.

Each is one transaction. Decides what is refused; whatever is written is a fact of the office's own journal.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET
from sqlalchemy import Connection, select

from pos_app.domain.errors import ExpectedError
from pos_app.domain.facts.members import (
    MemberEdited,
    MemberRegistered,
    MembersMerged,
    MembersUnmerged,
)
from pos_app.domain.member_keys import normalised
from pos_app.domain.members import Consent, KeyKind, MemberKey, Profile, check_consents
from pos_app.domain.values.ids import ConsentId, MemberId, MerchantId, ShopId, StaffId
from pos_app.domain.values.moments import from_ms
from sync.platform import tables
from sync.platform.asking import find_members
from sync.platform.books import Books, Room
from sync.platform.feed import bodies
from sync.platform.folding import BIRTHDAY
from sync.platform.office_till import Hand, Seal, sealed, write
from sync.platform.rest import (
    MemberFields,
    MemberHistory,
    MembersFound,
    MemberShown,
    MergeAsked,
    MergePreview,
    Register,
    Search,
)
from sync.platform.service import PlatformService
from sync.platform.staff import Staff
from sync.platform.viewing import document_of
from sync.protocol.documents import Kind, MemberDocument
from sync.protocol.errors import Number, PlatformError

T = TypeVar("T")
ONE_ALREADY, NOT_MERGED = "one_already", "not_merged"
_documents = msgspec.json.Decoder(MemberDocument)


class Members:
    """Use cases of members online; see `rest.OnlineMembers` for what each raises."""

    def __init__(self, service: PlatformService, seal: Seal) -> None:
        self._service, self._seal = service, seal

    def search(self, staff: Staff, asked: Search) -> MembersFound:
        """Return whom a text finds."""

        def work(books: Books) -> MembersFound:
            rows = find_members(books, asked.text, asked.limit + 1)
            shown = [_shown_of(row.body, row.position) for row in rows[: asked.limit]]
            return MembersFound(members=tuple(shown), more=len(rows) > asked.limit)

        return self._read(staff.merchant, work)

    def read(self, staff: Staff, member: MemberId) -> MemberShown:
        """Return a member."""
        return self._read(staff.merchant, lambda books: _shown(books, member))

    def history(self, staff: Staff, member: MemberId) -> MemberHistory:
        """Return who changed what of a member, the latest first."""
        shown = self.read(staff, member)
        return MemberHistory(changes=tuple(reversed(shown.record.changes)))

    def register(self, staff: Staff, asked: Register) -> MemberShown:
        """Sign a member up."""

        def work(books: Books, hand: Hand) -> MemberId:
            profile = _profile(Profile(), asked.fields)
            consents = tuple(_consent(books, hand, given) for given in asked.consents)
            if not profile.keys:
                raise PlatformError(Number.INVALID, field="fields.keys")
            try:
                check_consents(consents, profile.children)
            except ExpectedError:
                raise PlatformError(Number.INVALID, field="consents") from None
            known = books.state(asked.member.bytes)
            if known.registered and known.profile == profile:
                return asked.member
            if known.registered or books.is_erased(asked.member.bytes):
                raise PlatformError(Number.EXISTS, field="member")
            _check_shop(books, asked.shop)
            _check_keys(books, asked.member, profile.keys)
            text = sealed(books, hand, asked.member, profile)
            fact = MemberRegistered(member=asked.member, shop=asked.shop, sealed=text, consents=consents)
            write(books, hand, [fact], asked.shop)
            return asked.member

        return self._write(staff, work)

    def edit(self, staff: Staff, member: MemberId, position: int, fields: MemberFields) -> MemberShown:
        """Write fields of the member as she stands at a position."""

        def work(books: Books, hand: Hand) -> MemberId:
            shown = _shown(books, member)
            if shown.position != position:
                raise PlatformError(Number.CHANGED_MEANWHILE)
            owner, before = shown.member.member_id, shown.member.profile
            after = _profile(before, fields)
            changed = [f for f in Profile.__struct_fields__ if getattr(after, f) != getattr(before, f)]
            if not changed:
                return owner
            if not after.keys:
                raise PlatformError(Number.INVALID, field="keys")
            if set(BIRTHDAY) & set(changed):
                changed = [f for f in Profile.__struct_fields__ if f in BIRTHDAY or f in changed]
            known = {(key.kind, key.value) for key in before.keys}
            _check_keys(books, owner, [k for k in after.keys if (k.kind, k.value) not in known])
            news = Profile(**{field: getattr(after, field) for field in changed})
            fact = MemberEdited(
                member=owner,
                fields=tuple(changed),
                sealed=sealed(books, hand, owner, news),
                seen_hlc=0,
                seen=position,
            )
            write(books, hand, [fact])
            return owner

        return self._write(staff, work)

    def preview(self, staff: Staff, asked: MergeAsked) -> MergePreview:
        """Return what a merge would make of two records."""

        def work(books: Books) -> MergePreview:
            kept, other = _shown(books, asked.kept), _shown(books, asked.other)
            if kept.member.member_id == other.member.member_id:
                return MergePreview(kept=kept, other=other, refused=ONE_ALREADY)
            ids = books.group(asked.kept.bytes) + books.group(asked.other.bytes)
            merged = document_of([books.state(one) for one in ids])
            return MergePreview(kept=kept, other=other, merged=merged.member if merged else None)

        return self._read(staff.merchant, work)

    def merge(self, staff: Staff, asked: MergeAsked) -> MemberShown:
        """Make two records one, by an alias."""

        def work(books: Books, hand: Hand) -> MemberId:
            kept, other = _shown(books, asked.kept), _shown(books, asked.other)
            if kept.member.member_id == other.member.member_id:
                raise PlatformError(Number.MERGE_REFUSED, reason=ONE_ALREADY)
            write(books, hand, [MembersMerged(member=asked.kept, other=asked.other)])
            return asked.kept

        return self._write(staff, work)

    def unmerge(self, staff: Staff, member: MemberId) -> MembersFound:
        """Take the latest merge of a member back, and return both."""
        parted: list[MemberId] = []

        def work(books: Books, hand: Hand) -> MemberId:
            _shown(books, member)
            group = [one for one in books.group(member.bytes) if books.parent(one) is not None]
            if not group:
                raise PlatformError(Number.MERGE_REFUSED, reason=NOT_MERGED)
            other = max((books.state(one) for one in group), key=lambda s: (s.merged_at_ms, s.member.bytes))
            above = books.parent(other.member.bytes)
            assert above is not None
            owner = books.state(above).member
            parted[:] = [owner, other.member]
            write(books, hand, [MembersUnmerged(member=owner, other=other.member)])
            return owner

        self._write(staff, work)
        both = [self.read(staff, one) for one in parted]
        return MembersFound(members=tuple(both), more=False)

    # Transactions.

    def _read(self, merchant: MerchantId, work: Callable[[Books], T]) -> T:
        def run(connection: Connection) -> T:
            return work(Books(self._service.room(connection, merchant), reads_only=True))

        return self._service.database.read(run)

    def _write(self, staff: Staff, work: Callable[[Books, Hand], MemberId]) -> MemberShown:
        """Run work in one transaction; return the member that it is about as she stands after it."""
        outside = self._service.outside
        hand = Hand(StaffId(staff.token), outside.new_id, outside.random, self._seal)

        def run(connection: Connection) -> MemberShown:
            room: Room = self._service.room(connection, staff.merchant)
            books = Books(room)
            member = work(books, hand)
            books.close()
            return _shown(Books(room), member)

        return self._service.database.write(run)


def _shown(books: Books, member: MemberId) -> MemberShown:
    """Return a member as she stands; raises NOT_FOUND."""
    owner = books.owner(member.bytes)
    found = bodies(books.room.connection, books.room.merchant, Kind.MEMBER.value, (owner,)).get(owner)
    if found is None or found.gone:
        raise PlatformError(Number.NOT_FOUND)
    return _shown_of(found.body, found.position)


def _shown_of(body: bytes, position: int) -> MemberShown:
    document = _documents.decode(body)
    if document.member is None:
        raise PlatformError(Number.NOT_FOUND)
    return MemberShown(member=document.member, record=document.record, position=position)


def _profile(before: Profile, fields: MemberFields) -> Profile:
    """Return a profile with the fields that were written; raises INVALID for a key that is none."""
    told: dict[str, Any] = {
        name: value for name in fields.__struct_fields__ if (value := getattr(fields, name)) is not UNSET
    }
    if "keys" in told:
        told["keys"] = tuple(_key(key) for key in told["keys"])
    if told.get("birthday") is not None:
        told.setdefault("birthday_day", None)
    for name in ("name", "gender", "occupation", "character", "origin", "address", "notes"):
        if isinstance(told.get(name), str):
            told[name] = told[name].strip() or None
    return msgspec.structs.replace(before, **told)


def _key(key: MemberKey) -> MemberKey:
    try:
        return msgspec.structs.replace(key, value=normalised(KeyKind(key.kind), key.value))
    except ExpectedError:
        raise PlatformError(Number.INVALID, field="keys") from None


def _check_keys(books: Books, member: MemberId, keys: Any) -> None:
    """Raise EXISTS for a key that another member owns."""
    claimed = [key for key in keys if not key.shared]
    owners = books.key_owners([books.key_hash(key) for key in claimed])
    if any(books.owner(owner) != books.owner(member.bytes) for owner in owners.values()):
        raise PlatformError(Number.EXISTS, field="keys")


def _check_shop(books: Books, shop: ShopId) -> None:
    table = tables.shop
    key = (table.c.merchant_id == books.room.merchant.bytes, table.c.shop_id == shop.bytes)
    if books.room.connection.execute(select(table.c.code).where(*key)).first() is None:
        raise PlatformError(Number.INVALID, field="shop")


def _consent(books: Books, hand: Hand, given: Any) -> Consent:
    return Consent(
        consent_id=ConsentId(hand.new_id()),
        purpose=given.purpose,
        given=given.given,
        text_version=given.text_version,
        how=given.how,
        by=hand.staff,
        at=from_ms(books.room.now_ms),
        channel=given.channel,
    )
