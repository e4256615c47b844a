"""Running Alembic from code, on one connection, in one transaction.

Decides how: foreign keys off before BEGIN (SQLite rebuilds tables), checked before COMMIT (DESIGN.md §7).
"""

from importlib.resources import as_file, files
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, NullPool, create_engine, event

from pos_app.domain.errors import StorageDamagedError


def upgrade(path: Path) -> None:
    """Bring the database at `path` to the newest schema; nothing is changed when it raises."""
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=path.as_posix()),
        poolclass=NullPool,
        connect_args={"isolation_level": None},
    )
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA secure_delete=ON"))
    with as_file(files("pos_app.persistence.migrations")) as scripts, engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        config = Config()
        config.set_main_option("script_location", scripts.as_posix().replace("%", "%%"))
        config.attributes["connection"] = connection
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        command.upgrade(config, "head")
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            connection.rollback()
            raise StorageDamagedError()
        connection.commit()
    engine.dispose()
