"""What the platform cannot make sense of is kept, stands in nobody's way, and is shown at the desk until it is read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.exc import DataError

from pos_app.domain.desk import Choice, ItemKind
from pos_app.domain.facts import codec
from pos_app.domain.facts.members import MemberEdited
from sync.platform import sales
from tests.support.shop_on_disk import CANDY
from tests.support.tills_together import LinkedTill, Together, together


@pytest.fixture
def shops(tmp_path: Path, address: str) -> Iterator[Together]:
    with together(tmp_path, address) as made:
        made.till(1)
        yield made


@pytest.fixture
def till(shops: Together) -> LinkedTill:
    return shops.tills[0]


def test_what_a_newer_till_says_is_one_item_until_the_platform_knows_it(
    shops: Together, till: LinkedTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(codec, "KINDS", {k: v for k, v in codec.KINDS.items() if k != "sale.committed"})
        older.setattr(codec, "_NAMES", codec._NAMES)
        for _ in range(3):
            till.shop.sell(CANDY)
        till.push()
        (item,) = shops.desk()
        assert (item.kind, item.about, item.first.text) == (ItemKind.PARKED, "sale.committed", "unknown_kind")
        assert item.first.till_code == till.shop.shop.settings.value.till_code
    while shops.service.reread_parked(shops.service.only_merchant()):
        pass
    assert not shops.desk(), "all of it was read"
    assert not [state for state in shops.states().values() if state[0] == "parked"]


def test_what_cannot_be_opened_is_shown_and_may_be_put_aside(shops: Together, till: LinkedTill) -> None:
    member = till.shop.sign_up("13800138000", "林小满")
    for _ in range(2):
        till.record(MemberEdited(member=member.member_id, fields=("name",), sealed="AAAA", seen_hlc=0))
    till.push()
    (item,) = shops.desk()
    assert (item.kind, item.first.text) == (ItemKind.PARKED, "unreadable")
    till.decide(item, Choice.LEAVE)
    till.push()
    (settled,) = shops.desk()
    assert settled.choice is Choice.LEAVE


def test_a_value_that_the_database_cannot_keep_parks_its_fact_and_no_other(
    shops: Together, till: LinkedTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = till.shop.sell(CANDY).sale, till.shop.sell(CANDY).sale
    take = sales.SalesBook.take
    told: list[Exception] = []

    def cannot(book: sales.SalesBook, placed: sales.Placed) -> str:
        if placed.sale.sale_id == first.sale_id:
            raise DataError("value out of range", None, Exception())
        return take(book, placed)

    monkeypatch.setattr(sales.SalesBook, "take", cannot)
    object.__setattr__(shops.service._outside, "report", told.append)
    till.push()
    (item,) = shops.desk()
    assert (item.about, item.first.text) == ("sale.committed", "bug") and told
    parked = [state for state in shops.states().values() if state[0] == "parked"]
    assert parked == [("parked", "bug")] and second.number != first.number
