"""What is being done, and how it ended: one card in the middle of the page each.

Decides nothing.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.imports.parts import INKS, MARKS, Counts, Notes
from ui.imports.state import DoneShown, WorkShown
from ui.kit.buttons import KeyButton
from ui.kit.cards import Card
from ui.kit.icons import IconMark
from ui.kit.labels import Words

WIDTH = 720


def _middle(card: Card, page: QWidget) -> None:
    card.setFixedWidth(WIDTH)
    outer = QVBoxLayout(page)
    outer.setContentsMargins(24, 24, 24, 24)
    outer.addStretch(1)
    outer.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
    outer.addStretch(2)


class WorkView(QWidget):
    """How far it has come."""

    def __init__(self, keys: dict[str, str]) -> None:
        super().__init__()
        self.setObjectName("imports_work")
        card = Card(margin=24, spacing=16)
        self._title, self._stage = Words("", "title", wrap=True), Words("", "heading")
        self._told = Words("", "muted")
        self.bar = QProgressBar()
        self.bar.setObjectName("imports_bar")
        self.bar.setTextVisible(False)
        self.counts = Counts("imports_work_counts")
        self._foot = Words("", "muted", wrap=True)
        self.cancel = KeyButton(
            translate("imports_page.action.cancel"), keys["cancel"], icon="x", kind="danger"
        )
        self.cancel.setObjectName("imports_cancel")
        stage = QHBoxLayout()
        stage.addWidget(self._stage)
        stage.addStretch(1)
        stage.addWidget(self._told)
        card.body.addWidget(self._title)
        card.body.addLayout(stage)
        card.body.addWidget(self.bar)
        card.body.addWidget(self.counts)
        foot = QHBoxLayout()
        foot.addWidget(self._foot, 1)
        foot.addWidget(self.cancel)
        card.body.addLayout(foot)
        _middle(card, self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_work(self, shown: WorkShown) -> None:
        """Draw how far it has come."""
        self._title.setText(shown.title)
        self._stage.setText(shown.stage)
        self._told.setText(shown.told)
        # A bar without an end would move for ever, also where nobody looks: unknown is simply empty.
        self.bar.setRange(0, 1000)
        self.bar.setValue(shown.share or 0)
        self.bar.setAccessibleName(shown.stage)
        self.counts.setVisible(bool(shown.counts))
        self.counts.show_counts(shown.counts)
        self._foot.setText(shown.foot)
        self.cancel.setVisible(shown.can_cancel)


class DoneView(QWidget):
    """How it ended."""

    def __init__(self, keys: dict[str, str]) -> None:
        super().__init__()
        self.setObjectName("imports_done")
        self._card = Card(margin=24, spacing=16)
        self._marks = {tone: IconMark(*mark, 32) for tone, mark in MARKS.items()}
        self._title, self._text = Words("", "title", wrap=True), Words("", wrap=True)
        self.counts = Counts("imports_done_counts")
        self.notes = Notes("imports_done_notes")
        self.undo = KeyButton(
            translate("imports_page.action.undo"), keys["undo"], icon="undo-2", kind="danger"
        )
        self.save = KeyButton(translate("imports_page.action.save_refused"), keys["save"], icon="save")
        self.finish = KeyButton(translate("imports_page.action.finish"), keys["next"], kind="primary")
        for name, button in (("undo", self.undo), ("save", self.save), ("finish", self.finish)):
            button.setObjectName(f"imports_done_{name}")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = QHBoxLayout()
        head.setSpacing(12)
        for mark in self._marks.values():
            head.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._title)
        words.addWidget(self._text)
        head.addLayout(words, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.undo)
        row.addWidget(self.save)
        row.addStretch(1)
        row.addWidget(self.finish)
        self._card.body.addLayout(head)
        for part in (self.counts, self.notes):
            self._card.body.addWidget(part)
        self._card.body.addLayout(row)
        _middle(self._card, self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_done(self, shown: DoneShown) -> None:
        """Draw how it ended."""
        for tone, mark in self._marks.items():
            mark.setVisible(tone == shown.tone)
        self._title.setText(shown.title)
        self._title.set_tone(INKS[shown.tone])
        self._text.setText(shown.text)
        self._text.setVisible(bool(shown.text))
        self.counts.setVisible(bool(shown.counts))
        self.counts.show_counts(shown.counts)
        self.notes.show_notes(shown.notes)
        self.undo.setVisible(shown.batch is not None)
        self.save.setVisible(shown.can_save)
