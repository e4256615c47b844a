"""The form of a member: phone and a spoken yes first, everything else may come later.

Decides nothing; hands over what was typed and shows what is wrong under each field.
"""

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import Card
from ui.kit.fields import ChoiceEdit, CodeEdit, Field, NameEdit, NoteEdit, TickEdit
from ui.kit.labels import Words
from ui.members.draft import NAME_LENGTH, ChildDraft, Draft, Faults
from ui.members.state import Stage, State


class ChildFields(QWidget):
    """Name, kind of date and date of one child."""

    def __init__(self, place: int, changed: Callable[[], None]) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self.name = NameEdit(f"members_child_name_{place}", longest=NAME_LENGTH)
        self.kind = ChoiceEdit(f"members_child_kind_{place}")
        self.kind.set_choices(
            [(translate("members.child.born"), False), (translate("members.child.expected"), True)]
        )
        self.when = CodeEdit(f"members_child_when_{place}", placeholder="2026-05-01", longest=12)
        self._when_field = Field(translate("members.field.date"), self.when)
        for field, stretch in (
            (Field(translate("members.field.child_name"), self.name, optional=True), 4),
            (Field(translate("members.field.date_kind"), self.kind), 3),
            (self._when_field, 4),
        ):
            layout.addWidget(field, stretch, Qt.AlignmentFlag.AlignTop)
        self.name.textChanged.connect(lambda _text: changed())
        self.when.textChanged.connect(lambda _text: changed())
        self.kind.currentIndexChanged.connect(lambda _place: changed())

    def draft(self) -> ChildDraft:
        """Return what was typed."""
        return ChildDraft(self.name.text(), self.when.text(), expected=bool(self.kind.chosen()))

    def show_draft(self, draft: ChildDraft) -> None:
        """Show a child."""
        self.name.setText(draft.name)
        self.when.setText(draft.when)
        self.kind.setCurrentIndex(1 if draft.expected else 0)

    def set_error(self, words: str) -> None:
        """Say what is wrong with the date."""
        self._when_field.set_error(words)


class FormView(QWidget):
    """Sign-up and editing."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("members_form")
        self._change: Callable[[Draft], None] = lambda _draft: None
        self._filling = False
        self._title = Words("", "title")
        self.phone = CodeEdit("members_phone", placeholder="138 0000 0000", longest=24)
        self.agreed = TickEdit("members_agreed", translate("members.field.agreed"))
        self.name = NameEdit("members_name", longest=NAME_LENGTH)
        self.notes = NoteEdit("members_notes")
        self.children_agreed = TickEdit("members_children_agreed", translate("members.field.children_agreed"))
        self.children_fields: list[ChildFields] = []
        self._owner = Words("", "strong", "warning", wrap=True)
        self._faults = {key: Words("", "error", wrap=True) for key in ("agreed", "children_agreed")}
        self.add_child = KeyButton(translate("members.action.child"), icon="baby")
        self.cancel = KeyButton(translate("common.action.cancel"))
        self.save = KeyButton("", kind="primary")
        self._lay_out()
        self._listen()

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 16, 16, 16)
        outer.setSpacing(12)
        outer.addWidget(self._title)
        body = QWidget()
        self._body = QVBoxLayout(body)
        self._body.setContentsMargins(0, 0, 8, 0)
        self._body.setSpacing(12)
        self._phone_field = Field(translate("common.word.phone"), self.phone)
        self._consent = Card(spacing=8)
        self._consent.body.addWidget(Words(translate("members.consent.text"), "muted", wrap=True))
        self._consent.body.addWidget(self.agreed)
        self._consent.body.addWidget(self._faults["agreed"])
        self._name_field = Field(translate("members.field.name"), self.name, optional=True)
        self._notes_field = Field(translate("members.field.notes"), self.notes, optional=True)
        self._children = QVBoxLayout()
        self._children.setSpacing(8)
        for widget in (self._phone_field, self._owner, self._consent, self._name_field, self._notes_field):
            self._body.addWidget(widget)
        self._body.addLayout(self._children)
        self._body.addWidget(self.children_agreed)
        self._body.addWidget(self._faults["children_agreed"])
        self._body.addWidget(self.add_child, 0, Qt.AlignmentFlag.AlignLeft)
        self._body.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(scroll, 1)
        self._scroll = scroll
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.save)
        outer.addLayout(row)
        for name in ("add_child", "cancel", "save"):
            getattr(self, name).setObjectName(f"members_{name}")

    def _listen(self) -> None:
        for edit in (self.phone, self.name):
            edit.textChanged.connect(lambda _text: self._changed())
        self.notes.textChanged.connect(self._changed)
        for tick in (self.agreed, self.children_agreed):
            tick.toggled.connect(lambda _on: self._changed())

    def bind(
        self,
        change: Callable[[Draft], None],
        save: Callable[[], None],
        cancel: Callable[[], None],
        child: Callable[[], None],
    ) -> None:
        """Let the form ask for what it says."""
        self._change = change
        self.save.clicked.connect(save)
        self.cancel.clicked.connect(cancel)
        self.add_child.clicked.connect(child)

    def show_keys(self, save: str, cancel: str, child: str) -> None:
        """Show the keys on the buttons."""
        self.save.set_key(save)
        self.cancel.set_key(cancel)
        self.add_child.set_key(child)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter goes on to the next field; on a tick it is the spoken yes. Only Ctrl+Enter saves.
        if event.key() in (Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value):
            focus = self.focusWidget()
            if isinstance(focus, TickEdit):
                focus.setChecked(True)
            self.focusNextChild()
            event.accept()
            return
        super().keyPressEvent(event)

    def _changed(self) -> None:
        if not self._filling:
            self._change(self._draft())

    def _draft(self) -> Draft:
        return Draft(
            phone=self.phone.text(),
            agreed=self.agreed.isChecked(),
            name=self.name.text(),
            notes=self.notes.toPlainText(),
            children=tuple(fields.draft() for fields in self.children_fields),
            children_agreed=self.children_agreed.isChecked(),
        )

    def show_state(self, state: State, *, fresh: bool) -> None:
        """Show the form; `fresh` when it has just been opened: then the first field to fill gets the focus."""
        new = state.stage is Stage.NEW
        self._title.setText(translate("members.form.new" if new else "members.form.edit"))
        self.save.setText(translate(_save_words(state)))
        for widget in (self._phone_field, self._consent):
            widget.setVisible(new)
        self._notes_field.setVisible(not new)
        self._fill(state.draft)
        asks = state.children_asked and bool(state.draft.told)
        self.children_agreed.setVisible(asks)
        self._owner.setVisible(bool(state.owner))
        self._owner.setText(translate("members.form.owner", name=state.owner) if state.owner else "")
        self._show_faults(state)
        self.save.setEnabled(not state.busy)
        if fresh:
            first = self.name if not new else self.agreed if state.draft.phone else self.phone
            first.setFocus()

    def _fill(self, draft: Draft) -> None:
        if draft == self._draft():
            return
        self._filling = True
        self.phone.setText(draft.phone)
        self.agreed.setChecked(draft.agreed)
        self.name.setText(draft.name)
        if self.notes.toPlainText() != draft.notes:
            self.notes.setPlainText(draft.notes)
        self.children_agreed.setChecked(draft.children_agreed)
        while len(self.children_fields) > len(draft.children):
            gone = self.children_fields.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.children_fields) < len(draft.children):
            made = ChildFields(len(self.children_fields), self._changed)
            self.children_fields.append(made)
            self._children.addWidget(made)
            self._chain_children()
        for fields, child in zip(self.children_fields, draft.children, strict=True):
            if fields.draft() != child:
                fields.show_draft(child)
        self._filling = False

    def _chain_children(self) -> None:
        """Let Tab and Enter walk as the eye does: a field made later would come last of all."""
        chain: list[QWidget] = [self.name, self.notes]
        for fields in self.children_fields:
            chain += [fields.name, fields.kind, fields.when]
        chain += [self.children_agreed, self.add_child, self.cancel, self.save]
        for one, other in pairwise(chain):
            QWidget.setTabOrder(one, other)

    def focus_fault(self, faults: Faults) -> None:
        """Put the cursor where the first thing is missing or wrong."""
        wrong: list[QWidget] = [self.phone] if "phone" in faults.fields else []
        wrong += [self.agreed] if "agreed" in faults.fields else []
        wrong += [self.children_fields[place].when for place in sorted(faults.children)]
        wrong += [self.children_agreed] if "children_agreed" in faults.fields else []
        if wrong:
            wrong[0].setFocus()
            self._scroll.ensureWidgetVisible(wrong[0])

    def _show_faults(self, state: State) -> None:
        faults = state.faults
        self._phone_field.set_error(_words(faults.fields.get("phone")))
        for key, words in self._faults.items():
            words.setText(_words(faults.fields.get(key)))
            words.setVisible(key in faults.fields)
        for place, fields in enumerate(self.children_fields):
            fields.set_error(_words(faults.children.get(place)))

    def focus_last_child(self) -> None:
        """Put the cursor into the fields of the child that was added."""
        if self.children_fields:
            self.children_fields[-1].name.setFocus()
            self._scroll.ensureWidgetVisible(self.children_fields[-1])


def _save_words(state: State) -> str:
    if state.stage is Stage.EDIT:
        return "members.action.save"
    if state.owner:
        return "members.action.choose" if state.choosing else "members.action.open_owner"
    return "members.action.sign_up"


def _words(code: str | None) -> str:
    return translate(code) if code else ""
