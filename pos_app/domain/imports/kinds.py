"""What can be brought in from a table, and the fields of each: code name, kind of cell, whether a row needs it.

Decides the list. Titles are words: `imports.field.<kind>.<field>`; headings of other programs stand in `synonyms`.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a table holds."""

    CATALOGUE = "catalogue"
    PIECES = "pieces"
    MEMBERS = "members"
    BALANCES = "balances"


class Holds(StrEnum):
    """What the cells of a field hold."""

    TEXT = "text"
    CODE = "code"
    BARCODE = "barcode"
    MONEY = "money"
    WEIGHT = "weight"
    QUANTITY = "quantity"
    RATE = "rate"
    WHOLE = "whole"
    DATE = "date"
    PHONE = "phone"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `required` alone, or `one_of` a group of which a row needs at least one.

    `instead_of` names a group in whose place the field stands, though nobody is asked for it.
    """

    name: str
    holds: Holds = Holds.TEXT
    required: bool = False
    one_of: str | None = None
    instead_of: str | None = None


def _fields(*fields: Field) -> dict[str, Field]:
    return {field.name: field for field in fields}


_CATALOGUE = _fields(
    Field("code", Holds.CODE, one_of="code_or_barcode"),
    Field("name", required=True),
    Field("barcode", Holds.BARCODE, one_of="code_or_barcode"),
    Field("style_code", Holds.CODE),
    Field("style_name"),
    Field("category"),
    Field("unit"),
    Field("retail", Holds.MONEY),
    Field("member_price", Holds.MONEY),
    Field("cost", Holds.MONEY),
    Field("lowest_price", Holds.MONEY),
    Field("tax_code"),
    Field("tax_rate", Holds.RATE),
    Field("colour"),
    Field("size"),
    Field("length"),
    Field("stage"),
    Field("brand"),
    Field("spec"),
    Field("supplier"),
    Field("more_barcodes", Holds.BARCODE),
    Field("pack_barcode", Holds.BARCODE),
    Field("pack_quantity", Holds.QUANTITY),
    Field("pack_unit"),
    Field("pack_price", Holds.MONEY),
    Field("by_weight", Holds.YES_NO),
    Field("scale_item", Holds.CODE),
    Field("open_price", Holds.YES_NO),
    Field("no_discount", Holds.YES_NO),
    Field("no_points", Holds.YES_NO),
    Field("no_coupon", Holds.YES_NO),
    Field("batch_required", Holds.YES_NO),
    Field("quarantined", Holds.YES_NO),
    Field("minimum_level", Holds.WHOLE),
    Field("sold_from", Holds.DATE),
    Field("kind"),
)

_PIECES = _fields(
    Field("code", Holds.CODE, required=True),
    Field("variant_code", Holds.CODE, one_of="variant"),
    Field("variant_name", one_of="variant"),
    Field("gross_weight", Holds.WEIGHT),
    Field("net_weight", Holds.WEIGHT),
    Field("fineness"),
    Field("certificate", Holds.CODE),
    Field("stones"),
    Field("stone_price", Holds.MONEY),
    Field("fixed_price", Holds.MONEY),
    Field("labour", Holds.MONEY),
    Field("labour_per"),
    Field("labour_per_gram", Holds.MONEY),
    Field("labour_per_piece", Holds.MONEY),
    Field("tag_price", Holds.MONEY),
    Field("cost", Holds.MONEY),
    Field("state"),
)

_MEMBERS = _fields(
    Field("name"),
    Field("phone", Holds.PHONE, one_of="phone_or_card"),
    Field("phones", Holds.PHONE),
    Field("shared_phones", Holds.PHONE, instead_of="phone_or_card"),
    Field("card", Holds.CODE, one_of="phone_or_card"),
    Field("cards", Holds.CODE),
    Field("gender"),
    Field("birthday", Holds.DATE),
    Field("birthday_kind"),
    Field("joined_on", Holds.DATE),
    Field("level"),
    Field("address"),
    Field("occupation"),
    Field("interests"),
    Field("notes"),
    Field("origin"),
    Field("wechat", Holds.CODE, instead_of="phone_or_card"),
    Field("email", Holds.CODE, instead_of="phone_or_card"),
    Field("child_name"),
    Field("child_birthday", Holds.DATE),
    Field("due_date", Holds.DATE),
    Field("marketing", Holds.YES_NO),
)

_BALANCES = _fields(
    Field("phone", Holds.PHONE, one_of="phone_or_card"),
    Field("card", Holds.CODE, one_of="phone_or_card"),
    Field("name"),
    Field("points", Holds.WHOLE, one_of="balance"),
    Field("principal", Holds.MONEY, one_of="balance"),
    Field("bonus", Holds.MONEY, one_of="balance"),
    Field("as_of", Holds.DATE),
)

FIELDS: dict[Kind, dict[str, Field]] = {
    Kind.CATALOGUE: _CATALOGUE,
    Kind.PIECES: _PIECES,
    Kind.MEMBERS: _MEMBERS,
    Kind.BALANCES: _BALANCES,
}
"""Fields of each kind by name, in the order in which exports write them."""


def title_key(kind: Kind, field_name: str) -> str:
    """Return the words key of a field's title."""
    return f"imports.field.{kind}.{field_name}"
