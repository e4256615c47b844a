"""Keys of wallets on the disk: sealed in one file of the keys' folder, whose own key is in the system's key store.

Decides how they are kept: a key store holds short secrets only (Windows: 2,560 bytes, less than one RSA key), so it
keeps the key of the file, and the file the keys. AES-256-GCM, the file readable by its owner alone.
"""

from pathlib import Path

import msgspec

from pos_app.domain.sales.tenders import TenderKind
from pos_app.persistence.secrets import AesCipher, KeptSecret, write_private
from pos_app.services.ports.wallet_keys import KeyPair

FILE, KEY = "wallets.sealed", "wallets.key"
_CONTEXT = b"shuke wallet keys 1"


class SealedWalletKeys:
    """`WalletKeys` of a data folder."""

    def __init__(self, folder: Path, *, use_key_store: bool = True) -> None:
        self._file = folder / FILE
        self._secret = KeptSecret(folder, KEY, use_key_store=use_key_store)
        self._cipher = AesCipher()
        self._read: tuple[tuple[int, int] | None, dict[str, tuple[str, str]]] | None = None

    def load(self, kind: TenderKind) -> KeyPair | None:
        """Return a wallet's keys; None where there are none, or the file's key was lost."""
        kept = self._all().get(kind.value)
        return KeyPair(*kept) if kept is not None else None

    def save(self, kind: TenderKind, pair: KeyPair) -> None:
        """Keep a wallet's keys."""
        self._write({**self._all(), kind.value: (pair.private, pair.provider_public)})

    def forget(self, kind: TenderKind) -> None:
        """Keep a wallet's keys no longer."""
        left = {name: pair for name, pair in self._all().items() if name != kind.value}
        if left or self._file.exists():
            self._write(left)

    def kept_in(self) -> str:
        """Return where the file's key is."""
        return self._secret.kept_in()

    def _all(self) -> dict[str, tuple[str, str]]:
        """Read the file, unless it is the very one that was read last."""
        try:
            stands = self._file.stat()
        except OSError:
            return {}
        mark = (stands.st_mtime_ns, stands.st_size)
        if self._read is None or self._read[0] != mark:
            self._read = (mark, self._unsealed())
        return self._read[1]

    def _unsealed(self) -> dict[str, tuple[str, str]]:
        key = self._secret.load()
        if key is None:
            return {}
        try:
            plain = self._cipher.unseal(bytes.fromhex(key), self._file.read_bytes(), _CONTEXT)
            return msgspec.json.decode(plain, type=dict[str, tuple[str, str]])
        except (ValueError, msgspec.DecodeError, OSError):
            return {}

    def _write(self, pairs: dict[str, tuple[str, str]]) -> None:
        key = self._secret.load()
        if key is None:
            key = self._cipher.new_key().hex()
            self._secret.save(key)
        write_private(self._file, self._cipher.seal(bytes.fromhex(key), msgspec.json.encode(pairs), _CONTEXT))
        self._read = None
