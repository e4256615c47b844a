"""Time, ids, hashing of PINs, sealing and signing, as Protocols: what a service may not do by itself."""

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Return the time, aware and in UTC."""
        ...


class Stopwatch(Protocol):
    """Measuring and waiting."""

    def micros(self) -> int:
        """Return a number of microseconds that only ever grows."""
        ...

    def rest(self, micros: int) -> None:
        """Do nothing for so many microseconds."""
        ...


class StillWatch:
    """A stopwatch that stands still: nothing takes time, and nobody waits."""

    def micros(self) -> int:
        """Return the same moment always."""
        return 0

    def rest(self, micros: int) -> None:
        """Go on at once."""


class Ids(Protocol):
    """New identities."""

    def new(self) -> UUID:
        """Return a new UUIDv7, later than any before it from this source."""
        ...


class PinHasher(Protocol):
    """Hashing of PINs, slow on purpose."""

    def hash(self, pin: str) -> str:
        """Return a salted hash."""
        ...

    def verify(self, hashed: str, pin: str) -> bool:
        """Whether a PIN is the one that was hashed."""
        ...


class Cipher(Protocol):
    """Sealing of bytes with one person's key."""

    def new_key(self) -> bytes:
        """Return a new random key of 32 bytes."""
        ...

    def seal(self, key: bytes, plain: bytes, context: bytes) -> bytes:
        """Return the sealed bytes, bound to a context."""
        ...

    def unseal(self, key: bytes, sealed: bytes, context: bytes) -> bytes:
        """Return the plain bytes; raise ValueError when key, bytes or context do not fit."""
        ...


class Signer(Protocol):
    """The till's signature (Ed25519)."""

    def public_key(self) -> bytes:
        """Return the 32 bytes of the public key."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the signature."""
        ...


class Verifier(Protocol):
    """Checking of signatures."""

    def verify(self, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Whether the signature fits."""
        ...
