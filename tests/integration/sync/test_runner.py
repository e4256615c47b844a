"""The runner with real threads, a real store and a real platform on a port of the loopback."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import pytest

from pos_app.domain.errors import FolderInUseError
from pos_app.hardware.folder_lock import folder_lock
from pos_app.services.ports.syncing import EnrolWay, PlatformUnavailableError, SyncLight, SyncStatus
from sync.client.lives import Life
from sync.client.runner import RunnerDoors, SyncRunner
from sync.protocol.errors import Number
from tests.support.platform_server import RunningPlatform, running_platform
from tests.support.shop_on_disk import CANDY
from tests.support.synced_till import SyncedTill, journal_of, stored_at, synced_till


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[RunningPlatform]:
    """A platform that listens."""
    (tmp_path / "platform").mkdir()
    with running_platform(tmp_path / "platform") as running:
        yield running


@pytest.fixture
def till(tmp_path: Path) -> Iterator[SyncedTill]:
    """A till that stands alone."""
    with synced_till(tmp_path / "shop") as made:
        yield made


def nothing_waits(status: SyncStatus) -> bool:
    return status.light is SyncLight.OK and status.unsent == 0


def test_what_was_sold_before_and_after_a_till_came_in_is_at_the_platform(
    platform: RunningPlatform, till: SyncedTill
) -> None:
    till.shop.sell(CANDY)
    assert till.sync.runner.status().light is SyncLight.ALONE
    till.enrol(platform)
    till.await_status(nothing_waits)
    assert stored_at(platform) == journal_of(till)
    till.shop.sell(CANDY)
    till.shop.sell(CANDY)
    till.await_status(lambda status: nothing_waits(status) and till.link().seq == len(journal_of(till)))
    assert stored_at(platform) == journal_of(till) and till.bugs == []


def test_a_sale_leaves_within_the_fifth_of_a_second(platform: RunningPlatform, till: SyncedTill) -> None:
    till.enrol(platform)
    till.await_status(nothing_waits)
    took: list[float] = []
    for _ in range(5):
        till.shop.sell(CANDY)
        began, head = time.monotonic(), len(journal_of(till))
        till.await_status(lambda status, head=head: till.link().seq >= head)  # type: ignore[misc]
        took.append(time.monotonic() - began)
    assert sorted(took)[2] < 0.2 + 0.2, "the wake, and what the platform takes to answer on a busy machine"


def test_stopping_takes_less_than_two_seconds_and_nothing_is_written_afterwards(
    platform: RunningPlatform, till: SyncedTill
) -> None:
    till.enrol(platform)
    till.await_status(nothing_waits)
    began = time.monotonic()
    assert till.sync.runner.stop()
    assert time.monotonic() - began < 2
    before = till.link()
    till.shop.sell(CANDY)
    assert till.link() == before and len(stored_at(platform)) < len(journal_of(till))
    till.sync.runner.start()
    till.await_status(lambda _status: till.link().seq == len(journal_of(till)))


def test_one_process_syncs_a_folder_and_the_other_waits_for_its_turn(
    platform: RunningPlatform, till: SyncedTill
) -> None:
    till.enrol(platform, begin=False)
    lock = till.shop.folder / "sync.lock"
    with folder_lock(lock):
        till.sync.runner.start()
        till.await_status(lambda status: status.light is not SyncLight.ALONE)
        assert stored_at(platform) == []
    till.await_status(nothing_waits)
    with pytest.raises(FolderInUseError), folder_lock(lock):
        pass


def test_a_till_leaves_and_comes_in_again_with_all_that_it_sold_meanwhile(
    platform: RunningPlatform, till: SyncedTill
) -> None:
    till.enrol(platform)
    till.await_status(nothing_waits)
    first = till.tokens.token
    till.sync.enrolling.leave()
    assert till.tokens.token is None and till.sync.runner.status() == SyncStatus()
    till.shop.sell(CANDY)
    with pytest.raises(PlatformUnavailableError):
        till.sync.asking.members("138")
    till.enrol(platform)
    till.await_status(lambda status: nothing_waits(status) and till.link().seq == len(journal_of(till)))
    assert stored_at(platform) == journal_of(till), "each fact once"
    assert till.tokens.token != first


def test_a_wrong_code_leaves_the_till_alone(platform: RunningPlatform, till: SyncedTill) -> None:
    with pytest.raises(PlatformUnavailableError) as refused:
        till.sync.enrolling.enrol(platform.address, "AAAA-AAAA", EnrolWay.JOIN)
    assert refused.value.params["number"] == Number.CODE
    assert till.tokens.token is None and till.sync.runner.status().light is SyncLight.ALONE


def test_looking_finds_a_platform_by_its_number_alone_and_says_what_is_none(
    platform: RunningPlatform, till: SyncedTill
) -> None:
    assert till.sync.enrolling.look(platform.address.removeprefix("http://")) == platform.address
    for nobody in ("127.0.0.1:9", "http://127.0.0.1:9"):
        with pytest.raises(PlatformUnavailableError) as silent:
            till.sync.enrolling.look(nobody)
        assert silent.value.params["number"] == Number.UNREACHABLE
    with pytest.raises(PlatformUnavailableError):
        till.sync.enrolling.look("no address at all")


def test_a_second_enrolment_is_refused_while_the_till_belongs_to_a_platform(
    platform: RunningPlatform, till: SyncedTill
) -> None:
    till.enrol(platform, begin=False)
    with pytest.raises(PlatformUnavailableError) as refused:
        till.enrol(platform)
    assert refused.value.params["number"] == Number.ENROLLED_ALREADY


def test_a_token_that_is_wrong_is_trouble_with_its_number(
    platform: RunningPlatform, till: SyncedTill
) -> None:
    till.enrol(platform, begin=False)
    till.tokens.token = "nonsense"
    till.sync.runner.start()
    status = till.await_status(lambda status: status.light is SyncLight.TROUBLE)
    assert status.trouble == Number.TOKEN and status.unsent > 0


def test_a_life_that_falls_silent_is_followed_by_another(platform: RunningPlatform, till: SyncedTill) -> None:
    till.enrol(platform, begin=False)
    stuck, begun = Event(), Event()
    lives: list[str] = []

    class StuckLife(Life):
        """A life that hangs where nobody foresaw it."""

        def __init__(self) -> None:
            self.is_done = False

        def run(self) -> None:
            lives.append("stuck")
            begun.set()
            stuck.wait()
            self.is_done = True

        def end(self) -> None:
            lives.append("left to itself")

        def silent_s(self) -> float:
            return 999.0

    doors = till.sync.runner._doors

    def next_life() -> Life:
        if not lives:
            return StuckLife()
        return doors.new_life()

    runner = SyncRunner(replace(doors, new_life=next_life, look_every_s=0.05))
    runner.start()
    try:
        till.await_status(nothing_waits)
        assert begun.is_set() and lives == ["stuck", "left to itself"]
        assert stored_at(platform) == journal_of(till)
    finally:
        stuck.set()
        assert runner.stop()


def test_what_breaks_over_the_lives_is_reported_and_does_not_end_sync(
    platform: RunningPlatform, till: SyncedTill
) -> None:
    till.enrol(platform, begin=False)
    doors: RunnerDoors = till.sync.runner._doors
    broken, reported = [ZeroDivisionError()], Event()
    bugs: list[Exception] = []

    def next_life() -> Life:
        if broken:
            raise broken.pop()
        return doors.new_life()

    def report(problem: Exception) -> None:
        bugs.append(problem)
        reported.set()

    runner = SyncRunner(replace(doors, new_life=next_life, on_bug=report, look_every_s=0.05))
    runner.start()
    try:
        assert reported.wait(20)
        till.await_status(nothing_waits)
        assert [type(bug) for bug in bugs] == [ZeroDivisionError]
    finally:
        assert runner.stop()


def test_sellers_on_other_threads_and_sync_do_not_get_in_each_others_way(
    platform: RunningPlatform, till: SyncedTill
) -> None:
    till.enrol(platform)

    def sell() -> None:
        for _ in range(5):
            till.shop.sell(CANDY)

    sellers = [Thread(target=sell) for _ in range(2)]
    for seller in sellers:
        seller.start()
    for seller in sellers:
        seller.join()
    till.await_status(lambda status: nothing_waits(status) and till.link().seq == len(journal_of(till)))
    assert stored_at(platform) == journal_of(till) and till.bugs == []
