"""Goods at the till: looked up, searched, taken in.

Decides how much is written in one transaction, so that selling goes on meanwhile; prices and rules stand in
`domain.catalogue`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from pos_app.domain.catalogue import Barcode, Batch, Found, GoldPrice, Piece, Variant
from pos_app.domain.facts.shop import CatalogueImported, GoldPriceSet
from pos_app.domain.staff import Action
from pos_app.domain.values import barcode
from pos_app.domain.values.ids import VariantId
from pos_app.domain.values.money import Amount
from pos_app.services.acting import Actor
from pos_app.services.ports.store import Store
from pos_app.services.recording import Recorder

CHUNK = 500
"""Styles written in one transaction: some 50 ms, so a sale never waits longer."""


@dataclass(frozen=True, slots=True)
class GoodsToSave:
    """One variant with what belongs to it."""

    variant: Variant
    barcodes: tuple[Barcode, ...] = ()
    pieces: tuple[Piece, ...] = ()
    batches: tuple[Batch, ...] = ()
    scale_item: str | None = None


@dataclass(slots=True)
class _Counts:
    variants: int = 0
    barcodes: int = 0
    pieces: int = 0


class CatalogueService:
    """Use cases of goods."""

    def __init__(self, store: Store, recorder: Recorder) -> None:
        self._store = store
        self._recorder = recorder

    def search(self, text: str, limit: int = 50) -> tuple[tuple[Found, ...], int]:
        """Return goods whose name (or part of it), pinyin, initials or code begins so, and how many there are."""
        with self._store.read() as tx:
            found, total = tx.catalogue.search(text, limit)
        return tuple(found), total

    def browse(self, after: str = "", limit: int = 50) -> tuple[tuple[Variant, ...], int]:
        """Return goods in code order after a code, and how many there are in all."""
        with self._store.read() as tx:
            return tuple(tx.catalogue.browse(after, limit)), tx.catalogue.count()

    def find(self, text: str) -> Found | None:
        """Return what a scanned or typed code stands for, sellable or not; None when it is no goods."""
        code = barcode.strip_symbology(barcode.fold(text))[: barcode.MAX_LENGTH]
        try:
            scale = barcode.parse_scale_code(code, barcode.DEFAULT_SCALE_PATTERNS)
        except barcode.CheckDigitError:
            scale = None
        with self._store.read() as tx:
            found = tx.catalogue.find_piece(code) or tx.catalogue.find_barcode(barcode.candidates(code))
            return found or (tx.catalogue.find_scale_item(scale.item) if scale else None)

    def variant(self, variant_id: VariantId) -> Variant | None:
        """Return a variant."""
        with self._store.read() as tx:
            return tx.catalogue.variant(variant_id)

    def gold_prices(self, on: date) -> tuple[GoldPrice, ...]:
        """Return each fineness with its price per gram of a day and the latest before it; None where none was set."""
        with self._store.read() as tx:
            return tuple(tx.catalogue.gold_prices(on))

    def details(
        self, variant_id: VariantId
    ) -> tuple[tuple[Barcode, ...], tuple[Piece, ...], tuple[Batch, ...]]:
        """Return the barcodes, pieces and batches of a variant."""
        with self._store.read() as tx:
            goods = tx.catalogue
            return (
                tuple(goods.barcodes(variant_id)),
                tuple(goods.pieces(variant_id)),
                tuple(goods.batches(variant_id)),
            )

    def take_in(
        self,
        who: Actor,
        source: str,
        goods: Iterable[GoodsToSave],
        progress: Callable[[int], bool] | None = None,
    ) -> int:
        """Write goods in chunks and record the whole as one fact; return how many variants were written.

        `progress` is told the count after each chunk and stops the rest by returning False.
        """
        who.require(Action.IMPORT_CATALOGUE)
        counts = _Counts()
        for chunk in _chunks(goods):
            with self._store.write() as tx:
                tx.catalogue.save(
                    [g.variant for g in chunk],
                    [b for g in chunk for b in g.barcodes],
                    [p for g in chunk for p in g.pieces],
                    [b for g in chunk for b in g.batches],
                )
                for g in chunk:
                    if g.scale_item is not None:
                        tx.catalogue.set_scale_item(g.scale_item, g.variant.variant_id)
            counts.variants += len(chunk)
            counts.barcodes += sum(len(g.barcodes) for g in chunk)
            counts.pieces += sum(len(g.pieces) for g in chunk)
            if progress is not None and not progress(counts.variants):
                break
        fact = CatalogueImported(
            source=source, variants=counts.variants, barcodes=counts.barcodes, pieces=counts.pieces
        )
        with self._store.write() as tx:
            self._recorder.record(tx, fact, who.staff_id)
        return counts.variants

    def set_gold_price(self, who: Actor, fineness: str, on: date, price: Amount) -> None:
        """Set the price per gram of a fineness for a day."""
        who.require(Action.IMPORT_CATALOGUE)
        with self._store.write() as tx:
            tx.catalogue.set_gold_price(fineness, on, price)
            fact = GoldPriceSet(fineness=fineness, day=on, price=price)
            self._recorder.record(tx, fact, who.staff_id)


def _chunks(goods: Iterable[GoodsToSave]) -> Iterator[list[GoodsToSave]]:
    rest = iter(goods)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
