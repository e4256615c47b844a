"""The page of devices: how the printer is, what waits for it, a test page, the drawer."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.devices.mail_card import MailCard
from ui.devices.mail_runner import MailRunner
from ui.devices.presenter import DevicesPresenter, State
from ui.devices.runner import PrintRunner
from ui.kit.buttons import KeyButton
from ui.kit.cards import Card, PageHead
from ui.kit.labels import Tone, Words
from ui.shell.counter import Counter
from ui.shell.dialogs import Prompt, Question
from ui.shell.keys import Action
from ui.shell.screens import ScreenContext, ScreenId

DEVICES = ScreenId("devices")
TEST = Action("devices.test", "F2", "devices.page.test")
ASK = Action("devices.ask", "F5", "devices.page.ask")
CANCEL = Action("devices.cancel", "Ctrl+Del", "devices.page.cancel")
MOVED = Action("devices.moved", "F6", "devices.page.use_moved")
DRAWER = Action("devices.drawer", "Ctrl+D", "devices.page.drawer")


class DevicesPage(QWidget):
    """Shows the state of `DevicesPresenter`."""

    def __init__(self, context: ScreenContext, runner: PrintRunner, mail: MailRunner | None = None) -> None:
        super().__init__()
        counter: Counter = context.services
        self._shell = context.shell
        self._presenter = DevicesPresenter(counter, runner, self.show_state)
        self._grid = QGridLayout()
        self._head = PageHead(translate("devices.page.title"))
        self._status = Words("", "title")
        self._problem = Words("", "body", "danger", wrap=True)
        self._note = Words("", "body", wrap=True)
        self._facts = {name: Words("", "body") for name in ("connection", "paper", "queue")}
        self._buttons = {
            action.id: self._button(action, icon, run)
            for action, icon, run in (
                (TEST, "printer", self._presenter.print_test),
                (ASK, "refresh-cw", self._presenter.ask_again),
                (DRAWER, "archive-restore", self._ask_reason),
                (CANCEL, "trash-2", self._ask_cancel),
            )
        }
        self._moved = Words("", "body", "warning", wrap=True)
        self._use_moved = self._button(MOVED, "refresh-cw", self._presenter.use_moved)
        self._letters = MailCard(counter, mail, self._shell) if mail is not None else None
        self._lay_out()
        self.destroyed.connect(self._presenter.close)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self._buttons[TEST.id])

    def opened(self, args: object) -> None:
        """Begin to watch the printer."""
        self._presenter.open()
        if self._letters is not None:
            self._letters.open()

    def _button(self, action: Action, icon: str, run: Callable[[], None]) -> KeyButton:
        keys = self._shell.keys
        enabled = {CANCEL: self._may_cancel, MOVED: self._has_moved}.get(action, _always)
        keys.bind(DEVICES, action, run, enabled)
        button = KeyButton(translate(action.label), keys.key_of(action), icon=icon)
        button.setObjectName(action.id.replace(".", "_"))
        button.clicked.connect(run)
        return button

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        body = QVBoxLayout()
        body.setContentsMargins(24, 8, 24, 24)
        body.setSpacing(16)
        card = Card(margin=24, spacing=12)
        self._status.setObjectName("devices_status")
        self._problem.setObjectName("devices_problem")
        self._note.setObjectName("devices_note")
        card.body.addWidget(Words(translate("devices.page.printer"), "secondary"))
        card.body.addWidget(self._status)
        card.body.addWidget(self._problem)
        self._moved.setObjectName("devices_moved")
        card.body.addWidget(self._moved)
        card.body.addWidget(self._use_moved, 0, Qt.AlignmentFlag.AlignLeft)
        self._lay_out_facts()
        card.body.addLayout(self._grid)
        card.body.addSpacing(8)
        card.body.addLayout(self._acts())
        card.body.addWidget(self._note)
        body.addWidget(card)
        body.addWidget(Words(translate("devices.page.explained"), "muted", wrap=True))
        if self._letters is not None:
            body.addWidget(self._letters)
        body.addStretch(1)
        inside = QWidget()
        inside.setLayout(body)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        layout.addWidget(scroll, 1)

    def _acts(self) -> QHBoxLayout:
        acts = QHBoxLayout()
        acts.setSpacing(8)
        for button in self._buttons.values():
            acts.addWidget(button)
        acts.addStretch(1)
        return acts

    def _lay_out_facts(self) -> None:
        self._grid.setHorizontalSpacing(24)
        self._grid.setColumnStretch(1, 1)
        for row, (name, label) in enumerate(self._facts.items()):
            label.setObjectName(f"devices_{name}")
            words = translate("devices.page.queue_label" if name == "queue" else f"devices.page.{name}")
            self._grid.addWidget(Words(words, "muted"), row, 0)
            self._grid.addWidget(label, row, 1)

    def show_state(self, state: State) -> None:
        """Draw the state."""
        tone: Tone = "" if state.tone == "info" else state.tone
        self._status.setText(state.title)
        self._status.set_tone(tone)
        self._problem.setText(state.problem)
        self._problem.setVisible(bool(state.problem))
        self._facts["connection"].setText(state.connection)
        self._facts["paper"].setText(state.paper)
        self._facts["queue"].setText(state.queue)
        self._note.setText(state.note)
        self._note.setVisible(bool(state.note))
        self._buttons[CANCEL.id].setVisible(state.waiting > 0)
        self._moved.setText(state.moved)
        for widget in (self._moved, self._use_moved):
            widget.setVisible(bool(state.moved))

    def _has_moved(self) -> bool:
        return bool(self._presenter.state.moved)

    def _may_cancel(self) -> bool:
        return self._presenter.state.waiting > 0

    def _ask_cancel(self) -> None:
        count = self._presenter.state.waiting
        question = Question(
            translate("devices.page.cancel_title", count=count),
            translate("devices.page.cancel_text"),
            translate("devices.page.cancel"),
            kind="danger",
        )
        self._shell.dialogs.ask(question, lambda yes: self._presenter.cancel_waiting() if yes else None)

    def _ask_reason(self) -> None:
        prompt = Prompt(
            translate("devices.page.drawer"),
            translate("devices.page.drawer_reason"),
            translate("devices.page.drawer"),
            choices=(translate("devices.page.drawer_try"),),
        )
        self._shell.dialogs.prompt(
            prompt, lambda reason: self._presenter.test_drawer(reason) if reason else None
        )


def _always() -> bool:
    return True
