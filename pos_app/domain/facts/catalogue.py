"""Facts of goods changed by hand at this till. Decides their version 1."""

from datetime import date

import msgspec

from pos_app.domain.values.ids import PieceId, VariantId
from pos_app.domain.values.money import Amount


class GoodsSaved(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A variant was made or changed: the names of the fields, as JSON text of their new values."""

    variant: VariantId
    changes: dict[str, str]
    new: bool = False


class PieceSaved(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A piece was made or changed: the names of the fields, as JSON text of their new values."""

    piece: PieceId
    variant: VariantId
    changes: dict[str, str]
    new: bool = False


class PriceSet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One price before and after, None for none; `barcode` when it is a pack's own."""

    variant: VariantId
    before: Amount | None = None
    after: Amount | None = None
    barcode: str | None = None


class PricesSet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Prices of one list were changed, valid between two days (both counted) where they are given."""

    list: str
    prices: tuple[PriceSet, ...]
    valid_from: date | None = None
    valid_to: date | None = None
    reason: str | None = None
