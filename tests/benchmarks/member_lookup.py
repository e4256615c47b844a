"""How long finding one of 1,000,000 members takes, and writing one, against bare SQLite in the same run.

The product's side is the store's look-up: a page of 50 members, whole, and their number up to 1,000. The bare side asks
sqlite3 by hand for the same rows and the same count, by the search keys, by walking the index of ranks or by LIKE,
whichever is fastest for the kind of question. The members that are written have all their search keys; the
bare table beside them holds as many rows of the same columns with five indexes. Both files are kept in
SHUKE_BENCH_HOME; founding them takes some minutes.

    python -m tests.benchmarks.member_lookup [--members N]
"""

import argparse
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from random import Random
from uuid import UUID

from pos_app.domain.members import Member
from pos_app.domain.search import needle
from pos_app.domain.values.ids import ShopId
from pos_app.persistence.database import open_store
from pos_app.persistence.members import fill
from pos_app.persistence.store import PRAGMAS, SqlStore
from tests.benchmarks.table import Row, ms, percentile, run
from tests.support.many_members import many_members, phone_of

MEMBERS, PAGE, ASKED, WRITTEN = 1_000_000, 50, 60, 300
RATIO_BAR, WRITE_BAR = 5.0, 2.0
HERE = ShopId(UUID(int=99))
_RANK = "seen_here_at DESC, seen_at DESC, no DESC LIMIT 50"
_COUNT = (
    "SELECT count(*) FROM (SELECT DISTINCT no FROM member_search WHERE key >= ?1 AND key < ?2 LIMIT 1001)"
)
_BY_SUFFIX = (
    "SELECT m.* FROM (SELECT DISTINCT r.seen_here_at, r.seen_at, r.no FROM member_search s"
    " CROSS JOIN member_rank r ON r.no = s.no WHERE s.key >= ?1 AND s.key < ?2"
    f" ORDER BY r.{_RANK.replace('DESC, ', 'DESC, r.', 2)}) AS page CROSS JOIN member m ON m.no = page.no"
)
_BY_WALK = (
    "SELECT m.* FROM (SELECT no FROM member_walk WHERE seen_here_at >= 0"
    f" AND instr(search, ?3) > 0 ORDER BY {_RANK}) AS page CROSS JOIN member m ON m.no = page.no"
)
_BY_LIKE = f"SELECT * FROM member WHERE search LIKE '%' || ?3 || '%' ORDER BY {_RANK}"
_BY_PHONE = "SELECT m.* FROM member_key k JOIN member m ON m.no = k.no WHERE k.kind = ?4 AND k.value = ?5"
_FIVE = """
    CREATE TABLE plain (
        no INTEGER PRIMARY KEY, member_id, name, phone, reversed, joined_at, last_visit_at, visits, body
    );
    CREATE INDEX plain_id ON plain (member_id);
    CREATE INDEX plain_name ON plain (name, last_visit_at);
    CREATE INDEX plain_phone ON plain (phone);
    CREATE INDEX plain_reversed ON plain (reversed);
    CREATE INDEX plain_visit ON plain (last_visit_at);
"""


def founded(members: int) -> Path:
    """Return the folder with the two files, made when they are not there."""
    kept = os.environ.get("SHUKE_BENCH_HOME")
    folder = Path(kept) if kept else Path(tempfile.mkdtemp(prefix="shuke-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    ours, plain = folder / f"members-{members}.db", folder / f"plain-{members}.db"
    if not ours.exists():
        aside = ours.with_suffix(".making")
        aside.unlink(missing_ok=True)
        store = open_store(aside)
        with store.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            fill(connection, many_members(members, HERE), HERE)
            connection.commit()
        store.close()
        aside.replace(ours)
    if not plain.exists():
        aside = plain.with_suffix(".making")
        aside.unlink(missing_ok=True)
        _found_plain(ours, aside)
        aside.replace(plain)
    return folder


def _found_plain(ours: Path, plain: Path) -> None:
    """Write the columns of all members into one table with five indexes."""
    with closing(sqlite3.connect(plain)) as connection:
        table, *indexes = _FIVE.split(";")
        connection.execute(table)
        connection.execute("ATTACH ? AS ours", (ours.as_posix(),))
        connection.execute(
            "INSERT INTO plain SELECT NULL, m.member_id, m.search, k.value, k.value || m.no, m.joined_at,"
            " m.last_visit_at, m.visits, m.body FROM ours.member_key k CROSS JOIN ours.member m ON m.no = k.no"
            " WHERE k.kind = 'phone'"
        )
        for index in indexes:
            connection.execute(index)
        connection.commit()


def kinds(members: Sequence[Member]) -> dict[str, Callable[[Random], str]]:
    """Return how a question of each kind is drawn, in the form in which it is compared."""
    phones = [(m.phone or "")[3:] for m in members]
    names = [m.profile.name for m in members if m.profile.name and len(m.profile.name) > 1]

    def digits(count: int) -> Callable[[Random], str]:
        return lambda r: _part(r, r.choice(phones), count)

    return {
        "last 4": lambda r: r.choice(phones)[-4:],
        "whole phone": lambda r: r.choice(phones),
        "5 digits anywhere": digits(5),
        "1 digit": digits(1),
        "2 digits": digits(2),
        "3 digits": digits(3),
        "whole name": lambda r: r.choice(names),
        "one Han character": lambda r: _part(r, r.choice(names), 1),
        "王": lambda _: "王",
        "two Han characters": lambda r: _part(r, r.choice(names), 2),
        "full pinyin": lambda r: r.choice(
            ("wangwei", "lina", "zhangxiaoming", "cengxi", "zengxi", "nv", "lvfang")
        ),
        "one syllable": lambda r: r.choice(("wang", "xiao", "zeng", "shan", "lv", "qiu", "zhang")),
        "1 initial": lambda r: r.choice("wlzxyocdq"),
        "2 initials": lambda r: r.choice(("wx", "lw", "zm", "oy", "cy", "zz", "gp")),
        "3 initials": lambda r: r.choice(("wxm", "lxy", "zjh", "oyq", "cqx", "zzj")),
        "nobody": lambda r: r.choice(("qvx", "饕餮", "20000000", "王饕")),
    }


def _part(random: Random, text: str, length: int) -> str:
    start = random.randint(0, max(0, len(text) - length))
    return text[start : start + length]


def product_times(store: SqlStore, questions: Sequence[str]) -> Iterator[float]:
    """Look questions up in the store; the seconds of each."""
    for question in questions:
        began = time.perf_counter()
        with store.read() as tx:
            tx.members.look_up(question, PAGE)
        yield time.perf_counter() - began


def bare_times(connection: sqlite3.Connection, statement: str, questions: Sequence[str]) -> list[float]:
    """Ask sqlite3 for a page and the count; the seconds of each."""
    times = []
    for question in questions:
        values = (question, question + "\U0010ffff", needle(question), "phone", "+86" + question)
        began = time.perf_counter()
        if statement is not _BY_PHONE:
            connection.execute(_COUNT, values[:2]).fetchone()
        used = {_BY_SUFFIX: values[:2], _BY_PHONE: values}.get(statement, values[:3])
        connection.execute(statement, used).fetchall()
        times.append(time.perf_counter() - began)
    return times


def look_ups(folder: Path, members: int) -> Iterator[Row]:
    """Measure the kinds of questions, warm: each set of questions is asked once before it counts."""
    sample = [member for n, member in enumerate(many_members(min(members, 40_000), HERE)) if n % 7 == 0]
    store = open_store(folder / f"members-{members}.db")
    with closing(sqlite3.connect(folder / f"members-{members}.db")) as bare:
        for pragma in PRAGMAS:
            bare.execute(pragma)
        for kind, draw in kinds(sample).items():
            random = Random(11)
            questions = [draw(random) for _ in range(ASKED)]
            list(product_times(store, questions))
            ours = list(product_times(store, questions))
            best = min((_bare(bare, way, questions) for way in _ways(kind)), key=lambda t: percentile(t, 50))
            yield Row(
                name=kind,
                figure=f"p50 {ms(percentile(ours, 50))}, p95 {ms(percentile(ours, 95))}",
                limit=f"p50 {ms(percentile(best, 50))}, p95 {ms(percentile(best, 95))}",
                measured=percentile(ours, 95) / percentile(best, 95),
                bar=RATIO_BAR,
            )
    store.close()


def _ways(kind: str) -> tuple[str, ...]:
    if kind == "whole phone":
        return (_BY_PHONE, _BY_SUFFIX)
    return (_BY_SUFFIX, _BY_WALK, _BY_LIKE)


def _bare(connection: sqlite3.Connection, statement: str, questions: Sequence[str]) -> list[float]:
    """Return the times of a way, warm; of few questions where the first ones show that it is no contest."""
    first = bare_times(connection, statement, questions[:3])
    if min(first) > 0.05:
        return first
    bare_times(connection, statement, questions)
    return bare_times(connection, statement, questions)


def writes(folder: Path, members: int) -> Row:
    """Measure a member's durable write with all search structures against a row with five indexes, in turn."""
    new = list(many_members(WRITTEN, HERE, seed=2, first=members))
    with tempfile.TemporaryDirectory(prefix="copy-", dir=folder) as name:
        copies = [Path(name) / f"{kind}.db" for kind in ("members", "plain")]
        for kind, copy in zip(("members", "plain"), copies, strict=True):
            shutil.copyfile(folder / f"{kind}-{members}.db", copy)
        store = SqlStore(copies[0])
        with closing(sqlite3.connect(copies[1], isolation_level=None)) as bare:
            for pragma in PRAGMAS:
                bare.execute(pragma)
            ours, limit = [], []
            for place, member in enumerate(new):
                turns = [(ours, lambda m=member: _save(store, m)), (limit, lambda m=member: _insert(bare, m))]  # type: ignore[misc]
                for times, write in turns if place % 2 else reversed(turns):
                    began = time.perf_counter()
                    write()
                    times.append(time.perf_counter() - began)
        store.close()
    return Row(
        name="member written",
        figure=f"p50 {ms(percentile(ours, 50))}, p95 {ms(percentile(ours, 95))}",
        limit=f"p50 {ms(percentile(limit, 50))}, p95 {ms(percentile(limit, 95))}",
        measured=percentile(ours, 50) / percentile(limit, 50),
        bar=WRITE_BAR,
    )


def _save(store: SqlStore, member: Member) -> None:
    with store.write() as tx:
        tx.members.save(member)


def _insert(bare: sqlite3.Connection, member: Member) -> None:
    phone = member.phone or phone_of(0)
    row = (
        member.member_id.bytes,
        member.profile.name,
        phone,
        phone[::-1],
        int(member.joined_at.timestamp() * 1000),
        int(member.last_visit_at.timestamp() * 1000) if member.last_visit_at else None,
        member.visits,
        b"x" * 400,
    )
    bare.execute("BEGIN IMMEDIATE")
    bare.execute(
        "INSERT INTO plain (member_id, name, phone, reversed, joined_at, last_visit_at, visits, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        row,
    )
    bare.execute("COMMIT")


def measure(members: int = MEMBERS) -> list[Row]:
    """Measure all of it."""
    folder = founded(members)
    return [*look_ups(folder, members), writes(folder, members)]


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--members", type=int, default=MEMBERS)
    asked = arguments.parse_args()
    run(lambda: measure(asked.members))
