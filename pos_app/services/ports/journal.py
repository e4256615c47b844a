"""What services ask of the journal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pos_app.domain.facts.envelope import Envelope
from pos_app.domain.values.hlc import Hlc


@dataclass(frozen=True, slots=True)
class Head:
    """Where the journal ends: epoch, seq (0 when empty), hash, and the latest clock."""

    epoch: int
    seq: int
    hash: bytes
    hlc: Hlc


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """A journal row: the stored bytes and hash, and the columns that stand beside them for look-up.

    `kept_under` is the (epoch, seq) by which the store finds it; the same as its own, unless somebody moved it.
    """

    epoch: int
    seq: int
    body: bytes
    hash: bytes
    fact: bytes
    kind: str
    version: int
    happened_at_ms: int
    hlc: int
    staff: bytes | None
    kept_under: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHead:
    """A head signed by the till when a shift was closed."""

    epoch: int
    seq: int
    hash: bytes
    signature: bytes
    public_key: bytes


class Journal(Protocol):
    """The append-only record of facts."""

    def head(self) -> Head:
        """Return where the journal ends."""
        ...

    def append(self, envelope: Envelope, body: bytes, digest: bytes) -> None:
        """Add a fact after the head; the caller has chained it."""
        ...

    def open_epoch(self, epoch: int) -> None:
        """Let the next fact be seq 1 of a new epoch, chained to the present head."""
        ...

    def entries(self, after: tuple[int, int] = (0, 0), limit: int | None = None) -> Iterable[JournalEntry]:
        """Return entries after (epoch, seq), in order; read as they are walked."""
        ...

    def entry(self, epoch: int, seq: int) -> JournalEntry | None:
        """Return one entry."""
        ...

    def base_of(self, epoch: int) -> bytes:
        """Return the hash that the first fact of an epoch is chained to, also before it is written."""
        ...

    def count_kinds(self, after: tuple[int, int]) -> Mapping[str, int]:
        """Return how many facts of each kind stand after (epoch, seq)."""
        ...

    def save_signed_head(self, head: SignedHead) -> None:
        """Keep a signed head beside the journal."""
        ...

    def last_signed_head(self) -> SignedHead | None:
        """Return the head that was signed last."""
        ...

    def signed_heads(self) -> Sequence[SignedHead]:
        """Return all signed heads, oldest first."""
        ...
