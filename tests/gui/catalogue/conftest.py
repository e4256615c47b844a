"""A demo till whose first page is the catalogue."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.catalogue.hands import Hands
from tests.support.screen_till import CounterTill, counter_till, screen_till
from ui.catalogue import SCREEN


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[CounterTill]:
    with counter_till(tmp_path) as till:
        yield till


@pytest.fixture
def hands(counter: CounterTill, qtbot: QtBot) -> Iterator[Hands]:
    with screen_till(counter, [SCREEN]) as shown:
        yield Hands(shown)
