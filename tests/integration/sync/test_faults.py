"""A shop's network breaks in every way it can (SYNC.md T7): once healed nothing waits, and nothing is doubled."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.services.ports.syncing import SyncLight
from sync.client import wire as client_wire
from sync.client.http import HttpPlatform
from sync.client.turns import Turns
from sync.protocol.errors import Number, PlatformError
from tests.support.faulty_wire import Fault, FaultyWire, faulty_wire
from tests.support.platform_server import RunningPlatform, running_platform
from tests.support.shop_on_disk import CANDY
from tests.support.synced_till import SyncedTill, journal_of, stored_at, synced_till

HEALED_S = 60.0
MET = {
    Fault.REFUSED: Number.UNREACHABLE,
    Fault.HALF_OPEN: Number.UNREACHABLE,
    Fault.UP_LOST: Number.UNREACHABLE,
    Fault.DOWN_LOST: Number.UNREACHABLE,
    Fault.DRIP: Number.UNREACHABLE,
    Fault.CUT_BODY: Number.UNREACHABLE,
    Fault.REPLY_LOST: Number.UNREACHABLE,
    Fault.REPLY_CUT: Number.UNREACHABLE,
    Fault.TOO_LARGE: Number.TOO_LARGE,
    Fault.BROKEN: Number.NOT_THE_PLATFORM,
    Fault.AWAY: Number.BUSY,
    Fault.PORTAL: Number.NOT_THE_PLATFORM,
}
"""What the till takes each fault for."""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    """A platform that listens."""
    with running_platform(tmp_path_factory.mktemp("platform")) as running:
        yield running


@pytest.fixture
def wire(platform: RunningPlatform) -> Iterator[FaultyWire]:
    """The shop's network."""
    with faulty_wire(platform.address) as made:
        yield made


@pytest.fixture
def own_platform(tmp_path: Path) -> Iterator[RunningPlatform]:
    """A platform of a test's own: all shops on disk are the same till."""
    (tmp_path / "platform").mkdir()
    with running_platform(tmp_path / "platform") as running:
        yield running


@pytest.fixture
def till(tmp_path: Path) -> Iterator[SyncedTill]:
    """A till that stands alone."""
    with synced_till(tmp_path / "shop") as made:
        yield made


def come_through(till: SyncedTill, turns: Turns) -> None:
    """Take turns until all has come through and the light says so; a busy computer may need a few."""
    for _ in range(60):
        turns.ask_anew()
        turns.turn()
        status = till.sync.runner.status()
        if status.unsent == 0 and status.light is SyncLight.OK:
            return
    raise AssertionError(till.sync.runner.status())


@pytest.mark.parametrize("fault", MET)
def test_a_sale_during_a_fault_is_at_the_platform_once_it_is_healed(
    fault: Fault, own_platform: RunningPlatform, till: SyncedTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_wire, "PATIENCE_S", 0.5)
    with faulty_wire(own_platform.address) as wire:
        till.enrol(own_platform, wire.address, begin=False)
        with closing(HttpPlatform(wire.address, till.tokens.token or "", read_s=1.0)) as line:
            turns = till.sync.turns(line)
            come_through(till, turns)
            till.shop.sell(CANDY)
            wire.break_with(fault)
            for _ in range(8):
                turns.turn()
                status = till.sync.runner.status()
                if wire.met and status.trouble == MET[fault]:
                    break
            assert wire.met, "the fault was on the way"
            assert status.trouble == MET[fault]
            assert status.light is (SyncLight.TROUBLE if fault is Fault.TOO_LARGE else SyncLight.OFFLINE)
            assert status.unsent == len(journal_of(till)) - till.link().seq
            wire.heal()
            come_through(till, turns)
            assert stored_at(own_platform) == journal_of(till)
            assert till.sync.runner.status().light is SyncLight.OK


def test_an_answer_that_drips_is_given_up_after_a_while(
    platform: RunningPlatform, wire: FaultyWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_wire, "PATIENCE_S", 0.5)
    wire.break_with(Fault.DRIP)
    # Longer than the wire takes for a byte: no single read is ever late.
    with closing(HttpPlatform(wire.address, read_s=1.2)) as line:
        began = time.monotonic()
        with pytest.raises(PlatformError) as given_up:
            line.answers()
        assert given_up.value.number is Number.UNREACHABLE and time.monotonic() - began < 6


def test_a_server_that_cuts_off_without_a_word_what_is_too_large_for_it_gets_smaller_pushes(
    own_platform: RunningPlatform, till: SyncedTill
) -> None:
    for _ in range(60):
        till.shop.sell(CANDY)
    with faulty_wire(own_platform.address) as wire:
        till.enrol(own_platform, wire.address, begin=False)
        with closing(HttpPlatform(wire.address, till.tokens.token or "", read_s=2.0)) as line:
            turns = till.sync.turns(line)
            wire.most_up = 3_000
            for _ in range(12):
                turns.turn()
            assert till.sync.runner.status().unsent == 0 and wire.met > 1
            assert stored_at(own_platform) == journal_of(till)


def test_a_slow_uplink_is_no_dead_one(own_platform: RunningPlatform, till: SyncedTill) -> None:
    for _ in range(60):
        till.shop.sell(CANDY)
    with faulty_wire(own_platform.address) as wire:
        till.enrol(own_platform, wire.address, begin=False)
        with closing(HttpPlatform(wire.address, till.tokens.token or "")) as line:
            wire.up_bytes_s = 40_000
            till.sync.turns(line).turn()
            assert till.sync.runner.status().unsent == 0


@pytest.mark.prove
@pytest.mark.parametrize("fault", MET)
def test_the_queue_is_empty_within_a_minute_after_healing(
    fault: Fault, own_platform: RunningPlatform, till: SyncedTill
) -> None:
    with faulty_wire(own_platform.address) as wire:
        till.enrol(own_platform, wire.address)
        till.await_status(lambda status: status.light is SyncLight.OK and not status.unsent)
        wire.break_with(fault)
        till.shop.sell(CANDY)
        till.await_status(lambda status: status.trouble == MET[fault], HEALED_S)
        wire.heal()
        began = time.monotonic()
        if fault is Fault.TOO_LARGE:
            till.sync.runner.wake()
        till.await_status(lambda status: status.light is SyncLight.OK and not status.unsent, HEALED_S)
        assert time.monotonic() - began <= HEALED_S
        assert stored_at(own_platform) == journal_of(till) and till.bugs == []
