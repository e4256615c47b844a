"""What a connection to a wallet that breaks means for money: had the question left, or not."""

import os
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pos_app.services.ports.payments import ProviderUnreachableError
from sync.payments.wire import NoAnswer, Question, Wire

CHARGE = Question(method="POST", path="/charge", body=b"please")
GARBLED = b"\x17\x03\x03\x00\x40" + b"\x5a" * 64
"""A record of TLS that nobody can open: what a middlebox makes of one."""


def certificate_in(folder: Path) -> Path:
    """Make a certificate of 127.0.0.1; its key stands in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "wallet")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "both.pem"
    plain = serialization.NoEncryption()
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


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
    file = certificate_in(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
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
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_in(tmp_path))

    def shakes(connection: socket.socket) -> None:
        context.wrap_socket(connection.dup(), server_side=True).close()

    with wallet(shakes) as address, closing(Wire(address)) as wire, pytest.raises(ProviderUnreachableError):
        wire.ask(CHARGE)


def test_a_server_that_speaks_no_tls_is_told_nothing() -> None:
    def portal(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://portal.invalid/\r\n\r\n")

    with wallet(portal) as address, closing(Wire(address)) as wire, pytest.raises(ProviderUnreachableError):
        wire.ask(CHARGE)
