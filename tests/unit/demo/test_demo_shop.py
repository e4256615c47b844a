"""The demo shop as values: it sells by the rules of the domain on any day it is opened."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from pos_app.domain.catalogue import (
    BatchExpiredError,
    Found,
    LevelTooLowError,
    NotYetSoldError,
    PieceState,
    QuarantinedError,
    Variant,
    check_batch,
    check_sellable,
    piece_price,
    unit_price,
)
from pos_app.domain.members import KeyKind, Purpose, Stage, check_consents, stage_of
from pos_app.domain.sales.line import ComponentKind, PriceBasis
from pos_app.domain.settings import check_settings
from pos_app.domain.values.barcode import candidates
from pos_app.services.demo_shop import DemoShop, read_demo_shop

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)


def counted_ids() -> Callable[[], UUID]:
    """Give ids in order, always the same."""
    numbers = iter(range(1, 1_000_000))
    return lambda: UUID(int=(7 << 76) | (1 << 63) | next(numbers))


@pytest.fixture(scope="module")
def shop() -> DemoShop:
    """The demo shop of one noon."""
    return read_demo_shop(NOON, counted_ids())


def _named(shop: DemoShop, part: str) -> Variant:
    return next(variant for variant in shop.variants if part in variant.name)


def _gold_today(shop: DemoShop) -> dict[str, int]:
    return {fineness: price for fineness, day, price in sorted(shop.gold_prices) if day <= TODAY}


def test_the_same_day_gives_the_same_shop(shop: DemoShop) -> None:
    assert read_demo_shop(NOON, counted_ids()) == shop


def test_the_shop_is_one_that_the_till_can_work_with(shop: DemoShop) -> None:
    check_settings(shop.settings)
    assert shop.settings.demo and shop.settings.shop_name == "南京路店"
    codes = {tax.code: tax.rate for tax in shop.settings.tax_classes}
    assert all(codes[v.tax_code or ""] == v.tax_rate for v in shop.variants)


def test_everything_has_an_id_of_its_own(shop: DemoShop) -> None:
    ids: list[UUID] = [person.staff.staff_id for person in shop.staff]
    ids += [v.variant_id for v in shop.variants] + [p.piece_id for p in shop.pieces]
    ids += [b.batch_id for b in shop.batches] + [m.member_id for m in shop.members]
    ids += [consent.consent_id for member in shop.members for consent in member.consents]
    ids += [shop.settings.shop_id, shop.settings.till_id]
    assert len(ids) == len(set(ids)) > 1000


def test_the_golden_bracelet_costs_what_the_scale_and_the_day_say(shop: DemoShop) -> None:
    piece = next(piece for piece in shop.pieces if piece.code == "GD26110001")
    price = piece_price(piece, _gold_today(shop)["足金999"])  # type: ignore[arg-type]
    assert {part.kind: part.amount for part in price.components} == {
        ComponentKind.METAL: 329_912,
        ComponentKind.LABOUR: 9_128,
    }
    assert price.amount == 339_040


def test_every_piece_in_stock_has_a_price_today(shop: DemoShop) -> None:
    gold = _gold_today(shop)
    for piece in shop.pieces:
        if piece.state is PieceState.IN_STOCK:
            price = piece_price(piece, gold.get(piece.fineness))  # type: ignore[arg-type]
            assert price.amount is not None and price.amount > 10_000, piece
    held_back = [piece for piece in shop.pieces if piece.state is PieceState.QUARANTINED]
    assert held_back
    with pytest.raises(QuarantinedError):
        piece_price(held_back[0], None)


def test_everything_else_has_a_price_or_is_open_or_sold_by_the_piece(shop: DemoShop) -> None:
    by_piece = {piece.variant_id for piece in shop.pieces}
    for variant in shop.variants:
        if variant.variant_id not in by_piece:
            price = unit_price(Found(variant=variant))
            assert price.basis is (PriceBasis.OPEN if variant.flags.open_price else PriceBasis.RETAIL)


def test_a_case_costs_its_own_price_or_its_content(shop: DemoShop) -> None:
    variants = {v.variant_id: v for v in shop.variants}
    cases = [code for code in shop.barcodes if code.pack_quantity > 1000]
    for case in cases:
        price = unit_price(Found(variant=variants[case.variant_id], barcode=case))
        assert price.basis is PriceBasis.PACK and price.unit_price and price.unit_price > 1_000
    assert any(case.price for case in cases) and any(case.price is None for case in cases)


def test_loose_dates_are_priced_by_the_kilogram_though_the_shelf_says_500_grams(shop: DemoShop) -> None:
    dates, carrots = _named(shop, "若羌红枣"), _named(shop, "有机胡萝卜")
    assert (dates.unit, dates.retail) == ("kg", 6_400)
    assert (carrots.unit, carrots.retail) == ("kg", 1_580)
    items = dict(shop.scale_items)
    assert items["00101"] == dates.variant_id and items["00201"] == carrots.variant_id


def test_a_short_american_code_is_found_by_what_a_scanner_sends(shop: DemoShop) -> None:
    known = {code.code for code in shop.barcodes}
    upc_a = next(code for code in known if code.startswith("0987"))
    assert upc_a in candidates("0987343" + upc_a[-1])


def test_early_members_only_and_quarantined_goods_are_refused_as_they_should(shop: DemoShop) -> None:
    pram, note = _named(shop, "高景观婴儿推车"), _named(shop, "金钞")
    check_sellable(pram, level=3, on=TODAY)
    with pytest.raises(NotYetSoldError):
        check_sellable(pram, level=2, on=TODAY)
    check_sellable(pram, level=0, on=TODAY + timedelta(days=14))
    check_sellable(note, level=1, on=TODAY)
    with pytest.raises(LevelTooLowError):
        check_sellable(note, level=0, on=TODAY)
    with pytest.raises(QuarantinedError):
        check_sellable(_named(shop, "恒温调奶器"), level=5, on=TODAY)
    with pytest.raises(NotYetSoldError):
        check_sellable(_named(shop, "待产包 秋冬"), level=5, on=TODAY)


@pytest.mark.parametrize("days_later", [0, 400])
def test_a_batch_is_past_its_day_whenever_the_demo_is_made(days_later: int) -> None:
    now = NOON + timedelta(days=days_later)
    expired = 0
    for batch in read_demo_shop(now, counted_ids()).batches:
        try:
            check_batch(batch, now.date())
        except BatchExpiredError:
            expired += 1
    assert expired == 3


def test_members_agreed_and_their_children_are_in_every_stage(shop: DemoShop) -> None:
    stages = set()
    for member in shop.members:
        check_consents(member.consents, member.profile.children)
        assert member.phone is not None and member.joined_at < NOON
        stages |= {stage_of(child, TODAY) for child in member.profile.children}
    assert stages == set(Stage)
    by_channel = {c.channel for m in shop.members for c in m.consents if c.purpose is Purpose.MARKETING}
    assert by_channel == {"sms", "wechat", "phone"}


def test_xiaoman_of_the_first_row_has_two_phones_a_card_and_a_birthday_soon(shop: DemoShop) -> None:
    first = shop.members[0]
    assert first.profile.name == "王小满" and first.phone == "+8613800001234"
    assert [key.kind for key in first.profile.keys] == [KeyKind.PHONE, KeyKind.PHONE, KeyKind.CARD]
    birthday = first.profile.birthday
    assert birthday is not None
    assert 0 <= (birthday.replace(year=TODAY.year) - TODAY).days <= 7


def test_after_midnight_the_gold_price_of_the_running_day_is_there() -> None:
    half_past_midnight = datetime(2026, 11, 28, 16, 30, tzinfo=UTC)
    shop = read_demo_shop(half_past_midnight, counted_ids())
    days = [day for fineness, day, _ in shop.gold_prices if fineness == "足金999"]
    assert max(days) == date(2026, 11, 28)
