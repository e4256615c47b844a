"""What the simulation of whole shops found, each as the few steps that brought it about."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from pos_app.domain.members import Member
from pos_app.services.ports.clock import StillWatch
from sync.client.applying import appliers
from sync.client.pulling import PullEngine
from tests.support.feed import NOW_MS
from tests.support.tills_together import LinkedTill, Together, together

PHONE, OTHER_PHONE = "13800138000", "13900139000"


@pytest.fixture
def shops(tmp_path: Path, address: str) -> Iterator[Together]:
    """A platform with two tills of two shops."""
    with together(tmp_path, address) as made:
        made.till(1)
        made.till(2)
        yield made


@pytest.fixture
def a(shops: Together) -> LinkedTill:
    return shops.tills[0]


@pytest.fixture
def b(shops: Together) -> LinkedTill:
    return shops.tills[1]


def pull(till: LinkedTill, now_ms: int = NOW_MS) -> None:
    """Take in all that the platform has."""
    known = appliers(till.shop.shop.settings.value.shop_id, {})
    engine = PullEngine(till.shop.store, till.wire, known, StillWatch())
    while engine.pull(now_ms).more:
        pass


def edit(till: LinkedTill, member: Member, **fields: object) -> None:
    """Edit a member as she stands at a till."""
    here = till.shop.shop.members.get(member.member_id)
    assert here is not None
    news = msgspec.structs.replace(here.profile, **fields)  # type: ignore[arg-type]
    till.shop.shop.members.edit(till.shop.cashier, member.member_id, news, seen=here.profile)


def test_somebody_is_edited_at_a_till_where_she_did_not_sign_up(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    mei = a.shop.sign_up(PHONE, "林小满")
    a.push()
    pull(b)
    edit(b, mei, notes="爱喝茶")
    b.push()
    seen = shops.member(mei.member_id).member
    assert seen is not None and seen.profile.notes == "爱喝茶"
    assert {state for state, _ in shops.states().values()} == {"projected"}
