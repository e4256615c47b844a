"""Phone numbers: one canonical form (E.164) however they are written, and masked forms.

Mainland numbers, nearly all of them, are decided here; others by the phonenumbers library (Google's metadata),
loaded only when one comes. Decides form and validity, not whose it is.
"""

import re

from pos_app.domain.errors import ExpectedError
from pos_app.domain.values.barcode import fold

_MAINLAND = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")
_NUMBER = re.compile(r"\+?[0-9]{5,15}")
_NOISE = re.compile(r"[\s\-\u2010-\u2015().·\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")


_SHORTEST_LANDLINE = 9
"""Digits of a mainland landline with its area; what is shorter is a service such as 95588."""
_FREE_OF_AREA = ("400", "800")


class PhoneError(ExpectedError):
    """The text is not a phone number that exists in its country."""

    code = "members.error.phone"


def normalise(text: str, region: str = "CN") -> str:
    """Return a phone number in E.164, such as +8613812345678.

    Takes full-width digits, blanks, dashes, brackets and the prefixes +86, 86, 0086. `region` is the shop's country,
    for numbers without a country code; where it has no such number, eleven mainland digits are a visitor's.
    Raises PhoneError.
    """
    cleaned = bare(text)
    mainland = _MAINLAND.fullmatch(cleaned)
    if mainland and (region == "CN" or not cleaned.startswith("1")):
        return "+86" + mainland[1]
    if not _NUMBER.fullmatch(cleaned):
        raise PhoneError()
    number = _elsewhere(cleaned, region)
    if number is None and mainland:
        number = "+86" + mainland[1]
    if number is None:
        raise PhoneError()
    return number


def _elsewhere(cleaned: str, region: str) -> str | None:
    """Return the E.164 form by the metadata of phonenumbers, or None when there is no such number."""
    import phonenumbers

    try:
        number = phonenumbers.parse("+" + cleaned[2:] if cleaned.startswith("00") else cleaned, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def bare(text: str) -> str:
    """Return a text as `normalise` reads it: without blanks, dashes, brackets and marks that are copied along."""
    return _NOISE.sub("", fold(text))


def is_mainland_mobile(text: str) -> bool:
    """Whether a text is eleven digits of a mainland mobile number."""
    return re.fullmatch(r"1[3-9][0-9]{9}", text) is not None


def national(phone: str) -> str:
    """Return a number as people of its country write it: of the mainland without +86, a landline with its 0."""
    digits = phone.removeprefix("+86")
    if digits == phone or is_mainland_mobile(digits) or len(digits) < _SHORTEST_LANDLINE:
        return digits
    return digits if digits.startswith(_FREE_OF_AREA) else f"0{digits}"


def masked(phone: str) -> str:
    """Return a number with only its first three and last four digits, for a mainland number, else the last four."""
    digits = national(phone)
    head = digits[:3] if phone.startswith("+86") else ""
    return f"{head}****{digits[-4:]}"
