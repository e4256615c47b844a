"""A sold piece names the receipt with which it went: the latest one, and none once it is back."""

from datetime import timedelta

from pos_app.domain.catalogue import Piece
from pos_app.services.catalogue_walk import CatalogueWalk
from pos_app.services.ports.selling import PieceSale
from tests.support.shop_on_disk import NECKLACE, RING, DiskShop
from tests.support.statements import watched


def ring(shop: DiskShop) -> Piece:
    found = shop.shop.catalogue.find(RING)
    assert found is not None and found.piece is not None
    return found.piece


def told(shop: DiskShop) -> PieceSale | None:
    """Return the receipt that is told of the ring."""
    piece = ring(shop)
    return CatalogueWalk(shop.store).sales_of([piece]).get(piece.piece_id)


def test_a_sold_piece_names_its_receipt_and_business_date(shop: DiskShop) -> None:
    assert told(shop) is None
    sale = shop.sell(NECKLACE, RING).sale
    assert told(shop) == PieceSale(sale.number, sale.business_date)


def test_a_piece_that_came_back_names_none_and_sold_again_the_latest(shop: DiskShop) -> None:
    first = shop.sell(RING).sale
    shop.take_back(first)
    assert told(shop) is None
    with shop.store.read() as tx:
        assert tx.sales.of_pieces([ring(shop).piece_id]) == {}
    shop.clock.forward(timedelta(days=1))
    second = shop.sell(RING).sale
    assert second.business_date > first.business_date
    assert told(shop) == PieceSale(second.number, second.business_date)


def test_the_sale_of_a_piece_is_found_by_an_index(shop: DiskShop) -> None:
    shop.sell(RING)
    with watched() as statements:
        assert told(shop) is not None
    assert statements.walks(shop.database) == []
