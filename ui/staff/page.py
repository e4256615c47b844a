"""The sign-in page: names to tap, a code, a PIN. It fills the window; whoever was in is signed out."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pos_app.domain.shifts import Shift
from pos_app.domain.staff import Action as Permission
from pos_app.domain.staff import may
from pos_app.services.acting import Actor
from pos_app.words import language as spoken
from pos_app.words import translate
from ui.kit.buttons import BigButton, KeyButton, Tile
from ui.kit.cards import Card
from ui.kit.fields import CodeEdit, Field, PinEdit
from ui.kit.labels import Words
from ui.kit.number_pad import NumberPad
from ui.shell.keys import Action
from ui.shell.scan_recogniser import Scan
from ui.shell.screens import ScreenContext, ScreenId
from ui.shell.till_line import tell_till
from ui.shell.wording import words_of
from ui.staff.presenter import Doors, Person, SignInPresenter, State

_SALES, _SHIFTS = ScreenId("sales"), ScreenId("shifts")
LANGUAGE = Action("staff.language", "F2", "staff.action.language")
THEME = Action("staff.theme", "F3", "staff.action.theme")
PRACTICE = Action("staff.practice", "F4", "staff.action.practice")


class SignInPage(QWidget):
    """Shows the state of `SignInPresenter`."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._shell, self._counter = context.shell, context.services
        refused = partial(self._shell.tones.sound, "refused")
        doors = Doors(self._entered, refused, self._dressed)
        self._presenter = SignInPresenter(self._counter, doors, self.show_state)
        self._people: tuple[Person, ...] | None = None
        self._shop = Words("", "title")
        self._subtitle = Words("", "muted")
        self._names = QGridLayout()
        self._code = CodeEdit("sign_in_code", longest=32)
        self._pin = PinEdit("sign_in_pin")
        self._code_field = Field(translate("staff.sign_in.code"), self._code, hint=" ")
        self._pin_field = Field(translate("staff.sign_in.pin"), self._pin, hint=" ")
        self._go = BigButton(translate("staff.sign_in.go"), "Enter")
        self._demo = Words(translate("staff.sign_in.demo_note"), "muted", wrap=True)
        self._language = self._switch(LANGUAGE, "languages", self._presenter.switch_language)
        self._theme = self._switch(THEME, "moon", self._presenter.switch_theme)
        self._practice = self._practice_button()
        self._lay_out()
        self._connect()
        self.setFocusProxy(self._code)

    def _switch(self, action: Action, icon: str, run: Callable[[], None]) -> KeyButton:
        """Return a button that leaves the focus where it is, with its key."""
        button = KeyButton("", self._shell.keys.key_of(action), icon=icon, kind="quiet").keep_focus_away()
        button.setObjectName(action.id.replace(".", "_"))
        button.clicked.connect(run)
        self._shell.keys.bind("staff", action, run)
        return button

    def _practice_button(self) -> KeyButton | None:
        """Return the way to practice; None where there is none."""
        if self._counter.practise is None:
            return None
        button = self._switch(PRACTICE, "graduation-cap", self._practise)
        button.setText(translate(PRACTICE.label))
        return button

    def _practise(self) -> None:
        failed: list[Exception] = []
        self._counter.practise(failed.append)
        if not failed:
            self._shell.notices.success(translate("staff.practice.opening"))
        for problem in failed:
            self._shell.tones.sound("refused")
            self._shell.notices.warning(
                words_of(problem, self._counter.shop.current.value.money), about="practice"
            )

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.addStretch(1)
        card = Card(margin=32, spacing=8)
        card.setFixedWidth(920)
        head = QHBoxLayout()
        head.addWidget(self._shop, 1)
        if self._practice is not None:
            head.addWidget(self._practice)
        head.addWidget(self._language)
        head.addWidget(self._theme)
        card.body.addLayout(head)
        card.body.addWidget(self._subtitle)
        card.body.addSpacing(12)
        columns = QHBoxLayout()
        columns.setSpacing(32)
        columns.addWidget(self._left(), 1)
        columns.addWidget(self._right())
        card.body.addLayout(columns)
        outer.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(1)

    def _left(self) -> QWidget:
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(2, 2, 10, 2)
        self._names.setSpacing(8)
        box.addLayout(self._names)
        box.addStretch(1)
        box.addWidget(self._demo)
        scroll = QScrollArea()
        scroll.setObjectName("sign_in_people")
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inside)
        return scroll

    def _right(self) -> QWidget:
        right = QWidget()
        right.setFixedWidth(320)
        box = QVBoxLayout(right)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(12)
        box.addWidget(self._code_field)
        box.addWidget(self._pin_field)
        pad = NumberPad(decimal=False)
        pad.pressed.connect(self._pad)
        box.addWidget(pad)
        self._go.setObjectName("sign_in_go")
        box.addWidget(self._go)
        return right

    def _connect(self) -> None:
        self._code.textEdited.connect(self._presenter.type_code)
        self._code.returnPressed.connect(lambda: self._presenter.choose(self._code.text()))
        self._pin.returnPressed.connect(self._enter)
        self._go.clicked.connect(self._enter)

    def _enter(self) -> None:
        self._presenter.enter(self._code.text(), self._pin.text())

    def _pad(self, key: str) -> None:
        field = self._code if self._code.hasFocus() else self._pin
        field.backspace() if key == "back" else field.insert(key)
        if field is self._code:
            self._presenter.type_code(field.text())

    def opened(self, args: object) -> None:
        """Sign out whoever was in."""
        self._pin.clear()
        self._presenter.open()
        self._code.setFocus()

    def on_scan(self, scan: Scan) -> None:
        """Take a badge."""
        self._presenter.scan(scan.text)

    def show_state(self, state: State) -> None:
        """Draw the state."""
        self._shop.setText(f"{state.shop} · {translate('staff.sign_in.title')}")
        told = "staff.sign_in.resting" if state.resting else "staff.sign_in.subtitle"
        self._subtitle.setText(translate(told))
        self._demo.setVisible(state.demo)
        if state.people != self._people:
            self._show_people(state.people)
        if self._code.text() != state.code:
            self._code.setText(state.code)
        self._code_field.set_hint(state.name or " ")
        self._code_field.set_error(state.error if state.unknown else "")
        self._pin_field.set_error("" if state.unknown else state.error)
        self._language.setText(state.other_language)
        self._theme.setText(translate("shell.theme.light" if state.dark else "shell.theme.dark"))
        self._theme.set_icon("sun" if state.dark else "moon")
        self._go.setEnabled(not state.busy)
        self._go.setText(translate("staff.sign_in.checking" if state.busy else "staff.sign_in.go"))
        if state.error:
            self._pin.clear()
        if state.error and state.unknown:
            self._code.setFocus()
        if state.asks_pin:
            self._pin.setFocus()

    def _dressed(self, language: str, theme: str) -> None:
        self._shell.set_theme("dark" if theme == "dark" else "light")
        if language != spoken():
            self._shell.set_language(language)

    def _show_people(self, people: tuple[Person, ...]) -> None:
        self._people = people
        while (item := self._names.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for place, person in enumerate(people):
            second = " · ".join(part for part in (person.code, person.role, person.pin) if part)
            tile = Tile(person.name, icon="user-round", second=second)
            tile.setObjectName(f"sign_in_person_{person.code}")
            tile.setAccessibleName(f"{person.name} {second}")
            tile.clicked.connect(partial(self._presenter.choose, person.code))
            self._names.addWidget(tile, place // 2, place % 2)

    def _entered(self, actor: Actor, shift: Shift | None) -> None:
        shell, counter = self._shell, self._counter
        shell.forget_pages()
        tell_till(shell, counter, shift)
        navigation = shell.navigation
        wanted = [_SALES] if shift is not None or not may(actor.role, Permission.OPEN_SHIFT) else [_SHIFTS]
        wanted += [screen.id for screen in navigation.screens() if screen.placement == "rail"]
        navigation.open(next(screen for screen in wanted if navigation.may_open(screen)))
