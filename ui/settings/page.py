"""The first tab of settings: groups of fields on the left, the staff on the right; Ctrl+Enter saves what is in hand."""

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from pos_app.domain.settings import Settings
from pos_app.words import language, translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import Card
from ui.kit.fields import AmountEdit, ChoiceEdit, CodeEdit, Field, NameEdit, TickEdit
from ui.kit.labels import Words
from ui.kit.scroll import FormScroll
from ui.settings import forms, label_printer
from ui.settings.inputs import TopGrid, group_grid, offer, put, value_of
from ui.settings.presenter import Form, PrinterDoors, SettingsPresenter, State
from ui.settings.save_head import SaveActs, SaveHead
from ui.settings.staff_panel import StaffPanel
from ui.shell.counter import Counter
from ui.shell.dialogs import Question
from ui.shell.keys import Action
from ui.shell.scan_recogniser import Scan
from ui.shell.screens import ScreenContext, ScreenId
from ui.shell.theme import current_theme

GENERAL, IMPORTS = "settings.general", ScreenId("imports")
SAVE = Action("settings.save", "Ctrl+Return", "settings.action.save")
TEST = Action("settings.test", "F2", "settings.printer.test")
TEST_LABEL = Action("settings.test_label", "F4", "settings.label.test")
ADD = Action("settings.add_staff", "F3", "settings.action.add_staff")
LEAVE = Action("settings.leave", "Esc", "settings.action.revert")
_TICKS = ("print_receipts", "enter_pays_exact_cash", "number_pad")


class SettingsPage(QWidget):
    """Shows the states of `SettingsPresenter` and, in its panel, of `StaffPresenter`."""

    def __init__(self, context: ScreenContext, printers: PrinterDoors) -> None:
        super().__init__()
        self._shell = context.shell
        counter: Counter = context.services
        self._inputs: dict[str, QWidget] = {}
        self._fields: dict[str, Field] = {}
        self._filling = False
        self._test_words = Words("", "body", wrap=True)
        self._label_words = Words("", "body", wrap=True)
        self._presenter = SettingsPresenter(counter, printers, self._apply, self.show_state)
        self._staff = StaffPanel(counter, self._shell)
        self._head = self._save_head()
        self._lay_out()
        self._bind()

    def opened(self, args: object) -> None:
        """Show what is in force."""
        self._presenter.open()
        self._staff.presenter.open()

    def on_scan(self, scan: Scan) -> None:
        """A scan is a badge for the person in hand; elsewhere it is refused and typed nowhere."""
        if not self._staff.presenter.scan(scan.text):
            self._shell.tones.sound("refused")
            self._shell.notices.warning(translate("shell.notice.scan_not_here"), about="scan")

    def _bind(self) -> None:
        keys, staff = self._shell.keys, self._staff.presenter
        keys.bind(GENERAL, TEST, self._presenter.test_printer)
        keys.bind(GENERAL, TEST_LABEL, self._presenter.test_labels)
        keys.bind(GENERAL, ADD, staff.add, lambda: staff.state.may_change)

    def _save_head(self) -> SaveHead:
        staff = self._staff.presenter
        acts = SaveActs(self.save, self._leave, lambda: staff.state.is_open or self._presenter.state.changed)
        title, keys = translate("settings.screen.title"), self._shell.keys
        return SaveHead(title, GENERAL, keys, (SAVE, LEAVE), acts, self._imports())

    def save(self) -> None:
        """Save the person in hand, else the settings."""
        if self._staff.presenter.state.is_open:
            self._staff.save()
            return
        self._read()
        self._presenter.save()
        if self._presenter.state.errors:
            self._inputs[self._presenter.state.errors[0][0]].setFocus()

    def _leave(self) -> None:
        if self._staff.presenter.state.is_open:
            self._staff.presenter.leave()
            return
        if not self._presenter.state.changed:
            return
        question = Question(
            translate("settings.note.revert_title"),
            translate("settings.note.revert_text"),
            translate("common.action.discard"),
            translate("common.action.keep_editing"),
            "danger",
        )
        self._shell.dialogs.ask(question, lambda yes: self._presenter.revert() if yes else None)

    def _apply(self, settings: Settings) -> None:
        """Let the window look and speak as the settings now say."""
        if settings.theme != current_theme():
            self._shell.set_theme("dark" if settings.theme == "dark" else "light")
        if settings.language != language():
            self._shell.set_language(settings.language)
            self._shell.notices.success(translate("settings.note.saved"))

    # -- Lay-out -----------------------------------------------------------------------------------------

    def _imports(self) -> KeyButton:
        """Return the way to the page of imports, which has a key of its own everywhere."""
        key = self._shell.keys.key_of(Action(f"open.{IMPORTS}", "Ctrl+Shift+I", "imports_page.title"))
        button = KeyButton(translate("imports_page.entry"), key, icon="upload", kind="quiet")
        button.setObjectName("settings_imports")
        if not self._shell.navigation.has(IMPORTS):
            button.hide()
        button.clicked.connect(lambda: self._shell.navigation.open(IMPORTS))
        return button

    def _lay_out(self) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self._head)
        inside = QWidget()
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(24, 8, 24, 24)
        columns.setSpacing(16)
        for cards in ((self._receipt, self._appearance), (self._printer, self._labels, self._selling)):
            column = QVBoxLayout()
            column.setSpacing(16)
            for make in cards:
                card = Card()
                card.body.addLayout(make())
                column.addWidget(card)
            column.addStretch(1)
            columns.addLayout(column, 1)
        scroll = FormScroll()
        scroll.setObjectName("settings_scroll")
        scroll.setWidget(inside)
        left.addWidget(scroll, 1)
        outer.addLayout(left, 1)
        outer.addWidget(self._staff)

    def _receipt(self) -> TopGrid:
        grid = group_grid(translate("settings.group.receipt"))
        for row, (name, longest) in enumerate(
            (("shop_name", 60), ("receipt_address", 120), ("phone", 40)), start=1
        ):
            make = CodeEdit if name == "phone" else NameEdit
            grid.place(self._field(name, make(f"settings_{name}", longest=longest)), row, 0, 2)
        return grid

    def _printer(self) -> TopGrid:
        grid = group_grid(translate("settings.group.printer"))
        grid.place(self._choice("printer", []), 1, 0)
        grid.place(self._choice("paper_mm", forms.paper_choices()), 1, 1)
        address = CodeEdit("settings_address", placeholder="tcp://192.168.1.50", longest=200)
        grid.place(self._field("address", address, hint=translate("settings.printer.hint")), 2, 0, 2)
        grid.place(self._tick("print_receipts"), 3, 0, 2)
        grid.place(self._button(TEST, self._presenter.test_printer), 4, 0)
        self._test_words.setObjectName("settings_tested")
        grid.addWidget(self._test_words, 4, 1)
        return grid

    def _labels(self) -> TopGrid:
        grid = group_grid(translate("settings.group.labels"))
        grid.place(self._choice("label_printer", []), 1, 0)
        grid.place(self._choice("label_kind", label_printer.kind_choices()), 1, 1)
        address = CodeEdit("settings_label_address", placeholder="tcp://192.168.1.51", longest=200)
        grid.place(self._field("label_address", address, hint=translate("settings.printer.hint")), 2, 0, 2)
        gap = CodeEdit("settings_label_gap", longest=6)
        grid.place(self._field("label_gap", gap, hint=translate("settings.label.gap_hint")), 3, 0, 2)
        grid.place(self._button(TEST_LABEL, self._presenter.test_labels), 4, 0)
        self._label_words.setObjectName("settings_label_tested")
        grid.addWidget(self._label_words, 4, 1)
        return grid

    def _selling(self) -> TopGrid:
        grid = group_grid(translate("settings.group.selling"))
        grid.place(self._field("ask_above", AmountEdit("settings_ask_above")), 1, 0, 2)
        grid.place(self._tick("enter_pays_exact_cash"), 2, 0, 2)
        grid.place(self._tick("number_pad"), 3, 0, 2)
        return grid

    def _appearance(self) -> TopGrid:
        grid = group_grid(translate("settings.group.appearance"))
        grid.place(self._choice("language", forms.language_choices()), 1, 0)
        grid.place(self._choice("theme", forms.theme_choices()), 1, 1)
        return grid

    def _button(self, action: Action, run: Callable[[], None], kind: str = "plain") -> KeyButton:
        key = self._shell.keys.key_of(action)
        button = KeyButton(translate(action.label), key, kind=kind)  # type: ignore[arg-type]
        button.setObjectName(action.id.replace(".", "_"))
        button.clicked.connect(run)
        return button

    def _field(self, name: str, edit: QLineEdit, *, hint: str = "") -> Field:
        edit.textEdited.connect(self._read)
        return self._keep(name, edit, hint)

    def _choice(self, name: str, choices: list[forms.Choice]) -> Field:
        edit = ChoiceEdit(f"settings_{name}")
        edit.set_choices(choices)
        edit.activated.connect(self._read)
        return self._keep(name, edit, "")

    def _tick(self, name: str) -> TickEdit:
        edit = TickEdit(f"settings_{name}", translate(f"settings.field.{name}"))
        edit.clicked.connect(self._read)
        self._inputs[name] = edit
        return edit

    def _keep(self, name: str, edit: QWidget, hint: str) -> Field:
        self._inputs[name] = edit
        self._fields[name] = Field(translate(f"settings.field.{name}"), edit, hint=hint)
        return self._fields[name]

    # -- Reading and drawing -----------------------------------------------------------------------------

    def _read(self, *_signal: object) -> None:
        if not self._filling:
            values = {name: value_of(edit) for name, edit in self._inputs.items()}
            self._presenter.edit(Form(**values))  # type: ignore[arg-type]

    def show_state(self, state: State) -> None:
        """Draw the state."""
        self._filling = True
        form = state.form
        for name, chosen in (("printer", form.printer), ("label_printer", form.label_printer)):
            printer = self._inputs[name]
            assert isinstance(printer, ChoiceEdit)
            offer(printer, forms.printer_choices(state.printers, chosen))
        for name, edit in self._inputs.items():
            put(edit, getattr(form, name))
        self._fields["address"].setVisible(form.printer == forms.MANUAL)
        self._fields["label_address"].setVisible(form.label_printer == forms.MANUAL)
        errors = dict(state.errors)
        for name, field in self._fields.items():
            field.set_error(errors.get(name, ""))
        self._test_words.setText(state.test)
        self._test_words.set_tone("danger" if state.test_failed else "muted")
        self._label_words.setText(state.label_test)
        self._label_words.set_tone("danger" if state.label_test_failed else "muted")
        self._head.show_standing(state)
        self._filling = False
