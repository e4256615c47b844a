"""Inserts that meet a row which stands there already, for SQLite and PostgreSQL alike; each statement is made once."""

from functools import cache

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def new(connection: Connection, table: Table) -> Insert:
    """Return an insert that leaves a row be that stands there already."""
    return _new(table, connection.dialect.name == "sqlite")


def latest(connection: Connection, table: Table, *told: str) -> Insert:
    """Return an insert that gives a row with the same key its columns `told` anew."""
    return _latest(table, told, connection.dialect.name == "sqlite")


@cache
def _new(table: Table, in_sqlite: bool) -> Insert:
    if in_sqlite:
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


@cache
def _latest(table: Table, told: tuple[str, ...], in_sqlite: bool) -> Insert:
    key = list(table.primary_key.columns)
    if in_sqlite:
        row = sqlite.insert(table)
        return row.on_conflict_do_update(index_elements=key, set_={name: row.excluded[name] for name in told})
    made = postgresql.insert(table)
    return made.on_conflict_do_update(index_elements=key, set_={name: made.excluded[name] for name in told})
