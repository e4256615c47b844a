"""A page as dots: the value between the raster renderer and a printer. Loads no imaging library until asked."""

from dataclasses import dataclass
from io import BytesIO


@dataclass(frozen=True, slots=True)
class Raster:
    """Dots of a page: `rows` holds `stride` bytes a row, most significant bit left, 1 is ink."""

    width: int
    height: int
    rows: bytes

    @property
    def stride(self) -> int:
        """Bytes of one row."""
        return (self.width + 7) // 8

    def png(self) -> bytes:
        """Return the page as a PNG file, black on white."""
        from PIL import Image

        image = Image.frombytes("1", (self.width, self.height), self.rows)
        out = BytesIO()
        image.point(lambda dot: 255 - dot).save(out, "PNG")
        return out.getvalue()
