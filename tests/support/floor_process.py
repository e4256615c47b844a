"""The least that a till's process has to do before it can sell: a window, SQLAlchemy, forty tables, the database.

Decides the floor that start-up is measured against in the same run: an empty window shown and painted, SQLAlchemy
imported with forty mapped classes of ten columns, the shop's database opened with the till's pragmas and read once.
Nothing of the product is imported. Says `ready` on its standard output and waits until its standard input ends, so
that its memory can be read.

    python -m tests.support.floor_process DATABASE
"""

import sys

from PySide6.QtWidgets import QApplication, QMainWindow
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, configure_mappers, mapped_column

TABLES = 40
COLUMNS = 10
PRAGMAS = ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


class Base(DeclarativeBase):
    """The forty tables."""


def map_tables() -> None:
    """Map forty classes with a key and nine columns each."""
    for number in range(TABLES):
        columns: dict[str, object] = {f"column_{place}": mapped_column() for place in range(1, COLUMNS)}
        hints: dict[str, object] = {f"column_{place}": Mapped[int] for place in range(1, COLUMNS)}
        hints["row_id"] = Mapped[int]
        body = {
            "__tablename__": f"table_{number}",
            "__annotations__": hints,
            "__module__": __name__,
            "row_id": mapped_column(primary_key=True),
            **columns,
        }
        type(f"Row{number}", (Base,), body)
    configure_mappers()


def main() -> None:
    """Do the least, say so, and wait."""
    application = QApplication(["floor"])
    map_tables()
    engine = create_engine(f"sqlite+pysqlite:///{sys.argv[1]}")
    with engine.connect() as connection:
        for pragma in PRAGMAS:
            connection.exec_driver_sql(f"PRAGMA {pragma}")
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").one()
    window = QMainWindow()
    window.resize(1280, 800)
    window.show()
    application.processEvents()
    print("ready", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
