"""The platform over HTTP, as a till asks it.

Decides time-outs, compression, and what an answer that is none of the platform's means (a captive portal, another
server): nothing is believed that does not decode. Loads requests: import it only where sync runs.
"""

import gzip
from typing import TypeVar

import msgspec
import requests

from sync.protocol import codec
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import (
    Enrol,
    Enrolled,
    Hello,
    HelloReply,
    Pull,
    PullReply,
    Push,
    PushReply,
    Refusal,
)

CONNECT_S, READ_S = 1.5, 5.0
COMPRESSED_FROM = 1_024
"""Bytes from which a body is worth compressing."""
M = TypeVar("M", bound=msgspec.Struct)


class HttpPlatform:
    """A `messages.Platform` at an address, asked with a till's token; used by one thread at a time."""

    def __init__(self, address: str, token: str = "", *, read_s: float = READ_S) -> None:
        self._address = address.rstrip("/")
        self._read_s = read_s
        self._session = requests.Session()
        self._session.headers["content-type"] = codec.CONTENT_TYPE
        if token:
            self._session.headers["authorization"] = f"Bearer {token}"

    def hello(self, hello: Hello) -> HelloReply:
        """Say hello."""
        return self._ask("hello", hello, HelloReply)

    def push(self, push: Push) -> PushReply:
        """Send facts."""
        return self._ask("push", push, PushReply)

    def pull(self, pull: Pull) -> PullReply:
        """Ask for documents."""
        return self._ask("pull", pull, PullReply)

    def enrol(self, enrol: Enrol) -> Enrolled:
        """Become one of a merchant's tills."""
        return self._ask("enrol", enrol, Enrolled)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _ask(self, what: str, message: msgspec.Struct, kind: type[M]) -> M:
        body, headers = codec.encode(message), {}
        if len(body) >= COMPRESSED_FROM:
            body, headers = gzip.compress(body, 1), {"content-encoding": "gzip"}
        try:
            answer = self._session.post(
                f"{self._address}/v1/{what}",
                data=body,
                headers=headers,
                timeout=(CONNECT_S, self._read_s),
                allow_redirects=False,
            )
        except requests.exceptions.SSLError as error:
            raise PlatformError(Number.CERTIFICATE) from error
        except requests.exceptions.RequestException as error:
            raise PlatformError(Number.UNREACHABLE) from error
        return _read(answer, kind)


def _read(answer: requests.Response, kind: type[M]) -> M:
    """Return what was answered; raise what was refused, NOT_THE_PLATFORM for what the platform would never say."""
    if answer.headers.get("content-type", "").partition(";")[0] != codec.CONTENT_TYPE:
        raise PlatformError(Number.NOT_THE_PLATFORM, status=answer.status_code)
    try:
        if answer.status_code == 200:
            return codec.decode(answer.content, kind)
        refusal = codec.decode(answer.content, Refusal)
        number = Number(refusal.number)
    except (PlatformError, ValueError) as error:
        raise PlatformError(Number.NOT_THE_PLATFORM, status=answer.status_code) from error
    told = {name: getattr(refusal, name) for name in refusal.__struct_fields__ if name != "number"}
    raise PlatformError(number, **{name: value for name, value in told.items() if value is not None})
