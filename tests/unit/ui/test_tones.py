"""Three sounds, and silence where there is no loudspeaker."""

import io
import wave
from array import array
from importlib import resources

import pytest

from tests.support.lanes import SteppedLane
from ui.shell import tones
from ui.shell.tones import SilentTones, SystemTones, Tone, softer

ALL: tuple[Tone, ...] = ("accepted", "refused", "paid")


@pytest.mark.parametrize("tone", ALL)
def test_each_tone_is_short(tone: Tone) -> None:
    with (
        resources.files("resources").joinpath("tones", f"{tone}.wav").open("rb") as file,
        wave.open(file) as sound,
    ):
        assert 0.03 < sound.getnframes() / sound.getframerate() < 0.5


def test_a_sound_never_blocks_the_counter_and_needs_no_loudspeaker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tones.shutil, "which", lambda _name: None)
    lane = SteppedLane()
    SystemTones(lane).sound("paid")
    assert lane.waiting == 1
    lane.run_all()


def test_the_silent_one_remembers(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = SilentTones()
    silent.sound("accepted")
    silent.sound("refused")
    assert silent.sounded == ["accepted", "refused"]


def test_a_soft_tone_has_the_same_length_and_a_third_of_the_height() -> None:
    sound = (resources.files("resources") / "tones" / "paid.wav").read_bytes()
    soft = softer(sound, 30)

    def samples(data: bytes) -> list[int]:
        with wave.open(io.BytesIO(data)) as read:
            return list(array("h", read.readframes(read.getnframes())))

    loud, quiet = samples(sound), samples(soft)
    assert len(loud) == len(quiet)
    assert max(quiet) == max(loud) * 30 // 100
