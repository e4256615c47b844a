"""How messages become bytes and back: MessagePack, because facts and hashes are bytes that JSON would have to dress.

Decides the wire's form; what comes from the wire is checked here and trusted after. Unknown keys are left aside, so
that a newer end may say more.
"""

from functools import cache
from typing import TypeVar

import msgspec

from sync.protocol.errors import Number, PlatformError

CONTENT_TYPE = "application/vnd.shuke+msgpack"

M = TypeVar("M", bound=msgspec.Struct)
_encoder = msgspec.msgpack.Encoder(uuid_format="bytes")


def encode(message: msgspec.Struct) -> bytes:
    """Return the bytes of a message."""
    return _encoder.encode(message)


def decode(body: bytes, kind: type[M]) -> M:
    """Read a message; raise PlatformError UNREADABLE for anything else."""
    try:
        message: M = _decoder(kind).decode(body)
        return message
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise PlatformError(Number.UNREADABLE) from error


@cache
def _decoder(kind: type[M]) -> msgspec.msgpack.Decoder[M]:
    return msgspec.msgpack.Decoder(kind)
