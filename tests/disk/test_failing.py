"""The disk fails at the n-th call, for every n: the till says so before the drawer opens, and no sale is half there.

Full, broken and read-only disks, for one call or for good, while the real till sells in a process of its own.
"""

import errno
import shutil
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from pos_app.domain.values.ids import SaleId
from pos_app.services.proof import verify
from tests.disk.record import Step
from tests.disk.test_power import record, words
from tests.support.bootstrap import OneSigner
from tests.support.shop_on_disk import open_shop, place_shop

SALES = 4
FOR_GOOD = 1_000_000
ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS)


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A founded shop as it was before the till started."""
    folder = tmp_path_factory.mktemp("failing") / "before"
    place_shop(folder)
    return folder


@pytest.fixture(scope="module")
def calls(before: Path) -> int:
    """How many calls change the disk while the till sells."""
    folder = before.parent / "counted"
    shutil.copytree(before, folder)
    steps = record(folder, sales=SALES)
    return sum(step.op in "wts" and step.name != "marks" for step in steps)


def _sell(before: Path, folder: Path, at: int, number: int, lasting: int) -> list[Step]:
    shutil.copytree(before, folder)
    told = {"DISK_FAIL_AT": str(at), "DISK_FAIL_FOR": str(lasting), "DISK_ERRNO": str(number)}
    return record(folder, sales=SALES, **told)  # type: ignore[arg-type]


def _check(folder: Path, steps: list[Step]) -> int:
    """Raise unless every sale told as paid is there and no other; return how many were refused in words."""
    said = words(steps)
    assert said[-1] == "end", said
    told = [word.removeprefix("sold ") for word in said if word.startswith("sold ")]
    refused = [word for word in said if word.startswith(("refused", "closed"))]
    shop = open_shop(folder, first_id=1 << 31)
    try:
        assert list(shop.store.check()) == []
        assert verify(shop.store, OneSigner()).passed
        with shop.store.read() as tx:
            assert all(tx.sales.get(SaleId(UUID(sale))) is not None for sale in told)
            kinds = tx.journal.count_kinds((0, 0))
        # A commit that failed at its very end may stand after the restart, though nobody was told: never the reverse.
        assert len(told) <= kinds.get("sale.committed", 0) <= len(told) + len(refused)
    finally:
        shop.store.close()
    assert all(word.split()[1].startswith("common.error.storage") for word in refused), refused
    return len(refused)


def _places(calls: int, count: int, seed: int) -> list[int]:
    return sorted(Random(seed).sample(range(1, calls + 1), min(count, calls)))


@pytest.mark.parametrize("number", ERRORS, ids=lambda n: errno.errorcode[n])
def test_a_disk_that_fails_for_good_is_told_and_loses_nothing(
    before: Path, calls: int, tmp_path: Path, number: int
) -> None:
    refused = 0
    for at in _places(calls, 4, number):
        folder = tmp_path / str(at)
        refused += _check(folder, _sell(before, folder, at, number, FOR_GOOD))
    assert refused > 0, "somebody must have been told"


@pytest.mark.parametrize("number", ERRORS, ids=lambda n: errno.errorcode[n])
def test_a_disk_that_fails_once_is_told_and_selling_goes_on(
    before: Path, calls: int, tmp_path: Path, number: int
) -> None:
    for at in _places(calls, 4, number + 1):
        folder = tmp_path / str(at)
        steps = _sell(before, folder, at, number, 1)
        _check(folder, steps)
        assert sum(word.startswith("sold") for word in words(steps)) >= SALES - 1


@pytest.mark.prove
@pytest.mark.parametrize("number", ERRORS, ids=lambda n: errno.errorcode[n])
@pytest.mark.parametrize("lasting", [1, FOR_GOOD])
def test_whichever_call_fails_nothing_is_lost(
    before: Path, calls: int, tmp_path: Path, number: int, lasting: int
) -> None:
    for at in range(1, calls + 1):
        folder = tmp_path / str(at)
        _check(folder, _sell(before, folder, at, number, lasting))
        shutil.rmtree(folder)
