"""How long a till takes to take 2,000 new members in that a platform sent, against bare SQLite in the same run.

The product's side is one round of `PullEngine`: decode the page, make the search keys, write in short transactions,
each durable, move the cursor; the answer is at hand, so that no network counts. Its rests, which it leaves to whoever
sells, are told apart and not counted. The bare side inserts the same rows and keys into the same tables by sqlite3,
already made and sorted, in as many transactions with the same pragmas. Both sides take turns on files of their own
that hold as many members before.

    python -m tests.benchmarks.pull_apply [--rounds N]
"""

import argparse
import os
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from pos_app.domain.values.ids import MerchantId, ShopId
from pos_app.persistence.database import open_store
from pos_app.persistence.members import fill
from pos_app.persistence.store import PRAGMAS, SqlStore
from pos_app.services.ports.syncing import SyncLink
from sync.client.applying import appliers
from sync.client.pulling import PullEngine
from sync.protocol.codec import decode, encode
from sync.protocol.documents import Kind, MemberDocument
from sync.protocol.messages import Document, Position, Pull, PullReply
from tests.benchmarks.table import Row, ms, percentile, run
from tests.support.many_members import many_members

PAGE, ROUNDS, BEFORE = 2_000, 5, 20_000
BAR = 1 / 0.6
"""At least 60 % of the speed of the bare side: at most 1.67 of its time."""
HERE = ShopId(UUID(int=99))
_PART = "no > ? AND no <= ?"
QUERIES = {
    "member": f"SELECT * FROM member WHERE {_PART} ORDER BY no",
    "member_key": f"SELECT * FROM member_key WHERE {_PART} ORDER BY kind, value",
    "member_search": f"SELECT * FROM member_search WHERE {_PART} ORDER BY key",
    "document": f"SELECT * FROM document WHERE id IN (SELECT member_id FROM member WHERE {_PART}) ORDER BY position",
}
WIDTHS = {"member": 13, "member_key": 3, "member_search": 2, "document": 4}


class RealWatch:
    """The computer's own time."""

    def __init__(self) -> None:
        self.rested_s = 0.0

    def micros(self) -> int:
        """Return microseconds."""
        return time.perf_counter_ns() // 1_000

    def rest(self, micros: int) -> None:
        """Sleep, and note how long."""
        began = time.perf_counter()
        time.sleep(micros / 1_000_000)
        self.rested_s += time.perf_counter() - began


class OnePage:
    """A platform that answers with a page it was given, as bytes that have still to be read."""

    def __init__(self) -> None:
        self.page = b""

    def pull(self, _pull: Pull) -> PullReply:
        """Answer."""
        return decode(self.page, PullReply)


def pages(rounds: int) -> list[bytes]:
    """Return pages of new members as they come over the wire."""
    made, position = [], 0
    for place in range(rounds):
        rows = []
        first = BEFORE + place * PAGE
        for member in many_members(PAGE, HERE, seed=place + 2, first=first):
            position += 1
            body = msgspec.json.encode(MemberDocument(member=member))
            # Ids of invented members tell the moment and the number: of two draws none is the same.
            rows.append(Document(Kind.MEMBER, member.member_id.bytes, position, False, 1, body))
        cursor = position.to_bytes(8, "big")
        made.append(encode(PullReply(rows=tuple(rows), cursor=cursor, projected=Position(1, 0, bytes(32)))))
    return made


class Writer:
    """Writes by hand what the product wrote of a page: the same rows, in as many transactions."""

    def __init__(self, file: Path) -> None:
        self.connection = sqlite3.connect(file, isolation_level=None)
        for pragma in PRAGMAS:
            self.connection.execute(pragma)

    def write(self, parts: Sequence[dict[str, list[tuple[Any, ...]]]]) -> float:
        """Return the seconds that it took, a transaction for each part."""
        run = self.connection
        insert = {t: f"INSERT INTO {t} VALUES ({', '.join('?' * WIDTHS[t])})" for t in WIDTHS}
        began = time.perf_counter()
        for part in parts:
            run.execute("BEGIN IMMEDIATE")
            for table, rows in part.items():
                run.executemany(insert[table], rows)
            run.execute("UPDATE sync_link SET digest = digest + 1")
            run.execute("COMMIT")
        return time.perf_counter() - began


def _found(file: Path) -> SqlStore:
    store = open_store(file)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        fill(connection, many_members(BEFORE, HERE), HERE)
        connection.commit()
    with store.write() as tx:
        tx.links.save(
            SyncLink(
                address="",
                merchant=MerchantId(UUID(int=1)),
                platform_key=bytes(32),
                enrolled_at_ms=0,
                epoch=1,
                seq=0,
                hash=bytes(32),
                cursor=bytes(8),
            )
        )
    return store


def _written(file: Path, after: int, chunks: int) -> list[dict[str, list[tuple[Any, ...]]]]:
    """Return the rows that stand in the product's file of a page of members, in as many parts; keys in their order."""
    with closing(sqlite3.connect(file)) as connection:

        def rows(query: str, part: int) -> list[tuple[Any, ...]]:
            first, last = after + PAGE * part // chunks, after + PAGE * (part + 1) // chunks
            return connection.execute(query, (first, last)).fetchall()

        return [{table: rows(query, part) for table, query in QUERIES.items()} for part in range(chunks)]


def measure(rounds: int = ROUNDS) -> list[Row]:
    """Measure page after page, the product first and then the bare side with the very rows."""
    kept = os.environ.get("SHUKE_BENCH_HOME")
    with tempfile.TemporaryDirectory(prefix="pull-", dir=kept) as name:
        files = [Path(name) / "ours.db", Path(name) / "bare.db"]
        store, other = _found(files[0]), _found(files[1])
        other.close()
        writer, platform, watch = Writer(files[1]), OnePage(), RealWatch()
        engine = PullEngine(store, platform, appliers(HERE, {}), watch)  # type: ignore[arg-type]
        ours, bare, rests, holds = [], [], [], []
        for place, page in enumerate(pages(rounds)):
            platform.page, watch.rested_s = page, 0.0
            engine.holds_us.clear()
            began = time.perf_counter()
            engine.pull(0)
            ours.append(time.perf_counter() - began)
            rests.append(watch.rested_s)
            holds += engine.holds_us
            parts = _written(files[0], BEFORE + place * PAGE, len(engine.holds_us))
            bare.append(writer.write(parts))
        writer.connection.close()
        store.close()
    return _rows((ours, bare, rests), holds)


def _rows(times: tuple[Sequence[float], Sequence[float], Sequence[float]], holds: Sequence[int]) -> list[Row]:
    # The first page finds the size of a chunk and warms the caches of both.
    ours, bare, rests = (each[1:] or each for each in times)
    name = f"pull: {PAGE:,} new members applied"
    return [
        Row(
            name=name,
            figure=f"p50 {ms(percentile(ours, 50))}, rests {ms(percentile(rests, 50))}",
            limit=f"p50 {ms(percentile(bare, 50))}",
            measured=percentile([o - r for o, r in zip(ours, rests, strict=True)], 50) / percentile(bare, 50),
            bar=BAR,
        ),
        Row(
            name="  one transaction of it",
            figure=f"p50 {percentile(holds, 50) / 1000:.1f} ms of {len(holds)}",
            measured=percentile(holds, 95) / 1000,
            bar=12,
            unit="ms",
        ),
    ]


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--rounds", type=int, default=ROUNDS)
    asked = arguments.parse_args()
    run(lambda: measure(asked.rounds))
