"""Where the bundled font lies and which characters it can draw.

Reads the font's own tables (OpenType specification, `cmap` format 12) so that no font
library is loaded for the question "can this be drawn?". Does not draw and does not measure.
"""

import atexit
import struct
from bisect import bisect_right
from contextlib import ExitStack
from functools import cache
from importlib import resources
from pathlib import Path
from typing import BinaryIO

REGULAR = "NotoSansSC-Regular.ttf"
SEMIBOLD = "NotoSansSC-SemiBold.ttf"

_kept = ExitStack()
atexit.register(_kept.close)


@cache
def font_path(bold: bool = False) -> Path:
    """Return a file of the bundled font that stays until the process ends."""
    place = resources.files("resources").joinpath("fonts", SEMIBOLD if bold else REGULAR)
    return _kept.enter_context(resources.as_file(place))


class Coverage:
    """The code points that a font draws, as sorted inclusive ranges."""

    def __init__(self, ranges: list[tuple[int, int]]) -> None:
        self._starts = [first for first, _ in ranges]
        self._ends = [last for _, last in ranges]

    def __contains__(self, code_point: int) -> bool:
        at = bisect_right(self._starts, code_point) - 1
        return at >= 0 and code_point <= self._ends[at]

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in zip(self._starts, self._ends, strict=True))


@cache
def coverage(bold: bool = False) -> Coverage:
    """Return what one weight of the bundled font draws; about a millisecond, once."""
    with font_path(bold).open("rb") as file:
        return Coverage(_read_ranges(file))


def _read_ranges(file: BinaryIO) -> list[tuple[int, int]]:
    """Read the full-Unicode `cmap` subtable (format 12); ValueError for a font without one."""
    start = _table_offset(file, b"cmap")
    file.seek(start)
    _, count = struct.unpack(">HH", file.read(4))
    records = [struct.unpack(">HHI", file.read(8)) for _ in range(count)]
    for platform, encoding, offset in records:
        if (platform, encoding) in ((3, 10), (0, 4), (0, 6)):
            return _read_format_12(file, start + offset)
    raise ValueError("the font has no full-Unicode character map")


def _table_offset(file: BinaryIO, tag: bytes) -> int:
    file.seek(4)
    (count,) = struct.unpack(">H", file.read(2))
    file.seek(12)
    for _ in range(count):
        name, _checksum, offset, _length = struct.unpack(">4sIII", file.read(16))
        if name == tag:
            return int(offset)
    raise ValueError(f"the font has no {tag!r} table")


def _read_format_12(file: BinaryIO, offset: int) -> list[tuple[int, int]]:
    file.seek(offset)
    form, _, _length, _language, groups = struct.unpack(">HHIII", file.read(16))
    if form != 12:
        raise ValueError(f"character map format {form} is not read here")
    packed = file.read(12 * groups)
    ranges: list[tuple[int, int]] = []
    for first, last, glyph in struct.iter_unpack(">III", packed):
        # Glyph 0 is .notdef, the empty box: a character mapped to it is not drawn.
        begin = first + 1 if glyph == 0 else first
        if begin > last:
            continue
        if ranges and ranges[-1][1] == begin - 1:
            ranges[-1] = (ranges[-1][0], last)
        else:
            ranges.append((begin, last))
    return ranges
