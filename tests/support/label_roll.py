"""A TSPL label printer in memory whose roll ends: it reads its stream as the manual says, and tells its state."""

from dataclasses import dataclass, field

from pos_app.hardware.tspl import TsplPrinter, TsplSettings
from tests.support.tspl_stream import PrintedLabel, TsplStream


@dataclass
class RollChannel:
    """A TSPL printer whose roll ends after so many labels: it takes no job then and says why."""

    roll: int
    taken: bytes = b""
    _answers: list[bytes] = field(default_factory=list)

    @property
    def labels(self) -> list[PrintedLabel]:
        """The labels that were printed."""
        return TsplStream(self.taken).labels

    @property
    def out(self) -> int:
        """How many labels came out."""
        return sum(label.copies for label in self.labels)

    def write(self, chunk: bytes) -> int:
        if chunk == b"\x1b!?":
            self._answers.append(b"\x04" if self.out >= self.roll else b"\x00")
        else:
            self.taken += chunk
        return len(chunk)

    def read(self, timeout_s: float) -> bytes:
        return self._answers.pop(0) if self._answers else b""

    def close(self) -> None:
        pass


@dataclass
class RollTransport:
    channel: RollChannel
    speaks_back: bool = True

    def open(self) -> RollChannel:
        return self.channel


def roll_printer(channel: RollChannel) -> TsplPrinter:
    """Return the till's own printer on such a channel."""
    return TsplPrinter(RollTransport(channel), TsplSettings())
