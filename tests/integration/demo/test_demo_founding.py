"""The demo shop is founded through the services of a real one, and everything in it is found again."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.domain.staff import PinError, Role
from pos_app.domain.values.barcode import candidates
from pos_app.persistence.database import open_store
from pos_app.services.demo_founding import found_demo
from pos_app.services.demo_shop import DemoShop, demo_staff, read_demo_shop
from pos_app.services.founding import AlreadyFoundedError
from tests.support.bootstrap import NOON, CountedIds, DemoTill, demo_till


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoTill]:
    """One founded demo for the tests that only look."""
    with demo_till(tmp_path_factory.mktemp("demo")) as founded:
        yield founded


@pytest.fixture(scope="module")
def told() -> DemoShop:
    """What the demo's tables say."""
    return read_demo_shop(NOON, CountedIds().new)


def test_everybody_of_the_login_page_signs_in_with_the_pin_that_stands_there(till: DemoTill) -> None:
    service = till.shop.staff
    for code, name, role, pin, _ in demo_staff():
        actor = service.sign_in(code, pin)
        assert (actor.name, actor.role) == (name, role)
    with pytest.raises(PinError):
        service.sign_in("03", "000000")
    assert till.owner.role is Role.OWNER


def test_every_code_on_the_shelf_is_found(till: DemoTill, told: DemoShop) -> None:
    names = {variant.variant_id: variant.name for variant in told.variants}
    with till.store.read() as tx:
        for barcode in told.barcodes:
            found = tx.catalogue.find_barcode(candidates(barcode.code))
            assert found is not None and found.variant.name == names[barcode.variant_id]
            assert found.barcode is not None and found.barcode.pack_quantity == barcode.pack_quantity
        for piece in told.pieces:
            kept = tx.catalogue.find_piece(piece.code)
            assert kept is not None and kept.piece is not None
            assert kept.piece.net_weight_mg == piece.net_weight_mg
        for item, variant in told.scale_items:
            weighed = tx.catalogue.find_scale_item(item)
            assert weighed is not None and weighed.variant.name == names[variant]


@pytest.mark.parametrize("asked", ["奶瓶", "纸尿裤", "福字", "zhiniaoku", "znk", "GD0001"])
def test_goods_are_found_by_name_pinyin_initials_and_code(till: DemoTill, asked: str) -> None:
    found, total = till.shop.catalogue.search(asked)
    assert total >= len(found) >= 1


def test_every_member_is_found_by_phone_and_a_rare_name_by_itself(till: DemoTill, told: DemoShop) -> None:
    service = till.shop.members
    assert service.count() == len(told.members)
    for member in told.members:
        assert member.phone is not None
        found = service.find_phone(member.phone.removeprefix("+86"))
        assert found is not None and found.profile == member.profile
    rare = next(m.profile.name for m in told.members if m.profile.name and "䶮" in m.profile.name)
    assert [m.profile.name for m in service.search(rare)] == [rare]


def test_gold_has_a_price_yesterday_today_and_next_week(till: DemoTill) -> None:
    prices = {-7: 100_000, -1: 100_800, 0: 101_200, 3: 101_200, 30: 101_200}
    with till.store.read() as tx:
        for days, price in prices.items():
            assert tx.catalogue.gold_price("足金999", NOON.date() + timedelta(days=days)) == price


def test_the_journal_says_who_was_signed_up_but_not_in_plain_text(till: DemoTill, told: DemoShop) -> None:
    with till.store.read() as tx:
        entries = list(tx.journal.entries())
    kinds = [entry.kind for entry in entries]
    assert len([kind for kind in kinds if "member" in kind]) == len(told.members)
    everything = b"".join(entry.body for entry in entries)
    assert "王小满".encode() not in everything and b"13800001234" not in everything


def test_a_shop_is_founded_once(tmp_path: Path) -> None:
    with demo_till(tmp_path) as till, pytest.raises(AlreadyFoundedError):
        found_demo(till.store, till.outside.tools)


def test_two_foundings_with_the_same_outside_write_the_same_journal(tmp_path: Path) -> None:
    heads = []
    for name in ("one", "two"):
        with demo_till(tmp_path / name) as till, till.store.read() as tx:
            heads.append(tx.journal.head())
    assert heads[0] == heads[1] and heads[0].seq > len(demo_staff())


def test_the_books_open_again(tmp_path: Path) -> None:
    with demo_till(tmp_path):
        pass
    store = open_store(tmp_path / "shop.db")
    try:
        with store.read() as tx:
            settings = tx.settings.load()
        assert settings is not None and settings.demo
    finally:
        store.close()
