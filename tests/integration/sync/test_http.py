"""Till and platform over HTTP: what one sends the other keeps, and whatever else comes is refused with its number."""

import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from uuid import UUID

import msgspec
import pytest
import requests
from sqlalchemy import select

from pos_app.domain.values.ids import TillId
from sync.client.http import HttpPlatform
from sync.platform import tables
from sync.platform.app import MOST_BYTES
from sync.protocol import codec
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import ClockReading, Hello, Refusal
from tests.support.platform_server import RunningPlatform, running_platform
from tests.support.sync_journal import SHOP, TILL, Journal, enrolment, journal

CLOCK = ClockReading(0, 0, "", 0)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    """A platform that listens."""
    with running_platform(tmp_path_factory.mktemp("platform")) as running:
        yield running


class Machine:
    """A till's machine that came in: its journal, its token, its way to the platform."""

    def __init__(self, at: RunningPlatform, number: int) -> None:
        self.till = TillId(UUID(int=number))
        gate = HttpPlatform(at.address)
        self.enrolled = gate.enrol(
            enrolment(at.service.new_code(at.merchant), till=self.till, till_code=str(number))
        )
        gate.close()
        self.way = HttpPlatform(at.address, self.enrolled.token)
        self.journal = Journal(till=self.till)


@pytest.fixture
def machine(platform: RunningPlatform, request: pytest.FixtureRequest) -> Iterator[Machine]:
    """A till of its own for each test."""
    made = Machine(platform, abs(hash(request.node.nodeid)) % 10**9 + 100)
    yield made
    made.way.close()


def test_a_till_comes_in_says_hello_and_pushes(platform: RunningPlatform, machine: Machine) -> None:
    machine.journal.write("a", "b", "c")
    greeted = machine.way.hello(
        Hello(least=1, newest=9, till=machine.till, head=machine.journal.head, clock=CLOCK)
    )
    assert (greeted.p, greeted.merchant, greeted.shop) == (1, platform.merchant, SHOP)
    assert greeted.ack == machine.journal.at(0)
    assert machine.way.push(machine.journal.push(0)).ack == machine.journal.head
    assert machine.way.push(machine.journal.push(0)).ack == machine.journal.head, "the answer was lost"


def test_a_large_push_travels_compressed_and_arrives_whole(
    platform: RunningPlatform, machine: Machine
) -> None:
    machine.journal.write(*("熟客" * 200 for _ in range(300)))
    assert machine.way.push(machine.journal.push(0)).ack == machine.journal.head
    query = select(tables.fact.c.body).where(tables.fact.c.till_id == machine.till.bytes)
    stored = platform.service.database.read(
        lambda c: c.execute(query.order_by(tables.fact.c.seq)).scalars().all()
    )
    assert stored == [fact.body for fact in machine.journal.facts]


def test_a_gap_names_the_place_to_go_on_from(machine: Machine) -> None:
    machine.journal.write("a", "b", "c")
    with pytest.raises(PlatformError) as refused:
        machine.way.push(machine.journal.push(2))
    assert refused.value.number is Number.GAP
    assert refused.value.told["expected"] == machine.journal.at(0)


def test_without_a_token_nobody_is_let_in(platform: RunningPlatform) -> None:
    for token in ("", "nonsense", "A" * 100):
        with pytest.raises(PlatformError) as refused:
            HttpPlatform(platform.address, token).push(journal("a").push(0))
        assert refused.value.number is Number.TOKEN


def test_a_revoked_till_is_told_so_and_what_it_sold_is_kept_apart(
    platform: RunningPlatform, machine: Machine
) -> None:
    platform.service.revoke(platform.merchant, machine.till)
    machine.journal.write("a")
    with pytest.raises(PlatformError) as refused:
        machine.way.hello(Hello(least=1, newest=1, till=TILL, head=machine.journal.head, clock=CLOCK))
    assert refused.value.number is Number.REVOKED
    assert machine.way.push(machine.journal.push(0)).ack == machine.journal.head


def test_a_till_of_tomorrow_and_one_of_the_past_hear_which_versions_are_spoken(machine: Machine) -> None:
    with pytest.raises(PlatformError) as refused:
        machine.way.hello(Hello(least=7, newest=9, till=TILL, head=machine.journal.head, clock=CLOCK))
    assert refused.value.number is Number.VERSION and refused.value.told["newest"] == 1


# -- bodies that nobody should send ------------------------------------------------------------------------


def post(at: RunningPlatform, what: str, body: bytes, **headers: str) -> requests.Response:
    """Send bytes as they are."""
    return requests.post(f"{at.address}/v1/{what}", data=body, headers=headers, timeout=20)


def number_of(answer: requests.Response) -> Number:
    """Return the number of a refusal."""
    return Number(codec.decode(answer.content, Refusal).number)


def test_a_body_that_is_no_message_is_unreadable(platform: RunningPlatform, machine: Machine) -> None:
    bearer = f"Bearer {machine.enrolled.token}"
    for body in (b"", b"{}", b"\xff" * 100, b"\x91" * 10_000, "<html>登录</html>".encode()):
        answer = post(platform, "push", body, authorization=bearer)
        assert (answer.status_code, number_of(answer)) == (426, Number.UNREADABLE)


def test_a_gzip_bomb_and_a_huge_body_are_too_large(platform: RunningPlatform, machine: Machine) -> None:
    bearer = f"Bearer {machine.enrolled.token}"
    bomb = gzip.compress(bytes(MOST_BYTES * 8))
    assert len(bomb) < 100_000
    answer = post(platform, "push", bomb, authorization=bearer, **{"content-encoding": "gzip"})
    assert number_of(answer) is Number.TOO_LARGE
    answer = post(platform, "push", bytes(MOST_BYTES + 1), authorization=bearer)
    assert number_of(answer) is Number.TOO_LARGE
    cut = gzip.compress(b"x" * 5_000)[:-9]
    answer = post(platform, "push", cut, authorization=bearer, **{"content-encoding": "gzip"})
    assert number_of(answer) is Number.UNREADABLE


def test_another_address_is_not_found_and_health_answers(platform: RunningPlatform) -> None:
    assert requests.get(f"{platform.address}/health", timeout=20).json() == {"status": "ok"}
    assert requests.get(f"{platform.address}/v2/push", timeout=20).status_code == 404
    assert requests.get(f"{platform.address}/v1/push", timeout=20).status_code == 405


# -- what stands between ----------------------------------------------------------------------------------


class Portal(BaseHTTPRequestHandler):
    """A hotel's page in front of everything, with status 200."""

    def do_POST(self) -> None:
        page = "<html>请先登录 Wi-Fi</html>".encode()
        self.send_response(200)
        self.send_header("content-type", self.server.content_type)  # type: ignore[attr-defined]
        self.send_header("content-length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *told: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("content_type", ["text/html", codec.CONTENT_TYPE])
def test_a_captive_portal_is_not_believed(content_type: str) -> None:
    with HTTPServer(("127.0.0.1", 0), Portal) as server:
        server.content_type = content_type  # type: ignore[attr-defined]
        Thread(target=server.handle_request, daemon=True).start()
        way = HttpPlatform(f"http://127.0.0.1:{server.server_address[1]}", "t")
        with pytest.raises(PlatformError) as refused:
            way.push(journal("a").push(0))
        assert refused.value.number is Number.NOT_THE_PLATFORM
        way.close()


def test_a_platform_that_is_gone_is_unreachable() -> None:
    way = HttpPlatform("http://127.0.0.1:9", "t")
    with pytest.raises(PlatformError) as refused:
        way.push(journal("a").push(0))
    assert refused.value.number is Number.UNREACHABLE


def test_no_token_and_no_name_reaches_a_log_line(
    platform: RunningPlatform, machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    machine.journal.write("王小满")
    machine.way.push(machine.journal.push(0))
    spoilt = msgspec.structs.replace(machine.journal.push(0), till=UUID(int=1))
    with pytest.raises(PlatformError):
        machine.way.push(spoilt)
    assert machine.enrolled.token not in caplog.text and "王小满" not in caplog.text
