"""A shop on disk and files for it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos_app.domain.imports.kinds import Kind
from pos_app.services.imports.values import Ended, Watcher
from tests.support.shop_on_disk import DiskShop, shop_on_disk

Bring = Callable[..., Ended]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """Return a founded shop with goods and an open shift; when a test is done, members are counted one by one."""
    with shop_on_disk(tmp_path / "shop") as here:
        yield here
        with here.store.read() as tx:
            assert tx.members.count() == len(tx.members.look_up("", 100_000).members)


@pytest.fixture
def bring(shop: DiskShop, tmp_path: Path) -> Bring:
    """Return what imports lines of CSV; each text of other lines is another file."""

    def run(kind: Kind, text: str, watcher: Watcher | None = None, dry: bool = False) -> Ended:
        file = tmp_path / f"{abs(hash(text))}.csv"
        file.write_text(text, "utf-8")
        opened = shop.shop.imports.open(file, kind)
        do = shop.shop.imports.rehearse if dry else shop.shop.imports.run
        return do(shop.owner, opened, watcher)

    return run
