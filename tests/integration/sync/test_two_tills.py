"""Two tills with their runners and a platform over HTTP: one founds the merchant's records, the other joins them."""

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.domain.members import Member
from pos_app.services.ports.syncing import EnrolWay, PlatformUnavailableError, SyncLight, SyncStatus
from sync.client.filling_crew import ProcessCrew
from sync.client.shops import shop_names
from sync.protocol.errors import Number
from tests.support.platform_server import RunningPlatform, running_platform
from tests.support.shop_on_disk import CANDY
from tests.support.synced_till import SyncedTill, synced_till


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[RunningPlatform]:
    """A platform that listens."""
    (tmp_path / "platform").mkdir()
    with running_platform(tmp_path / "platform") as running:
        yield running


@pytest.fixture
def first(tmp_path: Path, platform: RunningPlatform) -> Iterator[SyncedTill]:
    """The till that founded the merchant's records."""
    with synced_till(tmp_path / "first") as made:
        made.enrol(platform)
        made.await_status(is_quiet)
        yield made


@pytest.fixture
def second(tmp_path: Path) -> Iterator[SyncedTill]:
    """A till of another shop that stands alone; real processes take its members in."""
    crew = (sys.executable, "-m", "ui.cli.filling_child")
    with synced_till(tmp_path / "second", 2, lambda: ProcessCrew(crew)) as made:
        yield made


def is_quiet(status: SyncStatus) -> bool:
    return status.light is SyncLight.OK and status.unsent == 0


def found_at(till: SyncedTill, phone: str) -> Member | None:
    with till.shop.store.read() as tx:
        return tx.members.by_key("phone", phone)


def test_a_till_that_joins_has_the_members_and_what_is_new_comes_by_itself(
    platform: RunningPlatform, first: SyncedTill, second: SyncedTill
) -> None:
    known = first.shop.sign_up("13800138001", "王小满")
    first.await_status(is_quiet)
    second.enrol(platform, way=EnrolWay.JOIN)
    second.await_status(
        lambda status: is_quiet(status) and status.filling is None and bool(second.link().cursor)
    )
    phone = known.profile.keys[0].value
    came = found_at(second, phone)
    assert came is not None and came.member_id == known.member_id and came.profile.name == "王小满"
    second.shop.sell(CANDY, member=came)
    new = first.shop.sign_up("13800138002", "陈大文")
    second.sync.runner.wake()
    second.await_status(lambda _status: found_at(second, new.profile.keys[0].value) is not None)
    assert set(shop_names(second.shop.store)) >= {first.shop.shop.current.value.shop_id}
    assert first.bugs == second.bugs == []


def test_a_member_who_is_not_here_yet_is_asked_for_and_can_be_used_at_once(
    platform: RunningPlatform, first: SyncedTill, second: SyncedTill
) -> None:
    second.enrol(platform, way=EnrolWay.JOIN, begin=False)
    known = first.shop.sign_up("13800138003", "周婷")
    sold = first.shop.sell(CANDY, member=known)
    first.await_status(is_quiet)
    phone = known.profile.keys[0].value
    assert found_at(second, phone) is None
    found = second.sync.asking.members("13800138003")
    assert [(each.member.member_id, each.here) for each in found] == [(known.member_id, False)]
    came = found_at(second, phone)
    assert came is not None and came.profile.name == "周婷"
    second.shop.sell(CANDY, member=came)
    assert [each.here for each in second.sync.asking.members("13800138003")] == [True]
    bought = second.sync.asking.sales(known.member_id)
    assert [each.sale.sale_id for each in bought] == [sold.sale.sale_id]
    receipt = second.sync.asking.receipt(sold.sale.number)
    assert receipt is not None and receipt.sale.total == sold.sale.total and receipt.counts
    assert second.sync.asking.receipt("nothing") is None and second.sync.asking.members("13999999999") == []


def test_what_was_asked_for_is_not_counted_twice_when_the_feed_brings_it(
    platform: RunningPlatform, first: SyncedTill, second: SyncedTill
) -> None:
    second.enrol(platform, way=EnrolWay.JOIN)
    second.await_status(lambda status: is_quiet(status) and bool(second.link().cursor))
    second.sync.runner.stop()
    known = first.shop.sign_up("13800138004", "林小雨")
    first.await_status(is_quiet)
    before = second.link().digest
    second.sync.asking.members("13800138004")
    assert second.link().digest != before
    assert found_at(second, known.profile.keys[0].value) is not None
    with closing(second.sync.connect()) as line, closing(second.sync.turns(line)) as turns:
        for _ in range(3):
            turns.turn()
    assert second.link().refetched_at_ms == 0, "both ends agree about what is here"


def test_a_till_alone_and_one_without_a_network_say_that_nobody_can_be_asked(
    platform: RunningPlatform, second: SyncedTill
) -> None:
    with pytest.raises(PlatformUnavailableError) as alone:
        second.sync.asking.members("138")
    assert alone.value.params["number"] == 0
    second.enrol(platform, way=EnrolWay.JOIN, begin=False)
    second.tokens.token = "nonsense"
    with pytest.raises(PlatformUnavailableError) as refused:
        second.sync.asking.receipt("1")
    assert refused.value.params["number"] == Number.TOKEN
