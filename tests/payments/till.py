"""A till of its own for one run: real services on a real database, the real runner, time that only the run moves.

It can be killed where a `Tripwire` is stretched, and comes back with what its database holds.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from pos_app.domain.payments.attempts import Standing
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.tenders import TenderKind
from pos_app.services.payments import PaymentService
from pos_app.services.ports.payments import PaymentProvider
from sync.payments.providers import Providers
from tests.support.bootstrap import NOON
from tests.support.lanes import InlineLane
from tests.support.payments_simulator import SimulatorProcess
from tests.support.shop_on_disk import DiskShop, open_shop, place_shop
from ui.payments.runner import PaymentDoors, PaymentRunner


class Killed(BaseException):
    """The till loses its power here."""


@dataclass
class Tripwire:
    """Kills the till at one place, once."""

    at: str = ""
    fired: str = ""

    def touch(self, place: str) -> None:
        """Die if this is the place."""
        if self.at == place:
            self.at, self.fired = "", place
            raise Killed(place)


class _TrippedWallet:
    """A wallet with wires before and behind each call."""

    def __init__(self, wallet: PaymentProvider, wire: Tripwire) -> None:
        self._wallet, self._wire = wallet, wire

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*values: Any) -> Any:
            self._wire.touch(f"before {name}")
            answer = getattr(self._wallet, name)(*values)
            self._wire.touch(f"after {name}")
            return answer

        return call


class _TrippedBooks:
    """The service with wires around the writing of what was heard."""

    def __init__(self, payments: PaymentService, wire: Tripwire) -> None:
        self._payments, self._wire = payments, wire

    def heard(self, *values: Any) -> Any:
        self._wire.touch("before heard")
        standing = self._payments.heard(*values)
        self._wire.touch("after heard")
        return standing

    def __getattr__(self, name: str) -> Any:
        return getattr(self._payments, name)


class Alarms:
    """Alarms by the simulated time; the run lets the earliest ring."""

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self.now_ms, self._made = now_ms, 0
        self.due: dict[int, tuple[int, Callable[[], None]]] = {}

    def make(self) -> "Alarm":
        """Return a new one."""
        self._made += 1
        return Alarm(self, self._made)

    def next_ms(self) -> int | None:
        """Return when the next one rings."""
        return min((at for at, _ in self.due.values()), default=None)

    def ring(self) -> None:
        """Let all ring that are due."""
        now = self.now_ms()
        for key in sorted(k for k, (at, _) in self.due.items() if at <= now):
            if key in self.due:
                self.due.pop(key)[1]()


@dataclass
class Alarm:
    """One of them."""

    alarms: Alarms
    key: int

    def start(self, wait_ms: int, ring: Callable[[], None]) -> None:
        """Set it."""
        self.alarms.due[self.key] = (self.alarms.now_ms() + wait_ms, ring)

    def stop(self) -> None:
        """Forget it."""
        self.alarms.due.pop(self.key, None)


@dataclass
class RunTill:
    """The till."""

    simulator: SimulatorProcess
    providers: Providers
    folder: Path
    first_id: int
    wire: Tripwire = field(default_factory=Tripwire)
    deaths: int = 0

    def __post_init__(self) -> None:
        place_shop(self.folder)
        self.shop: DiskShop = open_shop(self.folder, self.first_id)
        self._settings = self.simulator.settings()
        self._start()

    def _start(self) -> None:
        current = self.shop.shop.current
        current.value = msgspec.structs.replace(current.value, payments=self._settings)
        self.tick()
        self.alarms = Alarms(lambda: self.simulator.now_ms)
        self.runner = PaymentRunner(
            PaymentDoors(
                payments=_TrippedBooks(self.shop.shop.payments, self.wire),  # type: ignore[arg-type]
                db=InlineLane(),
                net=InlineLane(),
                provider=self._provider,
                timer=self.alarms.make,
                now=self.shop.clock.now,
            )
        )

    def _provider(self, kind: TenderKind) -> PaymentProvider:
        return _TrippedWallet(self.providers(kind), self.wire)  # type: ignore[return-value]

    def tick(self) -> None:
        """Set the till's clock to the simulated time."""
        self.shop.clock.at = NOON + timedelta(milliseconds=self.simulator.now_ms - NOON_MS)

    def survive(self, work: Callable[[], object]) -> bool:
        """Work; where the till is killed start it again, as its people would. Return whether it lived."""
        try:
            work()
        except Killed:
            self.deaths += 1
            self.shop.reopened()
            self._start()
            self.runner.wake()
            return False
        return True

    def wait(self, most_ms: int) -> None:
        """Let time pass to the next alarm, or so long at most, and let it ring."""
        next_ms = self.alarms.next_ms()
        now = self.simulator.now_ms
        self.simulator.move(max(min(most_ms, (next_ms or now + most_ms) - now), 0))
        self.tick()
        self.survive(self.alarms.ring)

    def cart(self) -> Cart:
        """Return the cart that the till shows, with what wallets paid on it."""
        return self.shop.shop.carts.reopen()

    def attempts(self) -> tuple[Standing, ...]:
        """Return every attempt of the books."""
        with self.shop.store.read() as tx:
            return tuple(tx.payments.all())

    def close(self) -> None:
        """Close the store."""
        self.shop.store.close()


NOON_MS = int(NOON.timestamp() * 1000)
