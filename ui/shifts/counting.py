"""Counting and closing: the blind count by tender and note, what it is held against, close and hand-over.

Decides what is shown when: what the books expect is told only after it was counted, and a count after that is a
recount, which needs an approval. Figures and laws are the services'.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pos_app.domain.errors import ExpectedError, InvalidValueError
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.shifts import (
    CartPayingError,
    CartsOpenError,
    Count,
    CountedTender,
    Denomination,
    ShiftTotals,
    TenderCount,
    VarianceReasonError,
)
from pos_app.domain.staff import (
    Action,
    Approval,
    BadgeError,
    NeedsApprovalError,
    PinError,
    PinLockedError,
)
from pos_app.domain.values.money import ZERO, Amount, parse_amount
from pos_app.services.acting import Actor
from pos_app.services.shifts import HandOver, ZReport
from pos_app.words import format_amount, translate
from ui.shifts.acting import Acting
from ui.shifts.figures import (
    closed_figures,
    counted_pieces,
    owed_figures,
    review_figures,
    tender_words,
    total_of,
)
from ui.shifts.state import Task, TenderField

_NOBODY = (PinError, PinLockedError, BadgeError)
"""What is wrong with who wants to take over, not with the count."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A count and what the books said when it was held against them."""

    count: Count
    expected: Amount
    others: tuple[TenderCount, ...]

    def agrees_with(self, totals: ShiftTotals) -> bool:
        """Whether the books still say what was shown."""
        sums = {each.kind: each.amount for each in totals.tenders}
        same = all(each.expected == sums.get(each.kind, ZERO) for each in self.others)
        return same and self.expected == totals.expected_cash


class Counting(Acting):
    """The intents of a count."""

    _held: _Held | None = None
    _revealed = 0
    """How often a count of this shift was held against the books."""

    def open(self) -> None:
        """Read the shift anew."""
        raise NotImplementedError

    def _forget_count(self) -> None:
        self._held, self._revealed = None, 0

    # -- Counting ----------------------------------------------------------------------------------------

    def _ask_count(self, *, handing: bool) -> None:
        shop = self._counter.shop
        # A cart may go over to who takes the till; it may not lie about when the till is shut.
        self._run(
            lambda: (bool(shop.carts.reopen().lines) and not handing, shop.shifts.x_report()[1]),
            lambda found: self._begin_count(*found, handing=handing),
        )

    def _begin_count(self, cart_in_the_way: bool, totals: ShiftTotals, *, handing: bool) -> None:
        def begin(_yes: Approval | None = None) -> None:
            self._start_count(totals, handing=handing)

        if cart_in_the_way and not self._counter.shop.shifts.owed().payments_open:
            self._cart_open()
        elif self._revealed and not self.state.shows_cash:
            self._counter.ask_approval(NeedsApprovalError(action=Action.CLOSE_SHIFT), begin)
        else:
            begin()

    def _start_count(self, totals: ShiftTotals, *, handing: bool) -> None:
        wanted = self._counter.shop.current.value.counts.tenders
        used = [each.kind for each in totals.tenders if each.kind in wanted]
        fields = tuple(TenderField(kind, tender_words(kind)) for kind in used)
        more = {"tenders": fields, "handing": handing}
        if handing:
            more["title"] = translate("shifts.task.hand_count")
            more["note"] = translate("shifts.note.hand_count")
        self._begin(Task.COUNT, **more)

    def _cart_open(self, code: str = "cart_open") -> None:
        self._doors.refused()
        self._begin(Task.IDLE, error=translate(f"shifts.error.{code}"), leads_to_sell=True)

    def switch_way(self) -> None:
        """Count note by note, or as one total."""
        if self.state.task is Task.COUNT and self.state.denominations:
            self._change(by_denomination=not self.state.by_denomination, error="", sum="")

    def add_up(self, pieces: Mapping[int, str]) -> None:
        """Show what the notes typed so far come to."""
        try:
            total = format_amount(total_of(counted_pieces(pieces)), self.currency)
            self._change(sum=total, error="")
        except InvalidValueError:
            self._change(sum="", error=translate("shifts.error.count_wrong"))

    def count_pieces(self, pieces: Mapping[int, str], others: Mapping[TenderKind, str] | None = None) -> None:
        """Take a count by denomination, and the sums of the other tenders."""
        try:
            counted = counted_pieces(pieces)
        except InvalidValueError:
            self._refuse(error=translate("shifts.error.count_wrong"))
            return
        if not any(text.strip() for text in pieces.values()):
            self._refuse(error=translate("shifts.error.count_missing"))
            return
        self._take(total_of(counted), counted, others or {})

    def count_total(self, text: str, others: Mapping[TenderKind, str] | None = None) -> None:
        """Take a count as one total, and the sums of the other tenders."""
        counted = self._amount(text, zero=True)
        if counted is not None:
            self._take(counted, (), others or {})

    def _take(self, cash: Amount, pieces: tuple[Denomination, ...], typed: Mapping[TenderKind, str]) -> None:
        others = self._others(typed) if self.state.task is Task.COUNT else None
        if others is not None:
            count = Count(cash=cash, denominations=pieces, others=others, recounts=self._revealed)
            self._revealed += 1
            self._run(self._counter.shop.shifts.x_report, lambda x: self._review(count, x[1]))

    def _others(self, typed: Mapping[TenderKind, str]) -> tuple[CountedTender, ...] | None:
        """Read the sums of the other tenders; say what is wrong and return None when one cannot be taken."""
        found = []
        for field in self.state.tenders:
            text = typed.get(field.kind, "")
            if not text.strip():
                self._refuse(error=translate("shifts.error.tender_missing", tender=field.label))
                return None
            try:
                # More slips of refunds than of payments are less than nothing.
                amount = parse_amount(text, self.currency.digits)
            except InvalidValueError:
                self._refuse(error=translate("shifts.error.amount_wrong"))
                return None
            found.append(CountedTender(kind=field.kind, amount=amount))
        return tuple(found)

    def _review(self, count: Count, totals: ShiftTotals) -> None:
        sums = {each.kind: each.amount for each in totals.tenders}
        others = tuple(
            TenderCount(kind=each.kind, expected=sums.get(each.kind, ZERO), counted=each.amount)
            for each in count.others
        )
        counted = count.cash if count.cash is not None else totals.expected_cash
        self._held = _Held(count, totals.expected_cash, others)
        reasons = [TenderField(each.kind, tender_words(each.kind)) for each in others if _differs(each)]
        if counted != totals.expected_cash:
            reasons.insert(0, TenderField(TenderKind.CASH, tender_words(TenderKind.CASH)))
        even = "review_next" if self.state.handing else "review_even"
        figures = review_figures(totals.expected_cash, counted, self.currency, others)
        self._begin(
            Task.REVIEW,
            figures=(*figures, *owed_figures(self._counter.shop.shifts.owed(), self.currency)),
            note=translate(f"shifts.note.{'review_reason' if reasons else even}"),
            needs_reason=bool(reasons),
            reasons=tuple(reasons),
        )

    def _look_at_count(self, totals: ShiftTotals) -> None:
        """Tell anew what the count is held against when sales have come since."""
        if self._held is not None and not self._held.agrees_with(totals):
            self._doors.refused()
            self._review(self._held.count, totals)

    # -- Close -------------------------------------------------------------------------------------------

    def confirm(self, reason: str, others: Mapping[TenderKind, str] | None = None) -> None:
        """Close the shift on what was counted, or let the next person sign in; each difference has its reason."""
        if self._held is None or self.state.task is not Task.REVIEW:
            return
        told = {TenderKind.CASH: reason, **(others or {})}
        if any(not self._reason(told.get(field.kind, "")) for field in self.state.reasons):
            return
        self._held = replace(self._held, count=_explained(self._held.count, told))
        if self.state.handing:
            self._begin(Task.TAKER)
            return
        who = self._counter.session.who
        self._run_approved(lambda yes: self._close(who, yes), self._closed)

    def _close(self, who: Actor, yes: Approval | None) -> ZReport:
        return self._counter.shop.shifts.close(who, self._checked(), approval=yes)

    def _checked(self) -> Count:
        """Return the count; a reason was given for the difference on the screen, and for no other."""
        assert self._held is not None
        if self._held.count.cash is not None:
            totals = self._counter.shop.shifts.x_report()[1]
            if not self._held.agrees_with(totals):
                raise VarianceReasonError()
        return self._held.count

    def _closed(self, report: ZReport) -> None:
        self._counter.wake_printer()
        self._counter.kick_drawer()
        self._doors.shift_changed(None)
        title = translate("shifts.task.closed_number", number=report.closed.z_number)
        figures = closed_figures(report, self.currency, self._names)
        self._begin(Task.CLOSED, title=title, figures=figures)
        self.open()

    # -- Hand over ---------------------------------------------------------------------------------------

    def skip_count(self) -> None:
        """Hand over without counting: the books are believed."""
        if self.state.task is Task.COUNT and self.state.handing and not self.state.busy:
            self._held = _Held(Count(cash=None, recounts=self._revealed), ZERO, ())
            self._begin(Task.TAKER)

    def take_over(self, code: str, pin: str) -> None:
        """Close the shift and open the next for who gives this code and PIN."""
        if self.state.task is not Task.TAKER or self._held is None:
            return
        if not code.strip() or not pin.strip():
            self._refuse(code_error=translate("shifts.error.code_missing"))
            return
        self._change(code_error="")
        who, shop = self._counter.session.who, self._counter.shop

        def work(yes: Approval | None) -> tuple[Actor, HandOver]:
            taker = shop.staff.vouched(code, pin)
            return taker, shop.shifts.hand_over(who, taker, self._checked(), approval=yes)

        self._run_approved(work, lambda done: self._handed_over(*done))

    def _handed_over(self, taker: Actor, done: HandOver) -> None:
        self._counter.wake_printer()
        self._counter.session.actor = taker
        number = done.report.closed.z_number
        words = translate("shifts.note.handed_over", who=taker.name, number=number)
        self._begin(Task.IDLE, note=words, handing=False)
        self._doors.taken_over(taker, done.opened, words)

    # -- What went wrong ---------------------------------------------------------------------------------

    def _failed(self, problem: Exception) -> None:
        if isinstance(problem, CartsOpenError | CartPayingError):
            self._change(busy=False)
            self._cart_open("cart_open" if isinstance(problem, CartsOpenError) else "cart_paying")
        elif isinstance(problem, VarianceReasonError) and self._held is not None:
            # A sale came between the count and the close: what the drawer should hold is another sum now.
            self._change(busy=False)
            self._doors.refused()
            count = self._held.count
            self._run(self._counter.shop.shifts.x_report, lambda x: self._review(count, x[1]))
        elif self.state.task is Task.TAKER and isinstance(problem, (*_NOBODY, ExpectedError)):
            self._change(busy=False)
            self._refuse(code_error=self._words_of(problem))
        else:
            super()._failed(problem)


def _differs(count: TenderCount) -> bool:
    return count.counted != count.expected


def _explained(count: Count, told: Mapping[TenderKind, str]) -> Count:
    """Return a count with the reasons that were given."""
    return replace(
        count,
        reason=told.get(TenderKind.CASH, "").strip() or None,
        others=tuple(replace(each, reason=told.get(each.kind, "").strip() or None) for each in count.others),
    )
