"""The tab of papers: the receipt's words and logo, how the printer handles it, and the receipt itself beside them."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import KeyButton
from ui.kit.cards import Card, Panel
from ui.kit.fields import ChoiceEdit, CodeEdit, Field, NoteEdit
from ui.kit.labels import Words
from ui.kit.scroll import FormScroll
from ui.settings.inputs import TopGrid, group_grid, put, value_of
from ui.settings.logo_file import load_logo
from ui.settings.papers_presenter import PapersForm, PapersPresenter, PapersState, choices
from ui.settings.presenter import PrinterDoors
from ui.settings.save_head import SaveActs, SaveHead, save_and_leave
from ui.shell.counter import Counter
from ui.shell.keys import Action
from ui.shell.screens import ScreenContext

SCOPE = "settings.papers"
SAMPLE = Action("settings.papers_sample", "F2", "settings.papers.print_sample")
CHARSETS = Action("settings.papers_charsets", "F4", "settings.papers.print_charsets")
KICK = Action("settings.papers_kick", "F6", "settings.papers.kick")
LOGO = Action("settings.papers_logo", "F3", "settings.papers.choose_logo")
NO_LOGO = Action("settings.papers_no_logo", "", "settings.papers.remove_logo")
ACTIONS = save_and_leave(SCOPE)
_TEXTS = (("header", "header_en"), ("receipt_footer", "footer_en"))
_PREVIEW, _EDGE = 320, 12


class PapersTab(QWidget):
    """Shows the state of `PapersPresenter`."""

    def __init__(self, context: ScreenContext, printers: PrinterDoors) -> None:
        super().__init__()
        self._shell = context.shell
        counter: Counter = context.services
        self._inputs: dict[str, QWidget] = {}
        self._fields: dict[str, Field] = {}
        self._filling = False
        self._shown = b""
        self._tested = Words("", "body", wrap=True)
        self._no_printer = Words(translate("settings.papers.no_printer"), "muted", wrap=True)
        self._paper, self._paper_words = QLabel(), Words("", "muted", wrap=True)
        self.presenter = PapersPresenter(counter, printers, load_logo, self.show_state)
        act = self.presenter
        keys = self._shell.keys
        acts = SaveActs(self.save, act.revert, lambda: act.state.changed)
        self._head = SaveHead(translate("settings.papers.title"), SCOPE, keys, ACTIONS, acts)
        self._remove = self._button(NO_LOGO, act.remove_logo, "quiet")
        self._tries = [
            self._button(SAMPLE, act.print_sample),
            self._button(CHARSETS, act.print_charsets),
            self._button(KICK, act.kick),
        ]
        self._lay_out()
        for action, run in (
            (SAMPLE, act.print_sample),
            (CHARSETS, act.print_charsets),
            (KICK, act.kick),
            (LOGO, self._choose_logo),
        ):
            keys.bind(SCOPE, action, run)

    def opened(self, args: object) -> None:
        """Show what is in force."""
        self.presenter.open()

    def save(self) -> None:
        """Save, and go to the field that keeps it from being saved."""
        self.presenter.save()
        if self.presenter.state.errors:
            self._inputs[self.presenter.state.errors[0][0]].setFocus()

    def _button(self, action: Action, run: Callable[[], None], kind: str = "plain") -> KeyButton:
        key = self._shell.keys.key_of(action) if action.key else ""
        button = KeyButton(translate(action.label), key, kind=kind)  # type: ignore[arg-type]
        button.setObjectName(action.id.replace(".", "_"))
        button.clicked.connect(lambda _checked=False: run())
        return button

    def _choose_logo(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self,
            translate("settings.papers.choose_logo"),
            str(Path.home()),
            f"{translate('settings.papers.pictures')} (*.png *.jpg *.jpeg *.svg)",
        )
        if path:
            self.presenter.choose_logo(Path(path))

    # -- Lay-out -------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self._head)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 8, 24, 24)
        column.setSpacing(16)
        for make in (self._look, self._handling, self._font):
            card = Card()
            card.body.addLayout(make())
            column.addWidget(card)
        column.addStretch(1)
        scroll = FormScroll()
        scroll.setWidget(inside)
        left.addWidget(scroll, 1)
        outer.addLayout(left, 1)
        outer.addWidget(self._side())

    def _side(self) -> Panel:
        panel = Panel()
        panel.body.addWidget(Words(translate("settings.papers.preview"), "heading"))
        panel.body.addWidget(self._paper_words)
        self._paper.setObjectName("settings_papers_preview")
        self._paper.setAccessibleName(translate("settings.papers.preview"))
        self._paper.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._paper)
        panel.body.addWidget(scroll, 1)
        return panel

    def _look(self) -> TopGrid:
        grid = group_grid(translate("settings.papers.look_group"))
        for row, pair in enumerate(_TEXTS, start=1):
            for column, name in enumerate(pair):
                edit = NoteEdit(f"settings_papers_{name}")
                edit.setFixedHeight(72)
                edit.textChanged.connect(self._read)
                self._place(grid, name, edit, (row, column))
        logo = QHBoxLayout()
        logo.setSpacing(8)
        logo.addWidget(self._button(LOGO, self._choose_logo))
        logo.addWidget(self._remove)
        logo.addStretch(1)
        self._list(grid, "logo_width_mm", 3, 1)
        grid.addLayout(logo, 3, 0, Qt.AlignmentFlag.AlignBottom)
        return grid

    def _handling(self) -> TopGrid:
        grid = group_grid(translate("settings.papers.handling_group"))
        grid.addWidget(self._no_printer, 1, 0, 1, 2)
        self._list(grid, "cut", 2, 0)
        self._typed(grid, "feed", 2, 1)
        self._list(grid, "pin", 3, 0)
        self._typed(grid, "kick", 3, 1, hint=translate("settings.papers.kick_hint"))
        self._typed(grid, "on_ms", 4, 0)
        self._typed(grid, "off_ms", 4, 1)
        self._list(grid, "density", 5, 0)
        self._list(grid, "speed", 5, 1)
        tries = QHBoxLayout()
        tries.setSpacing(8)
        for button in (self._tries[0], self._tries[2]):
            tries.addWidget(button)
        tries.addStretch(1)
        grid.addLayout(tries, 6, 0, 1, 2)
        self._tested.setObjectName("settings_papers_tested")
        grid.addWidget(self._tested, 7, 0, 1, 2)
        return grid

    def _font(self) -> TopGrid:
        grid = group_grid(translate("settings.papers.font_group"))
        grid.addWidget(Words(translate("settings.papers.font_explained"), "muted", wrap=True), 1, 0, 1, 2)
        grid.addWidget(self._tries[1], 2, 0, Qt.AlignmentFlag.AlignLeft)
        self._list(grid, "text", 3, 0)
        self._list(grid, "latin", 3, 1)
        return grid

    def _typed(self, grid: TopGrid, name: str, row: int, column: int, *, hint: str = "") -> None:
        edit = CodeEdit(f"settings_papers_{name}", longest=100 if name == "kick" else 5)
        edit.textEdited.connect(self._read)
        self._place(grid, name, edit, (row, column), hint)

    def _list(self, grid: TopGrid, name: str, row: int, column: int) -> None:
        edit = ChoiceEdit(f"settings_papers_{name}")
        edit.set_choices(choices()[name])
        edit.activated.connect(self._read)
        self._place(grid, name, edit, (row, column))

    def _place(self, grid: TopGrid, name: str, edit: QWidget, at: tuple[int, int], hint: str = "") -> None:
        self._inputs[name] = edit
        words = translate("settings.papers.drawer_pin" if name == "pin" else f"settings.field.{name}")
        self._fields[name] = Field(words, edit, hint=hint)
        edit.setAccessibleName(words)
        grid.place(self._fields[name], *at)

    # -- Reading and drawing -------------------------------------------------------------------------------

    def _read(self, *_signal: object) -> None:
        if not self._filling:
            values = {name: value_of(edit) for name, edit in self._inputs.items()}
            self.presenter.edit(PapersForm(**values))  # type: ignore[arg-type]

    def show_state(self, state: PapersState) -> None:
        """Draw the state."""
        self._filling = True
        for name, edit in self._inputs.items():
            put(edit, getattr(state.form, name))
        errors = dict(state.errors)
        for name, field in self._fields.items():
            field.set_error(errors.get(name, ""))
        for name in ("text", "latin"):
            self._fields[name].setVisible(state.samples_seen)
        self._no_printer.setVisible(not state.has_printer)
        for button in self._tries:
            button.setEnabled(state.has_printer and not state.busy)
        self._remove.setVisible(bool(state.logo))
        self._tested.setText(state.tested)
        self._tested.setVisible(bool(state.tested))
        self._tested.set_tone("danger" if state.test_failed else "success")
        self._head.show_standing(state)
        self._paper_words.setText(state.preview_words)
        self._paper_words.setVisible(bool(state.preview_words))
        self._show_paper(state.preview)
        self._filling = False

    def _show_paper(self, png: bytes) -> None:
        if png == self._shown:
            return
        self._shown = png
        picture = QPixmap()
        if png:
            picture.loadFromData(png, "PNG")
            ratio = self.devicePixelRatioF()
            picture = _on_paper(
                picture.scaledToWidth(int(_PREVIEW * ratio), Qt.TransformationMode.SmoothTransformation),
                int(_EDGE * ratio),
            )
            picture.setDevicePixelRatio(ratio)
        self._paper.setPixmap(picture)


def _on_paper(receipt: QPixmap, edge: int) -> QPixmap:
    """Return a receipt with the white around it that a roll has."""
    paper = QPixmap(receipt.width() + 2 * edge, receipt.height() + 2 * edge)
    paper.fill(Qt.GlobalColor.white)
    painter = QPainter(paper)
    painter.drawPixmap(edge, edge, receipt)
    painter.end()
    return paper
