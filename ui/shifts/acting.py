"""How the page of shifts acts: one act at a time on the db lane, its answer or what went wrong in words.

Decides nothing about shifts; `presenter` and `counting` do.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.shifts import Shift, ShiftOpenError
from pos_app.domain.staff import Approval, NeedsApprovalError, PinError
from pos_app.domain.values.ids import StaffId
from pos_app.domain.values.money import ZERO, Amount, Currency, parse_amount
from pos_app.services.acting import Actor
from pos_app.words import format_date_time, translate
from ui.shell.counter import Counter
from ui.shell.wording import words_of
from ui.shifts.state import NOTED, State, Task

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Doors:
    """What the window does for the page."""

    shift_changed: Callable[[Shift | None], None]
    refused: Callable[[], None]
    ready_to_sell: Callable[[], None]
    """A shift was opened: selling is what comes next."""
    taken_over: Callable[[Actor, Shift, str], None] = lambda _who, _shift, _words: None
    """Somebody took the till over; what to tell her."""


class Acting:
    """The common ground of the page's intents. GUI thread; every write runs on the db lane."""

    def __init__(self, counter: Counter, doors: Doors, on_change: Callable[[State], None]) -> None:
        self._counter = counter
        self._doors = doors
        self._on_change = on_change
        self._names: dict[StaffId, str] = {}
        self.state = State()

    @property
    def currency(self) -> Currency:
        """The merchant's currency."""
        return self._counter.shop.current.value.money

    def _begin(self, task: Task, **more: object) -> None:
        fresh: dict[str, object] = {
            "task": task,
            "title": translate(f"shifts.task.{task.value}"),
            "figures": (),
            "note": translate(f"shifts.note.{task.value}") if task in NOTED else "",
            "error": "",
            "reason_error": "",
            "code_error": "",
            "sum": "",
            "needs_reason": False,
            "reasons": (),
            "tenders": (),
            "is_empty": False,
            "leads_to_sell": False,
            "amount": "",
        }
        self._change(**(fresh | more))

    def _amount(self, text: str, *, zero: bool = False) -> Amount | None:
        """Read an amount that is not negative; say what is wrong and return None when it cannot be taken."""
        if not text.strip():
            self._refuse(error=translate("shifts.error.amount_missing"))
            return None
        try:
            amount = parse_amount(text, self.currency.digits)
        except InvalidValueError:
            self._refuse(error=translate("shifts.error.amount_wrong"))
            return None
        if amount < 0 or (amount == ZERO and not zero):
            self._refuse(error=translate("shifts.error.amount_not_positive"))
            return None
        self._change(error="")
        return amount

    def _reason(self, reason: str) -> bool:
        if not reason.strip():
            self._refuse(reason_error=translate("shifts.error.reason_missing"))
            return False
        return True

    def _refuse(self, **errors: str) -> None:
        self._doors.refused()
        self._change(**errors)

    def _run(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Run on the db lane, one act at a time: a second Enter finds the page busy."""
        if self.state.busy:
            return
        self._change(busy=True)

        def ended(result: T) -> None:
            self._change(busy=False)
            done(result)

        self._counter.db.run(work, ended, self._failed)

    def _run_approved(self, work: Callable[[Approval | None], T], done: Callable[[T], None]) -> None:
        """Run; when it needs somebody else's yes, ask for it and run again with it."""
        if self.state.busy:
            return
        self._change(busy=True)

        def ended(result: T) -> None:
            self._change(busy=False)
            done(result)

        def failed(problem: Exception) -> None:
            self._change(busy=False)
            if isinstance(problem, NeedsApprovalError):
                self._counter.ask_approval(problem, lambda yes: self._run(lambda: work(yes), done))
            else:
                self._failed(problem)

        self._counter.db.run(lambda: work(None), ended, failed)

    def _failed(self, problem: Exception) -> None:
        self._change(busy=False)
        self._refuse(error=self._words_of(problem))

    def _words_of(self, problem: Exception) -> str:
        if isinstance(problem, ShiftOpenError) and "since" in problem.params:
            zone = self._counter.shop.current.value.zone
            who = self._names.get(problem.params["opened_by"], "?")  # type: ignore[call-overload]
            since = format_date_time(problem.params["since"], zone)  # type: ignore[arg-type]
            return translate("shifts.error.open_by", who=who, time=since)
        if isinstance(problem, PinError) and isinstance(problem.params.get("left"), int):
            return translate("staff.error.pin_left", count=problem.params["left"])
        return words_of(problem, self.currency)

    def _change(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self._on_change(self.state)
