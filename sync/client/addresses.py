"""Addresses of platforms as people type them: made whole, and taken apart.

Decides which way is taken where nobody says one: https, and http only for this computer and addresses of a private
network, where no certificate can be had. An address may carry the fingerprint of the platform's certificate
(`#sha256=…`), as the QR code of an enrolment does; then that certificate is believed and no other.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

PORT = 8765
"""Where a platform listens when nothing else is said."""
_FINGERPRINT = "sha256="


@dataclass(frozen=True, slots=True)
class Address:
    """Where a platform is; `fingerprint` is the SHA-256 of its certificate in hex, "" for all the system trusts."""

    base: str
    fingerprint: str = ""

    def __str__(self) -> str:
        """Return it in one text, as it is kept."""
        return f"{self.base}#{_FINGERPRINT}{self.fingerprint}" if self.fingerprint else self.base


def address_of(text: str) -> Address:
    """Read an address; raise ValueError when it is none. Names, numbers and a port alone are taken too."""
    typed = text.strip()
    parts = urlsplit(typed if "://" in typed else f"//{typed}")
    host = parts.hostname
    if not host or parts.username is not None or parts.query or any(sign.isspace() for sign in typed):
        raise ValueError("no address")
    near = is_near(host)
    scheme = parts.scheme or ("http" if near and not parts.fragment else "https")
    if scheme not in ("http", "https"):
        raise ValueError("no address")
    return Address(f"{scheme}://{_place(parts, host, near)}{parts.path.rstrip('/')}", _fingerprint(parts))


def is_near(host: str) -> bool:
    """Whether a host is this computer or one of a private network."""
    if host == "localhost" or host.endswith(".local"):
        return True
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return False
    return number.is_loopback or number.is_private or number.is_link_local


def _place(parts: SplitResult, host: str, near: bool) -> str:
    """Return host and port. Near by and with no way said, it is `shuke platform` that is meant, with its own port."""
    name = f"[{host}]" if ":" in host else host
    port = parts.port
    if port is None and near and not parts.scheme:
        port = PORT
    return name if port is None else f"{name}:{port}"


def _fingerprint(parts: SplitResult) -> str:
    """Return the fingerprint in lower-case hex without colons; raise ValueError for anything but 32 bytes."""
    if not parts.fragment:
        return ""
    name, _, value = parts.fragment.partition("=")
    plain = value.replace(":", "").lower()
    if f"{name.lower()}=" != _FINGERPRINT or len(plain) != 64 or parts.scheme == "http":
        raise ValueError("no fingerprint")
    return bytes.fromhex(plain).hex()
