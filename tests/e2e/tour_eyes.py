"""What a careful eye finds wrong on a page: words in the wrong language, words that do not fit, no focus.

Decides what counts as wrong. In English, Han characters may stand only in what the shop itself has written: names of
goods, people, units, the shop. The rail, heads of lists and cells are painted by the till itself and asked for their
words; names of articles may be elided, buttons and labels may not.
"""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import msgspec
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStyle,
    QStyleOptionFrame,
    QWidget,
)

from pos_app.services.demo_shop import DemoShop
from tests.e2e.tour_hands import texts_of
from ui.kit.buttons import FilterChip, KeyButton
from ui.kit.fonts import font
from ui.kit.labels import AmountLabel, ElidedWords
from ui.kit.lists import CELL_PADDING, RowList, column_places
from ui.kit.tokens import sizes
from ui.shell.window import Shell

_ENDONYMS = ("语言", "简体中文", "繁體中文")
"""Whoever reads only Chinese must find the choice of language on an English page."""
_EDIT_MARGIN = 2
"""What a QLineEdit leaves free at either side, in px."""
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")


class OwnWords:
    """The words that the shop itself has written, in whatever language: names, units, notes, addresses."""

    def __init__(self, shop: DemoShop | None = None) -> None:
        written = {word for word in (*_strings(shop), *_ENDONYMS) if _HAN.search(word)}
        self._words = sorted(written, key=len, reverse=True)

    def without(self, text: str) -> str:
        """Return a text without them."""
        if _HAN.search(text):
            for word in self._words:
                text = text.replace(word, "")
        return text


def _strings(value: object) -> Iterator[str]:
    """Yield every text inside a value, line by line."""
    if isinstance(value, str):
        yield from value.splitlines()
    elif isinstance(value, tuple):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, msgspec.Struct) or is_dataclass(value):
        names = (
            value.__struct_fields__ if isinstance(value, msgspec.Struct) else [f.name for f in fields(value)]
        )
        for name in names:
            yield from _strings(getattr(value, name))


def faults_of(window: Shell, language: str, own: OwnWords) -> list[str]:
    """Return what is wrong with what the window shows now, in words."""
    found = []
    if QApplication.focusWidget() is None:
        found.append("nothing has the focus")
    for widget in window.findChildren(QWidget):
        if not widget.isVisible() or widget.visibleRegion().isEmpty():
            continue
        found += _language_faults(widget, language, own)
        found += _fitting_faults(widget, window)
    return found


def _language_faults(widget: QWidget, language: str, own: OwnWords) -> Iterator[str]:
    if language != "en":
        return
    # A placeholder and a tooltip are words of the till too.
    for text in [*texts_of(widget), widget.toolTip(), widget.accessibleName()]:
        if (left := _HAN.search(own.without(text))) is not None:
            yield f"{left[0]!r} of {text!r} in {_name(widget)} is not English"


def _fitting_faults(widget: QWidget, window: QWidget) -> Iterator[str]:
    if isinstance(widget, RowList):
        yield from _head_faults(widget)
    if isinstance(widget, QAbstractItemView | QScrollArea):
        return
    if isinstance(widget, KeyButton | FilterChip) and widget.width() < widget.sizeHint().width():
        yield f"the words {widget.text()!r} of {_name(widget)} are cut: {widget.width()} px"
    elif isinstance(widget, QAbstractButton) and not isinstance(widget, KeyButton | FilterChip):
        if widget.text() and widget.fontMetrics().horizontalAdvance(widget.text()) > widget.width():
            yield f"the words {widget.text()!r} of {_name(widget)} are cut: {widget.width()} px"
    elif isinstance(widget, QLabel) and widget.text() and not isinstance(widget, ElidedWords | AmountLabel):
        need = widget.heightForWidth(widget.width()) if widget.wordWrap() else widget.sizeHint().height()
        wide = 0 if widget.wordWrap() else widget.sizeHint().width()
        if widget.height() + 1 < need or widget.width() + 1 < wide:
            size = f"{widget.width()}×{widget.height()} of {wide}×{need} px"
            yield f"the words {widget.text()!r} of {_name(widget)} are cut: {size}"
    if isinstance(widget, QLineEdit) and not widget.text():
        yield from _placeholder_faults(widget)
    if isinstance(widget, QAbstractButton | QLabel) and not _in_scroll(widget):
        place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())
        if widget.window() is window and not window.rect().contains(place):
            yield f"{_name(widget)} stands outside the window"


def _placeholder_faults(edit: QLineEdit) -> Iterator[str]:
    """Qt elides a placeholder that does not fit, without a word."""
    option = QStyleOptionFrame()
    edit.initStyleOption(option)
    area = edit.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, edit)
    room = area.marginsRemoved(edit.textMargins()).width() - 2 * _EDIT_MARGIN
    need = edit.fontMetrics().horizontalAdvance(edit.placeholderText())
    if need > room:
        yield f"the words {edit.placeholderText()!r} in the empty {_name(edit)} are cut: {room} of {need} px"


def _head_faults(rows: RowList) -> Iterator[str]:
    """Heads are painted, not labels: their words are measured here."""
    metrics = QFontMetrics(font(sizes().secondary))
    columns = rows.head.columns
    places = column_places(columns, rows.view.viewport().width())
    for column, (_, width) in zip(columns, places, strict=True):
        if metrics.horizontalAdvance(column.head) > width - 2 * CELL_PADDING:
            yield f"the head {column.head!r} of {_name(rows)} is cut: {width} px"


def _in_scroll(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea | QAbstractItemView):
            return True
        parent = parent.parentWidget()
    return False


def _name(widget: QWidget) -> str:
    return widget.objectName() or type(widget).__name__
