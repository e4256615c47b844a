"""The member strip: who the customer is; while nobody is attached, an invitation.

Decides how the strip is laid out. Holds no decision of selling.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.icons import icon_pixmap
from ui.kit.labels import ElidedWords, Words
from ui.sales.state import MemberView


class MemberStrip(QFrame):
    """Name, masked phone and what to say to her; `wanted` is a click that asks for a member."""

    wanted = Signal()

    def __init__(self, key: str) -> None:
        super().__init__()
        self.setObjectName("member_strip")
        self.setFixedHeight(96)
        self._shown: MemberView | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        top = QHBoxLayout()
        top.setSpacing(8)
        self._mark = QLabel()
        self._name = ElidedWords("", "heading")
        self._name.setObjectName("member_name")
        self._phone = Words("", "muted")
        self._phone.setObjectName("member_phone")
        top.addWidget(self._mark)
        top.addWidget(self._name, 1)
        top.addWidget(self._phone)
        self._facts = ElidedWords("", "muted")
        self._facts.setObjectName("member_facts")
        self._find = KeyButton(translate("sales.action.member"), key, icon="user-round")
        self._find.setObjectName("member_find")
        self._find.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._find.clicked.connect(self.wanted)
        layout.addLayout(top)
        layout.addWidget(self._facts)
        layout.addWidget(self._find)
        layout.addStretch(1)
        self._draw()

    def show_member(self, member: MemberView | None) -> None:
        """Show a member, or the invitation."""
        if member != self._shown:
            self._shown = member
            self._draw()

    def _draw(self) -> None:
        member = self._shown
        icon, tone = ("star", "gold") if member else ("user-round", "disabled")
        self._mark.setPixmap(icon_pixmap(icon, tone, 20, self.devicePixelRatioF()))
        self._name.setText(member.name if member else translate("sales.member.nobody"))
        self._phone.setText(member.phone if member else "")
        facts = " · ".join(member.facts) if member else translate("sales.member.invite")
        self._facts.setText(facts)
        self._find.setVisible(member is None)
        self.setAccessibleName(f"{self._name.text()} {self._phone.text()} {facts}".strip())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.wanted.emit()
