"""What a platform signs of a till's journal: the till keeps it, and holds its own books to it (SYNC.md §9).

Decides the form of the text that is signed, for both ends and for `verify`.
"""

from uuid import UUID


def ack_text(till: UUID, epoch: int, seq: int, digest: bytes) -> bytes:
    """Return what the platform signs when it acknowledges a place of a till's journal with its hash."""
    return b"shuke ack 1 " + till.bytes + f" {epoch} {seq} ".encode() + digest
