"""A mail server on loopback: RFC 5321 as far as a till speaks it, with TLS, sign-in, and refusals that a test chooses.

``with SmtpServer() as server: …`` keeps what it took in `server.letters`. It is a real server on a real socket; only
what it does with a letter is less.
"""

import socket
import ssl
import threading
from base64 import b64decode
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from tests.support import certificates

USER, PASSWORD = "shop@example.com", "code-4711"
HAN_PASSWORD = "授权码-4711"


@dataclass(frozen=True)
class Taken:
    """A letter that the server took: the envelope, and what was in it."""

    sender: str
    to: tuple[str, ...]
    message: EmailMessage
    safe: bool
    """Whether it came over TLS."""


class SmtpServer:
    """One server; conditions may be changed from any thread."""

    def __init__(self, *, tls: bool = False, starttls: bool = True, auth: bool = True) -> None:
        self._tls, self._starttls, self._auth = tls, starttls, auth
        self.letters: list[Taken] = []
        self.refuse: dict[str, str] = {}
        """The answer to a command ("RCPT": "550 no such user"), instead of taking it; "END" is after the letter."""
        self.cut_at = ""
        """The command at which it hangs up without a word."""
        self.signed_in: list[str] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="smtp-server", daemon=True)

    def __enter__(self) -> "SmtpServer":
        self._server.settimeout(0.05)
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._stop.set()
        self._thread.join()
        self._server.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                link, _ = self._server.accept()
            except TimeoutError:
                continue
            link.settimeout(10)
            # The till hangs up, or does not trust the certificate: neither is a failure of the server.
            with suppress(OSError), ExitStack() as held:
                held.enter_context(link)
                self._attend(link, held)

    def _take(self, link: socket.socket, letter: Taken) -> None:
        if "END" not in self.refuse:
            self.letters.append(letter)
        _say(link, self.refuse.get("END", "250 taken"))

    def _attend(self, link: socket.socket, held: ExitStack) -> None:
        safe = False
        if self._tls:
            link, safe = held.enter_context(server_side().wrap_socket(link, server_side=True)), True
        file = held.enter_context(link.makefile("rb"))
        _say(link, self.refuse.get("GREETING", "220 mail.example.com ESMTP"))
        sender, to = "", []
        while line := file.readline():
            verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            verb = verb.upper()
            if verb == self.cut_at:
                return
            if verb in self.refuse and verb != "QUIT":
                _say(link, self.refuse[verb])
            elif verb in ("EHLO", "HELO"):
                self._greet(link, safe)
            elif verb == "STARTTLS" and self._starttls and not safe:
                _say(link, "220 go on")
                link, safe = held.enter_context(server_side().wrap_socket(link, server_side=True)), True
                file = held.enter_context(link.makefile("rb"))
            elif verb == "AUTH":
                self._sign_in(link, file, rest)
            elif verb == "MAIL":
                sender, to = _between(rest), []
                _say(link, "250 ok")
            elif verb == "RCPT":
                to.append(_between(rest))
                _say(link, "250 ok")
            elif verb == "DATA":
                _say(link, "354 go on")
                message = _letter(file)
                if self.cut_at == "END":
                    return
                self._take(link, Taken(sender, tuple(to), message, safe))
            elif verb == "QUIT":
                _say(link, self.refuse.get("QUIT", "221 bye"))
                return
            else:
                _say(link, "250 ok" if verb in ("NOOP", "RSET") else "500 what?")

    def _greet(self, link: socket.socket, safe: bool) -> None:
        can = ["mail.example.com", "SIZE 30000000"]
        if self._starttls and not safe:
            can.append("STARTTLS")
        if self._auth:
            can.append("AUTH PLAIN LOGIN")
        for word in can[:-1]:
            _say(link, f"250-{word}")
        _say(link, f"250 {can[-1]}")

    def _sign_in(self, link: socket.socket, file: BinaryIO, rest: str) -> None:
        kind, _, first = rest.partition(" ")
        if kind == "PLAIN":
            _, user, password = b64decode(first).decode().split("\0")
        else:
            _say(link, "334 VXNlcm5hbWU6")
            user = b64decode(file.readline()).decode()
            _say(link, "334 UGFzc3dvcmQ6")
            password = b64decode(file.readline()).decode()
        fits = user == USER and password in (PASSWORD, HAN_PASSWORD)
        if fits:
            self.signed_in.append(user)
        _say(link, "235 welcome" if fits else "535 5.7.8 no such user or password")


def _say(link: socket.socket, words: str) -> None:
    link.sendall(words.encode() + b"\r\n")


def _between(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]


def _letter(file: BinaryIO) -> EmailMessage:
    lines: list[bytes] = []
    while (line := file.readline()) not in (b".\r\n", b""):
        lines.append(line[1:] if line.startswith(b"..") else line)
    message = message_from_bytes(b"".join(lines), policy=default)
    assert isinstance(message, EmailMessage)
    return message


@cache
def server_side() -> ssl.SSLContext:
    """Return what the server shows of itself."""
    with TemporaryDirectory() as folder:
        return certificates.server_side(Path(folder))


def trust() -> ssl.SSLContext:
    """Return what a till that knows this server trusts."""
    return ssl.create_default_context(cadata=certificates.self_signed()[0].decode())
