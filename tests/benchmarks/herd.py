"""A thousand tills that come back at once, each with a hundred facts, from one process to a real platform's process.

The tills are tasks of asyncio with journals that were made before (`long_days`): each waits as the real ones do
(`sync.client.pauses`: spread out after a disconnection, then by chance ever longer, never less than Retry-After), says
hello and pushes until its facts are acknowledged. Before that runs a herd of a hundred, on a platform of its own: the
platform's memory must not grow with the number of tills. What was acknowledged is counted in the database.

    python -m tests.benchmarks.herd [--tills N]
"""

import argparse
import asyncio
import gzip
import os
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from pos_app.domain.values.ids import TillId
from sync.client.pauses import Pauses
from sync.platform import tables
from sync.platform.tills import enrol, new_code
from sync.protocol import codec
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Hello, HelloReply, Push, PushReply, Refusal
from tests.benchmarks.table import Row, percentile, run
from tests.support.long_days import LongJournal, long_journal
from tests.support.platform_process import PlatformProcess, platform_process
from tests.support.sync_journal import CLOCK, enrolment

TILLS, FEW, FACTS = 1_000, 100, 100
MEMORY_BAR = 1.2
LONGEST_S = 60.0
"""How long a till waits for an answer."""
R = TypeVar("R", bound=msgspec.Struct)


@dataclass
class Herd:
    """What a herd came to."""

    tills: int
    seconds: float = 0.0
    memory: int = 0
    facts: int = 0
    sales: int = 0
    acknowledged: int = 0
    answers_s: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    def text(self) -> str:
        """Return the totals in a line."""
        refused = ", ".join(f"{name.lower()} {count}" for name, count in sorted(self.refused.items()))
        return (
            f"{self.tills} tills: {self.facts:,} facts and {self.sales:,} sales in {self.seconds:.1f} s, "
            f"{self.memory / 1e6:.0f} MB, p99 of a push {percentile(self.answers_s, 99) * 1000:.0f} ms; "
            f"sent away: {refused or 'nobody'}"
        )


@dataclass
class _Till:
    journal: LongJournal
    token: str
    pauses: Pauses


class _Line:
    """A connection of one till: HTTP/1.1 by hand, for a thousand of them in one process."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, what: str, message: msgspec.Struct, kind: type[R]) -> R:
        """Ask; raises PlatformError as the platform says, UNREACHABLE when the way fails."""
        try:
            async with asyncio.timeout(LONGEST_S):
                status, headers, body = await self._told(what, gzip.compress(codec.encode(message), 1))
        except (OSError, EOFError, TimeoutError) as error:
            self.close()
            raise PlatformError(Number.UNREACHABLE) from error
        if status == 200:
            return codec.decode(body, kind)
        refusal = codec.decode(body, Refusal)
        wait = headers.get("retry-after")
        told = {"retry_after_s": int(wait)} if wait else {}
        raise PlatformError(Number(refusal.number), **told)

    async def _told(self, what: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        head = (
            f"POST /v1/{what} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {self._token}\r\n"
            f"content-type: {codec.CONTENT_TYPE}\r\ncontent-encoding: gzip\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        await writer.drain()
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines) if name
        }
        answer = await reader.readexactly(int(headers["content-length"]))
        if headers.get("connection") == "close":
            self.close()
        return int(first.split()[1]), headers, answer

    def close(self) -> None:
        """Close it; the next question opens another."""
        if self._streams is not None:
            self._streams[1].close()
        self._streams = None


def herd(folder: Path, tills: int, facts: int = FACTS, seed: int = 15) -> Herd:
    """Let a herd come back to a platform in a folder; return what came of it."""
    with platform_process(folder) as platform:
        made = _tills(platform, tills, facts, seed)
        told = Herd(tills)
        began = time.perf_counter()
        asyncio.run(_all(made, platform.port, told))
        told.seconds = time.perf_counter() - began
        told.memory = platform.memory_peak()
        told.facts, told.sales = _held(platform)
    return told


def _tills(platform: PlatformProcess, tills: int, facts: int, seed: int) -> list[_Till]:
    """Enrol tills of as many shops, in one transaction, and make their journals."""
    service = platform.beside
    merchant, chance = service.only_merchant(), Random(seed)
    ids = [(TillId(UUID(int=n << 32 | 1)), UUID(int=n << 32)) for n in range(1, tills + 1)]

    def work(connection: object) -> list[str]:
        tokens = []
        for number, (till, shop) in enumerate(ids):
            code = new_code(connection, merchant, os.urandom, service.outside.now_ms())  # type: ignore[arg-type]
            asked = enrolment(code, till=till, shop=shop, shop_code=f"S{number:04}")
            tokens.append(enrol(connection, asked, os.urandom, service.outside.now_ms()).token)  # type: ignore[arg-type]
        return tokens

    tokens = service.database.write(work)
    return [
        _Till(long_journal(till, shop, facts), token, Pauses(chance.random))
        for (till, shop), token in zip(ids, tokens, strict=True)
    ]


async def _all(tills: Sequence[_Till], port: int, told: Herd) -> None:
    async with asyncio.TaskGroup() as group:
        for till in tills:
            group.create_task(_one(till, port, told))


async def _one(till: _Till, port: int, told: Herd) -> None:
    """Come back after a disconnection, and push until all is acknowledged."""
    line, acked, head = _Line(port, till.token), 0, till.journal.head
    await asyncio.sleep(till.pauses.after_failure(PlatformError(Number.UNREACHABLE)).seconds)
    greeted = False
    while acked < head.seq:
        try:
            if not greeted:
                hello = Hello(least=1, newest=1, till=till.journal.till, head=head, clock=CLOCK)
                till.pauses.spread_s = (await line.ask("hello", hello, HelloReply)).next.spread_s
                greeted = True
            push: Push = till.journal.push(acked, acked + 500)
            began = time.perf_counter()
            reply = await line.ask("push", push, PushReply)
            told.answers_s.append(time.perf_counter() - began)
            assert reply.ack == till.journal.at(reply.ack.seq), "an acknowledgement of something else"
            acked = reply.ack.seq
        except PlatformError as error:
            told.refused[error.number.name] += 1
            await asyncio.sleep(till.pauses.after_failure(error).seconds)
    told.acknowledged += acked
    line.close()


def _held(platform: PlatformProcess) -> tuple[int, int]:
    """Return how many facts and counted sales stand in the database."""
    fact, sale = tables.fact, tables.sale
    good = select(func.count()).select_from(fact).where(fact.c.state == "projected")
    counted = select(func.count()).select_from(sale).where(sale.c.counted == 1)
    return platform.beside.database.read(
        lambda c: (c.execute(good).scalar_one(), c.execute(counted).scalar_one())
    )


def measure(tills: int = TILLS) -> list[Row]:
    """Measure a small herd and a large one."""
    kept = os.environ.get("SHUKE_BENCH_HOME")
    with tempfile.TemporaryDirectory(prefix="herd-", dir=kept) as name:
        folders = [Path(name) / str(count) for count in (FEW, tills)]
        for folder in folders:
            folder.mkdir()
        few, many = herd(folders[0], FEW), herd(folders[1], tills)
    for one in (few, many):
        print(one.text(), flush=True)
        assert one.facts == one.acknowledged == one.tills * FACTS, "a fact was lost, or is there twice"
    return [
        Row(
            name=f"herd of {tills:,} tills: memory",
            figure=f"{many.memory / 1e6:.0f} MB, {many.facts:,} facts drained",
            limit=f"{few.memory / 1e6:.0f} MB with {FEW}",
            measured=many.memory / few.memory,
            bar=MEMORY_BAR,
        ),
        Row(
            name="  until all is drained",
            figure=f"{many.facts / many.seconds:,.0f} facts/s, {sum(many.refused.values())} sent away",
            limit=f"p99 of a push {percentile(many.answers_s, 99) * 1000:.0f} ms",
            measured=many.seconds,
            unit="s",
        ),
    ]


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--tills", type=int, default=TILLS)
    asked = arguments.parse_args()
    run(lambda: measure(asked.tills))
