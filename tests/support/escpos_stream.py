"""The inside of a virtual ESC/POS printer: a byte stream becomes paper, kicks and answers.

Follows Epson's order of things: real-time commands (DLE EOT, DLE DC4) act when they are received, even inside
picture bytes; everything else waits in the buffer and stops there while the printer is off line.
"""

from collections.abc import Callable

from tests.support.paper_strip import Strip

LINE_DOTS = 30
_DEFAULT_STRIDE = 72


class EscposStream:
    """State of one printer, whatever connections come and go. Not safe from two threads."""

    def __init__(self, on_strip: Callable[[Strip], None]) -> None:
        self._on_strip = on_strip
        self.buffer = bytearray()
        self._received_tail = b""
        self._rows: list[bytes] = []
        self._stride = _DEFAULT_STRIDE
        self.strays = bytearray()
        self.kicks: list[int] = []
        self.kicks_in_real_time: list[int] = []
        self.cuts = 0
        self.paper_dots: int | None = None
        self.low_paper = False
        self.cover_open = False
        self.drawer_open = False
        self.drawer_attached = True
        self.cutter_fault = False
        self.knows_gs_r = True
        self.font: str | None = None
        """The charset of its own font ("gb18030"), None for one that a test sends only dots: text is stray then."""
        self.lines: list[str] = []
        """What it wrote with that font, a line each, on whichever paper."""
        self.settings_told: list[bytes] = []
        """The GS ( K commands that it was given, after their name."""
        self._in_han = True
        self._code_page = "cp437"
        self._line = ""

    @property
    def paper_out(self) -> bool:
        return self.paper_dots is not None and self.paper_dots <= 0

    @property
    def off_line(self) -> bool:
        return self.paper_out or self.cover_open or self.cutter_fault

    def receive(self, chunk: bytes) -> bytes:
        """Take bytes; return what the printer answers to them."""
        answers = self._obey_real_time(chunk)
        self.buffer += chunk
        return answers + self.work()

    def work(self) -> bytes:
        """Do what is in the buffer until it is empty, incomplete, or the printer is off line."""
        answers = b""
        while self.buffer and not self.off_line:
            taken, answer = self._step()
            if not taken:
                break
            del self.buffer[:taken]
            answers += answer
        return answers

    def switch_off(self) -> None:
        """Tear the paper off and forget the buffer."""
        self.buffer.clear()
        self._finish(cut=False)

    def _obey_real_time(self, chunk: bytes) -> bytes:
        seen = self._received_tail + chunk
        answers = b""
        at = 0
        while (at := seen.find(b"\x10", at)) >= 0:
            rest = seen[at : at + 5]
            if len(rest) >= 3 and rest[1] == 0x04 and 1 <= rest[2] <= 4:
                answers += self._status(rest[2])
                at += 3
            elif len(rest) >= 5 and rest[1:3] == b"\x14\x01" and rest[3] <= 1:
                self.kicks_in_real_time.append(rest[3])
                self._kick(rest[3])
                at += 5
            elif len(rest) < 5 and (len(rest) < 2 or rest[1] in (0x04, 0x14)):
                break
            else:
                at += 1
        self._received_tail = seen[at:] if at >= 0 else b""
        return answers

    def _status(self, question: int) -> bytes:
        fixed = 0x12
        if question == 1:
            level = self.drawer_attached and self.drawer_open
            return bytes([fixed | (0x08 if self.off_line else 0) | (0x04 if level else 0)])
        if question == 2:
            cover, paper = 0x04 if self.cover_open else 0, 0x20 if self.paper_out else 0
            return bytes([fixed | cover | paper | (0x40 if self.cutter_fault else 0)])
        if question == 3:
            return bytes([fixed | (0x08 if self.cutter_fault else 0)])
        low = self.low_paper or self.paper_out
        return bytes([fixed | (0x0C if low else 0) | (0x60 if self.paper_out else 0)])

    def _kick(self, pin: int) -> None:
        self.kicks.append(pin)
        if self.drawer_attached:
            self.drawer_open = True

    def _step(self) -> tuple[int, bytes]:
        """Carry out the first command; return its length (0: incomplete) and the answer to it."""
        head = bytes(self.buffer[:8])
        lengths = {
            b"\x1b@": 2,
            b"\x1bd": 3,
            b"\x1bJ": 3,
            b"\x1bp": 5,
            b"\x1dr": 3,
            b"\x1dV": 3,
            b"\x1bE": 3,
            b"\x1bt": 3,
            b"\x1d!": 3,
            b"\x1c&": 2,
            b"\x1c.": 2,
            b"\x10\x04": 3,
            b"\x10\x14": 5,
        }
        if head[0] == 0x0A:
            self._end_line()
            return 1, b""
        if head[0] == 0x00:
            return 1, b""
        if len(head) < 2 and head[0] in (0x10, 0x1B, 0x1C, 0x1D):
            return 0, b""
        if head.startswith(b"\x1d("):
            return self._extended(head), b""
        if head.startswith(b"\x1dv"):
            return self._picture(head), b""
        length = lengths.get(head[:2])
        if length is None and head[0] == 0x10:
            return 1, b""  # A question cut off in its middle: a printer ignores the lone DLE.
        if length is None:
            return self._character(head), b""
        if len(head) < length or (head.startswith(b"\x1dV") and head[2] in (65, 66) and len(head) < 4):
            return 0, b""
        return self._command(head, length)

    def _command(self, head: bytes, length: int) -> tuple[int, bytes]:
        name = head[:2]
        if name == b"\x1b@":
            self._finish(cut=False)
            self._in_han = True
        elif name in (b"\x1c&", b"\x1c."):
            self._in_han = name == b"\x1c&"
        elif name == b"\x1bt":
            self._code_page = {0: "cp437", 16: "cp1252", 19: "cp858"}[head[2]]
        elif name == b"\x1bd":
            self._feed(head[2] * LINE_DOTS)
        elif name == b"\x1bJ":
            self._feed(head[2])
        elif name == b"\x1bp":
            self._kick(head[2] & 1)
        elif name == b"\x1dV":
            self.cuts += 1
            self._finish(cut=True)
            return (4 if head[2] in (65, 66) else 3), b""
        elif name == b"\x1dr":
            answer = bytes([0x03 if self.low_paper else 0])
            return length, answer if self.knows_gs_r else b""
        return length, b""

    def _extended(self, head: bytes) -> int:
        """Take a command that says its own length: GS ( K pL pH …."""
        if len(head) < 5 or len(self.buffer) < 5 + int.from_bytes(head[3:5], "little"):
            return 0
        length = 5 + int.from_bytes(head[3:5], "little")
        self.settings_told.append(bytes(self.buffer[5:length]))
        return length

    def _character(self, head: bytes) -> int:
        """Write a character of its own font: one byte, two, or the four of GB 18030."""
        if self.font is None or head[0] < 0x20:
            self.strays.append(head[0])
            return 1
        if head[0] < 0x80 or not self._in_han:
            self._line += bytes(head[:1]).decode("ascii" if head[0] < 0x80 else self._code_page)
            return 1
        if len(head) < 2:
            return 0
        length = 4 if 0x30 <= head[1] <= 0x39 and self.font == "gb18030" else 2
        if len(head) < length:
            return 0
        self._line += head[:length].decode(self.font, "replace")
        return length

    def _end_line(self) -> None:
        if not self._line:
            return
        self.lines.append(self._line.rstrip())
        self._line = ""
        ink = b"\x3c" + bytes(self._stride - 1)
        for _ in range(LINE_DOTS):
            self._print_row(ink, self._stride)

    def _picture(self, head: bytes) -> int:
        """Print GS v 0 row by row as it is complete; the roll may end inside it."""
        if len(head) < 8:
            return 0
        stride, count = int.from_bytes(head[4:6], "little"), int.from_bytes(head[6:8], "little")
        if len(self.buffer) < 8 + stride * count:
            return 0
        for at in range(count):
            if self.paper_out:
                # What is left of the picture stays in the buffer, as on a real printer.
                rest = bytes(self.buffer[8 + stride * at : 8 + stride * count])
                tail = head[:6] + (count - at).to_bytes(2, "little") + rest
                self.buffer[: 8 + stride * count] = b"\x00" + tail
                return 1
            self._print_row(bytes(self.buffer[8 + stride * at : 8 + stride * (at + 1)]), stride)
        return 8 + stride * count

    def _print_row(self, row: bytes, stride: int) -> None:
        self._stride = stride
        self._rows.append(row)
        if self.paper_dots is not None:
            self.paper_dots -= 1

    def _feed(self, dots: int) -> None:
        for _ in range(dots):
            self._print_row(bytes(self._stride), self._stride)

    def _finish(self, cut: bool) -> None:
        strip = Strip(tuple(self._rows), self._stride, cut)
        self._rows = []
        if not strip.blank:
            self._on_strip(strip)
