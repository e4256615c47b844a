"""The demo shop's goods: enough of each kind, codes that scan, prices that add up."""

import re
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from tests.unit.demo.demo_tables import TABLES, column, rows, shop

LENGTHS = {"EAN-13": 13, "EAN-8": 8, "UPC-A": 12, "UPC-E": 12}


def mod10(body: str) -> str:
    """Reckon a GS1 check digit, independently of the product's own."""
    odd, even = sum(map(int, body[::-1][0::2])), sum(map(int, body[::-1][1::2]))
    return str((10 - (3 * odd + even) % 10) % 10)


def test_there_are_three_hundred_products_and_each_can_be_sold_by_a_variant() -> None:
    styles = column("styles", "style")
    assert len(styles) == len(set(styles)) >= 300
    assert set(styles) == set(column("variants", "style"))
    assert len(set(column("styles", "name"))) == len(styles)


def test_three_hundred_codes_scan_and_none_is_on_two_goods() -> None:
    codes = rows("barcodes")
    assert len(codes) == len({row["barcode"] for row in codes}) >= 300
    for row in codes:
        code = row["barcode"]
        assert code.isdigit() and len(code) == LENGTHS[row["symbology"]], row
        assert mod10(code[:-1]) == code[-1], row


def test_every_kind_of_code_is_on_the_shelf() -> None:
    kinds = Counter(column("barcodes", "symbology"))
    assert set(kinds) == set(LENGTHS)
    assert kinds["EAN-8"] >= 3 and kinds["UPC-A"] >= 5


def test_an_ean_13_of_goods_never_looks_like_a_scale_code() -> None:
    thirteen = [row["barcode"] for row in rows("barcodes") if row["symbology"] == "EAN-13"]
    assert all(690 <= int(code[:3]) <= 699 for code in thirteen)


def test_ten_cases_hold_more_than_one_and_cost_no_more_than_their_content() -> None:
    price = {row["variant"]: row["price"] for row in rows("variants")}
    cases = [row for row in rows("barcodes") if int(row["pack_quantity"]) > 1]
    assert len(cases) >= 10
    assert any(row["price"] for row in cases) and any(not row["price"] for row in cases)
    for row in cases:
        if row["price"]:
            whole = Decimal(price[row["variant"]]) * int(row["pack_quantity"])
            assert whole * Decimal("0.8") < Decimal(row["price"]) <= whole


def test_thirty_variants_differ_in_what_their_style_says() -> None:
    axes = {row["style"]: set(filter(None, row["axes"].split("|"))) for row in rows("styles")}
    different = [row for row in rows("variants") if row["colour"] or row["size"] or row["length"]]
    assert len(different) >= 30
    for row in different:
        assert {axis for axis in ("colour", "size", "length") if row[axis]} == axes[row["style"]], row
    assert set(column("variants", "stage")) == {"expecting", "0-12", "12-36", "36-72"}


def test_forty_pieces_each_with_weight_certificate_and_a_way_to_its_price() -> None:
    pieces = rows("pieces")
    gold = set(column("gold_prices", "fineness"))
    assert len(pieces) == len({row["piece"] for row in pieces}) >= 40
    assert len(set(column("pieces", "certificate"))) == len(pieces)
    for row in pieces:
        assert int(row["gross_mg"]) >= int(row["net_mg"]) >= 0 < int(row["gross_mg"]), row
        if row["pricing"] == "gram":
            assert row["fineness"] in gold and row["labour_per_gram"] and int(row["net_mg"]) > 0, row
            assert not row["fixed_price"], row
        else:
            assert row["pricing"] == "fixed" and row["fixed_price"] and not row["labour_per_gram"], row
            assert Decimal(row["cost"]) < Decimal(row["fixed_price"]), row
    assert {"足金999", "足金9999", "18K", "PT950"} <= {row["fineness"] for row in pieces}
    assert any(row["stone_price"] for row in pieces) and any(row["stones"] for row in pieces)


def test_the_worked_example_of_the_golden_case_lies_in_the_window() -> None:
    piece = next(row for row in rows("pieces") if row["piece"] == "GD26110001")
    gold = next(
        row
        for row in rows("gold_prices")
        if row["fineness"] == piece["fineness"] and row["from_in_days"] == "0"
    )
    grams = Decimal(piece["net_mg"]) / 1000
    metal, labour = grams * Decimal(gold["price_per_gram"]), grams * Decimal(piece["labour_per_gram"])
    assert (metal, labour) == (Decimal("3299.12"), Decimal("91.28"))


def test_five_batches_and_one_of_them_is_past_its_day() -> None:
    days = [int(day) for day in column("batches", "expires_in_days")]
    assert len(days) >= 5
    assert any(day < 0 for day in days) and sum(day > 0 for day in days) > len(days) / 2
    required = {row["style"] for row in rows("styles") if row["batch_required"]}
    assert {row["variant"].rpartition("-")[0] for row in rows("batches")} == required
    assert all(int(row["made_in_days"]) <= 0 for row in rows("batches"))


def test_loose_goods_have_an_item_number_that_a_scale_prints() -> None:
    by_weight = {row["style"] for row in rows("styles") if row["by_weight"]}
    numbers = [row["plu"] for row in rows("variants") if row["style"] in by_weight]
    assert len(numbers) == len(set(numbers)) >= 10
    grams = {row["unit"]: row["grams"] for row in rows("units")}
    sold_by = {grams[row["unit"]] for row in rows("styles") if row["by_weight"]}
    assert sold_by == {"500", "1000"}
    for pattern in shop()["scale_codes"]:
        items = pattern["shape"].count("I")
        assert pattern["prefix"].startswith("2") and len(pattern["shape"]) in (13, 18)
        assert all(re.fullmatch(rf"\d{{{items}}}", number) for number in numbers)


@pytest.mark.parametrize(
    "flag", ["quarantined", "no_discount", "no_points", "no_coupon", "open_price", "batch_required"]
)
def test_each_flag_can_be_tried_at_the_till(flag: str) -> None:
    assert set(column("styles", flag)) == {"yes"}


def test_early_purchase_members_only_and_a_coming_day_can_be_tried() -> None:
    styles = rows("styles")
    assert any(row["minimum_level"] and int(row["sold_from_in_days"] or 0) > 0 for row in styles)
    assert any(row["minimum_level"] and not row["sold_from_in_days"] for row in styles)
    assert any(not row["minimum_level"] and int(row["sold_from_in_days"] or 0) > 0 for row in styles)


def test_goods_without_a_price_are_open_priced_or_priced_by_the_piece() -> None:
    style = {row["style"]: row for row in rows("styles")}
    for row in rows("variants"):
        free = style[row["style"]]["open_price"] == "yes" or style[row["style"]]["tracking"] == "piece"
        assert bool(row["price"]) != free, row


def test_every_amount_is_yuan_with_two_decimals_and_above_zero() -> None:
    money = {
        "variants": ("price", "member_price", "cost"),
        "barcodes": ("price",),
        "pieces": ("labour_per_gram", "labour_per_piece", "stone_price", "fixed_price", "tag_price", "cost"),
        "gold_prices": ("price_per_gram",),
        "styles": ("lowest_price",),
    }
    for table, names in money.items():
        for name in names:
            for text in column(table, name):
                assert re.fullmatch(r"[1-9]\d*\.\d\d|0\.\d\d", text) and Decimal(text) > 0, (table, text)


def _dangling(table: str, name: str, target: str, key: str) -> set[str]:
    return set(column(table, name)) - set(column(target, key))


@pytest.mark.parametrize(
    "link",
    [
        ("styles", "category", "categories", "category"),
        ("categories", "parent", "categories", "category"),
        ("styles", "unit", "units", "unit"),
        ("barcodes", "unit", "units", "unit"),
        ("styles", "tax", "taxes", "tax"),
        ("barcodes", "variant", "variants", "variant"),
        ("pieces", "variant", "variants", "variant"),
        ("batches", "variant", "variants", "variant"),
        ("members", "level", "levels", "level"),
        ("children", "member", "members", "member"),
    ],
)
def test_no_row_points_at_something_that_is_not_there(link: tuple[str, str, str, str]) -> None:
    assert _dangling(*link) == set()


def test_taxes_of_thirteen_and_nine_percent_are_both_on_the_shelf() -> None:
    assert {"13", "9"} <= set(column("styles", "tax"))


@pytest.mark.parametrize("table", TABLES)
def test_no_row_has_a_field_too_many_or_too_few(table: str) -> None:
    found: list[dict[Any, Any]] = list(rows(table))
    assert found and all(None not in row and None not in row.values() for row in found)
