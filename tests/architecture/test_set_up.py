"""Setting up is done once, done again when what is wanted changes, and always by the tested versions."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="make is for Debian and macOS")

PIP_THAT_NOTES = """#!/bin/sh
case "$*" in
    *"pip install"*) echo "$*" >>installs; exit "${PIP_ANSWERS:-0}" ;;
    *find_spec*) pwd ;;
esac
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of what set-up reads, with a .venv whose pip only notes what it is asked."""
    for name in (".ci/set-up", "pyproject.toml", "constraints.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(PIP_THAT_NOTES, encoding="utf-8")
    python.chmod(0o755)
    return tmp_path


def _set_up(folder: Path, what: str, pip_answers: int = 0) -> int:
    shown = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    command = ["sh", str(folder / ".ci" / "set-up"), what]
    return subprocess.run(
        command, env=shown | {"PIP_ANSWERS": str(pip_answers)}, capture_output=True, check=False
    ).returncode


def _installs(folder: Path) -> list[str]:
    notes = folder / "installs"
    return notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []


def test_the_second_run_installs_nothing(folder: Path) -> None:
    assert [_set_up(folder, "run"), _set_up(folder, "run")] == [0, 0]
    assert len(_installs(folder)) == 1
    assert "-c constraints.txt -e ." in _installs(folder)[0] and "[test]" not in _installs(folder)[0]


def test_tests_bring_their_extras_and_then_a_run_needs_nothing_more(folder: Path) -> None:
    _set_up(folder, "run")
    _set_up(folder, "test")
    _set_up(folder, "run")
    assert [install.endswith("-e .[test]") for install in _installs(folder)] == [False, True]


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_change_of_what_is_wanted_installs_again(folder: Path, name: str) -> None:
    _set_up(folder, "run")
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    _set_up(folder, "run")
    assert len(_installs(folder)) == 2


def test_a_set_up_that_failed_is_not_taken_for_done(folder: Path) -> None:
    assert _set_up(folder, "run", pip_answers=1) != 0
    assert _set_up(folder, "run") == 0
    assert len(_installs(folder)) == 2


def test_a_moved_folder_is_set_up_anew(folder: Path) -> None:
    _set_up(folder, "run")
    moved = folder.with_name(folder.name + "-moved")
    folder.rename(moved)
    _set_up(moved, "run")
    assert len(_installs(moved)) == 2


def test_an_unknown_wish_is_refused(folder: Path) -> None:
    assert _set_up(folder, "everything") == 2
    assert _installs(folder) == []
