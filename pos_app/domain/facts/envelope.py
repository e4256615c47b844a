"""The envelope: what every fact is journalled and sent in, and the chain of hashes.

Decides the canonical bytes and the hash of a fact. Version 1 is for ever: bytes once written are never written
anew, a reader brings old versions up (`codec`). Source: DESIGN.md §4, SYNC.md §2.
"""

import hashlib
from datetime import datetime, timedelta

import msgspec

from pos_app.domain.values.hlc import Hlc
from pos_app.domain.values.ids import FactId, StaffId, TillId

FORMAT = 1
GENESIS = bytes(32)
"""What the first fact of a till's first epoch is chained to."""


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """A fact with who, where and when; encoded as one JSON object with its keys in this order.

    `content` is the fact's own JSON object. `at` is aware and in UTC. `staff` is None for what the till does by itself.
    """

    format: int
    till: TillId
    epoch: int
    seq: int
    fact: FactId
    kind: str
    version: int
    at: datetime
    hlc: Hlc
    staff: StaffId | None
    content: msgspec.Raw


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Envelope)


def encode(envelope: Envelope) -> bytes:
    """Return the canonical bytes: UTF-8 JSON without blanks, keys in the order of the class.

    Raises ValueError (a bug) for a time that is not in UTC: one moment has one spelling.
    """
    if envelope.at.utcoffset() != timedelta(0):
        raise ValueError("an envelope's time is in UTC")
    return _encoder.encode(envelope)


def decode(body: bytes) -> Envelope:
    """Read an envelope; raise msgspec.DecodeError or ValidationError when it is none."""
    return _decoder.decode(body)


def chain(previous: bytes, body: bytes) -> bytes:
    """Return SHA-256(previous ‖ body), the hash of a fact over its stored bytes."""
    return hashlib.sha256(previous + body).digest()
