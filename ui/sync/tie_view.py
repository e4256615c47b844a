"""How sync is, in a card across the page: the light in words, a few facts, what stands in the way, a new till filling.

Decides lay-out only.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QProgressBar, QVBoxLayout

from ui.kit.cards import Card
from ui.kit.icons import IconMark
from ui.kit.labels import ElidedWords, Words
from ui.kit.labels import Tone as LabelTone
from ui.sync.state import TieState

_FACTS = ("unsent", "answered", "clock", "address")
_SHARES = (3, 3, 3, 5)
_PROGRESS_STEPS = 1000


class TieCard(Card):
    """The card."""

    def __init__(self) -> None:
        super().__init__(margin=16, spacing=12)
        self.setObjectName("sync_tie")
        self._light = Words("", "emphasis")
        self._light.setObjectName("sync_light")
        self._labels = tuple(Words("", "secondary") for _ in _FACTS)
        self._facts = tuple(ElidedWords("", "body") for _ in _FACTS)
        for name, fact in zip(_FACTS, self._facts, strict=True):
            fact.setObjectName(f"sync_fact_{name}")
        self._what, self._cure = Words("", "strong", "danger", wrap=True), Words("", "body", wrap=True)
        self._what.setObjectName("sync_trouble")
        self._cure.setObjectName("sync_cure")
        self._mark = IconMark("triangle-alert", "danger", 20)
        self._refetched = Words("", "muted", wrap=True)
        self._refetched.setObjectName("sync_refetched")
        self._filling = Words("", "body", wrap=True)
        self._filling.setObjectName("sync_filling")
        self._bar = QProgressBar()
        self._bar.setObjectName("sync_progress")
        self._bar.setTextVisible(False)
        self._bar.setRange(0, _PROGRESS_STEPS)
        self._lay_out()

    def _lay_out(self) -> None:
        self.body.addWidget(self._light)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(2)
        for column, share in enumerate(_SHARES):
            grid.setColumnStretch(column, share)
            grid.addWidget(self._labels[column], 0, column)
            grid.addWidget(self._facts[column], 1, column)
        self.body.addLayout(grid)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._what)
        words.addWidget(self._cure)
        row.addLayout(words, 1)
        self.body.addLayout(row)
        self.body.addWidget(self._refetched)
        self.body.addWidget(self._filling)
        self.body.addWidget(self._bar)

    def show_state(self, state: TieState) -> None:
        """Draw the state."""
        tones: dict[str, LabelTone] = {"danger": "danger", "warning": "warning", "success": "success"}
        self._light.setText(state.light)
        self._light.set_tone(tones.get(state.tone, ""))
        for place, (label, words) in enumerate(state.facts):
            self._labels[place].setText(label)
            self._facts[place].setText(words)
        trouble = state.trouble
        self._what.setText(trouble.what if trouble else "")
        self._cure.setText(trouble.cure if trouble else "")
        for part in (self._mark, self._what, self._cure):
            part.setVisible(trouble is not None)
        self._refetched.setText(state.refetched)
        self._refetched.setVisible(bool(state.refetched))
        self._filling.setText(state.filling)
        self._filling.setVisible(bool(state.filling))
        self._bar.setVisible(state.progress is not None)
        done, total = state.progress or (0, 0)
        self._bar.setValue(done * _PROGRESS_STEPS // total if total else 0)
        self._bar.setAccessibleName(state.filling)
