"""In which row of a file a key stood first, for millions of keys in little memory.

Decides nothing: a hash table of eight-byte digests and row numbers in two flat arrays, twelve bytes a place, where a
dict of the same takes more than a hundred.
"""

from array import array
from hashlib import blake2b

_SMALLEST = 1 << 10


def digest_of(name: str, value: str) -> int:
    """Return eight bytes of a key as a number, never zero.

    Two of two million keys are taken for one in one of ten million files (n² ÷ 2⁶⁵).
    """
    text = f"{name}\x1f{value}".encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "little") or 1


class FirstRows:
    """Digests with the row in which each stood first; open addressing, at most two thirds full."""

    __slots__ = ("_count", "_digests", "_mask", "_rows")

    def __init__(self) -> None:
        self._count = 0
        self._mask = _SMALLEST - 1
        self._digests = array("Q", bytes(8 * _SMALLEST))
        self._rows = array("I", bytes(4 * _SMALLEST))

    def __len__(self) -> int:
        """Return how many digests there are."""
        return self._count

    def row_of(self, digest: int) -> int | None:
        """Return the row of a digest, or None for one that was not added."""
        place = self._place(digest)
        return self._rows[place] if self._digests[place] else None

    def add(self, digest: int, row: int) -> None:
        """Keep the row of a digest; one that was added before keeps its first row."""
        place = self._place(digest)
        if self._digests[place]:
            return
        self._digests[place] = digest
        self._rows[place] = row
        self._count += 1
        if self._count * 3 > self._mask * 2:
            self._grow()

    def _place(self, digest: int) -> int:
        """Return where a digest stands, or the free place where it would."""
        digests, mask = self._digests, self._mask
        place = digest & mask
        while digests[place] not in (0, digest):
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        old, rows = self._digests, self._rows
        size = (self._mask + 1) * 2
        self._mask = size - 1
        self._digests = array("Q", bytes(8 * size))
        self._rows = array("I", bytes(4 * size))
        for digest, row in zip(old, rows, strict=True):
            if digest:
                place = self._place(digest)
                self._digests[place] = digest
                self._rows[place] = row
