"""The keys of a member as people write them: checked, in the one form that is kept, and masked.

Decides form and masking. Whose a key is, and whether a card may be used, is decided by the services.
"""

import re

from pos_app.domain.cards import grouped
from pos_app.domain.errors import ExpectedError
from pos_app.domain.members import KeyKind, Member, MemberKey, Replaced
from pos_app.domain.values import phone as phones
from pos_app.domain.values.barcode import fold

MASK = "****"
_WECHAT = re.compile(r"[a-z][a-z0-9_-]{5,19}")
_EMAIL = re.compile(r"[a-z0-9._%+-]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")
_CARD = re.compile(r"[0-9A-Z]{4,32}")
_BLANKS = re.compile(r"[\s\-]+")
_ADDRESS_SHOWN = 6
_SURE = 6
"""A typed card number with fewer characters may as well be a code of goods or the end of a phone."""


class KeyFormError(ExpectedError):
    """The text is no WeChat id, e-mail address or card number; `kind` says which was expected."""

    code = "members.error.key_form"


class CardRefusedError(ExpectedError):
    """The card was reported lost: another took its place, and this number is not taken any more."""

    code = "members.error.card_refused"


class CardTakenError(ExpectedError):
    """The card belongs to a member already, or was replaced once; `member` is whose, if anybody's."""

    code = "members.error.card_taken"


class CardIsPhoneError(ExpectedError):
    """The number of the card is the phone of another member: typed at the counter, it would mean her."""

    code = "members.error.card_is_phone"


class CardIsGoodsError(ExpectedError):
    """The number of the card is the code of goods, which a scan of it would sell."""

    code = "members.error.card_is_goods"


class LastKeyError(ExpectedError):
    """A member without any key could never be found again."""

    code = "members.error.last_key"


def normalised(kind: KeyKind, text: str, region: str = "CN") -> str:
    """Return a key in the form that is kept: E.164, or folded without case or blanks.

    WeChat ids have 6–20 characters and begin with a letter (WeChat's own rule). Raises PhoneError, KeyFormError.
    """
    if kind is KeyKind.PHONE:
        return phones.normalise(text, region)
    plain = fold(text)
    if kind is KeyKind.CARD:
        plain, form = _BLANKS.sub("", plain).upper(), _CARD
    else:
        plain, form = plain.strip().casefold(), _WECHAT if kind is KeyKind.WECHAT else _EMAIL
    if form.fullmatch(plain) is None:
        raise KeyFormError(kind=kind.value)
    return plain


def is_short_card(text: str) -> bool:
    """Whether a text may be a card of four or five characters, as old programs gave: typed, it proves nobody."""
    try:
        return len(normalised(KeyKind.CARD, text)) < _SURE
    except KeyFormError:
        return False


def masked(key: MemberKey) -> str:
    """Return a key as everybody at the counter may see it: of numbers the last four digits, of a short card two."""
    if key.kind is KeyKind.PHONE:
        return phones.masked(key.value)
    if key.kind is KeyKind.CARD:
        return f"{MASK} {end_of_card(key.value)}"
    if key.kind is KeyKind.EMAIL:
        name, _, domain = key.value.partition("@")
        return f"{name[:1]}{MASK}@{domain}"
    return f"{key.value[:2]}{MASK}"


def end_of_card(number: str) -> str:
    """Return what everybody may see of a card's number."""
    return number[-4 if len(number) >= _SURE else -2 :]


def in_full(key: MemberKey) -> str:
    """Return a key in groups, as it is read aloud: 138 0000 1234, 8866 2600 0011."""
    if key.kind is KeyKind.PHONE:
        plain = phones.national(key.value)
        return f"{plain[:3]} {plain[3:7]} {plain[7:]}" if phones.is_mainland_mobile(plain) else plain
    if key.kind is KeyKind.CARD:
        return grouped(key.value)
    return key.value


def masked_address(address: str) -> str:
    """Return an address as everybody may see it: the district, not the door."""
    return address if len(address) <= 2 else address[: min(_ADDRESS_SHOWN, len(address) // 2)] + MASK


def valid_cards(member: Member) -> tuple[MemberKey, ...]:
    """Return the cards that stand for a member now, without those that were replaced."""
    return tuple(k for k in member.profile.keys if k.kind is KeyKind.CARD and k.replaced is None)


def card_state(member: Member, number: str) -> Replaced | None:
    """Return what became of one of a member's cards, None while it is valid."""
    return next(
        (k.replaced for k in member.profile.keys if k.kind is KeyKind.CARD and k.value == number), None
    )
