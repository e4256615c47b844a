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
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import msgspec

from tests.e2e.kill.books import Books, read_books
from tests.e2e.kill.client import IN_WINDOW, Client
from tests.e2e.kill.folder import found
from tests.e2e.kill.plan import Kill, kills
from tests.support.driven_till import Request, words_of
from tests.support.killed import Killed
from tests.support.printer_witness import PrinterWitness

ROOT = Path(__file__).resolve().parents[3]
SLOWEST_LIFE_S = 60.0
KILLS_A_FOLDER = 25
"""Then the next shop: what is read and verified after each kill grows with the books."""


class Tills:
    """Starts one till after the other.

    On Linux it forks them from a process that has loaded everything; macOS does not let a process fork that has
    touched its frameworks, so there each till is started anew.
    """

    def __init__(self, log: Path, *, forks: bool = sys.platform == "linux") -> None:
        self._log = log
        self._forks = forks

    def __enter__(self) -> Self:
        if self._forks:
            self._control, theirs = socket.socketpair()
            self._server = self._run(["--serve", str(theirs.fileno())], pass_fds=[theirs.fileno()])
            theirs.close()
        return self

    def __exit__(self, *_exc: object) -> None:
        if self._forks:
            self._control.close()
            self._server.wait(timeout=30)

    def _run(self, words: list[str], **more: Any) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.support.driven_till", *words]
        with self._log.open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, stderr=log, stdin=subprocess.DEVNULL, **more)

    def start(self, request: Request) -> "Life":
        """Start a till."""
        heard, told = os.pipe()
        try:
            if self._forks:
                socket.send_fds(self._control, [msgspec.json.encode(request)], [told])
                return Life(int(self._control.recv(64)), heard, self._ended)
            process = self._run(words_of(request), stdout=told)
            return Life(process.pid, heard, process.wait)
        finally:
            os.close(told)

    def _ended(self) -> int:
        self._control.sendall(b"?")
        return int(self._control.recv(64))


@dataclass
class Life:
    """One till from its start to its end."""

    pid: int
    heard: int
    exit_code: Callable[[], int]
    _rest: bytes = b""

    def listen(self, client: Client, after_s: float | None) -> None:
        """Hear all that it tells until it ends; kill it so many seconds after it came up.

        What ends otherwise than by SIGKILL or in peace is a finding: a crash must not pass for a kill.
        """
        client.begin_life()
        hang = time.monotonic() + SLOWEST_LIFE_S
        due: float | None = None
        while self._hear(client, max(0.0, min(hang, due or hang) - time.monotonic())):
            now = time.monotonic()
            if now >= hang:
                client.findings.append("hung: the till neither ended nor died")
                hang = now + SLOWEST_LIFE_S
                self.kill()
            elif due is not None and now >= due:
                due, after_s = None, None
                self.kill()
            elif due is None and after_s is not None and client.up is not None:
                due = now + after_s
        os.close(self.heard)
        code = self.exit_code()
        if code not in (0, -signal.SIGKILL) or client.ended is not (code == 0):
            client.findings.append(f"crashed: the till ended with {code}")

    def _hear(self, client: Client, wait_s: float) -> bool:
        """Hear what comes within so many seconds; False once nothing more will."""
        ready, _, _ = select.select([self.heard], [], [], wait_s)
        if not ready:
            return True
        chunk = os.read(self.heard, 1 << 16)
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            client.hear(line)
        return bool(chunk)

    def kill(self) -> None:
        """End it from outside."""
        os.kill(self.pid, signal.SIGKILL)


@dataclass
class Outcome(Killed):
    """What a run has shown of tills."""

    sales: int = 0
    answered: int = 0
    copies: int = 0
    behind: int = 0

    @property
    def in_window(self) -> int:
        """How many died between the first write of a sale's commit and its answer."""
        return sum(self.died_at[f"sale:{place}"] for place in IN_WINDOW)

    @property
    def in_any_window(self) -> int:
        """How many died between the first write of any commit and its answer."""
        return self.died_within(IN_WINDOW)

    @property
    def replay(self) -> str:
        """Return the command that replays the first shop in which something was found."""
        seed = self.findings[0].split()[1].rstrip(":") if self.findings else self.seed
        return f"python -m tests.e2e.kill --seed {seed} --kills {KILLS_A_FOLDER}"

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a run is to do: `only` kills at the first passing of one place, `variant` plants a fault."""

    seed: int
    kills: int
    folder: Path
    variant: str = ""
    only: str = ""


def run(tills: Tills, order: Order) -> Outcome:
    """Kill so many tills, a new shop every 25 kills."""
    outcome = Outcome(order.seed)
    for shop, first in enumerate(range(0, order.kills, KILLS_A_FOLDER)):
        home = order.folder / f"shop{shop}"
        home.mkdir()
        count = min(KILLS_A_FOLDER, order.kills - first)
        planned = list(kills(order.seed + shop, count, str(home / "till"), order.only))
        _ShopRun(tills, home, order.variant, outcome, Client(order.seed + shop)).run(planned)
    return outcome


@dataclass
class _ShopRun:
    """The lives of one shop's till."""

    tills: Tills
    home: Path
    variant: str
    outcome: Outcome
    client: Client

    def run(self, planned: list[Kill]) -> None:
        client, outcome = self.client, self.outcome
        with PrinterWitness(self.home) as witness:
            found(self.home / "till", witness.setting("paper=58"))
            books = self._books()
            for kill in planned:
                before = len(client.findings)
                self._one(kill, books.last_basket + 1)
                books = self._books()
                client.check(books)
                client.findings[before:] = [f"{kill.name} {finding}" for finding in client.findings[before:]]
            self._last(books.last_basket + 1)
            books = self._books()
            client.check(books)
        papers = witness.papers()
        client.check_paper(papers, witness.printed_twice())
        found_here = dict.fromkeys(client.findings)
        outcome.findings += [f"seed {client.seed}: {finding}" for finding in found_here]
        outcome.sales += len(books.sales)
        outcome.answered += len(client.answered)
        outcome.behind += client.behind
        outcome.copies += sum(paper.copy for paper in papers)

    def _books(self) -> Books:
        return read_books(self.home / "till", self.home / "copy")

    def _one(self, kill: Kill, basket: int) -> None:
        """One life with its kill."""
        request = msgspec.structs.replace(kill.request, basket=basket, variant=self.variant)
        self.tills.start(request).listen(self.client, kill.after_s)
        self.outcome.planned[kill.name] += 1
        if self.client.ended:
            self.outcome.unfired += 1
            return
        at = self.client.died_at
        if kill.name == at.replace(":commit", ":syncing"):
            # Nothing is told from inside the system's call: the last that was heard is that COMMIT begins.
            at = kill.name
        self.outcome.died_at[at] += 1

    def _last(self, basket: int) -> None:
        """The life that nobody kills: it finishes the open cart and drains the queue."""
        request = Request(folder=str(self.home / "till"), seed=self.client.seed, basket=basket)
        self.tills.start(request).listen(self.client, None)
