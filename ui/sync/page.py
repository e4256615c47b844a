"""The sync page: enrolment while the till stands alone; after that how sync is, and the sync desk.

Decides nothing: it shows what three presenters say and hands them every key and click. A choice at the desk has its own
key and is never Enter; a key that comes before anybody can have read the item chooses nothing.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from pos_app.domain.desk import ItemId
from pos_app.services.ports.syncing import EnrolWay, SyncStatus
from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import PageHead
from ui.shell.counter import Counter
from ui.shell.dialogs import Question
from ui.shell.enter_gate import EnterGate
from ui.shell.keys import Action
from ui.shell.notices import Notice
from ui.shell.screens import ScreenContext
from ui.sync import page_keys as keys
from ui.sync.desk import DeskPresenter
from ui.sync.desk_view import DeskView
from ui.sync.enrol_view import EnrolView
from ui.sync.enrolling import EnrolPresenter
from ui.sync.light import StatusRelay
from ui.sync.ports import SyncParts
from ui.sync.presenter import SyncPresenter
from ui.sync.state import DeskState, EnrolState, TieState
from ui.sync.tie_view import TieCard

_AGES_MS = 20_000


class SyncPage(QWidget):
    """Shows the states of `SyncPresenter`, `EnrolPresenter` and `DeskPresenter`."""

    def __init__(self, context: ScreenContext, parts: SyncParts) -> None:
        super().__init__()
        counter: Counter = context.services
        self._shell = context.shell
        self._control = parts.control
        self._open_items = 0
        self._shown_item: object = None
        self._drawing = False
        self._was_busy = False
        # Asked when a key comes, not now: the page may be built before the keys are read.
        self._gate = EnterGate(lambda: self._shell.scanner.clock.now())
        self.presenter = SyncPresenter(counter, parts, self._show_tie)
        self.enrolling = EnrolPresenter(counter, parts, self._show_enrol)
        self.desk = DeskPresenter(counter, parts, self._show_desk)
        self.presenter.failed = self._say_failed
        self.enrolling.done = self._enrolled
        self._head = PageHead(translate("sync.page.title"))
        self.now_button = self._button(keys.NOW, "refresh-cw")
        self.leave_button = self._button(keys.LEAVE, "cloud-off", "quiet")
        self.enrol, self.tie, self.desk_view = self._enrol_view(), TieCard(), self._desk_view()
        self._stack = QStackedWidget()
        self._lay_out()
        self._bind_keys()
        self._bind_clicks()
        self._relay = StatusRelay(parts.control, self)
        self._relay.changed.connect(self._told)
        self._ages = QTimer(self)
        self._ages.timeout.connect(self._grow_older)
        self._ages.start(_AGES_MS)
        self.setFocusProxy(self.enrol)

    def _key(self, action: Action) -> str:
        return self._shell.keys.key_of(action)

    def _button(self, action: Action, icon: str, kind: str = "plain") -> KeyButton:
        button = KeyButton(translate(action.label), self._key(action), icon=icon, kind=kind)  # type: ignore[arg-type]
        button.setObjectName(action.id.replace(".", "_"))
        return button.keep_focus_away()

    def _enrol_view(self) -> EnrolView:
        found, join, go = (self._key(action) for action in (keys.FOUND, keys.JOIN, keys.ENROL))
        return EnrolView({"found": found, "join": join, "go": go})

    def _desk_view(self) -> DeskView:
        acts = {
            "take_back": keys.TAKE_BACK,
            "bring": keys.BRING,
            "stop": keys.STOP,
            "read_on": keys.READ_ON,
            "read_back": keys.READ_BACK,
        }
        choices = tuple(self._key(action) for action in keys.CHOICES)
        return DeskView({name: self._key(action) for name, action in acts.items()}, choices)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        for button in (self.leave_button, self.now_button):
            self._head.add(button)
        outer.addWidget(self._head)
        tied = QWidget()
        column = QVBoxLayout(tied)
        column.setContentsMargins(24, 8, 24, 24)
        column.setSpacing(12)
        column.addWidget(self.tie)
        column.addWidget(self.desk_view, 1)
        # In a small window an item keeps its room, and what stands above the desk is scrolled away.
        self._tied = QScrollArea()
        self._tied.setWidget(tied)
        self._tied.setWidgetResizable(True)
        self._tied.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._tied.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bar = self._tied.verticalScrollBar()
        bar.rangeChanged.connect(self._see_the_desk)
        self._stack.addWidget(self.enrol)
        self._stack.addWidget(self._tied)
        outer.addWidget(self._stack, 1)

    def _bind_keys(self) -> None:
        def tied() -> bool:
            return not self.presenter.state.alone

        def may_enrol() -> bool:
            return self.presenter.state.alone and self.enrolling.state.may_enrol

        desk = self.desk
        acts: list[tuple[Action, Callable[[], None], Callable[[], bool]]] = [
            (keys.FOUND, partial(self.enrolling.choose, EnrolWay.FOUND), may_enrol),
            (keys.JOIN, partial(self.enrolling.choose, EnrolWay.JOIN), may_enrol),
            (keys.ENROL, self._ask_enrol, may_enrol),
            (keys.NOW, self.presenter.sync_now, tied),
            (keys.LEAVE, self._ask_leave, lambda: self.presenter.state.may_leave),
            (keys.LIST, self.desk_view.setFocus, tied),
            (keys.SETTLED, self._turn, tied),
            (keys.TAKE_BACK, desk.take_back, self._can_take_back),
            (keys.READ_ON, partial(self.desk_view.detail.scroll_on, 1), self._scrolls),
            (keys.READ_BACK, partial(self.desk_view.detail.scroll_on, -1), self._scrolls),
            (keys.BRING, self._ask_bring, lambda: tied() and desk.state.left is not None),
            (keys.STOP, self._ask_stop, lambda: tied() and desk.state.left is not None),
        ]
        for place, action in enumerate(keys.CHOICES):
            acts.append((action, partial(self._choose, place), partial(self._offers, place)))
        for action, run, enabled in acts:
            self._shell.keys.bind(keys.SCOPE, action, run, enabled)

    def _bind_clicks(self) -> None:
        enrol, view = self.enrol, self.desk_view
        self.now_button.clicked.connect(self.presenter.sync_now)
        self.leave_button.clicked.connect(self._ask_leave)
        enrol.address.textChanged.connect(lambda _text: self.enrolling.type_address(enrol.address.text()))
        enrol.code.textChanged.connect(lambda _text: self.enrolling.type_code(enrol.code.text()))
        enrol.address.returnPressed.connect(enrol.code.setFocus)
        enrol.code.returnPressed.connect(enrol.ways[EnrolWay.FOUND].setFocus)
        for way, tile in enrol.ways.items():
            tile.clicked.connect(lambda _on=False, chosen=way: self.enrolling.choose(chosen))
        enrol.go.clicked.connect(self._ask_enrol)
        view.open_chip.clicked.connect(lambda: self.desk.show_settled(False))
        view.settled_chip.clicked.connect(lambda: self.desk.show_settled(True))
        view.list.moved.connect(self._mark)
        view.take_back.clicked.connect(self.desk.take_back)
        view.left.bring.clicked.connect(self._ask_bring)
        view.left.stop.clicked.connect(self._ask_stop)
        for place, button in enumerate(view.detail.choices):
            button.clicked.connect(partial(self._clicked, place))

    # -- when keys act -------------------------------------------------------------------------------------

    def _offers(self, place: int) -> bool:
        detail = self.desk.state.detail
        return not self.presenter.state.alone and detail is not None and place < len(detail.choices)

    def _scrolls(self) -> bool:
        return not self.presenter.state.alone and self.desk_view.detail.scrolls

    def _can_take_back(self) -> bool:
        detail = self.desk.state.detail
        return self.desk.state.undoable or (detail is not None and bool(detail.settled))

    # -- what comes in -------------------------------------------------------------------------------------

    def opened(self, args: object) -> None:
        """Show how sync is, and read the desk."""
        self.presenter.open()
        self.enrolling.open()
        if not self.presenter.state.alone:
            self.desk.open()
            self.desk_view.setFocus()
        elif not self.enrolling.state.may_enrol:
            # The fields had the focus before it was known that they are not shown.
            self.setFocus()

    def carry(self) -> object | None:
        """Return the form of enrolment with what was typed, and with the enrolment that is under way."""
        state = self.enrolling.state
        is_begun = bool(state.address or state.code)
        return self.enrolling if self.presenter.state.alone and is_begun else None

    def take_over(self, carried: object) -> None:
        """Go on with what was typed, and wait for what is under way."""
        if isinstance(carried, EnrolPresenter):
            self.enrolling.take_over(carried)

    def _told(self, status: SyncStatus) -> None:
        self.presenter.tell(status)
        if status.open_items != self._open_items:
            self._open_items = status.open_items
            # A word that comes while the till closes finds no lane any more, and nobody to show anything to.
            if not self.presenter.state.alone and not self.window().isHidden():
                self.desk.refresh()

    def _grow_older(self) -> None:
        if self.isVisible():
            self.presenter.tell(self._control.status())

    def _see_the_desk(self, *_range: int) -> None:
        """Show the item in hand whole, where not everything has room."""
        if self.desk.state.detail is not None:
            bar = self._tied.verticalScrollBar()
            bar.setValue(bar.maximum())

    def _turn(self) -> None:
        self.desk.show_settled(not self.desk.state.settled)

    def _mark(self, item_id: ItemId) -> None:
        # While the list is filled, Qt moves its mark as rows come and go; that is nobody's wish.
        if not self._drawing:
            self.desk.mark(item_id)

    def _clicked(self, place: int, _on: bool = False) -> None:
        self._choose(place)

    def _choose(self, place: int) -> None:
        if self._gate.lets_in():
            self.desk.choose(place)

    # -- questions -----------------------------------------------------------------------------------------

    def _ask_enrol(self) -> None:
        enrolling = self.enrolling
        if enrolling.state.busy:
            return
        if not enrolling.check():
            self.enrol.focus_fault(enrolling.state)
            return
        way = enrolling.state.way
        self._ask(
            Question(
                translate(f"sync.enrol.{way}"),
                translate(f"sync.enrol.{way}_asked"),
                translate("sync.enrol.go"),
            ),
            enrolling.enrol,
        )

    def _ask_leave(self) -> None:
        unsent = self._control.status().unsent
        question = Question(
            translate("sync.leave.title"),
            translate("sync.leave.text", count=unsent) if unsent else translate("sync.leave.text_sent"),
            translate("sync.action.leave"),
            kind="danger",
            final=True,
        )
        self._ask(question, self.presenter.leave)

    def _ask_bring(self) -> None:
        question = Question(
            translate("sync.left.bring"), translate("sync.left.bring_asked"), translate("sync.left.bring")
        )
        self._ask(question, self.desk.bring_along)

    def _ask_stop(self) -> None:
        question = Question(
            translate("sync.left.stop"),
            translate("sync.left.stop_asked"),
            translate("sync.left.stop"),
            kind="danger",
        )
        self._ask(question, self.desk.stop_selling)

    def _ask(self, question: Question, yes: Callable[[], None]) -> None:
        self._shell.dialogs.ask(question, lambda agreed: yes() if agreed else None)

    # -- what is shown -------------------------------------------------------------------------------------

    def _say_failed(self, words: str) -> None:
        self._shell.notices.show_notice(Notice("error", words, about="sync_page"))
        self._shell.tones.sound("refused")

    def _enrolled(self) -> None:
        self._shell.notices.success(translate("sync.enrol.done"))
        self.presenter.open()
        self.desk.open()

    def _show_tie(self, state: TieState) -> None:
        if not isValid(self):
            # An answer that was on its way while the page was built anew in another language.
            return
        self.tie.show_state(state)
        self.now_button.setVisible(not state.alone)
        self.leave_button.setVisible(state.may_leave)
        self.leave_button.setEnabled(not state.busy)
        view = self.enrol if state.alone else self._tied
        self.setFocusProxy(self.enrol if state.alone else self.desk_view)
        if self._stack.currentWidget() is not view:
            self._stack.setCurrentWidget(view)
            if self.isVisible() and self._shell.overlay.content is None:
                self.setFocus()

    def _show_enrol(self, state: EnrolState) -> None:
        if not isValid(self):
            return
        self.enrol.show_state(state)
        refused, self._was_busy = self._was_busy and not state.busy, bool(state.busy)
        if refused and self.isVisible() and self._shell.overlay.content is None:
            self.enrol.focus_fault(state)

    def _show_desk(self, state: DeskState) -> None:
        if not isValid(self):
            return
        in_hand = state.detail.item_id if state.detail is not None else None
        if in_hand != self._shown_item:
            # Nobody has read it yet: a key that was meant for the one before settles nothing.
            self._shown_item = in_hand
            self._gate.shut()
        self._drawing = True
        self.desk_view.show_state(state, self.desk.place)
        self._drawing = False
