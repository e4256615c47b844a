"""A till for tests: the real store in a folder of the test's own, a clock moved by hand, ids in order, quick PINs.

Decides what stands in for the outside (time, ids, hashing, signing); store, sealing and services are the real ones.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from pos_app.domain.staff import Role
from pos_app.domain.values.ids import uuid7
from pos_app.persistence.database import open_store
from pos_app.persistence.store import SqlStore
from pos_app.services.acting import Actor
from pos_app.services.demo_founding import found_demo
from pos_app.services.demo_shop import demo_staff
from pos_app.services.founding import FoundingTools
from pos_app.services.sealing import Sealer
from pos_app.services.shop import Shop, make_shop

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
"""Noon in Shanghai, on the day at which tests begin."""


@dataclass
class HandClock:
    """A clock that stands still until a test moves it."""

    at: datetime = NOON

    def now(self) -> datetime:
        """Return the time it was set to."""
        return self.at

    def forward(self, by: timedelta) -> None:
        """Move the clock; a negative step is a clock set back."""
        self.at += by


@dataclass
class CountedIds:
    """UUIDv7s that count up: every run of a test makes the same ones."""

    given: int = 0

    def new(self) -> UUID:
        """Return the next id."""
        self.given += 1
        return uuid7(int(NOON.timestamp() * 1000), self.given)


class QuickPins:
    """A hash of PINs that takes no time; only for tests."""

    def hash(self, pin: str) -> str:
        """Return a digest that is not the PIN."""
        return sha256(pin.encode()).hexdigest()

    def verify(self, hashed: str, pin: str) -> bool:
        """Compare digests."""
        return hashed == self.hash(pin)


@dataclass
class CountedKeys:
    """Real AES-GCM with keys and nonces that count up, so that a journal's bytes are the same every run."""

    given: int = 0

    def new_key(self) -> bytes:
        """Return the next key of 32 bytes."""
        self.given += 1
        return sha256(b"key %d" % self.given).digest()

    def seal(self, key: bytes, plain: bytes, context: bytes) -> bytes:
        """Seal; the nonce stands in front."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self.given += 1
        nonce = self.given.to_bytes(12, "big")
        return nonce + AESGCM(key).encrypt(nonce, plain, context)

    def unseal(self, key: bytes, sealed: bytes, context: bytes) -> bytes:
        """Unseal; raise ValueError when key, bytes or context do not fit."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            return AESGCM(key).decrypt(sealed[:12], sealed[12:], context)
        except InvalidTag:
            raise ValueError("does not fit") from None


class OneSigner:
    """Ed25519 with one key that every test shares, or the one of a name."""

    def __init__(self, name: str = "the till of the tests") -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._key = Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())

    def public_key(self) -> bytes:
        """Return the 32 bytes of the public key."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of the signature."""
        return self._key.sign(message)

    def verify(self, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Whether the signature fits."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass
class Outside:
    """Everything that a test decides about the world outside of the till."""

    clock: HandClock = field(default_factory=HandClock)
    ids: CountedIds = field(default_factory=CountedIds)
    pins: QuickPins = field(default_factory=QuickPins)
    cipher: CountedKeys = field(default_factory=CountedKeys)
    signer: OneSigner = field(default_factory=OneSigner)

    @property
    def tools(self) -> FoundingTools:
        """What founding a shop takes."""
        return FoundingTools(
            clock=self.clock,
            ids=self.ids,
            hasher=self.pins,
            sealer=Sealer(self.cipher),
            signer=self.signer,
            verifier=self.signer,
        )


@dataclass
class DemoTill:
    """The demo shop, founded and open: its store, its use cases, its owner, and the outside."""

    store: SqlStore
    shop: Shop
    owner: Actor
    outside: Outside

    def signed_in(self, role: Role) -> Actor:
        """Sign in the first person of a role, with the PIN of the demo's login page."""
        code, pin = next((code, pin) for code, _, its, pin, _ in demo_staff() if its is role)
        return self.shop.staff.sign_in(code, pin)


@contextmanager
def demo_till(folder: Path) -> Iterator[DemoTill]:
    """Found the demo shop in a folder and close its store afterwards."""
    outside = Outside()
    store = open_store(folder / "shop.db")
    try:
        owner = found_demo(store, outside.tools)
        with store.read() as tx:
            settings = tx.settings.load()
        assert settings is not None
        yield DemoTill(store, make_shop(store, settings, outside.tools), owner, outside)
    finally:
        store.close()
