"""A till of the first release opens with this one: its members keep everything and are found in the new ways.

`tests/data/shop-schema-1.db.xz` is the demo shop as the first release founded it, with one member erased (the third)
and one visit counted (the first); its times begin at 2026-11-22.
"""

import lzma
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from pos_app.domain.values.ids import MemberId
from pos_app.persistence.base import Base
from pos_app.persistence.database import SCHEMA, open_store
from pos_app.persistence.store import SqlStore

OLD = Path(__file__).parent.parent / "data" / "shop-schema-1.db.xz"
MEMBERS, ERASED = 236, 1


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the first release."""
    path = tmp_path_factory.mktemp("old") / "shop.db"
    path.write_bytes(lzma.decompress(OLD.read_bytes()))
    return path


@pytest.fixture(scope="module")
def store(old: Path) -> Iterator[SqlStore]:
    """The same, brought up to date."""
    path = old.with_name("now.db")
    path.write_bytes(old.read_bytes())
    opened = open_store(path)
    yield opened
    opened.close()


def rows(path: Path, statement: str) -> list[tuple[object, ...]]:
    """Return what a statement finds in a file."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def test_the_file_is_one_of_the_first_release(old: Path) -> None:
    assert rows(old, "PRAGMA user_version") == [(1,)]
    assert rows(old, "SELECT count(*), sum(erased_at IS NOT NULL) FROM member") == [(MEMBERS, ERASED)]


def test_the_schema_is_the_newest_and_sound(store: SqlStore) -> None:
    assert rows(store.path, "PRAGMA user_version") == [(SCHEMA,)]
    assert list(store.check()) == []


def test_every_member_is_the_same_as_before(old: Path, store: SqlStore) -> None:
    query = "SELECT member_id, joined_at, joined_shop_id, last_visit_at, visits, erased_at, body FROM member"
    assert rows(store.path, query + " ORDER BY member_id") == rows(old, query + " ORDER BY member_id")
    assert rows(store.path, "SELECT no FROM member ORDER BY joined_at, no") == [
        (n,) for n in range(1, MEMBERS + 1)
    ]
    keys = "SELECT kind, value, m.member_id FROM member_key k JOIN member m ON m.{0} = k.{0} ORDER BY kind, value"
    assert rows(store.path, keys.format("no")) == rows(old, keys.format("member_id"))


def test_members_are_found_by_name_pinyin_initials_and_any_digits(store: SqlStore) -> None:
    with store.read() as tx:
        for typed in (
            "王小满",
            "小满",
            "wangxiaoman",
            "xiaoman",
            "wxm",
            "138 0000 1234",
            "0000123",
            "886626000011",
        ):
            assert "王小满" in [m.profile.name for m in tx.members.look_up(typed, 20).members], typed
        for typed in ("qiuying", "chouying", "qy"):
            assert "仇英" in [m.profile.name for m in tx.members.look_up(typed, 50).members], typed


def test_every_member_is_found_by_each_of_her_keys(old: Path, store: SqlStore) -> None:
    with store.read() as tx:
        for kind, value, member in rows(old, "SELECT kind, value, member_id FROM member_key"):
            found = tx.members.by_key(str(kind), str(value))
            assert found is not None and found.member_id.bytes == member


def test_who_visited_last_stands_first_and_a_sign_up_here_counts(old: Path, store: SqlStore) -> None:
    wanted = rows(
        old,
        "SELECT member_id FROM member WHERE erased_at IS NULL"
        " ORDER BY max(coalesce(last_visit_at, 0), joined_at) DESC, joined_at DESC, member_id DESC LIMIT 50",
    )
    with store.read() as tx:
        found = tx.members.look_up("", 50)
        assert [(m.member_id.bytes,) for m in found.members] == wanted
        assert found.total == tx.members.count() == MEMBERS - ERASED


def test_an_erased_member_stays_erased(store: SqlStore) -> None:
    (gone,) = rows(store.path, "SELECT member_id, search, body FROM member WHERE erased_at IS NOT NULL")
    assert gone[1:] == (None, None)
    with store.read() as tx:
        assert tx.members.get(MemberId(UUID(bytes=bytes(gone[0])))) is None  # type: ignore[call-overload]


def test_a_migrated_member_can_be_edited_seen_and_erased(old: Path, tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    path.write_bytes(old.read_bytes())
    store = open_store(path)
    with store.write() as tx:
        member = tx.members.look_up("wangxiaoman", 1).members[0]
        profile = msgspec.structs.replace(member.profile, name="盖华")
        tx.members.save(msgspec.structs.replace(member, profile=profile))
        tx.members.visited(member.member_id, member.joined_at)
        assert tx.members.look_up("gehua", 1).members[0].member_id == member.member_id
        assert member.member_id not in [m.member_id for m in tx.members.look_up("wangxiaoman", 20).members]
        again = tx.members.get(member.member_id)
        assert again is not None and again.visits == member.visits + 1
        tx.members.erase(member.member_id, member.joined_at)
        assert tx.members.look_up("gehua", 1).total == 0
    store.close()


def test_the_tables_of_members_are_those_that_the_program_knows(store: SqlStore) -> None:
    for name in ("member", "member_key", "member_search"):
        known = [column.name for column in Base.metadata.tables[name].columns]
        assert [row[1] for row in rows(store.path, f"PRAGMA table_info({name})")] == known
        indexes = {index.name for index in Base.metadata.tables[name].indexes}
        made = rows(
            store.path, f"SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = '{name}'"
        )
        assert {row[0] for row in made if not str(row[0]).startswith("sqlite_")} == indexes
