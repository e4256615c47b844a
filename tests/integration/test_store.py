"""The store's file: made new, brought up to date with a copy kept, refused when it is newer or no database."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pos_app.domain.errors import NewerDatabaseError, StorageDamagedError
from pos_app.domain.search import folded
from pos_app.persistence import database
from pos_app.persistence.database import SCHEMA, open_store
from tests.support.shop_on_disk import CANDY, DiskShop, place_shop, shop_on_disk


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop."""
    with shop_on_disk(tmp_path) as made:
        yield made


def names(folder: Path) -> list[str]:
    """Return the names of the files in a folder."""
    return sorted(p.name for p in folder.iterdir())


def test_a_new_file_is_made_with_every_promise_of_durability(tmp_path: Path) -> None:
    store = open_store(tmp_path / "deep" / "er" / "shop.db")
    with store.engine.connect() as connection:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "user_version")
        }
    assert told == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "user_version": SCHEMA,
    }
    assert list(store.check()) == []
    store.close()
    assert names(tmp_path / "deep" / "er") == ["shop.db"]


def test_a_database_of_a_newer_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = place_shop(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version={SCHEMA + 1}")
        connection.commit()
    before = path.read_bytes()
    with pytest.raises(NewerDatabaseError) as refused:
        open_store(path)
    assert refused.value.params == {"found": SCHEMA + 1, "known": SCHEMA}
    assert path.read_bytes() == before and names(tmp_path) == ["shop.db"]


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 300, b"\x00" * 10_000, b"SQLite format 3\x00" * 99]
)
def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "shop.db"
    path.write_bytes(content)
    with pytest.raises(StorageDamagedError):
        open_store(path)
    assert path.read_bytes() == content


def test_a_migration_that_fails_leaves_the_old_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = place_shop(tmp_path)
    before = path.read_bytes()
    monkeypatch.setattr(database, "SCHEMA", SCHEMA + 1)

    def torn(at: Path) -> None:
        with closing(sqlite3.connect(at)) as connection:
            connection.execute("DELETE FROM journal")
            connection.commit()
        raise RuntimeError("in the middle of a migration")

    monkeypatch.setattr("pos_app.persistence.migrations.run.upgrade", torn)
    with pytest.raises(RuntimeError):
        open_store(path)
    assert names(tmp_path) == ["shop.db"]
    monkeypatch.undo()
    with closing(sqlite3.connect(path)) as connection:
        facts = connection.execute("SELECT count(*) FROM journal").fetchone()[0]
    assert facts > 0 and len(path.read_bytes()) == len(before)


def test_a_migration_that_is_killed_leaves_a_copy_of_the_old_database_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = place_shop(tmp_path)
    monkeypatch.setattr(database, "SCHEMA", SCHEMA + 1)
    seen: list[str] = []
    monkeypatch.setattr("pos_app.persistence.migrations.run.upgrade", lambda _: seen.extend(names(tmp_path)))
    open_store(path).close()
    assert f"shop.db.before-{SCHEMA + 1}" in seen
    assert names(tmp_path) == ["shop.db"], "and it goes when all is well"


def test_opening_again_does_not_load_the_machinery_of_migrations(tmp_path: Path) -> None:
    import subprocess
    import sys

    place_shop(tmp_path)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from pos_app.persistence.database import open_store\n"
            "open_store(Path(sys.argv[1])).close(); sys.exit('alembic' in sys.modules)",
            str(tmp_path / "shop.db"),
        ],
        cwd=Path(__file__).resolve().parents[2],
        check=False,
    )
    assert done.returncode == 0


def test_a_block_that_raises_writes_nothing(shop: DiskShop) -> None:
    before = shop.verify().facts
    with pytest.raises(KeyError), shop.store.write() as tx:
        tx.carts.save_open(shop.shop.carts.new(), shop.clock.now())
        raise KeyError
    with shop.store.read() as tx:
        assert tx.carts.open_cart() is None
    assert shop.verify().facts == before


def test_a_reader_sees_one_state_while_others_write(shop: DiskShop) -> None:
    with shop.store.read() as tx:
        before = tx.journal.head()
        seller = threading.Thread(target=lambda: shop.sell(CANDY))
        seller.start()
        seller.join()
        assert tx.journal.head() == before
    with shop.store.read() as tx:
        assert tx.journal.head().seq > before.seq


def test_user_text_is_only_ever_text(shop: DiskShop) -> None:
    """Names and searches that would be SQL, wildcards or control characters elsewhere."""
    nasty = ["Robert'); DROP TABLE sale;--", "100%_", '"', "\\", "a\nb\tc\x1b@", "{name}", "𠮷🎁", "'" * 50]
    sale = shop.sell(CANDY).sale
    for number, text in enumerate(nasty):
        member = shop.sign_up(f"1380000{number:04d}", text)
        assert shop.shop.members.get(member.member_id) == member
        assert member in shop.shop.members.search(text) or not folded(text)
        shop.shop.catalogue.search(text)
        shop.shop.ringing.meaning(text)
        assert sale.number not in [s.number for s in shop.shop.returns.history(text)]
        shop.shop.carts.hold(shop.cashier, shop.cart(CANDY, note=text), text)
    assert {held.label for held in shop.shop.carts.held()} == set(nasty)
    assert shop.verify().passed
