"""The first-run page: one card with two ways, most fields with a default; Enter goes on, Ctrl+Enter opens the till."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from pos_app.words import language, translate
from ui.kit.buttons import BigButton, KeyButton, Tile
from ui.kit.cards import Card
from ui.kit.fields import ChoiceEdit, CodeEdit, Field, NameEdit, PinEdit
from ui.kit.labels import Words
from ui.settings import forms
from ui.settings.inputs import TopGrid, group_grid, offer, put, value_of
from ui.settings.set_up_form import FirstRun, Progress, SetUpWay, State
from ui.settings.set_up_presenter import SetUpPresenter
from ui.shell.keys import Action
from ui.shell.screens import ScreenContext, ScreenId

SET_UP = ScreenId("set_up")
SAVE = Action("set_up.save", "Ctrl+Return", "settings.set_up.go")
NEXT = Action("set_up.next", "Return", "settings.set_up.next")
NEXT_PAD = Action("set_up.next_pad", "Enter", "settings.set_up.next")
TEST = Action("set_up.test", "F2", "settings.printer.test")
FOUND = Action("set_up.found", "F3", "settings.set_up.found")
JOIN = Action("set_up.join", "F4", "settings.set_up.join")
CANCEL = Action("set_up.cancel", "Escape", "settings.join.cancel")
_WAYS = {SetUpWay.FOUND: (FOUND, "F3", "store"), SetUpWay.JOIN: (JOIN, "F4", "cloud")}
_FIRST = {SetUpWay.FOUND: "shop_name", SetUpWay.JOIN: "shop_code"}
_BAR_STEPS = 1_000


class SetUpPage(QWidget):
    """Shows the state of `SetUpPresenter`."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._shell = context.shell
        doors: FirstRun = context.services
        self._presenter = SetUpPresenter(doors, self.show_state)
        self._filling = False
        self._body: QWidget | None = None
        self._built = SetUpWay.FOUND
        self._joins = False
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._bind()
        self._build()

    def opened(self, args: object) -> None:
        """Show the defaults."""
        self._shell.set_theme("dark" if self._presenter.state.form.theme == "dark" else "light")
        self._presenter.open()
        self._begin_at_first()

    def _begin_at_first(self) -> None:
        first = self._inputs[_FIRST[self._built]]
        first.setFocus()
        if isinstance(first, QLineEdit):
            # What stands there was proposed: who types another code writes over it, not behind it.
            first.selectAll()

    def retranslate(self) -> None:
        """Say every text in the other language; what was typed stays."""
        at = self.focusWidget()
        name = at.objectName() if at is not None else ""
        self._build()
        self.show_state(self._presenter.state)
        for found in self.findChildren(QWidget, name) if name else ():
            found.setFocus()

    def _bind(self) -> None:
        keys = self._shell.keys
        keys.bind(SET_UP, SAVE, self._save)
        keys.bind(SET_UP, TEST, self._presenter.test_printer)
        keys.bind(SET_UP, CANCEL, self._presenter.cancel)
        if self._presenter.can_join:
            for way, (action, _, _) in _WAYS.items():
                keys.bind(SET_UP, action, partial(self._choose, way))
        for action in (NEXT, NEXT_PAD):
            keys.bind(SET_UP, action, self._next)

    def _next(self) -> None:
        at = self.window().focusWidget()
        if isinstance(at, QPushButton):
            at.click()
        else:
            self.focusNextChild()

    def _choose(self, way: SetUpWay) -> None:
        before = self._built
        self._presenter.choose(way)
        if self._built is not before:
            self._begin_at_first()

    def _save(self) -> None:
        self._read()
        self._presenter.go()
        if self._presenter.state.errors:
            self._focus_fault()

    def _focus_fault(self) -> None:
        """Give the focus to what must be put right, else to the first field."""
        errors = self._presenter.state.errors
        self._inputs[errors[0][0] if errors else _FIRST[self._built]].setFocus()

    # -- Building ----------------------------------------------------------------------------------------

    def _build(self) -> None:
        if self._body is not None:
            self._outer.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._inputs: dict[str, QWidget] = {}
        self._fields: dict[str, Field] = {}
        self._built = self._presenter.state.form.way
        card = Card(margin=28, spacing=8)
        card.setFixedWidth(960)
        card.body.addWidget(Words(translate("settings.set_up.title"), "title"))
        if self._presenter.can_join:
            card.body.addLayout(self._ways())
        card.body.addWidget(Words(translate(f"settings.set_up.text_{self._built.value}"), "muted", wrap=True))
        card.body.addSpacing(4)
        self._columns = QWidget()
        columns = QHBoxLayout(self._columns)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(32)
        joins = self._built is SetUpWay.JOIN
        columns.addLayout(self._till_column() if joins else self._shop_column(), 1)
        columns.addLayout(self._platform_column() if joins else self._people_column(), 1)
        card.body.addWidget(self._columns)
        self._problem = Words("", "body", "danger", wrap=True)
        self._problem.setObjectName("set_up_problem")
        card.body.addWidget(self._problem)
        card.body.addLayout(self._foot())
        inside = QWidget()
        around = QVBoxLayout(inside)
        around.addStretch(1)
        around.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        around.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._body = scroll
        self._outer.addWidget(scroll)

    def _ways(self) -> QHBoxLayout:
        """Two tiles: what is chosen first."""
        row = QHBoxLayout()
        row.setSpacing(16)
        self._tiles: dict[SetUpWay, Tile] = {}
        for way, (action, key, icon) in _WAYS.items():
            second = translate(f"settings.set_up.{way.value}_second")
            tile = Tile(translate(action.label), key, icon=icon, second=second)
            tile.setObjectName(f"set_up_way_{way.value}")
            tile.setCheckable(True)
            tile.keep_focus_away()
            tile.clicked.connect(lambda _on, way=way: self._choose(way))
            self._tiles[way] = tile
            row.addWidget(tile, 1)
        return row

    def _foot(self) -> QHBoxLayout:
        """How far joining is, or a notice, and the button."""
        foot = QHBoxLayout()
        foot.setSpacing(16)
        told = QVBoxLayout()
        told.setSpacing(6)
        self._told = Words("", "body", wrap=True)
        self._told.setObjectName("set_up_progress_words")
        self._bar = QProgressBar()
        self._bar.setObjectName("set_up_progress")
        self._bar.setTextVisible(False)
        told.addStretch(1)
        told.addWidget(self._told)
        told.addWidget(self._bar)
        told.addStretch(1)
        self._cancel = KeyButton(translate(CANCEL.label), "Esc")
        self._cancel.setObjectName("set_up_cancel")
        self._cancel.clicked.connect(self._presenter.cancel)
        label = "settings.set_up.join_go" if self._built is SetUpWay.JOIN else SAVE.label
        self._go = BigButton(translate(label), "Ctrl+Enter")
        self._go.setObjectName("set_up_go")
        self._go.setMinimumWidth(384)
        self._go.clicked.connect(self._save)
        foot.addLayout(told, 1)
        foot.addWidget(self._cancel)
        foot.addWidget(self._go)
        return foot

    def _till_column(self) -> TopGrid:
        """What a till that joins says of itself."""
        grid = group_grid(translate("settings.group.this_till"))
        shop_code, till_code = (
            CodeEdit("set_up_shop_code", longest=8),
            CodeEdit("set_up_till_code", longest=8),
        )
        grid.place(self._field("shop_code", shop_code), 1, 0)
        grid.place(self._field("till_code", till_code), 1, 1)
        grid.addWidget(Words(translate("settings.join.codes_hint"), "secondary", wrap=True), 2, 0, 1, 2)
        name = NameEdit("set_up_shop_name", longest=60)
        grid.place(self._field("shop_name", name, hint=translate("settings.join.name_hint")), 3, 0, 2)
        grid.place(self._choice("currency", forms.currency_choices()), 4, 0, 2)
        grid.place(self._choice("language", forms.language_choices()), 5, 0)
        grid.place(self._choice("theme", forms.theme_choices()), 5, 1)
        grid.setRowStretch(6, 1)
        return grid

    def _platform_column(self) -> TopGrid:
        """Where the merchant's records are, what lets this till in, and its printer."""
        grid = group_grid(translate("settings.group.platform"))
        platform = CodeEdit("set_up_platform", placeholder="https://shop.example.com", longest=200)
        code = CodeEdit("set_up_one_time_code", placeholder="K7QM-2XPA", longest=32)
        grid.place(self._field("platform", platform, hint=translate("settings.join.platform_hint")), 1, 0, 2)
        grid.place(self._field("one_time_code", code, hint=translate("settings.join.code_hint")), 2, 0, 2)
        self._printer_rows(grid, 3)
        return grid

    def _shop_column(self) -> TopGrid:
        grid = group_grid(translate("settings.group.shop"))
        own = self._presenter.state.form.time_zone
        grid.place(self._field("shop_name", NameEdit("set_up_shop_name", longest=60)), 1, 0, 2)
        grid.place(self._field("shop_code", CodeEdit("set_up_shop_code", longest=8)), 2, 0)
        grid.place(self._choice("currency", forms.currency_choices()), 2, 1)
        grid.place(self._choice("time_zone", forms.zone_choices(own)), 3, 0, 2)
        tax: list[forms.Choice] = [
            (translate("settings.tax.included"), True),
            (translate("settings.tax.added"), False),
        ]
        grid.place(self._choice("tax_included", tax), 4, 0)
        grid.addWidget(
            self._choice("tax_code", forms.rate_choices(self._presenter.state.form.currency)), 4, 1
        )
        grid.place(self._choice("language", forms.language_choices()), 5, 0)
        grid.place(self._choice("theme", forms.theme_choices()), 5, 1)
        grid.setRowStretch(6, 1)
        return grid

    def _people_column(self) -> TopGrid:
        grid = group_grid(translate("settings.group.owner"))
        grid.place(self._field("code", CodeEdit("set_up_code", longest=16)), 1, 0)
        grid.place(self._field("name", NameEdit("set_up_name", longest=40)), 1, 1)
        grid.place(self._field("pin", PinEdit("set_up_pin")), 2, 0)
        grid.place(self._field("pin_again", PinEdit("set_up_pin_again")), 2, 1)
        self._printer_rows(grid, 3)
        return grid

    def _printer_rows(self, grid: TopGrid, row: int) -> None:
        """The printer, its paper, its address where it is typed, and a trial."""
        grid.addWidget(Words(translate("settings.group.printer"), "heading"), row, 0, 1, 2)
        grid.place(self._choice("printer", []), row + 1, 0)
        grid.place(self._choice("paper_mm", forms.paper_choices()), row + 1, 1)
        address = CodeEdit("set_up_address", placeholder="tcp://192.168.1.50", longest=200)
        grid.place(self._field("address", address, hint=translate("settings.printer.hint")), row + 2, 0, 2)
        trial = QHBoxLayout()
        trial.setSpacing(12)
        test = KeyButton(translate(TEST.label), "F2", icon="printer")
        test.setObjectName("set_up_test")
        test.clicked.connect(self._presenter.test_printer)
        self._tested = Words("", "body", wrap=True)
        self._tested.setObjectName("set_up_tested")
        trial.addWidget(test)
        trial.addWidget(self._tested, 1)
        grid.addLayout(trial, row + 3, 0, 1, 2)
        grid.setRowStretch(row + 4, 1)

    def _field(self, name: str, edit: QLineEdit, *, hint: str = "") -> Field:
        edit.textEdited.connect(self._read)
        return self._keep(name, edit, hint)

    def _choice(self, name: str, choices: list[forms.Choice]) -> Field:
        edit = ChoiceEdit(f"set_up_{name}")
        edit.set_choices(choices, getattr(self._presenter.state.form, name))
        edit.activated.connect(self._read)
        return self._keep(name, edit, "")

    def _keep(self, name: str, edit: QWidget, hint: str) -> Field:
        self._inputs[name] = edit
        self._fields[name] = Field(translate(f"settings.field.{name}"), edit, hint=hint)
        return self._fields[name]

    # -- Reading and drawing -----------------------------------------------------------------------------

    def _read(self, *_signal: object) -> None:
        if self._filling:
            return
        before = self._presenter.state.form
        typed = {name: value_of(edit) for name, edit in self._inputs.items()}
        self._presenter.edit(replace(before, **typed))  # type: ignore[arg-type]
        form = self._presenter.state.form
        if form.theme != before.theme:
            self._shell.set_theme("dark" if form.theme == "dark" else "light")
        if form.language != language():
            self._shell.set_language(form.language)

    def show_state(self, state: State) -> None:
        """Draw the state; when joining has ended, what must be put right gets the focus."""
        if state.form.way is not self._built:
            self._build()
        self._filling = True
        self._columns.setEnabled(state.progress is None)
        self._fill(state)
        errors = dict(state.errors)
        for name, field in self._fields.items():
            field.set_error(errors.get(name, ""))
        self._problem.setText(state.problem)
        self._problem.setVisible(bool(state.problem))
        self._tested.setText(state.test)
        self._tested.set_tone("danger" if state.test_failed else "muted")
        self._go.setEnabled(not state.busy)
        self._show_progress(state.progress, state.notice)
        self._filling = False
        stopped = self._joins and state.progress is None
        self._joins = state.progress is not None
        if stopped:
            self._focus_fault()

    def _fill(self, state: State) -> None:
        form = state.form
        printer, rates = self._inputs["printer"], self._inputs.get("tax_code")
        assert isinstance(printer, ChoiceEdit)
        offer(printer, forms.printer_choices(state.printers, form.printer))
        if isinstance(rates, ChoiceEdit):
            offer(rates, forms.rate_choices(form.currency))
        for name, edit in self._inputs.items():
            put(edit, getattr(form, name))
        self._fields["address"].setVisible(form.printer == forms.MANUAL)
        if self._presenter.can_join:
            for way, tile in self._tiles.items():
                tile.setChecked(way is form.way)
                tile.setEnabled(not state.busy)

    def _show_progress(self, progress: Progress | None, notice: str) -> None:
        words = progress.words if progress else notice
        self._told.setText(words)
        self._told.setVisible(bool(words))
        self._bar.setVisible(progress is not None)
        self._cancel.setVisible(progress is not None and progress.can_cancel)
        self._go.setVisible(progress is None)
        if progress is not None:
            # A bar without an end moves by itself: it is not known yet how much there is.
            self._bar.setRange(0, _BAR_STEPS if progress.total else 0)
            self._bar.setValue(_BAR_STEPS * progress.done // progress.total if progress.total else 0)
