"""The power goes at any moment: every sale that was told as paid is in the books when the till starts again.

The real till sells in a process of its own; what it did to its disk is written down, and disks as a power cut may
leave them are made from that. With `synchronous=NORMAL` sales are lost: the same test must see it, or it sees nothing.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from pos_app.domain.values.ids import SaleId
from pos_app.services.proof import verify
from tests.disk.record import MARKS, Step, image, read, witness
from tests.support.bootstrap import OneSigner
from tests.support.shop_on_disk import open_shop, place_shop

SALES = 12
LIMIT_S = 120


def record(folder: Path, *, sales: int = SALES, normal: bool = False, **told: str) -> list[Step]:
    """Let a till sell in a folder under the eyes of the witness; return what it did to the disk."""
    words = [str(sales), "NORMAL"] if normal else [str(sales)]
    return watched("tests.disk.till_process", folder, *words, **told)


def watched(module: str, folder: Path, *words: str, **told: str) -> list[Step]:
    """Run a program on a folder under the eyes of the witness; return what it did to the disk."""
    log = folder.parent / f"{folder.name}.log"
    environment = os.environ | {
        "LD_PRELOAD": str(witness()),
        "DISK_FOLDER": str(folder),
        "DISK_LOG": str(log),
        **told,
    }
    command = [sys.executable, "-m", module, str(folder), *words]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=LIMIT_S, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2_000:]
    steps = read(log)
    if not any(step.name.endswith("-wal") for step in steps):
        pytest.skip("this Python's SQLite is not seen by the witness")
    return steps


def words(steps: Sequence[Step]) -> list[str]:
    """Return what the till said, in order."""
    said = b"".join(step.data for step in steps if step.name == MARKS and step.op == "w")
    return said.decode().splitlines()


def lost(before: Path, steps: list[Step], cut: int, random: Random, into: Path) -> set[str]:
    """Return the sales that were told as paid before a cut and are not in the books after it."""
    image(before, steps[:cut], random, into)
    told = {word.removeprefix("sold ") for word in words(steps[:cut]) if word.startswith("sold ")}
    shop = open_shop(into, first_id=1 << 31)
    try:
        assert list(shop.store.check()) == []
        assert verify(shop.store, OneSigner()).passed
        with shop.store.read() as tx:
            return {sale for sale in told if tx.sales.get(SaleId(UUID(sale))) is None}
    finally:
        shop.store.close()


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A founded shop as it was before the till started."""
    folder = tmp_path_factory.mktemp("power") / "before"
    place_shop(folder)
    return folder


@pytest.fixture(scope="module")
def steps(before: Path) -> list[Step]:
    """What a till did to its disk while it sold."""
    folder = before.parent / "sold"
    shutil.copytree(before, folder)
    found = record(folder)
    assert sum(word.startswith("sold") for word in words(found)) == SALES
    return found


def _cuts(before: Path, steps: list[Step], folder: Path, seeds: range) -> int:
    losses = 0
    for seed in seeds:
        random = Random(seed)
        cut = random.randrange(1, len(steps) + 1)
        into = folder / str(seed)
        losses += bool(lost(before, steps, cut, random, into))
        shutil.rmtree(into)
    return losses


def test_no_sale_that_was_paid_is_lost_in_a_power_cut(
    before: Path, steps: list[Step], tmp_path: Path
) -> None:
    assert _cuts(before, steps, tmp_path, range(15)) == 0


@pytest.mark.prove
def test_no_sale_is_lost_in_two_hundred_power_cuts(before: Path, steps: list[Step], tmp_path: Path) -> None:
    assert _cuts(before, steps, tmp_path, range(1_000, 1_200)) == 0


def test_a_till_that_does_not_wait_for_its_disk_is_found_out(before: Path, tmp_path: Path) -> None:
    folder = tmp_path / "hasty"
    shutil.copytree(before, folder)
    hasty = record(folder, normal=True)
    assert _cuts(before, hasty, tmp_path / "cuts", range(15)) > 0
