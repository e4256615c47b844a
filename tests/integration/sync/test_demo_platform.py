"""The platform beside the demo's till: founded once, on the same port again, gone with the till, harmless when ill."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from pos_app.services.ports.syncing import EnrolWay, SyncLight, SyncLink
from tests.support.synced_till import SyncedTill, synced_till
from ui.demo_platform import DemoPlatformError, DemoSync, PlatformBeside
from ui.late_sync import LateSync

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 30.0
LATER = """
import sys
from pathlib import Path
from ui.demo_platform import PlatformBeside
print(PlatformBeside(Path(sys.argv[1])).start(), flush=True)
sys.stdin.read()
"""


@contextmanager
def demo_till(
    folder: Path, serve: tuple[str, ...] | None = None
) -> Iterator[tuple[DemoSync, SyncedTill, PlatformBeside]]:
    """Put a till and its platform together; both are stopped at the end."""
    place = folder / "platform"
    with synced_till(folder / "till") as till:
        beside = PlatformBeside(place) if serve is None else PlatformBeside(place, serve)
        late = LateSync(till.shop.store, lambda: till.sync)
        demo = DemoSync(late, till.shop.store, beside, place)
        try:
            yield demo, till, beside
        finally:
            demo.stop()


def takes_connections(address: str) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port_of(address)), 1):
        return True
    return False


def port_of(address: str) -> int:
    return int(address.rsplit(":", 1)[1])


def await_gone(address: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while takes_connections(address):
        assert time.monotonic() < end, "the platform outlives its till"


def link_of(till: SyncedTill) -> SyncLink | None:
    with till.shop.store.read() as tx:
        return tx.links.load()


def test_the_demo_founds_its_merchant_once_and_comes_back_to_it_on_the_same_port(tmp_path: Path) -> None:
    with demo_till(tmp_path) as (demo, till, _):
        told: list[SyncLight] = []
        demo.watch(lambda status: told.append(status.light))
        assert demo.status().light is SyncLight.OFFLINE
        demo.start()
        first = till.await_status(lambda s: s.light is SyncLight.OK and not s.unsent)
        assert link_of(till) is not None and told and SyncLight.TROUBLE not in told
        token = till.tokens.token or ""
    await_gone(first.address)
    log = (tmp_path / "platform" / "platform.log").read_text("utf-8")
    assert "/v1/push" in log and token and token not in log
    with demo_till(tmp_path) as (demo, till, _):
        before = link_of(till)
        till.tokens.token = token
        demo.start()
        assert till.await_status(lambda s: s.light is SyncLight.OK).address == first.address
        after = link_of(till)
        assert before is not None and after is not None and after.merchant == before.merchant
        assert not till.bugs


def test_a_port_that_another_program_has_by_now_is_left_to_it_and_the_tie_follows(tmp_path: Path) -> None:
    with demo_till(tmp_path) as (demo, till, _):
        demo.start()
        first, token = till.await_status(lambda s: s.light is SyncLight.OK).address, till.tokens.token
    await_gone(first)
    with socket.create_server(("127.0.0.1", port_of(first))), demo_till(tmp_path) as (demo, till, _):
        till.tokens.token = token
        demo.start()
        link = link_of(till)
        assert link is not None and link.address != first
        assert till.await_status(lambda s: s.light is SyncLight.OK).address == link.address


def test_a_till_that_left_its_platform_is_not_enrolled_again(tmp_path: Path) -> None:
    with demo_till(tmp_path) as (demo, till, _):
        demo.start()
        till.await_status(lambda s: s.light is SyncLight.OK)
        till.sync.enrolling.leave()
    with demo_till(tmp_path) as (demo, till, beside):
        assert demo.status().light is SyncLight.ALONE
        demo.start()
        assert link_of(till) is None and takes_connections(beside.addresses()[-1])


def test_a_till_of_another_platform_keeps_its_tie(tmp_path: Path) -> None:
    other = PlatformBeside(tmp_path / "other")
    try:
        address = other.start()
        with demo_till(tmp_path) as (demo, till, _):
            till.sync.enrolling.enrol(address, other.code(), EnrolWay.FOUND, begin=False)
            demo.start()
            link = link_of(till)
            assert link is not None and link.address == address
            till.await_status(lambda s: s.light is SyncLight.OK and not s.unsent)
    finally:
        other.stop()


@pytest.mark.parametrize("told", ["", "print('no address')", "raise SystemExit(1)"])
def test_a_platform_that_does_not_start_is_told_and_the_till_stands_alone(tmp_path: Path, told: str) -> None:
    with demo_till(tmp_path, (sys.executable, "-c", told)) as (demo, till, _):
        with pytest.raises(DemoPlatformError):
            demo.start()
        assert demo.status().light is SyncLight.ALONE and link_of(till) is None
    with demo_till(tmp_path) as (demo, till, _):
        demo.start()
        till.await_status(lambda s: s.light is SyncLight.OK and not s.unsent)


def test_a_till_that_is_closed_before_its_platform_started_leaves_none_behind(tmp_path: Path) -> None:
    with demo_till(tmp_path) as (demo, till, beside):
        demo.stop()
        with pytest.raises(DemoPlatformError):
            demo.start()
        assert beside.addresses() == [] and link_of(till) is None


def test_the_platform_ends_with_a_till_that_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LATER, str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as till:
        assert till.stdout is not None
        address = till.stdout.readline().strip()
        assert takes_connections(address)
        till.kill()
        till.wait()
    await_gone(address)
