"""The form of enrolment: address, one-time code, and the two ways with what each does to this till's records.

Decides lay-out only; hands over what is typed and chosen.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pos_app.services.ports.syncing import EnrolWay
from pos_app.words import translate
from ui.kit.buttons import KeyButton, Tile
from ui.kit.cards import Card, EmptyState
from ui.kit.fields import CodeEdit, Field
from ui.kit.icons import IconMark
from ui.kit.labels import Words
from ui.sync.state import EnrolState

_ICONS = {EnrolWay.FOUND: "upload", EnrolWay.JOIN: "download"}
_LONGEST_ADDRESS, _LONGEST_CODE = 200, 32
_FORM_PX = 920


class EnrolView(QWidget):
    """What a till that stands alone shows."""

    def __init__(self, keys: dict[str, str]) -> None:
        super().__init__()
        self.setObjectName("sync_alone")
        self.address = CodeEdit(
            "sync_address", placeholder="https://shop.example.com", longest=_LONGEST_ADDRESS
        )
        self.code = CodeEdit("sync_code", placeholder="K7QM-2XPA", longest=_LONGEST_CODE)
        self._fields = {
            "address": Field(
                translate("sync.enrol.address"), self.address, hint=translate("sync.enrol.address_hint")
            ),
            "code": Field(translate("sync.enrol.code"), self.code, hint=translate("sync.enrol.code_hint")),
        }
        self.ways = {way: self._tile(way, keys[way.value]) for way in EnrolWay}
        self._way_error = Words("", "secondary", "danger", wrap=True)
        self._way_error.setObjectName("sync_way_error")
        self._busy = Words("", "muted", wrap=True)
        self._busy.setObjectName("sync_busy")
        self.go = KeyButton(translate("sync.enrol.go"), keys["go"], kind="primary")
        self.go.setObjectName("sync_enrol")
        self._form = self._card()
        self._closed = EmptyState(
            "cloud-off", translate("sync.enrol.alone_title"), translate("sync.enrol.manager_only")
        )
        self._lay_out()

    def _tile(self, way: EnrolWay, key: str) -> Tile:
        tile = Tile(
            translate(f"sync.enrol.{way.value}"),
            key,
            icon=_ICONS[way],
            second=translate(f"sync.enrol.{way.value}_second"),
        )
        tile.setObjectName(f"sync_{way.value}")
        tile.setCheckable(True)
        return tile

    def _lay_out(self) -> None:
        inside = QWidget()
        row = QHBoxLayout(inside)
        row.setContentsMargins(24, 8, 24, 24)
        row.addWidget(self._form, 0, Qt.AlignmentFlag.AlignTop)
        row.addStretch(1)
        self._form.setMaximumWidth(_FORM_PX)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll = scroll
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll, 1)
        outer.addWidget(self._closed, 1)
        self._closed.hide()
        # Fields that are not shown must not take what somebody types who may not enrol.
        self._closed.setObjectName("sync_manager_only")
        self._closed.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.address)

    def _card(self) -> Card:
        card = Card(margin=24, spacing=16)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(IconMark("cloud", "primary", 32), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(Words(translate("sync.enrol.title"), "heading"))
        words.addWidget(Words(translate("sync.enrol.text"), "muted", wrap=True))
        top.addLayout(words, 1)
        card.body.addLayout(top)
        fields = QHBoxLayout()
        fields.setSpacing(16)
        fields.addWidget(self._fields["address"], 3, Qt.AlignmentFlag.AlignTop)
        fields.addWidget(self._fields["code"], 2, Qt.AlignmentFlag.AlignTop)
        card.body.addLayout(fields)
        card.body.addWidget(Words(translate("sync.enrol.way"), "secondary"))
        ways = QHBoxLayout()
        ways.setSpacing(16)
        for way, tile in self.ways.items():
            column = QVBoxLayout()
            column.setSpacing(8)
            column.addWidget(tile)
            column.addWidget(Words(translate(f"sync.enrol.{way.value}_told"), "muted", wrap=True))
            column.addStretch(1)
            ways.addLayout(column, 1)
        card.body.addLayout(ways)
        card.body.addWidget(self._way_error)
        foot = QHBoxLayout()
        foot.addWidget(self._busy, 1)
        foot.addWidget(self.go)
        card.body.addLayout(foot)
        return card

    def show_state(self, state: EnrolState) -> None:
        """Draw the state."""
        self._scroll.setVisible(state.may_enrol)
        self._closed.setVisible(not state.may_enrol)
        self.setFocusProxy(self.address if state.may_enrol else self._closed)
        for edit, text in ((self.address, state.address), (self.code, state.code)):
            if edit.text() != text:
                edit.setText(text)
            edit.setReadOnly(bool(state.busy))
        for name, field in self._fields.items():
            field.set_error(state.error(name))
        for way, tile in self.ways.items():
            tile.setChecked(way.value == state.way)
            tile.setEnabled(not state.busy)
        self._way_error.setText(state.error("way"))
        self._way_error.setVisible(bool(state.error("way")))
        self._busy.setText(state.busy)
        self.go.setEnabled(not state.busy)

    def focus_fault(self, state: EnrolState) -> None:
        """Give the focus to what must be put right."""
        if state.error("address"):
            self.address.setFocus()
        elif state.error("code"):
            self.code.setFocus()
        elif state.error("way"):
            self.ways[EnrolWay.FOUND].setFocus()
