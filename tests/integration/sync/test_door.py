"""The platform's door over real sockets: what is too much is sent away before it is read, and every end is orderly."""

import gzip
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import requests

from pos_app.domain.values.ids import TillId
from sync.client.http import HttpPlatform
from sync.platform.bodies import MOST_BYTES
from sync.platform.gate import Gate, Limits, Place
from sync.platform.tills import Asker
from sync.protocol import codec
from sync.protocol.errors import Number
from sync.protocol.messages import Push, PushReply, Refusal
from tests.support.platform_server import PATIENCE_S, RunningPlatform, running_platform
from tests.support.sync_journal import Journal, enrolment, journal

GIGABYTE = 1_000_000_000


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    """A platform that listens."""
    with running_platform(tmp_path_factory.mktemp("platform")) as running:
        yield running


_NUMBERS = count(100)


class Machine:
    """A till that came in: its token and its journal."""

    def __init__(self, at: RunningPlatform) -> None:
        number = next(_NUMBERS)
        till = TillId(UUID(int=number))
        gate = HttpPlatform(at.address)
        asked = enrolment(at.service.new_code(at.merchant), till=till, till_code=str(number))
        self.token = gate.enrol(asked).token
        self.journal = Journal(till=till)
        gate.close()

    def said(self, word: str) -> Push:
        """Return a push of one more fact, with all before it."""
        self.journal.write(word)
        return self.journal.push(0)


@pytest.fixture
def machine(platform: RunningPlatform) -> Machine:
    """A till of a test's own."""
    return Machine(platform)


@pytest.fixture
def token(machine: Machine) -> str:
    """Its token."""
    return machine.token


def test_an_answer_in_two_parts_does_not_wait_for_the_asker_to_acknowledge_the_first(
    platform: RunningPlatform,
) -> None:
    with requests.Session() as session:
        assert session.get(f"{platform.address}/health", timeout=PATIENCE_S).ok
        lines = [each.transport.get_extra_info("socket") for each in platform.server.server_state.connections]
        assert lines and all(line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for line in lines)


@contextmanager
def connected(at: str) -> Iterator[socket.socket]:
    """A bare connection to the platform."""
    where = urlsplit(at)
    with socket.create_connection((where.hostname, where.port), PATIENCE_S) as line:
        yield line


def head(token: str, *headers: str, path: str = "/v1/push", method: str = "POST") -> bytes:
    """Return the head of a request."""
    lines = [f"{method} {path} HTTP/1.1", "host: here", f"authorization: Bearer {token}", *headers, "", ""]
    return "\r\n".join(lines).encode()


def heard(line: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Read an answer with its length: status, headers, body."""
    read = b""
    while b"\r\n\r\n" not in read:
        read += line.recv(4_096) or pytest.fail("the connection ended before its answer")
    plain, _, body = read.partition(b"\r\n\r\n")
    first, *rest = plain.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest)}
    while len(body) < int(headers["content-length"]):
        body += line.recv(4_096)
    return int(first.split()[1]), headers, body


def number_of(body: bytes) -> Number:
    """Return the number of a refusal."""
    return Number(codec.decode(body, Refusal).number)


# -- bodies -----------------------------------------------------------------------------------------------


def comes_to(at: RunningPlatform, holds: Callable[[Gate], bool]) -> bool:
    """Whether something holds of the door, once what follows an answer is done too."""
    for _ in range(100):
        if holds(at.front.gate):
            return True
        requests.get(f"{at.address}/health", timeout=PATIENCE_S)
    return False


def keeps_nothing(gate: Gate) -> bool:
    return gate.held == 0


def is_empty(gate: Gate) -> bool:
    return keeps_nothing(gate) and gate.inside == [0] * len(Place)


def test_a_body_of_a_gigabyte_is_refused_before_a_byte_of_it_is_sent(
    platform: RunningPlatform, token: str
) -> None:
    with connected(platform.address) as line:
        line.sendall(head(token, f"content-length: {GIGABYTE}"))
        status, headers, body = heard(line)
    assert (status, number_of(body), headers["connection"]) == (413, Number.TOO_LARGE, "close")


def test_who_waits_to_be_told_to_go_on_is_told_not_to(platform: RunningPlatform, token: str) -> None:
    with connected(platform.address) as line:
        line.sendall(head(token, f"content-length: {GIGABYTE}", "expect: 100-continue"))
        status, _, body = heard(line)
    assert (status, number_of(body)) == (413, Number.TOO_LARGE)


def test_a_body_without_a_length_is_cut_off_at_the_limit(platform: RunningPlatform, token: str) -> None:
    chunk = b"10000\r\n" + bytes(0x10000) + b"\r\n"
    with connected(platform.address) as line:
        line.sendall(head(token, "transfer-encoding: chunked"))
        for _ in range(MOST_BYTES // 0x10000 + 1):
            line.sendall(chunk)
        status, _, body = heard(line)
    assert (status, number_of(body)) == (413, Number.TOO_LARGE)
    assert comes_to(platform, keeps_nothing)


def test_a_gigabyte_that_is_sent_all_the_same_is_never_held(platform: RunningPlatform, token: str) -> None:
    """It is discarded as far as the linger goes, and then the line is cut: nothing of it is ever kept."""
    most, sent = 0, 0
    chunk = b"100000\r\n" + bytes(0x100000) + b"\r\n"
    with connected(platform.address) as line:
        line.sendall(head(token, "transfer-encoding: chunked"))
        try:
            while sent < GIGABYTE:
                line.sendall(chunk)
                sent += len(chunk)
                most = max(most, platform.front.gate.held)
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert sent < GIGABYTE // 10 and most <= MOST_BYTES


@pytest.mark.parametrize("length", ["nine", "-1", "1e3", "9" * 30])
def test_a_length_that_is_no_number_lets_nobody_in(
    platform: RunningPlatform, token: str, length: str
) -> None:
    with connected(platform.address) as line:
        line.sendall(head(token, f"content-length: {length}"))
        assert line.recv(4_096).split()[1] in (b"400", b"413", b"426")


def test_nobody_is_asked_for_a_body_who_has_no_token(platform: RunningPlatform) -> None:
    with connected(platform.address) as line:
        line.sendall(head("nonsense", "content-length: 5000"))
        status, _, body = heard(line)
    assert (status, number_of(body)) == (401, Number.TOKEN)


def test_a_body_in_two_members_arrives_and_one_in_another_coding_does_not(
    platform: RunningPlatform, machine: Machine
) -> None:
    token, plain = machine.token, codec.encode(machine.said("a"))
    for coding, body, status in (
        ("gzip", gzip.compress(plain[:50]) + gzip.compress(plain[50:]), 200),
        ("GZIP", gzip.compress(plain), 200),
        ("br", plain, 426),
        ("gzip, gzip", gzip.compress(gzip.compress(plain)), 426),
    ):
        headers = {"authorization": f"Bearer {token}", "content-encoding": coding}
        answer = requests.post(f"{platform.address}/v1/push", data=body, headers=headers, timeout=PATIENCE_S)
        assert answer.status_code == status, coding


def test_a_body_that_does_not_come_is_not_waited_for(tmp_path: Path) -> None:
    with (
        running_platform(tmp_path, limits=Limits(body_s=0.05)) as running,
        connected(running.address) as line,
    ):
        line.sendall(head(Machine(running).token, "content-length: 5000") + b"half")
        status, headers, body = heard(line)
        assert (status, number_of(body), headers["retry-after"]) == (503, Number.BUSY, "2")
        assert comes_to(running, keeps_nothing)


# -- the queue --------------------------------------------------------------------------------------------


class Held:
    """A service whose pushes wait until they may go on."""

    def __init__(self, platform: RunningPlatform) -> None:
        self.inside, self.may_go = threading.Semaphore(0), threading.Event()
        self._push, self._service = platform.service.push, platform.service
        platform.service.push = self.push  # type: ignore[method-assign]

    def push(self, asker: Asker, push: Push) -> PushReply:
        """Wait, then push."""
        self.inside.release()
        assert self.may_go.wait(PATIENCE_S)
        return self._push(asker, push)


def test_when_the_platform_is_full_a_push_hears_503_and_when_to_come_again_before_its_body_is_read(
    tmp_path: Path,
) -> None:
    with running_platform(tmp_path, limits=Limits(inside=1)) as running:
        held, till = Held(running), Machine(running)
        way, push = HttpPlatform(running.address, till.token), till.said("a")
        first = threading.Thread(target=way.push, args=(push,))
        first.start()
        assert held.inside.acquire(timeout=PATIENCE_S)
        with connected(running.address) as line:
            line.sendall(head(till.token, "content-length: 5000"))
            status, headers, body = heard(line)
        assert (status, number_of(body), headers["retry-after"]) == (503, Number.BUSY, "2")
        assert requests.get(f"{running.address}/health", timeout=PATIENCE_S).json() == {"status": "ok"}
        held.may_go.set()
        first.join(PATIENCE_S)
        assert way.push(push).ack == till.journal.head
        way.close()
        assert comes_to(running, is_empty)


# -- the end ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.skipif(
    sys.platform == "win32", reason="a console's Ctrl+Break cannot be sent to one process there"
)
def test_asked_to_stop_it_answers_what_is_under_way_refuses_what_is_new_and_ends(
    tmp_path: Path, how: signal.Signals
) -> None:
    at = f"sqlite+pysqlite:///{(tmp_path / 'p.db').as_posix()}"
    command = [sys.executable, "-m", "sync.platform", "--port", "0", "--database", at]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split(": ", 1)[1].strip()
        code = subprocess.check_output([*command, "--code"], text=True).strip()
        gate = HttpPlatform(address)
        token = gate.enrol(enrolment(code)).token
        gate.close()
        said = journal("a")
        body = codec.encode(said.push(0))
        with connected(address) as under_way, connected(address) as idle, connected(address) as new:
            # Half of the body is there when the signal comes; the rest follows.
            under_way.sendall(head(token, f"content-length: {len(body)}", "expect: 100-continue"))
            assert b"100 Continue" in under_way.recv(4_096)
            under_way.sendall(body[:10])
            idle.sendall(head("", path="/health", method="GET"))
            assert heard(idle)[0] == 200
            process.send_signal(how)
            while (status := ask_health(address)) == 200:
                pass
            assert status == 503
            new.sendall(head(token, "content-length: 0"))
            status, _, refused = heard(new)
            assert (status, number_of(refused)) == (503, Number.BUSY)
            under_way.sendall(body[10:])
            status, _, answer = heard(under_way)
            assert status == 200 and codec.decode(answer, PushReply).ack == said.head
        assert process.wait(10) == 0
    finally:
        process.kill()
        _, errors = process.communicate()
    lines = [json.loads(line) for line in errors.splitlines()]
    assert {"/v1/enrol", "/v1/push", "/health"} <= {line["route"] for line in lines}
    assert token not in errors and code not in errors


def ask_health(address: str) -> int:
    """Return the status of the platform's health."""
    with connected(address) as line:
        line.sendall(head("", path="/health", method="GET"))
        return heard(line)[0]


def test_the_command_makes_lists_and_takes_back_tokens_of_head_office(tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "sync.platform", *arguments]
        home = os.environ | {"SHUKE_PLATFORM_HOME": str(tmp_path)}
        done = subprocess.run(command, capture_output=True, text=True, env=home, check=False)
        return done.returncode, done.stdout.strip()

    status, token = run("--staff-token", "head office", "--scopes", "members:read,metrics")
    assert status == 0 and token.startswith("shuke_staff_")
    assert run("--staff-token", "head office")[0] == 1, "a name is taken once"
    assert run("--staff-token", "another", "--scopes", "everything")[0] == 1
    assert run("--staff-tokens") == (0, "head office\tmembers:read metrics")
    assert run("--revoke-staff-token", "head office") == (0, "")
    assert run("--revoke-staff-token", "head office")[0] == 1
    assert run("--staff-tokens") == (0, "")


# -- lines and figures ------------------------------------------------------------------------------------


def test_a_token_reaches_no_line_not_even_by_a_bug_or_an_address(
    platform: RunningPlatform,
    machine: Machine,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level("DEBUG")
    token = machine.token

    def broken(asker: Asker, push: Push) -> PushReply:
        raise RuntimeError(f"{token} of 王小满, {push.till}")

    monkeypatch.setattr(platform.service, "push", broken)
    bearer = {"authorization": f"Bearer {token}"}
    body = codec.encode(machine.said("王小满"))
    answer = requests.post(
        f"{platform.address}/v1/push?t={token}", data=body, headers=bearer, timeout=PATIENCE_S
    )
    assert (answer.status_code, number_of(answer.content)) == (500, Number.BUG)
    for path in (
        f"/{token}",
        f"/v1/snapshot/{token}",
        f"/v1/members/{token}?phone=13812345678",
        f"/health?{token}",
    ):
        requests.get(f"{platform.address}{path}", headers=bearer, timeout=PATIENCE_S)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("shuke", "uvicorn"))]
    assert any('"bug": ["RuntimeError"]' in line for line in ours)
    assert any('"route": "/v1/snapshot/{name}"' in line for line in ours)
    # What the asking library writes of its own is the test's, not the platform's.
    written = "\n".join(ours)
    assert not any(word in written for word in (token, token[:20], "王小满", "13812345678"))


def test_figures_are_given_next_door_and_to_a_token_for_them_only(
    platform: RunningPlatform, machine: Machine
) -> None:
    way = HttpPlatform(platform.address, machine.token)
    way.push(machine.said("a"))
    way.close()

    def ask(**headers: str) -> requests.Response:
        return requests.get(f"{platform.address}/metrics", headers=headers, timeout=PATIENCE_S)

    text = ask().text
    assert 'shuke_requests_total{route="/v1/push",method="POST",status="200"}' in text
    seen = re.search(r"^shuke_tills_seen (\d+)$", text, re.MULTILINE)
    assert seen is not None and int(seen[1]) >= 1 and "\nshuke_pushes_in_flight 0\n" in text
    passed_on = {"x-forwarded-for": "203.0.113.7"}
    assert (ask(**passed_on).status_code, ask(**passed_on).json()["number"]) == (401, Number.STAFF_TOKEN)
    wrong, right = platform.token("members:read", name="a"), platform.token("metrics", name="b")
    assert ask(authorization=f"Bearer {wrong}", **passed_on).json()["number"] == Number.SCOPE
    assert ask(authorization=f"Bearer {right}", **passed_on).text.startswith("# HELP")
