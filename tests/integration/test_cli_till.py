"""A till that cannot open says why where somebody sees it."""

from pathlib import Path

import pytest

from pos_app.hardware.folder_lock import folder_lock
from ui.cli import main, till
from ui.shell import dialogs


def test_a_second_till_on_one_folder_is_told_in_a_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[str] = []
    monkeypatch.setenv("SHUKE_HOME", str(tmp_path))
    monkeypatch.setattr(till, "has_screen", lambda: True)
    monkeypatch.setattr(dialogs, "tell_before_window", told.append)
    with folder_lock(tmp_path / "till.lock"):
        assert main(["till"]) == 1
    assert len(told) == 1 and told[0] in capsys.readouterr().err


def test_without_a_screen_it_is_told_on_the_command_line_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SHUKE_HOME", str(tmp_path))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    with folder_lock(tmp_path / "till.lock"):
        assert main(["till"]) == 1
    assert "Traceback" not in capsys.readouterr().err
