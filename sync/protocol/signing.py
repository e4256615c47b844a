"""What is signed on the way: texts that both ends make alike. Decides their form; keys and signatures are handed in."""

from uuid import UUID

from pos_app.domain.facts import acks
from sync.protocol.messages import Position


def ack_text(till: UUID, ack: Position) -> bytes:
    """Return what the platform signs when it acknowledges a place of a till's journal."""
    return acks.ack_text(till, ack.epoch, ack.seq, ack.hash)
