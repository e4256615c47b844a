"""How bytes travel between a till and its platform: connections, trust, and how long an answer may take.

Decides time-outs, whose certificate is believed, and how much of an answer is read. What was said is `http`'s.
Loads requests: import it only where sync runs.
"""

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from threading import Timer
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError

from sync.protocol.errors import Number, PlatformError

CONNECT_S, READ_S = 1.5, 5.0
PATIENCE_S, SLOWEST_BYTES_S = 10.0, 4_096
"""A body may take this long, and beyond it as long as it comes at this rate: one that drips keeps nobody waiting."""
_READ_BYTES = 65_536
Failed = (requests.exceptions.RequestException, HTTPError, OSError)
"""What requests, and urllib3 beneath it, raise when the way fails."""


class TokenAuth(requests.auth.AuthBase):
    """Carries the token: given as `auth`, so that a .netrc of the machine does not take its place. Never shown."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the token into a request."""
        if self._token:
            request.headers["authorization"] = f"Bearer {self._token}"
        return request


class WireAdapter(HTTPAdapter):
    """Connections to one platform: a pinned certificate is believed alone, else those that the system trusts."""

    def __init__(self, fingerprint: str = "") -> None:
        self._fingerprint = fingerprint
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        """Make the pools."""
        if self._fingerprint:
            pool_kwargs["assert_fingerprint"] = self._fingerprint
        else:
            pool_kwargs["ssl_context"] = ssl.create_default_context()
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        """Make the pools of a proxy, which are as impatient."""
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager


def has_connected(error: Exception) -> bool:
    """Whether a connection stood before it failed: then something of a question may have gone."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return not isinstance(error, requests.exceptions.ConnectTimeout) and not isinstance(
        reason, NewConnectionError
    )


def read_at_most(answer: requests.Response, most: int) -> bytes:
    """Return the body of an answer; raise PlatformError NOT_THE_PLATFORM beyond `most` bytes, UNREACHABLE when cut."""
    body = bytearray()
    for part in parts_of(answer, unpack=True):
        body += part
        if len(body) > most:
            answer.close()
            raise PlatformError(Number.NOT_THE_PLATFORM, status=answer.status_code)
    return bytes(body)


def parts_of(answer: requests.Response, *, unpack: bool) -> Iterator[bytes]:
    """Read a body as it comes; raise PlatformError UNREACHABLE when it is cut off or comes too slowly."""
    began, received = time.monotonic(), 0
    try:
        while part := answer.raw.read1(_READ_BYTES, decode_content=unpack):
            received += len(part)
            yield part
            if time.monotonic() - began > PATIENCE_S + received / SLOWEST_BYTES_S:
                raise PlatformError(Number.UNREACHABLE, connected=True)
    except Failed as error:
        raise PlatformError(Number.UNREACHABLE, connected=True) from error
    finally:
        # What was not read to its end cannot serve another question.
        answer.close()


class _Impatient:
    """A connection that sends a block in READ_S, and whose answer begins within twice the time to read."""

    sock: Any
    timeout: Any

    def connect(self) -> None:
        """Connect; what is sent then may take longer than connecting does."""
        super().connect()  # type: ignore[misc]
        self.sock.settimeout(READ_S)

    def getresponse(self) -> Any:
        """Wait for the answer's head: a time-out alone begins anew with each byte of it."""
        read_s = self.timeout if isinstance(self.timeout, int | float) else READ_S
        timer = Timer(2 * read_s, _cut, [self.sock])
        timer.daemon = True
        timer.start()
        try:
            return super().getresponse()  # type: ignore[misc]
        finally:
            timer.cancel()


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


class _Connection(_Impatient, HTTPConnection):
    """Over http."""


class _SecureConnection(_Impatient, HTTPSConnection):
    """Over https."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}
