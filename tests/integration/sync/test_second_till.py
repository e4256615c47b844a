"""A second till of one shop: it comes in by the shop's code, and two tills never share a code."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from pos_app.services.ports.syncing import EnrolWay, PlatformUnavailableError
from sync.platform import tables
from sync.protocol.errors import Number
from tests.support.platform_server import RunningPlatform, running_platform
from tests.support.shop_on_disk import CANDY
from tests.support.synced_till import SyncedTill, synced_till


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[RunningPlatform]:
    with running_platform(tmp_path) as made:
        yield made


@pytest.fixture
def first(tmp_path: Path, platform: RunningPlatform) -> Iterator[SyncedTill]:
    with synced_till(tmp_path / "first") as made:
        made.enrol(platform, begin=False)
        yield made


@pytest.fixture
def second(tmp_path: Path) -> Iterator[SyncedTill]:
    with synced_till(tmp_path / "second", which=2) as made:
        yield made


def _call(till: SyncedTill, **codes: str) -> None:
    settings = till.shop.shop.settings
    settings.change(till.shop.owner, msgspec.structs.replace(settings.value, **codes))


def test_a_till_with_the_code_of_a_shop_is_a_further_till_of_that_shop(
    platform: RunningPlatform, first: SyncedTill, second: SyncedTill
) -> None:
    here = first.shop.shop.settings.value
    own = second.shop.shop.settings.value.shop_id
    _call(second, shop_code=here.shop_code, till_code="2")
    before = second.shop.sell(CANDY).sale
    second.enrol(platform, way=EnrolWay.JOIN, begin=False)
    assert second.shop.shop.settings.value.shop_id == here.shop_id
    assert second.shop.reopened().shop.settings.value.shop_id == here.shop_id
    after = second.shop.sell(CANDY).sale
    assert (before.shop, after.shop) == (own, here.shop_id)
    assert after.number.startswith(f"{here.shop_code}-2-")
    assert second.shop.verify().passed
    shops = platform.service.database.read(lambda c: c.execute(select(tables.shop.c.shop_id)).scalars().all())
    assert shops == [here.shop_id.bytes]


def test_two_tills_of_a_shop_with_one_code_are_refused_before_their_receipts_meet(
    platform: RunningPlatform, first: SyncedTill, second: SyncedTill
) -> None:
    here = first.shop.shop.settings.value
    _call(second, shop_code=here.shop_code, till_code=here.till_code)
    with pytest.raises(PlatformUnavailableError) as refused:
        second.enrol(platform, way=EnrolWay.JOIN, begin=False)
    assert refused.value.params["number"] == Number.TILL_CODE
    assert second.tokens.token is None
    _call(second, till_code="2")
    second.enrol(platform, way=EnrolWay.JOIN, begin=False)


def test_a_code_for_one_shop_gives_a_till_that_shops_code(
    platform: RunningPlatform, first: SyncedTill, second: SyncedTill
) -> None:
    here = first.shop.shop.settings.value
    assert second.shop.shop.settings.value.shop_code != here.shop_code
    _call(second, till_code="2")
    code = platform.service.new_code(platform.merchant, here.shop_id)
    second.sync.enrolling.enrol(platform.address, code, EnrolWay.JOIN, begin=False)
    settings = second.shop.shop.settings.value
    assert (settings.shop_id, settings.shop_code) == (here.shop_id, here.shop_code)
    assert second.shop.sell(CANDY).sale.number.startswith(f"{here.shop_code}-2-")


def test_nobody_founds_a_merchant_a_second_time(
    platform: RunningPlatform, first: SyncedTill, second: SyncedTill
) -> None:
    with closing(first.sync.connect()) as line:
        first.sync.turns(line).turn()
    with pytest.raises(PlatformUnavailableError) as refused:
        second.enrol(platform, begin=False)
    assert refused.value.params["number"] == Number.FOUNDED_ALREADY
    second.enrol(platform, way=EnrolWay.JOIN, begin=False)


def test_the_address_is_remembered_when_a_till_left(platform: RunningPlatform, first: SyncedTill) -> None:
    first.sync.enrolling.leave()
    assert first.shop.shop.settings.value.platform_address == platform.address


def test_a_till_that_leaves_keeps_no_snapshot_of_everybody(first: SyncedTill) -> None:
    for name in ("snapshot.gz", "snapshot.notes"):
        (first.shop.folder / name).write_bytes(b"half")
    first.sync.enrolling.leave()
    assert not list(first.shop.folder.glob("snapshot*"))


def test_a_till_that_left_may_come_back_with_its_own_code(
    platform: RunningPlatform, first: SyncedTill
) -> None:
    first.sync.enrolling.leave()
    first.enrol(platform, begin=False)
    assert first.link().merchant == platform.merchant
