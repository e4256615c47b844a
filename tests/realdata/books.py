"""Read the books of a till with nothing but SQLite and JSON, and add them up.

Decides how the sales tables and the journal's bodies are read by somebody who has neither the till nor the ring:
this module imports nothing of either. Each reader adds up the finest grain there is (lines and their reductions) and
refuses when the coarser figures beside it say something else.

    python -m tests.realdata.books DATABASE [--after BASKETS]
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path


class BooksDisagreeError(Exception):
    """A figure of the books is not the sum of its parts; the text names the sale."""


@dataclass(slots=True)
class Sums:
    """What one reader has added up, money in cents; `discount` is positive."""

    baskets: int = 0
    lines: int = 0
    amount: int = 0
    discount: int = 0

    def add(self, lines: int, amount: int, discount: int) -> None:
        """Add one basket."""
        self.baskets += 1
        self.lines += lines
        self.amount += amount
        self.discount += discount

    def text(self, name: str) -> str:
        """Return the one line that the three readers print alike."""
        return f"{name} {self.baskets} {self.lines} {self.amount} {self.discount}"


def from_tables(books: sqlite3.Connection, after: int = 0) -> Sums:
    """Add up the sales tables, without the first `after` sales; raise BooksDisagreeError."""
    sums = Sums()
    query = """
        SELECT sale.number, sale.lines, sale.total, -sale.reductions,
               (SELECT count(*) FROM sale_line l WHERE l.sale_id = sale.sale_id),
               (SELECT coalesce(sum(net), 0) FROM sale_line l WHERE l.sale_id = sale.sale_id),
               (SELECT coalesce(-sum(amount), 0) FROM sale_reduction r WHERE r.sale_id = sale.sale_id)
        FROM sale ORDER BY sale.fact_position LIMIT -1 OFFSET ?
    """
    for number, lines, total, reductions, counted, net, off in books.execute(query, (after,)):
        _agree(number, (lines, total, reductions), (counted, net, off))
        sums.add(counted, net, off)
    return sums


def from_journal(books: sqlite3.Connection, after: int = 0) -> Sums:
    """Add up the bodies of the journal, without the first `after` sales; raise BooksDisagreeError."""
    sums = Sums()
    seen = 0
    for (body,) in books.execute("SELECT body FROM journal ORDER BY position"):
        fact = json.loads(body)
        if fact["kind"] != "sale.committed":
            continue
        seen += 1
        if seen <= after:
            continue
        sale = fact["content"]["sale"]
        lines = sale["lines"]
        net = sum(line["net"] for line in lines)
        off = -sum(part["amount"] for line in lines for part in line.get("reductions", ()))
        _agree(sale["number"], (sale["total"], -sale["reductions"]), (net, off))
        paid = sum(tender["amount"] for tender in sale["tenders"])
        _agree(sale["number"], (sale["total"] + sale.get("cash_rounding", 0),), (paid,))
        sums.add(len(lines), net, off)
    return sums


def _agree(number: str, said: Iterable[int], found: Iterable[int]) -> None:
    said, found = tuple(said), tuple(found)
    if said != found:
        raise BooksDisagreeError(f"sale {number} says {said}, its parts {found}")


def open_books(database: Path) -> sqlite3.Connection:
    """Open a till's database for reading only; raise sqlite3.OperationalError when it is not there."""
    return sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)


def main() -> int:
    """Print the lines `sales` and `journal`; return 1 when the books contradict themselves."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("database", type=Path)
    parser.add_argument("--after", type=int, default=0, help="leave out the first so many sales")
    asked = parser.parse_args()
    with closing(open_books(asked.database)) as books:
        try:
            print(from_tables(books, asked.after).text("sales"))
            print(from_journal(books, asked.after).text("journal"))
        except BooksDisagreeError as problem:
            print(problem, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
