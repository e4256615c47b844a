"""A shop too large to be rewritten while it sells: the last traces of erased members go when the till rests."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from pos_app.domain.errors import StorageFullError
from pos_app.domain.facts.members import MemberErased
from pos_app.domain.members import Member
from pos_app.domain.values.ids import SubjectId
from pos_app.persistence.database import SCHEMA
from pos_app.persistence.store import SqlStore
from pos_app.services import member_traces
from pos_app.services.member_traces import KEPT_FOR
from tests.integration.test_erasure import traces
from tests.support.backups import brought_back, saved
from tests.support.catalogue_shop import facts_of
from tests.support.shop_on_disk import CANDY, DiskShop, open_shop

NAMES = tuple(f"无名客{number:04d}号" for number in range(30))


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every shop count as one that takes long to be rewritten."""
    monkeypatch.setattr(member_traces, "AT_ONCE_BYTES", 0)


def members(shop: DiskShop) -> list[Member]:
    """Sign people up whose names stand nowhere else."""
    return [shop.sign_up(f"1370000{number:04d}", name) for number, name in enumerate(NAMES)]


def erase(shop: DiskShop, member: Member) -> bool:
    """Let the manager erase a member; return whether the traces are gone already."""
    return shop.shop.members.erase(shop.manager, member.member_id, "she asked")


def never(_store: SqlStore) -> bool:
    """Stand in for a scrub at a moment when there must be none."""
    raise AssertionError


def full(_store: SqlStore) -> bool:
    """Stand in for a scrub for which the disk has no room."""
    raise StorageFullError


@pytest.mark.usefixtures("large")
def test_a_large_shop_sells_on_after_an_erasure_and_is_scrubbed_when_the_till_rests(
    shop: DiskShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = members(shop)
    at = shop.clock.now()
    with monkeypatch.context() as selling:
        selling.setattr(SqlStore, "scrub", never)
        assert [erase(shop, member) for member in made] == [False] * len(made)
        shop.sell(CANDY)
    assert shop.database.with_name("shop.db-wal").stat().st_size < 100_000, "the log was emptied at each"
    assert shop.shop.members.get(made[0].member_id) is None
    assert shop.shop.member_traces.due_since() == at
    assert shop.shop.member_traces.rest()
    assert shop.shop.member_traces.due_since() is None
    assert traces(shop.folder, NAMES) == [] and shop.verify().passed


def test_a_small_shop_is_scrubbed_at_once_and_nothing_is_left_to_do(
    shop: DiskShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = members(shop)
    assert [erase(shop, member) for member in made] == [True] * len(made)
    assert shop.shop.member_traces.due_since() is None and traces(shop.folder, NAMES) == []
    monkeypatch.setattr(SqlStore, "scrub", never)
    assert shop.shop.member_traces.rest(), "a rest with nothing due does nothing"


def test_an_erasure_on_a_full_disk_is_done_and_its_scrub_is_made_good(
    shop: DiskShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = members(shop)[0]
    with monkeypatch.context() as disk:
        disk.setattr(SqlStore, "scrub", full)
        assert not erase(shop, member), "it is no failure of the erasure"
        assert shop.shop.members.get(member.member_id) is None
        assert not shop.shop.member_traces.rest()
    shop.reopened()
    assert shop.shop.member_traces.due_since() is not None, "it is known after a power cut, too"
    assert shop.shop.member_traces.rest() and shop.shop.member_traces.due_since() is None
    assert traces(shop.folder, NAMES[:1]) == []


def test_somebody_who_reads_keeps_the_scrub_due(shop: DiskShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos_app.persistence.store.SCRUB_WAIT_MS", 0)
    member = members(shop)[0]
    with shop.store.read() as reading:
        reading.journal.head()
        assert not erase(shop, member)
    assert shop.shop.member_traces.due_since() is not None
    assert shop.shop.member_traces.rest() and traces(shop.folder, NAMES[:1]) == []


def test_who_is_erased_while_the_files_are_scrubbed_stays_due(
    shop: DiskShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *_ = members(shop)
    scrub = SqlStore.scrub

    def slow(store: SqlStore) -> bool:
        done = scrub(store)
        monkeypatch.setattr(SqlStore, "scrub", full)
        erase(shop, second)
        return done

    monkeypatch.setattr(SqlStore, "scrub", slow)
    assert erase(shop, first)
    with shop.store.read() as tx:
        assert list(tx.traces.left()) == [second.member_id]


@pytest.mark.usefixtures("large")
def test_between_two_shifts_a_till_that_is_never_closed_is_due_for_its_rest(shop: DiskShop) -> None:
    rests = shop.shop.member_traces
    shop.close_shift()
    assert not rests.between_shifts(), "nobody was erased"
    erase(shop, members(shop)[0])
    assert rests.between_shifts()
    shop.shop.shifts.open(shop.cashier, shop.paid(shop.cart(CANDY)).tenders[0].amount)
    assert not rests.between_shifts(), "somebody sells"


def restored(shop: DiskShop, folder: Path) -> Path:
    """Restore a backup over newer sales; return the database that was put aside."""
    saved(shop, folder / "stick.zip")
    shop.sell(CANDY)
    shop.store.close()
    kept = brought_back(folder / "stick.zip", shop.folder, force=True).kept
    assert kept is not None
    return kept


@pytest.mark.parametrize("moment", ["rest", "between_shifts"])
def test_what_a_restore_put_aside_is_kept_for_a_month_and_no_longer(
    shop: DiskShop, tmp_path: Path, moment: str
) -> None:
    kept = restored(shop, tmp_path)
    kept.with_name(kept.name + "-wal").write_bytes(b"what could not be folded")
    own = [shop.folder / name for name in ("shop.before-restore-mine.db", "notes.txt")]
    for file in own:
        file.write_bytes(b"the owner's own")
    now = shop.clock.now().timestamp()
    os.utime(kept, (now, now))
    again = open_shop(shop.folder, first_id=7 << 20)
    try:
        again.clock.forward(KEPT_FOR - timedelta(minutes=1))
        getattr(again.shop.member_traces, moment)()
        assert kept.exists(), "the owner may still find that it was the wrong file"
        again.clock.forward(timedelta(minutes=2))
        getattr(again.shop.member_traces, moment)()
    finally:
        again.store.close()
    assert not [path.name for path in shop.folder.iterdir() if path.name.startswith(kept.name)]
    assert all(file.exists() for file in own) and shop.database.exists()


def test_what_is_put_aside_counts_its_month_from_the_restore_not_from_the_last_sale(
    shop: DiskShop, tmp_path: Path
) -> None:
    saved(shop, tmp_path / "stick.zip")
    shop.store.close()
    shop.database.write_bytes(b"a disk that broke" * 999)
    os.utime(shop.database, (0, 0))
    kept = brought_back(tmp_path / "stick.zip", shop.folder, force=True).kept
    assert kept is not None and kept.read_bytes().startswith(b"a disk that broke")
    assert kept.stat().st_mtime >= (tmp_path / "stick.zip").stat().st_mtime


def test_a_copy_that_a_migration_left_when_it_was_cut_off_goes_at_the_next_opening(shop: DiskShop) -> None:
    shop.store.close()

    def left(schema: int) -> Path:
        return shop.folder / f"shop.db.before-{schema}"

    schemas = (SCHEMA - 1, SCHEMA, SCHEMA + 1)
    for schema in schemas:
        left(schema).write_bytes(b"a whole shop with everybody in it")
    shop.reopened()
    assert [left(n).exists() for n in schemas] == [False, False, True], "that of a newer program is its own"


def test_a_restore_brings_nobody_back_who_was_erased_here(shop: DiskShop, tmp_path: Path) -> None:
    gone, before, stays, *_ = members(shop)
    erase(shop, before)
    shop.shop.carts.hold(shop.cashier, shop.cart(CANDY, member=gone, note=NAMES[0]), "")
    saved(shop, tmp_path / "stick.zip")
    erase(shop, gone)
    shop.store.close()
    brought_back(tmp_path / "stick.zip", shop.folder, force=True)
    again = open_shop(shop.folder, first_id=7 << 20)
    try:
        find = again.shop.members.get
        assert find(gone.member_id) is None and find(before.member_id) is None
        assert find(stays.member_id) == stays
        with again.store.read() as tx:
            assert tx.subject_keys.get(SubjectId(gone.member_id)) is None
            assert list(tx.traces.left()) == [gone.member_id]
        (held,) = again.shop.carts.held()
        assert held.cart.lines and held.cart.member is None
        told = [fact.member for fact in facts_of(again) if isinstance(fact, MemberErased)]
        assert told == [before.member_id, gone.member_id], "once each, the second in the new epoch"
        assert again.shop.member_traces.rest() and again.verify().passed
    finally:
        again.store.close()
    books = shop.database.read_bytes()
    assert NAMES[0].encode() not in books and NAMES[2].encode() in books
