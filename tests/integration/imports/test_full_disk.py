"""A disk that fills up while a file comes in: it is told, nothing half is seen, and the same file goes on later."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from pos_app.domain.errors import StorageFullError
from pos_app.domain.imports.kinds import Kind
from pos_app.services.imports.values import Progress, Stage, Watcher
from tests.support.full_disk import Disk, page_limit, size_limit, tmpfs
from tests.support.shop_on_disk import CANDY, DiskShop, open_shop, place_shop

ROWS = 900
Kinds = Callable[[Path], AbstractContextManager[Disk]]
CASES = [
    *((kind, stage) for kind in (tmpfs, size_limit) for stage in (Stage.STAGING, Stage.KEYS)),
    # The keys are written on a connection that was open before a limit on pages could be set.
    (page_limit, Stage.STAGING),
]


@pytest.fixture
def disk(kind: Kinds, tmp_path: Path) -> Iterator[Disk]:
    """A disk that can be filled."""
    with kind(tmp_path / "disk") as made:
        yield made


@pytest.fixture
def shop(disk: Disk) -> Iterator[DiskShop]:
    """A shop on the disk that can be filled."""
    place_shop(disk.folder)
    made = open_shop(disk.folder)
    yield made
    made.store.close()


def shown(shop: DiskShop) -> int:
    """Return how many members there are to see."""
    with shop.store.read() as tx:
        return tx.members.count()


@pytest.mark.parametrize(("kind", "stage"), CASES)
def test_a_disk_that_fills_up_in_mid_file_is_told_and_the_same_file_goes_on_once_there_is_room(
    disk: Disk, shop: DiskShop, tmp_path: Path, stage: Stage
) -> None:
    file = tmp_path / "members.csv"
    rows = "".join(f"欧阳{n},1381234{n:04d},常客\n" for n in range(ROWS))
    file.write_text("姓名,手机号,备注\n" + rows, "utf-8")
    full: list[Stage] = []

    def fill(told: Progress) -> None:
        if told.stage is stage and not full:
            full.append(stage)
            disk.fill(shop.store)

    opened = shop.shop.imports.open(file, Kind.MEMBERS)
    with pytest.raises(StorageFullError):
        shop.shop.imports.run(shop.owner, opened, Watcher(progress=fill))
    assert full and shown(shop) == 0
    disk.free(shop.store)
    shop.sell(CANDY)
    shop.reopened()
    ended = shop.shop.imports.run(shop.owner, shop.shop.imports.open(file, Kind.MEMBERS))
    assert (ended.told.new, ended.told.refused_count, shown(shop)) == (ROWS, 0, ROWS)
    assert shop.verify().passed
