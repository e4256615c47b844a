"""Snapshots over real sockets: whole, from a byte on, of the very file that was begun with, in little memory."""

import hashlib
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import requests

from sync.client.http import HttpPlatform
from sync.protocol import codec
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Refusal, SnapshotReady
from tests.support.platform_server import PATIENCE_S, RunningPlatform, running_platform
from tests.support.sync_journal import enrolment

LARGE = 200_000_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the platform keeps what it has."""
    return tmp_path_factory.mktemp("platform")


@pytest.fixture(scope="module")
def platform(folder: Path) -> Iterator[RunningPlatform]:
    """A platform that listens."""
    with running_platform(folder) as running:
        yield running


@pytest.fixture(scope="module")
def way(platform: RunningPlatform) -> Iterator[HttpPlatform]:
    """A till's way to it."""
    gate = HttpPlatform(platform.address)
    made = HttpPlatform(
        platform.address, gate.enrol(enrolment(platform.service.new_code(platform.merchant))).token
    )
    gate.close()
    yield made
    made.close()


@pytest.fixture(scope="module")
def token(platform: RunningPlatform) -> str:
    """Another till's token."""
    gate = HttpPlatform(platform.address)
    asked = enrolment(platform.service.new_code(platform.merchant), till=UUID(int=8), till_code="8")
    enrolled = gate.enrol(asked)
    gate.close()
    return enrolled.token


def whole(way: HttpPlatform) -> SnapshotReady:
    """Return a snapshot that is whole."""
    ready = way.prepare()
    while not ready.sha256:
        ready = way.prepare()
    return ready


def get(at: RunningPlatform, token: str, name: str, **headers: str) -> requests.Response:
    """Ask for a file as it is."""
    asked = {"authorization": f"Bearer {token}", "accept-encoding": "identity"}
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return requests.get(f"{at.address}/v1/snapshot/{name}", headers=asked | named, timeout=PATIENCE_S)


def test_a_snapshot_is_fetched_whole_and_from_any_byte_on(way: HttpPlatform) -> None:
    ready = whole(way)
    plain = b"".join(way.fetch(ready.name, 0))
    assert (len(plain), hashlib.sha256(plain).digest()) == (ready.size, ready.sha256)
    for offset in (1, ready.size // 2, ready.size - 1, ready.size):
        assert b"".join(way.fetch(ready.name, offset)) == plain[offset:]


def test_a_part_says_which_it_is(platform: RunningPlatform, way: HttpPlatform, token: str) -> None:
    ready = whole(way)
    plain = get(platform, token, ready.name)
    assert (plain.status_code, plain.headers["accept-ranges"]) == (200, "bytes")
    assert plain.headers["etag"] == f'"{ready.name}"' and "content-range" not in plain.headers
    part = get(platform, token, ready.name, range="bytes=5-9")
    assert (part.status_code, part.content) == (206, plain.content[5:10])
    assert part.headers["content-range"] == f"bytes 5-9/{ready.size}"
    last = get(platform, token, ready.name, range="bytes=-3")
    assert last.content == plain.content[-3:]
    beyond = get(platform, token, ready.name, range=f"bytes={ready.size}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{ready.size}")
    assert Number(codec.decode(beyond.content, Refusal).number) is Number.INVALID


def test_a_part_is_given_only_of_the_file_that_was_begun_with(
    platform: RunningPlatform, way: HttpPlatform, token: str
) -> None:
    ready = whole(way)
    same = get(platform, token, ready.name, range="bytes=5-", if_range=f'"{ready.name}"')
    other = get(platform, token, ready.name, range="bytes=5-", if_range='"another"')
    assert (same.status_code, len(same.content)) == (206, ready.size - 5)
    assert (other.status_code, len(other.content)) == (200, ready.size)


def test_a_file_that_is_gone_or_anothers_or_no_file_is_told_to_be_gone(
    platform: RunningPlatform, way: HttpPlatform, token: str
) -> None:
    name = whole(way).name
    foreign = UUID(int=1).hex + name[32:]
    for wrong in (foreign, "nothing", "..%2f..%2fplatform.db", "..", "%00", f"{name}.gz", "x" * 3_000):
        answer = get(platform, token, wrong)
        assert answer.status_code in (404, 410), wrong
    with pytest.raises(PlatformError) as refused:
        list(way.fetch(foreign, 0))
    assert refused.value.number is Number.SNAPSHOT_GONE
    with pytest.raises(PlatformError) as refused:
        list(HttpPlatform(platform.address, "nobody").fetch(name, 0))
    assert refused.value.number is Number.TOKEN


def test_a_large_file_takes_little_memory_however_slowly_it_is_read(
    platform: RunningPlatform, way: HttpPlatform, folder: Path
) -> None:
    name = f"{platform.merchant.hex}-1-1-00000000"
    (folder / "snapshots").mkdir(exist_ok=True)
    with (folder / "snapshots" / f"{name}.gz").open("wb") as file:
        file.truncate(LARGE)
    tracemalloc.start()
    try:
        got = sum(len(part) for part in way.fetch(name, 0))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        (folder / "snapshots" / f"{name}.gz").unlink()
    assert got == LARGE and most < 20_000_000
