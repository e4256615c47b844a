"""The platform over HTTP, as a till asks it.

Decides what an answer means that is none of the platform's (a captive portal, another server): nothing is believed
that does not decode. Connections and time-outs are `wire`'s. Loads requests: import it only where sync runs.
"""

import gzip
from collections.abc import Iterator
from io import BytesIO
from typing import TypeVar

import msgspec
import requests

from sync.client.addresses import address_of
from sync.client.wire import (
    CONNECT_S,
    READ_S,
    Failed,
    TokenAuth,
    WireAdapter,
    has_connected,
    parts_of,
    read_at_most,
)
from sync.protocol import codec
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import (
    Answer,
    Ask,
    Enrol,
    Enrolled,
    Hello,
    HelloReply,
    Pull,
    PullReply,
    Push,
    PushReply,
    Refusal,
    SnapshotReady,
)
from sync.protocol.versions import spoken

COMPRESSED_FROM = 1_024
"""Bytes from which a body is worth compressing."""
MOST_ANSWER = 64_000_000
"""Bytes of an answer, unpacked: whoever plays the platform cannot fill the memory."""
MAKING_S = 120.0
"""How long the platform may take to make a snapshot."""
LONGEST_RETRY_S = 3_600
FILE_TYPES = frozenset({"application/octet-stream", "application/gzip"})
_BUSY = frozenset({429, 502, 503, 504})
"""What a server in front of the platform answers while that one is away."""
M = TypeVar("M", bound=msgspec.Struct)


class HttpPlatform:
    """A `messages.Platform`, `Snapshots` and `Gate` at an address, asked with a till's token; one thread at a time."""

    def __init__(self, address: str, token: str = "", *, read_s: float = READ_S) -> None:
        where = address_of(address)
        self._address = where.base
        self._verify = not where.fingerprint
        self._read_s = read_s
        self._auth = TokenAuth(token)
        self._session = requests.Session()
        self._session.mount("https://", WireAdapter(where.fingerprint))
        self._session.mount("http://", WireAdapter())
        self._older: int | None = None
        """The version that a platform asked for which is older than this program."""

    def hello(self, hello: Hello) -> HelloReply:
        """Say hello."""
        return self._ask("hello", hello, HelloReply)

    def push(self, push: Push) -> PushReply:
        """Send facts."""
        return self._ask("push", push, PushReply)

    def pull(self, pull: Pull) -> PullReply:
        """Ask for documents."""
        return self._ask("pull", pull, PullReply)

    def ask(self, ask: Ask) -> Answer:
        """Look something up."""
        return self._ask("ask", ask, Answer)

    def enrol(self, enrol: Enrol) -> Enrolled:
        """Become one of a merchant's tills."""
        return self._ask("enrol", enrol, Enrolled)

    def prepare(self) -> SnapshotReady:
        """Have a snapshot made, or hear of one that is new enough."""
        return _read(self._send("GET", "/v1/snapshot", read_s=MAKING_S), SnapshotReady)

    def fetch(self, name: str, offset: int) -> Iterator[bytes]:
        """Read a snapshot's file from a byte on, as it comes."""
        headers = {"accept-encoding": "identity"}
        if offset:
            headers["range"] = f"bytes={offset}-"
        answer = self._send("GET", f"/v1/snapshot/{name}", headers=headers)
        if answer.status_code == 416:
            answer.close()
            return
        skipped = offset if answer.status_code == 200 else 0
        if answer.status_code not in (200, 206) or _type_of(answer) not in FILE_TYPES:
            raise _refused(answer)
        for part in parts_of(answer, unpack=False):
            if skipped >= len(part):
                skipped -= len(part)
                continue
            yield part[skipped:]
            skipped = 0

    def answers(self) -> bool:
        """Whether a platform answers at the address, be it in good health or not; raises when it is none."""
        answer = self._send("GET", "/health")
        body = read_at_most(answer, MOST_ANSWER)
        try:
            return "status" in msgspec.json.decode(body, type=dict[str, object])
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
            raise PlatformError(Number.NOT_THE_PLATFORM, status=answer.status_code) from error

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _ask(self, what: str, message: msgspec.Struct, kind: type[M]) -> M:
        """Ask; in an older version once the platform says that it does not speak the newest."""
        try:
            return self._asked(what, message, kind)
        except PlatformError as error:
            older = _older(error)
            if older is None or older == self._older:
                raise
            self._older = older
            return self._asked(what, message, kind)

    def _asked(self, what: str, message: msgspec.Struct, kind: type[M]) -> M:
        if self._older is not None and hasattr(message, "p"):
            message = msgspec.structs.replace(message, p=self._older)
        body, headers = codec.encode(message), {"content-type": codec.CONTENT_TYPE}
        if len(body) >= COMPRESSED_FROM:
            body, headers["content-encoding"] = gzip.compress(body, 1), "gzip"
        return _read(self._send("POST", f"/v1/{what}", body, headers), kind)

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        *,
        read_s: float | None = None,
    ) -> requests.Response:
        """Ask, and return the answer whose body is still to be read."""
        try:
            return self._session.request(
                method,
                self._address + path,
                # A file goes block by block, each with a time-out of its own: a slow line is no dead one.
                data=None if body is None else BytesIO(body),
                headers=headers,
                auth=self._auth,
                timeout=(CONNECT_S, read_s or self._read_s),
                allow_redirects=False,
                verify=self._verify,
                stream=True,
            )
        except requests.exceptions.SSLError as error:
            raise PlatformError(Number.CERTIFICATE) from error
        except Failed as error:
            raise PlatformError(Number.UNREACHABLE, connected=has_connected(error)) from error


def _older(error: PlatformError) -> int | None:
    """Return the version to speak with a platform that refused the one it was asked in; None without a common one."""
    least, newest = error.told.get("least"), error.told.get("newest")
    if error.number is not Number.VERSION or not isinstance(least, int) or not isinstance(newest, int):
        return None
    return spoken(least, newest)


def _type_of(answer: requests.Response) -> str:
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower()


def _read(answer: requests.Response, kind: type[M]) -> M:
    """Return what was answered; raise what was refused, NOT_THE_PLATFORM for what the platform would never say."""
    if answer.status_code != 200 or _type_of(answer) != codec.CONTENT_TYPE:
        raise _refused(answer)
    try:
        return codec.decode(read_at_most(answer, MOST_ANSWER), kind)
    except PlatformError as error:
        if error.number is not Number.UNREADABLE:
            raise
        raise PlatformError(Number.NOT_THE_PLATFORM, status=200) from error


def _refused(answer: requests.Response) -> PlatformError:
    """Return what a refusal says, also one of a server in front of the platform."""
    status, told = answer.status_code, _wait_of(answer)
    body = read_at_most(answer, MOST_ANSWER)
    if _type_of(answer) == codec.CONTENT_TYPE:
        try:
            refusal = codec.decode(body, Refusal)
            number = Number(refusal.number)
        except (PlatformError, ValueError):
            return PlatformError(Number.NOT_THE_PLATFORM, status=status)
        said = {name: getattr(refusal, name) for name in refusal.__struct_fields__ if name != "number"}
        told |= {name: value for name, value in said.items() if value is not None}
        if refusal.retry_after_s is not None:
            told["retry_after_s"] = min(max(refusal.retry_after_s, 0), LONGEST_RETRY_S)
        return PlatformError(number, **told)
    if status == 413:
        return PlatformError(Number.TOO_LARGE)
    return PlatformError(Number.BUSY if status in _BUSY else Number.NOT_THE_PLATFORM, status=status, **told)


def _wait_of(answer: requests.Response) -> dict[str, object]:
    """Return how long an answer's head asks to wait, in seconds; a day and time is nobody's here."""
    text = answer.headers.get("retry-after", "").strip()
    return {"retry_after_s": min(int(text), LONGEST_RETRY_S)} if text.isascii() and text.isdigit() else {}
