"""Three short sounds: accepted, refused, paid.

Decides how a sound leaves the machine: winsound on Windows, ``afplay`` on macOS, the first of ``pw-play``,
``paplay`` and ``aplay`` elsewhere, else silence. Never blocks, never fails: a shop without a loudspeaker sells.
"""

import shutil
import subprocess
import sys
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

    def __init__(self, lane: Lane) -> None:
        self._lane = lane

    def sound(self, tone: Tone) -> None:
        self._lane.run(lambda: _play(tone), lambda _result: None, lambda _failure: None)


def _play(tone: Tone) -> None:
    with resources.as_file(resources.files("resources").joinpath("tones", f"{tone}.wav")) as path:
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(str(path), winsound.SND_FILENAME)
        else:
            _play_by_command(path)


def _play_by_command(path: Path) -> None:
    player = next((found for name in _PLAYERS if (found := shutil.which(name))), None)
    if player is None:
        return
    quiet = subprocess.DEVNULL
    try:
        subprocess.run([player, str(path)], stdin=quiet, stdout=quiet, stderr=quiet, timeout=3, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return
