"""The parts of the returns page around the lines: the sale's head, the panel with the money, what was done.

Decides nothing; shows parts of the presenter's state.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import BigButton, FilterChip, KeyButton
from ui.kit.cards import Card, Panel, divider
from ui.kit.labels import ElidedWords, Words
from ui.returns.rows import MoneyBack, SaleCard
from ui.returns.state import State


class Intents(Protocol):
    """What the panel's buttons ask for."""

    def confirm(self) -> None:
        """Give the money back."""

    def toggle(self) -> None:
        """All of the line, or nothing."""

    def toggle_all(self) -> None:
        """All of the sale, or nothing."""

    def step(self, by: int) -> None:
        """More or fewer."""

    def choose_reason(self, code: str) -> None:
        """Say why."""

    def open_original(self) -> None:
        """Show the sale behind a return."""


def _named(button: QAbstractButton, name: str) -> None:
    button.setObjectName(name)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)


class SaleHead(Card):
    """Which sale is open: number, kind, when, by whom, for whom, how much."""

    def __init__(self) -> None:
        super().__init__(spacing=4)
        self.setObjectName("returns_sale")
        self._number, self._kind = Words("", "heading"), Words("", "muted")
        self._state = Words("", "strong", "warning")
        self._total, self._told = Words("", "heading"), ElidedWords("", "muted")
        top = QHBoxLayout()
        top.setSpacing(12)
        for widget in (self._number, self._kind, self._state):
            top.addWidget(widget)
        top.addStretch(1)
        top.addWidget(self._total)
        self.body.addLayout(top)
        self.body.addWidget(self._told)

    def show_card(self, card: SaleCard) -> None:
        """Show a sale's head."""
        for label, words in (
            (self._number, card.number),
            (self._kind, card.kind),
            (self._state, card.state),
            (self._total, card.total),
            (self._told, card.told),
        ):
            label.setText(words)
        self._state.setVisible(bool(card.state))


class MoneyLines(QWidget):
    """To which tenders money goes, an amount each, and under it what the cashier does for it."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(4)
        self._shown: tuple[MoneyBack, ...] = ()

    def show_money(self, money: tuple[MoneyBack, ...]) -> None:
        """Show these tenders."""
        if money == self._shown:
            return
        self._shown = money
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        row = 0
        for part in money:
            self._grid.addWidget(Words(part.words), row, 0)
            self._grid.addWidget(Words(part.amount, "strong"), row, 1, Qt.AlignmentFlag.AlignRight)
            row += 1
            if part.hint:
                self._grid.addWidget(Words(part.hint, "secondary", wrap=True), row, 0, 1, 2)
                row += 1


class ReturnPanel(Panel):
    """How much comes back, why, and the money that goes back."""

    def __init__(self, reason_keys: Mapping[str, str]) -> None:
        super().__init__()
        self.setObjectName("returns_panel")
        self._chosen = Words("", "muted")
        self.reasons: dict[str, FilterChip] = {}
        self._tools = QWidget()
        self._hint = Words(translate("returns.panel.choose"), "muted", wrap=True)
        self._money, self._total = MoneyLines(), Words("", "due", "primary")
        self._total.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._due = Words(translate("returns.panel.back"), "muted")
        self._problem = Words("", "error", wrap=True)
        self.confirm = BigButton(translate("returns.action.confirm"))
        self.void = KeyButton(translate("returns.action.void"), kind="danger")
        self.copy = KeyButton(translate("returns.action.copy"), icon="printer", kind="quiet")
        self.back = KeyButton(translate("returns.action.back"), kind="quiet")
        self.original = KeyButton(translate("returns.action.original"), icon="receipt-text")
        self.invoice = KeyButton(translate("returns.action.invoice"), icon="file-text")
        self._head()
        self._tool_rows(reason_keys)
        self.body.addStretch(1)
        for widget in (self._money, divider(), self._due, self._total, self._problem, self.confirm):
            self.body.addWidget(widget)
        self.body.addWidget(self.original)
        self.body.addWidget(self.invoice)
        row = QHBoxLayout()
        row.addWidget(self.void)
        row.addWidget(self.copy)
        row.addStretch(1)
        self.body.addLayout(row)
        for name in ("confirm", "void", "copy", "back", "original", "invoice"):
            _named(getattr(self, name), f"returns_{name}")
        self._problem.setObjectName("returns_problem")
        self._total.setObjectName("returns_total")

    def _head(self) -> None:
        row = QHBoxLayout()
        row.addWidget(Words(translate("returns.panel.title"), "heading"))
        row.addWidget(self._chosen)
        row.addStretch(1)
        row.addWidget(self.back)
        self.body.addLayout(row)
        self.body.addWidget(self._hint)

    def _tool_rows(self, reason_keys: Mapping[str, str]) -> None:
        layout = QVBoxLayout(self._tools)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        self.fewer = KeyButton("", "−", icon="minus")
        self.more = KeyButton("", "+", icon="plus")
        self.line = KeyButton(translate("returns.action.line"), "Space")
        self.all = KeyButton(translate("returns.action.all"))
        self.fewer.setAccessibleName(translate("returns.action.fewer"))
        self.more.setAccessibleName(translate("returns.action.more"))
        steps = QGridLayout()
        steps.setSpacing(8)
        for place, name in enumerate(("fewer", "more", "line", "all")):
            button = getattr(self, name)
            _named(button, f"returns_{name}")
            steps.addWidget(button, place // 2, place % 2)
        layout.addLayout(steps)
        layout.addWidget(Words(translate("returns.reason.title"), "secondary"))
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, (code, key) in enumerate(reason_keys.items()):
            chip = FilterChip(f"{translate(f'returns.reason.{code}')}  {key}")
            _named(chip, f"returns_reason_{code}")
            self.reasons[code] = chip
            grid.addWidget(chip, place // 2, place % 2)
        layout.addLayout(grid)
        self.body.addWidget(self._tools)

    def bind(
        self,
        intents: Intents,
        ask_void: Callable[[], None],
        copy: Callable[[], None],
        back: Callable[[], None],
    ) -> None:
        """Let the buttons ask for what they say."""
        self.confirm.clicked.connect(intents.confirm)
        self.void.clicked.connect(ask_void)
        self.copy.clicked.connect(copy)
        self.back.clicked.connect(back)
        self.original.clicked.connect(intents.open_original)
        self.fewer.clicked.connect(lambda: intents.step(-1))
        self.more.clicked.connect(lambda: intents.step(1))
        self.line.clicked.connect(intents.toggle)
        self.all.clicked.connect(intents.toggle_all)
        for code, chip in self.reasons.items():
            chip.clicked.connect(lambda _on=False, code=code: intents.choose_reason(code))

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """Show the keys on the buttons, by action id."""
        for name in ("confirm", "void", "copy", "back", "all", "original", "invoice"):
            button: KeyButton = getattr(self, name)
            button.set_key(keys[f"returns.{name}"])

    def show_state(self, state: State) -> None:
        """Show what is chosen and what it is worth."""
        able = state.can_return
        for widget in (self._tools, self._hint, self._due, self._total, self.confirm):
            widget.setVisible(able)
        self._hint.setVisible(able and not state.money)
        self.void.setVisible(state.can_void)
        self.original.setVisible(state.card is not None and bool(state.card.original))
        self._chosen.setText(state.chosen)
        for code, chip in self.reasons.items():
            chip.setChecked(code == state.reason)
        self._money.show_money(state.money)
        self._total.setText(state.total or "–")
        self._problem.setText(state.problem)
        self._problem.setVisible(bool(state.problem))
        self.confirm.setEnabled(not state.busy)


class DonePanel(QWidget):
    """What was given back, until the next input of any kind."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("returns_done")
        outer = QVBoxLayout(self)
        card = Card(margin=32, spacing=16)
        card.setFixedWidth(480)
        self._hint, self._total = Words("", "muted"), Words("", "due", "primary")
        self._money = MoneyLines()
        card.body.addWidget(Words(translate("returns.panel.given"), "heading"))
        for widget in (self._total, self._money, divider(), self._hint):
            card.body.addWidget(widget)
        self.leave = KeyButton(translate("returns.action.back"), "Enter")
        _named(self.leave, "returns_leave")
        card.body.addWidget(self.leave, 0, Qt.AlignmentFlag.AlignRight)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)

    def show_state(self, state: State) -> None:
        """Show the money and the number of the return."""
        self._total.setText(state.total)
        self._hint.setText(state.hint)
        self._money.show_money(state.money)
