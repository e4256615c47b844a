"""Secrets: the till's signing key and token, sealing of personal fields, hashing of PINs.

Key and token are kept in the system's key store where there is one, else in a file that only its owner may read
(SYNC.md §9). Decides where a secret is kept and with which algorithm: Ed25519, AES-256-GCM, argon2id. The libraries
are loaded when first used.
"""

import os
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_STORE = "shuke"
NONCE_BYTES = 12


def uses_key_store() -> bool:
    """Whether secrets go to the system's key store; SHUKE_KEY_STORE=file keeps a demo's and a test's in its folder."""
    return os.environ.get("SHUKE_KEY_STORE", "system") == "system"


def write_private(path: Path, content: bytes) -> None:
    """Put a file in the place of the one before, readable by its owner alone; it is on the disk on return."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(path.name + ".new")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


class AesCipher:
    """AES-256-GCM with a random nonce in front of the sealed bytes."""

    def new_key(self) -> bytes:
        """Return 32 random bytes."""
        return os.urandom(32)

    def seal(self, key: bytes, plain: bytes, context: bytes) -> bytes:
        """Return nonce and sealed bytes, bound to the context."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(NONCE_BYTES)
        return nonce + AESGCM(key).encrypt(nonce, plain, context)

    def unseal(self, key: bytes, sealed: bytes, context: bytes) -> bytes:
        """Return the plain bytes; raise ValueError when they were changed or the key does not fit."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        try:
            return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
        except InvalidTag:
            raise ValueError("sealed bytes, key and context do not fit") from None


class Argon2Hasher:
    """argon2id with the library's defaults (RFC 9106, low memory)."""

    def hash(self, pin: str) -> str:
        """Return a salted hash."""
        from argon2 import PasswordHasher

        return PasswordHasher().hash(pin)

    def verify(self, hashed: str, pin: str) -> bool:
        """Whether a PIN is the one that was hashed."""
        from argon2 import PasswordHasher
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return PasswordHasher().verify(hashed, pin)
        except (VerificationError, InvalidHashError):
            return False


class KeptSecret:
    """A secret text of a data folder; neither shown by `repr` nor by an error.

    It is kept in the system's key store where there is one that works, else in the file `folder / name`, which only
    its owner may read.
    """

    def __init__(self, folder: Path, name: str, *, use_key_store: bool = True) -> None:
        self._file = folder / name
        self._use_key_store = use_key_store

    def load(self) -> str | None:
        """Return the secret; None when there is none."""
        if self._file.exists():
            return self._file.read_text("ascii").strip()
        store = self._key_store()
        return (store.get_password(KEY_STORE, str(self._file)) or None) if store is not None else None

    def save(self, secret: str) -> None:
        """Keep a secret in place of the one before; it is on the disk, or in the key store, on return."""
        if self._in_key_store(secret):
            # A file that was kept before would be believed first.
            self._file.unlink(missing_ok=True)
            return
        write_private(self._file, secret.encode("ascii"))

    def forget(self) -> None:
        """Keep it no longer, wherever it is."""
        self._file.unlink(missing_ok=True)
        store = self._key_store()
        if store is not None:
            from keyring.errors import KeyringError

            with suppress(KeyringError):
                store.delete_password(KEY_STORE, str(self._file))

    def kept_in(self) -> str:
        """Return where it is kept, or would be: the name of the system's key store, or "file"."""
        if self._file.exists() or self._key_store() is None:
            return "file"
        import keyring

        return keyring.get_keyring().name

    def _in_key_store(self, secret: str) -> bool:
        """Give it to the key store; return False where there is none, or one that is locked or full."""
        store = self._key_store()
        if store is None:
            return False
        from keyring.errors import KeyringError

        try:
            store.set_password(KEY_STORE, str(self._file), secret)
        except KeyringError:
            return False
        return True

    def _key_store(self) -> "_KeyStore | None":
        """Return the system's key store, None where there is none that keeps anything."""
        if not self._use_key_store:
            return None
        import keyring
        from keyring.backends import fail

        backend = keyring.get_keyring()
        return None if isinstance(backend, fail.Keyring) or backend.priority < 1 else keyring


class TillSigner:
    """The till's Ed25519 key, made when first needed."""

    def __init__(self, folder: Path, *, use_key_store: bool = True) -> None:
        self._kept = KeptSecret(folder, "till.key", use_key_store=use_key_store)

    @cached_property
    def _key(self) -> "Ed25519PrivateKey":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        kept = self._kept.load()
        if kept is None:
            kept = os.urandom(32).hex()
            self._kept.save(kept)
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept))

    def public_key(self) -> bytes:
        """Return the 32 bytes of the public key."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the signature."""
        return self._key.sign(message)

    def kept_in(self) -> str:
        """Return where the key is kept, or would be: the name of the system's key store, or "file"."""
        return self._kept.kept_in()


class TokenKeeper:
    """The token with which the till asks its platform."""

    def __init__(self, folder: Path, *, use_key_store: bool = True) -> None:
        self._kept = KeptSecret(folder, "platform.token", use_key_store=use_key_store)

    def load(self) -> str | None:
        """Return the token; None when there is none."""
        return self._kept.load()

    def save(self, token: str) -> None:
        """Keep a token in place of the one before."""
        self._kept.save(token)

    def forget(self) -> None:
        """Keep it no longer."""
        self._kept.forget()


if TYPE_CHECKING:
    from typing import Protocol

    class _KeyStore(Protocol):
        def get_password(self, service: str, name: str) -> str | None: ...
        def set_password(self, service: str, name: str, password: str) -> None: ...
        def delete_password(self, service: str, name: str) -> None: ...


class Ed25519Verifier:
    """Checking Ed25519 signatures."""

    def verify(self, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Whether the signature fits."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class MailPassword:
    """The password with which the shop's letters are handed to its mail server."""

    def __init__(self, folder: Path, *, use_key_store: bool = True) -> None:
        self._kept = KeptSecret(folder, "mail.password", use_key_store=use_key_store)

    def load(self) -> str | None:
        """Return the password; None when there is none."""
        kept = self._kept.load()
        return None if kept is None else bytes.fromhex(kept).decode()

    def save(self, password: str) -> None:
        """Keep a password in place of the one before; an empty one is forgotten."""
        if password:
            # The file is ASCII, a password need not be.
            self._kept.save(password.encode().hex())
        else:
            self._kept.forget()
