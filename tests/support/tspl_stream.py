"""What a TSPL printer would make of a stream of bytes: labels as pictures, and nothing that it does not know.

Reads the commands of `pos_app.hardware.tspl` from the manual's side: a command it does not know, a picture that is too
short, or a byte left over is an error of the stream.
"""

import re
from dataclasses import dataclass

from PIL import Image

_DOTS_PER_MM = 8


@dataclass(frozen=True)
class PrintedLabel:
    """One PRINT: the size and gap that were set, the picture (0 is ink), and how many came out."""

    width_mm: float
    height_mm: float
    gap_mm: float
    direction: int
    picture: Image.Image
    copies: int


class TsplStream:
    """Reads one stream."""

    def __init__(self, stream: bytes) -> None:
        self._rest = stream
        self.labels: list[PrintedLabel] = []
        self.commands: list[str] = []
        self._size = self._gap = (0.0, 0.0)
        self._direction = 0
        self._canvas: Image.Image | None = None
        while self._rest:
            self._command()

    def _command(self) -> None:
        if self._rest.startswith(b"BITMAP "):
            self._bitmap()
            return
        line, end, self._rest = self._rest.partition(b"\r\n")
        assert end, f"a command without its end: {line!r}"
        text = line.decode("ascii")
        if text:
            self.commands.append(text)
            self._obey(text)

    def _obey(self, text: str) -> None:
        word, _, values = text.partition(" ")
        if word in ("SIZE", "GAP"):
            found = re.fullmatch(r"([0-9.]+) mm,([0-9.]+) mm", values)
            assert found, text
            pair = float(found[1]), float(found[2])
            self._size, self._gap = (pair, self._gap) if word == "SIZE" else (self._size, pair)
        elif word == "DIRECTION":
            self._direction = int(values)
        elif word == "CLS":
            width, height = (round(mm * _DOTS_PER_MM) for mm in self._size)
            self._canvas = Image.new("L", (width, height), 255)
        elif word == "PRINT":
            sets, _, copies = values.partition(",")
            assert self._canvas is not None and sets == "1"
            picture = self._canvas.copy()
            self.labels.append(
                PrintedLabel(*self._size, self._gap[0], self._direction, picture, int(copies or 1))
            )
        else:
            assert (word, values) == ("REFERENCE", "0,0") or word == "DENSITY", text

    def _bitmap(self) -> None:
        head = re.match(rb"BITMAP (\d+),(\d+),(\d+),(\d+),0,", self._rest)
        assert head is not None and self._canvas is not None
        x, y, stride, height = (int(value) for value in head.groups())
        dots = self._rest[head.end() : head.end() + stride * height]
        assert len(dots) == stride * height, "the picture is cut short"
        self._rest = self._rest[head.end() + len(dots) :]
        assert self._rest.startswith(b"\r\n"), "more dots than the picture has"
        self._canvas.paste(Image.frombytes("1", (stride * 8, height), dots).convert("L"), (x, y))
