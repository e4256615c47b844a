"""Backups are whole or not there; a restore never loses newer sales by mistake and begins a new life of the till."""

import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from pos_app.domain.errors import StorageDamagedError, StorageReadOnlyError
from pos_app.persistence.database import open_store
from pos_app.services.backups import (
    LosesRecordsError,
    LosesSalesError,
    OtherTillError,
)
from tests.support.backups import brought_back, files_of, saved
from tests.support.busy_day import busy_day
from tests.support.fixed_clock import SharedIds
from tests.support.shop_on_disk import CANDY, NECKLACE, DiskShop, open_shop, shop_on_disk


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop."""
    with shop_on_disk(tmp_path / "home") as made:
        yield made


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """Where the backup goes: another folder, such as a stick."""
    return tmp_path / "stick" / "shop.zip"


def test_a_backup_comes_back_into_an_empty_folder_and_sells_on_in_a_new_epoch(
    shop: DiskShop, backup: Path, tmp_path: Path
) -> None:
    day = busy_day(shop, closes=False)
    info = saved(shop, backup)
    assert (info.sales, info.shop_name) == (7, "熟客测试店")
    done = brought_back(backup, tmp_path / "new")
    assert done.kept is None and done.info == info
    other = open_shop(tmp_path / "new", first_id=6 << 20)
    assert other.shop.returns.open(day.plain.sale_id).sale == day.plain
    assert other.sell(CANDY).sale.number == "N01-1-2026-B000001"
    assert other.take_back(day.with_member).sale.number == "N01-1-2026-B000002"
    assert other.verify().passed
    other.store.close()
    assert list(files_of(tmp_path / "new")) == ["shop.db"]


def test_each_restore_opens_another_epoch(shop: DiskShop, backup: Path, tmp_path: Path) -> None:
    shop.sell(CANDY)
    saved(shop, backup)
    for letter in "BCD":
        brought_back(backup, tmp_path / "new", force=True)
        other = open_shop(tmp_path / "new", first_id=6 << 20)
        assert other.sell(CANDY).sale.number == f"N01-1-2026-{letter}000001"
        assert other.verify().passed
        other.store.close()


def test_a_backup_of_the_very_state_that_stands_here_is_restored_without_asking(
    shop: DiskShop, backup: Path
) -> None:
    shop.sell(CANDY)
    saved(shop, backup)
    shop.store.close()
    done = brought_back(backup, shop.folder)
    assert done.kept is not None and done.kept.exists()
    shop.reopened()
    assert shop.sell(CANDY).sale.number == "N01-1-2026-B000001"
    assert shop.verify().passed


def test_an_older_state_is_brought_forward_without_asking(
    shop: DiskShop, backup: Path, tmp_path: Path
) -> None:
    """What stands here is an earlier part of what the backup holds: nothing is lost."""
    shop.sell(CANDY)
    old = tmp_path / "old"
    old.mkdir()
    shop.store.copy_to(old / "shop.db")
    shop.sell(CANDY)
    saved(shop, backup)
    brought_back(backup, old)
    other = open_shop(old, first_id=6 << 20)
    assert other.verify().sales == 2 and other.verify().passed
    other.store.close()


def test_a_restore_over_newer_sales_is_refused_and_says_how_many_and_until_when(
    shop: DiskShop, backup: Path
) -> None:
    shop.sell(CANDY)
    saved(shop, backup)
    for _ in range(3):
        last = shop.sell(NECKLACE)
    shop.store.close()
    before = files_of(shop.folder)
    with pytest.raises(LosesSalesError) as refused:
        brought_back(backup, shop.folder)
    assert refused.value.params == {"count": 3, "facts": 3, "latest": last.sale.committed_at}
    assert files_of(shop.folder) == before
    shop.reopened()
    assert shop.verify().sales == 4


def test_facts_that_are_no_sales_are_not_lost_by_mistake_either(shop: DiskShop, backup: Path) -> None:
    saved(shop, backup)
    shop.sign_up("13800138000")
    shop.store.close()
    with pytest.raises(LosesSalesError) as refused:
        brought_back(backup, shop.folder)
    assert isinstance(refused.value, LosesRecordsError)
    assert refused.value.params == {"count": 1, "latest": shop.clock.now()}


def test_a_forced_restore_keeps_the_newer_sales_aside(shop: DiskShop, backup: Path) -> None:
    shop.sell(CANDY)
    saved(shop, backup)
    lost = shop.sell(NECKLACE).sale
    shop.store.close()
    done = brought_back(backup, shop.folder, force=True)
    assert done.kept is not None
    shop.reopened()
    assert shop.verify().sales == 1 and shop.verify().passed
    kept = open_store(done.kept)
    with kept.read() as tx:
        assert tx.sales.get(lost.sale_id) == lost
    kept.close()


def test_two_forced_restores_in_one_second_keep_both_old_files(shop: DiskShop, backup: Path) -> None:
    saved(shop, backup)
    shop.store.close()
    names = {brought_back(backup, shop.folder, force=True).kept for _ in range(3)}
    assert len(names) == 3 and all(name is not None and name.exists() for name in names)


def test_two_lives_of_a_till_are_compared_at_the_place_where_they_parted(
    shop: DiskShop, backup: Path, tmp_path: Path
) -> None:
    """The old computer comes back: its backup lacks what the restored till sold meanwhile."""
    shop.sell(CANDY)
    saved(shop, backup)
    brought_back(backup, tmp_path / "new")
    other = open_shop(tmp_path / "new", first_id=6 << 20)
    sold = [other.sell(CANDY).sale for _ in range(2)]
    other.store.close()
    shop.sell(NECKLACE)
    later = backup.with_name("later.zip")
    saved(shop, later)
    with pytest.raises(LosesSalesError) as refused:
        brought_back(later, tmp_path / "new")
    assert refused.value.params["count"] == 2 and refused.value.params["latest"] == sold[-1].committed_at
    brought_back(later, tmp_path / "new", force=True)
    other = open_shop(tmp_path / "new", first_id=7 << 20)
    assert other.sell(CANDY).sale.number == "N01-1-2026-C000001", "an epoch that neither life has had"
    assert other.verify().passed
    other.store.close()


def test_the_backup_of_another_till_is_refused_even_by_force(
    shop: DiskShop, backup: Path, tmp_path: Path
) -> None:
    with shop_on_disk(tmp_path / "third"):
        pass
    _as_another_till(tmp_path / "third")
    third = open_shop(tmp_path / "third", first_id=6 << 20)
    saved(third, backup)
    third.store.close()
    shop.store.close()
    before = files_of(shop.folder)
    for force in (False, True):
        with pytest.raises(OtherTillError):
            brought_back(backup, shop.folder, force=force)
    assert files_of(shop.folder) == before


def _as_another_till(folder: Path) -> None:
    """Make the shop in a folder another till's."""
    store = open_store(folder / "shop.db")
    with store.write() as tx:
        settings = tx.settings.load()
        assert settings is not None
        tx.settings.save(msgspec.structs.replace(settings, till_id=SharedIds(99).new()))
    store.close()


def test_a_backup_made_while_the_till_sells_is_one_state_and_says_itself_which(
    shop: DiskShop, backup: Path, tmp_path: Path
) -> None:
    stop, sold = threading.Event(), []

    def sell() -> None:
        while not stop.is_set():
            sold.append(shop.sell(CANDY, NECKLACE).sale)

    seller = threading.Thread(target=sell)
    seller.start()
    try:
        made = []
        for number in range(4):
            target = backup.with_name(f"{number}.zip")
            made.append((target, saved(shop, target)))
    finally:
        stop.set()
        seller.join()
    for number, (target, info) in enumerate(made):
        folder = tmp_path / f"new{number}"
        brought_back(target, folder)
        other = open_shop(folder, first_id=6 << 20)
        proof = other.verify()
        assert proof.passed and proof.sales == info.sales
        other.store.close()
    assert shop.verify().passed and shop.verify().sales == len(sold)


def test_a_failing_backup_leaves_the_earlier_one_and_no_scraps(
    shop: DiskShop, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(shop, backup)
    before = files_of(backup.parent)
    shop.sell(CANDY)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    from pos_app.domain.errors import StorageFullError

    with pytest.raises(StorageFullError):
        saved(shop, backup)
    assert files_of(backup.parent) == before
    assert [p.name for p in backup.parent.iterdir()] == [backup.name]


def test_a_backup_into_a_folder_that_may_not_be_written_is_refused_in_words(
    shop: DiskShop, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(StorageReadOnlyError):
        saved(shop, backup)


def test_a_damaged_till_gives_no_backup_that_looks_like_one(shop: DiskShop, backup: Path) -> None:
    for _ in range(30):
        shop.sell(CANDY)
    shop.store.close()
    content = bytearray(shop.database.read_bytes())
    for page in range(10, len(content) // 4096 - 1, 3):
        content[page * 4096 : page * 4096 + 200] = b"\xaa" * 200
    shop.database.write_bytes(bytes(content))
    shop.store = open_store(shop.database)
    with pytest.raises(StorageDamagedError):
        saved(shop, backup)
    assert not backup.exists()


def test_a_power_cut_in_a_restore_leaves_the_old_till_or_the_restored_one(
    shop: DiskShop, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The restore is cut at each step that changes a name; the till that then stands there always opens."""
    import os

    saved(shop, backup)
    lost = shop.sell(NECKLACE).sale
    shop.store.close()
    real = {"link": os.link, "replace": Path.replace}
    for steps in range(4):
        done = 0

        def step(name: str, *given: object, at: int = steps) -> object:
            nonlocal done
            if done == at:
                raise KeyboardInterrupt
            done += 1
            return real[name](*given)  # type: ignore[operator]

        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(os, "link", lambda *given, step=step: step("link", *given))
            patched.setattr(Path, "replace", lambda *given, step=step: step("replace", *given))
            brought_back(backup, shop.folder, force=True)
            raise KeyboardInterrupt
        shop.reopened()
        assert shop.verify().passed
        with shop.store.read() as tx:
            old = tx.sales.get(lost.sale_id) is not None
            assert old or tx.journal.head().epoch > 1
        shop.store.close()
    assert not old, "the last round went through"
