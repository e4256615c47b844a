"""The page of payments: the attempts of the day and what of earlier days is not settled; ask, reverse, settle, send.

Decides what each key does and what is said of it. Reads and writes go through the db lane, wallets are the runner's.
"""

from collections.abc import Callable
from dataclasses import replace

from pos_app.domain.payments.attempts import Standing
from pos_app.domain.staff import Approval, NeedsApprovalError
from pos_app.domain.values.ids import AttemptId
from pos_app.services.ports.attempts import Seen
from pos_app.words import format_amount, format_count, translate
from ui.payments.rows import HANDS, deeds_of, detail_of, row_of, state_words
from ui.payments.runner import PaymentRunner
from ui.payments.state import Deed, State
from ui.shell.counter import Counter
from ui.shell.wording import words_of


class PaymentsPresenter:
    """One method an intent; `on_change` gets each new state."""

    def __init__(self, counter: Counter, runner: PaymentRunner, on_change: Callable[[State], None]) -> None:
        self._counter = counter
        self._runner = runner
        self._on_change = on_change
        self._found: tuple[Standing, ...] = ()
        self._current: AttemptId | None = None
        self._reading = False
        self._is_here = False
        self.state = State()
        runner.watch(self._told)

    def close(self) -> None:
        """Hear no more: the page is gone."""
        self._runner.unwatch(self._told)

    # -- coming in -----------------------------------------------------------------------------------------

    def opened(self) -> None:
        """Show the list as it is now."""
        self._is_here = True
        self._current = None
        self.state = replace(self.state, said="", failed=False)
        self._read()

    def left(self) -> None:
        """Another page is in front: nobody reads the payments of a day, which is felt where goods are sold."""
        self._is_here = False

    def _told(self, _seen: Seen) -> None:
        if self._is_here:
            self._read()

    def _read(self) -> None:
        if self._reading:
            return
        self._reading = True
        payments, day = self._counter.shop.payments, self._counter.shop.ringing.today()
        self._counter.db.run(lambda: payments.of_day(day), self._show_found, self._failed)

    def _show_found(self, found: tuple[Standing, ...]) -> None:
        self._reading = False
        self._found = found
        self._show()

    # -- intents -------------------------------------------------------------------------------------------

    def mark(self, attempt: AttemptId | None) -> None:
        """Put an attempt at hand."""
        if attempt != self._current:
            self._current = attempt
            self.state = replace(self.state, said="", failed=False)
            self._show()

    def can(self, deed: Deed) -> bool:
        """Whether something can be done about the attempt at hand."""
        standing = self._at_hand
        return standing is not None and deed in deeds_of(standing)

    def act(self, deed: Deed) -> None:
        """Do it; what a person notes is confirmed before (`question`)."""
        standing = self._at_hand
        if standing is None or deed not in deeds_of(standing):
            return
        if deed in (Deed.ASK, Deed.SEND):
            self._runner.drive(standing)
        elif deed is Deed.REVERSE:
            self._runner.cancel(standing.attempt)
        else:
            self._settle(standing, deed, None)

    def question(self, deed: Deed) -> str:
        """Return what to ask before something is noted by hand, empty for what needs no question."""
        standing = self._at_hand
        if standing is None or deed not in HANDS.values():
            return ""
        amount = format_amount(standing.payment.amount, self._counter.shop.current.value.money)
        return translate("payments.hand.ask", amount=amount, state=translate(f"payments.hand.{deed.value}"))

    def _settle(self, standing: Standing, deed: Deed, approval: Approval | None) -> None:
        counter, payments = self._counter, self._counter.shop.payments
        state = next(state for state, its in HANDS.items() if its is deed)

        def failed(error: Exception) -> None:
            if isinstance(error, NeedsApprovalError) and approval is None:
                counter.ask_approval(error, lambda given: self._settle(standing, deed, given))
            else:
                self._failed(error)

        try:
            who = counter.session.who
        except Exception as error:
            self._failed(error)
            return
        counter.db.run(
            lambda: payments.settle_by_hand(who, standing.attempt, state, approval), self._settled, failed
        )

    def _settled(self, standing: Standing) -> None:
        self._say(translate("payments.hand.done", state=state_words(standing)))
        self._runner.settled(standing)
        self._read()

    # -- what is shown -------------------------------------------------------------------------------------

    @property
    def _at_hand(self) -> Standing | None:
        return next((x for x in self._found if x.attempt == self._current), None)

    def _failed(self, error: Exception) -> None:
        self._reading = False
        self._say(words_of(error, self._counter.shop.current.value.money), failed=True)

    def _say(self, words: str, *, failed: bool = False) -> None:
        self.state = replace(self.state, said=words, failed=failed)
        self._show()

    def _show(self) -> None:
        settings, seen = self._counter.shop.current.value, self._runner.seen
        if self._at_hand is None:
            # What is to be settled comes before what is done.
            first = next((x for x in self._found if x.needs_care), None) or next(iter(self._found), None)
            self._current = first.attempt if first is not None else None
        at_hand = self._at_hand
        care = sum(1 for x in self._found if x.needs_care)
        self.state = replace(
            self.state,
            rows=tuple(row_of(x, seen(x.attempt), settings) for x in self._found),
            current=self._found.index(at_hand) if at_hand is not None else -1,
            count=translate(
                "payments.page.count", shown=format_count(len(self._found)), care=format_count(care)
            )
            if self._found
            else "",
            detail=detail_of(at_hand, seen(at_hand.attempt), settings) if at_hand is not None else None,
        )
        self._on_change(self.state)
