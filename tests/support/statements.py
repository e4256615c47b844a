"""Every statement that reaches a database while something runs, and which of them walk a whole table.

SQLite is asked how it would run each (`EXPLAIN QUERY PLAN`); a plan does not depend on how many rows there are, as no
statistics are kept. Decides which tables may be walked: small ones, each with its reason.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

MOST_ROWS = 200
WALKED = {
    "settings": "one row",
    "journal_head": "one row",
    "sync_link": "one row",
    "staff": "the people of one shop: the sign-in page shows them all",
    "cart": "the open cart and the held ones, which the list of held carts shows whole",
    "mail_job": "letters that wait or were refused; sent ones are removed",
    "print_job": "what waits for the printer; printed jobs are removed",
    "import_batch": "one row an import",
    "member_trace": "who was erased since the files were scrubbed last",
    "member_count": "two rows an import of members",
}
"""Tables that may be read from end to end, and why they stay small."""
INDEXES = {
    "ix_payment_attempt_care": "what is not settled: the rest is not in it",
    "ix_invoice_asked": "the latest of a list, from their end, so many and no more",
    "ix_invoice_state": "how many there are of each state, over every list; some thousands a year in a narrow index",
}
"""Indexes that may be read from end to end, and why that is short."""

_WALK = re.compile(r"^SCAN (?:TABLE )?(\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
_SOME = re.compile(r"\bFROM (\w+) LIMIT\b")
"""Whichever rows come first, so many and no more: that ends long before the table does."""
_ASKED = ("select", "insert", "update", "delete", "with")


class Statements:
    """What was asked of a database: each text once, with values it was asked with."""

    def __init__(self) -> None:
        self.seen: dict[str, Any] = {}

    def note(self, *told: Any) -> None:
        """Remember a statement: SQLAlchemy tells connection, cursor, statement, values, context, and whether many."""
        _, _, statement, values, _, many = told
        if statement.lstrip().lower().startswith(_ASKED) and statement not in self.seen:
            self.seen[statement] = values[0] if many else values

    def walks(self, database: Path) -> list[tuple[str, str, int]]:
        """Return (table, statement, rows) of each walk through a table that is not listed, or is not small."""
        found = []
        with closing(sqlite3.connect(database)) as connection:
            for statement, values in self.seen.items():
                for table in walked_tables(connection, statement, values):
                    rows = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                    if table not in WALKED or rows > MOST_ROWS:
                        found.append((table, " ".join(statement.split()), rows))
        return found


def walked_tables(connection: sqlite3.Connection, statement: str, values: Any) -> list[str]:
    """Return the tables that a statement reads from end to end, by whatever alias it calls them."""
    plan = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
    walks = [found for row in plan if (found := _WALK.match(row[3]))]
    names = [walk[1] for walk in walks if walk[2] not in INDEXES]
    some = set(_SOME.findall(" ".join(statement.split())))
    return [table for name in names if name not in some and (table := _table_of(connection, statement, name))]


def _table_of(connection: sqlite3.Connection, statement: str, name: str) -> str | None:
    """Return the table of a name in a plan; None for a subquery, whose own tables stand in the plan by themselves."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if name in tables:
        return name
    alias = re.search(rf"\b(\w+)\s+AS\s+{re.escape(name)}\b", statement, re.IGNORECASE)
    return alias[1] if alias and alias[1] in tables else None


@contextmanager
def watched() -> Iterator[Statements]:
    """Note every statement that goes through SQLAlchemy in this process meanwhile."""
    statements = Statements()
    event.listen(Engine, "before_cursor_execute", statements.note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", statements.note)
