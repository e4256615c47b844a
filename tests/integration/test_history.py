"""Receipts are found again by how their number begins or ends, and no look-up walks a table that grows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.shop_on_disk import CANDY, DiskShop, shop_on_disk
from tests.support.statements import watched


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop with a shift open and twelve sales."""
    with shop_on_disk(tmp_path / "home") as made:
        for _ in range(12):
            made.sell(CANDY)
        yield made


def found(shop: DiskShop, text: str) -> list[str]:
    """Return the counters of the receipts that a text finds."""
    return [sale.number[-6:] for sale in shop.shop.returns.history(text)]


@pytest.mark.parametrize("text", ["12", "000012", "2026-000012"])
def test_a_receipt_is_found_by_the_end_of_its_number(shop: DiskShop, text: str) -> None:
    assert found(shop, text) == ["000012"]


def test_a_receipt_is_found_by_its_whole_number_in_small_letters(shop: DiskShop) -> None:
    number = shop.shop.returns.history("7")[0].number
    assert found(shop, number.lower()) == ["000007"]


def test_the_beginning_of_a_number_finds_them_all_newest_first(shop: DiskShop) -> None:
    number = shop.shop.returns.history("")[0].number
    assert found(shop, number[:-6]) == [f"{n:06d}" for n in range(12, 0, -1)]


def test_a_counter_that_no_receipt_has_finds_none(shop: DiskShop) -> None:
    assert found(shop, "13") == [] == found(shop, "%") == found(shop, "_2")


def test_the_history_walks_no_table_that_grows(shop: DiskShop) -> None:
    with watched() as statements:
        shop.shop.returns.history("")
        shop.shop.returns.history("12")
        shop.shop.shifts.z_reports()
    assert statements.walks(shop.database) == []


def test_a_statement_that_walks_a_table_is_named(shop: DiskShop) -> None:
    with watched() as statements, shop.store.engine.connect() as connection:
        connection.exec_driver_sql("SELECT s.number FROM sale AS s WHERE s.total > ?", (1,)).all()
    assert [(table, rows) for table, _, rows in statements.walks(shop.database)] == [("sale", 12)]
