"""The form of a request: at the left what is asked for, at the right the titles that were asked with before.

Decides how it is laid out. Holds no decision.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from pos_app.domain.invoices import TitleKind
from pos_app.words import translate
from ui.invoices.state import COMPANY_ONLY, FIELDS, Form
from ui.kit.buttons import FilterChip, KeyButton
from ui.kit.cards import Card, EmptyState, Panel, list_card
from ui.kit.fields import CodeEdit, Field, NameEdit
from ui.kit.labels import Words
from ui.kit.lists import Cell, Column, Row, RowList

WIDTH = 640
_PAIRS = (("title",), ("tax_number",), ("phone", "email"), ("address",), ("bank", "account"))
_CODES = frozenset({"tax_number", "email", "phone", "account"})
_OPTIONAL = frozenset({"address", "bank", "account"})


class FormView(QWidget):
    """The form. ``typed(field, text)``, ``taken(place)`` for a former title."""

    typed = Signal(str, str)
    taken = Signal(int)

    def __init__(self, keys: dict[str, str]) -> None:
        super().__init__()
        self.setObjectName("invoices_form")
        self._serial = -1
        self._head, self._amount = Words("", "heading"), Words("", "total", "primary")
        self._left_out = Words("", "secondary", wrap=True)
        self.kinds = {kind: FilterChip(translate(f"invoices.kind.{kind}")) for kind in TitleKind}
        self.kind_key = KeyButton(translate("invoices.action.kind"), keys["kind"], kind="quiet")
        self.former_key = KeyButton(
            translate("invoices.form.former"), keys["former"], icon="history", kind="quiet"
        )
        self.edits: dict[str, QLineEdit] = {}
        self.fields: dict[str, Field] = {}
        self.back = KeyButton(translate("common.action.back"), keys["back"])
        self.save = KeyButton(translate("invoices.action.save"), keys["save"], icon="check", kind="primary")
        for name in ("kind_key", "former_key", "back", "save"):
            button: KeyButton = getattr(self, name)
            button.setObjectName(f"invoices_{name}")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.former = self._former()
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._left(), 1)
        panel = Panel()
        panel.body.addWidget(self.former_key)
        panel.body.addWidget(list_card(self.former), 1)
        outer.addWidget(panel)
        self.setFocusProxy(self.edits["title"])

    def _former(self) -> RowList:
        empty = EmptyState(
            "history", translate("invoices.form.no_former"), translate("invoices.form.no_former_text")
        )
        made = RowList("invoices_former", (Column("title", translate("invoices.told.title")),), empty)
        made.setAccessibleName(translate("invoices.form.former"))
        made.chosen.connect(lambda place: self.taken.emit(place))
        made.view.clicked.connect(lambda index: self.taken.emit(index.row()))
        return made

    def _left(self) -> QScrollArea:
        card = Card(margin=24, spacing=12)
        card.setMaximumWidth(WIDTH + 160)
        top = QHBoxLayout()
        top.addWidget(self._head)
        top.addStretch(1)
        top.addWidget(self._amount)
        card.body.addLayout(top)
        card.body.addWidget(self._left_out)
        kinds = QHBoxLayout()
        kinds.setSpacing(8)
        for kind, chip in self.kinds.items():
            chip.setObjectName(f"invoices_kind_{kind}")
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            kinds.addWidget(chip)
        kinds.addWidget(self.kind_key)
        kinds.addStretch(1)
        card.body.addLayout(kinds)
        for names in _PAIRS:
            card.body.addLayout(self._row(names))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self.back)
        buttons.addWidget(self.save)
        card.body.addLayout(buttons)
        holder = QWidget()
        left = QVBoxLayout(holder)
        left.setContentsMargins(24, 8, 24, 16)
        left.addWidget(card)
        left.addStretch(1)
        # With every fault told and a notice above, a low window has no room for all of it.
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(holder)
        return scroll

    def _row(self, names: tuple[str, ...]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        for name in names:
            code = name in _CODES
            edit = CodeEdit(f"invoices_{name}") if code else NameEdit(f"invoices_{name}")
            if name == "email":
                edit.setMaxLength(254)
            edit.textChanged.connect(lambda _text, name=name: self.typed.emit(name, self.edits[name].text()))
            edit.returnPressed.connect(lambda name=name: self._next(name))
            self.edits[name] = edit
            label = translate(f"invoices.told.{name}")
            self.fields[name] = Field(label, edit, optional=name in _OPTIONAL)
            row.addWidget(self.fields[name], 1, Qt.AlignmentFlag.AlignTop)
        return row

    def _next(self, name: str) -> None:
        """Go to the next field that is shown; Enter never asks by itself."""
        order = [each for pair in _PAIRS for each in pair if not self.fields[each].isHidden()]
        self.edits[order[(order.index(name) + 1) % len(order)]].setFocus()

    def show_form(self, form: Form) -> None:
        """Draw the form; the fields are filled only when somebody else than the person wrote into them."""
        self._head.setText(translate("invoices.form.head", number=form.receipt))
        self._amount.setText(form.amount)
        self._left_out.setText(form.left_out)
        self._left_out.setVisible(bool(form.left_out))
        company = form.kind is TitleKind.COMPANY
        for kind, chip in self.kinds.items():
            chip.setChecked(kind is form.kind)
        for name in FIELDS:
            self.fields[name].setVisible(company or name not in COMPANY_ONLY)
            self.fields[name].set_error(form.faults.get(name, ""))
        hint = "invoices.form.company_hint" if company else "invoices.form.person_hint"
        self.fields["phone"].set_hint(translate(hint))
        self.fields["title"].set_hint("" if company else translate("invoices.form.title_hint"))
        if form.serial != self._serial:
            self._serial = form.serial
            for name, edit in self.edits.items():
                edit.blockSignals(True)
                edit.setText(form.values[name])
                edit.blockSignals(False)
        self.former.set_rows(
            [Row(place, (Cell(each.title, under=each.under),)) for place, each in enumerate(form.suggestions)]
        )
        self.former_key.setVisible(bool(form.suggestions))
        self.save.setEnabled(not form.busy)
