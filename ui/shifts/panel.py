"""The right side of the page of shifts: what the task in hand asks and shows.

Decides which fields stand for which task and how Enter walks through them. Nothing about money: the presenter does.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from pos_app.domain.sales.tenders import TenderKind
from pos_app.words import translate
from ui.kit.buttons import BigButton, KeyButton
from ui.kit.cards import Panel
from ui.kit.fields import AmountEdit, CodeEdit, Field, NameEdit, PinEdit
from ui.kit.labels import Words
from ui.shifts.figures import Figure
from ui.shifts.forms import PerTender, Pieces, clear, explained
from ui.shifts.presenter import ShiftsPresenter
from ui.shifts.state import State, Task

_AMOUNT_LABELS = {
    Task.FLOAT: "shifts.field.float",
    Task.CASH_IN: "shifts.field.cash_in",
    Task.CASH_OUT: "shifts.field.cash_out",
    Task.COUNT: "shifts.field.count",
}
_ACTS = {
    Task.FLOAT: "shifts.action.open",
    Task.CASH_IN: "shifts.action.cash_in",
    Task.CASH_OUT: "shifts.action.cash_out",
    Task.DRAWER: "shifts.action.drawer",
    Task.COUNT: "shifts.action.confirm_count",
    Task.REVIEW: "shifts.action.confirm_close",
    Task.TAKER: "shifts.action.take_over",
    Task.CLOSED: "shifts.action.next",
}
_REASONS = {
    Task.CASH_IN: ("change", "float"),
    Task.CASH_OUT: ("bank", "petty", "change"),
    Task.DRAWER: ("change", "check"),
    Task.REVIEW: ("miscount", "missed", "counterfeit", "slip", "unknown"),
}


class TaskPanel(Panel):
    """Draws the task of a `State` and hands what was typed to the presenter."""

    def __init__(
        self, presenter: ShiftsPresenter, to_sell: Callable[[], None], to_print: Callable[[], None]
    ) -> None:
        super().__init__()
        self._presenter = presenter
        self._state = State()
        self._title, self._note = Words("", "title"), Words("", "body", wrap=True)
        self._figures = QGridLayout()
        self._scroll = QScrollArea()
        self._amount, self._reason = AmountEdit("shifts_amount"), NameEdit("shifts_reason")
        self._amount_field = Field(" ", self._amount)
        self._reason_field = Field(translate("shifts.field.reason"), self._reason)
        self._choices = QGridLayout()
        self._pieces = Pieces(lambda: presenter.add_up(self._pieces.typed()))
        self._tenders = PerTender("shifts_tender", "shifts.field.tender", AmountEdit)
        self._reasons = PerTender("shifts_reason", "shifts.field.reason_of", NameEdit)
        self._code, self._pin = CodeEdit("shifts_taker_code", longest=32), PinEdit("shifts_taker_pin")
        self._code_field = Field(translate("shifts.field.code"), self._code)
        self._pin_field = Field(translate("shifts.field.pin"), self._pin)
        self._error = Words("", "body", "danger", wrap=True)
        self._way = KeyButton("", "F8", kind="quiet")
        self._drawer = KeyButton(translate("shifts.action.drawer_to_count"), "F6", kind="quiet")
        self._skip = KeyButton(translate("shifts.action.uncounted"), "F9", kind="quiet")
        self._act = BigButton("", "Enter")
        self._to_sell = to_sell
        self._print = KeyButton("", "F11", icon="printer")
        self._leave = KeyButton(translate("shifts.action.leave"), "Esc", kind="quiet")
        self._before = KeyButton(translate("shifts.action.day_before"), "←", kind="quiet")
        self._after = KeyButton(translate("shifts.action.day_after"), "→", kind="quiet")
        self._lay_out()
        self._connect(to_print)

    def _connect(self, to_print: Callable[[], None]) -> None:
        presenter = self._presenter
        for button, name, run in (
            (self._way, "shifts_way", presenter.switch_way),
            (self._drawer, "shifts_drawer_to_count", presenter.open_drawer_to_count),
            (self._skip, "shifts_uncounted", presenter.skip_count),
            (self._act, "shifts_act", self.submit),
            (self._print, "shifts_print", to_print),
            (self._leave, "shifts_leave", presenter.leave),
            (self._before, "shifts_day_before", lambda: presenter.turn_day(-1)),
            (self._after, "shifts_day_after", lambda: presenter.turn_day(1)),
        ):
            button.setObjectName(name)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(run)

    def _lay_out(self) -> None:
        self.body.setContentsMargins(24, 20, 24, 24)
        self._note.setObjectName("shifts_note")
        self._error.setObjectName("shifts_error")
        self._title.setObjectName("shifts_task")
        for words in (self._title, self._note, self._error):
            self.body.addWidget(words)
        days = QHBoxLayout()
        days.addWidget(self._before)
        days.addWidget(self._after)
        days.addStretch(1)
        self.body.addLayout(days)
        self._lay_out_form()
        # One under the other: beside each other neither has room for its words.
        for button in (self._way, self._drawer, self._skip):
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._act)
        foot = QHBoxLayout()
        foot.addWidget(self._leave)
        foot.addWidget(self._print)
        foot.addStretch(1)
        self.body.addLayout(foot)

    def _lay_out_form(self) -> None:
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(2, 0, 8, 0)
        box.setSpacing(12)
        self._figures.setVerticalSpacing(10)
        self._figures.setColumnStretch(0, 1)
        box.addLayout(self._figures)
        box.addWidget(self._amount_field)
        for part in (
            self._pieces,
            self._tenders,
            self._reason_field,
            self._reasons,
            self._code_field,
            self._pin_field,
        ):
            box.addWidget(part)
        self._choices.setSpacing(8)
        box.addLayout(self._choices)
        box.addStretch(1)
        scroll = self._scroll
        scroll.setObjectName("shifts_scroll")
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self.body.addWidget(scroll, 1)

    # -- Drawing -----------------------------------------------------------------------------------------

    def show_state(self, state: State) -> None:
        """Draw the state; a task that has just begun starts with its first field."""
        before, self._state = self._state, state
        begun = before.task is not state.task or before.by_denomination != state.by_denomination
        self._title.setText(state.title)
        self._title.setVisible(bool(state.title))
        self._note.setText(state.note)
        self._note.setVisible(bool(state.note))
        self._show_form(state, begun)
        self._show_acts(state)
        if state.figures != before.figures:
            self._show_figures(state.figures)
        if begun or (state.task is Task.FLOAT and state.amount != before.amount):
            self._start_typing(state)

    def _show_form(self, state: State, begun: bool) -> None:
        by_piece = state.task is Task.COUNT and state.by_denomination
        has_amount = state.task in _AMOUNT_LABELS and not by_piece
        self._amount_field.setVisible(has_amount)
        if has_amount:
            self._amount_field.set_label(translate(_AMOUNT_LABELS[state.task]))
            self._amount_field.set_error(state.error)
        self._pieces.setVisible(by_piece)
        if by_piece:
            self._pieces.set_values(state.denominations, self._presenter.currency)
        self._pieces.set_sum(state.sum)
        self._tenders.set_tenders(state.tenders if state.task is Task.COUNT else ())
        self._reasons.set_tenders(explained(state))
        for field in (self._code_field, self._pin_field):
            field.setVisible(state.task is Task.TAKER)
        self._pin_field.set_error(state.code_error)
        self._error.setText("" if has_amount else state.error)
        self._error.setVisible(bool(state.error) and not has_amount)
        with_reason = self._has_reason(state)
        self._reason_field.setVisible(with_reason)
        self._reason_field.set_error(state.reason_error)
        only = state.task is not Task.REVIEW or not explained(state)
        words = "shifts.field.reason" if only else "shifts.field.reason_of"
        self._reason_field.set_label(translate(words, tender=translate("documents.tender.cash")))
        if begun or state.needs_reason:
            asked = with_reason or state.needs_reason
            self._show_choices(_REASONS.get(state.task, ()) if asked else ())
        if explained(state) and not with_reason:
            self._error.setText(state.reason_error)
            self._error.setVisible(bool(state.reason_error))

    def _show_acts(self, state: State) -> None:
        act = "shifts.action.sell" if state.leads_to_sell else _ACTS.get(state.task)
        self._act.setVisible(act is not None)
        if state.task is Task.REVIEW and state.handing:
            act = "shifts.action.to_taker"
        self._act.setText(translate(act) if act else "")
        self._act.setEnabled(not state.busy)
        counting = state.task is Task.COUNT
        self._way.setVisible(counting and bool(state.denominations))
        other = "by_total" if state.by_denomination else "by_denomination"
        self._way.setText(translate(f"shifts.action.{other}"))
        self._drawer.setVisible(counting)
        self._skip.setVisible(counting and state.handing)
        for button in (self._before, self._after):
            button.setVisible(state.task is Task.DAILY)
        self._after.setEnabled(not state.is_today)
        printed = {Task.X: state.shows_cash, Task.Z: True, Task.CLOSED: True}
        printed[Task.DAILY] = not state.is_empty
        self._print.setVisible(printed.get(state.task, False))
        words = {Task.X: "print_x", Task.DAILY: "print_daily"}.get(state.task, "reprint")
        self._print.setText(translate(f"shifts.action.{words}"))
        self._leave.setVisible(state.task not in (Task.IDLE, Task.FLOAT, Task.CLOSED))

    def _has_reason(self, state: State) -> bool:
        asked = state.task in (Task.CASH_IN, Task.CASH_OUT, Task.DRAWER)
        return asked or (
            state.task is Task.REVIEW and any(each.kind is TenderKind.CASH for each in state.reasons)
        )

    def _show_figures(self, figures: tuple[Figure, ...]) -> None:
        clear(self._figures)
        for row, figure in enumerate(figures):
            if figure.strong and not figure.value:
                self._figures.addWidget(Words(figure.label, "emphasis"), row, 0, 1, 2)
                continue
            value = Words(figure.value, "heading" if figure.strong else "body", figure.tone)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            value.setObjectName(f"shifts_figure_{row}")
            value.setWordWrap(len(figure.value) > 24)
            self._figures.addWidget(Words(figure.label, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            self._figures.addWidget(value, row, 1)

    def _show_choices(self, reasons: tuple[str, ...]) -> None:
        clear(self._choices)
        for place, name in enumerate(reasons):
            words = translate(f"shifts.reason.{name}")
            button = KeyButton(words)
            button.setObjectName(f"shifts_reason_{name}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked=False, text=words: self._choose_reason(text))
            self._choices.addWidget(button, place // 2, place % 2, Qt.AlignmentFlag.AlignLeft)

    def _choose_reason(self, words: str) -> None:
        asked = [*([self._reason] if self._has_reason(self._state) else []), *self._reasons.fields()]
        # It goes into the reason that is being written, else into the first that has none.
        focus = self.window().focusWidget()
        empty = [edit for edit in asked if not edit.text().strip()]
        edit = focus if focus in asked else (*empty, *asked)[0]
        assert isinstance(edit, QLineEdit)
        edit.setText(words)
        edit.setFocus()

    def _start_typing(self, state: State) -> None:
        self._amount.setText(state.amount)
        others = (self._pieces, self._tenders, self._reasons)
        for edit in (self._reason, self._code, self._pin, *(e for part in others for e in part.fields())):
            edit.clear()
        fields = self._fields()
        if fields:
            fields[0].selectAll()
        if self.isVisible():
            # An answer that comes once the page was left takes the keys from nobody.
            (fields[0] if fields else self).setFocus()

    def turn(self, step: int) -> None:
        """Scroll what is shown by a page, down (1) or up (−1)."""
        bar = self._scroll.verticalScrollBar()
        bar.setValue(bar.value() + step * bar.pageStep())

    # -- Typing ------------------------------------------------------------------------------------------

    def takes_enter(self) -> bool:
        """Whether Enter belongs to the task: a form is open and no list or button has the focus."""
        if self._state.task not in _ACTS and not self._state.leads_to_sell:
            return False
        focus = self.window().focusWidget()
        return focus is None or focus is self or focus in self._fields() or not _is_choice(focus)

    def takes_arrows(self) -> bool:
        """Whether ↑ and ↓ go from field to field: a form of several is filled in."""
        return len(self._fields()) > 1 and self.window().focusWidget() in self._fields()

    def step(self, step: int) -> None:
        """Go to the field above (−1) or below (1)."""
        fields = self._fields()
        place = fields.index(self.window().focusWidget()) + step  # type: ignore[arg-type]
        if 0 <= place < len(fields):
            self._go_to(fields[place])

    def _go_to(self, field: QLineEdit) -> None:
        field.setFocus()
        field.selectAll()
        self._scroll.ensureWidgetVisible(field)

    def enter(self) -> None:
        """Go to the next field that is empty, or do what the task is for."""
        fields = self._fields()
        focus = self.window().focusWidget()
        place = fields.index(focus) if focus in fields else -1
        counting = self._state.task is Task.COUNT
        if 0 <= place < len(fields) - 1 and (counting or not fields[place + 1].text().strip()):
            if self._state.task in (Task.CASH_IN, Task.CASH_OUT) and not fields[0].text().strip():
                self.submit()
                return
            self._go_to(fields[place + 1])
            return
        self.submit()

    def submit(self) -> None:
        """Hand what was typed to the presenter."""
        presenter, task = self._presenter, self._state.task
        amount, reason = self._amount.text(), self._reason.text()
        if task is Task.FLOAT:
            presenter.open_shift(amount)
        elif task in (Task.CASH_IN, Task.CASH_OUT):
            presenter.move_cash(amount, reason)
        elif task is Task.DRAWER:
            presenter.open_drawer(reason)
        elif task is Task.COUNT and self._state.by_denomination:
            presenter.count_pieces(self._pieces.typed(), self._tenders.typed())
        elif task is Task.COUNT:
            presenter.count_total(amount, self._tenders.typed())
        elif task is Task.REVIEW:
            presenter.confirm(reason, self._reasons.typed())
        elif task is Task.TAKER:
            presenter.take_over(self._code.text(), self._pin.text())
        elif task is Task.CLOSED:
            presenter.leave()
        elif self._state.leads_to_sell:
            self._to_sell()

    def _fields(self) -> list[QLineEdit]:
        state = self._state
        if state.task is Task.TAKER:
            return [self._code, self._pin]
        if state.task is Task.COUNT and state.by_denomination:
            return [*self._pieces.fields(), *self._tenders.fields()]
        fields: list[QLineEdit] = [self._amount] if state.task in _AMOUNT_LABELS else []
        if state.task is Task.COUNT:
            return [*fields, *self._tenders.fields()]
        if self._has_reason(state):
            fields.append(self._reason)
        return [*fields, *self._reasons.fields()] if state.task is Task.REVIEW else fields


def _is_choice(widget: QWidget) -> bool:
    from PySide6.QtWidgets import QAbstractButton, QAbstractItemView

    return isinstance(widget, QAbstractButton | QAbstractItemView)
