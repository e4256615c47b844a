"""Keys and cards of members: another phone, WeChat id or e-mail, a card issued, bound or replaced.

Decides whose key may be whose and what is recorded; the number of a new card is made by `domain.cards`.
"""

from dataclasses import dataclass

import msgspec

from pos_app.domain import cards
from pos_app.domain.facts.members import CardIssued, CardReplaced
from pos_app.domain.member_keys import (
    CardIsGoodsError,
    CardIsPhoneError,
    CardTakenError,
    LastKeyError,
    card_state,
    normalised,
)
from pos_app.domain.members import KeyKind, Member, MemberKey, Replaced
from pos_app.domain.staff import Action
from pos_app.domain.values import barcode
from pos_app.domain.values import phone as phones
from pos_app.domain.values.ids import MemberId
from pos_app.services.acting import Actor
from pos_app.services.member_writing import check_key, member_of, with_keys, write_edit
from pos_app.services.ports.store import Tx
from pos_app.services.workplace import Workplace

_TRIES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A key as typed; `owner` says whose phone it is, `shared` that it may be another member's too."""

    kind: KeyKind
    text: str
    owner: str | None = None
    shared: bool = False


class MemberKeys:
    """Use cases of keys and cards."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    def add(self, who: Actor, member_id: MemberId, new: NewKey) -> Member:
        """Give a member another key; one she has already gets the new words of whose it is.

        A card given so is a printed one that is bound to her. Raises PhoneError, KeyFormError, MemberExistsError,
        MemberGoneError; for a card as `issue` does.
        """
        if new.kind is KeyKind.CARD:
            return self.issue(who, member_id, new.text)
        who.require(Action.REGISTER_MEMBER)
        value = normalised(new.kind, new.text, self._work.settings.value.region)
        with self._work.store.write() as tx:
            member = member_of(tx, member_id)
            others = [m for m in tx.members.of_key(new.kind.value, value) if m.member_id != member_id]
            shared = new.shared and bool(others)
            key = MemberKey(kind=new.kind, value=value, owner=_plain(new.owner), shared=shared)
            check_key(tx, key, member_id)
            return write_edit(self._work, tx, who, member, with_keys(member, _with(member.profile.keys, key)))

    def remove(self, who: Actor, member_id: MemberId, key: MemberKey) -> Member:
        """Take a key off a member; raise LastKeyError for the only one that finds her, MemberGoneError."""
        who.require(Action.REGISTER_MEMBER)
        with self._work.store.write() as tx:
            member = member_of(tx, member_id)
            gone = (key.kind, key.value)
            left = tuple(k for k in member.profile.keys if (k.kind, k.value) != gone)
            if not any(k.replaced is None for k in left):
                raise LastKeyError()
            return write_edit(self._work, tx, who, member, with_keys(member, left))

    def issue(self, who: Actor, member_id: MemberId, number: str | None = None) -> Member:
        """Give a member a card: with the next number, or with the number of a printed one.

        Raises KeyFormError, CardTakenError, CardIsPhoneError, CardIsGoodsError, MemberGoneError.
        """
        who.require(Action.REGISTER_MEMBER)
        with self._work.store.write() as tx:
            member = member_of(tx, member_id)
            key = self._card(tx, member_id, number)
            after = with_keys(member, (*member.profile.keys, key))
            self._work.recorder.record(tx, CardIssued(member=member_id), who.staff_id)
            return write_edit(self._work, tx, who, member, after)

    def replace(
        self, who: Actor, member_id: MemberId, lost: str, replaced: Replaced, number: str | None = None
    ) -> Member:
        """Give a member another card for a lost one, whose number is refused or forwarded from now on.

        A card that was replaced before can be changed from forwarded to refused and back; then no new one is issued
        unless `number` names it. Raises as `issue` does.
        """
        who.require(Action.REPLACE_CARD)
        with self._work.store.write() as tx:
            member = member_of(tx, member_id)
            again = card_state(member, lost) is not None
            keys = tuple(
                msgspec.structs.replace(k, replaced=replaced) if _is_card(k, lost) else k
                for k in member.profile.keys
            )
            if keys == member.profile.keys:
                return member
            if not again or number is not None:
                keys = (*keys, self._card(tx, member_id, number))
            self._work.recorder.record(tx, CardReplaced(member=member_id, replaced=replaced), who.staff_id)
            return write_edit(self._work, tx, who, member, with_keys(member, keys))

    def _card(self, tx: Tx, member_id: MemberId, number: str | None) -> MemberKey:
        """Return the key of a card that nobody has or had."""
        if number is not None:
            key = MemberKey(kind=KeyKind.CARD, value=normalised(KeyKind.CARD, number))
            if tx.members.key_state(KeyKind.CARD.value, key.value) is not None:
                owner = tx.members.by_key(KeyKind.CARD.value, key.value)
                raise CardTakenError(member=owner.member_id if owner else None)
            _check_phone(tx, key.value, member_id)
            # As it is kept, and as it stands on the card: a scanner reads its hyphens too.
            for code in {key.value, barcode.fold(number).strip().upper()}:
                _check_goods(tx, code)
            return key
        for _ in range(_TRIES):
            made = cards.make(f"{self._work.ids.new().int % 10**cards.SERIAL_DIGITS:0{cards.SERIAL_DIGITS}d}")
            if tx.members.key_state(KeyKind.CARD.value, made) is None:
                return MemberKey(kind=KeyKind.CARD, value=made)
        raise CardTakenError(member=member_id)


def _check_phone(tx: Tx, number: str, member_id: MemberId) -> None:
    """Raise CardIsPhoneError for a card with the phone of somebody else; a member's own phone may be the card."""
    if phones.is_mainland_mobile(number):
        others = (
            m for m in tx.members.of_key(KeyKind.PHONE.value, f"+86{number}") if m.member_id != member_id
        )
        if next(others, None) is not None:
            raise CardIsPhoneError()


def _check_goods(tx: Tx, code: str) -> None:
    """Raise CardIsGoodsError for a code that a scan at the counter would take for goods."""
    scale = barcode.parse_scale_code(code, barcode.DEFAULT_SCALE_PATTERNS)
    if (
        tx.catalogue.find_piece(code)
        or tx.catalogue.find_barcode(barcode.candidates(code))
        or (scale is not None and tx.catalogue.find_scale_item(scale.item))
    ):
        raise CardIsGoodsError()


def _with(keys: tuple[MemberKey, ...], key: MemberKey) -> tuple[MemberKey, ...]:
    """Return keys with another one; one that is there already keeps its place, for the first phone is the one shown."""
    if not any((k.kind, k.value) == (key.kind, key.value) for k in keys):
        return (*keys, key)
    return tuple(key if (k.kind, k.value) == (key.kind, key.value) else k for k in keys)


def _is_card(key: MemberKey, number: str) -> bool:
    return key.kind is KeyKind.CARD and key.value == number


def _plain(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None
