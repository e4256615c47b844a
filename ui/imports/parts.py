"""Small parts that several steps of the page share: big numbers, notes, a heading with a text under it.

Decides how they look only.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.imports.state import Count, Tone
from ui.kit.cards import Card
from ui.kit.icons import IconMark
from ui.kit.labels import Tone as Ink
from ui.kit.labels import Words

INKS: dict[Tone, Ink] = {"plain": "", "success": "success", "warning": "warning", "danger": "danger"}
MARKS: dict[Tone, tuple[str, str]] = {
    "plain": ("info", "muted"),
    "success": ("circle-check", "success"),
    "warning": ("triangle-alert", "warning"),
    "danger": ("circle-alert", "danger"),
}


def emptied(layout: QLayout) -> None:
    """Take every widget out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()


class Counts(QWidget):
    """Big numbers side by side, each over its words."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._shown: tuple[Count, ...] = ()
        self._numbers: list[tuple[Words, Words]] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)

    def show_counts(self, counts: Sequence[Count]) -> None:
        """Show these numbers; the same ones in another order of size are repainted in place."""
        new = tuple(counts)
        if new == self._shown:
            return
        if [count.words for count in new] != [count.words for count in self._shown]:
            emptied(self._row)
            self._numbers = [self._made(count) for count in new]
        self._shown = new
        for (number, words), count in zip(self._numbers, new, strict=True):
            number.setText(count.number)
            number.set_tone(INKS[count.tone])
            words.setText(count.words)
            number.setAccessibleName(f"{count.words} {count.number}")

    def _made(self, count: Count) -> tuple[Words, Words]:
        card = Card(margin=12, spacing=0)
        number, words = Words(count.number, "total"), Words(count.words, "muted")
        card.body.addWidget(number)
        card.body.addWidget(words)
        self._row.addWidget(card, 1)
        return number, words


class Notes(QWidget):
    """Lines with a mark before each."""

    def __init__(self, name: str, tone: Tone = "plain") -> None:
        super().__init__()
        self.setObjectName(name)
        self._tone = tone
        self._shown: tuple[str, ...] = ()
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(8)

    def show_notes(self, notes: Sequence[str]) -> None:
        """Show these lines; nothing takes no room."""
        self.setVisible(bool(notes))
        if tuple(notes) == self._shown:
            return
        self._shown = tuple(notes)
        emptied(self._lines)
        for note in notes:
            self._lines.addWidget(self._line(note))

    def _line(self, note: str) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        mark, token = MARKS[self._tone]
        row.addWidget(IconMark(mark, token, 16), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Words(note, wrap=True), 1)
        return line


def button_row(*widgets: QWidget) -> QHBoxLayout:
    """Return buttons at the right of a row."""
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addStretch(1)
    for widget in widgets:
        row.addWidget(widget)
    return row
