"""The tab of keys and sounds: every action with its key on the left, the one in hand and the tones on the right."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import EmptyState, PageHead, Panel, divider, list_card
from ui.kit.fields import CodeEdit
from ui.kit.labels import Words
from ui.kit.lists import Cell, Column, Row, RowList
from ui.settings.keys_presenter import Bound, Carried, KeyDoors, KeyRow, KeysPresenter, State
from ui.settings.sounds_card import SoundsCard
from ui.shell.counter import Counter
from ui.shell.help import KeyCap
from ui.shell.keys import EVERYWHERE, Action
from ui.shell.screens import Screen, ScreenContext

SCOPE = "settings.keys"
CHANGE = Action("settings.keys_change", "F2", "settings.keys.change")
UNDO = Action("settings.keys_undo", "Ctrl+Z", "settings.keys.undo")
CANCEL = Action("settings.keys_cancel", "Esc", "common.action.cancel")
_INSIDE = ("sales.pay", "sales.ask")


class KeysTab(QWidget):
    """Shows the state of `KeysPresenter`."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._shell = context.shell
        counter: Counter = context.services
        doors = KeyDoors(
            bound=self._bound,
            capture=self._shell.keys.capture,
            shown=self._shell.keys.shown,
            apply=self._shell.change_keys,
        )
        self.presenter = KeysPresenter(counter, doors, self.show_state)
        self._search = CodeEdit("keys_search", placeholder=translate("settings.keys.search"), longest=40)
        self._list = RowList("keys_list", _columns(), EmptyState("keyboard", translate("settings.keys.none")))
        self._count = Words("", "muted")
        self._note, self._clashes = (
            Words("", "body", "success", wrap=True),
            Words("", "body", "warning", wrap=True),
        )
        self._title, self._where = Words("", "heading", wrap=True), Words("", "muted")
        self._cap: KeyCap | None = None
        self._problem = Words("", "body", "danger", wrap=True)
        self._question = Words("", "body", "warning", wrap=True)
        self._waiting = Words(translate("settings.keys.waiting"), "emphasis", "primary", wrap=True)
        self._change = self._button(CHANGE, self.presenter.change, "primary")
        self._undo = self._button(UNDO, self.presenter.undo, "quiet")
        self._take_over = self._plain("take_over", self.presenter.confirm, "primary")
        self._leave = self._plain("leave", self.presenter.cancel)
        self._none = self._plain("take_away", self.presenter.take_away)
        self._default = self._plain("reset", self.presenter.reset)
        self._all = self._plain("reset_all", self.presenter.reset_all, "quiet")
        self._waits_for: list[Screen] = []
        self._lay_out(counter)
        self._bind()

    def _button(self, action: Action, run: object, kind: str) -> KeyButton:
        button = KeyButton(translate(action.label), self._shell.keys.key_of(action), kind=kind)  # type: ignore[arg-type]
        button.setObjectName(action.id.replace(".", "_"))
        button.clicked.connect(run)
        return button

    def _plain(self, name: str, run: object, kind: str = "plain") -> KeyButton:
        button = KeyButton(translate(f"settings.keys.{name}"), "", kind=kind)  # type: ignore[arg-type]
        button.setObjectName(f"settings_keys_{name}")
        button.clicked.connect(run)
        return button

    def _bind(self) -> None:
        keys, act = self._shell.keys, self.presenter
        keys.bind(SCOPE, CHANGE, act.change, lambda: act.state.chosen is not None)
        keys.bind(SCOPE, UNDO, act.undo, lambda: act.state.may_undo)
        keys.bind(SCOPE, CANCEL, act.cancel, lambda: bool(act.state.question or act.state.problem))
        self._search.textChanged.connect(act.search)
        self._list.moved.connect(act.choose)
        self._list.chosen.connect(lambda _key: act.change())

    # -- Lay-out -----------------------------------------------------------------------------------------

    def _lay_out(self, counter: Counter) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(8)
        head = PageHead(translate("settings.keys.title"))
        for widget in (self._count, self._undo, self._all):
            head.add(widget)
        left.addWidget(head)
        inside = QVBoxLayout()
        inside.setContentsMargins(24, 0, 24, 24)
        inside.setSpacing(8)
        self._list.setAccessibleName(translate("settings.keys.title"))
        inside.addWidget(self._search)
        for words in (self._note, self._clashes):
            inside.addWidget(words)
        inside.addWidget(list_card(self._list), 1)
        left.addLayout(inside, 1)
        outer.addLayout(left, 1)
        outer.addWidget(self._side(counter))

    def _side(self, counter: Counter) -> Panel:
        panel = Panel()
        self._cap_row = QHBoxLayout()
        self._cap_row.addWidget(self._title, 1)
        panel.body.addLayout(self._cap_row)
        panel.body.addWidget(self._where)
        for name, words in (
            ("problem", self._problem),
            ("question", self._question),
            ("waiting", self._waiting),
        ):
            words.setObjectName(f"settings_keys_{name}")
            panel.body.addWidget(words)
        for button in (self._take_over, self._leave, self._change, self._none, self._default):
            panel.body.addWidget(button)
        panel.body.addStretch(1)
        panel.body.addWidget(divider())
        panel.body.addWidget(SoundsCard(counter, self._shell.tones))
        return panel

    # -- From the tabs -----------------------------------------------------------------------------------

    def opened(self, args: object) -> None:
        """Show what is known, and get to know the keys of pages that nobody opened yet, one after another."""
        self.presenter.open()
        self._waits_for = list(self._shell.navigation.screens())
        QTimer.singleShot(0, self, self._look_at_next)

    def carry(self) -> Carried:
        """Return what is lost when every page says its keys anew."""
        return self.presenter.carry()

    def take_over(self, carried: Carried) -> None:
        """Go on with it; the page of the action at hand is built first, or its row would be missing for a moment."""
        self._search.setText(carried.search)
        self.presenter.take_over(carried)
        for screen in self._shell.navigation.screens():
            if carried.chosen.startswith(f"{screen.id}.") and not self.presenter.knows(screen.id):
                self._shell.prepare(screen)
                self.presenter.open()
        keys = [row.key for row in self._list.rows()]
        self._list.set_current(keys.index(carried.chosen) if carried.chosen in keys else -1)
        (self._list.view if keys else self._search).setFocus()

    def _look_at_next(self) -> None:
        self._waits_for = [screen for screen in self._waits_for if not self.presenter.knows(screen.id)]
        if not self._waits_for or not self.isVisible():
            return
        screen = self._waits_for.pop(0)
        self._shell.prepare(screen)
        self.presenter.open()
        QTimer.singleShot(0, self, self._look_at_next)

    def _bound(self) -> list[Bound]:
        titles = {str(screen.id): translate(screen.title) for screen in self._shell.navigation.screens()}
        found = []
        for scope, action in self._shell.keys.bound():
            page = scope.partition(".")[0]
            if scope == EVERYWHERE:
                where = translate("settings.keys.everywhere")
            elif page not in titles:
                continue
            else:
                where = titles[page]
                if scope in _INSIDE:
                    where += f" · {translate('settings.keys.inside_' + scope.partition('.')[2])}"
            found.append(Bound(scope, where, action.id, action.label, action.key))
        return found

    # -- Drawing -----------------------------------------------------------------------------------------

    def show_state(self, state: State) -> None:
        """Draw the state."""
        self._list.set_rows([_row(row) for row in state.rows])
        self._count.setText(state.count)
        for words, text in ((self._note, state.note), (self._clashes, state.clashes)):
            words.setText(text)
            words.setVisible(bool(text))
        self._undo.setVisible(state.may_undo)
        self._all.setVisible(state.any_changed)
        self._show_chosen(state)

    def _show_chosen(self, state: State) -> None:
        row = state.chosen
        self._title.setText(row.words if row is not None else translate("settings.keys.choose"))
        self._where.setText(row.where if row is not None else "")
        if self._cap is not None:
            self._cap_row.removeWidget(self._cap)
            self._cap.deleteLater()
            self._cap = None
        if row is not None and row.key:
            self._cap = KeyCap(row.key)
            self._cap_row.addWidget(self._cap)
        for words, text in ((self._problem, state.problem), (self._question, state.question)):
            words.setText(text)
            words.setVisible(bool(text))
        idle = row is not None and not state.waiting and not state.question
        self._waiting.setVisible(state.waiting)
        self._take_over.setVisible(bool(state.question))
        self._leave.setVisible(bool(state.question))
        self._change.setVisible(idle)
        self._none.setVisible(idle and row is not None and bool(row.key))
        self._default.setVisible(idle and row is not None and row.changed)


def _columns() -> tuple[Column, ...]:
    return (
        Column("action", translate("settings.keys.action")),
        Column("where", translate("settings.keys.where"), 168),
        Column("key", translate("settings.keys.key"), 136),
        Column("default", translate("settings.keys.default"), 136),
    )


def _row(row: KeyRow) -> Row:
    key = row.key or translate("settings.keys.no_key")
    tone = "warning" if not row.alone else "primary" if row.changed else "text" if row.key else "disabled"
    cells = (
        Cell(row.words),
        Cell(row.where, "muted"),
        Cell(key, tone, strong=row.changed),  # type: ignore[arg-type]
        Cell(row.default, "muted"),
    )
    return Row(row.action, cells)
