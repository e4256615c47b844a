"""Words and amounts in the sizes of LOOK.

Decides size, weight and colour by role. Text is always plain: what a person typed is never read as markup.
"""

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from pos_app.documents.glyphs import drawable
from pos_app.domain.values.money import Currency
from pos_app.words import format_amount
from ui.kit.fonts import font
from ui.kit.icons import IconMark

Role = Literal[
    "body", "secondary", "muted", "strong", "emphasis", "heading", "title", "total", "due", "error"
]
Tone = Literal["", "primary", "danger", "warning", "success", "muted", "gold"]


def restyle(widget: QWidget) -> None:
    """Let the style sheet look again at a widget whose property has changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


class Words(QLabel):
    """A label with a role and a tone."""

    def __init__(self, text: str = "", role: Role = "body", tone: Tone = "", *, wrap: bool = False) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setProperty("tone", tone)
        self.setWordWrap(wrap)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802 (Qt's name)
        super().setText("\n".join(drawable(line) for line in text.split("\n")))

    def set_tone(self, tone: Tone) -> None:
        """Change the colour; the words must say the same as it does."""
        if str(self.property("tone")) != tone:
            self.setProperty("tone", tone)
            restyle(self)


class ElidedWords(QLabel):
    """One line that ends in … when it is too long, whole in its tooltip."""

    def __init__(self, text: str = "", role: Role = "body", tone: Tone = "") -> None:
        super().__init__()
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802 (Qt's name)
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    def text(self) -> str:
        """Return the whole text, not what fits."""
        return self._whole

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(
            drawable(self._whole), Qt.TextElideMode.ElideRight, max(0, self.width())
        )
        super().setText(shown)
        self.setToolTip("" if shown == drawable(self._whole) else drawable(self._whole))


_AMOUNT_PIXELS = {"emphasis": 16, "total": 28, "due": 44}


class AmountLabel(QLabel):
    """An amount, right-aligned, in figures of one width; shrinks rather than being cut."""

    def __init__(self, role: Role = "body", tone: Tone = "") -> None:
        super().__init__()
        self._role = role
        self.setProperty("tone", tone)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def set_amount(self, amount: int, currency: Currency) -> None:
        """Show minor units of ``currency``."""
        self.setText(format_amount(amount, currency))
        self.setAccessibleName(self.text())

    def set_tone(self, tone: Tone) -> None:
        """Change the colour."""
        if str(self.property("tone")) != tone:
            self.setProperty("tone", tone)
            restyle(self)

    def _pixels(self) -> int:
        return _AMOUNT_PIXELS.get(self._role, 13)

    def _strong(self) -> bool:
        return self._role in ("strong", "total", "due")

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(font(self._pixels(), strong=self._strong()))
        return QSize(metrics.horizontalAdvance(self.text()) + 2, round(self._pixels() * 1.35))

    def minimumSizeHint(self) -> QSize:
        return QSize(48, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pixels = self._pixels()
        while pixels > 12:
            painter.setFont(font(pixels, strong=self._strong()))
            if painter.fontMetrics().horizontalAdvance(self.text()) <= self.width():
                break
            pixels -= 2
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), self.alignment() | Qt.TextFlag.TextSingleLine, self.text())


ChipTone = Literal["plain", "gold", "success", "warning", "danger", "info"]
_CHIP_INK: dict[ChipTone, Tone] = {
    "plain": "muted",
    "gold": "gold",
    "success": "success",
    "warning": "warning",
    "danger": "danger",
    "info": "",
}


class Chip(QFrame):
    """A small label with a ground of its own: a level, a state. Never a button."""

    def __init__(self, text: str, tone: ChipTone = "plain", icon: str = "") -> None:
        super().__init__()
        self.setProperty("chip", tone)
        self.setAccessibleName(text)
        self.setFixedHeight(24)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(4)
        if icon:
            ink = {"plain": "muted", "gold": "gold"}.get(tone, tone)
            layout.addWidget(IconMark(icon, ink, 14))
        self._words = Words(text, "secondary", _CHIP_INK[tone])
        layout.addWidget(self._words)

    def set_text(self, text: str) -> None:
        """Say something else in the same tone."""
        self._words.setText(text)
        self.setAccessibleName(text)
