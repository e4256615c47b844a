"""Goods and gold prices that come in from the platform, written into this till's own tables.

Decides what a document does here: the whole of it replaces what stood here. At a till that joined, goods of its own are
the merchant's where a code or barcode says so. Whether a document is applied at all is `pulling`'s; staff and settings
are `staff_applying`'s.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

import msgspec

from pos_app.domain.catalogue import Barcode, GoldPriceEntry, Piece, PieceState, Style
from pos_app.domain.values.hlc import wall_ms
from pos_app.domain.values.ids import PieceId, StyleId, VariantId
from pos_app.domain.values.moments import from_ms
from pos_app.services.catalogue_codes import forms_of
from pos_app.services.ports.store import Tx
from pos_app.services.ports.syncing import EnrolWay
from sync.client.applying import Arrival
from sync.client.filling_goods import is_waiting
from sync.client.goods import variant_documents
from sync.client.goods_bringing import StillToBring, is_still_to_bring, still_to_bring
from sync.client.goods_labels import label_changes
from sync.client.staff_applying import apply_settings, apply_staff
from sync.protocol.documents import GoldDocument, Kind, PieceDocument, VariantDocument
from sync.protocol.messages import Document

Applier = Callable[[Tx, Document], bytes | None]
"""Write a document, or take away what it says is gone; return what is to be kept beside its place, or None."""


class Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """What goods of this till had before the merchant's took their place, and still have here."""

    barcodes: tuple[Barcode, ...] = ()
    scale_item: str | None = None


T = TypeVar("T")
_NOTHING_KEPT = Kept()
_variants = msgspec.json.Decoder(VariantDocument)
_pieces = msgspec.json.Decoder(PieceDocument)
_gold_prices = msgspec.json.Decoder(GoldDocument)
_kept = msgspec.json.Decoder(Kept)
_encode = msgspec.json.Encoder().encode


def apply_variant(tx: Tx, document: Document) -> bytes | None:
    """Write goods with their style, barcodes, prices and batches."""
    return apply_variants(tx, (document,))[0]


def apply_variants(tx: Tx, documents: Sequence[Document]) -> list[bytes | None]:
    """Write goods; what is not here yet is written together, which is several times faster. One document an id.

    Returns what is to be kept beside each.
    """
    return _apply(tx, [(document, _told(document)) for document in documents])


def _told(document: Document) -> VariantDocument | bytes | None:
    if document.gone:
        return None
    told: VariantDocument | bytes = _read(_variants, document)
    return told


class VariantApplier:
    """Writes the goods of a chunk together (see `applying.Applier`).

    Remembers up to which number all goods here are the merchant's: where no others are, none can be the same.
    """

    def __init__(self) -> None:
        self._merchants_to = 0

    def ready(self, arrival: Arrival) -> Arrival:
        """There is nothing to make ready."""
        return arrival

    def apply(self, tx: Tx, arrivals: Sequence[Arrival], _now_ms: int) -> Sequence[bytes | None]:
        """Write goods, each another one."""
        read = (each.body if isinstance(each.body, VariantDocument) else None for each in arrivals)
        came = [(each.document, goods) for each, goods in zip(arrivals, read, strict=True)]
        highest = tx.catalogue.alone_above(self._merchants_to)
        self._merchants_to = highest or 0
        return _apply(tx, came, has_own=highest is None)


def _apply(
    tx: Tx, documents: Sequence[tuple[Document, VariantDocument | bytes | None]], *, has_own: bool = True
) -> list[bytes | None]:
    link = tx.links.load()
    joined = has_own and link is not None and link.way == EnrolWay.JOIN
    still = still_to_bring(link)
    here = variant_documents(tx, [VariantId(UUID(bytes=document.id)) for document, _ in documents])
    bodies: list[bytes | None] = []
    new: list[VariantDocument] = []
    for document, read in documents:
        told = _goods_of(tx, document, read, still)
        if not isinstance(told, VariantDocument):
            bodies.append(told)
        elif told.variant.variant_id in here:
            bodies.append(_change(tx, document, here[told.variant.variant_id], told))
        else:
            body = _take_place(tx, told) if joined else None
            bodies.append(body)
            if body is None:
                new.append(told)
    _write_new(tx, new, is_found=has_own or not is_waiting(tx))
    return bodies


def _goods_of(
    tx: Tx, document: Document, told: VariantDocument | bytes | None, still: StillToBring
) -> VariantDocument | bytes | None:
    """Return goods that are to be written; else what is to be kept of their document."""
    if still.holds(tx, document):
        return tx.documents.body(document.kind, document.id)
    if document.gone:
        tx.catalogue.remove_variant(VariantId(UUID(bytes=document.id)))
        return None
    return told


def _read(decoder: msgspec.json.Decoder[T], document: Document) -> T | bytes:
    """Return what a document says; its bytes when a newer program wrote it so that this one cannot read it."""
    try:
        return decoder.decode(document.body)
    except msgspec.DecodeError:
        return document.body


# -- goods ---------------------------------------------------------------------------------------------------


def _write_new(tx: Tx, new: Sequence[VariantDocument], *, is_found: bool = True) -> None:
    """Write goods that are not here."""
    if not new:
        return
    styles: dict[StyleId, Style] = {goods.style.style_id: goods.style for goods in new}
    for style in styles.values():
        _save_style(tx, style)
    tx.catalogue.save_new(
        [goods.variant for goods in new],
        [code for goods in new for code in goods.barcodes],
        [batch for goods in new for batch in goods.batches],
        {goods.variant.variant_id: goods.scale_item for goods in new if goods.scale_item is not None},
        is_found=is_found,
    )
    tx.catalogue.save_prices([row for goods in new for row in goods.prices])


def _save_style(tx: Tx, style: Style) -> None:
    if style.code and tx.catalogue.style(style.style_id) != style:
        tx.catalogue.save_style(style)


def _change(tx: Tx, document: Document, here: VariantDocument, goods: VariantDocument) -> bytes | None:
    """Write what is other than here; goods that are so already stay an import's, which can be taken back still."""
    body = tx.documents.body(document.kind, document.id)
    goods = _with_kept(tx, goods, _kept_of(body))
    _write(tx, here, goods)
    _note_labels(tx, here, goods)
    return body


def _write(tx: Tx, here: VariantDocument, goods: VariantDocument) -> None:
    catalogue, variant_id = tx.catalogue, goods.variant.variant_id
    _save_style(tx, goods.style)
    if goods.variant != here.variant:
        catalogue.save([goods.variant], [])
    if sorted(goods.barcodes, key=_code) != sorted(here.barcodes, key=_code):
        catalogue.set_barcodes(variant_id, goods.barcodes)
    if goods.scale_item != here.scale_item:
        catalogue.set_scale_item(goods.scale_item, variant_id)
    if goods.prices != here.prices:
        wanted = {row.price_id for row in goods.prices}
        catalogue.remove_prices([row.price_id for row in here.prices if row.price_id not in wanted])
        catalogue.save_prices([row for row in goods.prices if row not in here.prices])
    if goods.batches != here.batches:
        wanted_batches = {batch.batch_id for batch in goods.batches}
        catalogue.remove_batches([b.batch_id for b in here.batches if b.batch_id not in wanted_batches])
        catalogue.save([], [], (), [batch for batch in goods.batches if batch not in here.batches])


def _code(barcode: Barcode) -> str:
    return barcode.code


def _note_labels(tx: Tx, before: VariantDocument, after: VariantDocument) -> None:
    """Note labels to print again, as of the latest moment that this till knows of."""
    changes, over = label_changes(before, after)
    if over:
        tx.catalogue.drop_price_changes(over)
    if changes:
        tx.catalogue.add_price_changes(changes, from_ms(wall_ms(tx.journal.head().hlc)))


# -- a till that joined --------------------------------------------------------------------------------------


def _take_place(tx: Tx, goods: VariantDocument) -> bytes | None:
    """Put goods in the place of this till's own, if they are the same; return what is kept of those, else None.

    Sales that were made keep their own copy of what was sold; a cart that is open is paid as it was rung.
    """
    own = _same_goods(tx, goods)
    if own is None:
        return None
    here = variant_documents(tx, [own])[own]
    new_id = goods.variant.variant_id
    known = {code.code for code in goods.barcodes}
    kept = Kept(
        barcodes=tuple(replace(code, variant_id=new_id) for code in here.barcodes if code.code not in known),
        scale_item=here.scale_item if goods.scale_item is None else None,
    )
    tx.catalogue.take_over(own, new_id)
    goods = _with_kept(tx, goods, kept)
    _write_new(tx, (goods,))
    _note_labels(tx, here, goods)
    return _encode(kept)


def _same_goods(tx: Tx, goods: VariantDocument) -> VariantId | None:
    """Return the goods of a till that joined that are these, by code, then by barcode, if they are nobody else's."""
    asked = [("variant", goods.variant.code)]
    asked += [("barcode", form) for code in goods.barcodes for form in forms_of(code.code)]
    for kind, code in asked:
        owner = tx.catalogue.owner_of(kind, code)
        if owner is not None and tx.documents.position(Kind.VARIANT.value, owner.bytes) is None:
            return VariantId(owner)
    return None


def _kept_of(body: bytes | None) -> Kept:
    if body is None:
        return _NOTHING_KEPT
    try:
        return _kept.decode(body)
    except msgspec.DecodeError:
        return _NOTHING_KEPT


def _with_kept(tx: Tx, goods: VariantDocument, kept: Kept) -> VariantDocument:
    """Return goods with the codes that they have here beside the merchant's, as far as nothing else has them."""
    if kept == _NOTHING_KEPT:
        return goods
    mine = goods.variant.variant_id
    there = {code.code for code in goods.barcodes}
    more = [code for code in kept.barcodes if code.code not in there and _is_free(tx, code.code, mine)]
    item = goods.scale_item
    if item is None and kept.scale_item is not None:
        owner = tx.catalogue.owner_of("scale_item", kept.scale_item)
        item = kept.scale_item if owner in (None, mine) else None
    return msgspec.structs.replace(goods, barcodes=(*goods.barcodes, *more), scale_item=item)


def _is_free(tx: Tx, code: str, mine: VariantId) -> bool:
    owners = (
        tx.catalogue.owner_of(kind, form)
        for form in forms_of(code)
        for kind in ("barcode", "variant", "piece")
    )
    return all(owner in (None, mine) for owner in owners)


# -- pieces and gold -----------------------------------------------------------------------------------------


def apply_piece(tx: Tx, document: Document) -> bytes | None:
    """Write a piece with its state: one that was sold in any shop is sold here."""
    if is_still_to_bring(tx, document):
        return None
    if document.gone:
        tx.catalogue.remove_piece(PieceId(UUID(bytes=document.id)))
        return None
    told = _read(_pieces, document)
    if isinstance(told, bytes):
        return told
    piece = told.piece
    here = tx.catalogue.piece(piece.piece_id)
    if here is None:
        piece = _in_place_of_own(tx, piece)
    if here != piece:
        tx.catalogue.save([], [], [piece])
    return None


def _in_place_of_own(tx: Tx, piece: Piece) -> Piece:
    """Take this till's own piece of the same code away; one that was sold here is sold."""
    link = tx.links.load()
    owner = tx.catalogue.owner_of("piece", piece.code)
    if link is None or link.way != EnrolWay.JOIN or owner is None:
        return piece
    own = tx.catalogue.piece(PieceId(owner))
    if own is None or tx.documents.position(Kind.PIECE.value, owner.bytes) is not None:
        return piece
    tx.catalogue.remove_piece(own.piece_id)
    return replace(piece, state=PieceState.SOLD) if own.state is PieceState.SOLD else piece


def apply_gold(tx: Tx, document: Document) -> bytes | None:
    """Set the price of a gram for a day, unless it is so already."""
    if document.gone or is_still_to_bring(tx, document):
        return None
    told = _read(_gold_prices, document)
    if isinstance(told, bytes):
        return told
    if tx.catalogue.gold_price(told.fineness, told.day) != told.price:
        tx.catalogue.set_gold_price(GoldPriceEntry(fineness=told.fineness, day=told.day, price=told.price))
    return None


APPLIERS: dict[Kind, Applier] = {
    Kind.VARIANT: apply_variant,
    Kind.PIECE: apply_piece,
    Kind.GOLD: apply_gold,
    Kind.STAFF: apply_staff,
    Kind.SETTINGS: apply_settings,
}
