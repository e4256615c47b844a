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

_TALL, _LOW = 96, 52
"""Heights in px: with the button that invites, and without."""


class MemberStrip(QFrame):
    """Name, masked phone and what to say to her; `wanted` is a click that asks for a member."""

    wanted = Signal()

    def __init__(self, key: str) -> None:
        super().__init__()
        self.setObjectName("member_strip")
        self._shown: MemberView | None = None
        self._paying = False
        self._invites = True
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

    def show_member(self, member: MemberView | None, *, paying: bool = False, invites: bool = True) -> None:
        """Show a member, or the invitation; while paying without its key, and once money was given not at all."""
        if (member, paying, invites) != (self._shown, self._paying, self._invites):
            self._shown, self._paying, self._invites = member, paying, invites
            self._draw()

    def _draw(self) -> None:
        member = self._shown
        icon, tone = ("star", "gold") if member else ("user-round", "disabled")
        self._mark.setPixmap(icon_pixmap(icon, tone, 20, self.devicePixelRatioF()))
        self._name.setText(member.name if member else translate("sales.member.nobody"))
        self._phone.setText(member.phone if member else "")
        # While paying F9 does nothing; a phone is typed where the money goes, as long as none was given.
        code = "sales.member.invite_pay" if self._paying else "sales.member.invite"
        invite = translate(code) if self._invites else ""
        facts = " · ".join(member.facts) if member else invite
        self._facts.setText(facts)
        invites = member is None and not self._paying
        self._find.setVisible(invites)
        self.setFixedHeight(_TALL if invites else _LOW)
        self.setAccessibleName(f"{self._name.text()} {self._phone.text()} {facts}".strip())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.wanted.emit()
