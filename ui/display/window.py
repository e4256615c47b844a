"""The window of the customer's screen.

Decides which page is in front and that the window never takes the keys: whatever is typed or scanned goes to the till.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.display.pages import AskPage, CounterPage, IdlePage, PadPage, Page, PaidPage
from ui.display.parts import BigWords, TouchButton
from ui.display.presenter import DisplayPresenter
from ui.display.state import State

PAID_MS, PAD_MS = 20_000, 45_000
"""How long the change stays, and how long an unfinished number does."""
_NO_FOCUS = Qt.WindowType.WindowDoesNotAcceptFocus


class DisplayWindow(QWidget):
    """One page at a time, under the shop's name; `give_back` is called when it was given the keys all the same."""

    def __init__(self, presenter: DisplayPresenter, give_back: Callable[[], None], *, whole: bool) -> None:
        frame = Qt.WindowType.FramelessWindowHint if whole else Qt.WindowType.Window
        super().__init__(None, Qt.WindowType.Window | frame | _NO_FOCUS)
        self.setObjectName("display")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._presenter, self._give_back = presenter, give_back
        self._shop = BigWords(36, "muted")
        self._language = TouchButton("display_language", quiet=True)
        self._language.clicked.connect(presenter.turn_language)
        self.idle = IdlePage()
        self.counter = CounterPage(presenter.open_pad)
        self.paid = PaidPage()
        self.ask = AskPage(presenter.agree, presenter.decline)
        self.pad = PadPage(presenter.digit, presenter.rub_out)
        self.pad.yes.clicked.connect(presenter.enter)
        self.pad.no.clicked.connect(presenter.close_pad)
        self._pages: dict[str, Page] = {
            "idle": self.idle,
            "counter": self.counter,
            "paid": self.paid,
            "ask": self.ask,
            "pad": self.pad,
        }
        self._stack = QStackedWidget()
        self._lay_out()
        self._over = QTimer(self)
        self._over.setSingleShot(True)
        self._over.timeout.connect(presenter.pass_time)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(24, 12, 24, 12)
        head.addWidget(self._shop, 1)
        head.addWidget(self._language)
        self._head = QWidget()
        self._head.setLayout(head)
        layout.addWidget(self._head)
        for page in self._pages.values():
            self._stack.addWidget(page)
        layout.addWidget(self._stack, 1)

    @property
    def page(self) -> str:
        """The name of the page in front."""
        return next(name for name, page in self._pages.items() if page is self._stack.currentWidget())

    def show_state(self, state: State) -> None:
        """Show a state."""
        self.setWindowTitle(translate("display.window.title"))
        page = self._pages[state.page]
        self._shop.setText("" if state.page == "idle" else state.shop)
        self._language.say(state.other_language)
        self._head.setVisible(not (state.page == "idle" and self.idle.has_picture))
        page.show_state(state)
        self._stack.setCurrentWidget(page)
        self._over.stop()
        if state.page in ("paid", "pad"):
            self._over.start(PAID_MS if state.page == "paid" else PAD_MS)

    def show_picture(self, picture: QPixmap | None) -> None:
        """Show a picture between customers, None for the welcome."""
        self.idle.show_picture(picture)
        self._head.setVisible(not (self.page == "idle" and picture is not None))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        height = event.size().height()
        self._shop.fit(height)
        self._language.fit(height)
        for page in self._pages.values():
            page.fit(height)

    def event(self, event: QEvent) -> bool:
        """Give the keys back to the till when the window system has made this window the active one."""
        if event.type() == QEvent.Type.WindowActivate:
            QTimer.singleShot(0, self, self._give_back)
        return super().event(event)
