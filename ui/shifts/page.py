"""The page of shifts: the open shift and its acts on the left, the task in hand on the right."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from pos_app.domain.shifts import Shift
from pos_app.services.acting import Actor
from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import Card, EmptyState, PageHead, list_card
from ui.kit.labels import Words
from ui.kit.lists import Cell, Column, Row, RowList
from ui.shell.counter import Counter
from ui.shell.keys import Action
from ui.shell.screens import ScreenContext, ScreenId
from ui.shell.till_line import tell_till
from ui.shifts.forms import clear
from ui.shifts.panel import TaskPanel
from ui.shifts.presenter import Doors, ShiftsPresenter
from ui.shifts.state import State, Task

SHIFTS, SALES = ScreenId("shifts"), ScreenId("sales")
TASKS = (
    (Action("shifts.cash_in", "F2", "shifts.action.cash_in"), Task.CASH_IN),
    (Action("shifts.cash_out", "F3", "shifts.action.cash_out"), Task.CASH_OUT),
    (Action("shifts.x", "F4", "shifts.action.x"), Task.X),
    (Action("shifts.drawer", "F6", "shifts.action.drawer"), Task.DRAWER),
    (Action("shifts.hand_over", "F9", "shifts.action.hand_over"), Task.TAKER),
    (Action("shifts.close", "F12", "shifts.action.close"), Task.COUNT),
)
DAILY = Action("shifts.daily", "F7", "shifts.action.daily")
UNCOUNTED = Action("shifts.uncounted", "F9", "shifts.action.uncounted")
DAYS = (
    (Action("shifts.day_before", "Left", "shifts.action.day_before"), -1),
    (Action("shifts.day_after", "Right", "shifts.action.day_after"), 1),
)
FIELDS = (
    (Action("shifts.field_up", "Up", "shifts.action.field_up"), -1),
    (Action("shifts.field_down", "Down", "shifts.action.field_down"), 1),
)
PAGES = (
    (Action("shifts.page_up", "PgUp", "shifts.action.page_up"), -1),
    (Action("shifts.page_down", "PgDown", "shifts.action.page_down"), 1),
)
LEAVE = Action("shifts.leave", "Esc", "shifts.action.leave")
WAY = Action("shifts.way", "F8", "shifts.action.way")
TO_COUNT = Action("shifts.drawer_to_count", "F6", "shifts.action.drawer_to_count")
PRINT = Action("shifts.print", "F11", "shifts.action.reprint")
ACT = Action("shifts.act", "Return", "shifts.action.act")
ACT_PAD = Action("shifts.act_pad", "Enter", "shifts.action.act")
_HELD = frozenset({Task.COUNT, Task.REVIEW, Task.TAKER})
"""While a count is under way the other tasks' keys are silent: Esc leaves it first."""
_IN_A_ROW = 3


class ShiftsPage(QWidget):
    """Shows the state of `ShiftsPresenter`."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._shell = context.shell
        self._counter: Counter = context.services
        doors = Doors(self._tell, self._refused, self._ready_to_sell, self._taken_over)
        self._presenter = ShiftsPresenter(self._counter, doors, self.show_state)
        self._panel = TaskPanel(self._presenter, self._to_sell, self._print)
        self._banner = Card(margin=12)
        self._banner_words = Words("", "body", "warning", wrap=True)
        self._heading = QGridLayout()
        self._head = PageHead(translate("shifts.screen.title"))
        self._day = KeyButton(translate("shifts.action.daily"), "F7", icon="file-text", kind="quiet")
        self._tasks: list[tuple[KeyButton, Task]] = []
        self._list = self._make_list()
        self._bind()
        self._lay_out()
        # Without this the first field found would get the focus, also one that the task in hand does not show.
        self._panel.setObjectName("shifts_panel")
        self.setFocusProxy(self._panel)

    def opened(self, args: object) -> None:
        """Read the shift anew."""
        self._presenter.open()

    def _bind(self) -> None:
        keys = self._shell.keys
        for action, task in TASKS:
            run = self._chooser(task)
            keys.bind(SHIFTS, action, run, self._may_choose)
            kind = "primary" if task is Task.COUNT else "plain"
            button = KeyButton(translate(action.label), keys.key_of(action), kind=kind)  # type: ignore[arg-type]
            button.setObjectName(action.id.replace(".", "_"))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(run)
            self._tasks.append((button, task))
        presenter = self._presenter
        keys.bind(SHIFTS, TO_COUNT, presenter.open_drawer_to_count, lambda: self._task() is Task.COUNT)
        self._bind_day()
        keys.bind(SHIFTS, UNCOUNTED, presenter.skip_count, self._may_skip)
        for action, step in FIELDS:
            keys.bind(SHIFTS, action, partial(self._panel.step, step), self._panel.takes_arrows)
        for action, step in PAGES:
            keys.bind(SHIFTS, action, partial(self._panel.turn, step))
        keys.bind(SHIFTS, WAY, presenter.switch_way, lambda: self._task() is Task.COUNT)
        keys.bind(SHIFTS, LEAVE, presenter.leave, lambda: self._task() not in (Task.IDLE, Task.FLOAT))
        keys.bind(SHIFTS, PRINT, self._print, self._may_print)
        for action in (ACT, ACT_PAD):
            keys.bind(SHIFTS, action, self._panel.enter, self._panel.takes_enter)

    def _bind_day(self) -> None:
        keys, presenter = self._shell.keys, self._presenter
        show = self._chooser(Task.DAILY)
        keys.bind(SHIFTS, DAILY, show, lambda: self._task() not in _HELD)
        self._day.setObjectName("shifts_daily")
        self._day.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._day.clicked.connect(show)
        self._head.add(self._day)
        for action, step in DAYS:
            keys.bind(SHIFTS, action, partial(presenter.turn_day, step), lambda: self._task() is Task.DAILY)

    def _task(self) -> Task:
        return self._presenter.state.task

    def _refused(self) -> None:
        self._shell.tones.sound("refused")

    def _may_skip(self) -> bool:
        return self._task() is Task.COUNT and self._presenter.state.handing

    def _may_choose(self) -> bool:
        return self._presenter.state.is_open and self._task() not in _HELD

    def _chooser(self, task: Task) -> Callable[[], None]:
        return lambda: self._presenter.choose(task)

    def _make_list(self) -> RowList:
        columns = (
            Column("number", translate("shifts.list.number"), 72),
            Column("day", translate("shifts.list.day")),
            Column("closed_at", translate("shifts.list.closed_at"), 144),
            Column("sales", translate("shifts.list.sales"), 120, right=True),
            Column("variance", translate("shifts.list.variance"), 128, right=True),
        )
        words = (translate("shifts.list.empty"), translate("shifts.list.empty_text"))
        rows = RowList("shifts_zs", columns, EmptyState("file-text", *words))
        rows.setAccessibleName(translate("shifts.list.title"))
        rows.chosen.connect(self._presenter.show_z)
        return rows

    def _lay_out(self) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self._head)
        body = QVBoxLayout()
        body.setContentsMargins(24, 8, 24, 24)
        body.setSpacing(12)
        self._banner_words.setObjectName("shifts_banner")
        self._banner.setProperty("notice", "warning")
        self._banner.body.addWidget(self._banner_words)
        body.addWidget(self._banner)
        self._shift_card = Card()
        self._heading.setHorizontalSpacing(32)
        self._heading.setColumnStretch(8, 1)
        self._shift_card.body.addLayout(self._heading)
        acts = QGridLayout()
        acts.setSpacing(8)
        for place, (button, _) in enumerate(self._tasks):
            # In one row the longer words of another language would be cut.
            acts.addWidget(button, place // _IN_A_ROW, place % _IN_A_ROW)
        acts.setColumnStretch(_IN_A_ROW, 1)
        self._shift_card.body.addSpacing(4)
        self._shift_card.body.addLayout(acts)
        body.addWidget(self._shift_card)
        body.addWidget(Words(translate("shifts.list.title"), "heading"))
        body.addWidget(list_card(self._list), 1)
        left.addLayout(body, 1)
        outer.addLayout(left, 1)
        outer.addWidget(self._panel)

    def show_state(self, state: State) -> None:
        """Draw the state."""
        self._banner_words.setText(state.banner)
        self._banner.setVisible(bool(state.banner))
        self._shift_card.setVisible(bool(state.heading))
        clear(self._heading)
        for place, figure in enumerate(state.heading):
            self._heading.addWidget(Words(figure.label, "secondary"), 0, place)
            self._heading.addWidget(Words(figure.value, "emphasis"), 1, place)
        self._day.setEnabled(state.task not in _HELD and not state.busy)
        for button, _ in self._tasks:
            button.setVisible(state.is_open)
            button.setEnabled(state.task not in _HELD and not state.busy)
        rows = [
            Row(
                z.shift_id,
                (
                    Cell(z.number, strong=True),
                    Cell(z.day),
                    Cell(z.closed_at, "muted"),
                    Cell(z.sales),
                    Cell(z.variance, "danger" if z.variance_tone == "danger" else "muted"),
                ),
            )
            for z in state.zs
        ]
        self._list.set_rows(rows)
        self._panel.show_state(state)

    def _may_print(self) -> bool:
        state = self._presenter.state
        if self._task() is Task.X:
            return state.shows_cash
        if self._task() is Task.DAILY:
            return not state.is_empty
        return self._task() not in _HELD and self._chosen_z() is not None

    def _chosen_z(self) -> object:
        if self._task() is Task.CLOSED and self._list.rows():
            return self._list.rows()[0].key
        return self._list.current_key()

    def _print(self) -> None:
        if self._task() is Task.X:
            self._presenter.print_x()
        elif self._task() is Task.DAILY:
            self._presenter.print_day()
        elif (shift := self._chosen_z()) is not None:
            self._presenter.reprint_z(shift)  # type: ignore[arg-type]

    def _to_sell(self) -> None:
        if self._shell.navigation.may_open(SALES):
            self._shell.navigation.open(SALES)

    def _ready_to_sell(self) -> None:
        self._shell.notices.success(translate("shifts.note.opened"))
        self._to_sell()

    def _taken_over(self, taker: Actor, shift: Shift, words: str) -> None:
        """Let the till be hers who took it over: every page is built anew for her."""
        shell, counter = self._shell, self._counter
        shell.forget_pages()
        # She may open other screens than who was here before.
        shell.refresh()
        tell_till(shell, counter, shift)
        shell.notices.success(words)
        wanted = SALES if shell.navigation.may_open(SALES) else SHIFTS
        shell.navigation.open(wanted)

    def _tell(self, shift: Shift | None) -> None:
        tell_till(self._shell, self._counter, shift)
