"""The tab of other ways of paying: a card for the printed code, a card for the platforms of coupons."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.domain.vouchers import LONGEST_NAME
from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import Card
from ui.kit.fields import CodeEdit, Field, NameEdit, TickEdit
from ui.kit.labels import Words, restyle
from ui.kit.scroll import FormScroll
from ui.kit.tokens import sizes
from ui.settings.counts_card import CountsCard
from ui.settings.save_head import SaveActs, SaveHead, save_and_leave
from ui.settings.tenders_presenter import PlatformRow, State, TendersPresenter
from ui.shell.counter import Counter
from ui.shell.screens import ScreenContext

SCOPE = "settings.tenders"
ACTIONS = save_and_leave(SCOPE)
_RATE_PX, _CARD_PX = 112, 640


class _PlatformLine(QWidget):
    """A platform: whether it is taken, its fee, and for the shop's own a way to remove it."""

    def __init__(self, row: PlatformRow, presenter: TendersPresenter) -> None:
        super().__init__()
        self.tick = TickEdit(f"platform_{row.key}", row.name)
        self.tick.clicked.connect(lambda on: presenter.turn(row.key, on))
        self.rate = CodeEdit(f"platform_rate_{row.key}", longest=6)
        self.rate.setAlignment(Qt.AlignmentFlag.AlignRight)
        # Not left to the style sheet, which the lay-out of a line that comes later does not wait for.
        self.rate.setFixedSize(_RATE_PX, sizes().touch)
        self.rate.setAccessibleName(translate("settings.tenders.fee_of", name=row.name))
        self.rate.textChanged.connect(lambda _text: presenter.type_rate(row.key, self.rate.text()))
        self._error = Words("", "secondary", "danger")
        self._error.setObjectName(f"platform_error_{row.key}")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.tick, 1)
        if row.own:
            remove = KeyButton(translate("common.action.remove"), icon="trash-2", kind="quiet")
            remove.setObjectName(f"platform_remove_{row.key}")
            remove.clicked.connect(lambda: presenter.remove(row.key))
            line.addWidget(remove)
        line.addWidget(self.rate)
        line.addWidget(Words("%", "muted"))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(2)
        outer.addLayout(line)
        outer.addWidget(self._error, 0, Qt.AlignmentFlag.AlignRight)

    def show_row(self, row: PlatformRow) -> None:
        """Show how it is being set."""
        self.tick.setChecked(row.on)
        if self.rate.text() != row.rate:
            self.rate.setText(row.rate)
        self.rate.setEnabled(row.on)
        self._error.setText(row.error)
        self._error.setVisible(bool(row.error))
        self.rate.setProperty("invalid", "true" if row.error else "false")
        restyle(self.rate)


class TendersTab(QWidget):
    """Shows the state of `TendersPresenter`."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        counter: Counter = context.services
        self._counts = CountsCard(counter)
        self._lines: dict[str, _PlatformLine] = {}
        self._static = TickEdit("settings_static_code", translate("settings.tenders.static"))
        self._new = NameEdit("settings_new_platform", longest=LONGEST_NAME)
        self._new_field = Field(translate("settings.tenders.new"), self._new)
        self.presenter = act = TendersPresenter(counter, self.show_state)
        acts = SaveActs(act.save, act.revert, lambda: act.state.changed)
        self._head = SaveHead(translate("settings.tab.tenders"), SCOPE, context.shell.keys, ACTIONS, acts)
        self._lay_out()
        self._static.clicked.connect(act.turn_static)
        self._new.returnPressed.connect(self._add)
        self.show_state(act.state)

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addWidget(self._head)
        inside = QWidget()
        # The whole, not each card: a lay-out reckons the height of words at the width that it has itself.
        inside.setMaximumWidth(_CARD_PX + 48)
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 0, 24, 24)
        column.setSpacing(16)
        for card in (self._static_card(), self._coupon_card(), self._counts):
            column.addWidget(card)
        column.addStretch(1)
        scroll = FormScroll()
        scroll.setWidget(inside)
        outer.addWidget(scroll, 1)

    def _static_card(self) -> Card:
        card = Card()
        card.body.addWidget(Words(translate("settings.tenders.static_title"), "heading"))
        card.body.addWidget(self._static)
        card.body.addWidget(Words(translate("settings.tenders.static_hint"), "muted", wrap=True))
        return card

    def _coupon_card(self) -> Card:
        card = Card()
        head = QHBoxLayout()
        head.addWidget(Words(translate("settings.tenders.coupons"), "heading"), 1)
        head.addWidget(Words(translate("settings.tenders.fee"), "secondary"))
        card.body.addLayout(head)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(8)
        card.body.addLayout(self._rows)
        add = KeyButton(translate("common.action.add"), icon="plus")
        add.setObjectName("settings_add_platform")
        add.clicked.connect(self._add)
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._new_field, 1)
        row.addWidget(add, 0, Qt.AlignmentFlag.AlignBottom)
        card.body.addLayout(row)
        card.body.addWidget(Words(translate("settings.tenders.coupons_hint"), "muted", wrap=True))
        return card

    def _add(self) -> None:
        if self.presenter.add(self._new.text()):
            self._new.clear()

    def opened(self, args: object) -> None:
        """Show what is set."""
        self.presenter.open()

    def carry(self) -> object:
        """Return what is being changed, for the tab that is built anew in another language."""
        return self.presenter.state if self.presenter.state.changed else None

    def take_over(self, carried: object) -> None:
        """Go on with it."""
        if isinstance(carried, State):
            self.presenter.take_over(carried)

    def show_state(self, state: State) -> None:
        """Draw the state."""
        self._static.setChecked(state.static_code)
        for key in [key for key in self._lines if key not in {row.key for row in state.rows}]:
            line = self._lines.pop(key)
            self._rows.removeWidget(line)
            line.deleteLater()
        for row in state.rows:
            if row.key not in self._lines:
                self._lines[row.key] = _PlatformLine(row, self.presenter)
                self._rows.addWidget(self._lines[row.key])
            self._lines[row.key].show_row(row)
        self._new_field.set_error(state.new_error)
        self._head.show_standing(state)
