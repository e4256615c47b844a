"""Whom a till believes, how much of an answer it reads, and what it makes of servers that are not the platform."""

import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from sync.client import http as client_http
from sync.client.http import LONGEST_RETRY_S, HttpPlatform
from sync.protocol import codec
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Answer, Ask, Asked, Refusal, SnapshotReady
from tests.support.certificates import fingerprint, server_side

FILE = bytes(range(256)) * 1_000
ASK = Ask(p=1, what=Asked.MEMBERS, text="138")


class Scripted(BaseHTTPRequestHandler):
    """Answers as a test says, and remembers what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self._answer()

    def _answer(self) -> None:
        server: Server = self.server  # type: ignore[assignment]
        server.asked.append((self.path, dict(self.headers.items()), self.client_address[1]))
        status, headers, body = server.script(self)
        self.send_response(status)
        for name, value in ({"content-length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *told: object) -> None:
        """Say nothing."""


Script = Callable[[Scripted], tuple[int, dict[str, str], bytes]]


class Server(ThreadingHTTPServer):
    """A server with a script."""

    daemon_threads = True

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), Scripted)
        self.script = script
        self.asked: list[tuple[str, dict[str, str], int]] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """A till that hangs up is part of the test."""


@contextmanager
def serving(script: Script, context: ssl.SSLContext | None = None) -> Iterator[tuple[str, Server]]:
    """Serve; hand its address out."""
    with Server(script) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield f"{'https' if context else 'http'}://127.0.0.1:{server.server_address[1]}", server
        finally:
            server.shutdown()


def says(status: int, headers: dict[str, str], body: bytes = b"") -> Script:
    """Return a script of one answer."""
    return lambda _asked: (status, headers, body)


def packed(message: object, status: int = 200, **headers: str) -> Script:
    body = codec.encode(message)  # type: ignore[arg-type]
    return says(status, {"content-type": codec.CONTENT_TYPE, **headers}, body)


def refusal_of(address: str, token: str = "") -> PlatformError:
    with closing(HttpPlatform(address, token)) as line, pytest.raises(PlatformError) as refused:
        line.ask(ASK)
    return refused.value


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, str]:
    """What a platform with a certificate of its own shows, and its fingerprint."""
    return server_side(tmp_path_factory.mktemp("certificate")), fingerprint()


# -- whom it believes -------------------------------------------------------------------------------------


def test_a_pinned_certificate_is_believed_and_no_other_is(certificate: tuple[ssl.SSLContext, str]) -> None:
    context, pin = certificate
    with serving(packed(Answer(more=True)), context) as (address, server):
        with closing(HttpPlatform(f"{address}#sha256={pin}", "t")) as line:
            assert line.ask(ASK).more
        asked = len(server.asked)
        other = "0" * 64
        assert refusal_of(f"{address}#sha256={other}", "t").number is Number.CERTIFICATE
        assert refusal_of(address, "t").number is Number.CERTIFICATE, "nobody vouches for it"
        assert len(server.asked) == asked, "no token left the till"


def test_a_pin_holds_also_where_the_machine_names_another_bundle(
    certificate: tuple[ssl.SSLContext, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    context, pin = certificate
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    with serving(packed(Answer()), context) as (address, _):
        with closing(HttpPlatform(f"{address}#sha256={pin}")) as line:
            line.ask(ASK)
        assert refusal_of(f"{address}#sha256={'1' * 64}").number is Number.CERTIFICATE


def test_a_netrc_of_the_machine_does_not_take_the_tokens_place(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with serving(packed(Answer())) as (address, server), closing(HttpPlatform(address, "token")) as line:
        line.ask(ASK)
        assert server.asked[0][1]["authorization"] == "Bearer token"


def test_a_redirect_is_not_followed() -> None:
    with serving(packed(Answer())) as (other, others):
        script = says(307, {"location": other}, b"")
        with serving(script) as (address, _):
            assert refusal_of(address, "token").number is Number.NOT_THE_PLATFORM
        assert others.asked == []


# -- what it reads ----------------------------------------------------------------------------------------


def test_a_connection_serves_question_after_question() -> None:
    with serving(packed(Answer())) as (address, server), closing(HttpPlatform(address)) as line:
        for _ in range(3):
            line.ask(ASK)
        assert len({port for _, _, port in server.asked}) == 1


@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_without_end_is_not_read_to_its_end(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_http, "MOST_ANSWER", 200_000)
    body = bytes(2_000_000)
    for kind in (codec.CONTENT_TYPE, "text/html"):
        script = says(status, {"content-type": kind}, body)
        with serving(script) as (address, _):
            assert refusal_of(address).number is Number.NOT_THE_PLATFORM


def test_a_small_answer_that_unpacks_to_a_large_one_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    import gzip

    monkeypatch.setattr(client_http, "MOST_ANSWER", 200_000)
    bomb = gzip.compress(bytes(50_000_000))
    script = says(
        200,
        {"content-type": codec.CONTENT_TYPE, "content-encoding": "gzip"},
        bomb,
    )
    with serving(script) as (address, _):
        assert refusal_of(address).number is Number.NOT_THE_PLATFORM


# -- what it is told --------------------------------------------------------------------------------------


def test_how_long_to_wait_is_told_with_the_error_and_never_more_than_an_hour() -> None:
    for seconds, told in ((7, 7), (10**9, LONGEST_RETRY_S), (-1, 0)):
        busy = packed(Refusal(number=Number.BUSY.value, retry_after_s=seconds), 503)
        with serving(busy) as (address, _):
            assert refusal_of(address).told["retry_after_s"] == told


@pytest.mark.parametrize(
    ("status", "number"),
    [
        (413, Number.TOO_LARGE),
        (429, Number.BUSY),
        (502, Number.BUSY),
        (503, Number.BUSY),
        (504, Number.BUSY),
        (500, Number.NOT_THE_PLATFORM),
        (404, Number.NOT_THE_PLATFORM),
        (200, Number.NOT_THE_PLATFORM),
    ],
)
def test_a_server_in_front_of_the_platform_is_understood_as_far_as_it_goes(
    status: int, number: Number
) -> None:
    script = says(
        status,
        {"content-type": "text/html", "retry-after": "9"},
        b"<html></html>",
    )
    with serving(script) as (address, _):
        refused = refusal_of(address)
    assert refused.number is number
    if number is Number.BUSY:
        assert refused.told["retry_after_s"] == 9


def test_a_retry_after_that_is_no_number_is_left_aside() -> None:
    script = says(503, {"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, b"")
    with serving(script) as (address, _):
        assert "retry_after_s" not in refusal_of(address).told


# -- a snapshot's file ------------------------------------------------------------------------------------


def ranged(asked: Scripted) -> tuple[int, dict[str, str], bytes]:
    kind = {"content-type": "application/octet-stream"}
    wanted = asked.headers.get("range")
    if wanted is None:
        return 200, kind, FILE
    start = int(wanted.removeprefix("bytes=").rstrip("-"))
    return (206, kind, FILE[start:]) if start < len(FILE) else (416, kind, b"")


@pytest.mark.parametrize("offset", [0, 1, 70_000, len(FILE)])
def test_a_file_is_fetched_from_any_byte_on_also_where_the_server_knows_no_parts(offset: int) -> None:
    whole = says(200, {"content-type": "application/gzip"}, FILE)
    for script in (ranged, whole):
        with serving(script) as (address, _), closing(HttpPlatform(address)) as line:
            assert b"".join(line.fetch("name", offset)) == FILE[offset:]


def test_a_file_that_is_cut_off_or_gone_or_a_page_is_told() -> None:
    cut = says(
        200,
        {"content-type": "application/gzip", "content-length": str(len(FILE)), "connection": "close"},
        FILE[:-1],
    )
    gone = packed(Refusal(number=Number.SNAPSHOT_GONE.value), 410)
    page = says(200, {"content-type": "text/html"}, b"<html></html>")
    for script, number in (
        (cut, Number.UNREACHABLE),
        (gone, Number.SNAPSHOT_GONE),
        (page, Number.NOT_THE_PLATFORM),
    ):
        with serving(script) as (address, _), closing(HttpPlatform(address)) as line:
            with pytest.raises(PlatformError) as told:
                b"".join(line.fetch("name", 0))
            assert told.value.number is number


def test_a_snapshot_is_asked_for() -> None:
    ready = SnapshotReady(name="n", size=1, documents=2, first=1, cursor=b"c", digest=b"", sha256=bytes(32))
    with serving(packed(ready)) as (address, server), closing(HttpPlatform(address, "t")) as line:
        assert line.prepare() == ready and server.asked[0][0] == "/v1/snapshot"
