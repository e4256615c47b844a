"""How loud the till is: three tones, each to be heard at once."""

from collections.abc import Callable
from typing import get_args

import msgspec
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.domain.settings import LOUDNESS
from pos_app.words import translate
from ui.kit.buttons import FilterChip, KeyButton
from ui.kit.labels import Words
from ui.shell.counter import Counter
from ui.shell.tones import Tone, Tones
from ui.shell.wording import words_of


class SoundsCard(QWidget):
    """Chips for the loudness, and a button for each tone."""

    def __init__(self, counter: Counter, tones: Tones) -> None:
        super().__init__()
        self._counter = counter
        self._chips: dict[int, FilterChip] = {}
        self._tries: list[KeyButton] = []
        self._problem = Words("", "body", "danger", wrap=True)
        self._problem.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(Words(translate("settings.sounds.title"), "heading"))
        chips = QHBoxLayout()
        chips.setSpacing(8)
        for loudness in LOUDNESS:
            chip = FilterChip(translate(f"settings.sounds.at_{loudness}"))
            chip.setObjectName(f"settings_sound_{loudness}")
            chip.clicked.connect(self._chooser(loudness))
            self._chips[loudness] = chip
            chips.addWidget(chip)
        chips.addStretch(1)
        box.addLayout(chips)
        tries = QHBoxLayout()
        tries.setSpacing(8)
        for tone in get_args(Tone):
            button = KeyButton(translate(f"settings.sounds.{tone}"), "", icon="play", kind="quiet")
            button.setObjectName(f"settings_hear_{tone}")
            button.clicked.connect(lambda _checked=False, tone=tone: tones.sound(tone))
            self._tries.append(button)
            tries.addWidget(button)
        tries.addStretch(1)
        box.addLayout(tries)
        box.addWidget(self._problem)
        self._show()

    def _chooser(self, loudness: int) -> Callable[[], None]:
        return lambda: self._choose(loudness)

    def _choose(self, loudness: int) -> None:
        counter = self._counter
        who = counter.session.who
        settings = msgspec.structs.replace(counter.shop.current.value, loudness=loudness)

        def failed(problem: Exception) -> None:
            self._problem.setText(words_of(problem, counter.shop.current.value.money))
            self._problem.show()
            self._show()

        def saved(_done: object) -> None:
            self._problem.hide()
            self._show()

        counter.db.run(lambda: counter.shop.settings.change(who, settings), saved, failed)

    def _show(self) -> None:
        now = self._counter.shop.current.value.loudness
        for loudness, chip in self._chips.items():
            chip.setChecked(loudness == now)
        # Nothing would be heard, and a button that does nothing seems broken.
        for button in self._tries:
            button.setEnabled(now > 0)
