"""Buttons that show their key, tiles for big choices, chips that filter.

Decides how they are drawn and how large they are (44 px at least). Does not bind keys: ``ui.shell.keys`` does,
and tells the key's text.
"""

from typing import Literal

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter

from pos_app.documents.glyphs import drawable
from ui.kit.fonts import font
from ui.kit.icons import draw_icon
from ui.kit.tokens import current, sizes

ButtonKind = Literal["plain", "primary", "danger", "quiet"]
_ICON = 20
_GAP = 8
_PADDING, _COMPACT_PADDING = 16, 8
_CHIP_PADDING, _COMPACT_CHIP_PADDING = 16, 10  # As in the style sheet.


def key_cap_width(key: str) -> int:
    """Return the px that a key's cap takes; 0 for no key."""
    return max(24, QFontMetrics(font(sizes().secondary)).horizontalAdvance(key) + 12) if key else 0


def draw_key_cap(painter: QPainter, area: QRect, key: str, ink: QColor) -> None:
    """Draw a key as a small outlined cap, right-aligned and centred in ``area``."""
    width, height = key_cap_width(key), 22
    cap = QRect(area.right() - width + 1, area.center().y() - height // 2 + 1, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    line = QColor(ink)
    line.setAlphaF(0.45)
    painter.setPen(QPen(line, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(cap, 5, 5)
    painter.setPen(ink)
    painter.setFont(font(sizes().secondary))
    painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
    painter.restore()


class KeyButton(QPushButton):
    """A button with an optional icon before its words and its key in a cap behind them."""

    def __init__(self, text: str = "", key: str = "", *, icon: str = "", kind: ButtonKind = "plain") -> None:
        super().__init__()
        self._key = key
        self._icon = icon
        self._padding = _PADDING
        self.setProperty("kind", kind)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def set_key(self, key: str) -> None:
        """Show another key, or none."""
        self._key = key
        self._name()
        self.updateGeometry()
        self.update()

    def set_icon(self, icon: str) -> None:
        """Show another icon, or none."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def set_compact(self, compact: bool) -> None:
        """Take less room at both sides of the words, in a narrow window."""
        self._padding = _COMPACT_PADDING if compact else _PADDING
        self.updateGeometry()
        self.update()

    def setText(self, text: str) -> None:  # noqa: N802 (Qt's name)
        super().setText(drawable(text))
        self._name()

    def keep_focus_away(self) -> "KeyButton":
        """Let a click leave the focus where it is, as beside the sell box; returns itself."""
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return self

    def _name(self) -> None:
        self.setAccessibleName(f"{self.text()} {self._key}".strip())

    def _strong(self) -> bool:
        return str(self.property("kind")) == "primary"

    def _words_width(self) -> int:
        return QFontMetrics(font(self._pixels(), strong=self._strong())).horizontalAdvance(self.text())

    def _pixels(self) -> int:
        return sizes().body

    def sizeHint(self) -> QSize:
        width = 4 + 2 * self._padding + self._words_width()
        width += (_ICON + _GAP) if self._icon else 0
        width += (key_cap_width(self._key) + _GAP) if self._key else 0
        return QSize(max(width, 64), sizes().touch)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _ink(self) -> QColor:
        colours = current()
        if not self.isEnabled():
            return QColor(colours.disabled)
        kind = self.property("kind")
        name = {"primary": "on_primary", "danger": "danger", "quiet": "muted"}.get(str(kind), "text")
        return QColor(colours.colour(name))

    def _ink_token(self) -> str:
        kind = str(self.property("kind"))
        token = {"primary": "on_primary", "danger": "danger", "quiet": "muted"}.get(kind, "text")
        return token if self.isEnabled() else "disabled"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        self._draw(painter, self.rect().adjusted(self._padding, 0, -self._padding, 0))

    def _draw(self, painter: QPainter, area: QRect) -> None:
        words = self._words_width()
        whole = (
            words
            + (_ICON + _GAP if self._icon else 0)
            + (key_cap_width(self._key) + _GAP if self._key else 0)
        )
        # With a key the words stand left and the cap right; alone they are centred.
        left = area.left() + (
            0 if self._key and area.width() > whole else max(0, (area.width() - whole) // 2)
        )
        if self._icon:
            draw_icon(painter, self._icon, self._ink_token(), QPoint(left, area.center().y() - 9), _ICON)
            left += _ICON + _GAP
        painter.setPen(self._ink())
        painter.setFont(font(self._pixels(), strong=self._strong()))
        right = area.right() - (key_cap_width(self._key) + _GAP if self._key else 0)
        place = QRect(left, area.top(), right - left + 1, area.height())
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(place, align | Qt.TextFlag.TextSingleLine, self._elided(place.width()))
        if self._key:
            draw_key_cap(painter, area, self._key, self._ink())

    def _elided(self, width: int) -> str:
        metrics = QFontMetrics(font(self._pixels(), strong=self._strong()))
        return metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, width)


class BigButton(KeyButton):
    """The one act of a page: Pay, Save. 56 px high, words at 16 px."""

    def __init__(
        self, text: str = "", key: str = "", *, icon: str = "", kind: ButtonKind = "primary"
    ) -> None:
        super().__init__(text, key, icon=icon, kind=kind)
        self.setMinimumHeight(56)

    def _pixels(self) -> int:
        return sizes().emphasis

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), 56)

    def _draw(self, painter: QPainter, area: QRect) -> None:
        words = self._words_width() + (_ICON + _GAP if self._icon else 0)
        left = area.left() + max(0, (area.width() - words) // 2)
        if self._icon:
            draw_icon(painter, self._icon, self._ink_token(), QPoint(left, area.center().y() - 9), _ICON)
            left += _ICON + _GAP
        painter.setPen(self._ink())
        painter.setFont(font(self._pixels(), strong=True))
        place = QRect(left, area.top(), area.right() - left, area.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, self._elided(place.width()))
        if self._key:
            draw_key_cap(painter, area, self._key, self._ink())


class Tile(KeyButton):
    """A big choice such as a tender: icon, words, a second line, its key in the corner. 72 px high."""

    def __init__(self, text: str = "", key: str = "", *, icon: str = "", second: str = "") -> None:
        super().__init__(text, key, icon=icon)
        self._second = second
        self.setMinimumHeight(72)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_second(self, words: str) -> None:
        """Show another second line, or none."""
        self._second = words
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(128, 72)

    def _draw(self, painter: QPainter, area: QRect) -> None:
        ink = self._ink()
        left = area.left() - 4
        middle = area.center().y()
        if self._icon:
            draw_icon(painter, self._icon, self._ink_token(), QPoint(left, middle - 11), 24)
            left += 24 + 12
        right = area.right() - (key_cap_width(self._key) + _GAP if self._key else 0)
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        first = QRect(left, middle - (22 if self._second else 11), right - left, 24)
        painter.setPen(ink)
        painter.setFont(font(sizes().emphasis))
        metrics = painter.fontMetrics()
        painter.drawText(
            first, align, metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, first.width())
        )
        if self._second:
            painter.setFont(font(sizes().secondary))
            painter.setPen(QColor(current().muted if self.isEnabled() else current().disabled))
            second = QRect(left, middle + 2, right - left, 20)
            metrics = painter.fontMetrics()
            words = metrics.elidedText(self._second, Qt.TextElideMode.ElideRight, second.width())
            painter.drawText(second, align, words)
        if self._key:
            draw_key_cap(painter, area.adjusted(0, 0, 6, 0), self._key, ink)


class FilterChip(QPushButton):
    """A choice above a list that is on or off."""

    def __init__(self, text: str, *, checked: bool = False) -> None:
        super().__init__()
        self.setProperty("kind", "chip")
        self.setCheckable(True)
        self.setChecked(checked)
        self.setAutoDefault(False)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802 (Qt's name)
        # Qt would take what follows an "&" for a key.
        super().setText(text.replace("&", "&&"))
        self.setAccessibleName(text)

    def set_compact(self, compact: bool) -> None:
        """Take less room at both sides of the words, in a narrow window."""
        if bool(self.property("compact")) != compact:
            self.setProperty("compact", compact)
            self.style().unpolish(self)
            self.style().polish(self)
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return room for the words as they are when the chip is on: bold, and so wider."""
        words = self.text().replace("&&", "&")
        padding = _COMPACT_CHIP_PADDING if self.property("compact") else _CHIP_PADDING
        width = QFontMetrics(font(sizes().body, strong=True)).horizontalAdvance(words) + 2 * padding + 4
        return QSize(max(super().sizeHint().width(), width), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
