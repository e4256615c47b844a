"""Which goods, staff and settings a fact of this till is about, and the document of each as it stands now.

Decides what travels whole beside a fact. How much fits into a push is `goods_sending`, what becomes of a document that
comes in `goods_applying`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from pos_app.domain.catalogue import Style
from pos_app.domain.facts.catalogue import GoodsSaved, PieceSaved, PricesSet
from pos_app.domain.facts.codec import UnknownFactError, decode_content
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.sales import SaleCommitted
from pos_app.domain.facts.shop import BadgeGiven, GoldPriceSet, SettingsChanged, StaffSaved
from pos_app.domain.settings import MERCHANT_FIELDS
from pos_app.domain.values.hlc import Hlc
from pos_app.domain.values.ids import PieceId, StaffId, StyleId, VariantId
from pos_app.services.ports.journal import JournalEntry
from pos_app.services.ports.store import Tx
from pos_app.services.sellable import piece_now
from sync.protocol.documents import (
    SETTINGS_ID,
    VERSION,
    GoldDocument,
    Kind,
    PieceDocument,
    SettingsDocument,
    StaffDocument,
    VariantDocument,
    gold_id,
)
from sync.protocol.messages import Offered


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that travels whole: its kind and id, and for a gold price what the id is made of."""

    kind: Kind
    id: bytes
    gold: tuple[str, date] | None = None


SETTINGS = Thing(Kind.SETTINGS, SETTINGS_ID)


def gold_thing(fineness: str, day: date) -> Thing:
    """Return the price of a gram for a day as a thing."""
    return Thing(Kind.GOLD, gold_id(fineness, day), (fineness, day))


# -- what a fact is about ------------------------------------------------------------------------------------


def touched(tx: Tx, entry: JournalEntry) -> tuple[Thing, ...]:
    """Return what a fact of this till is about, each once, in the fact's order.

    A style's fact is about all its variants. A fact of another kind, or of a newer program, is about nothing here; what
    an import brought is not told by its facts (`goods_sending`).
    """
    about = _ABOUT.get(entry.kind)
    if about is None:
        return ()
    try:
        fact = decode_content(entry.kind, entry.version, bytes(decode(entry.body).content))
    except (UnknownFactError, msgspec.DecodeError):
        return ()
    return tuple(dict.fromkeys(about(tx, fact)))


def _goods(tx: Tx, fact: GoodsSaved) -> Iterator[Thing]:
    variant = tx.catalogue.variant(fact.variant)
    if variant is not None:
        yield _variant(fact.variant)
        return
    for each in tx.catalogue.variants_of(StyleId(fact.variant)):
        yield _variant(each.variant_id)


def _piece(_tx: Tx, fact: PieceSaved) -> Iterator[Thing]:
    yield Thing(Kind.PIECE, fact.piece.bytes)


def _prices(_tx: Tx, fact: PricesSet) -> Iterator[Thing]:
    for price in fact.prices:
        yield _variant(price.variant)


def _gold(_tx: Tx, fact: GoldPriceSet) -> Iterator[Thing]:
    yield gold_thing(fact.fineness, fact.day)


def _staff(_tx: Tx, fact: StaffSaved | BadgeGiven) -> Iterator[Thing]:
    yield Thing(Kind.STAFF, fact.staff.bytes)


def _settings(_tx: Tx, fact: SettingsChanged) -> Iterator[Thing]:
    if not fact.changes.keys().isdisjoint(MERCHANT_FIELDS):
        yield SETTINGS


def _sold(tx: Tx, fact: SaleCommitted) -> Iterator[Thing]:
    for line in fact.sale.lines:
        if line.piece is not None:
            yield Thing(Kind.PIECE, piece_now(tx, line.piece, line.code).bytes)


def _variant(variant: VariantId) -> Thing:
    return Thing(Kind.VARIANT, variant.bytes)


_ABOUT: dict[str, Callable[[Tx, Any], Iterator[Thing]]] = {
    "goods.saved": _goods,
    "piece.saved": _piece,
    "prices.set": _prices,
    "gold_price.set": _gold,
    "staff.saved": _staff,
    "staff.badge_given": _staff,
    "settings.changed": _settings,
    "sale.committed": _sold,
}


# -- as it stands now ----------------------------------------------------------------------------------------


def document_of(tx: Tx, thing: Thing) -> msgspec.Struct | None:
    """Return a thing as it stands here; None for what is not here."""
    return _DOCUMENTS[thing.kind](tx, thing)


def offered(tx: Tx, thing: Thing, hlc: Hlc, seen: int = 0) -> Offered | None:
    """Return a thing as it is offered to the platform; None for what is not here."""
    document = document_of(tx, thing)
    return None if document is None else _offered(thing, document, hlc, seen)


def offered_together(tx: Tx, things: Sequence[Thing], hlc: Hlc) -> list[Offered | None]:
    """Return things of one kind as they are offered to the platform, seen by none; None for what is not here."""
    if not things or things[0].kind is not Kind.VARIANT:
        return [offered(tx, thing, hlc) for thing in things]
    goods = variant_documents(tx, [VariantId(UUID(bytes=thing.id)) for thing in things])
    documents = {variant.bytes: document for variant, document in goods.items()}
    return [
        _offered(thing, document, hlc, 0) if (document := documents.get(thing.id)) is not None else None
        for thing in things
    ]


def _offered(thing: Thing, document: msgspec.Struct, hlc: Hlc, seen: int) -> Offered:
    body = _encode(document)
    return Offered(thing.kind.value, thing.id, hlc, gone=False, version=VERSION, body=body, seen=seen)


def gone(thing: Thing, hlc: Hlc) -> Offered:
    """Return that a thing is no more."""
    return Offered(thing.kind.value, thing.id, hlc, gone=True, version=VERSION, body=b"")


def variant_documents(tx: Tx, variants: Sequence[VariantId]) -> dict[VariantId, VariantDocument]:
    """Return those of some goods that are here, with what belongs to them."""
    return {
        goods.variant.variant_id: VariantDocument(
            variant=goods.variant,
            style=goods.style or Style(style_id=goods.variant.style_id, code="", name=""),
            barcodes=goods.barcodes,
            prices=goods.prices,
            batches=goods.batches,
            scale_item=goods.scale_item,
        )
        for goods in tx.catalogue.whole(variants)
    }


def _variant_document(tx: Tx, thing: Thing) -> VariantDocument | None:
    variant_id = VariantId(UUID(bytes=thing.id))
    return variant_documents(tx, [variant_id]).get(variant_id)


def _piece_document(tx: Tx, thing: Thing) -> PieceDocument | None:
    piece = tx.catalogue.piece(PieceId(UUID(bytes=thing.id)))
    return None if piece is None else PieceDocument(piece=piece)


def _gold_document(tx: Tx, thing: Thing) -> GoldDocument | None:
    assert thing.gold is not None
    price = tx.catalogue.gold_price(*thing.gold)
    return None if price is None else GoldDocument(fineness=thing.gold[0], day=thing.gold[1], price=price)


def _staff_document(tx: Tx, thing: Thing) -> StaffDocument | None:
    record = tx.staff.get(StaffId(UUID(bytes=thing.id)))
    if record is None:
        return None
    staff = record.staff
    return StaffDocument(
        staff=staff.staff_id,
        code=staff.code,
        name=staff.name,
        role=staff.role,
        active=staff.active,
        pin_hash=record.pin_hash,
        badge=record.badge,
    )


def _settings_document(tx: Tx, _thing: Thing) -> SettingsDocument | None:
    settings = tx.settings.load()
    if settings is None:
        return None
    values = {name: _encode(getattr(settings, name)).decode() for name in MERCHANT_FIELDS}
    return SettingsDocument(values=values)


_encode = msgspec.json.Encoder().encode
_DOCUMENTS: dict[Kind, Callable[[Tx, Thing], msgspec.Struct | None]] = {
    Kind.VARIANT: _variant_document,
    Kind.PIECE: _piece_document,
    Kind.GOLD: _gold_document,
    Kind.STAFF: _staff_document,
    Kind.SETTINGS: _settings_document,
}
