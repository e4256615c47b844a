"""Why a cell or a row is refused: stable reasons with parameters, never texts.

Decides the list of reasons. `imports.reason.<reason>` says what is wrong, `imports.hint.<reason>` how to mend it; both
take the same parameters.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.values import phone as phones


class Reason(StrEnum):
    """Every reason; the value is the last part of its words keys."""

    MISSING = "missing"
    NOT_UNDERSTOOD = "not_understood"
    TOO_LONG = "too_long"
    FORMULA = "formula"
    SHEET_ERROR = "sheet_error"
    DATE_IN_TEXT = "date_in_text"
    DIGITS_LOST = "digits_lost"
    NEGATIVE = "negative"
    NOT_A_NUMBER = "not_a_number"
    TOO_MANY_DECIMALS = "too_many_decimals"
    TOO_LARGE = "too_large"
    NOT_WHOLE = "not_whole"
    COMMA = "comma"
    CURRENCY = "currency"
    ZERO_WEIGHT = "zero_weight"
    WEIGHT_UNIT = "weight_unit"
    GROSS_BELOW_NET = "gross_below_net"
    NO_WEIGHT_NO_PRICE = "no_weight_no_price"
    ZERO_DIGIT_LOST = "zero_digit_lost"
    CHECK_DIGIT = "check_digit"
    BARCODE = "barcode"
    TWICE_IN_ROW = "twice_in_row"
    PACK_WITHOUT_BARCODE = "pack_without_barcode"
    BARCODE_COUNT = "barcode_count"
    PHONE = "phone"
    PHONE_LETTERS = "phone_letters"
    PHONE_LENGTH = "phone_length"
    NO_PHONE_NO_CARD = "no_phone_no_card"
    DATE = "date"
    DATE_AMBIGUOUS = "date_ambiguous"
    NO_YEAR = "no_year"
    NO_DAY = "no_day"
    SHORT_YEAR = "short_year"
    NO_SUCH_DAY = "no_such_day"
    LUNAR = "lunar"
    IN_FUTURE = "in_future"
    TOO_LONG_AGO = "too_long_ago"
    DUE_DATE_PAST = "due_date_past"
    DUE_DATE_FAR = "due_date_far"
    YES_NO = "yes_no"
    GENDER = "gender"
    RATE = "rate"
    TAX_UNKNOWN = "tax_unknown"
    TAX_DISAGREES = "tax_disagrees"
    LEVEL = "level"
    KIND = "kind"
    STATE = "state"
    LABOUR_UNIT = "labour_unit"
    LABOUR_TWICE = "labour_twice"
    CHILDREN_COUNT = "children_count"
    DUPLICATE = "duplicate"
    REFUSED_BY_SHOP = "refused_by_shop"
    """What only the till's own records can tell; the parameter `text` is the message of that error."""


class CellError(ExpectedError):
    """A cell that cannot be taken as it stands; `reason` says why, `params` are those of its words."""

    code = "imports.error.cell"

    def __init__(self, reason: Reason, **params: object) -> None:
        super().__init__(**params)
        self.reason = reason


class Fault(msgspec.Struct, frozen=True):
    """One thing wrong in a row: the field (its code name, empty for the row), the reason, and what stood there."""

    field: str
    reason: Reason
    shown: str = ""
    params: Mapping[str, object] = {}

    @property
    def code(self) -> str:
        """The words key that says what is wrong."""
        return f"imports.reason.{self.reason}"

    @property
    def hint(self) -> str:
        """The words key that says how to mend it."""
        return f"imports.hint.{self.reason}"


class Refused(msgspec.Struct, frozen=True):
    """A row that is not taken, with everything that is wrong in it."""

    row: int
    faults: tuple[Fault, ...]


_PERSONAL = frozenset(
    (
        *(
            "name",
            "card",
            "cards",
            "gender",
            "birthday",
            "birthday_kind",
            "joined_on",
            "level",
            "address",
            "occupation",
        ),
        *("interests", "notes", "origin", "wechat", "email", "child_name", "child_birthday", "due_date"),
        *("marketing", "points", "principal", "bonus", "as_of"),
    )
)
"""All that a table tells of a person. A shifted column puts names and phones into any of them, and what is kept of a
refused row outlives her erasure, so none is shown but the first character of a name, by which the row is found."""
NUMBERS = frozenset({"phone", "phones", "shared_phones"})
"""Fields of phones."""
_NAMES = frozenset({"name", "child_name"})


def shown_of(field_name: str, text: str) -> str:
    """Return what a report may show of a cell: of phones the last four digits, of names the first character.

    Of a person's other fields nothing is shown.
    """
    if field_name in NUMBERS:
        # A name that stands in the wrong column has letters, which no part of a number is.
        digits = "".join(c for c in text if c.isdecimal())
        return phones.masked(digits) if len(digits) > 4 else "****"
    if field_name in _NAMES and text[:1].isalpha() and not any(c.isdecimal() for c in text):
        return text[0] + "****"
    if field_name in _PERSONAL:
        return "****" if text else ""
    return text[:40]
