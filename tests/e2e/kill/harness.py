"""Starts tills, kills them, and lets the client judge: one run is one seed.

    python -m tests.e2e.kill --seed 7 --kills 20

Decides the order of a run: a life, a kill, the books read from outside, the next life on the same folder; a last life
that nobody kills finishes the open cart and drains the print queue. POSIX only: it is about SIGKILL.
"""

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import msgspec

from tests.e2e.kill.books import Books, read_books
from tests.e2e.kill.client import IN_WINDOW, Client
from tests.e2e.kill.folder import found
from tests.e2e.kill.plan import Kill, kills
from tests.support.driven_till import Request
from tests.support.printer_witness import PrinterWitness

ROOT = Path(__file__).resolve().parents[3]
SLOWEST_LIFE_S = 60.0
KILLS_A_FOLDER = 25
"""Then the next shop: what is read and verified after each kill grows with the books."""


class Tills:
    """Starts one till after the other; on Linux forked from a process that has loaded everything."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def __enter__(self) -> Self:
        mine, theirs = socket.socketpair()
        self._control = mine
        command = [sys.executable, "-m", "tests.support.driven_till", "--serve", str(theirs.fileno())]
        with self._log.open("ab") as log:
            self._server = subprocess.Popen(
                command, cwd=ROOT, pass_fds=[theirs.fileno()], stderr=log, stdin=subprocess.DEVNULL
            )
        theirs.close()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._control.close()
        self._server.wait(timeout=30)

    def start(self, request: Request) -> "Life":
        """Start a till."""
        heard, told = os.pipe()
        socket.send_fds(self._control, [msgspec.json.encode(request)], [told])
        os.close(told)
        return Life(int(self._control.recv(64)), heard)


@dataclass
class Life:
    """One till from its start to its end."""

    pid: int
    heard: int
    killed: bool = False
    _rest: bytes = b""

    def listen(self, client: Client, after_s: float | None) -> bool:
        """Hear all that it tells until it ends; kill it so many seconds after it came up. False when it hung."""
        client.begin_life()
        hang = time.monotonic() + SLOWEST_LIFE_S
        due: float | None = None
        while True:
            now = time.monotonic()
            if due is None and after_s is not None and client.up is not None:
                due = now + after_s
            wait = (
                min(t - now for t in (hang, due) if t is not None) if due and not self.killed else hang - now
            )
            ready, _, _ = select.select([self.heard], [], [], max(0.0, wait))
            if not ready:
                if now >= hang or self.killed:
                    self.kill()
                    return False
                self.kill()
                continue
            chunk = os.read(self.heard, 1 << 16)
            if not chunk:
                os.close(self.heard)
                return True
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            for line in lines:
                client.hear(line)

    def kill(self) -> None:
        """End it from outside."""
        self.killed = True
        os.kill(self.pid, signal.SIGKILL)


@dataclass
class Outcome:
    """What a run has shown."""

    seed: int
    findings: list[str] = field(default_factory=list)
    died_at: Counter[str] = field(default_factory=Counter)
    planned: Counter[str] = field(default_factory=Counter)
    unfired: int = 0
    sales: int = 0
    answered: int = 0
    copies: int = 0
    behind: int = 0

    @property
    def kills(self) -> int:
        """How many tills were killed."""
        return sum(self.died_at.values())

    @property
    def in_window(self) -> int:
        """How many died between the first write of a sale's commit and its answer."""
        return sum(self.died_at[f"sale:{place}"] for place in IN_WINDOW)

    @property
    def in_any_window(self) -> int:
        """How many died between the first write of any commit and its answer."""
        return sum(n for at, n in self.died_at.items() if at.partition(":")[2] in IN_WINDOW)

    def text(self) -> str:
        """Return histogram and counts."""
        kills = max(1, self.kills)
        rows = [f"{at:<20} {n:>4}  {'#' * max(1, n * 60 // kills)}" for at, n in sorted(self.died_at.items())]
        share = f"{self.in_window / kills:.0%} between the first write of a sale and its answer"
        counts = (
            f"seed {self.seed}: {self.kills} kills ({self.unfired} tills ended before their kill), {share}, "
            f"{self.in_any_window / kills:.0%} of any commit; {self.sales} sales, {self.answered} answered, "
            f"{self.copies} copies marked 副本, {self.behind} carts back without a line that was being saved, "
            f"{len(self.findings)} findings"
        )
        return "\n".join(["where the till was when it was killed:", *rows, counts, *self.findings])


def run(tills: Tills, seed: int, count: int, folder: Path, *, variant: str = "", only: str = "") -> Outcome:
    """Kill so many tills, a new shop every 25 kills; `only` kills at the first passing of one place."""
    outcome = Outcome(seed)
    for shop, first in enumerate(range(0, count, KILLS_A_FOLDER)):
        home = folder / f"shop{shop}"
        home.mkdir()
        planned = kills(seed + shop, min(KILLS_A_FOLDER, count - first), str(home / "till"), only)
        _run_shop(tills, home, list(planned), variant, outcome)
    return outcome


def _run_shop(tills: Tills, home: Path, planned: list[Kill], variant: str, outcome: Outcome) -> None:
    client = Client(planned[0].request.seed)
    till, scratch = home / "till", home / "copy"
    with PrinterWitness(home) as witness:
        found(till, witness.setting("paper=58"))
        books = read_books(till, scratch)
        for kill in planned:
            before = len(client.findings)
            _one(tills, kill, books, variant, client, outcome)
            books = read_books(till, scratch)
            client.check(books)
            client.findings[before:] = [f"{kill.name} {f}" for f in client.findings[before:]]
        last = Request(folder=str(till), seed=client.seed, basket=books.last_basket + 1)
        if not tills.start(last).listen(client, None):
            client.findings.append("hung: the last life")
        books = read_books(till, scratch)
        client.check(books)
    papers = witness.papers()
    client.check_paper(papers, witness.printed_twice())
    outcome.findings += [f"seed {client.seed}: {finding}" for finding in dict.fromkeys(client.findings)]
    outcome.sales += len(books.sales)
    outcome.answered += len(client.answered)
    outcome.behind += client.behind
    outcome.copies += sum(paper.copy for paper in papers)


def _one(tills: Tills, kill: Kill, books: Books, variant: str, client: Client, outcome: Outcome) -> None:
    """One life with its kill."""
    request = msgspec.structs.replace(kill.request, basket=books.last_basket + 1, variant=variant)
    life = tills.start(request)
    if not life.listen(client, kill.after_s):
        client.findings.append("hung: the till neither ended nor died")
    outcome.planned[kill.name] += 1
    if client.ended:
        outcome.unfired += 1
    else:
        outcome.died_at[client.died_at] += 1
