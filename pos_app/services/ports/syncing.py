"""What sync asks of the till's books: to which platform it belongs, and how far that one holds the journal."""

from dataclasses import dataclass
from typing import Protocol

from pos_app.domain.values.ids import MerchantId


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncLink:
    """A till's tie to a platform; its token stands in the key store and not here.

    The acknowledgement (`epoch`, `seq`, `hash`, signed by the platform's key) is how far the journal is known there.
    `is_restored` says that the platform knew more of this journal than this till: it was restored or cloned, and
    spends nothing of others' until a manager opens a new epoch.
    """

    address: str
    merchant: MerchantId
    platform_key: bytes
    enrolled_at_ms: int
    epoch: int
    seq: int
    hash: bytes
    signature: bytes = b""
    letters: int = 0
    cursor: bytes = b""
    is_restored: bool = False


class Links(Protocol):
    """The tie to the platform, none for a till that stands alone."""

    def load(self) -> SyncLink | None:
        """Return the tie."""
        ...

    def save(self, link: SyncLink) -> None:
        """Write the tie anew."""
        ...
