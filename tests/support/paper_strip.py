"""What came out of a virtual printer: strips of dots, and what an eye or a scanner finds on them."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from PIL import Image

BAND_LEAST_ROWS = 40
"""The 副本 band is 56 rows high; no code, picture or letter is black from edge to edge that long."""
_PAPER_DOTS = {384: 464, 576: 640}


@dataclass(frozen=True)
class Strip:
    """One piece of paper: rows of `stride` bytes, most significant bit left, 1 is ink.

    `cut` is False when the next job began, or the printer was switched off, before the cutter came down.
    """

    rows: tuple[bytes, ...]
    stride: int
    cut: bool

    @cached_property
    def image(self) -> Image.Image:
        """The paper at 203 dpi, with the white edges that the head does not reach."""
        width = self.stride * 8
        paper = Image.new("L", (_PAPER_DOTS.get(width, width + 64), max(1, len(self.rows))), 255)
        ink = Image.frombytes("1", (width, max(1, len(self.rows))), b"".join(self.rows) or bytes(self.stride))
        paper.paste(0, ((paper.width - width) // 2, 0), ink)
        return paper

    @cached_property
    def codes(self) -> tuple[tuple[str, str], ...]:
        """Every code that zxing reads on it, as (family, text), in the order of the text."""
        import zxingcpp

        found = zxingcpp.read_barcodes(self.image)
        return tuple(sorted((str(code.format).removeprefix("BarcodeFormat."), code.text) for code in found))

    @property
    def is_copy(self) -> bool:
        """Whether the white-on-black band of a copy is there: seen on the paper, not told by the till."""
        run = 0
        for row in self.rows:
            run = run + 1 if row and row[0] == row[-1] == 0xFF else 0
            if run >= BAND_LEAST_ROWS:
                return True
        return False

    @property
    def blank(self) -> bool:
        """Whether there is no ink at all."""
        return not any(any(row) for row in self.rows)

    def record(self) -> dict[str, object]:
        """Return what a witness writes down of it."""
        return {
            "cut": self.cut,
            "copy": self.is_copy,
            "codes": [list(code) for code in self.codes],
            "rows": len(self.rows),
            "dots": sha256(b"".join(self.rows)).hexdigest(),
        }
