"""How a question to a wallet travels: time-outs, how much of an answer is read, and what a failure means for money.

Decides the one thing that matters after a failure: whether the question may have left. Who could not even connect
gets ProviderUnreachableError; everything after that is `NoAnswer`, and whoever asked has to ask again. Loads
requests: import it only where wallets are asked.
"""

import ssl
import time
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPSConnectionPool
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError

from pos_app.services.ports.payments import ProviderUnreachableError

CONNECT_S, READ_S = 1.5, 10.0
"""The wallets' own SDKs read for ten seconds or longer (wechatpay-java: 10 s); a charge answers when the bank did."""
PATIENCE_S = 15.0
"""How long the body of an answer may take once it has begun."""
MOST_ANSWER = 1_000_000
"""Bytes of an answer, unpacked."""
_NEVER_LEFT = (NewConnectionError, ConnectTimeoutError, NameResolutionError)


class NoAnswer(Exception):  # noqa: N818 - no fault of the till's: it says how a question ended
    """The question may have left, and no answer came that can be read; `reason` is one of our short codes."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked; `path` begins with a slash and carries its query."""

    method: str
    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        """Show nothing of the body: the customer's code may stand in it."""
        return f"Question({self.method})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer as it came: its very bytes, which were signed."""

    status: int
    headers: dict[str, str]
    """By names in lower case."""
    body: bytes


class _Signed(requests.auth.AuthBase):
    """Leaves the request as it is: given as `auth`, so that a .netrc of the machine puts nothing into it."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _Connection(HTTPSConnection):
    """Tells a handshake that failed, when nothing was said yet, from TLS that breaks later, when a charge has left."""

    def connect(self) -> None:
        """Connect; raise NewConnectionError for a handshake that failed."""
        try:
            super().connect()
        except ssl.SSLError:
            raise NewConnectionError(self, "no handshake") from None


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection


class _Trusting(HTTPAdapter):
    """Believes the certificates that the system trusts, and never asks twice by itself."""

    def __init__(self) -> None:
        super().__init__(max_retries=0)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        """Make the pools."""
        pool_kwargs["ssl_context"] = ssl.create_default_context()
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        pools = self.poolmanager.pool_classes_by_scheme
        self.poolmanager.pool_classes_by_scheme = {**pools, "https": _Pool}


class Wire:
    """Questions to one address; one thread at a time."""

    def __init__(self, address: str, *, read_s: float = READ_S) -> None:
        self._address = address.rstrip("/")
        self._read_s = read_s
        self._session = requests.Session()
        self._session.mount("https://", _Trusting())

    def ask(self, question: Question) -> Reply:
        """Return the answer; raise ProviderUnreachableError before anything left, NoAnswer after."""
        try:
            with self._session.request(
                question.method,
                self._address + question.path,
                data=question.body or None,
                headers=dict(question.headers),
                auth=_Signed(),
                timeout=(CONNECT_S, self._read_s),
                allow_redirects=False,
                stream=True,
            ) as answer:
                body = _body_of(answer)
                return Reply(
                    status=answer.status_code,
                    headers={name.lower(): value for name, value in answer.headers.items()},
                    body=body,
                )
        # Without their causes: requests hold what was sent.
        except (requests.exceptions.ConnectTimeout, requests.exceptions.InvalidURL):
            raise ProviderUnreachableError from None
        except requests.exceptions.ConnectionError as error:
            if _never_left(error):
                raise ProviderUnreachableError from None
            raise NoAnswer("timeout" if _timed_out(error) else "cut_off") from None
        except (requests.exceptions.Timeout, TimeoutError):
            raise NoAnswer("timeout") from None
        except (requests.exceptions.RequestException, HTTPError, OSError):
            raise NoAnswer("cut_off") from None

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def _never_left(error: requests.exceptions.ConnectionError) -> bool:
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    original = getattr(reason, "original_error", reason)
    return isinstance(reason, _NEVER_LEFT) or isinstance(original, _NEVER_LEFT)


def _timed_out(error: Exception) -> bool:
    return "timed out" in str(error).lower()


def _body_of(answer: requests.Response) -> bytes:
    body, began = bytearray(), time.monotonic()
    # `read1` gives what has come: waiting for a full block would let a dripping answer keep a customer waiting.
    while part := answer.raw.read1(65_536, decode_content=True):
        body += part
        if len(body) > MOST_ANSWER:
            raise NoAnswer("too_large")
        if time.monotonic() - began > PATIENCE_S:
            raise NoAnswer("timeout")
    return bytes(body)
