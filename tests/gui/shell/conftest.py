"""Lanes of a till on real threads, and the bugs that they report."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from ui.shell.lanes import Lanes


@pytest.fixture
def bugs() -> list[Exception]:
    """What was reported as a bug."""
    return []


@pytest.fixture
def lanes(qtbot: QtBot, bugs: list[Exception]) -> Iterator[Lanes]:
    """Lanes that end in time."""
    made = Lanes(bugs.append)
    yield made
    assert made.close() == []
