"""The page of the leak report: ranges on top, a table of heat, the entries of a cell, one entry whole."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from pos_app.services.ports.lane import Lane
from pos_app.words import translate
from ui.kit.buttons import FilterChip, KeyButton
from ui.kit.cards import Card, EmptyState, PageHead, list_card
from ui.kit.fields import CodeEdit
from ui.kit.labels import Words
from ui.kit.lists import Cell, Column, Row, RowList
from ui.leaks.heat_table import HeatTable
from ui.leaks.presenter import LeaksPresenter
from ui.leaks.state import By, Detail, Span, State
from ui.shell.counter import Counter
from ui.shell.keys import Action
from ui.shell.screens import ScreenContext, ScreenId

LEAKS, RETURNS = ScreenId("leaks"), ScreenId("returns")
EXPORT = Action("leaks.export", "Ctrl+E", "leaks.action.export")
TURN = Action("leaks.turn", "F2", "leaks.action.turn")
APPROVERS = Action("leaks.approvers", "F3", "leaks.action.approvers")
RECEIPT = Action("leaks.receipt", "F4", "leaks.action.receipt")
BACK = Action("leaks.back", "Esc", "leaks.action.back")
WORTH_TELLING_MS = 500
"""What takes less is not told: words that come and go at once are only unrest."""
_WIDTHS = {"at": 152, "what": 168, "person": 104, "approver": 104, "number": 176, "amount": 112, "reason": 0}
_TABLE, _LIST, _ENTRY, _EMPTY = range(4)


class LeaksPage(QWidget):
    """Shows the states of `LeaksPresenter`."""

    def __init__(self, context: ScreenContext, lane: Lane) -> None:
        super().__init__()
        self._shell = context.shell
        counter: Counter = context.services
        self._presenter = LeaksPresenter(counter, lane, self.show_state)
        self._spans = {span: self._chip(f"leaks.span.{span.value}", f"leaks_{span.value}") for span in Span}
        self._by = {by: self._chip(f"leaks.by.{by.value}", f"leaks_by_{by.value}") for by in By}
        self._approvers = self._chip("leaks.action.approvers", "leaks_approvers")
        self._first, self._last = CodeEdit("leaks_first", longest=10), CodeEdit("leaks_last", longest=10)
        self._fault = Words("", "body", "danger")
        self._told, self._said = Words("", "muted"), Words("", "body", wrap=True)
        self._note, self._problem = Words("", "body", "success"), Words("", "body", "danger", wrap=True)
        self._wait = Words("", "muted")
        self._heat = HeatTable("leaks_heat")
        self._list = RowList(
            "leaks_list",
            [
                Column(name, translate(f"leaks.field.{name}"), width, right=name == "amount")
                for name, width in _WIDTHS.items()
            ],
        )
        self._title = Words("", "heading")
        self._entry = Card(margin=24, spacing=12)
        self._entry_title = Words("", "heading")
        self._pairs = QGridLayout()
        self._shown: Detail | None = None
        self._stack, self._scroll = QStackedWidget(), QScrollArea()
        self._empty = EmptyState(
            "shield-check", translate("leaks.empty.title"), translate("leaks.empty.text")
        )
        self._timer = QTimer(self)
        self._timer.setInterval(WORTH_TELLING_MS)
        self._timer.timeout.connect(self._tell_progress)
        self._export = self._button(EXPORT, "download", self._ask_where)
        self._receipt = self._button(RECEIPT, "receipt-text", self._open_receipt)
        self._back = self._button(BACK, "arrow-left", self._go_back)
        self._lay_out()
        self._bind()

    def opened(self, args: object) -> None:
        """Read the dates anew."""
        self._presenter.open()
        self._focus()

    # -- Lay-out -----------------------------------------------------------------------------------------

    def _chip(self, words: str, name: str) -> FilterChip:
        chip = FilterChip(translate(words))
        chip.setObjectName(name)
        return chip

    def _button(self, action: Action, icon: str, run: object) -> KeyButton:
        button = KeyButton(translate(action.label), self._shell.keys.key_of(action), icon=icon, kind="quiet")
        button.setObjectName(action.id.replace(".", "_"))
        button.clicked.connect(run)
        return button

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = PageHead(translate("leaks.screen.title"))
        head.add(self._back)
        head.add(self._receipt)
        head.add(self._export)
        layout.addWidget(head)
        body = QVBoxLayout()
        body.setContentsMargins(24, 8, 24, 16)
        body.setSpacing(12)
        body.addLayout(self._filters())
        told = QHBoxLayout()
        for label, name in ((self._told, "told"), (self._wait, "wait"), (self._note, "note")):
            label.setObjectName(f"leaks_{name}")
            told.addWidget(label)
        told.addStretch(1)
        body.addLayout(told)
        self._problem.setObjectName("leaks_problem")
        body.addWidget(self._problem)
        for widget in (self._table(), self._entries(), self._detail(), self._nothing()):
            self._stack.addWidget(widget)
        body.addWidget(self._stack, 1)
        layout.addLayout(body, 1)
        self.setFocusProxy(self._heat)

    def _filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for span, chip in self._spans.items():
            chip.clicked.connect(lambda _on=False, span=span: self._choose(span))
            row.addWidget(chip)
        for edit, label in ((self._first, "first"), (self._last, "last")):
            edit.setFixedWidth(112)
            edit.setAccessibleName(translate(f"leaks.field.{label}"))
            edit.setPlaceholderText("2026-11-01")
            edit.returnPressed.connect(self._enter_dates)
            row.addWidget(edit)
        self._fault.setObjectName("leaks_fault")
        row.addWidget(self._fault)
        row.addStretch(1)
        for by, chip in self._by.items():
            chip.clicked.connect(lambda _on=False, by=by: self._presenter.turn(by))
            row.addWidget(chip)
        self._approvers.clicked.connect(lambda on: self._presenter.show_approvers(on))
        row.addWidget(self._approvers)
        return row

    def _table(self) -> QWidget:
        card = Card(spacing=0)
        card.body.setContentsMargins(1, 6, 1, 4)
        self._heat.setAccessibleName(translate("leaks.screen.title"))
        self._heat.chosen.connect(self._presenter.drill)
        self._heat.said.connect(self._said.setText)
        card.body.addWidget(self._heat, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(12, 10, 12, 10)
        self._said.setObjectName("leaks_said")
        foot.addWidget(self._said)
        foot.addWidget(Words(translate("leaks.table.legend"), "secondary", wrap=True))
        card.body.addLayout(foot)
        return card

    def _entries(self) -> QWidget:
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        self._title.setObjectName("leaks_title")
        box.addWidget(self._title)
        self._list.setAccessibleName(translate("leaks.list.name"))
        self._list.chosen.connect(self._presenter.look)
        box.addWidget(list_card(self._list), 1)
        return page

    def _detail(self) -> QWidget:
        scroll = self._scroll
        scroll.setWidgetResizable(True)
        scroll.setObjectName("leaks_entry")
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(0, 0, 0, 0)
        self._entry_title.setObjectName("leaks_entry_title")
        self._entry.body.addWidget(self._entry_title)
        self._pairs.setHorizontalSpacing(24)
        self._pairs.setVerticalSpacing(8)
        self._pairs.setColumnStretch(1, 1)
        self._entry.body.addLayout(self._pairs)
        box.addWidget(self._entry)
        box.addStretch(1)
        scroll.setWidget(inside)
        return scroll

    def _nothing(self) -> QWidget:
        card = Card()
        card.body.addWidget(self._empty)
        return card

    def _bind(self) -> None:
        keys, presenter = self._shell.keys, self._presenter
        keys.bind(LEAKS, EXPORT, self._ask_where, self._may_export)
        keys.bind(LEAKS, TURN, self._turn)
        keys.bind(LEAKS, APPROVERS, lambda: presenter.show_approvers(not presenter.state.by_approver))
        keys.bind(LEAKS, RECEIPT, self._open_receipt, self._has_receipt)
        keys.bind(LEAKS, BACK, self._go_back, lambda: self._step_back_possible())

    # -- Intents -----------------------------------------------------------------------------------------

    def _choose(self, span: Span) -> None:
        self._presenter.choose(span)
        if span is Span.OWN:
            self._first.setFocus()
            self._first.selectAll()

    def _enter_dates(self) -> None:
        self._presenter.enter_dates(self._first.text(), self._last.text())
        if not self._presenter.state.fault:
            self._heat.setFocus()

    def _turn(self) -> None:
        self._presenter.turn(By.HOUR if self._presenter.state.by is By.KIND else By.KIND)

    def _step_back_possible(self) -> bool:
        state = self._presenter.state
        return state.busy or state.detail is not None or bool(state.title)

    def _go_back(self) -> None:
        self._presenter.back()
        self._focus()

    def _focus(self) -> None:
        state = self._presenter.state
        if state.detail is not None:
            self._scroll.setFocus()
        elif state.title:
            self._list.setFocus()
        elif not self._first.hasFocus() and not self._last.hasFocus():
            self._heat.setFocus()

    def _has_receipt(self) -> bool:
        detail = self._presenter.state.detail
        return detail is not None and bool(detail.number)

    def _open_receipt(self) -> None:
        detail = self._presenter.state.detail
        if detail is not None and detail.number and self._shell.navigation.has(RETURNS):
            self._shell.navigation.open(RETURNS, {"number": detail.number})

    def _may_export(self) -> bool:
        state = self._presenter.state
        return not state.busy and bool(state.heat.rows)

    def _ask_where(self) -> None:
        if not self._may_export():
            return
        state = self._presenter.state
        name = translate("leaks.export.name", first=state.first, last=state.last) + ".xlsx"
        self._shell.dialogs.save_file(
            translate("leaks.action.export"),
            name,
            "Excel (*.xlsx);;CSV (*.csv)",
            lambda path: self._presenter.export(path) if path is not None else None,
        )

    def _tell_progress(self) -> None:
        self._wait.setText(translate("leaks.note.reading", percent=self._presenter.progress()))

    # -- Drawing -----------------------------------------------------------------------------------------

    def show_state(self, state: State) -> None:
        """Draw the state."""
        for span, chip in self._spans.items():
            chip.setChecked(span is state.span)
        for by, chip in self._by.items():
            chip.setChecked(by is state.by)
        self._approvers.setChecked(state.by_approver)
        for edit, text in ((self._first, state.first), (self._last, state.last)):
            edit.setVisible(state.span is Span.OWN)
            if edit.text() != text:
                edit.setText(text)
        self._fault.setText(state.fault)
        self._told.setText(state.told)
        self._note.setText(state.note)
        self._problem.setText(state.problem)
        self._problem.setVisible(bool(state.problem))
        self._show_busy(state)
        self._heat.show_heat(state.heat)
        self._title.setText(state.title)
        rows = [Row(row.place, tuple(Cell(text) for text in row.cells)) for row in state.entries]
        if rows != list(self._list.rows()):
            self._list.set_rows(rows)
            self._list.set_current(0)
        self._show_detail(state.detail)
        self._show_level(state)

    def _show_busy(self, state: State) -> None:
        if state.busy and not self._timer.isActive():
            self._timer.start()
        elif not state.busy:
            self._timer.stop()
            self._wait.setText("")
        self._export.setEnabled(self._may_export())

    def _show_level(self, state: State) -> None:
        if state.detail is not None:
            level = _ENTRY
        elif state.title:
            level = _LIST
        else:
            level = _TABLE if state.heat.rows or not state.ready else _EMPTY
        changed = level != self._stack.currentIndex()
        self._stack.setCurrentIndex(level)
        self._back.setVisible(level in (_LIST, _ENTRY))
        self._receipt.setVisible(self._has_receipt())
        if changed and self.isVisible():
            self._focus()

    def _show_detail(self, detail: Detail | None) -> None:
        if detail is None or detail == self._shown:
            return
        self._shown = detail
        self._entry_title.setText(detail.title)
        while (item := self._pairs.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for row, (name, value) in enumerate(detail.pairs):
            top = Qt.AlignmentFlag.AlignTop
            self._pairs.addWidget(Words(name, "muted"), row, 0, top)
            self._pairs.addWidget(Words(value, "body", wrap=True), row, 1, top)
