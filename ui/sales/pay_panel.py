"""The Pay panel: what is due at 44 px, tenders with their keys, quick amounts, what was given.

Decides how these are laid out and what a click means. Holds no decision of paying.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from pos_app.domain.values.money import Currency
from pos_app.words import translate
from ui.kit.buttons import KeyButton, Tile
from ui.kit.cards import divider
from ui.kit.fields import AmountEdit
from ui.kit.labels import AmountLabel, Words, restyle
from ui.kit.tokens import sizes
from ui.sales.pay_charges import CHARGE
from ui.sales.pay_choices import PayChoices
from ui.sales.pay_ways import CASH
from ui.sales.state import PayView, TileView
from ui.sales.tender_list import TenderList

_MOST_QUICK = 4
_FEWER_QUICK = 2
"""Once something was given: exact and the next note; the tenders need the room."""


class PayPanel(QWidget):
    """Everything of Pay; `box` has the focus while it is open."""

    entered = Signal(str)
    typed = Signal(str)
    quick = Signal(int)
    cash = Signal()
    way = Signal(str)
    chosen = Signal(int)
    back = Signal()
    marked = Signal(int)

    def __init__(self, currency: Currency, key_of: Callable[[str], str]) -> None:
        super().__init__()
        self.setObjectName("pay_panel")
        self._currency = currency
        self._shown: PayView | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self._add_sum(layout)
        layout.addWidget(divider())
        self._tenders = TenderList()
        self._tenders.marked.connect(self.marked)
        layout.addWidget(self._tenders)
        self._add_field(layout)
        layout.addLayout(self._quick_row())
        self._choices = PayChoices()
        self._choices.picked.connect(self.chosen)
        layout.addWidget(self._choices)
        self._key_of = key_of
        self._tiles: dict[str, Tile] = {}
        self._tile_grid = QGridLayout()
        self._tile_grid.setSpacing(8)
        layout.addLayout(self._tile_grid)
        layout.addStretch(1)
        back = KeyButton(translate("common.action.back"), key_of("back"), kind="quiet")
        back.setObjectName("pay_back")
        back.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        back.clicked.connect(self.back)
        layout.addWidget(back)
        self.setFocusProxy(self.box)

    def _add_field(self, layout: QVBoxLayout) -> None:
        """Lay out the field with what stands above and under it."""
        self._label = Words("", "secondary")
        self.box = AmountEdit("pay_box")
        self.box.returnPressed.connect(lambda: self.entered.emit(self.box.text()))
        self.box.textChanged.connect(self.typed)
        self._under = Words("", "muted", wrap=True)
        self._under.setObjectName("pay_under")
        layout.addWidget(self._label)
        layout.addWidget(self.box)
        layout.addWidget(self._under)
        self._caution = Words("", "body", "warning", wrap=True)
        self._caution.setObjectName("pay_caution")
        layout.addWidget(self._caution)

    def _quick_row(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        self._quick = []
        for place in range(_MOST_QUICK):
            button = KeyButton("")
            button.setObjectName(f"pay_quick_{place}")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _checked=False, _place=place: self.quick.emit(_place))
            button.setFixedHeight(sizes().touch)
            grid.addWidget(button, place // 2, place % 2)
            self._quick.append(button)
        return grid

    def _show_tiles(self, tiles: tuple[TileView, ...], *, busy: bool) -> None:
        """Show a tile for each way of paying; two stand in a row."""
        names = [tile.name for tile in tiles]
        for name, there in self._tiles.items():
            there.setVisible(name in names)
        for place, view in enumerate(tiles):
            tile = self._tiles.get(view.name) or self._new_tile(view)
            tile.setText(view.words)
            tile.set_second(view.second)
            tile.setEnabled(not busy)
            self._tile_grid.addWidget(tile, place // 2, place % 2)

    def _new_tile(self, view: TileView) -> Tile:
        tile = Tile(view.words, self._key_of(view.name), icon=view.icon, second=view.second)
        tile.setObjectName(f"pay_{view.name}")
        tile.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        tile.setMinimumHeight(tile.sizeHint().height())
        tile.clicked.connect(self.cash if view.name == CASH else lambda: self.way.emit(view.name))
        self._tiles[view.name] = tile
        return tile

    def _add_sum(self, layout: QVBoxLayout) -> None:
        """Lay out what is due, and under it how that came about."""
        self._due_words = Words("", "heading")
        self._due = AmountLabel("due")
        self._due.setObjectName("pay_due")
        self._due.setMinimumHeight(self._due.sizeHint().height())
        self._reckoned = Words("", "muted", wrap=True)
        self._reckoned.setObjectName("pay_reckoned")
        for widget in (self._due_words, self._due, self._reckoned):
            layout.addWidget(widget)

    def show_pay(self, view: PayView) -> None:
        """Show how the bill stands."""
        if self.box.text() != view.box:
            # Also when nothing else is news: what a list of choices does not take must not stay in the field.
            self.box.setText(view.box)
        if view == self._shown:
            return
        self._shown = view
        self._due_words.setText(view.due_words)
        self._due.set_amount(view.due, self._currency)
        self._reckoned.setText(view.reckoned)
        self._reckoned.setVisible(bool(view.reckoned))
        self._tenders.show_rows(view.tenders, view.current)
        self._show_field(view)
        self._caution.setText(view.caution)
        self._caution.setVisible(bool(view.caution))
        quick = view.quick[: _FEWER_QUICK if view.tenders else _MOST_QUICK]
        for place, button in enumerate(self._quick):
            there = place < len(quick)
            button.setVisible(there)
            button.setText(quick[place] if there else "")
            button.setEnabled(not view.busy)
        self._choices.show_choices(view.choices, view.chosen, by_digit=view.by_digit)
        self._show_tiles(view.tiles, busy=view.busy)

    def _show_field(self, view: PayView) -> None:
        self._label.setText(view.label)
        self.box.setAccessibleName(view.label)
        self.box.setReadOnly(view.busy or view.stage == CHARGE)
        self.box.setPlaceholderText(view.default_words)
        words, tone = view.hint, "warning" if view.warns else "muted"
        if view.error:
            # What Enter would confirm stays readable under what was refused.
            words = f"{view.error}\n{view.hint}" if view.stage == "confirm" and view.hint else view.error
            tone = "danger"
        if view.busy:
            words, tone = translate("sales.pay.busy"), "muted"
        if view.offer:
            words = f"{words}\n{view.offer}"
        self._under.setText(words)
        self._under.set_tone(tone)  # type: ignore[arg-type]
        self._under.setVisible(bool(words))
        self.box.setProperty("invalid", "true" if view.error else "false")
        restyle(self.box)
