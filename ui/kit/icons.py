"""Lucide line icons, tinted by a token and sharp at any scaling.

Decides how an icon is drawn. Does not decide which icon stands for what: callers name the file in
``resources/icons`` without its suffix. Icons are drawn when first painted, so a till starts without them.
"""

from functools import lru_cache
from importlib import resources

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from ui.kit.tokens import current


@lru_cache(maxsize=256)
def _source(name: str) -> str:
    return resources.files("resources").joinpath("icons", f"{name}.svg").read_text("utf-8")


@lru_cache(maxsize=512)
def _drawn(name: str, colour: str, width: int, ratio: float) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer

    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    side = max(1, round(width * ratio))
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def icon_pixmap(name: str, token: str = "text", side: int = 20, ratio: float = 1.0) -> QPixmap:
    """Return the icon in the colour of ``token`` now, ``side`` px wide at ``ratio`` device pixels each.

    Raises FileNotFoundError for an icon that is not shipped.
    """
    return _drawn(name, current().colour(token), side, ratio)


class _TintedEngine(QIconEngine):
    """Draws with the tokens of the moment, so a theme switch needs no new icons."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self._name = name
        self._token = token

    def clone(self) -> QIconEngine:
        return _TintedEngine(self._name, self._token)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        painter.drawPixmap(rect, self._picture(rect.size(), mode, painter.device().devicePixelRatioF()))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self._picture(size, mode, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:  # noqa: N802 (Qt's name)
        return self._picture(size, mode, scale)

    def _picture(self, size: QSize, mode: QIcon.Mode, ratio: float) -> QPixmap:
        token = "disabled" if mode == QIcon.Mode.Disabled else self._token
        return icon_pixmap(self._name, token, min(size.width(), size.height()), ratio)


def icon(name: str, token: str = "text") -> QIcon:
    """Return an icon that follows the theme, in the colour of ``token``."""
    return QIcon(_TintedEngine(name, token))


def draw_icon(painter: QPainter, name: str, token: str, at: QPoint, side: int) -> None:
    """Draw an icon inside a delegate or a painted widget, its upper left corner at ``at``."""
    painter.drawPixmap(at, icon_pixmap(name, token, side, painter.device().devicePixelRatioF()))


class IconMark(QWidget):
    """An icon that stands by itself and follows the theme; the words beside it say what it means."""

    def __init__(self, name: str, token: str = "text", side: int = 20) -> None:
        super().__init__()
        self._name = name
        self._token = token
        self._side = side
        self.setFixedSize(side, side)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_icon(self, name: str, token: str) -> None:
        """Show another icon."""
        self._name, self._token = name, token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_icon(QPainter(self), self._name, self._token, QPoint(0, 0), self._side)
