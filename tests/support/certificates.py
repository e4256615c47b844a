"""A certificate of 127.0.0.1 that nobody vouches for, made for one run."""

import ssl
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@cache
def self_signed() -> tuple[bytes, bytes]:
    """Return the certificate and its key, both PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    began = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(began)
        .not_valid_after(began + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return made.public_bytes(pem), secret


def certificate_in(folder: Path) -> Path:
    """Write it into a folder, its key in the same file."""
    file = folder / "both.pem"
    file.write_bytes(b"".join(self_signed()))
    return file


def server_side(folder: Path) -> ssl.SSLContext:
    """Return what a server with it shows of itself; writes a file into the folder."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_in(folder))
    return context


def fingerprint() -> str:
    """Return its SHA-256 in hexadecimal digits, as a till pins it."""
    return x509.load_pem_x509_certificate(self_signed()[0]).fingerprint(hashes.SHA256()).hex()
