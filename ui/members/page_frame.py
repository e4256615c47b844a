"""Where the parts of the members page stand: the box and the list at the left, a card or a form at the right.

Decides how they share the width: in a narrow window words stand closer and under each other, and nothing is left out.
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import PageHead, Panel, list_card
from ui.kit.fields import SellEdit
from ui.members import page_keys as keys
from ui.members.card_view import CardView
from ui.members.cards import MemberRow
from ui.members.form_view import FormView
from ui.members.list_view import member_cells, members_columns, members_list

_SIDE_PX = 680
_LIST_PX, _NARROW_LIST_PX = 430, 340


class MembersFrame(QWidget):
    """The parts of the page in their places."""

    def __init__(self, form: FormView) -> None:
        super().__init__()
        self.box = SellEdit("members_box", placeholder=translate("members.field.search"), icon_name="search")
        self.head = PageHead(translate("members.title"))
        self.list = members_list()
        self.card, self.form = CardView(), form
        self.new_button = KeyButton(translate(keys.NEW.label), icon="user-plus", kind="primary")
        self.new_button.setObjectName("members_new")
        self.imports_button = KeyButton(translate(keys.IMPORTS.label), icon="upload", kind="quiet")
        self.imports_button.setObjectName("members_imports")
        self.side = QStackedWidget()
        self._rows: tuple[MemberRow, ...] = ()
        self._narrow = False
        self._lay_out()

    def _lay_out(self) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        self.head.add(self.new_button.keep_focus_away())
        left.addWidget(self.head)
        self._inner = QVBoxLayout()
        self._inner.setContentsMargins(24, 4, 24, 16)
        self._inner.setSpacing(12)
        self._inner.addWidget(self.box)
        self._inner.addWidget(list_card(self.list), 1)
        self._inner.addWidget(self.imports_button.keep_focus_away(), 0, Qt.AlignmentFlag.AlignLeft)
        left.addLayout(self._inner, 1)
        outer.addLayout(left, 1)
        self._panel = Panel(_SIDE_PX)
        self._panel.body.setContentsMargins(0, 0, 0, 0)
        self.side.addWidget(self.card)
        self.side.addWidget(self.form)
        self._panel.body.addWidget(self.side)
        outer.addWidget(self._panel)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        self._set_narrow(width < _LIST_PX + _SIDE_PX)
        self._panel.setFixedWidth(min(_SIDE_PX, width - _NARROW_LIST_PX))

    def _set_narrow(self, narrow: bool) -> None:
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self.head.set_narrow(narrow)
        self.card.set_narrow(narrow)
        self.new_button.set_compact(narrow)
        side = 16 if narrow else 24
        self._inner.setContentsMargins(side, 4, side, 16)
        self.list.set_columns(members_columns(narrow=narrow))
        self._fill()

    def show_rows(self, rows: tuple[MemberRow, ...]) -> None:
        """Show members in the list."""
        if rows is not self._rows:
            self._rows = rows
            self._fill()

    def _fill(self) -> None:
        self.list.set_rows([member_cells(row, narrow=self._narrow) for row in self._rows])
