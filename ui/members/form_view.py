"""The form of a new member: phone and a spoken yes first, everything else may come later.

Decides nothing; hands over what was typed and shows what is wrong under each field.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import Card
from ui.kit.fields import CodeEdit, Field, NameEdit, TickEdit
from ui.kit.labels import Words
from ui.members.draft import NAME_TYPED, Draft, Faults
from ui.members.form_parts import ChildFields, fault_words, next_on_enter, walk
from ui.members.state import State
from ui.members.tab_views import scrolled
from ui.shell.enter_gate import EnterGate


class FormView(QWidget):
    """Sign-up."""

    def __init__(self, gate: EnterGate) -> None:
        super().__init__()
        self.setObjectName("members_form")
        self._gate = gate
        self.complete: Callable[[], bool] = lambda: False
        """Whether only the spoken yes is missing to sign up."""
        self._change: Callable[[Draft], None] = lambda _draft: None
        self._filling = False
        self._title = Words("", "title")
        self.phone = CodeEdit("members_phone", placeholder="138 0000 0000", longest=24)
        self.agreed = TickEdit("members_agreed", translate("members.field.agreed"))
        self.name = NameEdit("members_name", longest=NAME_TYPED)
        self.shared = TickEdit("members_shared", translate("members.field.shared"))
        self.children_agreed = TickEdit("members_children_agreed", translate("members.field.children_agreed"))
        self.children_fields: list[ChildFields] = []
        self._owner = Words("", "strong", "warning", wrap=True)
        self._twins = Words("", "secondary", "warning", wrap=True)
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
        asked = translate("members.consent.text", asked=translate("members.consent.asked"))
        self._consent.body.addWidget(Words(asked, "muted", wrap=True))
        self._consent.body.addWidget(self.agreed)
        self._consent.body.addWidget(self._faults["agreed"])
        self._name_field = Field(translate("members.field.name"), self.name, optional=True)
        self._children = QVBoxLayout()
        self._children.setSpacing(8)
        for widget in (
            self._phone_field,
            self._owner,
            self.shared,
            self._consent,
            self._name_field,
            self._twins,
        ):
            self._body.addWidget(widget)
        self._body.addLayout(self._children)
        self._body.addWidget(self.children_agreed)
        self._body.addWidget(self._faults["children_agreed"])
        self._body.addWidget(self.add_child, 0, Qt.AlignmentFlag.AlignLeft)
        self._body.addStretch(1)
        scroll = scrolled(body)
        outer.addWidget(scroll, 1)
        self._scroll = scroll
        outer.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.save)
        for name in ("add_child", "cancel", "save"):
            getattr(self, name).setObjectName(f"members_{name}")
        return row

    def _listen(self) -> None:
        for edit in (self.phone, self.name):
            edit.textChanged.connect(lambda _text: self._changed())
        for tick in (self.agreed, self.children_agreed, self.shared):
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
        enter = event.key() in (Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value)
        if enter and (event.isAutoRepeat() or not self._gate.lets_in()) and self.agreed.hasFocus():
            # The second beat of the Enter before says yes for nobody.
            event.accept()
            return
        if enter and self.agreed.hasFocus() and self.complete():
            self.agreed.setChecked(True)
            self.save.click()
            event.accept()
            return
        if not next_on_enter(self, event):
            super().keyPressEvent(event)

    def _changed(self) -> None:
        if not self._filling:
            self._change(self._draft())

    def _draft(self) -> Draft:
        return Draft(
            phone=self.phone.text(),
            agreed=self.agreed.isChecked(),
            name=self.name.text(),
            children=tuple(fields.draft() for fields in self.children_fields),
            children_agreed=self.children_agreed.isChecked(),
            shared=self.shared.isChecked(),
        )

    def show_state(self, state: State, *, fresh: bool) -> None:
        """Show the form; `fresh` when it has just been opened: then the first field to fill gets the focus."""
        self._title.setText(translate("members.form.new"))
        self.save.setText(translate(_save_words(state)))
        self._fill(state.draft)
        asks = state.children_asked and bool(state.draft.told)
        self.children_agreed.setVisible(asks)
        self._owner.setVisible(bool(state.owner))
        self._owner.setText(translate("members.form.owner", name=state.owner) if state.owner else "")
        self.shared.setVisible(bool(state.owner))
        self._twins.setVisible(bool(state.twins))
        self._twins.setText(translate("members.form.twins", names=state.twins) if state.twins else "")
        self._show_faults(state)
        self.save.setEnabled(not state.busy)
        if fresh:
            self._gate.shut()
            (self.agreed if state.draft.phone else self.phone).setFocus()

    def _fill(self, draft: Draft) -> None:
        if draft == self._draft():
            return
        self._filling = True
        self.phone.setText(draft.phone)
        self.agreed.setChecked(draft.agreed)
        self.name.setText(draft.name)
        self.shared.setChecked(draft.shared)
        self.children_agreed.setChecked(draft.children_agreed)
        while len(self.children_fields) > len(draft.children):
            gone = self.children_fields.pop()
            gone.hide()
            gone.deleteLater()
        while len(self.children_fields) < len(draft.children):
            made = ChildFields(len(self.children_fields), self._changed)
            self.children_fields.append(made)
            self._children.addWidget(made)
        for fields, child in zip(self.children_fields, draft.children, strict=True):
            if fields.draft() != child:
                fields.show_draft(child)
        self._filling = False

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 (Qt's name)
        way: list[QWidget] = [self.phone, self.shared, self.agreed, self.name]
        for fields in self.children_fields:
            way += fields.widgets()
        return walk((*way, self.children_agreed, self.add_child, self.cancel, self.save), forward=forward)

    def focus_fault(self, faults: Faults) -> None:
        """Put the cursor where the first thing is missing or wrong."""
        wrong: list[QWidget] = [self.phone] if "phone" in faults.fields else []
        wrong += [self.agreed] if "agreed" in faults.fields else []
        wrong += [self.name] if "name" in faults.fields else []
        wrong += [self.children_fields[place].when for place in sorted(faults.children)]
        wrong += [self.children_agreed] if "children_agreed" in faults.fields else []
        if wrong:
            wrong[0].setFocus()
            self._scroll.ensureWidgetVisible(wrong[0])

    def _show_faults(self, state: State) -> None:
        faults = state.faults
        self._phone_field.set_error(fault_words(faults.fields.get("phone")))
        self._name_field.set_error(fault_words(faults.fields.get("name")))
        for key, words in self._faults.items():
            words.setText(fault_words(faults.fields.get(key)))
            words.setVisible(key in faults.fields)
        for place, fields in enumerate(self.children_fields):
            fields.set_error(fault_words(faults.children.get(place)))

    def focus_last_child(self) -> None:
        """Put the cursor into the fields of the child that was added."""
        if self.children_fields:
            self.children_fields[-1].name.setFocus()
            self._scroll.ensureWidgetVisible(self.children_fields[-1])


def _save_words(state: State) -> str:
    if state.owner and not state.draft.shared:
        return "members.action.choose" if state.choosing else "members.action.open_owner"
    return "members.action.sign_up"
