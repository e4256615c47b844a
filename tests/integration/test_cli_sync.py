"""The commands of sync as an owner types them: enrol, exchange, ask how it stands; killed in the middle and again."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from pos_app.hardware.folder_lock import folder_lock
from sync.platform import tables
from tests.integration.conftest import Run
from tests.support.faulty_wire import Fault, faulty_wire
from tests.support.platform_server import RunningPlatform, running_platform
from tests.support.shop_on_disk import DiskShop

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[RunningPlatform]:
    """A platform that listens."""
    (tmp_path / "platform").mkdir()
    with running_platform(tmp_path / "platform") as running:
        yield running


def enrolled(run: Run, platform: RunningPlatform, address: str = "") -> None:
    code = platform.service.new_code(platform.merchant)
    ended, out, err = run("enrol", address or platform.address, code, "--found")
    assert (ended, err) == (0, "") and platform.merchant.hex not in out


def stored(platform: RunningPlatform) -> list[bytes]:
    query = select(tables.fact.c.body).order_by(tables.fact.c.epoch, tables.fact.c.seq)
    return list(platform.service.database.read(lambda c: c.execute(query).scalars().all()))


def journal(busy: DiskShop) -> list[bytes]:
    with closing(busy.reopened().store) as store, store.read() as tx:
        return [entry.body for entry in tx.journal.entries()]


def test_a_closed_till_comes_in_sends_all_it_has_and_says_how_it_stands(
    run: Run, busy: DiskShop, platform: RunningPlatform
) -> None:
    code, out, _ = run("sync", "--status")
    assert code == 1 and "独立使用" in out
    enrolled(run, platform)
    code, out, _ = run("sync", "--status")
    assert code == 0 and platform.address in out and f"待发送 {len(journal(busy))}" in out
    code, out, err = run("sync", "--once")
    assert (code, err) == (0, "") and "没有待发送的内容" in out and f"已发送 {len(journal(busy))}" in out
    assert stored(platform) == journal(busy)


def test_the_token_is_in_a_file_of_its_owner_and_in_no_line(
    run: Run, busy: DiskShop, platform: RunningPlatform, tmp_path: Path
) -> None:
    enrolled(run, platform)
    file = tmp_path / "home" / "keys" / "platform.token"
    token = file.read_text()
    if sys.platform != "win32":
        assert file.stat().st_mode & 0o777 == 0o600
    platform.service.revoke(platform.merchant, busy.shop.current.value.till_id)
    told = "".join(text for words in ("--once", "--status") for text in run("sync", words)[1:])
    assert token not in told
    written = b"".join(
        each.read_bytes() for each in (tmp_path / "home").rglob("*") if each.is_file() and each != file
    )
    assert token.encode() not in written


def test_a_wrong_code_and_a_silent_platform_are_told_in_a_line(
    run: Run, busy: DiskShop, platform: RunningPlatform
) -> None:
    for address, code in ((platform.address, "AAAA-AAAA"), ("http://127.0.0.1:9", "AAAA-AAAA")):
        ended, out, err = run("enrol", address, code, "--join")
        assert (ended, out, len(err.splitlines())) == (1, "", 1), err
    assert run("sync", "--once")[0] == 1


def test_once_ends_with_one_and_says_why_when_nobody_answers(
    run: Run, busy: DiskShop, platform: RunningPlatform
) -> None:
    with faulty_wire(platform.address) as wire:
        enrolled(run, platform, wire.address)
        wire.break_with(Fault.PORTAL)
        code, out, _ = run("sync", "--once")
        assert code == 1 and f"待发送 {len(journal(busy))}" in out
        wire.heal()
        assert run("sync", "--once")[0] == 0


def test_while_the_till_is_open_once_leaves_it_to_the_till_and_status_answers(
    run: Run, busy: DiskShop, platform: RunningPlatform, tmp_path: Path
) -> None:
    enrolled(run, platform)
    with folder_lock(tmp_path / "home" / "sync.lock"):
        code, out, err = run("sync", "--once")
        assert (code, out) == (1, "") and "会自行同步" in err
        assert run("sync", "--status")[0] == 0
    with folder_lock(tmp_path / "home" / "till.lock"):
        assert run("enrol", platform.address, "AAAA-AAAA", "--join")[0] == 1


@pytest.mark.parametrize(
    "words", [["sync"], ["sync", "--once", "--status"], ["enrol", "a", "b"], ["enrol", "a"]]
)
def test_sync_and_enrol_asked_wrongly_show_their_usage(run: Run, words: list[str]) -> None:
    assert run(*words)[0] == 2


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a signal of POSIX")
def test_once_killed_in_the_middle_and_again_loses_and_doubles_nothing(
    run: Run, busy: DiskShop, platform: RunningPlatform, tmp_path: Path
) -> None:
    with faulty_wire(platform.address) as wire:
        enrolled(run, platform, wire.address)
        for fault in (Fault.DOWN_LOST, Fault.HALF_OPEN, Fault.DOWN_LOST):
            wire.break_with(fault)
            environment = {**os.environ, "SHUKE_HOME": str(tmp_path / "home"), "SHUKE_KEY_STORE": "file"}
            command = [sys.executable, "-c", "from ui.cli import main; main(['sync', '--once'])"]
            with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as killed:
                assert wire.await_met(60), "it asks the platform"
                killed.send_signal(signal.SIGKILL)
                assert killed.wait() == -signal.SIGKILL
            wire.heal()
    with closing(busy.reopened().store) as store, store.write() as tx:
        link = tx.links.load()
        assert link is not None
        tx.links.save(replace(link, address=platform.address))
    assert run("sync", "--once")[0] == 0
    assert stored(platform) == journal(busy)


def test_shuke_platform_is_the_platform_itself_with_its_signals_and_its_status(tmp_path: Path) -> None:
    environment = {**os.environ, "SHUKE_PLATFORM_HOME": str(tmp_path)}
    command = [sys.executable, "-c", "import sys; from ui.cli import main; sys.exit(main())", "platform"]
    code = subprocess.run(
        [*command, "--code"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert code.returncode == 0 and len(code.stdout.strip().splitlines()[-1]) == 9
    wrong = subprocess.run(
        [*command, "--database", "nonsense"], cwd=ROOT, env=environment, capture_output=True, check=False
    )
    assert wrong.returncode != 0
    if sys.platform == "win32":
        return
    with subprocess.Popen(
        [*command, "--port", "0"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as serving:
        assert serving.stdout is not None
        assert "http://127.0.0.1:" in serving.stdout.readline()
        serving.send_signal(signal.SIGTERM)
        assert serving.wait(30) in (0, -signal.SIGTERM)
