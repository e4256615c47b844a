"""The played wallets as a process of their own on the loopback, with a time that stands still until it is moved."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import requests

from pos_app.domain.payments.settings import PaymentSettings
from pos_app.domain.sales.tenders import TenderKind
from pos_app.services.ports.wallet_keys import KeyPair
from sync.payments.providers import Providers, ProviderTools
from sync.payments.simulator.papers import Papers, papers_in
from tests.support.bootstrap import NOON

NOON_MS = int(NOON.timestamp() * 1000)


@dataclass
class SimulatorProcess:
    """The process; `start` again after `kill` finds all that was moved before."""

    folder: Path
    seed: int = 0
    address: str = ""
    now_ms: int = 0
    kills: int = 0
    process: "subprocess.Popen[str] | None" = None
    _session: requests.Session = field(default_factory=requests.Session, repr=False)

    def start(self) -> None:
        """Start on the port of before, and wait until it listens."""
        port = self.address.rpartition(":")[2] or "0"
        command = [sys.executable, "-m", "sync.payments.simulator", "--folder", str(self.folder), "--still"]
        self.process = subprocess.Popen(
            [*command, "--port", port, "--seed", str(self.seed)], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        assert self.address, "the simulator did not start"
        self.now_ms = self.get("time")["now_ms"]
        if self.now_ms == 0:
            self.move(NOON_MS)

    def kill(self) -> None:
        """End it at once, as a loss of power does."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None
            self._session.close()

    def revive(self) -> bool:
        """Start it again if it died; return whether it had."""
        if self.process is None or self.process.poll() is None:
            return False
        self.process.communicate()
        self.kills += 1
        self._session.close()
        self.start()
        return True

    def papers(self) -> Papers:
        """Return the merchant's papers."""
        return papers_in(self.folder)

    def settings(self) -> PaymentSettings:
        """Return what a shop sets."""
        return self.papers().settings(self.address)

    def now(self) -> datetime:
        """Return the simulator's time."""
        return datetime.fromtimestamp(self.now_ms / 1000, UTC)

    def move(self, by_ms: int) -> None:
        """Let time pass for the wallets."""
        self.now_ms = self.post("time", move_ms=by_ms)["now_ms"]

    def customer(
        self, wallet: str, balance: int = 1_000_000, over: int = 100_000, enters_ms: int | None = None
    ) -> int:
        """Return a new customer; over `over` fen she is asked for her password, which takes `enters_ms`."""
        said = {"wallet": wallet, "balance": balance, "password_over": over, "enters_after_ms": enters_ms}
        return int(self.post("customers", **said)["customer"])

    def code(self, wallet: str, customer: int | None = None) -> str:
        """Return a fresh code of a customer."""
        return str(self.post("codes", wallet=wallet, customer=customer)["code"])

    def next_faults(self, *names: str) -> None:
        """Have the next requests fare so, one each."""
        self.post("faults", next=list(names))

    def statement(self, after: int = 0) -> list[dict[str, Any]]:
        """Return what moved after an entry, or all that ever did."""
        return list(self.get(f"statement?after={after}"))

    def moved(self, number: str) -> int:
        """Return what is left with the merchant of one number."""
        return sum(int(move["amount"]) for move in self.statement() if move["number"] == number)

    def get(self, what: str) -> Any:
        return self._ask("GET", what, None)

    def post(self, what: str, **said: object) -> Any:
        return self._ask("POST", what, said)

    def _ask(self, method: str, what: str, said: dict[str, object] | None) -> Any:
        """Ask, and start the process again where it died of a fault."""
        try:
            answer = self._session.request(method, f"{self.address}/sim/{what}", json=said, timeout=30)
        except requests.exceptions.ConnectionError:
            assert self.process is not None
            self.process.wait(30)
            assert self.revive()
            answer = self._session.request(method, f"{self.address}/sim/{what}", json=said, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()


@dataclass
class SimulatorClock:
    """The till's clock: the simulator's time."""

    simulator: SimulatorProcess

    def now(self) -> datetime:
        """Return the time."""
        return self.simulator.now()


class PaperKeys:
    """`WalletKeys` from the papers of a simulator."""

    def __init__(self, papers: Papers) -> None:
        self._papers = papers

    def load(self, kind: TenderKind) -> KeyPair | None:
        one = self._papers.of(kind)
        return KeyPair(one.merchant_private, one.provider_public)

    def save(self, kind: TenderKind, pair: KeyPair) -> None:
        raise NotImplementedError

    def forget(self, kind: TenderKind) -> None:
        raise NotImplementedError

    def kept_in(self) -> str:
        return "file"


def counted_nonces() -> Callable[[], str]:
    """Return nonces that count up."""
    numbers = count(1)
    return lambda: f"{next(numbers):032d}"


def providers(simulator: SimulatorProcess, *, read_s: float = 10.0) -> Providers:
    """Return the adapters of both wallets on a simulator."""
    tools = ProviderTools(clock=SimulatorClock(simulator), nonce=counted_nonces(), read_s=read_s)
    settings = simulator.settings()
    return Providers(lambda: settings, PaperKeys(simulator.papers()), tools)
