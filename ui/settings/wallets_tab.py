"""The tab of payment codes: a card for each wallet, with its numbers, its keys, and a button to try them."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from pos_app.domain.payments.settings import WALLETS
from pos_app.domain.sales.tenders import TenderKind
from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import Card
from ui.kit.fields import CodeEdit, Field, NoteEdit, TickEdit
from ui.kit.labels import Words
from ui.kit.scroll import FormScroll
from ui.settings.inputs import TopGrid, put, value_of
from ui.settings.save_head import SaveActs, SaveHead, save_and_leave
from ui.settings.wallets_presenter import (
    KEYS,
    ROWS,
    State,
    WalletDoors,
    WalletForm,
    WalletsPresenter,
    WalletState,
)
from ui.shell.counter import Counter
from ui.shell.screens import ScreenContext
from ui.shell.window import Shell

SCOPE = "settings.wallets"
ACTIONS = save_and_leave(SCOPE)
_KEY_PX, _LONGEST = 60, 200
_HINTS = ("address", "digits")
_PATTERN = "PEM (*.pem *.key *.txt *.crt *.cer);;* (*)"


class WalletCard(Card):
    """Shows one wallet's state."""

    def __init__(self, kind: TenderKind, presenter: WalletsPresenter, shell: Shell) -> None:
        super().__init__()
        self._kind, self._presenter, self._shell = kind, presenter, shell
        self._filling = False
        self._inputs: dict[str, QWidget] = {}
        self._fields: dict[str, Field] = {}
        self._kept = Words("", "muted", wrap=True)
        self._tried = Words("", "body", wrap=True)
        self._tried.setObjectName(f"wallet_tried_{kind.value}")
        self._try = KeyButton(translate("wallets.action.try"), icon="refresh-cw")
        self._try.setObjectName(f"wallet_try_{kind.value}")
        self._try.clicked.connect(lambda: presenter.try_out(kind))
        self._lay_out()

    def _lay_out(self) -> None:
        kind = self._kind.value
        self.body.addWidget(Words(translate(f"wallets.title.{kind}"), "heading"))
        tick = TickEdit(f"wallet_enabled_{kind}", translate(f"wallets.field.enabled_{kind}"))
        tick.clicked.connect(self._read)
        self._inputs["enabled"] = tick
        self.body.addWidget(tick)
        grid = TopGrid()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        for row, names in enumerate(ROWS[self._kind]):
            for column, name in enumerate(names):
                edit = CodeEdit(f"wallet_{name}_{kind}", longest=_LONGEST)
                edit.textEdited.connect(self._read)
                hint = translate(f"wallets.hint.{name}") if name in _HINTS else ""
                grid.place(self._keep(name, edit, hint), row, column, 3 - len(names))
        self.body.addLayout(grid)
        for name in KEYS:
            self.body.addLayout(self._key(name))
        self.body.addWidget(self._kept)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self._try, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self._tried, 1)
        self.body.addLayout(foot)

    def _key(self, name: str) -> QHBoxLayout:
        """Return a box to paste a key into, with a way to take it from a file."""
        kind = self._kind.value
        edit = NoteEdit(f"wallet_{name}_{kind}", placeholder=translate("wallets.hint.paste"))
        edit.setFixedHeight(_KEY_PX)
        edit.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        edit.textChanged.connect(self._read)
        choose = KeyButton(translate("wallets.action.file"), icon="upload", kind="quiet")
        choose.setObjectName(f"wallet_file_{name}_{kind}")
        choose.clicked.connect(partial(self._choose, name))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._keep(name, edit, ""), 1)
        row.addWidget(choose, 0, Qt.AlignmentFlag.AlignVCenter)
        return row

    def _keep(self, name: str, edit: QWidget, hint: str) -> Field:
        code = f"wallets.field.{name}_{self._kind.value}" if name in KEYS else f"wallets.field.{name}"
        words = translate(code)
        edit.setAccessibleName(words)
        self._inputs[name] = edit
        self._fields[name] = Field(words, edit, hint=hint)
        return self._fields[name]

    def _choose(self, name: str) -> None:
        title = self._fields[name].accessibleName() or translate("wallets.action.file")
        self._shell.dialogs.open_file(
            title, _PATTERN, lambda path: self._presenter.take_file(self._kind, name, path)
        )

    def _read(self, *_signal: object) -> None:
        if not self._filling:
            values = {name: value_of(edit) for name, edit in self._inputs.items()}
            self._presenter.edit(self._kind, WalletForm(**values))  # type: ignore[arg-type]

    def show_wallet(self, state: WalletState, busy: bool) -> None:
        """Draw the state."""
        self._filling = True
        for name, edit in self._inputs.items():
            put(edit, getattr(state.form, name))
            if isinstance(edit, CodeEdit) and not edit.hasFocus():
                # Serial numbers are longer than their field: what is read first is their beginning.
                edit.setCursorPosition(0)
        errors = dict(state.errors)
        for name, field in self._fields.items():
            field.set_error(errors.get(name, ""))
        self._kept.setText(translate("wallets.note.kept" if state.has_keys else "wallets.note.no_keys"))
        self._tried.setText(state.tried)
        self._tried.set_tone({"success": "success", "danger": "danger"}.get(state.tried_tone, "muted"))  # type: ignore[arg-type]
        self._try.setEnabled(not busy)
        self._filling = False


class WalletsTab(QWidget):
    """Shows the state of `WalletsPresenter`."""

    def __init__(self, context: ScreenContext, doors: WalletDoors) -> None:
        super().__init__()
        counter: Counter = context.services
        self._cards: dict[TenderKind, WalletCard] = {}
        self.presenter = act = WalletsPresenter(counter, doors, self.show_state)
        acts = SaveActs(act.save, act.revert, lambda: act.state.changed)
        self._head = SaveHead(translate("settings.tab.wallets"), SCOPE, context.shell.keys, ACTIONS, acts)
        for kind in WALLETS:
            self._cards[kind] = WalletCard(kind, self.presenter, context.shell)
        self._lay_out()
        self.show_state(self.presenter.state)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addWidget(self._head)
        inside = QWidget()
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(24, 0, 24, 24)
        columns.setSpacing(16)
        for card in self._cards.values():
            columns.addWidget(card, 1, Qt.AlignmentFlag.AlignTop)
        scroll = FormScroll()
        scroll.setObjectName("settings_wallets_scroll")
        scroll.setWidget(inside)
        outer.addWidget(scroll, 1)

    def opened(self, args: object) -> None:
        """Show what is set."""
        self.presenter.open()

    def show_state(self, state: State) -> None:
        """Draw the state."""
        for kind, wallet in state.wallets:
            if kind in self._cards:
                self._cards[kind].show_wallet(wallet, state.busy)
        self._head.show_standing(state)
