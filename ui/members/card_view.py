"""A member at a glance: one card at the top, tabs below it, each read first and edited in its place.

Decides nothing; shows the words it is given.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLayout, QStackedWidget, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import FilterChip, KeyButton
from ui.kit.cards import Card, EmptyState, list_card
from ui.kit.flow import flow
from ui.kit.labels import Chip, ElidedWords, Words
from ui.kit.lists import RowList
from ui.kit.tokens import sizes
from ui.members.cards import KeyRow, MemberCard
from ui.members.draft import Faults
from ui.members.form_parts import walk
from ui.members.key_form import KeyForm
from ui.members.section_forms import DatesForm, ProfileForm
from ui.members.sections import DatesDraft, ProfileDraft, Section
from ui.members.shops_view import MergeForm, ShopsView
from ui.members.state import Stage, State
from ui.members.tab_views import (
    AboutView,
    DatesView,
    consent_row,
    consents_list,
    key_row,
    keys_list,
    purchase_row,
    purchases_list,
)

_ACTS = ("edit", "add_key", "card", "reveal", "erase", "export", "print_card", "sell")


class CardView(QWidget):
    """The card, its tabs, and what can be done with the member."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("members_card")
        self._shown: MemberCard | None = None
        self.purchases = purchases_list()
        self.dates, self.about = DatesView(), AboutView()
        self.keys, self.consents = keys_list(), consents_list()
        self.shops = ShopsView()
        self.dates_form, self.profile_form, self.key_form = DatesForm(), ProfileForm(), KeyForm()
        self.merge_form = MergeForm()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._stack = QStackedWidget()
        self._stack.addWidget(
            EmptyState("user-round", translate("members.card.none"), translate("members.card.none_text"))
        )
        self._stack.addWidget(self._filled())
        outer.addWidget(self._stack)

    def _filled(self) -> QWidget:
        page = QWidget()
        self._body = layout = QVBoxLayout(page)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self._top())
        layout.addWidget(self._tabs())
        self._pages = QStackedWidget()
        for part in (
            list_card(self.purchases),
            self.dates,
            self.about,
            list_card(self.keys),
            list_card(self.consents),
            self.shops,
            self.dates_form,
            self.profile_form,
            self.key_form,
            self.merge_form,
        ):
            self._pages.addWidget(part)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._read_row())
        layout.addWidget(self._edit_row())
        return page

    def _read_row(self) -> QWidget:
        icons = {"edit": "pencil", "add_key": "plus", "card": "credit-card", "reveal": "eye"}
        for name in _ACTS:
            kind = {"sell": "primary", "erase": "danger"}.get(name, "quiet")
            icon = icons.get(name, "") if name != "reveal" else ""
            button = KeyButton(translate(f"members.action.{name}"), icon=icon, kind=kind)  # type: ignore[arg-type]
            button.setObjectName(f"members_{name}")
            setattr(self, name, button.keep_focus_away())
        row = QWidget()
        layout = QVBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(flow([self.button(name) for name in _ACTS[:4]], gap=4))
        layout.addWidget(flow([self.button(name) for name in _ACTS[4:]], gap=4, last_right=True))
        self._reading = row
        return row

    def _edit_row(self) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self.cancel = KeyButton(translate("common.action.cancel"))
        self.save = KeyButton(translate("members.action.save"), kind="primary")
        self.cancel.setObjectName("members_edit_cancel")
        self.save.setObjectName("members_edit_save")
        layout.addStretch(1)
        layout.addWidget(self.cancel)
        layout.addWidget(self.save)
        self._writing = row
        return row

    def _top(self) -> Card:
        card = Card(margin=12, spacing=4)
        self._name = ElidedWords("", "title")
        self._phone = Words("", "emphasis")
        self._phone.setObjectName("members_card_phone")
        self.undo = KeyButton(translate("members.undo.edit")).keep_focus_away()
        self.undo.setObjectName("members_undo")
        row = QHBoxLayout()
        # The button comes and goes; the card stays as high as it is.
        row.addStrut(sizes().touch)
        row.setSpacing(12)
        row.addWidget(self._name, 1)
        row.addWidget(self.undo)
        row.addWidget(self._phone)
        card.body.addLayout(row)
        self._told = Words("", "muted", wrap=True)
        self._near = Words("", "secondary", "gold", wrap=True)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(8)
        for part in (self._told, self._near):
            card.body.addWidget(part)
        card.body.addLayout(self._chips)
        return card

    def _tabs(self) -> QWidget:
        self.group = QButtonGroup(self)
        for place, section in enumerate(Section):
            chip = FilterChip(translate(f"members.tab.{section.value}"), checked=place == 0)
            chip.setObjectName(f"members_tab_{section.value}")
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.group.addButton(chip, place)
        self.next_tab = KeyButton("", icon="chevron-right", kind="quiet").keep_focus_away()
        self.next_tab.setObjectName("members_next_tab")
        self._tab_row = flow([*self.group.buttons(), self.next_tab], last_right=True)
        return self._tab_row

    def set_narrow(self, narrow: bool) -> None:
        """Stand closer together, for a narrow window."""
        side = 12 if narrow else 16
        self._body.setContentsMargins(side, 16, side, 16)
        for chip in self._tab_row.findChildren(FilterChip):
            chip.set_compact(narrow)
        for name in (*_ACTS, "next_tab"):
            self.button(name).set_compact(narrow)

    @property
    def marked_key(self) -> KeyRow | None:
        """The key that is marked, None while the list of keys has not the focus."""
        found = self.keys.current_key() if self.keys.view.hasFocus() else None
        return found if isinstance(found, KeyRow) else None

    def list_of(self, section: Section) -> RowList | None:
        """Return the list on a tab, None for a tab that is only read."""
        lists = {Section.PURCHASES: self.purchases, Section.KEYS: self.keys, Section.CONSENTS: self.consents}
        if section is Section.SHOPS and self.shops.sales.isVisible():
            return self.shops.sales
        return lists.get(section)

    def button(self, name: str) -> KeyButton:
        """Return a button by the act that it stands for."""
        found = getattr(self, name)
        assert isinstance(found, KeyButton)
        return found

    def show_state(self, state: State, *, sells: bool, may_settle: bool = False) -> None:
        """Show a member read or edited, or what belongs here."""
        card = state.card
        self._stack.setCurrentIndex(0 if card is None else 1)
        if card is None:
            self._shown = None
            return
        editing = state.stage in (Stage.EDIT, Stage.KEY, Stage.MERGE)
        self._reading.setVisible(not editing)
        self._writing.setVisible(editing)
        merging = state.stage is Stage.MERGE
        self.save.setEnabled(not state.busy and (not merging or state.merging.chosen is not None))
        self.save.setText(translate("members.action.merge_yes" if merging else "members.action.save"))
        sell = self.button("sell")
        sell.setText(translate("members.action.choose" if state.choosing else "members.action.sell"))
        sell.setVisible(sells)
        for name in ("erase", "export", "print_card"):
            self.button(name).setVisible(not state.choosing)
        self.button("reveal").setText(
            translate("members.action.hide" if card.revealed else "members.action.reveal")
        )
        self.undo.setVisible(state.undoable)
        self.group.button(list(Section).index(state.section)).setChecked(True)
        if card != self._shown:
            self._shown = card
            self._show_card(card)
        if state.section is Section.SHOPS:
            self.shops.show_everywhere(state.everywhere, may_settle=may_settle and not state.choosing)
        self._pages.setCurrentIndex(self._page_of(state))
        self._show_forms(state)

    def _page_of(self, state: State) -> int:
        if state.stage in (Stage.KEY, Stage.MERGE):
            return len(Section) + (2 if state.stage is Stage.KEY else 3)
        if state.stage is Stage.EDIT:
            return len(Section) + (0 if isinstance(state.editing, DatesDraft) else 1)
        return list(Section).index(state.section)

    def _show_forms(self, state: State) -> None:
        if state.stage is Stage.KEY:
            self.key_form.show_state(state)
        elif state.stage is Stage.MERGE:
            self.merge_form.show_merging(state.merging)
        elif isinstance(state.editing, DatesDraft):
            self.dates_form.show_draft(state.editing)
            self.dates_form.show_faults(state)
        elif isinstance(state.editing, ProfileDraft):
            self.profile_form.show_draft(state.editing)
            self.profile_form.show_faults(state.faults)

    def _show_card(self, card: MemberCard) -> None:
        self._name.setText(card.name)
        self._phone.setText(card.phone)
        self._told.setText(card.told)
        self._near.setText(card.near)
        self._near.setVisible(bool(card.near))
        _empty(self._chips)
        for stage in card.stages:
            self._chips.addWidget(Chip(stage, "gold", "baby"))
        self._chips.addStretch(1)
        self.purchases.set_rows([purchase_row(row) for row in card.purchases])
        self.dates.show_card(card)
        self.about.show_card(card)
        self.keys.set_rows([key_row(row) for row in card.keys])
        self.consents.set_rows([consent_row(row) for row in card.consents])

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 (Qt's name)
        if self.dates_form.isVisible():
            return walk((*self.dates_form.widgets(), self.cancel, self.save), forward=forward)
        return super().focusNextPrevChild(forward)

    def focus_fault(self, faults: Faults) -> None:
        """Put the cursor where the first thing is missing or wrong."""
        if self.dates_form.isVisible():
            self.dates_form.focus_fault(faults)
        elif faults.fields:
            self.profile_form.field(next(iter(faults.fields))).setFocus()

    def focus_form(self, state: State) -> None:
        """Put the cursor into the first field of what is edited."""
        if state.stage is Stage.MERGE:
            self.merge_form.first().setFocus()
            return
        form = self.key_form if state.stage is Stage.KEY else self.profile_form
        first = self.dates_form.first() if isinstance(state.editing, DatesDraft) else form.first()
        first.setFocus()


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
