"""Labels of goods: which are to be printed, what stands on each today, and which changes of prices are done with.

Decides which code a label carries, that pieces in stock get tags of their own, which changed prices need a new label,
and when a former price is told. Printing and files are `label_output`'s; anybody who is signed in may print labels.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from pos_app.domain.catalogue import (
    ATTRIBUTES,
    RETAIL,
    Barcode,
    Customer,
    Found,
    NoPriceError,
    Piece,
    PieceState,
    Variant,
    choose_price,
    shop_list,
)
from pos_app.domain.values.barcode import is_valid_gtin
from pos_app.domain.values.business_date import business_date
from pos_app.domain.values.ids import PieceId, VariantId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE, quantity_price
from pos_app.services.ports.goods import LabelChange
from pos_app.services.ports.store import Tx
from pos_app.services.workplace import Workplace

if TYPE_CHECKING:
    from pos_app.documents.labels import Face, JewelleryFace, LabelFace

MOST_COPIES = 999
"""Copies of one label: more is a slip of the keyboard."""
MOST_ITEMS = 500
"""Labels fetched at a time: as many as somebody puts on shelves before she fetches the next ones."""
_PAGE = 500
_UNTOLD = "supplier"
"""Whom goods come from is no customer's business."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelItem:
    """A label to print: of a variant by one of its codes, or of a piece.

    `former` is what the goods cost before, `changes` are the numbers of the price changes that this label answers.
    """

    variant_id: VariantId
    piece_id: PieceId | None = None
    barcode: str | None = None
    copies: int = 1
    former: Amount | None = None
    changes: tuple[int, ...] = ()

    @property
    def key(self) -> tuple[VariantId, PieceId | None, str | None]:
        """What tells one label from another."""
        return self.variant_id, self.piece_id, self.barcode


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label to print, with what stands on it now."""

    item: LabelItem
    face: "Face"


@dataclass(frozen=True, slots=True)
class Changed:
    """Labels to print again because prices changed.

    `later` counts changes whose day has not come; `more` says that there are more labels than were asked for.
    """

    items: tuple[LabelItem, ...]
    later: int
    more: bool


class LabelService:
    """Use cases of labels."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    def of_found(self, found: Found) -> tuple[LabelItem, ...]:
        """Return the labels of goods as found: of the piece, the pieces in stock, or the code that was scanned.

        Nothing for a piece that is not in stock.
        """
        with self._work.store.read() as tx:
            return _of_found(tx, found)

    def of_variants(self, variants: Sequence[VariantId]) -> tuple[LabelItem, ...]:
        """Return the labels of goods; those that are gone are left out, pieces in stock stand one by one.

        Where a price changed, the label answers the change.
        """
        changed: dict[VariantId, list[LabelItem]] = {}
        for item in self.changed(sys.maxsize).items:
            changed.setdefault(item.variant_id, []).append(item)
        out: list[LabelItem] = []
        with self._work.store.read() as tx:
            for variant_id in variants:
                variant = tx.catalogue.variant(variant_id)
                if variant is not None:
                    out.extend(changed.get(variant_id) or _of_found(tx, Found(variant=variant)))
        return tuple(out)

    def changed(self, limit: int = MOST_ITEMS) -> Changed:
        """Return the labels whose price on the shelf changed and that were not printed since, oldest change first.

        Prices of members stand on no label; changes of them are passed over.
        """
        today, shelf = self._today(), (RETAIL, shop_list(self._work.settings.value.shop_id))
        items: dict[tuple[VariantId, str | None], LabelItem] = {}
        later, last = 0, 0
        with self._work.store.read() as tx:
            while page := tx.catalogue.price_changes(None, last, _PAGE):
                last = page[-1].no
                for change in page:
                    if change.list not in shelf:
                        continue
                    if change.valid_from is not None and change.valid_from > today:
                        later += 1
                        continue
                    key = change.variant_id, change.barcode
                    if key not in items and len(items) == limit:
                        return Changed(tuple(items.values()), later, more=True)
                    items[key] = _with_change(items.get(key), change)
        return Changed(tuple(items.values()), later, more=False)

    def faces(self, items: Sequence[LabelItem]) -> tuple[Wanted, ...]:
        """Return labels with what stands on them today; those whose goods are gone are left out."""
        out: list[Wanted] = []
        with self._work.store.read() as tx:
            for item in items:
                face = self._face(tx, item)
                if face is not None:
                    out.append(Wanted(item, face))
        return tuple(out)

    def printed(self, items: Sequence[LabelItem]) -> None:
        """Note that labels are on paper: the changes of prices that they answer are done with."""
        numbers = [no for item in items for no in item.changes]
        if numbers:
            with self._work.store.write() as tx:
                tx.catalogue.labels_printed(numbers, self._work.clock.now())

    def _today(self) -> date:
        settings = self._work.settings.value
        return business_date(self._work.clock.now(), settings.zone, settings.day_starts_at)

    def _face(self, tx: Tx, item: LabelItem) -> "Face | None":
        variant = tx.catalogue.variant(item.variant_id)
        if variant is None:
            return None
        if item.piece_id is not None:
            piece = tx.catalogue.piece(item.piece_id)
            return None if piece is None else self._piece_face(variant, piece)
        codes = {code.code: code for code in tx.catalogue.barcodes(item.variant_id)}
        code = _shown(codes.values()) if item.barcode is None else codes.get(item.barcode)
        if item.barcode is not None and code is None:
            return None
        return self._goods_face(tx, item, variant, code)

    def _goods_face(self, tx: Tx, item: LabelItem, variant: Variant, code: Barcode | None) -> "LabelFace":
        # Labels are drawn long after the till stood: nothing of them is loaded while it starts.
        from pos_app.documents.labels import LabelFace

        settings = self._work.settings.value
        price = former = None
        try:
            rows, customer = tx.catalogue.prices(variant.variant_id), Customer(shop=settings.shop_id)
            price = choose_price(
                Found(variant=variant, barcode=code), rows, customer, self._today()
            ).unit_price
        except NoPriceError:
            # What is weighed or asked at the till still wants its code on the shelf.
            pass
        if price is not None:
            # What the variant cost before says nothing of a code with a price of its own.
            of_code = item.barcode is not None or code is None or code.price is None
            before = [item.former if of_code else None, _own(variant, code)]
            former = max((each for each in before if each is not None and each > price), default=None)
        said = dict(variant.attributes)
        return LabelFace(
            name=variant.name,
            code=variant.code,
            currency=settings.money,
            spec=" ".join(said[name] for name in ATTRIBUTES if name in said and name != _UNTOLD),
            price=price,
            former_price=former,
            unit=(code.unit if code is not None else None) or variant.unit or "",
            barcode=code.code if code is not None else "",
            shop=settings.shop_name,
            language=settings.language,
        )

    def _piece_face(self, variant: Variant, piece: Piece) -> "JewelleryFace":
        from pos_app.documents.labels import JewelleryFace

        settings = self._work.settings.value
        return JewelleryFace(
            piece_code=piece.code,
            name=variant.name,
            fineness=piece.fineness,
            net_weight=piece.net_weight_mg,
            gross_weight=piece.gross_weight_mg,
            currency=settings.money,
            # A fixed price holds labour already; told beside it, it would be asked for twice.
            labour=piece.labour if piece.fixed_price is None else None,
            labour_per=piece.labour_per,
            certificate=piece.certificate or "",
            price=piece.fixed_price,
            shop=settings.shop_name,
            language=settings.language,
        )


def added(items: Sequence[LabelItem], new: Sequence[LabelItem]) -> tuple[LabelItem, ...]:
    """Return labels with others added: one that is among them already gets more copies, up to MOST_COPIES.

    A change of price that is answered already asks for no further copy, nor does a piece: there is one of it.
    """
    out = {item.key: item for item in items}
    for item in new:
        there = out.get(item.key)
        if there is None:
            out[item.key] = item
            continue
        known = item.piece_id is not None or (bool(item.changes) and set(item.changes) <= set(there.changes))
        out[item.key] = replace(
            there,
            copies=min(MOST_COPIES, there.copies + (0 if known else item.copies)),
            former=there.former if there.former is not None else item.former,
            changes=tuple(dict.fromkeys((*there.changes, *item.changes))),
        )
    return tuple(out.values())


def _of_found(tx: Tx, found: Found) -> tuple[LabelItem, ...]:
    variant_id = found.variant.variant_id
    if found.piece is not None:
        pieces: Sequence[Piece] = [found.piece]
    elif found.barcode is not None:
        shown = _shown(tx.catalogue.barcodes(variant_id))
        usual = shown is not None and shown.code == found.barcode.code
        # The code that stands on the label anyway is no other label than that of the goods.
        return (LabelItem(variant_id=variant_id, barcode=None if usual else found.barcode.code),)
    else:
        pieces = tx.catalogue.pieces(variant_id)
    if not pieces:
        return (LabelItem(variant_id=variant_id),)
    return tuple(
        LabelItem(variant_id=variant_id, piece_id=piece.piece_id)
        for piece in pieces
        if piece.state is not PieceState.SOLD
    )


def _with_change(item: LabelItem | None, change: LabelChange) -> LabelItem:
    if item is None:
        # The oldest open change says what the label on the shelf still says.
        return LabelItem(
            variant_id=change.variant_id, barcode=change.barcode, former=change.before, changes=(change.no,)
        )
    return replace(item, changes=(*item.changes, change.no))


def _shown(codes: Iterable[Barcode]) -> Barcode | None:
    """Return the code of one selling unit that goes on a label: the trade's own before any other."""
    units = [code for code in codes if code.pack_quantity == ONE]
    return next((code for code in units if is_valid_gtin(code.code)), units[0] if units else None)


def _own(variant: Variant, code: Barcode | None) -> Amount | None:
    """Return the price that holds when no list lowers it."""
    if code is not None and code.price is not None:
        return code.price
    if variant.retail is None or code is None or code.pack_quantity == ONE:
        return variant.retail
    return quantity_price(code.pack_quantity, variant.retail)
