"""The fields of one more key: a phone and whose it is, a WeChat id, an e-mail, a card new or in place of another.

Decides nothing; hands over what was typed and shows what is wrong under the field.
"""

from collections.abc import Callable

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from pos_app.domain.members import KeyKind
from pos_app.words import translate
from ui.kit.cards import Card
from ui.kit.fields import ChoiceEdit, CodeEdit, Field, NameEdit, TickEdit
from ui.kit.labels import Words
from ui.members.draft import NAME_LENGTH
from ui.members.form_parts import fault_words, next_on_enter
from ui.members.state import KeyDraft, State


class KeyForm(Card):
    """A key or a card."""

    def __init__(self) -> None:
        super().__init__(margin=16, spacing=12)
        self.setObjectName("members_key_form")
        self.change: Callable[[KeyDraft], None] = lambda _draft: None
        self._shown = KeyDraft()
        self._filling = False
        self._title = Words("", "strong", wrap=True)
        self.kind = ChoiceEdit("members_key_kind")
        self.kind.set_choices([(translate(f"members.key.{kind.value}"), kind) for kind in KeyKind])
        self.text = CodeEdit("members_key_text", longest=64)
        self.owner = NameEdit("members_key_owner", longest=NAME_LENGTH)
        self.fate = ChoiceEdit("members_card_fate")
        self.fate.set_choices(
            [(translate("members.card.refuse"), False), (translate("members.card.forward"), True)]
        )
        self.shared = TickEdit("members_key_shared", translate("members.field.shared"))
        self._kind_field = Field(translate("members.column.key"), self.kind)
        self._text_field = Field(translate("members.key.phone"), self.text)
        self._owner_field = Field(translate("members.field.key_owner"), self.owner, optional=True)
        self._fate_field = Field(translate("members.field.card_fate"), self.fate)
        self._others = Words("", "strong", "warning", wrap=True)
        for widget in (
            self._title,
            self._kind_field,
            self._fate_field,
            self._text_field,
            self._others,
            self.shared,
            self._owner_field,
        ):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        for edit in (self.text, self.owner):
            edit.textChanged.connect(lambda _text: self._changed())
        for choice in (self.kind, self.fate):
            choice.currentIndexChanged.connect(lambda _place: self._changed())
        self.shared.toggled.connect(lambda _on: self._changed())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not next_on_enter(self, event):
            super().keyPressEvent(event)

    def _changed(self) -> None:
        if not self._filling:
            self.change(self._draft())

    def _draft(self) -> KeyDraft:
        kind = self.kind.chosen()
        return KeyDraft(
            kind=kind if isinstance(kind, KeyKind) else KeyKind(str(kind)),
            text=self.text.text(),
            owner=self.owner.text(),
            shared=self.shared.isChecked(),
            lost=self._shown.lost,
            forwards=bool(self.fate.chosen()),
        )

    def show_state(self, state: State) -> None:
        """Show the fields that this kind of key has."""
        draft = self._shown = state.adding
        card, lost = draft.kind is KeyKind.CARD, draft.lost
        if lost is not None:
            title = translate("members.card.replace_title", card=lost.shown)
        else:
            title = translate("members.card.issue_title" if card else "members.key.add_title")
        self._title.setText(title)
        self._fill(draft)
        self._kind_field.setVisible(lost is None)
        self._fate_field.setVisible(lost is not None)
        self._text_field.set_label(translate(f"members.key.{draft.kind.value}"))
        self._text_field.set_hint(translate("members.hint.card") if card else "")
        self._text_field.set_error(fault_words(state.faults.fields.get("key")))
        self._others.setVisible(bool(state.owner))
        self._others.setText(translate("members.form.owner", name=state.owner) if state.owner else "")
        self.shared.setVisible(bool(state.owner) or draft.shared)
        self._owner_field.setVisible(draft.kind is KeyKind.PHONE)

    def _fill(self, draft: KeyDraft) -> None:
        if draft == self._draft():
            return
        self._filling = True
        self.kind.setCurrentIndex(list(KeyKind).index(draft.kind))
        self.text.setText(draft.text)
        self.owner.setText(draft.owner)
        self.shared.setChecked(draft.shared)
        self.fate.setCurrentIndex(1 if draft.forwards else 0)
        self._filling = False

    def first(self) -> QWidget:
        """Return the field to begin with."""
        return self.fate if self._shown.lost is not None else self.text
