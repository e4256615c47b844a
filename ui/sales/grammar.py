"""The grammar of the one box: what a typed text asks for, before anything is looked up.

`3*` sets the quantity of the next goods, `*3` that of the line at hand, `3*6901…` both at once; eleven digits of a
mainland mobile are a member, as are `+852…` and `00852…`, four digits a code or the end of a phone. Source: DESIGN.md
§6. Decides form only: what a code stands for is found by `services.ringing`.
"""

import re
from dataclasses import dataclass

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.payments.codes import wallet_of
from pos_app.domain.payments.settings import WALLET_RULES, WalletRule
from pos_app.domain.sales.cart import QuantityError
from pos_app.domain.values.barcode import fold, is_valid_gtin
from pos_app.domain.values.phone import bare, is_mainland_mobile
from pos_app.domain.values.quantity import ONE, Quantity, parse_quantity

_NUMBER = r"[0-9]{0,12}(?:\.[0-9]*)?"
_BEFORE = re.compile(rf"(-?{_NUMBER})\s*[*×]\s*(.*)", re.DOTALL)
_AFTER = re.compile(rf"[*×]\s*(-?{_NUMBER})")
_PREFIX = re.compile(r"(?:\+86|0086)(?=1[3-9][0-9]{9}$)")
_ABROAD = re.compile(r"(?:\+|00)([1-9][0-9]{6,14})")
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z\-_./]{5,}")
_PLAIN_FULL_WIDTH = str.maketrans("。＊", ".*")


@dataclass(frozen=True, slots=True)
class Nothing:
    """An empty box."""


@dataclass(frozen=True, slots=True)
class SetQuantity:
    """`*3`: the quantity of the line at hand."""

    quantity: Quantity


@dataclass(frozen=True, slots=True)
class NextQuantity:
    """`3*`: the quantity of what comes next."""

    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Phone:
    """Eleven digits of a mainland mobile number, or a number of another country with its `+`.

    `code` are the digits of one that was typed with 00 and nothing between: goods may have such a code.
    """

    number: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class FourDigits:
    """Four digits: a product's code, or the end of a member's phone."""

    digits: str


@dataclass(frozen=True, slots=True)
class Text:
    """A code or something to search for, with the quantity that stood before it."""

    text: str
    quantity: Quantity = ONE


Entry = Nothing | SetQuantity | NextQuantity | Phone | FourDigits | Text


def read(typed: str) -> Entry:
    """Read what was typed into the box; raise QuantityError for a quantity that no line can hold."""
    text = fold(typed.translate(_PLAIN_FULL_WIDTH))
    if not text:
        return Nothing()
    after = _AFTER.fullmatch(text)
    if after is not None:
        return SetQuantity(_quantity(after[1]))
    before = _BEFORE.fullmatch(text)
    if before is not None:
        quantity = _quantity(before[1])
        return Text(before[2].strip(), quantity) if before[2].strip() else NextQuantity(quantity)
    number = _PREFIX.sub("", bare(text), count=1)
    if is_mainland_mobile(number):
        return Phone(number)
    abroad = _ABROAD.fullmatch(number)
    if abroad is not None and not is_valid_gtin(text):
        return Phone("+" + abroad[1], text if number == text and not text.startswith("+") else "")
    if len(text) == 4 and text.isascii() and text.isdigit():
        return FourDigits(text)
    return Text(text)


def _quantity(text: str) -> Quantity:
    try:
        return parse_quantity(text)
    except InvalidValueError:
        raise QuantityError(text=text) from None


def is_payment_code(code: str, rules: tuple[WalletRule, ...] = WALLET_RULES) -> bool:
    """Whether a code has the form of a customer's payment code, by the rules of the wallets (a setting)."""
    return wallet_of(code, rules) is not None


def is_web_address(code: str) -> bool:
    """Whether a scan is the address of a web page: a poster, not goods."""
    return "://" in code[:16] or code[:4].lower() == "www."


def looks_like_code(text: str) -> bool:
    """Whether an unknown text is a code (then it stays as a red line) and not a word that found nothing."""
    return _CODE.fullmatch(text) is not None and any(c.isdigit() for c in text)
