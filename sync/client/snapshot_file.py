"""A snapshot's file as a till reads it, while more of it comes in.

Decides what is believed: a block only once its check sum agreed, a document only if it decodes. Whose file it is, and
what becomes of the documents, is `filling`.
"""

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from sync.protocol import codec
from sync.protocol.messages import Document

READ_BYTES = 262_144
MOST_BYTES = 64_000_000
"""What a block may hold: the platform packs a million bytes at a time, and a document is whole in one."""
GZIP = 31


class DamagedSnapshotError(Exception):
    """The file is not what the platform made: it is fetched anew."""


class Blocks:
    """Takes a file's bytes in, in parts of any length, and gives the packed documents of the blocks that are whole."""

    def __init__(self) -> None:
        self._unpacker = zlib.decompressobj(wbits=GZIP)
        self._plain = bytearray()
        self._is_between = True

    @property
    def is_between(self) -> bool:
        """Whether the bytes so far end with a block."""
        return self._is_between

    def feed(self, part: bytes) -> Iterator[bytes]:
        """Return the packed documents of blocks that end in these bytes; raises DamagedSnapshotError."""
        while part:
            try:
                self._plain += self._unpacker.decompress(part, MOST_BYTES)
            except zlib.error as error:
                raise DamagedSnapshotError from error
            if len(self._plain) >= MOST_BYTES:
                raise DamagedSnapshotError
            self._is_between = self._unpacker.eof
            part = self._unpacker.unused_data
            if self._is_between:
                block, self._plain = self._plain, bytearray()
                self._unpacker = zlib.decompressobj(wbits=GZIP)
                yield from _frames(bytes(block))


def _frames(block: bytes) -> Iterator[bytes]:
    place, end = 0, len(block)
    while place + 4 <= end:
        after = place + 4 + int.from_bytes(block[place : place + 4], "big")
        if after > end:
            break
        yield block[place + 4 : after]
        place = after
    if place != end:
        raise DamagedSnapshotError


def packed_in(path: Path, is_whole: Callable[[], bool], rest: Callable[[], None]) -> Iterator[bytes]:
    """Read the packed documents of a file that another process writes still; `rest` is called while nothing comes.

    Raises DamagedSnapshotError.
    """
    blocks = Blocks()
    with path.open("rb", buffering=0) as file:
        while True:
            ended = is_whole()
            part = file.read(READ_BYTES)
            if part:
                yield from blocks.feed(part)
            elif ended:
                break
            else:
                rest()
    if not blocks.is_between:
        raise DamagedSnapshotError


def document(packed: bytes) -> Document:
    """Read a document; raises PlatformError UNREADABLE."""
    return codec.decode(packed, Document)
