"""The right side of the page of shifts: what the task in hand asks and shows.

Decides which fields stand for which task and how Enter walks through them. Nothing about money: the presenter does.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pos_app.words import format_amount, translate
from ui.kit.buttons import BigButton, KeyButton
from ui.kit.cards import Panel
from ui.kit.fields import AmountEdit, CodeEdit, Field, NameEdit
from ui.kit.labels import Words
from ui.shifts.figures import Figure
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
    Task.CLOSED: "shifts.action.next",
}
_REASONS = {
    Task.CASH_IN: ("change", "float"),
    Task.CASH_OUT: ("bank", "petty", "change"),
    Task.DRAWER: ("change", "check"),
    Task.REVIEW: ("miscount", "unknown"),
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
        self._amount, self._reason = AmountEdit("shifts_amount"), NameEdit("shifts_reason")
        self._amount_field = Field(" ", self._amount)
        self._reason_field = Field(translate("shifts.field.reason"), self._reason)
        self._choices = QHBoxLayout()
        self._pieces: dict[int, CodeEdit] = {}
        self._pieces_box, self._grid = QWidget(), QGridLayout()
        self._sum, self._error = Words("", "total"), Words("", "body", "danger", wrap=True)
        self._way = KeyButton("", "F8", kind="quiet")
        self._drawer = KeyButton(translate("shifts.action.drawer_to_count"), "F6", kind="quiet")
        self._act = BigButton("", "Enter")
        self._to_sell = to_sell
        self._print = KeyButton("", "F11", icon="printer")
        self._leave = KeyButton(translate("shifts.action.leave"), "Esc", kind="quiet")
        self._lay_out()
        for button, name, run in (
            (self._way, "shifts_way", presenter.switch_way),
            (self._drawer, "shifts_drawer_to_count", presenter.open_drawer_to_count),
            (self._act, "shifts_act", self.submit),
            (self._print, "shifts_print", to_print),
            (self._leave, "shifts_leave", presenter.leave),
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
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(2, 0, 8, 0)
        box.setSpacing(12)
        self._figures.setVerticalSpacing(10)
        self._figures.setColumnStretch(0, 1)
        box.addLayout(self._figures)
        box.addWidget(self._amount_field)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._pieces_box.setLayout(self._grid)
        box.addWidget(self._pieces_box)
        box.addWidget(self._reason_field)
        self._choices.setSpacing(8)
        box.addLayout(self._choices)
        box.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("shifts_scroll")
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        self.body.addWidget(scroll, 1)
        # One under the other: beside each other neither has room for its words.
        self.body.addWidget(self._way, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._drawer, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._act)
        foot = QHBoxLayout()
        foot.addWidget(self._leave)
        foot.addWidget(self._print)
        foot.addStretch(1)
        self.body.addLayout(foot)

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
        self._pieces_box.setVisible(by_piece)
        if by_piece and set(self._pieces) != set(state.denominations):
            self._make_pieces(state.denominations)
        self._sum.setText(f"{translate('shifts.field.sum')} {state.sum}" if state.sum else "")
        self._error.setText("" if has_amount else state.error)
        self._error.setVisible(bool(state.error) and not has_amount)
        with_reason = self._has_reason(state)
        self._reason_field.setVisible(with_reason)
        self._reason_field.set_error(state.reason_error)
        if begun or state.needs_reason:
            self._show_choices(_REASONS.get(state.task, ()) if with_reason else ())

    def _show_acts(self, state: State) -> None:
        act = "shifts.action.sell" if state.leads_to_sell else _ACTS.get(state.task)
        self._act.setVisible(act is not None)
        self._act.setText(translate(act) if act else "")
        self._act.setEnabled(not state.busy)
        counting = state.task is Task.COUNT
        self._way.setVisible(counting and bool(state.denominations))
        other = "by_total" if state.by_denomination else "by_denomination"
        self._way.setText(translate(f"shifts.action.{other}"))
        self._drawer.setVisible(counting)
        printed = {Task.X: state.shows_cash, Task.Z: True, Task.CLOSED: True}
        self._print.setVisible(printed.get(state.task, False))
        self._print.setText(translate(f"shifts.action.{'print_x' if state.task is Task.X else 'reprint'}"))
        self._leave.setVisible(state.task not in (Task.IDLE, Task.FLOAT, Task.CLOSED))

    def _has_reason(self, state: State) -> bool:
        asked = state.task in (Task.CASH_IN, Task.CASH_OUT, Task.DRAWER)
        return asked or (state.task is Task.REVIEW and state.needs_reason)

    def _show_figures(self, figures: tuple[Figure, ...]) -> None:
        _clear(self._figures)
        for row, figure in enumerate(figures):
            value = Words(figure.value, "heading" if figure.strong else "body", figure.tone)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            value.setObjectName(f"shifts_figure_{row}")
            value.setWordWrap(len(figure.value) > 24)
            self._figures.addWidget(Words(figure.label, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            self._figures.addWidget(value, row, 1)

    def _show_choices(self, reasons: tuple[str, ...]) -> None:
        _clear(self._choices)
        for name in reasons:
            words = translate(f"shifts.reason.{name}")
            button = KeyButton(words)
            button.setObjectName(f"shifts_reason_{name}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _checked=False, text=words: self._choose_reason(text))
            self._choices.addWidget(button)
        self._choices.addStretch(1)

    def _choose_reason(self, words: str) -> None:
        self._reason.setText(words)
        self._reason.setFocus()

    def _make_pieces(self, values: tuple[int, ...]) -> None:
        _clear(self._grid)
        self._pieces = {}
        currency = self._presenter.currency
        for place, value in enumerate(values):
            words = format_amount(value, currency).removesuffix("." + "0" * currency.digits)
            edit = CodeEdit(f"shifts_piece_{value}", longest=6)
            edit.setAccessibleName(translate("shifts.field.pieces", value=words))
            edit.setAlignment(Qt.AlignmentFlag.AlignRight)
            edit.setFixedWidth(80)
            edit.textEdited.connect(lambda _text: self._presenter.add_up(self._typed()))
            row, column = place % 4, place // 4 * 2
            self._grid.addWidget(Words(f"{words} ×", "muted"), row, column, Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(edit, row, column + 1)
            # A layout shows new children only later; a hidden field would not take the focus now.
            edit.show()
            self._pieces[value] = edit
        self._sum = Words("", "total")
        self._sum.setObjectName("shifts_sum")
        self._grid.addWidget(self._sum, 4, 0, 1, 4, Qt.AlignmentFlag.AlignRight)

    def _start_typing(self, state: State) -> None:
        self._amount.setText(state.amount)
        self._reason.clear()
        for edit in self._pieces.values():
            edit.clear()
        fields = self._fields()
        if fields:
            fields[0].selectAll()
        if self.isVisible():
            # An answer that comes once the page was left takes the keys from nobody.
            (fields[0] if fields else self).setFocus()

    # -- Typing ------------------------------------------------------------------------------------------

    def takes_enter(self) -> bool:
        """Whether Enter belongs to the task: a form is open and no list or button has the focus."""
        if self._state.task not in _ACTS and not self._state.leads_to_sell:
            return False
        focus = self.window().focusWidget()
        return focus is None or focus is self or focus in self._fields() or not _is_choice(focus)

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
            fields[place + 1].setFocus()
            fields[place + 1].selectAll()
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
            presenter.count_pieces(self._typed())
        elif task is Task.COUNT:
            presenter.count_total(amount)
        elif task is Task.REVIEW:
            presenter.confirm(reason)
        elif task is Task.CLOSED:
            presenter.leave()
        elif self._state.leads_to_sell:
            self._to_sell()

    def _typed(self) -> dict[int, str]:
        return {value: edit.text() for value, edit in self._pieces.items()}

    def _fields(self) -> list[CodeEdit | NameEdit]:
        state = self._state
        if state.task is Task.COUNT and state.by_denomination:
            return list(self._pieces.values())
        fields: list[CodeEdit | NameEdit] = [self._amount] if state.task in _AMOUNT_LABELS else []
        return [*fields, self._reason] if self._has_reason(state) else fields


def _is_choice(widget: QWidget) -> bool:
    from PySide6.QtWidgets import QAbstractButton, QAbstractItemView

    return isinstance(widget, QAbstractButton | QAbstractItemView)


def _clear(layout: QGridLayout | QHBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
