"""A till at the page of imports."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.support.import_till import ImportTill, import_till
from tests.support.screen_till import CounterTill, counter_till


@pytest.fixture
def counter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CounterTill]:
    monkeypatch.setenv("SHUKE_KEY_STORE", "file")
    with counter_till(tmp_path) as till:
        yield till


@pytest.fixture
def till(counter: CounterTill, tmp_path: Path, qtbot: QtBot) -> Iterator[ImportTill]:
    with import_till(counter, tmp_path, qtbot) as shown:
        yield shown
