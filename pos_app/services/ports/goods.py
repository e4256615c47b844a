"""What services ask of the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from pos_app.domain.catalogue import (
    Barcode,
    Batch,
    Found,
    GoldPrice,
    GoldPriceEntry,
    Piece,
    PieceState,
    PriceRow,
    Style,
    Variant,
)
from pos_app.domain.values.ids import (
    BatchId,
    PieceId,
    PriceId,
    StaffId,
    StyleId,
    VariantId,
)
from pos_app.domain.values.money import Amount

COUNTED = 1_000
"""How far found goods are counted: beyond, a list says "1,000+"."""


class Hits(NamedTuple):
    """Goods that a text finds; `total` is COUNTED + 1 when there are more than COUNTED."""

    found: tuple[Found, ...]
    total: int

    @property
    def capped(self) -> bool:
        """Whether there are more than were counted."""
        return self.total > COUNTED


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of goods: JPEG or PNG bytes, a small one of it, and the SHA-256 of the bytes in hex."""

    sha256: str
    media_type: str
    content: bytes
    thumbnail: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLabelChange:
    """A price that was changed on a list, for a label to be printed again; None for no price."""

    variant_id: VariantId
    list: str
    before: Amount | None
    after: Amount | None
    barcode: str | None = None
    valid_from: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelChange(NewLabelChange):
    """A noted change; `printed_at` is when its label was printed."""

    no: int
    changed_at: datetime
    printed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BulkEditMade:
    """A change of many goods that can be taken back."""

    no: int
    made_at: datetime
    made_by: StaffId
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsWhole:
    """Goods with all that belongs to them; prices and batches in the order of their ids.

    Without a style of several variants `style` is None.
    """

    variant: Variant
    style: Style | None
    barcodes: tuple[Barcode, ...]
    prices: tuple[PriceRow, ...]
    batches: tuple[Batch, ...]
    scale_item: str | None


class PriceLists(Protocol):
    """Price rows, and the prices that were changed."""

    def prices(self, variant_id: VariantId) -> Sequence[PriceRow]:
        """Return the price rows of a variant and its barcodes, on every list, past and to come."""
        ...

    def save_prices(self, rows: Sequence[PriceRow]) -> None:
        """Write price rows by hand, replacing what has the same id."""
        ...

    def remove_prices(self, prices: Sequence[PriceId]) -> None:
        """Remove price rows."""
        ...

    def add_price_changes(self, changes: Sequence[NewLabelChange], at: datetime) -> None:
        """Note prices that were changed."""
        ...

    def drop_price_changes(self, changes: Sequence[NewLabelChange]) -> None:
        """Take noted changes back whose labels were not printed: those of the same goods, list, day and `before`."""
        ...

    def price_changes(self, since: datetime | None, after: int, limit: int) -> Sequence[LabelChange]:
        """Return prices changed since a moment in order, or those whose labels are to be printed without one."""
        ...

    def labels_printed(self, numbers: Sequence[int], at: datetime) -> None:
        """Note that the labels of changes were printed."""
        ...


class GoldPrices(Protocol):
    """Prices per gram by fineness, with every one that was set."""

    def gold_price(self, fineness: str, on: date) -> Amount | None:
        """Return the price per gram of a fineness that was set for a day."""
        ...

    def gold_before(self, fineness: str, on: date) -> tuple[Amount, date] | None:
        """Return the latest price per gram set for a day before this one, with its day."""
        ...

    def set_gold_price(self, entry: GoldPriceEntry) -> None:
        """Add a price per gram of a fineness for a day; it holds from now on."""
        ...

    def gold_history(self, fineness: str, limit: int) -> Sequence[GoldPriceEntry]:
        """Return every price set for a fineness, the latest day first."""
        ...

    def gold_prices(self, on: date) -> Sequence[GoldPrice]:
        """Return each fineness that pieces have or prices were set for, with its price of a day and the one before."""
        ...


class Shelf(Protocol):
    """Pictures of goods, and the last change of many."""

    def save_picture(self, picture: Picture) -> None:
        """Keep a picture; nothing happens when it is here."""
        ...

    def picture(self, sha256: str) -> Picture | None:
        """Return a picture."""
        ...

    def thumbnail(self, sha256: str) -> bytes | None:
        """Return the small picture of one."""
        ...

    def begin_bulk_edit(self, staff: StaffId, at: datetime) -> int:
        """Begin a change of many goods and return its number; the one before can no longer be taken back."""
        ...

    def note_bulk_changes(self, edit: int, changes: Sequence[tuple[Variant, Variant]]) -> None:
        """Keep what goods were before a change of many, and after."""
        ...

    def last_bulk_edit(self) -> BulkEditMade | None:
        """Return the last change of many, if it was not taken back."""
        ...

    def bulk_changes(
        self, edit: int, after: VariantId | None, limit: int
    ) -> Sequence[tuple[Variant, Variant]]:
        """Return what goods were before a change of many, and after, in the order of their ids."""
        ...

    def bulk_edit_undone(self, edit: int, at: datetime) -> None:
        """Note that a change of many was taken back."""
        ...


class TravellingGoods(Protocol):
    """Goods on their way to and from a platform: walked in the order of their ids, taken over, taken away.

    `since` leaves out what no import from that number of a batch on brought; 0 is everything.
    """

    def whole(self, variants: Sequence[VariantId]) -> Sequence[GoodsWhole]:
        """Return those of some variants that are here, in their order, with all that belongs to them."""
        ...

    def variants_after(self, after: bytes, since: int, limit: int) -> Sequence[VariantId]:
        """Return variants after an id (b"" is the beginning), also those of which an import brought a price only."""
        ...

    def pieces_after(self, after: bytes, since: int, limit: int) -> Sequence[PieceId]:
        """Return pieces after an id."""
        ...

    def gold_days(self, after: tuple[str, date] | None, limit: int) -> Sequence[tuple[str, date]]:
        """Return finenesses with the days for which a price was set, in that order, after one of them."""
        ...

    def was_brought(self, thing: VariantId | PieceId, since: int) -> bool:
        """Whether an import from a batch on brought a variant, a price of it, or a piece, and it is so still."""
        ...

    def documents_gone(self, kind: str, after: bytes, limit: int) -> Sequence[bytes]:
        """Return ids, after one, of documents of kind variant or piece whose goods are here no more."""
        ...

    def alone(self, after: bytes, limit: int) -> Sequence[Variant]:
        """Return variants, after an id in its order, that are no document and are not held back."""
        ...

    def alone_above(self, number: int) -> int | None:
        """Return the highest number of goods when all above a number are documents, as is the one of the number.

        None when some are not. Numbers go up by one with each of the goods that come in; 0 asks for all.
        """
        ...

    def count_alone(self) -> int:
        """Return how many variants are no document and not held back; walks them all."""
        ...

    def pieces_alone(self, after: bytes, limit: int) -> Sequence[Piece]:
        """Return pieces in stock, after an id in its order, that are no document."""
        ...

    def save_new(
        self,
        variants: Sequence[Variant],
        barcodes: Sequence[Barcode],
        batches: Sequence[Batch],
        scale_items: Mapping[VariantId, str],
        *,
        is_found: bool = True,
    ) -> None:
        """Write many variants that are not here, with what belongs to them; their scale items stand for nothing else.

        Unless it `is_found`, what finds them by words is written later (`ports.filling`).
        """
        ...

    def remove_variant(self, variant_id: VariantId) -> None:
        """Remove goods in every version, with their codes, keys and prices; batches and pieces stay."""
        ...

    def remove_piece(self, piece_id: PieceId) -> None:
        """Remove a piece in every version."""
        ...

    def remove_batches(self, batches: Sequence[BatchId]) -> None:
        """Remove batches."""
        ...

    def take_over(self, old: VariantId, new: VariantId) -> None:
        """Let one variant stand in the place of another, which goes.

        Its pieces, batches and labels are the new one's then; a batch whose code that one has already goes too.
        """
        ...


class Catalogue(PriceLists, GoldPrices, Shelf, TravellingGoods, Protocol):
    """Goods."""

    def find_barcode(self, codes: Sequence[str]) -> Found | None:
        """Return what the first known of the codes stands for: a barcode, or a variant's own code."""
        ...

    def find_piece(self, code: str) -> Found | None:
        """Return a piece by its code."""
        ...

    def find_scale_item(self, item: str) -> Found | None:
        """Return the weighed variant of a scale's item number."""
        ...

    def owner_of(self, kind: str, code: str) -> VariantId | PieceId | StyleId | None:
        """Return whose code this is; `kind` is variant, barcode, piece, certificate, scale_item or style."""
        ...

    def variant(self, variant_id: VariantId) -> Variant | None:
        """Return a variant."""
        ...

    def style(self, style_id: StyleId) -> Style | None:
        """Return a style; None for the style of a variant that stands alone."""
        ...

    def variants_of(self, style_id: StyleId) -> Sequence[Variant]:
        """Return the variants of a style in code order."""
        ...

    def barcodes(self, variant_id: VariantId) -> Sequence[Barcode]:
        """Return the barcodes of a variant."""
        ...

    def scale_item_of(self, variant_id: VariantId) -> str | None:
        """Return the item number that a scale prints for a variant."""
        ...

    def piece(self, piece_id: PieceId) -> Piece | None:
        """Return a piece."""
        ...

    def pieces(self, variant_id: VariantId) -> Sequence[Piece]:
        """Return the pieces of a variant in code order."""
        ...

    def batches(self, variant_id: VariantId) -> Sequence[Batch]:
        """Return the batches of a variant, the one that expires first in front, those that never do at the end."""
        ...

    def batch(self, batch_id: BatchId) -> Batch | None:
        """Return a batch."""
        ...

    def search(self, text: str, limit: int) -> Hits:
        """Return goods by name, part of it, pinyin, initials, code, attribute, barcode or certificate."""
        ...

    def selected(self, text: str | None, category: str | None) -> Sequence[VariantId]:
        """Return all goods that a text finds, or without one all of a category; without both none."""
        ...

    def browse(self, after: str, limit: int, category: str | None = None) -> Sequence[Variant]:
        """Return variants in code order after a code, of one category where it is given."""
        ...

    def count(self, category: str | None = None) -> int:
        """Return how many variants there are, of one category where it is given."""
        ...

    def categories(self) -> Sequence[str]:
        """Return the categories that goods have, in order."""
        ...

    def save(
        self,
        variants: Sequence[Variant],
        barcodes: Sequence[Barcode],
        pieces: Sequence[Piece] = (),
        batches: Sequence[Batch] = (),
    ) -> None:
        """Write goods by hand, replacing what has the same id, with their search keys.

        Barcodes are added to those that a variant has, or replace the one of the same code.
        """
        ...

    def set_barcodes(self, variant_id: VariantId, barcodes: Sequence[Barcode]) -> None:
        """Give a variant these barcodes and no others."""
        ...

    def save_style(self, style: Style) -> None:
        """Write a style, replacing the one of the same id."""
        ...

    def set_scale_item(self, item: str | None, variant_id: VariantId) -> None:
        """Let a scale's item number stand for a variant and no other; None takes its number away."""
        ...

    def move_piece(self, piece: PieceId, was: PieceState, now: PieceState) -> bool:
        """Change a piece's state; return False when it was not in the state named."""
        ...
