"""Goods at the till: looked up, searched, taken in; gold prices of the day.

Decides how much is written in one transaction, so that selling goes on meanwhile, and who may set a gold price;
prices and rules stand in `domain.catalogue`, changes by hand in `catalogue_edit`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from pos_app.domain.catalogue import (
    Barcode,
    Batch,
    Found,
    GoldPrice,
    GoldPriceEntry,
    NoGoldPriceError,
    Piece,
    PriceRow,
    Style,
    Variant,
)
from pos_app.domain.catalogue.drafts import DuplicateCodeError
from pos_app.domain.errors import ForbiddenError, InvalidValueError
from pos_app.domain.facts.shop import CatalogueImported, GoldPriceSet
from pos_app.domain.staff import Action, Approval, NeedsApprovalError
from pos_app.domain.staff_limits import permits
from pos_app.domain.values import barcode
from pos_app.domain.values.business_date import business_date
from pos_app.domain.values.ids import StyleId, VariantId
from pos_app.domain.values.money import LIMIT, Amount
from pos_app.services.acting import Actor, must_spend
from pos_app.services.catalogue_codes import forms_of, require_free
from pos_app.services.ports.goods import Hits
from pos_app.services.ports.store import Tx
from pos_app.services.staff import spend_approval
from pos_app.services.workplace import Workplace

CHUNK = 400
"""Goods written in one transaction: some 70 ms on two cores, which is what a sale may have to wait."""
HISTORY = 400
"""How many gold prices of a fineness are told: a year and more, one a day."""


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

    def __init__(self, work: Workplace) -> None:
        self._store = work.store
        self._recorder = work.recorder
        self._settings = work.settings
        self._clock = work.clock

    def search(self, text: str, limit: int = 50) -> Hits:
        """Return goods that a text finds, and how many there are up to a thousand (see `Hits`).

        By name or part of it, pinyin, initials, code, attribute; by barcode or certificate, whole or from its start.
        """
        with self._store.read() as tx:
            return tx.catalogue.search(text, limit)

    def browse(
        self, after: str = "", limit: int = 50, category: str | None = None
    ) -> tuple[tuple[Variant, ...], int]:
        """Return goods in code order after a code, and how many there are in all (of the category)."""
        with self._store.read() as tx:
            return tuple(tx.catalogue.browse(after, limit, category)), tx.catalogue.count(category)

    def categories(self) -> tuple[str, ...]:
        """Return the categories that goods have, in order."""
        with self._store.read() as tx:
            return tuple(tx.catalogue.categories())

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

    def style(self, style_id: StyleId) -> tuple[Style | None, tuple[Variant, ...]]:
        """Return a style with its variants in code order; None for the style of a variant that stands alone."""
        with self._store.read() as tx:
            return tx.catalogue.style(style_id), tuple(tx.catalogue.variants_of(style_id))

    def prices(self, variant_id: VariantId) -> tuple[PriceRow, ...]:
        """Return the price rows of a variant and its barcodes, on every list, past and to come."""
        with self._store.read() as tx:
            return tuple(tx.catalogue.prices(variant_id))

    def scale_item(self, variant_id: VariantId) -> str | None:
        """Return the item number that a scale prints for a variant."""
        with self._store.read() as tx:
            return tx.catalogue.scale_item_of(variant_id)

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

        `progress` is told the count after each chunk and stops the rest by returning False. Raises DuplicateCodeError;
        the chunks before stay.
        """
        who.require(Action.IMPORT_CATALOGUE)
        counts = _Counts()
        for chunk in _chunks(goods):
            with self._store.write() as tx:
                _write(tx, chunk)
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

    # -- gold ----------------------------------------------------------------------------------------------

    def gold_prices(self, on: date) -> tuple[GoldPrice, ...]:
        """Return each fineness with its price per gram of a day and the latest before it; None where none was set."""
        with self._store.read() as tx:
            return tuple(tx.catalogue.gold_prices(on))

    def gold_history(self, fineness: str, limit: int = HISTORY) -> tuple[GoldPriceEntry, ...]:
        """Return the prices set for a fineness, the latest day first: when, by whom and with whose leave."""
        with self._store.read() as tx:
            return tuple(tx.catalogue.gold_history(fineness, limit))

    def set_gold_price(self, who: Actor, fineness: str, on: date, price: Amount) -> None:
        """Set the price per gram of a fineness for a day; what was set before stays in the history.

        Raises InvalidValueError for a price of nothing or beyond LIMIT.
        """
        who.require(Action.IMPORT_CATALOGUE)
        if not permits(self._settings.value.limits, who.role, Action.SET_GOLD_PRICE):
            raise ForbiddenError(action=Action.SET_GOLD_PRICE.value)
        if not 0 < price < LIMIT:
            raise InvalidValueError(field="price", text=str(price))
        with self._store.write() as tx:
            self._set_gold(tx, who, GoldPriceEntry(fineness=fineness, day=on, price=price), None)

    def use_yesterdays_gold_price(
        self, who: Actor, fineness: str, approval: Approval | None = None
    ) -> GoldPriceEntry:
        """Let the latest price per gram hold today as well, and record who allowed it; return it.

        Returns today's price when it was set meanwhile. Raises NeedsApprovalError for whom it is not to allow,
        ApprovalNotValidError, NoGoldPriceError when no price was ever set.
        """
        settings = self._settings.value
        today = business_date(self._clock.now(), settings.zone, settings.day_starts_at)
        with self._store.write() as tx:
            price = tx.catalogue.gold_price(fineness, today)
            if price is not None:
                return GoldPriceEntry(fineness=fineness, day=today, price=price)
            before = tx.catalogue.gold_before(fineness, today)
            if before is None:
                raise NoGoldPriceError(fineness=fineness, before=None, before_on=None)
            entry = GoldPriceEntry(fineness=fineness, day=today, price=before[0])
            needed = NeedsApprovalError(action=Action.SET_GOLD_PRICE, amount=before[0])
            if not must_spend(who, settings.limits, needed, approval) or approval is None:
                return self._set_gold(tx, who, entry, None)
            spend_approval(tx, self._clock, who, needed, approval)
            return self._set_gold(tx, who, entry, approval)

    def _set_gold(
        self, tx: Tx, who: Actor, asked: GoldPriceEntry, approval: Approval | None
    ) -> GoldPriceEntry:
        entry = GoldPriceEntry(
            fineness=asked.fineness,
            day=asked.day,
            price=asked.price,
            set_at=self._clock.now(),
            set_by=who.staff_id,
            approver=approval.approver if approval else None,
        )
        tx.catalogue.set_gold_price(entry)
        fact = GoldPriceSet(
            fineness=entry.fineness,
            day=entry.day,
            price=entry.price,
            approver=entry.approver,
            approval=approval.approval_id if approval else None,
        )
        self._recorder.record(tx, fact, who.staff_id)
        return entry


def _check(tx: Tx, chunk: list[GoodsToSave]) -> None:
    """Raise DuplicateCodeError when a code, in any form of its number, stands for two goods, here or with others."""
    taken: dict[str, Variant] = {}
    for g in chunk:
        mine = g.variant.variant_id
        for code in dict.fromkeys((g.variant.code, *(b.code for b in g.barcodes))):
            for form in forms_of(code):
                other = taken.setdefault(form, g.variant)
                if other.variant_id != mine:
                    raise DuplicateCodeError(code_text=code, name=other.name)
            for kind in ("variant", "barcode"):
                require_free(tx, kind, code, mine)


def _write(tx: Tx, chunk: list[GoodsToSave]) -> None:
    _check(tx, chunk)
    tx.catalogue.save(
        [g.variant for g in chunk],
        [b for g in chunk for b in g.barcodes],
        [p for g in chunk for p in g.pieces],
        [b for g in chunk for b in g.batches],
    )
    for g in chunk:
        if g.scale_item is not None:
            tx.catalogue.set_scale_item(g.scale_item, g.variant.variant_id)


def _chunks(goods: Iterable[GoodsToSave]) -> Iterator[list[GoodsToSave]]:
    rest = iter(goods)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
