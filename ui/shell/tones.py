"""Three short sounds: accepted, refused, paid.

Decides how a sound leaves the machine: winsound on Windows, ``afplay`` on macOS, the first of ``pw-play``,
``paplay`` and ``aplay`` elsewhere, else silence. Never blocks, never fails: a shop without a loudspeaker sells.
"""

import io
import shutil
import subprocess
import sys
import tempfile
import wave
from array import array
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Literal, Protocol

from pos_app.services.ports.lane import Lane

Tone = Literal["accepted", "refused", "paid"]
_PLAYERS = ("afplay",) if sys.platform == "darwin" else ("pw-play", "paplay", "aplay")


class Tones(Protocol):
    """Something that can sound."""

    def sound(self, tone: Tone) -> None:
        """Sound a tone and return at once."""


class SilentTones:
    """Remembers instead of sounding: tests, and shops that want quiet."""

    def __init__(self) -> None:
        self.sounded: list[Tone] = []

    def sound(self, tone: Tone) -> None:
        self.sounded = [*self.sounded[-99:], tone]


class SystemTones:
    """Sounds through the system's own player on a lane of its own."""

    def __init__(self, lane: Lane, loudness: Callable[[], int] = lambda: 100) -> None:
        self._lane = lane
        self._loudness = loudness

    def sound(self, tone: Tone) -> None:
        percent = self._loudness()
        if percent > 0:
            self._lane.run(lambda: _play(tone, percent), lambda _result: None, lambda _failure: None)


def _play(tone: Tone, percent: int) -> None:
    sound = (resources.files("resources") / "tones" / f"{tone}.wav").read_bytes()
    # Players take no loudness that all of them know, so the sound itself is made softer.
    with tempfile.TemporaryDirectory(prefix="shuke-tone-") as folder:
        path = Path(folder) / f"{tone}.wav"
        path.write_bytes(sound if percent >= 100 else softer(sound, percent))
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(str(path), winsound.SND_FILENAME)
        else:
            _play_by_command(path)


def softer(sound: bytes, percent: int) -> bytes:
    """Return a WAV file of 16-bit samples at a share of its loudness."""
    made = io.BytesIO()
    with wave.open(io.BytesIO(sound)) as read, wave.open(made, "wb") as written:
        written.setparams(read.getparams())
        samples = array("h", read.readframes(read.getnframes()))
        if sys.byteorder == "big":
            samples.byteswap()
        scaled = array("h", (sample * percent // 100 for sample in samples))
        if sys.byteorder == "big":
            scaled.byteswap()
        written.writeframes(scaled.tobytes())
    return made.getvalue()


def _play_by_command(path: Path) -> None:
    player = next((found for name in _PLAYERS if (found := shutil.which(name))), None)
    if player is None:
        return
    quiet = subprocess.DEVNULL
    try:
        subprocess.run([player, str(path)], stdin=quiet, stdout=quiet, stderr=quiet, timeout=3, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return
