"""Whatever single value of the books is changed on the bare file, `verify` finds something wrong."""

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.busy_day import busy_day
from tests.support.shop_on_disk import CANDY, open_shop, place_shop

BOOKS = (
    "journal",
    "journal_head",
    "signed_head",
    "sale",
    "sale_line",
    "sale_reduction",
    "sale_tender",
    "sale_returned",
    "receipt_counter",
    "shift",
    "cash_move",
)
NOT_TOLD = {"cash_move.id"}
"""Columns that say nothing of the books: the order of cash movements is kept, their numbers are nobody's."""


@cache
def _told() -> bytes:
    """The file of a busy shop whose next shift is open."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        place_shop(folder)
        shop = open_shop(folder)
        busy_day(shop)
        shop.shop.shifts.open(shop.cashier, shop.shop.shifts.z_reports()[0].closed.counted)
        shop.sell(CANDY)
        assert shop.verify().passed
        shop.store.close()
        return (folder / "shop.db").read_bytes()


@cache
def _shape() -> dict[str, tuple[list[str], list[str], int]]:
    """The columns, key columns and number of rows of each table."""
    with TemporaryDirectory() as name:
        path = Path(name) / "shop.db"
        path.write_bytes(_told())
        with closing(sqlite3.connect(path)) as connection:
            shape = {}
            for table in BOOKS:
                told = connection.execute(f"PRAGMA table_info({table})").fetchall()
                (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
                assert rows > 0, table
                shape[table] = ([row[1] for row in told], [row[1] for row in told if row[5]], rows)
    return shape


def _other(value: object, draw: st.DrawFn) -> object:
    """Return a value near the one that stands there, but another."""
    if isinstance(value, bytes) and value:
        changed = bytearray(value)
        changed[draw(st.integers(0, len(value) - 1))] ^= 1 << draw(st.integers(0, 7))
        return bytes(changed)
    if isinstance(value, int):
        return value + draw(st.integers(-3, 3).filter(bool))
    if isinstance(value, str):
        return value + draw(st.sampled_from("x 0"))
    return draw(st.sampled_from([0, 7, "x", b"x"]))


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, int, str, bool]:
    """One edit: a table, a row of it, a column, and whether the row is deleted."""
    table = draw(st.sampled_from(BOOKS))
    columns, _, rows = _shape()[table]
    column = draw(st.sampled_from([c for c in columns if f"{table}.{c}" not in NOT_TOLD]))
    return table, draw(st.integers(0, rows - 1)), column, draw(st.integers(0, 9)) == 0


def _edited(path: Path, edit: tuple[str, int, str, bool], draw: st.DrawFn) -> str:
    """Make the edit on the bare file, and return what was done."""
    table, row, column, deletes = edit
    _, keys, _ = _shape()[table]
    where = " AND ".join(f"{key} IS ?" for key in keys)
    with closing(sqlite3.connect(path)) as connection:
        at = connection.execute(
            f"SELECT {', '.join(keys)} FROM {table} ORDER BY {', '.join(keys)} LIMIT 1 OFFSET ?", (row,)
        ).fetchone()
        if deletes:
            connection.execute(f"DELETE FROM {table} WHERE {where}", at)
            told = f"deleted {table} {at}"
        else:
            (was,) = connection.execute(f"SELECT {column} FROM {table} WHERE {where}", at).fetchone()
            now = _other(was, draw)
            connection.execute(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {where}", (now, *at))
            (count,) = connection.execute("SELECT changes()").fetchone()
            told = f"{table}.{column} {was!r} -> {now!r}" if count else ""
        connection.commit()
    return told


def _is_found(edit: tuple[str, int, str, bool], data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "shop.db").write_bytes(_told())
        told = _edited(folder / "shop.db", edit, data.draw)  # type: ignore[arg-type]
        shop = open_shop(folder)
        try:
            findings = shop.verify().findings
        finally:
            shop.store.close()
    assert findings if told else not findings, told
    assert all(f.place for f in findings)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits(), st.data())
def test_any_changed_value_of_the_books_is_found(
    edit: tuple[str, int, str, bool], data: st.DataObject
) -> None:
    _is_found(edit, data)


@pytest.mark.prove
@settings(max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits(), st.data())
def test_any_changed_value_of_the_books_is_found_in_thousands_of_tries(
    edit: tuple[str, int, str, bool], data: st.DataObject
) -> None:
    _is_found(edit, data)
