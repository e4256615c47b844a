"""A demo till whose sync a test holds in its hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.screen_till import CounterTill, counter_till


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[CounterTill]:
    with counter_till(tmp_path) as till:
        yield till
