"""What every test shares: no screen, a data folder of its own, invented people only, and the shop's language."""

import os
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def spoken_as_before() -> Iterator[None]:
    """Speak again what was spoken before a test: a command speaks the system's language to the whole process."""
    from pos_app.words.catalogue import language, set_language

    before = language()
    yield
    set_language(before)
