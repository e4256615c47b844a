"""What is signed on the way: texts that both ends make alike. Decides their form; keys and signatures are handed in."""

from uuid import UUID

from sync.protocol.messages import Position


def ack_text(till: UUID, ack: Position) -> bytes:
    """Return what the platform signs when it acknowledges a place of a till's journal."""
    return b"shuke ack 1 " + till.bytes + f" {ack.epoch} {ack.seq} ".encode() + ack.hash
