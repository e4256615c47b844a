"""The keys of the sell page and the row of buttons that shows them.

Decides which intent stands behind which key by default and when it acts; the shell lets a person remap them. A key
whose screen the till lacks is not bound and not shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QWidget

from pos_app.words import translate
from ui.kit.buttons import KeyButton, draw_key_cap
from ui.kit.fonts import font
from ui.kit.tokens import current, sizes
from ui.sales.presenter import SalesPresenter
from ui.shell.counter import Counter
from ui.shell.keys import Action
from ui.shell.screens import ScreenId

if TYPE_CHECKING:
    from ui.shell.window import Shell

SCOPE, PAY_SCOPE, ASK_SCOPE = "sales", "sales.pay", "sales.ask"
GAP = 2


@dataclass(frozen=True, slots=True)
class _Key:
    name: str
    key: str
    run: Callable[[SalesPresenter], Callable[[], None]]
    shown: bool = False

    @property
    def action(self) -> Action:
        return Action(f"sales.{self.name}", self.key, f"sales.action.{self.name}")


_SELL = (
    _Key("search", "F2", lambda p: p.search),
    _Key("hold", "F3", lambda p: p.hold, shown=True),
    _Key("recall", "F4", lambda p: p.recall, shown=True),
    _Key("line_price", "F5", lambda p: p.line_price, shown=True),
    _Key("bill_price", "F6", lambda p: p.bill_price, shown=True),
    _Key("returns", "F7", lambda p: p.returns, shown=True),
    _Key("salespeople", "F8", lambda p: p.salespeople, shown=True),
    _Key("member", "F9", lambda p: p.find_member),
    _Key("sign_up", "F10", lambda p: p.sign_up, shown=True),
    _Key("reprint", "F11", lambda p: p.reprint, shown=True),
    _Key("pay", "F12", lambda p: p.pay),
    _Key("cancel", "Ctrl+Del", lambda p: p.cancel),
    _Key("undo", "Ctrl+Z", lambda p: p.undo),
    _Key("drawer", "Ctrl+D", lambda p: p.drawer),
    _Key("note", "Ctrl+N", lambda p: p.note),
    _Key("deposit", "Ctrl+B", lambda p: p.deposit, shown=True),
    _Key("invoice", "Ctrl+I", lambda p: p.pages.invoice, shown=True),
    _Key("paper", "Ctrl+P", lambda p: p.paper),
    _Key("email", "Ctrl+E", lambda p: p.papers.email),
    _Key("a4", "Ctrl+F11", lambda p: p.papers.a4),
)
_PAY = (
    _Key("cash", "F1", lambda p: p.tenders.cash),
    _Key("card", "F2", lambda p: partial(p.tenders.way, "card")),
    _Key("code", "F3", lambda p: partial(p.tenders.way, "code")),
    _Key("other", "F8", lambda p: partial(p.tenders.way, "other")),
    _Key("pay_bill_price", "F6", lambda p: p.bill_price),
    _Key("back", "Esc", lambda p: p.tenders.back),
    _Key("tender_up", "Up", lambda p: lambda: p.tenders.step(-1)),
    _Key("tender_down", "Down", lambda p: lambda: p.tenders.step(1)),
)
_ASK = (
    _Key("ask_back", "Esc", lambda p: p.question.escape),
    *(_Key(f"ask_{n + 1}", f"F{n + 1}", lambda p, n=n: lambda: p.question.choose(n)) for n in range(4)),  # type: ignore[misc]
)
_PAD = (
    _Key("pad_pay", "+", lambda p: p.pay),
    _Key("pad_remove", "-", lambda p: p.remove),
    _Key("pad_price", "/", lambda p: p.line_price),
)
_WAYS = ("card", "code", "other")
"""Keys of ways of paying: a way that the shop lacks has none."""
_SCREENS = {"returns": ScreenId("returns"), "invoice": ScreenId("invoices")}
_NAMED = {key.name: key for key in (*_SELL, *_PAY)}


def _always() -> bool:
    return True


def _is_there(shell: "Shell", key: _Key) -> bool:
    """Whether the till has the screen that a key leads to, if it leads to one."""
    screen = _SCREENS.get(key.name)
    return screen is None or shell.navigation.has(screen)


def bind_keys(
    shell: "Shell", presenter: SalesPresenter, box_is_empty: Callable[[], bool], counter: Counter
) -> Callable[[str], str]:
    """Bind every key of the page; return what tells the key of an intent as buttons show it."""

    def selling() -> bool:
        return presenter.selling

    for key in _SELL:
        if _is_there(shell, key):
            shell.keys.bind(SCOPE, key.action, key.run(presenter), selling)
    for key in _PAY:
        there = partial(presenter.tenders.offers, key.name) if key.name in _WAYS else _always
        shell.keys.bind(PAY_SCOPE, key.action, key.run(presenter), there)
    remove = Action("sales.tender_remove", "Del", "sales.action.tender_remove")
    shell.keys.bind(PAY_SCOPE, remove, presenter.tenders.remove, lambda: presenter.tenders.box_is_empty)
    for key in _ASK:
        shell.keys.bind(ASK_SCOPE, key.action, key.run(presenter))

    def pad() -> bool:
        return counter.shop.current.value.number_pad and selling() and box_is_empty()

    for key in _PAD:
        shell.keys.bind(SCOPE, key.action, key.run(presenter), pad)
    return lambda name: shell.keys.key_of(_NAMED[name].action)


def key_row(shell: "Shell", presenter: SalesPresenter) -> QWidget:
    """Return the row of buttons under the cart, each with its key."""
    row = KeyRow()
    for key in _SELL:
        if not key.shown or not _is_there(shell, key):
            continue
        button = StripButton(translate(key.action.label), shell.keys.key_of(key.action))
        button.setObjectName(f"key_{key.name}")
        button.clicked.connect(key.run(presenter))
        row.add(button)
    return row


def paper_buttons(shell: "Shell", presenter: SalesPresenter) -> list[QWidget]:
    """Return the buttons that stand under the change: the receipt by e-mail, and on A4."""
    made: list[QWidget] = []
    for name in ("email", "a4"):
        key = _NAMED[name]
        button = StripButton(translate(key.action.label), shell.keys.key_of(key.action))
        button.setObjectName(f"done_{name}")
        button.clicked.connect(key.run(presenter))
        made.append(button)
    return made


class StripButton(KeyButton):
    """A quiet button as narrow as its words: the key in a cap, then what it does. 44 px high."""

    _MARGIN, _INNER = 8, 6

    def __init__(self, words: str, key: str) -> None:
        super().__init__(words, key, kind="quiet")
        self._cap = key
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _cap_width(self) -> int:
        return max(24, QFontMetrics(font(sizes().secondary)).horizontalAdvance(self._cap) + 12)

    def sizeHint(self) -> QSize:
        words = QFontMetrics(font()).horizontalAdvance(self.text())
        return QSize(2 * self._MARGIN + self._cap_width() + self._INNER + words + 2, sizes().touch)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        ink = QColor(current().muted)
        cap = self._cap_width()
        draw_key_cap(painter, QRect(self._MARGIN, 0, cap, self.height()), self._cap, ink)
        left = self._MARGIN + cap + self._INNER
        painter.setPen(ink)
        painter.setFont(font())
        painter.drawText(
            QRect(left, 0, self.width() - left, self.height()),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            self.text(),
        )


class KeyRow(QWidget):
    """Buttons in rows, as many a row as fit: nothing is cut at 1024 px or in English."""

    def __init__(self) -> None:
        super().__init__()
        self._buttons: list[StripButton] = []
        self.setSizePolicy(QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed))

    def add(self, button: StripButton) -> None:
        """Add a button behind the others."""
        button.setParent(self)
        self._buttons.append(button)

    def _place(self, width: int) -> int:
        left, top = 0, 0
        for button in self._buttons:
            size = button.sizeHint()
            if left and left + size.width() > width:
                left, top = 0, top + size.height()
            button.setGeometry(QRect(QPoint(left, top), size))
            left += size.width() + GAP
        return top + sizes().touch

    def sizeHint(self) -> QSize:
        return QSize(560, sizes().touch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        height = self._place(self.width())
        if height != self.height():
            self.setFixedHeight(height)
