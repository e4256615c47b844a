"""What services ask of the catalogue."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from pos_app.domain.catalogue import Barcode, Batch, Found, GoldPrice, Piece, PieceState, Variant
from pos_app.domain.values.ids import (
    PieceId,
    VariantId,
)
from pos_app.domain.values.money import Amount


class Catalogue(Protocol):
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

    def variant(self, variant_id: VariantId) -> Variant | None:
        """Return a variant."""
        ...

    def barcodes(self, variant_id: VariantId) -> Sequence[Barcode]:
        """Return the barcodes of a variant."""
        ...

    def pieces(self, variant_id: VariantId) -> Sequence[Piece]:
        """Return the pieces of a variant."""
        ...

    def batches(self, variant_id: VariantId) -> Sequence[Batch]:
        """Return the batches of a variant, the one that expires first in front."""
        ...

    def gold_price(self, fineness: str, on: date) -> Amount | None:
        """Return the price per gram of a fineness that was set for a day."""
        ...

    def set_gold_price(self, fineness: str, on: date, price: Amount) -> None:
        """Set the price per gram of a fineness from a day on."""
        ...

    def gold_prices(self, on: date) -> Sequence[GoldPrice]:
        """Return each fineness that pieces have or prices were set for, with its price of a day and the one before."""
        ...

    def search(self, text: str, limit: int) -> tuple[Sequence[Found], int]:
        """Return variants whose code, name, part of it, pinyin or initials match, and how many there are."""
        ...

    def browse(self, after: str, limit: int) -> Sequence[Variant]:
        """Return variants in code order after a code."""
        ...

    def count(self) -> int:
        """Return how many variants there are."""
        ...

    def save(
        self,
        variants: Sequence[Variant],
        barcodes: Sequence[Barcode],
        pieces: Sequence[Piece] = (),
        batches: Sequence[Batch] = (),
    ) -> None:
        """Write goods, replacing what has the same id, with their search keys."""
        ...

    def set_scale_item(self, item: str, variant_id: VariantId) -> None:
        """Let a scale's item number stand for a variant."""
        ...

    def move_piece(self, piece: PieceId, was: PieceState, now: PieceState) -> bool:
        """Change a piece's state; return False when it was not in the state named."""
        ...
