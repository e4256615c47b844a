"""What the page of shifts shows and does: open, move cash, drawer, X, count, close, Z reports.

Decides what is shown when: the count is blind, so what the drawer should hold is told only after it was counted,
and a second count then needs an approval. Figures and laws are the services'.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.shifts import CartsOpenError, CashDirection, Shift, ShiftTotals, VarianceReasonError
from pos_app.domain.staff import Action, Approval, NeedsApprovalError, may
from pos_app.domain.values.ids import ShiftId
from pos_app.domain.values.money import ZERO, Amount, Currency, parse_amount
from pos_app.services.acting import Actor
from pos_app.services.shifts import ZReport
from pos_app.words import format_amount, format_date_time, translate
from ui.shell.counter import Counter
from ui.shell.wording import words_of
from ui.shifts.banners import banner_of
from ui.shifts.figures import (
    DENOMINATIONS,
    Figure,
    closed_figures,
    counted_total,
    review_figures,
    totals_figures,
    z_row,
)
from ui.shifts.state import NOTED, Loaded, State, Task

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Doors:
    """What the window does for the page."""

    shift_changed: Callable[[Shift | None], None]
    refused: Callable[[], None]
    ready_to_sell: Callable[[], None]
    """A shift was opened: selling is what comes next."""


class ShiftsPresenter:
    """The intents of the page. GUI thread; every write runs on the db lane."""

    def __init__(self, counter: Counter, doors: Doors, on_change: Callable[[State], None]) -> None:
        self._counter = counter
        self._doors = doors
        self._on_change = on_change
        self._shift: Shift | None = None
        self._zs: tuple[ZReport, ...] = ()
        self._counted: Amount | None = None
        self._expected: Amount | None = None
        self._revealed = False
        self.state = State()

    # -- Opening the page --------------------------------------------------------------------------------

    @property
    def currency(self) -> Currency:
        """The merchant's currency."""
        return self._counter.shop.current.value.money

    def open(self) -> None:
        """Read the shift and the Z reports; a task that was begun stays."""
        self._run(self._load, self._loaded)

    def _load(self) -> Loaded:
        shop = self._counter.shop
        shift = shop.shifts.current()
        names = {person.staff_id: person.name for person in shop.staff.everybody()}
        banner = banner_of(shop.shifts.left_open(), shop.shifts.clock_behind(), shop.current.value.zone)
        opener = names.get(shift.opened_by, "") if shift else ""
        return Loaded(shift, banner, shop.shifts.z_reports(), opener)

    def _loaded(self, found: Loaded) -> None:
        same = self._shift is not None and found.shift is not None
        same = same and self._shift.shift_id == found.shift.shift_id  # type: ignore[union-attr]
        self._shift, self._zs = found.shift, found.zs
        if not same:
            self._counted, self._revealed = None, False
        task = self.state.task
        if found.shift is None and task is not Task.CLOSED:
            task = Task.FLOAT
        elif found.shift is not None and (task in (Task.FLOAT, Task.CLOSED) or not same):
            task = Task.IDLE
        zone = self._counter.shop.current.value.zone
        self._change(
            is_open=found.shift is not None,
            heading=self._heading(found),
            banner=found.banner,
            zs=tuple(z_row(z, self.currency, zone) for z in found.zs),
            denominations=DENOMINATIONS.get(self.currency.code, ()),
            shows_cash=may(self._counter.session.who.role, Action.MANAGE_SETTINGS),
            amount=self._last_float(),
        )
        if task is not self.state.task or task is Task.FLOAT or not self.state.title:
            self._begin(task)
        elif task is Task.X or (task is Task.REVIEW and self._counted is not None):
            # Sales may have come since: figures of before would be taken for those of now.
            self._run(self._counter.shop.shifts.x_report, lambda x: self._look_again(x[1]))

    def _look_again(self, totals: ShiftTotals) -> None:
        if self.state.task is Task.X:
            self._show_x(totals)
        elif self._counted is not None and totals.expected_cash != self._expected:
            self._doors.refused()
            self._review(self._counted, totals.expected_cash)

    def _heading(self, found: Loaded) -> tuple[Figure, ...]:
        if found.shift is None:
            return ()
        zone = self._counter.shop.current.value.zone
        lines = (
            ("opened", format_date_time(found.shift.opened_at, zone)),
            ("opened_by", found.opener),
            ("float", format_amount(found.shift.float_amount, self.currency)),
        )
        return tuple(Figure(translate(f"shifts.figure.{code}"), text) for code, text in lines)

    def _last_float(self) -> str:
        last = self._zs[0].shift.float_amount if self._zs else ZERO
        return format_amount(last, self.currency, symbol=False)

    # -- Choosing a task ---------------------------------------------------------------------------------

    def choose(self, task: Task) -> None:
        """Begin a task of the open shift."""
        if self.state.busy or not self.state.is_open:
            return
        if task is Task.X:
            self._run(self._counter.shop.shifts.x_report, lambda found: self._show_x(found[1]))
        elif task is Task.COUNT:
            self._run(lambda: bool(self._counter.shop.carts.reopen().lines), self._begin_count)
        else:
            self._begin(task)

    def leave(self) -> None:
        """Go back to where no task is begun; a count that was revealed is not forgotten."""
        if not self.state.busy:
            self._begin(Task.IDLE if self.state.is_open else Task.FLOAT)

    def _begin(self, task: Task, **more: object) -> None:
        fresh: dict[str, object] = {
            "task": task,
            "title": translate(f"shifts.task.{task.value}"),
            "figures": (),
            "note": translate(f"shifts.note.{task.value}") if task in NOTED else "",
            "error": "",
            "reason_error": "",
            "sum": "",
            "needs_reason": False,
            "leads_to_sell": False,
            "amount": self._last_float() if task is Task.FLOAT else "",
        }
        self._change(**(fresh | more))

    def _show_x(self, totals: ShiftTotals) -> None:
        blind = not self.state.shows_cash
        figures = totals_figures(totals, self.currency, blind=blind)
        note = translate("shifts.note.x_blind") if blind else translate("shifts.note.x")
        self._begin(Task.X, figures=figures, note=note)

    def show_z(self, shift_id: ShiftId) -> None:
        """Show a closed shift's figures."""
        report = next((z for z in self._zs if z.shift.shift_id == shift_id), None)
        if report is None or self.state.busy:
            return
        title = translate("shifts.task.z_number", number=report.closed.z_number)
        totals = totals_figures(report.closed.totals, self.currency, blind=False)
        self._begin(Task.Z, title=title, figures=(*totals, *closed_figures(report, self.currency)))

    # -- Acts --------------------------------------------------------------------------------------------

    def open_shift(self, text: str) -> None:
        """Open a shift with the float that stands in the field."""
        amount = self._amount(text, zero=True)
        if amount is None:
            return
        who = self._counter.session.who
        self._run(lambda: self._counter.shop.shifts.open(who, amount), self._opened)

    def _opened(self, shift: Shift) -> None:
        self._counter.kick_drawer()
        self._doors.shift_changed(shift)
        self._begin(Task.IDLE)
        self.open()
        self._doors.ready_to_sell()

    def move_cash(self, text: str, reason: str) -> None:
        """Put cash in or take it out, as the task says."""
        task, amount = self.state.task, self._amount(text)
        if amount is None or not self._reason(reason):
            return
        direction = CashDirection.IN if task is Task.CASH_IN else CashDirection.OUT
        who, shifts = self._counter.session.who, self._counter.shop.shifts
        words = translate(f"shifts.note.done_{task.value}", amount=format_amount(amount, self.currency))
        self._run_approved(
            lambda approval: shifts.move_cash(who, direction, amount, reason.strip(), approval),
            lambda: self._drawer_done(words),
        )

    def open_drawer(self, reason: str) -> None:
        """Open the drawer without a sale."""
        if not self._reason(reason):
            return
        who, shifts = self._counter.session.who, self._counter.shop.shifts
        self._run_approved(
            lambda approval: shifts.open_drawer(who, reason.strip(), approval),
            lambda: self._drawer_done(translate("shifts.note.done_drawer")),
        )

    def open_drawer_to_count(self) -> None:
        """Open the drawer so that it can be counted; recorded, and whoever may close may do it."""
        who, shifts = self._counter.session.who, self._counter.shop.shifts
        reason = translate("shifts.note.drawer_to_count")
        self._run(
            lambda: shifts.open_drawer(who, reason, to_count=True), lambda _: self._counter.kick_drawer()
        )

    def _drawer_done(self, words: str) -> None:
        self._counter.kick_drawer()
        self._begin(Task.IDLE, note=words)

    def print_x(self) -> None:
        """Queue the X report."""
        if self.state.shows_cash:
            self._run(self._counter.shop.shifts.print_x, lambda _: self._queued())

    def reprint_z(self, shift_id: ShiftId) -> None:
        """Queue a Z report again; it is marked as a copy."""
        self._run(lambda: self._counter.shop.shifts.print_z(shift_id), lambda _: self._queued())

    def _queued(self) -> None:
        self._counter.wake_printer()
        self._change(note=translate("shifts.note.queued"))

    # -- Count and close ---------------------------------------------------------------------------------

    def _begin_count(self, cart_has_lines: bool) -> None:
        if cart_has_lines:
            self._cart_open()
        elif self._revealed and not self.state.shows_cash:
            needed = NeedsApprovalError(action=Action.CLOSE_SHIFT)
            self._counter.ask_approval(needed, lambda _: self._begin(Task.COUNT))
        else:
            self._begin(Task.COUNT)

    def _cart_open(self) -> None:
        self._doors.refused()
        self._begin(Task.IDLE, error=translate("shifts.error.cart_open"), leads_to_sell=True)

    def switch_way(self) -> None:
        """Count note by note, or as one total."""
        if self.state.task is Task.COUNT and self.state.denominations:
            self._change(by_denomination=not self.state.by_denomination, error="", sum="")

    def add_up(self, pieces: Mapping[int, str]) -> None:
        """Show what the notes typed so far come to."""
        try:
            total = format_amount(counted_total(pieces), self.currency)
            self._change(sum=total, error="")
        except InvalidValueError:
            self._change(sum="", error=translate("shifts.error.count_wrong"))

    def count_pieces(self, pieces: Mapping[int, str]) -> None:
        """Take a count by denomination."""
        try:
            counted = counted_total(pieces)
        except InvalidValueError:
            self._refuse(error=translate("shifts.error.count_wrong"))
            return
        if not any(text.strip() for text in pieces.values()):
            self._refuse(error=translate("shifts.error.count_missing"))
            return
        self._take(counted)

    def count_total(self, text: str) -> None:
        """Take a count as one total."""
        counted = self._amount(text, zero=True)
        if counted is not None:
            self._take(counted)

    def _take(self, counted: Amount) -> None:
        if self.state.task is Task.COUNT:
            self._run(self._counter.shop.shifts.x_report, lambda x: self._review(counted, x[1].expected_cash))

    def _review(self, counted: Amount, expected: Amount) -> None:
        self._counted, self._expected, self._revealed = counted, expected, True
        even = counted == expected
        note = translate("shifts.note.review_even" if even else "shifts.note.review_reason")
        figures = review_figures(expected, counted, self.currency)
        self._begin(Task.REVIEW, figures=figures, note=note, needs_reason=not even)

    def confirm(self, reason: str) -> None:
        """Close the shift on what was counted."""
        counted = self._counted
        if counted is None or self.state.task is not Task.REVIEW:
            return
        if self.state.needs_reason and not self._reason(reason):
            return
        who = self._counter.session.who
        self._run(lambda: self._close(who, counted, reason.strip() or None), self._closed)

    def _close(self, who: Actor, counted: Amount, reason: str | None) -> ZReport:
        """Close; a reason was given for the difference on the screen, and for no other."""
        shifts = self._counter.shop.shifts
        if shifts.x_report()[1].expected_cash != self._expected:
            raise VarianceReasonError()
        return shifts.close(who, counted, reason)

    def _closed(self, report: ZReport) -> None:
        self._counter.wake_printer()
        self._counter.kick_drawer()
        self._doors.shift_changed(None)
        title = translate("shifts.task.closed_number", number=report.closed.z_number)
        self._begin(Task.CLOSED, title=title, figures=closed_figures(report, self.currency))
        self.open()

    # -- Together ----------------------------------------------------------------------------------------

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

    def _run_approved(self, work: Callable[[Approval | None], None], done: Callable[[], None]) -> None:
        """Run; when it needs somebody else's yes, ask for it and run again with it."""
        if self.state.busy:
            return
        self._change(busy=True)

        def ended(_: None) -> None:
            self._change(busy=False)
            done()

        def failed(problem: Exception) -> None:
            self._change(busy=False)
            if isinstance(problem, NeedsApprovalError):
                self._counter.ask_approval(
                    problem, lambda yes: self._run(lambda: work(yes), lambda _: done())
                )
            else:
                self._failed(problem)

        self._counter.db.run(lambda: work(None), ended, failed)

    def _failed(self, problem: Exception) -> None:
        self._change(busy=False)
        if isinstance(problem, CartsOpenError):
            self._cart_open()
        elif isinstance(problem, VarianceReasonError) and self._counted is not None:
            # A sale came between the count and the close: what the drawer should hold is another sum now.
            self._take_again(self._counted)
        else:
            self._refuse(error=words_of(problem, self.currency))

    def _take_again(self, counted: Amount) -> None:
        self._doors.refused()
        self._run(self._counter.shop.shifts.x_report, lambda x: self._review(counted, x[1].expected_cash))

    def _change(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self._on_change(self.state)
