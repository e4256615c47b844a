"""Addresses of platforms as people type them: made whole, and taken apart.

Decides which way is taken where nobody says one: https, and http only for this computer and addresses of a private
network, where no certificate can be had. An address may carry the fingerprint of the platform's certificate
(`#sha256=…`), as the QR code of an enrolment does; then that certificate is believed and no other.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit, urlunsplit

PORT = 8765
"""Where a platform listens when nothing else is said."""
_FINGERPRINT = "sha256="
_SCHEMES = ("http", "https")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a platform is; `fingerprint` is the SHA-256 of its certificate in hex, "" for all the system trusts."""

    base: str
    fingerprint: str = ""

    def __str__(self) -> str:
        """Return it in one text, as it is kept."""
        return f"{self.base}#{_FINGERPRINT}{self.fingerprint}" if self.fingerprint else self.base


def address_of(text: str) -> Address:
    """Read an address that is whole; raise ValueError when it is none."""
    parts = urlsplit(text.strip())
    host = parts.hostname
    if parts.scheme not in _SCHEMES or not host or parts.username is not None or parts.query:
        raise ValueError("no address")
    name = f"[{host}]" if ":" in host else host
    place = name if parts.port is None else f"{name}:{parts.port}"
    return Address(f"{parts.scheme}://{place}{parts.path.rstrip('/')}", _fingerprint(parts))


def meant_by(text: str) -> tuple[Address, ...]:
    """Return which addresses a text may mean, the one to be tried first in front; raise ValueError for none.

    A name or number alone means https; near by also http, and the port of `shuke platform`.
    """
    typed = text.strip()
    if any(sign.isspace() for sign in typed):
        raise ValueError("no address")
    if "://" in typed:
        return (address_of(typed),)
    parts = urlsplit(f"//{typed}")
    host = parts.hostname or ""
    if not is_near(host):
        return (address_of(f"https://{typed}"),)
    if parts.port is None:
        netloc = f"{parts.netloc}:{PORT}" if not parts.netloc.endswith(":") else f"{parts.netloc}{PORT}"
        typed = urlunsplit(parts._replace(netloc=netloc)).removeprefix("//")
    secure = address_of(f"https://{typed}")
    return (secure,) if secure.fingerprint else (secure, address_of(f"http://{typed}"))


def is_near(host: str) -> bool:
    """Whether a host is this computer or one of a private network."""
    if host == "localhost" or host.endswith(".local"):
        return True
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return False
    return number.is_loopback or number.is_private or number.is_link_local


def _fingerprint(parts: SplitResult) -> str:
    """Return the fingerprint in lower-case hex without colons; raise ValueError for anything but 32 bytes."""
    if not parts.fragment:
        return ""
    name, _, value = parts.fragment.partition("=")
    plain = value.replace(":", "").lower()
    if f"{name.lower()}=" != _FINGERPRINT or len(plain) != 64 or parts.scheme == "http":
        raise ValueError("no fingerprint")
    return bytes.fromhex(plain).hex()
