"""The shop that integration tests start from, unless a module makes one of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.shop_on_disk import DiskShop, shop_on_disk


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop with a shift open."""
    with shop_on_disk(tmp_path / "home") as made:
        yield made
