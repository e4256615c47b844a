"""Members at the till: found, signed up, edited, erased; all of it with no network.

Decides what is recorded and what is checked; look-up is the store's, sealing is `sealing`. Keys and cards stand in
`member_keys`, consents, reveals and the copy for the member in `member_privacy`, merges in `member_record`.
"""

from dataclasses import dataclass

import msgspec

from pos_app.domain.consents import agreed
from pos_app.domain.facts.members import ConsentChanged, MemberErased, MemberRegistered
from pos_app.domain.member_keys import KeyFormError, normalised
from pos_app.domain.members import (
    Child,
    Consent,
    ConsentMissingError,
    KeyKind,
    Member,
    MemberGoneError,
    MemberKey,
    Profile,
    Purpose,
    check_consents,
)
from pos_app.domain.staff import Action, Approval, NeedsApprovalError, may
from pos_app.domain.values import phone as phones
from pos_app.domain.values.ids import MemberId, SubjectId
from pos_app.services.acting import Actor
from pos_app.services.member_record import MemberRecords
from pos_app.services.member_traces import MemberTraces, forget
from pos_app.services.member_writing import (
    Word,
    changed_fields,
    check_key,
    consent_of,
    member_of,
    seen_of,
    whole_birthday,
    write_edit,
)
from pos_app.services.ports.people import Listing
from pos_app.services.ports.selling import SaleSummary
from pos_app.services.ports.store import Tx
from pos_app.services.staff import spend_approval


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """What a sign-up needs: a phone and a spoken yes; the rest may come later.

    `shared` says that another person on a phone that is somebody's already is signed up.
    """

    phone: str
    agreed: bool
    name: str | None = None
    children: tuple[Child, ...] = ()
    children_agreed: bool = False
    how: str = "spoken"
    marketing: bool | None = None
    shared: bool = False


class MemberService(MemberRecords):
    """Use cases of members."""

    def find_phone(self, text: str) -> Member | None:
        """Return the owner of a phone number however it is written; raise PhoneError for what is none."""
        phone = phones.normalise(text, self._work.settings.value.region)
        with self._store.read() as tx:
            return tx.members.by_key(KeyKind.PHONE.value, phone)

    def on_phone(self, text: str) -> tuple[Member, ...]:
        """Return everybody on a phone, its owner first; raise PhoneError for what is none."""
        phone = phones.normalise(text, self._work.settings.value.region)
        with self._store.read() as tx:
            return tuple(tx.members.of_key(KeyKind.PHONE.value, phone))

    def get(self, member_id: MemberId) -> Member | None:
        """Return a member."""
        with self._store.read() as tx:
            return tx.members.get(member_id)

    def look_up(self, text: str, limit: int = 50, offset: int = 0) -> Listing:
        """Return members by phone, name, pinyin, initials or card, `limit` of them after the first `offset`.

        No text: everybody, by last visit.
        """
        with self._store.read() as tx:
            return tx.members.look_up(text, limit, offset)

    def look_up_at_counter(self, text: str, limit: int) -> tuple[Listing, Member | None]:
        """Return the first `limit` members that a text finds, before all others who has it as the number of a card.

        The second value is that member: however many phones end in these digits, she is never left out.
        """
        try:
            number = normalised(KeyKind.CARD, text)
        except KeyFormError:
            number = None
        with self._store.read() as tx:
            found = tx.members.look_up(text, limit, 0)
            owner = tx.members.by_key(KeyKind.CARD.value, number) if number else None
        if owner is None:
            return found, None
        others = [member for member in found.members if member.member_id != owner.member_id]
        first = (owner, *others)[:limit]
        return Listing(members=first, total=max(found.total, len(first)), capped=found.capped), owner

    def search(self, text: str, limit: int = 50) -> tuple[Member, ...]:
        """Return the first members that a text finds."""
        return self.look_up(text, limit).members

    def count(self) -> int:
        """Return how many members there are."""
        with self._store.read() as tx:
            return tx.members.count()

    def purchases(self, member_id: MemberId, limit: int = 50) -> tuple[SaleSummary, ...]:
        """Return a member's latest sales."""
        with self._store.read() as tx:
            return tuple(tx.sales.of_member(member_id, limit))

    def register(self, who: Actor, sign_up: SignUp) -> Member:
        """Sign a member up.

        Raises PhoneError, MemberExistsError (with the member's id), ConsentMissingError.
        """
        who.require(Action.REGISTER_MEMBER)
        phone = phones.normalise(sign_up.phone, self._work.settings.value.region)
        consents = self._consents(who, sign_up)
        check_consents(consents, sign_up.children)
        with self._store.write() as tx:
            shared = sign_up.shared and tx.members.by_key(KeyKind.PHONE.value, phone) is not None
            profile = Profile(
                name=(sign_up.name or "").strip() or None,
                keys=(MemberKey(kind=KeyKind.PHONE, value=phone, shared=shared),),
                children=sign_up.children,
            )
            member = Member(
                member_id=MemberId(self._work.ids.new()),
                joined_at=self._work.clock.now(),
                joined_shop=self._work.settings.value.shop_id,
                profile=profile,
                consents=consents,
            )
            self.write_new(tx, member, who)
        return member

    def write_new(self, tx: Tx, member: Member, who: Actor) -> None:
        """Write a new member within a transaction, with the fact; raise MemberExistsError for a key that is taken."""
        for key in member.profile.keys:
            check_key(tx, key, member.member_id)
        fact = MemberRegistered(
            member=member.member_id,
            shop=member.joined_shop,
            sealed=self._work.sealer.seal_profile(tx, SubjectId(member.member_id), member.profile),
            consents=member.consents,
        )
        self._work.recorder.record(tx, fact, who.staff_id)
        tx.members.save(member)

    def _consents(self, who: Actor, sign_up: SignUp) -> tuple[Consent, ...]:
        asked = [(Purpose.MEMBERSHIP, sign_up.agreed)]
        if sign_up.children:
            asked.append((Purpose.CHILDREN, sign_up.children_agreed))
        if sign_up.marketing is not None:
            asked.append((Purpose.MARKETING, sign_up.marketing))
        words = (Word(purpose=purpose, given=given, how=sign_up.how) for purpose, given in asked)
        return tuple(consent_of(self._work, who, word) for word in words)

    def edit(
        self,
        who: Actor,
        member_id: MemberId,
        profile: Profile,
        children_agreed: bool = False,
        seen: Profile | None = None,
    ) -> Member:
        """Give a member other personal fields; only the changed ones are recorded.

        `seen` is what the editor had before her when she began: what somebody else changed meanwhile stays.
        `children_agreed` is a yes to keeping the children's dates, spoken now. Raises MemberGoneError,
        MemberExistsError for a key of somebody else, ConsentMissingError for children without such a yes.
        """
        who.require(Action.REGISTER_MEMBER)
        with self._store.write() as tx:
            member = member_of(tx, member_id)
            meant = whole_birthday(changed_fields(seen or member.profile, profile))
            fields = {field: getattr(profile, field) for field in meant}
            after = msgspec.structs.replace(member.profile, **fields)
            if after == member.profile:
                return member
            known = {(key.kind, key.value) for key in member.profile.keys}
            for key in after.keys:
                if (key.kind, key.value) not in known:
                    check_key(tx, key, member.member_id)
            consents = member.consents
            if "children" in meant:
                consents = self._with_children(who, member, after, children_agreed)
            edited = msgspec.structs.replace(member, profile=after, consents=consents)
            write_edit(self._work, tx, who, member, edited)
            seen_at = seen_of(tx, member.member_id)
            for consent in consents[len(member.consents) :]:
                fact = ConsentChanged(member=member.member_id, consent=consent, seen=seen_at)
                self._work.recorder.record(tx, fact, who.staff_id)
        return edited

    def take_back(self, who: Actor, member_id: MemberId, old: Profile, new: Profile) -> Member:
        """Give the fields that an edit changed their old words; what was changed once more since then stays.

        Raises as `edit` does.
        """
        now = self.get(member_id)
        if now is None:
            raise MemberGoneError()
        since = set(changed_fields(new, now.profile))
        asked = whole_birthday(changed_fields(old, new))
        mine = [f for f in asked if since.isdisjoint(whole_birthday((f,)))]
        before = msgspec.structs.replace(now.profile, **{field: getattr(old, field) for field in mine})
        return self.edit(who, member_id, before, seen=now.profile)

    def _with_children(
        self, who: Actor, member: Member, profile: Profile, agreed_now: bool
    ) -> tuple[Consent, ...]:
        """Return the member's consents, with a new one for children when they are told for the first time."""
        if not profile.children or agreed(member.consents, Purpose.CHILDREN):
            return member.consents
        if not agreed_now:
            raise ConsentMissingError()
        return (*member.consents, consent_of(self._work, who, Word(purpose=Purpose.CHILDREN, given=True)))

    def erase(self, who: Actor, member_id: MemberId, reason: str, approval: Approval | None = None) -> bool:
        """Erase a member's personal fields for good: the key, the row, the search keys, and every trace in the files.

        Her aliases, being the same person, go along. The journal still verifies, the sales stay, anonymous. Returns
        whether the traces are gone already; those of a large shop go when the till rests (`member_traces`). Raises
        NeedsApprovalError, MemberGoneError.
        """
        who.require(Action.ERASE_MEMBER, approval)
        with self._store.write() as tx:
            member_id = member_of(tx, member_id).member_id
            if approval is not None and not may(who.role, Action.ERASE_MEMBER):
                needed = NeedsApprovalError(action=Action.ERASE_MEMBER)
                spend_approval(tx, self._work.clock, who, needed, approval)
            # Each id by its own fact: the platform may have parted them meanwhile.
            for each in (member_id, *tx.members.also(member_id)):
                fact = MemberErased(
                    member=each,
                    reason=reason,
                    approver=approval.approver if approval else None,
                    approval=approval.approval_id if approval else None,
                )
                self._work.recorder.record(tx, fact, who.staff_id)
                forget(tx, each, self._work.clock.now())
        return MemberTraces(self._work).after_erasure()
