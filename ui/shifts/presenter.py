"""What the page of shifts shows and does: open, move cash, drawer, X, Z reports, the daily summary.

Decides what is shown when; the count, the close and the hand-over are `counting`'s. Figures and laws are the services'.
"""

from collections.abc import Callable
from datetime import timedelta

from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.shifts import CashDirection, Shift, ShiftTotals
from pos_app.domain.shifts_daily import DailySummary
from pos_app.domain.staff import Action, may
from pos_app.domain.values.ids import ShiftId
from pos_app.domain.values.money import ZERO
from pos_app.services.shifts import ZReport
from pos_app.words import format_amount, format_date, format_date_time, translate
from ui.shell.counter import Counter
from ui.shifts.acting import Doors
from ui.shifts.banners import banner_of
from ui.shifts.counting import Counting
from ui.shifts.day_figures import day_figures
from ui.shifts.figures import DENOMINATIONS, Figure, closed_figures, totals_figures, z_row
from ui.shifts.state import Loaded, State, Task

__all__ = ["Doors", "ShiftsPresenter"]


class ShiftsPresenter(Counting):
    """The intents of the page. GUI thread; every write runs on the db lane."""

    def __init__(self, counter: Counter, doors: Doors, on_change: Callable[[State], None]) -> None:
        super().__init__(counter, doors, on_change)
        self._shift: Shift | None = None
        self._zs: tuple[ZReport, ...] = ()

    # -- Opening the page --------------------------------------------------------------------------------

    def open(self) -> None:
        """Read the shift and the Z reports; a task that was begun stays."""
        self._run(self._load, self._loaded)

    def _load(self) -> Loaded:
        shop = self._counter.shop
        shift = shop.shifts.current()
        names = {person.staff_id: person.name for person in shop.staff.everybody()}
        banner = banner_of(shop.shifts.left_open(), shop.shifts.clock_behind(), shop.current.value.zone)
        leaver = shop.shifts.leaver()
        if leaver is not None:
            said = translate("shifts.banner.leaver", who=names.get(leaver, "?"))
            banner = f"{banner}\n{said}".strip()
        opener = names.get(shift.opened_by, "") if shift else ""
        return Loaded(shift, banner, shop.shifts.z_reports(), opener, names)

    def _loaded(self, found: Loaded) -> None:
        same = self._shift is not None and found.shift is not None
        same = same and self._shift.shift_id == found.shift.shift_id  # type: ignore[union-attr]
        self._shift, self._zs, self._names = found.shift, found.zs, dict(found.names)
        if not same:
            self._forget_count()
        task = self.state.task
        if found.shift is None and task not in (Task.CLOSED, Task.DAILY, Task.Z):
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
            amount=self._last_float() if task is Task.FLOAT else "",
        )
        if task is not self.state.task or task is Task.FLOAT or not self.state.title:
            self._begin(task)
        elif task is Task.DAILY:
            self._read_day()
        elif task in (Task.X, Task.REVIEW):
            # Sales may have come since: figures of before would be taken for those of now.
            self._run(self._counter.shop.shifts.x_report, lambda x: self._look_again(x[1]))

    def _look_again(self, totals: ShiftTotals) -> None:
        if self.state.task is Task.X:
            self._show_x(totals)
        else:
            self._look_at_count(totals)

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
        """Begin a task; but for the daily summary a shift must be open."""
        if self.state.busy or not (self.state.is_open or task is Task.DAILY):
            return
        if task is Task.X:
            self._run(self._counter.shop.shifts.x_report, lambda found: self._show_x(found[1]))
        elif task in (Task.COUNT, Task.TAKER):
            self._ask_count(handing=task is Task.TAKER)
        elif task is Task.DAILY:
            self._change(day=None)
            self._read_day()
        else:
            self._begin(task)

    def leave(self) -> None:
        """Go back to where no task is begun; a count that was revealed is not forgotten."""
        if not self.state.busy:
            self._begin(Task.IDLE if self.state.is_open else Task.FLOAT, handing=False)

    def _begin(self, task: Task, **more: object) -> None:
        super()._begin(task, **({"amount": self._last_float()} if task is Task.FLOAT else {}) | more)

    def _show_x(self, totals: ShiftTotals) -> None:
        blind = not self.state.shows_cash
        hidden = (TenderKind.CASH, *self._counter.shop.current.value.counts.tenders) if blind else ()
        figures = totals_figures(totals, self.currency, self._names, hidden=hidden)
        note = translate("shifts.note.x_blind") if blind else translate("shifts.note.x")
        self._begin(Task.X, figures=figures, note=note)

    def show_z(self, shift_id: ShiftId) -> None:
        """Show a closed shift's figures."""
        report = next((z for z in self._zs if z.shift.shift_id == shift_id), None)
        if report is None or self.state.busy:
            return
        title = translate("shifts.task.z_number", number=report.closed.z_number)
        totals = totals_figures(report.closed.totals, self.currency, self._names)
        closed = closed_figures(report, self.currency, self._names)
        self._begin(Task.Z, title=title, figures=(*totals, *closed))

    # -- The day -----------------------------------------------------------------------------------------

    def _read_day(self) -> None:
        day = self.state.day
        self._run(lambda: self._counter.shop.shifts.daily(day), self._show_day)

    def _show_day(self, summary: DailySummary) -> None:
        zone, today = self._counter.shop.current.value.zone, self._counter.shop.ringing.today()
        empty = summary.is_empty and not summary.shifts
        figures = () if empty else day_figures(summary, self.currency, self._names, zone)
        self._begin(
            Task.DAILY,
            title=translate("shifts.task.daily_of", day=format_date(summary.day)),
            figures=figures,
            note=translate("shifts.note.no_sales") if empty else "",
            day=summary.day,
            is_today=summary.day >= today,
            is_empty=empty,
        )

    def turn_day(self, step: int) -> None:
        """Show the day before (−1) or after (+1); there is none after today."""
        day = self.state.day
        if day is None or self.state.busy or self.state.task is not Task.DAILY:
            return
        if step < 0 or not self.state.is_today:
            self._change(day=day + timedelta(days=step))
            self._read_day()

    def print_day(self) -> None:
        """Queue the daily summary that is shown."""
        day = self.state.day
        if day is not None and not self.state.is_empty:
            self._run(lambda: self._counter.shop.shifts.print_daily(day), lambda _: self._queued())

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
            lambda _: self._drawer_done(words),
        )

    def open_drawer(self, reason: str) -> None:
        """Open the drawer without a sale."""
        if not self._reason(reason):
            return
        who, shifts = self._counter.session.who, self._counter.shop.shifts
        self._run_approved(
            lambda approval: shifts.open_drawer(who, reason.strip(), approval),
            lambda _: self._drawer_done(translate("shifts.note.done_drawer")),
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
