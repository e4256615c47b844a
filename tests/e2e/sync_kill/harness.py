"""Runs lives of a platform and of a till, kills them, and looks at what stands in their books afterwards.

Decides the order of a run and what must hold: nothing acknowledged is missing (I5), each fact stands on the platform
once, byte for byte, each committed sale is there once and counted (I1), no database is damaged, and when all is drained
the till holds what the platform holds (I3). The client that pushes to the platform stands outside and notes each
answer. POSIX only: it is about SIGKILL.
"""

import multiprocessing
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from threading import Timer
from typing import Any
from uuid import UUID

from sqlalchemy import select

from pos_app.domain.values.ids import MerchantId, TillId
from sync.client.http import HttpPlatform
from sync.platform import tables
from sync.platform.__main__ import open_service
from sync.platform.feed import head_of
from sync.protocol.errors import Number, PlatformError
from tests.e2e.sync_kill.child import (
    IN_WINDOW,
    PLATFORM,
    TILL,
    TillOrder,
    live_platform,
    live_till,
)
from tests.support.kill_points import KillPlan
from tests.support.killed import Killed
from tests.support.long_days import LongJournal
from tests.support.shop_on_disk import open_shop, place_shop
from tests.support.sync_journal import enrolment
from tests.support.tills_together import link

OUTSIDE, OUTSIDE_SHOP = TillId(UUID(int=0xABC)), UUID(int=0xDEF)
SLOWEST_LIFE_S, MOST_PUSHES = 60.0, 60
STEPS, TIMED = "random:steps", "random:timed"
_DIGEST_BITS = (1 << 64) - 1


@dataclass
class Life:
    """A process under watch; what it told so far."""

    process: BaseProcess
    pipe: Pipe
    at: str = "up"
    sold: list[str] = field(default_factory=list)
    address: str = ""
    drained: bool = False

    def hear(self, wait_s: float = 0.0) -> bool:
        """Take in what it told; False once it is dead and nothing more comes."""
        try:
            while self.pipe.poll(wait_s):
                self._take(self.pipe.recv())
                wait_s = 0.0
        except (EOFError, ConnectionResetError):
            return False
        return True

    def _take(self, said: dict[str, Any]) -> None:
        self.at = said.get("at", self.at)
        self.address = said.get("address", self.address)
        self.drained = said.get("drained", self.drained)
        if "sold" in said:
            self.sold.append(said["sold"])

    def end(self) -> None:
        """Kill it if it lives, and hear its last words."""
        self.process.kill()
        self.process.join(10)
        while self.hear(1.0):
            pass


@dataclass
class Outcome(Killed):
    """What a run has shown of a platform and its tills."""

    facts: int = 0
    sales: int = 0
    answers: int = 0
    seconds: float = 0.0

    @property
    def in_window(self) -> int:
        """How many of them between the first write of a commit and its answer."""
        return self.died_within(IN_WINDOW)

    def text(self) -> str:
        """Return the histogram and the totals."""
        lines = [
            f"seed {self.seed}: {self.kills} kills, {self.unfired} plans not come to, {self.seconds:.0f} s; "
            f"{self.in_window / max(1, self.kills):.0%} between first write and answer; "
            f"{self.answers} answers, {self.facts} facts and {self.sales} sales on the platform"
        ]
        lines += [f"  {place:<18} {count:>4} {'#' * count}" for place, count in sorted(self.died_at.items())]
        return "\n".join([*lines, *self.findings])


class Run:
    """One run on one platform's database; `folder` holds all that there is."""

    def __init__(
        self, folder: Path, seed: int, url: str | None = None, *, variant: str = "", only: str = ""
    ) -> None:
        self.folder, self.chance, self.outcome = folder, Random(seed), Outcome(seed)
        self.url = url or f"sqlite+pysqlite:///{(folder / 'platform.db').as_posix()}"
        self.seed, self.life = seed, 0
        self.variant, self.only = variant, only
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.e2e.sync_kill.warm"])
        self.beside = open_service(self.url)
        self.merchant: MerchantId = self.beside.only_merchant()
        asked = enrolment(
            self.beside.new_code(self.merchant), till=OUTSIDE, shop=OUTSIDE_SHOP, shop_code="OUT"
        )
        self._outside_token = self.beside.enrol(asked).token
        self.journal = LongJournal(till=OUTSIDE, shop=OUTSIDE_SHOP)
        self.acked, self.checked = 0, 0
        place_shop(folder / "till")
        shop = open_shop(folder / "till")
        linked = link(self.beside, shop)
        self._till_token, self.till = linked.wire._token, linked.till
        shop.store.close()
        self.sold: set[str] = set()
        self._platform: Life | None = None

    def kills(self, count: int) -> Outcome:
        """Kill so many times, look each time, then let all drain and look at everything."""
        began = time.monotonic()
        deck: list[str] = []
        try:
            for _ in range(count):
                deck = deck or self._deck()
                self._kill(deck.pop())
                self._look()
            if not self.outcome.findings:
                self._drain()
                self._look_at_all()
        finally:
            if self._platform is not None:
                self._platform.end()
            self.beside.database.close()
        self.outcome.seconds = time.monotonic() - began
        return self.outcome

    def _deck(self) -> list[str]:
        if self.only:
            return [self.only]
        deck = [*PLATFORM, "push:writing", "push:head", "push:committed", *TILL]
        deck += [f"{who}:{how}" for who in ("platform", "till") for how in (STEPS, TIMED)]
        self.chance.shuffle(deck)
        return deck

    def _plan(self, name: str) -> KillPlan:
        if name.endswith(STEPS):
            return KillPlan(steps=self.chance.randint(2, 60))
        if name.endswith(TIMED):
            return KillPlan()
        return KillPlan(name, hit=self.chance.randint(1, 4))

    # -- lives -----------------------------------------------------------------------------------------------

    def _start(self, target: Any, *told: object) -> Life:
        hears, tells = self._context.Pipe(duplex=False)
        process = self._context.Process(target=target, args=(*told, tells), daemon=True)
        process.start()
        tells.close()
        return Life(process, hears)

    def _serve(self, plan: KillPlan) -> Life:
        life = self._start(live_platform, self.url, plan, self.variant)
        end = time.monotonic() + SLOWEST_LIFE_S
        while not life.address and life.hear(1.0) and time.monotonic() < end:
            pass
        assert life.address, "the platform did not start"
        return life

    def _kill(self, name: str) -> None:
        self.outcome.planned[name] += 1
        plan, after_s = self._plan(name), self.chance.uniform(0.02, 0.4) if name.endswith(TIMED) else None
        if name.startswith(("push:", "platform:")):
            if self._platform is not None:
                self._platform.end()
                self._platform = None
            life = self._serve(plan)
            self._push(life, after_s)
        else:
            life = self._till(plan, after_s, drains=False)
        alive = life.process.is_alive()
        life.end()
        if alive and after_s is None:
            self.outcome.unfired += 1
        else:
            self.outcome.died_at[life.at] += 1
        self.sold |= set(life.sold)

    def _push(self, life: Life, after_s: float | None) -> None:
        """Push to the platform from outside until it dies; note each answer."""
        way = HttpPlatform(life.address, self._outside_token, read_s=20)
        timer = Timer(after_s, life.process.kill) if after_s is not None else None
        if timer is not None:
            timer.start()
        with suppress(PlatformError), closing(way):
            for _ in range(MOST_PUSHES if timer is None else 10_000):
                try:
                    self._push_once(way)
                except PlatformError as error:
                    if error.number is not Number.UNREACHABLE:
                        self.outcome.findings.append(f"refused: {error.number.name} {error.told}")
                    raise
                life.hear()
        if timer is not None:
            timer.join()
        life.hear(0.5)
        life.process.join(5 if timer else 0.2)

    def _push_once(self, way: HttpPlatform) -> None:
        until = self.acked + self.chance.randint(1, 40)
        if len(self.journal.facts) < until:
            self.journal.live(until + 1_000)
        reply = way.push(self.journal.push(self.acked, until))
        strange = [result for result in reply.results if result.state.value != "known"]
        # A push whose answer was lost may have brought more than is sent this time.
        if reply.ack.seq < until or reply.ack != self.journal.at(reply.ack.seq) or strange:
            self.outcome.findings.append(
                f"answered {reply.ack.seq} {reply.state} {strange} to a push of {until}"
            )
        self.acked = max(self.acked, reply.ack.seq)
        self.outcome.answers += 1

    def _till(self, plan: KillPlan, after_s: float | None, *, drains: bool) -> Life:
        if self._platform is None:
            self._platform = self._serve(KillPlan())
        self.life += 1
        order = TillOrder(
            folder=str(self.folder / "till"),
            address=self._platform.address,
            token=self._till_token,
            life=self.life,
            seed=self.seed,
            drains=drains,
        )
        life = self._start(live_till, order, plan)
        timer = None
        end = time.monotonic() + SLOWEST_LIFE_S
        while life.hear(0.5) and time.monotonic() < end:
            self._platform.hear()
            if after_s is not None and timer is None and life.at != "up":
                timer = Timer(after_s, life.process.kill)
                timer.start()
            if not life.process.is_alive() and not life.pipe.poll():
                break
        life.process.join(5)
        if life.process.exitcode not in (-9, 0, None) or (drains and not life.drained):
            self.outcome.findings.append(f"crashed: the till ended with {life.process.exitcode} at {life.at}")
        return life

    # -- what must hold ----------------------------------------------------------------------------------------

    def _finds(self, what: str, is_so: bool) -> None:
        if is_so:
            self.outcome.findings.append(f"after {self.outcome.kills} kills: {what}")

    def _look(self) -> None:
        """Look after a kill: no damage, and nothing acknowledged is missing or there twice."""
        files = [self.folder / "till" / "shop.db"]
        files += [self.folder / "platform.db"] if self.url.startswith("sqlite") else []
        for file in files:
            with closing(sqlite3.connect(file, timeout=30)) as connection:
                told = connection.execute("PRAGMA integrity_check").fetchall()
                self._finds(f"{file.name} is damaged: {told}", told != [("ok",)])
        held = self._held(OUTSIDE, self.checked)
        due = [(fact.seq, fact.hash) for fact in self.journal.facts[self.checked : self.acked]]
        self._finds("an acknowledged fact is missing or changed", held[: len(due)] != due)
        known = [
            (fact.seq, fact.hash) for fact in self.journal.facts[self.checked : self.checked + len(held)]
        ]
        self._finds("a fact stands there twice, or one that nobody wrote", held != known)
        self.checked = self.acked
        with closing(sqlite3.connect(self.folder / "till" / "shop.db", timeout=30)) as connection:
            (seq, digest) = connection.execute("SELECT seq, hash FROM sync_link").fetchone()
            sales = {str(UUID(bytes=row[0])) for row in connection.execute("SELECT sale_id FROM sale")}
        last = self._held(self.till, seq - 1)[:1]
        self._finds("the till's acknowledged fact is missing", seq > 0 and last != [(seq, digest)])
        self._finds("a sale that was answered is missing at the till", not self.sold <= sales)

    def _held(self, till: TillId, after: int) -> list[tuple[int, bytes]]:
        fact = tables.fact
        query = select(fact.c.seq, fact.c.hash).where(fact.c.till_id == till.bytes, fact.c.seq > after)
        found = self.beside.database.read(lambda c: c.execute(query.order_by(fact.c.seq)).all())
        return [(row.seq, row.hash) for row in found]

    def _drain(self) -> None:
        """Let both send what is left; nobody is killed."""
        life = self._till(KillPlan(), None, drains=True)
        self.sold |= set(life.sold)
        assert self._platform is not None
        way = HttpPlatform(self._platform.address, self._outside_token, read_s=20)
        with closing(way):
            for _ in range(3):
                self._push_once(way)

    def _look_at_all(self) -> None:
        """Compare everything: facts byte for byte, sales one by one, the digests of both ends."""
        with closing(sqlite3.connect(self.folder / "till" / "shop.db")) as connection:
            journal = connection.execute("SELECT seq, body FROM journal ORDER BY seq").fetchall()
            (mine,) = connection.execute("SELECT digest FROM sync_link").fetchone()
        self._finds("the till's journal is not the platform's", self._bodies(self.till) != journal)
        outside = [(fact.seq, fact.body) for fact in self.journal.facts[: self.acked]]
        self._finds("the outside client's journal is not the platform's", self._bodies(OUTSIDE) != outside)
        committed = sum(b'"kind":"sale.committed"' in body for _, body in (*journal, *outside))
        sale = tables.sale
        rows = self.beside.database.read(lambda c: c.execute(select(sale.c.sale_id, sale.c.counted)).all())
        self._finds(f"{len(rows)} sales of {committed} on the platform", len(rows) != committed)
        self._finds("a sale is not counted", any(not row.counted for row in rows))
        theirs = self.beside.database.read(lambda c: head_of(c, self.merchant)).digest
        # The outside client's last facts came after the till had drained.
        life = self._till(KillPlan(), None, drains=True)
        with closing(sqlite3.connect(self.folder / "till" / "shop.db")) as connection:
            (mine,) = connection.execute("SELECT digest FROM sync_link").fetchone()
        self._finds("the till holds something else", not life.drained or mine & _DIGEST_BITS != theirs)
        self.outcome.facts, self.outcome.sales = len(journal) + len(outside), len(rows)

    def _bodies(self, till: TillId) -> list[tuple[int, bytes]]:
        fact = tables.fact
        query = select(fact.c.seq, fact.c.body).where(fact.c.till_id == till.bytes).order_by(fact.c.seq)
        return [tuple(row) for row in self.beside.database.read(lambda c: c.execute(query).all())]


if __name__ == "__main__":
    import argparse
    import tempfile

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20261128)
    parser.add_argument("--kills", type=int, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sync-kill-") as name:
        print(Run(Path(name), asked.seed).kills(asked.kills).text())
