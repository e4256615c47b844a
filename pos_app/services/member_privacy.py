"""What a member may ask of the shop, and what is looked at of her: consents, reveals, erasing explained, her own copy.

Decides what is recorded of each and what goes and stays when she is erased; erasing itself is `members`.
"""

from dataclasses import dataclass

import msgspec

from pos_app.domain.consents import MembershipConsentError, agreed
from pos_app.domain.facts.members import ConsentChanged, MemberExported, MemberRevealed
from pos_app.domain.member_copy import MemberCopy
from pos_app.domain.members import KeyKind, Member, Purpose
from pos_app.domain.staff import Action, Approval, NeedsApprovalError, may
from pos_app.domain.values.ids import MemberId
from pos_app.services.acting import Actor
from pos_app.services.member_writing import Word, consent_of, member_of, seen_of, write_edit
from pos_app.services.ports.selling import SaleSummary
from pos_app.services.practice import check_not_practice
from pos_app.services.staff import spend_approval
from pos_app.services.workplace import Workplace

MOST_SALES = 10_000
"""Sales that a copy lists and an erasure counts; no person at a counter has more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What erasing a member means, in counts: first what goes, then what stays without her name."""

    phones: int
    cards: int
    other_keys: int
    children: int
    dates: int
    texts: int
    """Name, birthday, address, notes and the like that are filled in."""
    consents: int
    waiting_carts: int
    """Carts, open or held, that forget her; their goods stay."""
    sales: int
    """Sales and returns that stay in the books, anonymous."""


class MemberPrivacy:
    """Use cases of privacy."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    def reveal(self, who: Actor, member_id: MemberId, field: str = "contact") -> Member:
        """Return a member to be shown unmasked for a moment; each look is a fact. Raises MemberGoneError."""
        who.require(Action.REVEAL_MEMBER)
        with self._work.store.write() as tx:
            member = member_of(tx, member_id)
            self._work.recorder.record(tx, MemberRevealed(member=member_id, field=field), who.staff_id)
        return member

    def say(self, who: Actor, member_id: MemberId, word: Word) -> Member:
        """Keep a yes or a no of a member; a word that is in force already is not kept twice.

        A no to keeping the children's dates removes them. Raises MembershipConsentError for a no to membership, which
        only erasing can honour; MemberGoneError.
        """
        who.require(Action.REGISTER_MEMBER)
        if word.purpose is Purpose.MEMBERSHIP and not word.given:
            raise MembershipConsentError()
        with self._work.store.write() as tx:
            member = member_of(tx, member_id)
            if agreed(member.consents, word.purpose, word.channel) == word.given:
                return member
            consent = consent_of(self._work, who, word)
            after = msgspec.structs.replace(member, consents=(*member.consents, consent))
            if word.purpose is Purpose.CHILDREN and not word.given:
                profile = msgspec.structs.replace(member.profile, children=())
                after = msgspec.structs.replace(after, profile=profile)
            fact = ConsentChanged(
                member=member.member_id, consent=consent, seen=seen_of(tx, member.member_id)
            )
            self._work.recorder.record(tx, fact, who.staff_id)
            return write_edit(self._work, tx, who, member, after)

    def what_erasing_means(self, member_id: MemberId) -> Erasure:
        """Return what goes and what stays when a member is erased. Raises MemberGoneError."""
        with self._work.store.read() as tx:
            member = member_of(tx, member_id)
            carts = [held.cart for held in tx.carts.held()]
            open_cart = tx.carts.open_cart()
            if open_cart is not None:
                carts.append(open_cart)
            sales = len(tx.sales.of_member(member_id, MOST_SALES))
        told, kinds = member.profile, [key.kind for key in member.profile.keys]
        texts: tuple[object, ...] = (told.name, told.gender, told.born, told.occupation, told.character)
        texts += (told.origin, told.address, told.notes, *told.interests)
        return Erasure(
            phones=kinds.count(KeyKind.PHONE),
            cards=kinds.count(KeyKind.CARD),
            other_keys=kinds.count(KeyKind.WECHAT) + kinds.count(KeyKind.EMAIL),
            children=len(told.children),
            dates=len(told.important_dates),
            texts=sum(text is not None for text in texts),
            consents=len(member.consents),
            waiting_carts=sum(c.member is not None and c.member.member == member_id for c in carts),
            sales=sales,
        )

    def copy_for(self, who: Actor, member_id: MemberId, approval: Approval | None = None) -> MemberCopy:
        """Return all that is kept of a member, to be handed to her; it is a fact.

        Raises NeedsApprovalError, NotInPracticeError.
        """
        check_not_practice(self._work.settings.value)
        who.require(Action.EXPORT_MEMBERS, approval)
        with self._work.store.write() as tx:
            member = member_of(tx, member_id)
            if approval is not None and not may(who.role, Action.EXPORT_MEMBERS):
                needed = NeedsApprovalError(action=Action.EXPORT_MEMBERS)
                spend_approval(tx, self._work.clock, who, needed, approval)
            self._work.recorder.record(tx, MemberExported(member=member_id), who.staff_id)
            found: tuple[SaleSummary, ...] = tuple(tx.sales.of_member(member_id, MOST_SALES))
            sales = tuple(sale for row in found if (sale := tx.sales.get(row.sale_id)) is not None)
        settings = self._work.settings.value
        return MemberCopy(
            member=member,
            sales=sales,
            made_by=who.name,
            made_at=self._work.clock.now(),
            shop_name=settings.shop_name,
            currency=settings.currency,
        )
