"""The tab of the customer's screen: whether, where, in which language, and what stands there between customers."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import FilterChip
from ui.kit.cards import Card
from ui.kit.fields import CodeEdit, Field, NameEdit, TickEdit
from ui.kit.flow import FlowLayout
from ui.kit.labels import Words
from ui.kit.scroll import FormScroll
from ui.settings.display_presenter import Choice, DisplayPresenter, State
from ui.settings.save_head import SaveActs, SaveHead, save_and_leave
from ui.shell.counter import Counter
from ui.shell.screens import ScreenContext

SCOPE = "settings.display"
ACTIONS = save_and_leave(SCOPE)
_CARD_PX, _SECONDS_PX = 640, 112


class _Chips(QWidget):
    """One of several, as chips."""

    def __init__(self, name: str, choose: Callable[[str], None]) -> None:
        super().__init__()
        self._name, self._choose = name, choose
        self._chips: dict[str, FilterChip] = {}
        self._choices: Sequence[Choice] = ()
        self._flow = FlowLayout()
        self.setLayout(self._flow)

    def show_choices(self, choices: Sequence[Choice], chosen: str) -> None:
        """Show what there is to choose, and what is chosen."""
        if choices != self._choices:
            self._choices = choices
            for chip in self._chips.values():
                self._flow.removeWidget(chip)
                chip.deleteLater()
            self._chips = {}
            for place, choice in enumerate(choices):
                self._chips[choice.key] = self._chip(place, choice)
        for key, chip in self._chips.items():
            chip.setChecked(key == chosen)

    def _chip(self, place: int, choice: Choice) -> FilterChip:
        chip = FilterChip(choice.words)
        chip.setObjectName(f"{self._name}_{place}")
        chip.clicked.connect(lambda _on=False: self._choose(choice.key))
        self._flow.addWidget(chip)
        return chip


class DisplayTab(QWidget):
    """Shows the state of `DisplayPresenter`."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        counter: Counter = context.services
        self.presenter = act = DisplayPresenter(counter, self.show_state)
        self._on = TickEdit("display_on", translate("display.settings.on"))
        self._member = TickEdit("display_member", translate("display.settings.member"))
        self._screens = _Chips("display_screen", act.choose_screen)
        self._languages = _Chips("display_language", act.choose_language)
        self._pictures = NameEdit("display_pictures", longest=500)
        self._seconds = CodeEdit("display_seconds", longest=3)
        self._seconds.setFixedWidth(_SECONDS_PX)
        self._hint = Words("", "muted", wrap=True)
        acts = SaveActs(act.save, act.revert, lambda: act.state.changed)
        self._head = SaveHead(translate("settings.tab.display"), SCOPE, context.shell.keys, ACTIONS, acts)
        self._lay_out()
        self._on.clicked.connect(act.turn)
        self._member.clicked.connect(act.turn_member)
        self._pictures.textChanged.connect(act.type_pictures)
        self._seconds.textChanged.connect(act.type_seconds)
        self.show_state(act.state)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addWidget(self._head)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 0, 24, 24)
        column.setSpacing(16)
        for card in (self._screen_card(), self._between_card()):
            card.setMaximumWidth(_CARD_PX)
            column.addWidget(card)
        column.addStretch(1)
        scroll = FormScroll()
        scroll.setWidget(inside)
        outer.addWidget(scroll, 1)

    def _screen_card(self) -> Card:
        card = Card(spacing=12)
        card.body.addWidget(self._on)
        card.body.addWidget(Words(translate("display.settings.where"), "secondary"))
        card.body.addWidget(self._screens)
        card.body.addWidget(self._hint)
        card.body.addWidget(Words(translate("display.settings.language"), "secondary"))
        card.body.addWidget(self._languages)
        card.body.addWidget(self._member)
        return card

    def _between_card(self) -> Card:
        card = Card(spacing=12)
        card.body.addWidget(Words(translate("display.settings.between"), "heading"))
        hint = translate("display.settings.pictures_hint")
        card.body.addWidget(Field(translate("display.settings.pictures"), self._pictures, hint=hint))
        card.body.addWidget(Field(translate("display.settings.seconds"), self._seconds))
        return card

    def opened(self, _args: object) -> None:
        """Come to the front: a screen may have been plugged in."""
        self.presenter.opened()

    def show_state(self, state: State) -> None:
        """Show what is being set."""
        self._on.setChecked(state.display.on)
        self._member.setChecked(state.display.member)
        self._screens.show_choices(state.screens, state.display.screen)
        self._languages.show_choices(state.languages, state.display.language)
        if self._pictures.text() != state.display.pictures:
            self._pictures.setText(state.display.pictures)
        if self._seconds.text() != state.seconds:
            self._seconds.setText(state.seconds)
        self._hint.setText(state.hint)
        self._hint.setVisible(bool(state.hint))
        self._head.show_standing(state)
