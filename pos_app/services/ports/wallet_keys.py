"""The keys with which a merchant talks to a wallet: kept beside the till's own key, never in settings or facts.

Decides the shape only; `persistence.wallet_keys` keeps them.
"""

from dataclasses import dataclass
from typing import Protocol

from pos_app.domain.sales.tenders import TenderKind


@dataclass(frozen=True, slots=True)
class KeyPair:
    """The merchant's private key and the wallet's public key, as texts (PEM or bare Base64); shown by no `repr`."""

    private: str
    provider_public: str

    def __repr__(self) -> str:
        """Show neither."""
        return "KeyPair(…)"


class WalletKeys(Protocol):
    """Keys by wallet."""

    def load(self, kind: TenderKind) -> KeyPair | None:
        """Return a wallet's keys; None when there are none, or none that can be read any more."""
        ...

    def save(self, kind: TenderKind, pair: KeyPair) -> None:
        """Keep a wallet's keys in place of those before; they are on the disk on return."""
        ...

    def forget(self, kind: TenderKind) -> None:
        """Keep a wallet's keys no longer."""
        ...

    def kept_in(self) -> str:
        """Return where the key to them is: the name of the system's key store, or "file"."""
        ...
