"""Barcodes: check digits, the kinds on goods, and codes that carry a weight or a price.

Decides what a scanned text is and what it says; not what it belongs to (that is a look-up). Sources: GS1 General
Specifications (check digit 7.9, UPC-E 5.2.2.4.2, restricted circulation numbers 2.1.11), ISO/IEC 15424 (AIM
symbology identifiers).
"""

from dataclasses import dataclass
from enum import StrEnum

from pos_app.domain.errors import ExpectedError

GROUP_SEPARATOR = "\x1d"
MAX_LENGTH = 512
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}

_AI_LENGTH = {
    "00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "11": 8, "12": 8, "13": 8, "14": 8, "15": 8, "16": 8,
    "17": 8, "18": 8, "19": 8, "20": 4, "31": 10, "32": 10, "33": 10, "34": 10, "35": 10, "36": 10, "41": 16,
}  # fmt: skip
"""Predefined lengths, identifier included, by its first two digits."""
_AI_DIGITS = (
    *((start, 2) for start in ("0", "1", "20", "21", "22", "30", "37", "9")),
    *((start, 3) for start in ("23", "24", "25", "40", "41", "42", "71")),
    *((start, 4) for start in ("31", "32", "33", "34", "35", "36", "39", "43", "70", "72", "80", "81", "82")),
)
"""How many digits an identifier has, by how it begins."""


class CheckDigitError(ExpectedError):
    """A number of the length of an EAN or UPC has a wrong check digit; `code_text` is what was read."""

    code = "catalogue.error.check_digit"


class Measure(StrEnum):
    """What a scale code carries."""

    WEIGHT = "weight"
    AMOUNT = "amount"
    WEIGHT_AND_AMOUNT = "weight_and_amount"


@dataclass(frozen=True, slots=True)
class ScalePattern:
    """How a shop's scales write their codes.

    Letters of `shape` are P prefix digits, I item, W grams, A minor units, V a verifier that is ignored, C the check
    digit. 13 or 18 characters long.
    """

    prefix: str
    shape: str


DEFAULT_SCALE_PATTERNS = (
    ScalePattern("21", "PPIIIIIWWWWWC"),
    ScalePattern("22", "PPIIIIIAAAAAC"),
    ScalePattern("21", "PPIIIIIWWWWWAAAAAC"),
)
"""The settings that 顶尖, 大华 and 托利多 scales are delivered with: prefix 2x, 5 digits of item."""


@dataclass(frozen=True, slots=True)
class ScaleCode:
    """What a scale printed: the item's code, and grams or minor units or both."""

    item: str
    grams: int | None
    minor_units: int | None


def fold(text: str) -> str:
    """Fold full-width characters to ASCII and drop surrounding blanks."""
    return text.translate(_FULL_WIDTH).strip()


def check_digit(digits: str) -> str:
    """Return the GS1 check digit for the digits before it."""
    total = sum(int(d) * (3 if i % 2 == 0 else 1) for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def is_valid_gtin(code: str) -> bool:
    """Whether a text is 8, 12, 13 or 14 digits with a right check digit."""
    return (
        len(code) in (8, 12, 13, 14)
        and code.isascii()
        and code.isdigit()
        and check_digit(code[:-1]) == code[-1]
    )


def expand_upc_e(code: str) -> str | None:
    """Return the UPC-A of an 8-digit UPC-E of number system 0 or 1, or None when it is none."""
    if len(code) != 8 or code[0] not in "01" or not (code.isascii() and code.isdigit()):
        return None
    system, body, check, last = code[0], code[1:7], code[7], code[6]
    if last in "012":
        middle = body[:2] + last + "0000" + body[2:5]
    elif last == "3":
        middle = body[:3] + "00000" + body[3:5]
    elif last == "4":
        middle = body[:4] + "00000" + body[4]
    else:
        middle = body[:5] + "0000" + last
    return system + middle + check if check_digit(system + middle) == check else None


def strip_symbology(text: str) -> str:
    """Drop an AIM identifier (`]C1`, `]E0`, `]Q3` …) and a leading FNC1 that a scanner sends before the data."""
    if len(text) > 3 and text[0] == "]" and text[1].isalpha() and text[2].isalnum():
        text = text[3:]
    return text.removeprefix(GROUP_SEPARATOR)


def gs1_elements(text: str) -> dict[str, str]:
    """Return the elements of a GS1 element string by application identifier, such as 01, 10, 17, 21, 3103.

    {} when it is none, or holds no valid GTIN (01). Lengths: GS1 General Specifications, figure 7.8.5-2 (identifiers
    of predefined length); the others end at a separator.
    """
    out: dict[str, str] = {}
    rest = text.removeprefix(GROUP_SEPARATOR)
    while rest:
        size = next((n for start, n in _AI_DIGITS if rest.startswith(start)), 0)
        identifier, rest = rest[:size], rest[size:]
        if not size or len(identifier) < size or not (identifier.isascii() and identifier.isdigit()):
            return {}
        length = _AI_LENGTH.get(identifier[:2])
        if length is None:
            value, _, rest = rest.partition(GROUP_SEPARATOR)
        else:
            value, rest = rest[: length - size], rest[length - size :]
            if len(value) != length - size or not (value.isascii() and value.isdigit()):
                return {}
        if not value:
            return {}
        out[identifier] = value
        rest = rest.removeprefix(GROUP_SEPARATOR)
    return out if is_valid_gtin(out.get("01", "")) else {}


def candidates(text: str) -> tuple[str, ...]:
    """Return the forms under which a scanned code may stand in the catalogue, likeliest first.

    As read, then UPC-A with and without the leading zero that makes it an EAN-13, a GTIN-14 with indicator 0
    without it, UPC-E expanded, and the GTIN of a GS1 element string.
    """
    code = strip_symbology(text)
    forms = [code]
    gtin = gs1_elements(code).get("01")
    if gtin:
        forms.append(gtin)
        code = gtin
    if is_valid_gtin(code):
        if len(code) == 14 and code[0] == "0":
            forms.append(code[1:])
            code = code[1:]
        if len(code) == 13 and code[0] == "0":
            forms.append(code[1:])
        if len(code) == 12:
            forms.append("0" + code)
    upc_a = expand_upc_e(code)
    if upc_a:
        forms += [upc_a, "0" + upc_a]
    return tuple(dict.fromkeys(forms))


def number_of(code: str) -> str:
    """Return a barcode in the shortest form of its number: UPC-A without the zero that makes it an EAN-13.

    A GTIN-14 with indicator 0 is the EAN-13 behind it. Two barcodes are one number when this is the same.
    """
    if code[:1] != "0" or len(code) not in (13, 14) or not is_valid_gtin(code):
        return code
    return code.removeprefix("0" * (len(code) - 13)).removeprefix("0")


def writings(code: str) -> tuple[str, ...]:
    """Return the forms in which the number of a barcode may be kept, the one as it is first (see `candidates`).

    Unlike a scan a barcode that is kept may be met by each of the other forms: from EAN-13 to GTIN-14 as well.
    """
    if len(code) not in (12, 13, 14) or not is_valid_gtin(code):
        return (code,) if len(code) != 8 else candidates(code)
    number = number_of(code)
    return tuple(dict.fromkeys((code, *(number.zfill(n) for n in range(len(number), 15)))))


def parse_scale_code(code: str, patterns: tuple[ScalePattern, ...]) -> ScaleCode | None:
    """Read a scale code by the shop's patterns, or return None when none fits.

    Raises CheckDigitError when a pattern fits but the last digit is wrong: the weight would be wrong too.
    """
    if not (code.isascii() and code.isdigit()):
        return None
    for pattern in patterns:
        if len(code) == len(pattern.shape) and code.startswith(pattern.prefix):
            if check_digit(code[:-1]) != code[-1]:
                raise CheckDigitError(code_text=code)
            fields = {
                k: "".join(c for c, s in zip(code, pattern.shape, strict=True) if s == k) for k in "IWA"
            }
            return ScaleCode(
                item=fields["I"],
                grams=int(fields["W"]) if fields["W"] else None,
                minor_units=int(fields["A"]) if fields["A"] else None,
            )
    return None


def ean13(number: int, prefix: str = "") -> str:
    """Return a valid EAN-13 for a number: the prefix, the number padded to 12 digits in all, the check digit."""
    body = prefix + str(number).zfill(12 - len(prefix))
    if len(body) != 12:
        raise ValueError("the number is too long for an EAN-13")
    return body + check_digit(body)
