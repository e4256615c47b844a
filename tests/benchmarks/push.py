"""How many facts a second one till pushes, durably, over HTTP to a platform that is a process of its own.

The facts are a shop's days (`long_days`): in a hundred of them 85 sales, every second to one of 2,000 regulars, and a
sign-up; pushes of 500, as a till is told to send them, each answered before the next. The platform checks, stores and
projects them, in one transaction that is synced to the disk. The limit is bare: the same bytes inserted by the
database's own driver in as many transactions with the same durability, in the same run. Beside the time stands how
much of a core it took at either end: what is over it is waiting, for the disk or for others on the machine. Then the
feed is pulled: pages of 2,000 documents over HTTP, decoded, not applied.

    python -m tests.benchmarks.push [--facts N] [--only sqlite|postgresql]
"""

import argparse
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

from pos_app.domain.values.ids import TillId
from sync.client.http import HttpPlatform
from sync.platform.database import _PRAGMAS
from sync.protocol.messages import Pull, Push
from tests.benchmarks.table import Row, run
from tests.support.long_days import LongJournal, long_journal
from tests.support.platform_process import PlatformProcess, platform_process
from tests.support.postgresql import postgresql_server

A_PUSH, REGULARS, FACTS = 500, 2_000, 20_000
BAR_FACTS_S, BAR_DOCUMENTS_S = 5_000, 20_000
PAGE = 2_000
TILL, SHOP = TillId(UUID(int=7)), UUID(int=3)
_ROW = "merchant BLOB, till BLOB, epoch INTEGER, seq INTEGER, hash BLOB, body BLOB"
_TABLE = f"CREATE TABLE bare ({_ROW}, PRIMARY KEY (merchant, till, epoch, seq, hash))"


def measure(facts: int = FACTS, only: Sequence[str] = ("sqlite", "postgresql")) -> list[Row]:
    """Measure on both databases."""
    journal = long_journal(TILL, SHOP, facts + REGULARS, REGULARS)
    rows: list[Row] = []
    kept = os.environ.get("SHUKE_BENCH_HOME")
    with tempfile.TemporaryDirectory(prefix="push-", dir=kept) as name:
        folder = Path(name)
        if "sqlite" in only:
            rows += _rows("SQLite", folder, None, journal, lambda: _bare_sqlite(folder / "bare.db", journal))
        if "postgresql" in only:
            with postgresql_server(folder / "pg") as url:
                rows += _rows("PostgreSQL", folder, url, journal, lambda: _bare_postgresql(url, journal))
    return rows


def _rows(
    name: str, folder: Path, url: str | None, journal: LongJournal, bare: Callable[[], float]
) -> list[Row]:
    count = len(journal.facts) - REGULARS
    with platform_process(folder, url) as platform:
        enrolled = platform.enrol(TILL, SHOP)
        way = HttpPlatform(platform.address, enrolled.token, read_s=60)
        push_all(way, journal, 0, REGULARS)
        before, client = platform.cpu_s(), time.process_time()
        ours = push_all(way, journal, REGULARS, len(journal.facts))
        client, theirs = time.process_time() - client, platform.cpu_s() - before
        pulled, documents, size = pull_all(way)
        way.close()
    limit = bare()
    return [
        Row(
            name=f"push: a fact, {name}",
            figure=f"{count / ours:,.0f} facts/s of {count:,}",
            limit=f"bare {count / limit:,.0f} facts/s",
            measured=ours / count * 1e6,
            bar=1e6 / BAR_FACTS_S,
            unit="µs",
        ),
        Row(
            name="  against bare inserts",
            figure=f"work {theirs / count * 1e6:.0f} + till {client / count * 1e6:.0f} µs of a core",
            limit=f"{limit / count * 1e6:.0f} µs",
            measured=ours / limit,
        ),
        Row(
            name=f"pull: a document, {name}",
            figure=f"{documents / pulled:,.0f} documents/s of {documents:,}",
            limit=f"{size / documents:.0f} bytes each",
            measured=pulled / documents * 1e6,
            bar=1e6 / BAR_DOCUMENTS_S,
            unit="µs",
        ),
    ]


def push_all(way: HttpPlatform, journal: LongJournal, first: int, until: int) -> float:
    """Push facts one push after another; return the seconds."""
    pushes: list[Push] = [journal.push(at, min(at + A_PUSH, until)) for at in range(first, until, A_PUSH)]
    began = time.perf_counter()
    for push in pushes:
        reply = way.push(push)
        assert reply.ack.seq == push.facts[-1].seq and not reply.results
    return time.perf_counter() - began


def pull_all(way: HttpPlatform) -> tuple[float, int, int]:
    """Pull the whole feed, three times; return the seconds of the median one, its documents and bytes of bodies."""
    times: list[tuple[float, int, int]] = []
    for _ in range(3):
        cursor, documents, size, more = b"", 0, 0, True
        began = time.perf_counter()
        while more:
            reply = way.pull(Pull(p=1, cursor=cursor, limit=PAGE))
            cursor, more = reply.cursor, reply.more
            documents += len(reply.rows)
            size += sum(len(row.body) for row in reply.rows)
        times.append((time.perf_counter() - began, documents, size))
    return sorted(times)[1]


def _bare(journal: LongJournal) -> list[list[tuple[Any, ...]]]:
    facts = journal.facts[REGULARS:]
    merchant, till = UUID(int=1).bytes, TILL.bytes
    rows = [(merchant, till, 1, fact.seq, fact.hash, fact.body) for fact in facts]
    return [rows[at : at + A_PUSH] for at in range(0, len(rows), A_PUSH)]


def _bare_sqlite(file: Path, journal: LongJournal) -> float:
    parts = _bare(journal)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        connection.execute(_TABLE)
        began = time.perf_counter()
        for part in parts:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("INSERT INTO bare VALUES (?, ?, ?, ?, ?, ?)", part)
            connection.execute("COMMIT")
        return time.perf_counter() - began


def _bare_postgresql(url: str, journal: LongJournal) -> float:
    import psycopg

    parts = _bare(journal)
    with psycopg.connect(url.replace("+psycopg", "")) as connection, connection.cursor() as cursor:
        cursor.execute(_TABLE.replace("BLOB", "BYTEA").replace("INTEGER", "BIGINT"))
        connection.commit()
        began = time.perf_counter()
        for part in parts:
            cursor.executemany("INSERT INTO bare VALUES (%s, %s, %s, %s, %s, %s)", part)
            connection.commit()
        return time.perf_counter() - began


def profile_of(facts: int, url: str) -> None:
    """Print where the platform's time goes: the same pushes in this process, without HTTP."""
    import cProfile

    from sync.protocol.codec import decode, encode

    journal = long_journal(TILL, SHOP, facts + REGULARS, REGULARS)
    beside = PlatformProcess(url, Path(os.devnull))
    token = beside.enrol(TILL, SHOP).token
    service = beside.beside
    bodies = [encode(journal.push(at, at + A_PUSH)) for at in range(0, len(journal.facts), A_PUSH)]
    for body in bodies[: REGULARS // A_PUSH]:
        service.push(service.asker(token), decode(body, Push))
    profile = cProfile.Profile(time.process_time)
    profile.enable()
    for body in bodies[REGULARS // A_PUSH :]:
        service.push(service.asker(token), decode(body, Push))
    profile.disable()
    profile.print_stats("tottime")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--facts", type=int, default=FACTS)
    arguments.add_argument("--only", choices=("sqlite", "postgresql"))
    arguments.add_argument(
        "--profile", metavar="URL", help="profile the platform's side on an empty database"
    )
    asked = arguments.parse_args()
    if asked.profile:
        profile_of(asked.facts, asked.profile)
    else:
        run(lambda: measure(asked.facts, (asked.only,) if asked.only else ("sqlite", "postgresql")))
