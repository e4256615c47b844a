"""The leak report: which dates, which table, which entries, which entry.

Decides what is read when, and the words. Qt-free; reading runs on a lane of its own and can be stopped.
"""

import calendar
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pos_app.domain.leaks import Leak, LeakReport
from pos_app.domain.values.ids import StaffId
from pos_app.domain.values.moments import from_ms
from pos_app.domain.values.money import ZERO
from pos_app.services.leaks import EntryDetail, LeaksStoppedError, Watcher
from pos_app.services.ports.lane import Lane
from pos_app.words import format_amount, format_count, format_date, format_date_time, translate
from ui.leaks.exporting import write
from ui.leaks.state import By, Detail, EntryRow, Heat, Span, State
from ui.leaks.table import Told, columns_of, heat, matching
from ui.leaks.telling import Teller
from ui.shell.counter import Counter
from ui.shell.wording import words_of

MOST_SHOWN = 2_000
"""So many entries of a cell are listed; the table says how many there are, the export of the dates has all."""


@dataclass
class _Run:
    """One reading under way: the worker asks whether to stop, and says how far it is."""

    stopped: bool = False
    done: int = 0
    of: int = 0

    def tell(self, done: int, of: int) -> None:
        self.done, self.of = done, of


class LeaksPresenter:
    """The intents of the page. GUI thread."""

    def __init__(self, counter: Counter, lane: Lane, on_change: Callable[[State], None]) -> None:
        self._counter = counter
        self._lane = lane
        self._on_change = on_change
        self._run = _Run()
        self._report = LeakReport()
        self._told = Told({}, counter.shop.current.value.money, ())
        self._columns: list[str] = []
        self.state = State()

    # -- which dates ---------------------------------------------------------------------------------------

    def open(self) -> None:
        """Read the range anew: the day goes on while another page is in front."""
        if self.state.detail is None and not self.state.title:
            self.choose(self.state.span)

    def choose(self, span: Span) -> None:
        """Show a range; one's own waits for its dates."""
        today = self._counter.shop.leaks.today()
        ranges = {
            Span.TODAY: (today, today),
            Span.YESTERDAY: (today - timedelta(days=1), today - timedelta(days=1)),
            Span.WEEK: (today - timedelta(days=6), today),
            Span.MONTH: (today.replace(day=1), today),
        }
        if span is Span.OWN:
            self._change(span=span, fault="")
            return
        first, last = ranges[span]
        self._change(span=span, first=first.isoformat(), last=last.isoformat(), fault="")
        self._read(first, last)

    def enter_dates(self, first: str, last: str) -> None:
        """Show the dates that were typed, or say what is wrong with them."""
        begins, ends = read_day(first), read_day(last)
        self._change(span=Span.OWN, first=first, last=last)
        if begins is None or ends is None:
            self._change(fault=translate("leaks.note.date_form"))
        elif begins > ends:
            self._change(fault=translate("leaks.error.date_order"))
        else:
            self._change(first=begins.isoformat(), last=ends.isoformat(), fault="")
            self._read(begins, ends)

    def _read(self, first: date, last: date) -> None:
        self._run.stopped = True
        run = self._run = _Run()
        shop, who = self._counter.shop, self._counter.session.who
        watcher = Watcher(stopped=lambda: run.stopped, tell=run.tell)

        def work() -> tuple[LeakReport, Told]:
            report = shop.leaks.report(who, first, last, watcher)
            names: dict[StaffId, str] = {one.staff_id: one.name for one in shop.staff.everybody()}
            return report, Told(names, shop.current.value.money, shop.leaks.hours(report))

        def done(made: tuple[LeakReport, Told]) -> None:
            if run is self._run:
                self._show(*made, first, last)

        def failed(problem: Exception) -> None:
            if run is self._run:
                stopped = isinstance(problem, LeaksStoppedError)
                words = words_of(problem, shop.current.value.money)
                self._change(busy=False, problem="" if stopped else words, note=words if stopped else "")

        self._change(busy=True, problem="", note="")
        self._lane.run(work, done, failed)

    def progress(self) -> int:
        """Return how much is read, in percent."""
        return self._run.done * 100 // self._run.of if self._run.of else 0

    def stop(self) -> None:
        """Stop reading; what was shown before stays."""
        self._run.stopped = True

    def _show(self, report: LeakReport, told: Told, first: date, last: date) -> None:
        self._report, self._told = report, told
        days = format_date(first) if first == last else f"{format_date(first)} – {format_date(last)}"
        self._change(
            busy=False,
            ready=True,
            told=translate("leaks.table.told", days=days, sales=format_count(report.sales)),
            title="",
            entries=(),
            detail=None,
        )
        self._draw()

    # -- which table ---------------------------------------------------------------------------------------

    def turn(self, by: By) -> None:
        """Let the columns be kinds or hours."""
        self._change(by=by)
        self._draw()

    def show_approvers(self, on: bool) -> None:
        """Let the rows be who said yes, or who did it."""
        self._change(by_approver=on)
        self._draw()

    def _draw(self) -> None:
        state = self.state
        self._columns = columns_of(self._report, self._told, state.by)
        made = heat(self._report, self._told, state.by, by_approver=state.by_approver)
        self._change(heat=made, title="", entries=(), detail=None)

    # -- which entries -------------------------------------------------------------------------------------

    def drill(self, row: int, column: int) -> None:
        """List the entries behind a cell; nothing happens on an empty one."""
        made: Heat = self.state.heat
        key: tuple[Any, str] = made.keys[row][column]
        found = matching(self._report, self._columns, key, by_approver=self.state.by_approver)
        if not found:
            return
        name = translate("leaks.table.all") if key[0] is ... else self._told.name(key[0])
        what = made.heads[column] if column else translate("leaks.table.everything")
        title = translate("leaks.list.title", name=name, what=what, count=format_count(len(found)))
        if len(found) > MOST_SHOWN:
            title += " " + translate("leaks.list.latest", count=format_count(MOST_SHOWN))
        rows = tuple(self._row(place, leak) for place, leak in found[:MOST_SHOWN])
        self._change(title=title, entries=rows)

    def _row(self, place: int, leak: Leak) -> EntryRow:
        settings = self._counter.shop.current.value
        return EntryRow(
            place,
            (
                format_date_time(from_ms(leak.at_ms), settings.zone),
                translate(f"leaks.kind.{leak.kind.value}"),
                self._told.name(leak.person),
                self._told.name(leak.approver) if leak.approver else "",
                leak.number or "",
                format_amount(leak.amount, settings.money) if leak.amount != ZERO else "",
                leak.reason or "",
            ),
        )

    def look(self, place: int) -> None:
        """Show an entry of the journal whole."""
        leak = self._report.leaks[place]
        shop, who = self._counter.shop, self._counter.session.who

        def shown(detail: EntryDetail) -> None:
            teller = Teller(shop.current.value, self._told.names)
            title = translate(f"leaks.kind.{leak.kind.value}")
            pairs = teller.pairs(detail)
            said = translate("leaks.field.approver")
            if leak.approver is not None and said not in {name for name, _ in pairs}:
                pairs = (*pairs[:-1], (said, self._told.name(leak.approver)), pairs[-1])
            self._change(detail=Detail(title, pairs, leak.number or ""), problem="")

        self._lane.run(lambda: shop.leaks.entry(who, leak.epoch, leak.seq), shown, self._failed)

    def back(self) -> bool:
        """Go back one step: from an entry to its list, from the list to the table; stop reading. False at the top."""
        if self.state.busy:
            self.stop()
        elif self.state.detail is not None:
            self._change(detail=None)
        elif self.state.title:
            self._change(title="", entries=())
        else:
            return False
        return True

    # -- out -----------------------------------------------------------------------------------------------

    def export(self, path: Path) -> None:
        """Write what is shown to a file: the entries of the list, else all of the range."""
        state, settings = self.state, self._counter.shop.current.value
        leaks = self._report.leaks
        if state.title:
            leaks = tuple(leaks[row.place] for row in state.entries)
        told = self._told
        name = path.name

        def done(count: int) -> None:
            note = translate("leaks.note.exported", count=format_count(count), file=name)
            self._change(busy=False, note=note)

        self._change(busy=True, note="", problem="")
        self._lane.run(lambda: write(path, leaks, told, settings), done, self._failed)

    def _failed(self, problem: Exception) -> None:
        self._change(busy=False, problem=words_of(problem, self._counter.shop.current.value.money))

    def _change(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self._on_change(self.state)


def read_day(text: str) -> date | None:
    """Read a date as people type it: 2026-11-22, 2026/11/22, 2026.11.22 or 20261122; None for anything else."""
    digits = text.strip().replace("/", "-").replace(".", "-")
    if len(digits) == 8 and digits.isascii() and digits.isdigit():
        digits = f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
    parts = digits.split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    year, month, day = map(int, parts)
    if not (2000 <= year <= 2999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    return date(year, month, day)
