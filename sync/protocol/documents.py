"""What the documents of the feed hold, by kind: JSON of these values, version 1 each.

Decides shape and ids. A document is the latest state of one thing; an end that knows a later version adds fields and
keeps these. What a till does not know it keeps aside and counts in its digest all the same. Source: DESIGN.md §5.
"""

import hashlib
from datetime import date
from enum import StrEnum

import msgspec

from pos_app.domain.catalogue import Barcode, Batch, Piece, PriceRow, Style, Variant
from pos_app.domain.desk import DeskItem
from pos_app.domain.members import Member
from pos_app.domain.receipt_codes import TillKeys
from pos_app.domain.records import MemberRecord
from pos_app.domain.staff import Role
from pos_app.domain.values.ids import MemberId, ShopId, StaffId
from pos_app.domain.values.money import Amount

VERSION = 1
DIGEST_BYTES = 8


class Kind(StrEnum):
    """Kinds of documents; the id is the thing's own unless said otherwise."""

    MEMBER = "member"
    DESK = "desk"
    SHOP = "shop"
    TILL = "till"
    VARIANT = "variant"
    PIECE = "piece"
    GOLD = "gold"
    """The id is `gold_id`."""
    STAFF = "staff"
    SETTINGS = "settings"
    """The merchant's; the id is sixteen zero bytes."""


GOODS = (Kind.VARIANT, Kind.PIECE, Kind.GOLD, Kind.STAFF, Kind.SETTINGS)
"""Kinds that tills write whole: the newest by HLC holds. The rest is folded from facts by the platform."""
SETTINGS_ID = bytes(16)


class MemberDocument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A member as all shops know her. One that was merged into another is only `alias_of`, without anything else."""

    member: Member | None = None
    record: MemberRecord = MemberRecord()
    alias_of: MemberId | None = None


class DeskDocument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An item of the sync desk, open or settled."""

    item: DeskItem


class ShopDocument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A shop of the merchant."""

    shop: ShopId
    code: str
    name: str


class TillDocument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A till of the merchant with the public keys that it signs receipts with, so that any till tells a forged one."""

    till: TillKeys


class VariantDocument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Goods with all that is needed to sell them; a style without a code is of a variant that stands alone."""

    variant: Variant
    style: Style
    barcodes: tuple[Barcode, ...] = ()
    prices: tuple[PriceRow, ...] = ()
    batches: tuple[Batch, ...] = ()
    scale_item: str | None = None


class PieceDocument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One physical article."""

    piece: Piece


class GoldDocument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The price of a gram of a fineness set for a day, in minor units."""

    fineness: str
    day: date
    price: Amount


class StaffDocument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person who works in any of the shops; PIN and badge only as hashes, so that she can sign in offline."""

    staff: StaffId
    code: str
    name: str
    role: Role
    active: bool = True
    pin_hash: str = ""
    badge: bytes | None = None


class SettingsDocument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Settings that hold for all tills of the merchant: names of fields, as JSON text of their values."""

    values: dict[str, str]


BODIES: dict[Kind, type[msgspec.Struct]] = {
    Kind.MEMBER: MemberDocument,
    Kind.DESK: DeskDocument,
    Kind.SHOP: ShopDocument,
    Kind.TILL: TillDocument,
    Kind.VARIANT: VariantDocument,
    Kind.PIECE: PieceDocument,
    Kind.GOLD: GoldDocument,
    Kind.STAFF: StaffDocument,
    Kind.SETTINGS: SettingsDocument,
}


def gold_id(fineness: str, day: date) -> bytes:
    """Return the id of a gold price: it is known by its fineness and day."""
    return hashlib.sha256(f"gold {fineness} {day.isoformat()}".encode()).digest()[:16]


def digest_of(kind: str, document: bytes, position: int) -> int:
    """Return what a living document adds to the digest, by exclusive or; tombstones add nothing.

    Both ends keep the digest of all they hold: when a till at the head of the feed has another one, it lacks something.
    """
    plain = kind.encode() + b"\0" + document + position.to_bytes(8, "big")
    return int.from_bytes(hashlib.sha256(plain).digest()[:DIGEST_BYTES], "big")
