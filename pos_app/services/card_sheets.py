"""Members' cards to be printed together: who has none yet, numbers for them, and what stands on the cards.

Decides that a member's newest card in force is printed, that one without a card gets one when it is printed, and that
printing is recorded: who holds such a file has numbers that find members.
Sheets are drawn by `documents`, numbers are made by `member_keys`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pos_app.domain.cards import LENGTH
from pos_app.domain.facts.members import CardsPrinted
from pos_app.domain.member_keys import end_of_card, valid_cards
from pos_app.domain.members import Member
from pos_app.domain.values.ids import MemberId
from pos_app.services.acting import Actor
from pos_app.services.member_keys import MemberKeys
from pos_app.services.workplace import Workplace

if TYPE_CHECKING:
    from pos_app.documents.card import CardFace

LOOKED_AT = 1_000
"""Members looked at for one without a card, those who came last first."""
_PAGE = 200


class CardSheets:
    """Use cases of printing several cards."""

    def __init__(self, work: Workplace, keys: MemberKeys) -> None:
        self._work, self._keys = work, keys

    def without_card(self, limit: int) -> tuple[Member, ...]:
        """Return members who have no card in force, of the LOOKED_AT who came last."""
        out: list[Member] = []
        with self._work.store.read() as tx:
            for first in range(0, LOOKED_AT, _PAGE):
                page = tx.members.look_up("", _PAGE, first).members
                out.extend(member for member in page if not valid_cards(member))
                if len(page) < _PAGE or len(out) >= limit:
                    break
        return tuple(out[:limit])

    def issued(self, who: Actor, members: Sequence[MemberId]) -> "tuple[CardFace, ...]":
        """Return the cards of members, one issued to each who has none; members who are gone are left out.

        Raises ForbiddenError; CardTakenError when no number is free.
        """
        out: list[CardFace] = []
        for member_id in members:
            with self._work.store.read() as tx:
                member = tx.members.get(member_id)
            if member is None:
                continue
            if not valid_cards(member):
                member = self._keys.issue(who, member_id)
            out.append(self._face(member))
        return tuple(out)

    def printed(self, who: Actor, members: Sequence[MemberId], cards: int) -> None:
        """Record that so many cards of members stand in a file now; who is gone was left out of it."""
        with self._work.store.write() as tx:
            there = tuple(each for each in members if tx.members.get(each) is not None)
            self._work.recorder.record(tx, CardsPrinted(members=there, cards=cards), who.staff_id)

    def specimen(self, member: Member) -> "CardFace":
        """Return a member's card for the screen: of its number only the end, so that no code on it works.

        Without a card in force the digits are all zero: the number is made when the card is.
        """
        cards = valid_cards(member)
        shown = end_of_card(cards[-1].value) if cards else ""
        return self._face_of(member, shown.rjust(LENGTH, "0"))

    def _face(self, member: Member) -> "CardFace":
        return self._face_of(member, valid_cards(member)[-1].value)

    def _face_of(self, member: Member, number: str) -> "CardFace":
        # Cards are drawn long after the till stood: nothing of them is loaded while it starts.
        from pos_app.documents.card import CardFace

        settings = self._work.settings.value
        return CardFace(
            shop=settings.shop_name,
            member=member.profile.name or "",
            number=number,
            contact=settings.phone or "",
            language=settings.language,
        )
