"""Databases for the platform: SQLite in a file, and a real PostgreSQL that runs without any set-up."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from tests.support.postgresql import postgresql_server
from tests.support.tills_together import LinkedTill, Together, together

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a PostgreSQL server's first database."""
    with postgresql_server(tmp_path_factory.mktemp("pg") / "data") as address:
        yield address


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


@pytest.fixture
def shops(tmp_path: Path, address: str) -> Iterator[Together]:
    """A platform with two tills of two shops."""
    with together(tmp_path, address) as made:
        made.till(1)
        made.till(2)
        yield made


@pytest.fixture
def a(shops: Together) -> LinkedTill:
    """The till of the first shop."""
    return shops.tills[0]


@pytest.fixture
def b(shops: Together) -> LinkedTill:
    """The till of the second shop."""
    return shops.tills[1]


def _new_database(first: str) -> str:
    name = f"test_{next(_NUMBERS)}"
    engine = create_engine(first, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return first.replace("/postgres?", f"/{name}?", 1)
