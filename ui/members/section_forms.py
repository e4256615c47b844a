"""The parts of a member that are edited in place: who she is, and her dates and children.

Decides nothing; hands over what was typed and shows what is wrong under each field.
"""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import Card
from ui.kit.fields import ChoiceEdit, CodeEdit, Field, NameEdit, NoteEdit, TickEdit
from ui.kit.labels import Words
from ui.members.draft import NAME_LENGTH, NAME_TYPED, Faults
from ui.members.form_parts import ChildFields, fault_words, next_on_enter
from ui.members.sections import ADDRESS_LENGTH, TEXT_LENGTH, DatesDraft, DayDraft, ProfileDraft, SectionDraft
from ui.members.state import State
from ui.members.tab_views import scrolled

T = TypeVar("T", bound=QWidget)
Change = Callable[[SectionDraft], None]


class ProfileForm(Card):
    """Who a member is."""

    def __init__(self) -> None:
        super().__init__(margin=16, spacing=0)
        self.setObjectName("members_profile_form")
        self.change: Change = lambda _draft: None
        self._filling = False
        self._fields: dict[str, Field] = {}
        self.name = NameEdit("members_edit_name", longest=NAME_TYPED)
        self.gender = ChoiceEdit("members_gender")
        genders = [("", ""), *((translate(f"members.gender.{g}"), g) for g in ("female", "male"))]
        self.gender.set_choices([(words or translate("members.gender.unknown"), g) for words, g in genders])
        self.occupation = NameEdit("members_occupation", longest=TEXT_LENGTH)
        self.origin = NameEdit("members_origin", longest=TEXT_LENGTH)
        self.interests = NameEdit("members_interests", longest=200)
        self.character = NameEdit("members_character", longest=ADDRESS_LENGTH)
        self.address = NameEdit("members_address", longest=ADDRESS_LENGTH)
        self.notes = NoteEdit("members_notes")
        self._lay_out()
        for edit in (*self._lines(), self.address):
            edit.textChanged.connect(lambda _text: self._changed())
        self.notes.textChanged.connect(self._changed)
        self.gender.currentIndexChanged.connect(lambda _place: self._changed())

    def _lines(self) -> tuple[NameEdit, ...]:
        return self.name, self.occupation, self.origin, self.interests, self.character

    def _lay_out(self) -> None:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 8, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(12)
        fields = {
            "name": (self.name, 0, 0, 1),
            "gender": (self.gender, 0, 1, 1),
            "occupation": (self.occupation, 1, 0, 1),
            "origin": (self.origin, 1, 1, 1),
            "interests": (self.interests, 2, 0, 2),
            "character": (self.character, 3, 0, 2),
            "address": (self.address, 4, 0, 2),
            "notes": (self.notes, 5, 0, 2),
        }
        for name, (widget, row, column, span) in fields.items():
            hint = translate("members.hint.interests") if name == "interests" else ""
            field = self._fields[name] = Field(translate(f"members.field.{name}"), widget, hint=hint)
            grid.addWidget(field, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
        grid.setRowStretch(6, 1)
        self.body.addWidget(scrolled(body))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not next_on_enter(self, event):
            super().keyPressEvent(event)

    def _changed(self) -> None:
        if not self._filling:
            self.change(self._draft())

    def _draft(self) -> ProfileDraft:
        return ProfileDraft(
            name=self.name.text(),
            gender=str(self.gender.chosen() or ""),
            occupation=self.occupation.text(),
            interests=self.interests.text(),
            character=self.character.text(),
            origin=self.origin.text(),
            address=self.address.text(),
            notes=self.notes.toPlainText(),
        )

    def show_draft(self, draft: ProfileDraft) -> None:
        """Show what is typed."""
        if draft == self._draft():
            return
        self._filling = True
        for name in ("name", "occupation", "origin", "interests", "character", "address"):
            getattr(self, name).setText(getattr(draft, name))
        place = self.gender.findData(draft.gender)
        if place < 0:
            # What an import brought in its own words stays as it is.
            self.gender.addItem(draft.gender, draft.gender)
            place = self.gender.count() - 1
        self.gender.setCurrentIndex(place)
        if self.notes.toPlainText() != draft.notes:
            self.notes.setPlainText(draft.notes)
        self._filling = False

    def show_faults(self, faults: Faults) -> None:
        """Say under each field what is wrong with it."""
        for name, field in self._fields.items():
            if name != "interests":
                field.set_error(fault_words(faults.fields.get(name)))

    def field(self, name: str) -> QWidget:
        """Return a field by its name."""
        return self._fields[name]

    def first(self) -> QWidget:
        """Return the field to begin with."""
        return self.name


class DayFields(QWidget):
    """Label, calendar and day of one important date, or of the birthday, which needs no label."""

    def __init__(self, name: str, changed: Callable[[], None], *, labelled: bool) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self.label = NameEdit(f"members_{name}_label", longest=NAME_LENGTH)
        self.kind = ChoiceEdit(f"members_{name}_calendar")
        self.kind.set_choices(
            [(translate("members.calendar.sun"), False), (translate("members.calendar.moon"), True)]
        )
        self.when = CodeEdit(f"members_{name}_when", placeholder="1990-05-03", longest=16)
        title = translate("members.field.day" if labelled else "members.field.birthday")
        self.field = Field(title, self.when)
        parts = [
            (Field(translate("members.field.calendar"), self.kind), 3),
            (self.field, 5),
        ]
        if labelled:
            parts.insert(0, (Field(translate("members.field.date_label"), self.label), 4))
        for field, stretch in parts:
            layout.addWidget(field, stretch, Qt.AlignmentFlag.AlignTop)
        self.label.setVisible(labelled)
        self.label.textChanged.connect(lambda _text: changed())
        self.when.textChanged.connect(lambda _text: changed())
        self.kind.currentIndexChanged.connect(lambda _place: changed())

    def draft(self) -> DayDraft:
        """Return what was typed."""
        return DayDraft(self.when.text(), bool(self.kind.chosen()), self.label.text())

    def show_draft(self, draft: DayDraft) -> None:
        """Show a day."""
        self.label.setText(draft.label)
        self.when.setText(draft.when)
        self.kind.setCurrentIndex(1 if draft.by_moon else 0)

    def widgets(self) -> list[QWidget]:
        """Return the fields in the order of the eye."""
        return [self.label, self.kind, self.when]


class DatesForm(Card):
    """Birthday, important dates, children."""

    def __init__(self) -> None:
        super().__init__(margin=16, spacing=0)
        self.setObjectName("members_dates_form")
        self.change: Change = lambda _draft: None
        self.hint_of: Callable[[DayDraft], str] = lambda _draft: ""
        self._filling = False
        self.birthday = DayFields("birthday", self._changed, labelled=False)
        self.date_fields: list[DayFields] = []
        self.children_fields: list[ChildFields] = []
        self.add_date = KeyButton(translate("members.action.date"), icon="calendar")
        self.add_date.setObjectName("members_add_date")
        self.add_child = KeyButton(translate("members.action.child"), icon="baby")
        self.add_child.setObjectName("members_edit_add_child")
        self.children_agreed = TickEdit(
            "members_edit_children_agreed", translate("members.field.children_agreed")
        )
        self.children_agreed.toggled.connect(lambda _on: self._changed())
        self._agreed_fault = Words("", "error", wrap=True)
        self._scroll = self._lay_out()

    def _lay_out(self) -> QScrollArea:
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(12)
        self._dates, self._children = QVBoxLayout(), QVBoxLayout()
        for rows in (self._dates, self._children):
            rows.setSpacing(8)
        layout.addWidget(self.birthday)
        layout.addLayout(self._dates)
        layout.addWidget(self.add_date, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addLayout(self._children)
        layout.addWidget(self.children_agreed)
        layout.addWidget(self._agreed_fault)
        layout.addWidget(self.add_child, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        scroll = scrolled(body)
        self.body.addWidget(scroll)
        return scroll

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not next_on_enter(self, event):
            super().keyPressEvent(event)

    def _changed(self) -> None:
        if not self._filling:
            self.change(self._draft())

    def _draft(self) -> DatesDraft:
        return DatesDraft(
            self.birthday.draft(),
            tuple(fields.draft() for fields in self.date_fields),
            tuple(fields.draft() for fields in self.children_fields),
            self.children_agreed.isChecked(),
        )

    def show_draft(self, draft: DatesDraft) -> None:
        """Show what is typed."""
        self.birthday.field.set_hint(self.hint_of(draft.birthday))
        if draft == self._draft():
            return
        self._filling = True
        if self.birthday.draft() != draft.birthday:
            self.birthday.show_draft(draft.birthday)
        self._fit(self._dates, self.date_fields, len(draft.dates), self._date_row)
        self._fit(self._children, self.children_fields, len(draft.children), self._child_row)
        for day, typed in zip(self.date_fields, draft.dates, strict=True):
            if day.draft() != typed:
                day.show_draft(typed)
        for fields, child in zip(self.children_fields, draft.children, strict=True):
            if fields.draft() != child:
                fields.show_draft(child)
        self.children_agreed.setChecked(draft.children_agreed)
        self._filling = False

    def _date_row(self, place: int) -> DayFields:
        return DayFields(f"date_{place}", self._changed, labelled=True)

    def _child_row(self, place: int) -> ChildFields:
        return ChildFields(place, self._changed, name="members_edit_child")

    @staticmethod
    def _fit(rows: QVBoxLayout, fields: list[T], count: int, make: Callable[[int], T]) -> None:
        while len(fields) > count:
            gone = fields.pop()
            gone.hide()
            gone.deleteLater()
        while len(fields) < count:
            fields.append(make(len(fields)))
            rows.addWidget(fields[-1])

    def widgets(self) -> list[QWidget]:
        """Return the fields and buttons in the order of the eye."""
        way = self.birthday.widgets()
        for day in self.date_fields:
            way += day.widgets()
        way.append(self.add_date)
        for child in self.children_fields:
            way += child.widgets()
        return [*way, self.children_agreed, self.add_child]

    def show_faults(self, state: State) -> None:
        """Say under each field what is wrong with it, and whether the children's consent is still to be asked."""
        faults = state.faults
        draft = state.editing
        asks = state.children_asked and isinstance(draft, DatesDraft) and bool(draft.told.children)
        self.children_agreed.setVisible(asks)
        self._agreed_fault.setText(fault_words(faults.fields.get("children_agreed")))
        self._agreed_fault.setVisible("children_agreed" in faults.fields)
        self.birthday.field.set_error(fault_words(faults.fields.get("birthday")))
        for place, day in enumerate(self.date_fields):
            day.field.set_error(fault_words(faults.dates.get(place)))
        for place, child in enumerate(self.children_fields):
            child.set_error(fault_words(faults.children.get(place)))

    def focus_fault(self, faults: Faults) -> None:
        """Put the cursor where the first thing is missing or wrong."""
        wrong: list[QWidget] = [self.birthday.when] if "birthday" in faults.fields else []
        for place in sorted(faults.dates):
            missing = faults.dates[place] == "members.fault.date_label"
            wrong.append(self.date_fields[place].label if missing else self.date_fields[place].when)
        wrong += [self.children_fields[place].when for place in sorted(faults.children)]
        wrong += [self.children_agreed] if "children_agreed" in faults.fields else []
        if wrong:
            wrong[0].setFocus()
            self._scroll.ensureWidgetVisible(wrong[0])

    def focus_last(self, *, child: bool) -> None:
        """Put the cursor into the fields that were added."""
        fields: list[ChildFields] | list[DayFields] = self.children_fields if child else self.date_fields
        if fields:
            last = fields[-1]
            (last.name if isinstance(last, ChildFields) else last.label).setFocus()
            self._scroll.ensureWidgetVisible(last)

    def first(self) -> QWidget:
        """Return the field to begin with."""
        return self.birthday.when
