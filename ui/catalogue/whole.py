"""One of the goods with everything that is told and edited of it, read at once on the lane.

Decides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pos_app.domain.catalogue import Barcode, Batch, Piece, PriceRow, Style, Variant
from pos_app.domain.values.ids import PieceId, VariantId
from pos_app.services.catalogue_walk import CatalogueWalk
from pos_app.services.ports.selling import PieceSale
from pos_app.services.shop import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A variant with its style and siblings, codes, prices, pieces, batches and the bytes of its picture.

    `sales` are the receipts with which pieces went.
    """

    variant: Variant
    style: Style | None = None
    siblings: tuple[Variant, ...] = ()
    barcodes: tuple[Barcode, ...] = ()
    pieces: tuple[Piece, ...] = ()
    batches: tuple[Batch, ...] = ()
    prices: tuple[PriceRow, ...] = ()
    scale_item: str | None = None
    picture: bytes | None = None
    sales: Mapping[PieceId, PieceSale] = field(default_factory=dict)


def read_whole(shop: Shop, variant_id: VariantId) -> Whole | None:
    """Read one of the goods; None when it is gone. On the lane only."""
    variant = shop.catalogue.variant(variant_id)
    if variant is None:
        return None
    style, siblings = shop.catalogue.style(variant.style_id)
    barcodes, pieces, batches = shop.catalogue.details(variant_id)
    picture = shop.catalogue_pictures.picture(variant.picture) if variant.picture else None
    return Whole(
        variant=variant,
        style=style,
        siblings=siblings,
        barcodes=barcodes,
        pieces=pieces,
        batches=batches,
        prices=shop.catalogue.prices(variant_id),
        scale_item=shop.catalogue.scale_item(variant_id),
        picture=picture.content if picture else None,
        sales=CatalogueWalk(shop.store).sales_of(pieces),
    )
