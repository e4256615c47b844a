"""Members at the till: found, signed up, edited, erased; all of it with no network.

Decides what is recorded and what is checked; look-up is the store's, sealing is `sealing`.
"""

from dataclasses import dataclass

import msgspec

from pos_app.domain.facts.members import ConsentChanged, MemberEdited, MemberErased, MemberRegistered
from pos_app.domain.members import (
    Child,
    Consent,
    ConsentMissingError,
    KeyKind,
    Member,
    MemberExistsError,
    MemberGoneError,
    MemberKey,
    Profile,
    Purpose,
    check_consents,
)
from pos_app.domain.sales.cart import Cart
from pos_app.domain.staff import Action, Approval, NeedsApprovalError, may
from pos_app.domain.values import phone as phones
from pos_app.domain.values.ids import ConsentId, MemberId, SubjectId
from pos_app.services.acting import Actor, CurrentSettings
from pos_app.services.ports.clock import Clock, Ids
from pos_app.services.ports.selling import SaleSummary
from pos_app.services.ports.store import Store, Tx
from pos_app.services.recording import Recorder
from pos_app.services.sealing import Sealer
from pos_app.services.staff import spend_approval


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """What a sign-up needs: a phone and a spoken yes; the rest may come later."""

    phone: str
    agreed: bool
    name: str | None = None
    children: tuple[Child, ...] = ()
    children_agreed: bool = False
    how: str = "spoken"
    marketing: bool | None = None


class MemberService:
    """Use cases of members."""

    def __init__(
        self,
        store: Store,
        recorder: Recorder,
        sealer: Sealer,
        settings: CurrentSettings,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._store = store
        self._recorder = recorder
        self._sealer = sealer
        self._settings = settings
        self._clock = clock
        self._ids = ids

    def find_phone(self, text: str) -> Member | None:
        """Return the member of a phone number however it is written; raise PhoneError for what is none."""
        phone = phones.normalise(text, self._settings.value.region)
        with self._store.read() as tx:
            return tx.members.by_key(KeyKind.PHONE.value, phone)

    def get(self, member_id: MemberId) -> Member | None:
        """Return a member."""
        with self._store.read() as tx:
            return tx.members.get(member_id)

    def search(self, text: str, limit: int = 50) -> tuple[Member, ...]:
        """Return members by phone, last digits, card or the start of a name; the latest ones for no text."""
        asked = text.strip()
        with self._store.read() as tx:
            if not asked:
                return tuple(tx.members.recent(limit))
            digits = "".join(c for c in asked if c not in " -+()")
            if digits.isascii() and digits.isdigit() and len(digits) >= 11:
                found = self._by_phone(tx, asked)
                if found is not None:
                    return (found,)
            return tuple(tx.members.search(digits if digits.isdigit() else asked, limit))

    def _by_phone(self, tx: Tx, text: str) -> Member | None:
        try:
            phone = phones.normalise(text, self._settings.value.region)
        except phones.PhoneError:
            return None
        return tx.members.by_key(KeyKind.PHONE.value, phone)

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
        phone = phones.normalise(sign_up.phone, self._settings.value.region)
        consents = self._consents(who, sign_up)
        check_consents(consents, sign_up.children)
        profile = Profile(
            name=(sign_up.name or "").strip() or None,
            keys=(MemberKey(kind=KeyKind.PHONE, value=phone),),
            children=sign_up.children,
        )
        member = Member(
            member_id=MemberId(self._ids.new()),
            joined_at=self._clock.now(),
            joined_shop=self._settings.value.shop_id,
            profile=profile,
            consents=consents,
        )
        with self._store.write() as tx:
            self.write_new(tx, member, who)
        return member

    def write_new(self, tx: Tx, member: Member, who: Actor) -> None:
        """Write a new member within a transaction, with the fact; raise MemberExistsError for a key that is taken."""
        for key in member.profile.keys:
            owner = tx.members.by_key(key.kind.value, key.value)
            if owner is not None:
                raise MemberExistsError(member=owner.member_id)
        fact = MemberRegistered(
            member=member.member_id,
            shop=member.joined_shop,
            sealed=self._sealer.seal_profile(tx, SubjectId(member.member_id), member.profile),
            consents=member.consents,
        )
        self._recorder.record(tx, fact, who.staff_id)
        tx.members.save(member)

    def _consents(self, who: Actor, sign_up: SignUp) -> tuple[Consent, ...]:
        asked = [(Purpose.MEMBERSHIP, sign_up.agreed)]
        if sign_up.children:
            asked.append((Purpose.CHILDREN, sign_up.children_agreed))
        if sign_up.marketing is not None:
            asked.append((Purpose.MARKETING, sign_up.marketing))
        return tuple(self._consent(who, purpose, given=given, how=sign_up.how) for purpose, given in asked)

    def _consent(self, who: Actor, purpose: Purpose, *, given: bool, how: str) -> Consent:
        return Consent(
            consent_id=ConsentId(self._ids.new()),
            purpose=purpose,
            given=given,
            text_version=self._settings.value.consent_text_version,
            how=how,
            by=who.staff_id,
            at=self._clock.now(),
        )

    def edit(
        self, who: Actor, member_id: MemberId, profile: Profile, children_agreed: bool = False
    ) -> Member:
        """Give a member other personal fields; only the changed ones are recorded.

        `children_agreed` is a yes to keeping the children's dates, spoken now. Raises MemberGoneError,
        MemberExistsError for a key of somebody else, ConsentMissingError for children without such a yes.
        """
        who.require(Action.REGISTER_MEMBER)
        with self._store.write() as tx:
            member = tx.members.get(member_id)
            if member is None:
                raise MemberGoneError()
            changed = tuple(
                f for f in Profile.__struct_fields__ if getattr(profile, f) != getattr(member.profile, f)
            )
            if not changed:
                return member
            for key in profile.keys:
                owner = tx.members.by_key(key.kind.value, key.value)
                if owner is not None and owner.member_id != member_id:
                    raise MemberExistsError(member=owner.member_id)
            consents = self._with_children(who, member, profile, children_agreed)
            news = Profile(**{field: getattr(profile, field) for field in changed})
            fact = MemberEdited(
                member=member_id,
                fields=changed,
                sealed=self._sealer.seal_profile(tx, SubjectId(member_id), news),
                seen_hlc=tx.journal.head().hlc,
            )
            self._recorder.record(tx, fact, who.staff_id)
            for consent in consents[len(member.consents) :]:
                self._recorder.record(tx, ConsentChanged(member=member_id, consent=consent), who.staff_id)
            edited = msgspec.structs.replace(member, profile=profile, consents=consents)
            tx.members.save(edited)
        return edited

    def _with_children(
        self, who: Actor, member: Member, profile: Profile, agreed: bool
    ) -> tuple[Consent, ...]:
        """Return the member's consents, with a new one for children when they are told for the first time."""
        said = [c.given for c in member.consents if c.purpose is Purpose.CHILDREN]
        if not profile.children or (said and said[-1]):
            return member.consents
        if not agreed:
            raise ConsentMissingError()
        return (*member.consents, self._consent(who, Purpose.CHILDREN, given=True, how="spoken"))

    def erase(self, who: Actor, member_id: MemberId, reason: str, approval: Approval | None = None) -> None:
        """Erase a member's personal fields for good: the key, the row, the search keys, and every trace in the files.

        The journal still verifies, the sales stay, anonymous. Raises NeedsApprovalError, MemberGoneError.
        """
        who.require(Action.ERASE_MEMBER, approval)
        with self._store.write() as tx:
            if tx.members.get(member_id) is None:
                raise MemberGoneError()
            if approval is not None and not may(who.role, Action.ERASE_MEMBER):
                spend_approval(tx, self._clock, NeedsApprovalError(action=Action.ERASE_MEMBER), approval)
            fact = MemberErased(
                member=member_id,
                reason=reason,
                approver=approval.approver if approval else None,
                approval=approval.approval_id if approval else None,
            )
            self._recorder.record(tx, fact, who.staff_id)
            tx.subject_keys.delete(SubjectId(member_id))
            tx.members.erase(member_id, self._clock.now())
            self._forget_in_carts(tx, member_id)
        self._store.scrub()

    def _forget_in_carts(self, tx: Tx, member_id: MemberId) -> None:
        """Take a member and what was written for her out of the carts that wait; their goods stay."""
        now = self._clock.now()
        for held in tx.carts.held():
            if held.cart.member is not None and held.cart.member.member == member_id:
                tx.carts.hold(_anonymous(held.cart), held.owner, "", held.held_at)
        cart = tx.carts.open_cart()
        if cart is not None and cart.member is not None and cart.member.member == member_id:
            tx.carts.save_open(_anonymous(cart), now)


def _anonymous(cart: Cart) -> Cart:
    lines = tuple(msgspec.structs.replace(line, wish=None) for line in cart.lines)
    return msgspec.structs.replace(cart, lines=lines, member=None, note=None)
