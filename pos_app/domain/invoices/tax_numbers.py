"""Tax numbers of buyers (纳税人识别号): folding, the lengths there are, and the check character of 18.

Since 2015 an organisation's tax number is its unified social credit code of 18 characters: GB 32100-2015, whose last
character checks the others (ISO/IEC 7064, MOD 31-3: weights 3^i mod 31 over 31 characters without I, O, S, V and Z).
Numbers given out before stay valid where they were not exchanged yet: 15 characters (six digits of the district and a
code of nine), and for one-person businesses 20 (an identity number of 18 and two digits). Source: 国家税务总局
SW 5-2013《纳税人识别号代码标准》; its 17 (an identity number of 15 and two digits) went out of use with those identity
cards on 1 January 2013 and is mostly an 18 with a character lost, so it is refused. Of the older ones only what the
standard fixes is checked: 15 carry no check character of their own, 20 may hold an identity number with one
(GB 11643-1999). Decides form only; whether there is such a taxpayer only the tax office knows.
"""

from pos_app.domain.errors import ExpectedError
from pos_app.domain.values.barcode import fold

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100-2015, in the order of their values; I, O, S, V and Z are not among them."""
LENGTHS = (15, 18, 20)
LIKE = {"I": "1", "O": "0", "S": "5", "V": "U", "Z": "2"}
"""What a character that no code holds was most likely meant to be, by its look."""
_NOISE = str.maketrans("", "", " \t-‐‑–—_.·\u200b\ufeff")
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_IDENTITY_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_IDENTITY_CHECKS = "10X98765432"
_DIGITS = frozenset("0123456789")
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


class TaxNumberError(ExpectedError):
    """The text is no tax number."""

    code = "invoices.error.tax_number"


class TaxNumberMissingError(TaxNumberError):
    """A company's invoice needs its tax number (国家税务总局公告2017年第16号, from 1 July 2017)."""

    code = "invoices.error.tax_number_missing"


class TaxNumberLengthError(TaxNumberError):
    """It has `length` characters, and no tax number has so many."""

    code = "invoices.error.tax_number_length"


class TaxNumberCharacterError(TaxNumberError):
    """The character at `place` (from 1) cannot stand there; `character` says which it is."""

    code = "invoices.error.tax_number_character"


class TaxNumberLikeError(TaxNumberCharacterError):
    """The character at `place` is in no tax number; `meant` looks like it."""

    code = "invoices.error.tax_number_like"


class TaxNumberCheckError(TaxNumberError):
    """The check character is `found`, and would be `expected` if all before it were right."""

    code = "invoices.error.tax_number_check"


def check_character(body: str) -> str:
    """Return the check character for the 17 characters before it; source: GB 32100-2015, 4.2 and annex."""
    total = sum(ALPHABET.index(c) * weight for c, weight in zip(body[:17], _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def folded(text: str) -> str:
    """Return a number as it is written: upper case, half width, without blanks and dashes."""
    return fold(text).translate(_NOISE).upper()


def tax_number(text: str) -> str:
    """Return the tax number that a text gives, in the form it is printed in.

    Raises TaxNumberMissingError for none, TaxNumberLengthError, TaxNumberCharacterError (TaxNumberLikeError where it
    is clear what was meant), TaxNumberCheckError.
    """
    number = folded(text)
    if not number:
        raise TaxNumberMissingError()
    _check_characters(number)
    if len(number) not in LENGTHS:
        raise TaxNumberLengthError(length=len(number))
    if len(number) == 18:
        _check_credit_code(number)
    elif len(number) == 20 and number[0] in _DIGITS:
        # One that begins with a letter was made from a passport or a permit, and has no form that could be checked.
        _check_identity(number)
    elif len(number) == 15:
        _check_digits(number, 1, 6)
    return number


def _check_characters(number: str) -> None:
    for place, character in enumerate(number, 1):
        if character not in _DIGITS and character not in _LETTERS:
            raise TaxNumberCharacterError(place=place, character=character)


def _check_digits(number: str, first: int, last: int) -> None:
    """Raise TaxNumberCharacterError where a character between two places (from 1) is no digit."""
    for place in range(first, last + 1):
        if number[place - 1] not in _DIGITS:
            raise TaxNumberCharacterError(place=place, character=number[place - 1])


def _check_credit_code(number: str) -> None:
    """Check a unified social credit code; its third to eighth characters are a district's digits."""
    for place, character in enumerate(number, 1):
        if character in LIKE:
            raise TaxNumberLikeError(place=place, character=character, meant=LIKE[character])
    _check_digits(number, 3, 8)
    expected = check_character(number)
    if number[17] != expected:
        raise TaxNumberCheckError(expected=expected, found=number[17])


def _check_identity(number: str) -> None:
    """Check a number of 20 that begins with an identity number of 18 (GB 11643-1999, ISO/IEC 7064 MOD 11-2)."""
    _check_digits(number, 1, 17)
    total = sum(int(c) * weight for c, weight in zip(number[:17], _IDENTITY_WEIGHTS, strict=True))
    expected = _IDENTITY_CHECKS[total % 11]
    if number[17] != expected:
        raise TaxNumberCheckError(expected=expected, found=number[17])
    _check_digits(number, 19, 20)
