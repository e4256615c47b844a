"""What a connection to a wallet that breaks means for money: had the question left, or not."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from threading import Thread

import pytest

from pos_app.services.ports.payments import ProviderUnreachableError
from sync.payments.wire import NoAnswer, Question, Wire
from tests.support.certificates import certificate_in, server_side

CHARGE = Question(method="POST", path="/charge", body=b"please")
GARBLED = b"\x17\x03\x03\x00\x40" + b"\x5a" * 64
"""A record of TLS that nobody can open: what a middlebox makes of one."""


@contextmanager
def wallet(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve one connection after the other; hand the address out."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def run() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    serve(connection)

        Thread(target=run, daemon=True).start()
        try:
            yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            listening.shutdown(socket.SHUT_RDWR)


def test_a_connection_that_breaks_after_the_charge_left_says_nothing_of_the_money(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = server_side(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate_in(tmp_path)))
    heard: list[bytes] = []

    def garbles(connection: socket.socket) -> None:
        secure = context.wrap_socket(connection.dup(), server_side=True)
        with secure:
            while b"please" not in b"".join(heard):
                heard.append(secure.recv(65_536))
            os.write(secure.fileno(), GARBLED)

    with wallet(garbles) as address, closing(Wire(address)) as wire, pytest.raises(NoAnswer):
        wire.ask(CHARGE)
    assert b"please" in b"".join(heard)


def test_a_certificate_that_nobody_vouches_for_is_told_nothing(tmp_path: Path) -> None:
    context = server_side(tmp_path)

    def shakes(connection: socket.socket) -> None:
        context.wrap_socket(connection.dup(), server_side=True).close()

    with wallet(shakes) as address, closing(Wire(address)) as wire, pytest.raises(ProviderUnreachableError):
        wire.ask(CHARGE)


def test_a_server_that_speaks_no_tls_is_told_nothing() -> None:
    def portal(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://portal.invalid/\r\n\r\n")

    with wallet(portal) as address, closing(Wire(address)) as wire, pytest.raises(ProviderUnreachableError):
        wire.ask(CHARGE)
