"""The number of a member card: how it is made, how it is read, and why nothing else reads like it.

Sixteen digits: 9, fourteen digits of chance, and a check digit by the Luhn formula (ISO/IEC 7812-1, annex B), shifted.
A number of this form cannot be

- goods: GTIN-8, -12, -13, -14 are shorter, and codes of scales have 13 or 18 digits (`domain.values.barcode`);
- a GS1 element string: what begins with 9 is a company's own identifier (90-99), never the 01 of goods;
- a customer's payment code: those begin with 10-15 or with 25-30;
- a phone number, a receipt or the slip of a held cart: eleven digits, or letters;
- a bank card. ISO/IEC 7812 leaves numbers that begin with 9 to national use, and Chinese banks do use them (9558…), so
  the first digit alone is no proof. The check digit is: every bank card's Luhn sum ends in 0, and ours ends in 5.

A shift by a constant keeps what the formula is for: every single wrong digit is found, and every two neighbours changed
places except 09 and 90. Decides form only; whose card it is, is a look-up by key.
"""

from typing import NewType

from pos_app.domain.errors import ExpectedError, InvalidValueError
from pos_app.domain.values.barcode import fold, strip_symbology

CardNumber = NewType("CardNumber", str)
"""Sixteen ASCII digits with a right check digit."""

FIRST = "9"
SERIAL_DIGITS = 14
LENGTH = len(FIRST) + SERIAL_DIGITS + 1
_SHIFT = 5
_GROUP = 4
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
"""A digit times two, its digits added, as the Luhn formula has it."""


class CardNumberError(ExpectedError):
    """The number typed is no number of a card of ours: a digit is wrong or missing; `text` is what was typed."""

    code = "cards.error.number"


def make(serial: str) -> CardNumber:
    """Return the card number of fourteen digits of chance; raise InvalidValueError for anything else.

    The digits should be random, so that nobody guesses a card from another, and tills that do not see each other
    make different ones.
    """
    if len(serial) != SERIAL_DIGITS or not _digits(serial):
        raise InvalidValueError(field="card_serial", text=serial)
    body = FIRST + serial
    return CardNumber(body + _check_digit(body))


def check(text: str) -> bool:
    """Say whether a text is exactly a card number: sixteen digits, the first 9, the last right."""
    return (
        len(text) == LENGTH
        and _digits(text)
        and text.startswith(FIRST)
        and text[-1] == _check_digit(text[:-1])
    )


def read(text: str) -> CardNumber:
    """Return the card number that was scanned or typed; raise CardNumberError when it is none.

    Full-width digits, the blanks and dashes between groups and the symbology mark of a scanner are allowed. The QR
    and the Code 128 of a card carry the bare digits and nothing before them.
    """
    number = strip_symbology(fold(text)).replace(" ", "").replace("-", "")
    if not check(number):
        raise CardNumberError(text=text[: LENGTH * 2])
    return CardNumber(number)


def grouped(text: str) -> str:
    """Return a card's number as people read it: digits in groups of four, another shop's number unchanged.

    A last group of one digit stands with the group before it.
    """
    if not _digits(text) or len(text) <= _GROUP + 1:
        return text
    groups = [text[at : at + _GROUP] for at in range(0, len(text), _GROUP)]
    if len(groups[-1]) == 1:
        groups[-2:] = [groups[-2] + groups[-1]]
    return " ".join(groups)


def _check_digit(body: str) -> str:
    """Return the digit that makes the Luhn sum end in 5; the rightmost digit of the body is doubled."""
    total = sum(
        _DOUBLED[int(digit)] if at % 2 == 0 else int(digit) for at, digit in enumerate(reversed(body))
    )
    return str((_SHIFT - total) % 10)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
