"""Takes payment attempts to their wallets: sends, asks, reverses and gives back until nothing is undecided.

Decides when a wallet is asked and when again. Every answer is written before anything follows from it; what it is
worth is `domain.payments.attempts`. It keeps nothing of its own: at the start it takes up whatever the books say is
undecided or owed, and the wallet is asked before the cart can go on.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from pos_app.domain.payments import PaymentState
from pos_app.domain.payments.attempts import Heard, Standing
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.ids import AttemptId
from pos_app.services.payments import PaymentService
from pos_app.services.ports.attempts import Seen
from pos_app.services.ports.lane import Lane
from pos_app.services.ports.payments import (
    PaymentAnswer,
    PaymentProvider,
    ProviderSettingError,
    ProviderUnreachableError,
)

ASK_MS = 2_000
"""How often a wallet is asked about a charge that is not decided (both wallets' manuals: "every 2–5 seconds")."""
PAUSES_MS = (2_000, 10_000, 60_000, 300_000)
"""How long a refund, or a reversal, rests after each time that it was not made."""
CODE_DEAD = timedelta(seconds=75)
"""When a code that was charged can pay nothing any more: it is good for a minute, and clocks are not the same."""
MISSES = 5
"""After so many answers in a row that a wallet knows nothing of a charge it is made void under its number."""


class Timer(Protocol):
    """One alarm on the GUI thread."""

    def start(self, wait_ms: int, ring: Callable[[], None]) -> None:
        """Call `ring` once after `wait_ms`; an earlier alarm is forgotten."""

    def stop(self) -> None:
        """Forget the alarm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentDoors:
    """What the runner works with. `provider` is asked on the lane `net`, and raises ProviderSettingError."""

    payments: PaymentService
    db: Lane
    net: Lane
    provider: Callable[[TenderKind], PaymentProvider]
    timer: Callable[[], Timer]
    now: Callable[[], datetime]


@dataclass(slots=True)
class _Care:
    """An attempt under care."""

    seen: Seen
    timer: Timer
    busy: bool = False
    bad_times: int = 0
    misses: int = 0

    @property
    def standing(self) -> Standing:
        return self.seen.standing


class PaymentRunner:
    """The one that talks to wallets. GUI thread only; its work runs on the two lanes."""

    def __init__(self, doors: PaymentDoors) -> None:
        self._doors = doors
        self._care: dict[AttemptId, _Care] = {}
        self._past: dict[AttemptId, Seen] = {}
        self._watchers: list[Callable[[Seen], None]] = []
        self._ends: list[Callable[[], None]] = []
        self._counter: Callable[[Seen], None] | None = None
        self._stopped = False

    # -- for the till --------------------------------------------------------------------------------------

    def watch(self, tell: Callable[[Seen], None]) -> None:
        """Tell of each attempt whenever something is known of it."""
        self._watchers.append(tell)

    def attend(self, tell: Callable[[Seen], None]) -> None:
        """Tell the counter of each attempt; one that was built anew takes the place of the one before."""
        self._counter = tell

    def unwatch(self, tell: Callable[[Seen], None]) -> None:
        """Stop telling; nothing happens if it was never told."""
        if tell in self._watchers:
            self._watchers.remove(tell)

    def watch_end(self, tell: Callable[[], None]) -> None:
        """Tell when an attempt needs no care any more."""
        self._ends.append(tell)

    @property
    def in_care(self) -> tuple[Seen, ...]:
        """What is undecided or owed."""
        return tuple(care.seen for care in self._care.values())

    def seen(self, attempt: AttemptId) -> Seen | None:
        """Return what is known of an attempt that was looked at since the start."""
        care = self._care.get(attempt)
        return care.seen if care is not None else self._past.get(attempt)

    def wake(self) -> None:
        """Take up what the books say is undecided or owed and is not in care yet: at the start, after a return."""

        def found(standings: tuple[Standing, ...]) -> None:
            for standing in standings:
                if standing.attempt not in self._care:
                    self.drive(standing)

        if not self._stopped:
            self._doors.db.run(self._doors.payments.in_care, found, lambda _problem: None)

    def stop(self) -> None:
        """Ask nobody any more; what is undecided stays so in the books, and is taken up at the next start."""
        self._stopped = True
        for care in self._care.values():
            care.timer.stop()

    # -- what can be asked of it ---------------------------------------------------------------------------

    def charge(self, standing: Standing, code: str) -> None:
        """Send a charge that is in the books, with the customer's code; the code is kept nowhere."""
        care = self._taken(standing)
        order, doors = self._doors.payments.charge_order(standing), self._doors
        care.busy = True

        def failed(problem: Exception) -> None:
            # It certainly did not leave: nothing was taken, and nothing will be. Anything else may have left.
            reason = _reason(problem)
            state = PaymentState.REFUSED if reason in ("unreachable", "setting") else PaymentState.UNKNOWN
            self._write(care, Heard(state=state, reason=reason))

        doors.net.run(
            lambda: doors.provider(standing.payment.provider).charge(order, code),
            lambda answer: self._answered(care, answer),
            failed,
        )

    def cancel(self, attempt: AttemptId) -> None:
        """Give a charge up: it is reversed, and asked about until it certainly is."""

        def written(standing: Standing) -> None:
            care = self._care.get(attempt)
            if care is None or not care.busy:
                self.drive(standing)
            else:
                # What is on its way is awaited: its answer is heard first, and the reversal follows it at once.
                self._show(care, replace(care.seen, standing=standing))

        payments = self._doors.payments
        self._doors.db.run(lambda: payments.cancel(attempt), written, lambda _problem: self._again(attempt))

    def drive(self, standing: Standing) -> None:
        """Do what has to be done for an attempt, now and until it needs no care; also ask about one that is decided."""
        care = self._taken(standing)
        self._show(care, replace(care.seen, standing=standing))
        self._act(care)

    def settled(self, standing: Standing) -> None:
        """Take in what a person noted of an attempt."""
        care = self._taken(standing)
        self._show(care, replace(care.seen, standing=standing, trouble=""))
        if not care.busy:
            self._rest(care)

    # -- one round -----------------------------------------------------------------------------------------

    def _taken(self, standing: Standing) -> _Care:
        care = self._care.get(standing.attempt)
        if care is None:
            care = self._care[standing.attempt] = _Care(Seen(standing), self._doors.timer())
        return care

    def _again(self, attempt: AttemptId) -> None:
        care = self._care.get(attempt)
        if care is not None and not care.busy:
            self._rest(care)

    def _act(self, care: _Care) -> None:
        """Ask, reverse or send, unless a call for it is on its way already."""
        if self._stopped or care.busy:
            return
        if care.standing.is_owed and any(c.standing.is_open for c in self._care.values()):
            # A customer waits for another answer on the same lane.
            care.timer.start(ASK_MS, lambda: self._act(care))
            return
        care.busy = True
        care.timer.stop()
        standing = care.standing
        self._doors.net.run(
            lambda: self._call(standing),
            lambda answer: self._answered(care, answer),
            lambda problem: self._not_answered(care, problem),
        )

    def _call(self, standing: Standing) -> PaymentAnswer:
        """Make the one call that an attempt needs now; on the lane of wallets."""
        payment = standing.payment
        provider = self._doors.provider(payment.provider)
        if standing.to_reverse:
            return self._reversed(standing, provider)
        if standing.is_charge:
            return provider.query(payment.order_number)
        order = self._doors.payments.refund_order(standing)
        under_way = standing.state is PaymentState.PENDING and standing.provider_number is not None
        if under_way or not standing.is_owed:
            return provider.query_refund(order.order_number, order.refund_number)
        return provider.refund(order)

    def _reversed(self, standing: Standing, provider: PaymentProvider) -> PaymentAnswer:
        """Reverse a charge; one that its wallet never had is over once its code was dead before the wallet was asked.

        Until then it may still be on its way: its wallet does not promise to refuse it.
        """
        is_dead = self._doors.now() - standing.started_at >= CODE_DEAD
        answer = provider.reverse(standing.payment.order_number)
        never_came = answer.state is PaymentState.UNKNOWN and answer.reason == "not_found"
        over = is_dead and never_came and standing.is_open
        return replace(answer, state=PaymentState.REFUSED) if over else answer

    def _answered(self, care: _Care, answer: PaymentAnswer) -> None:
        missing = answer.state is PaymentState.UNKNOWN and answer.reason == "not_found"
        care.misses = care.misses + 1 if missing else 0
        settled = answer.state not in (PaymentState.UNKNOWN, PaymentState.REFUSED)
        care.bad_times = 0 if settled else care.bad_times + 1
        trouble = answer.reason or "" if answer.state is PaymentState.UNKNOWN else ""
        care.seen = replace(care.seen, asked_at=self._doors.now(), trouble=trouble)
        heard = Heard(
            state=answer.state,
            provider_number=answer.provider_number,
            amount=answer.amount,
            reason=answer.reason,
        )
        self._write(care, heard)

    def _not_answered(self, care: _Care, problem: Exception) -> None:
        care.busy, care.misses = False, 0
        care.bad_times += 1
        self._show(care, replace(care.seen, trouble=_reason(problem)))
        self._rest(care)

    def _write(self, care: _Care, heard: Heard) -> None:
        """Write what was heard, and only then go on; if it cannot be written the wallet is asked again."""
        attempt, payments = care.standing.attempt, self._doors.payments

        def written(standing: Standing) -> None:
            care.busy = False
            was = care.standing
            self._show(care, replace(care.seen, standing=standing))
            if standing.to_reverse and not was.to_reverse:
                self._act(care)
            else:
                self._rest(care)

        def not_written(_problem: Exception) -> None:
            care.busy = False
            self._rest(care)

        self._doors.db.run(lambda: payments.heard(attempt, heard), written, not_written)

    def _rest(self, care: _Care) -> None:
        """Let go of an attempt that needs no care; else do the next thing for it after a while."""
        standing = care.standing
        if not standing.needs_care:
            care.timer.stop()
            self._care.pop(standing.attempt, None)
            self._past[standing.attempt] = care.seen
            for ended in list(self._ends):
                ended()
            return
        if self._stopped:
            return
        if standing.is_open and not standing.to_reverse:
            if care.misses >= MISSES:
                care.misses = 0
                self.cancel(standing.attempt)
            else:
                care.timer.start(ASK_MS, lambda: self._act(care))
            return
        pause = PAUSES_MS[min(max(care.bad_times - 1, 0), len(PAUSES_MS) - 1)]
        care.timer.start(ASK_MS if standing.is_open else pause, lambda: self._act(care))

    def _show(self, care: _Care, seen: Seen) -> None:
        care.seen = seen
        for tell in list(self._watchers):
            tell(seen)
        if self._counter is not None:
            self._counter(seen)


def _reason(problem: Exception) -> str:
    if isinstance(problem, ProviderUnreachableError):
        return "unreachable"
    return "setting" if isinstance(problem, ProviderSettingError) else "error"
