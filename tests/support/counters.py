"""A counter for tests of screens: the demo till, a lane in place, and doors that remember who knocked.

Decides what stands behind approvals, printer and drawer; the shop is the real one.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from pos_app.domain.staff import Approval, NeedsApprovalError, Role
from pos_app.domain.values.money import Amount
from pos_app.services.demo_shop import demo_staff
from pos_app.services.ports.lane import Lane
from tests.support.bootstrap import DemoTill
from tests.support.demo_copy import copy_of_demo
from tests.support.lanes import InlineLane
from tests.support.payment_floor import WALLETS_ON, HandTimers
from tests.support.scripted_wallet import ScriptedWallet
from ui.payments.runner import PaymentDoors, PaymentRunner
from ui.shell.counter import Counter, Session


@dataclass
class TestCounter:
    """A counter and what its doors saw."""

    __test__ = False
    till: DemoTill
    lane: Lane
    session: Session = field(default_factory=Session)
    woken: int = 0
    kicked: int = 0
    asked: list[tuple[NeedsApprovalError, Callable[[Approval], None]]] = field(default_factory=list)
    wallet: ScriptedWallet = field(default_factory=ScriptedWallet)
    timers: HandTimers = field(default_factory=HandTimers)
    runner: PaymentRunner | None = None

    @property
    def counter(self) -> Counter:
        """What screens are given."""
        return Counter(
            shop=self.till.shop,
            db=self.lane,
            session=self.session,
            ask_approval=lambda needed, then: self.asked.append((needed, then)),
            wake_printer=self._wake,
            kick_drawer=self._kick,
            charging=self.runner,
        )

    def take_wallets(self) -> None:
        """Take WeChat Pay and Alipay from now on; both answer as `wallet` says, alarms ring as `timers` says."""
        current = self.till.shop.current
        current.value = msgspec.structs.replace(current.value, payments=WALLETS_ON)
        self.runner = PaymentRunner(
            PaymentDoors(
                payments=self.till.shop.payments,
                db=self.lane,
                net=InlineLane(),
                provider=lambda _kind: self.wallet,
                timer=self.timers.make,
                now=self.till.outside.clock.now,
            )
        )

    def _wake(self) -> None:
        self.woken += 1

    def _kick(self) -> None:
        self.kicked += 1

    def sign_in(self, role: Role) -> None:
        """Sign the first person of a role in."""
        self.session.actor = self.till.signed_in(role)

    def give_leave(self) -> None:
        """Let the manager say yes to what was asked last."""
        needed, then = self.asked.pop()
        code, pin = next((code, pin) for code, _, role, pin, _ in demo_staff() if role is Role.MANAGER)
        then(self.till.shop.staff.approve(self.session.who, needed, code, pin))


@contextmanager
def test_counter(
    folder: Path,
    lane: Lane | None = None,
    *,
    role: Role = Role.CASHIER,
    shift: bool = True,
    wallets: bool = False,
) -> Iterator[TestCounter]:
    """Open the demo shop in a folder with somebody signed in and, unless told not to, a shift open."""
    with copy_of_demo(folder) as till:
        made = TestCounter(till, lane or InlineLane())
        made.sign_in(role)
        if shift:
            till.shop.shifts.open(till.owner, Amount(50_000))
        if wallets:
            made.take_wallets()
        yield made


test_counter.__test__ = False  # type: ignore[attr-defined]
