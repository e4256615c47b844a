"""What may be sold, and at which price."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pos_app.domain.catalogue import (
    Barcode,
    Batch,
    BatchExpiredError,
    Flags,
    Found,
    LevelTooLowError,
    NoGoldPriceError,
    NoPriceError,
    NotYetSoldError,
    Piece,
    PieceSoldError,
    PieceState,
    QuarantinedError,
    Variant,
    check_batch,
    check_sellable,
    piece_price,
    unit_price,
)
from pos_app.domain.sales.line import ComponentKind, LineKind, Per, PriceBasis
from pos_app.domain.values.ids import BatchId, PieceId, StyleId, VariantId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import Milligrams, Quantity
from tests.support.shop_values import number_id

TODAY = date(2026, 11, 22)
TIN = Variant(
    variant_id=VariantId(number_id(1)),
    style_id=StyleId(number_id(2)),
    code="M001",
    name="奶粉 3 段",
    unit="罐",
    category="milk",
    kind=LineKind.GOODS,
    retail=Amount(19_900),
    tax_code="13",
    tax_rate=Decimal("0.13"),
)
RING = Piece(
    piece_id=PieceId(number_id(3)),
    variant_id=TIN.variant_id,
    code="G00001",
    gross_weight_mg=Milligrams(3400),
    net_weight_mg=Milligrams(3260),
    fineness="足金999",
    certificate=None,
    stones=None,
    stone_price=None,
    fixed_price=None,
    labour=Amount(2800),
    labour_per=Per.GRAM,
    tag_price=None,
)


def test_a_tin_has_its_price_and_a_case_its_own_or_that_of_its_tins() -> None:
    case = Barcode(code="16901234567899", variant_id=TIN.variant_id, pack_quantity=Quantity(6000))
    assert (unit_price(Found(variant=TIN)).basis, unit_price(Found(variant=TIN)).unit_price) == (
        PriceBasis.RETAIL,
        19_900,
    )
    assert (
        unit_price(Found(variant=TIN, barcode=case)).basis,
        unit_price(Found(variant=TIN, barcode=case)).unit_price,
    ) == (
        PriceBasis.PACK,
        119_400,
    )
    assert unit_price(Found(variant=TIN, barcode=replace(case, price=Amount(110_000)))).unit_price == 110_000


def test_a_pack_of_part_of_a_unit_is_rounded_half_up() -> None:
    part = Barcode(code="1", variant_id=TIN.variant_id, pack_quantity=Quantity(333))
    assert unit_price(Found(variant=replace(TIN, retail=Amount(101)), barcode=part)).unit_price == 34


def test_goods_without_price_are_open_or_refused() -> None:
    unpriced = replace(TIN, retail=None)
    with pytest.raises(NoPriceError):
        unit_price(Found(variant=unpriced))
    opened = unit_price(Found(variant=replace(unpriced, flags=Flags(open_price=True))))
    assert (opened.basis, opened.unit_price, opened.amount) == (PriceBasis.OPEN, None, None)


def test_a_ring_costs_its_gold_and_its_labour() -> None:
    price = piece_price(RING, Amount(101_200))
    assert (price.basis, price.amount) == (PriceBasis.GOLD, 339_040)
    assert [(p.kind, p.amount, p.per) for p in price.components] == [
        (ComponentKind.METAL, 329_912, Per.GRAM),
        (ComponentKind.LABOUR, 9_128, Per.GRAM),
    ]


def test_labour_by_the_piece_and_stones_are_added_once() -> None:
    price = piece_price(
        replace(RING, labour=Amount(30_000), labour_per=Per.PIECE, stone_price=Amount(88_800)),
        Amount(101_200),
    )
    assert [p.amount for p in price.components] == [329_912, 30_000, 88_800]
    assert price.amount == 329_912 + 30_000 + 88_800


def test_a_piece_with_a_fixed_price_needs_no_gold_price() -> None:
    price = piece_price(replace(RING, fixed_price=Amount(288_000)), None)
    assert (price.basis, price.amount, price.components) == (PriceBasis.PIECE, 288_000, ())


def test_a_piece_is_sold_once_and_never_without_the_price_of_the_day() -> None:
    with pytest.raises(PieceSoldError):
        piece_price(replace(RING, state=PieceState.SOLD), Amount(101_200))
    with pytest.raises(QuarantinedError):
        piece_price(replace(RING, state=PieceState.QUARANTINED), Amount(101_200))
    with pytest.raises(NoGoldPriceError):
        piece_price(RING, None)


def _sell(level: int, **flags: object) -> None:
    check_sellable(replace(TIN, flags=Flags(**flags)), level, TODAY)  # type: ignore[arg-type]


def test_early_goods_are_for_high_levels_until_their_day_and_then_for_all() -> None:
    tomorrow = date(2026, 11, 23)
    _sell(3, minimum_level=3, sold_from=tomorrow)
    with pytest.raises(NotYetSoldError):
        _sell(2, minimum_level=3, sold_from=tomorrow)
    with pytest.raises(NotYetSoldError):
        _sell(5, sold_from=tomorrow)
    _sell(0, minimum_level=3, sold_from=TODAY)


def test_goods_of_a_level_stay_with_it_and_held_back_goods_with_nobody() -> None:
    _sell(2, minimum_level=2)
    with pytest.raises(LevelTooLowError):
        _sell(1, minimum_level=2)
    with pytest.raises(QuarantinedError):
        _sell(5, quarantined=True)


def test_a_batch_is_sold_on_its_last_day_and_not_after() -> None:
    batch = Batch(batch_id=BatchId(number_id(4)), variant_id=TIN.variant_id, code="B7", expires_on=TODAY)
    check_batch(batch, TODAY)
    check_batch(replace(batch, expires_on=None), TODAY)
    with pytest.raises(BatchExpiredError):
        check_batch(batch, date(2026, 11, 23))
