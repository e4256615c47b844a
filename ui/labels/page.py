"""The labels page: one box, what will be printed under it, and beside it on what, how it will look, and the acts.

Decides nothing: it shows the presenter's state and hands it every key, click and scan.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from pos_app.words import translate
from ui.kit.buttons import FilterChip, KeyButton
from ui.kit.cards import EmptyState, PageHead, list_card
from ui.kit.fields import SellEdit
from ui.kit.labels import Words
from ui.kit.lists import Cell, Column, Row, RowList
from ui.labels import LABELS
from ui.labels.doors import LabelDoors
from ui.labels.presenter import LabelsPresenter
from ui.labels.print_panel import PrintPanel
from ui.labels.state import FoundRow, LabelRow, Mode, State
from ui.shell.counter import Counter
from ui.shell.dialogs import Prompt, Question
from ui.shell.keys import Action
from ui.shell.notices import Notice, NoticeKind
from ui.shell.scan_recogniser import Scan
from ui.shell.screens import ScreenContext

FILL = Action("labels.fill", "F2", "labels_page.action.changes")
TURN = Action("labels.turn", "F4", "labels_page.action.turn")
FORMAT = Action("labels.format", "F6", "labels_page.action.format")
COPIES = Action("labels.copies", "F7", "labels_page.action.copies")
START = Action("labels.start", "F8", "labels_page.action.start")
PRICES = Action("labels.prices", "F9", "labels_page.format.prices")
SAVE = Action("labels.save", "F11", "labels_page.action.save")
PRINT = Action("labels.print", "F12", "labels_page.action.go")
CLEAR = Action("labels.clear", "Ctrl+Del", "labels_page.action.clear")
STOP = Action("labels.stop", "Esc", "labels_page.action.stop")
BACK = Action("labels.back", "Esc", "common.action.back")
_DIGITS = 3


class LabelsPage(QWidget):
    """Shows the state of `LabelsPresenter`."""

    def __init__(self, context: ScreenContext, doors: LabelDoors) -> None:
        super().__init__()
        counter: Counter = context.services
        self._shell = context.shell
        self._presenter = LabelsPresenter(counter, doors, self._show, self._say)
        self.box = SellEdit("labels_box", placeholder=translate("labels_page.box.goods"), icon_name="search")
        self.box.pad_signs = True
        self._head = PageHead(translate("labels_page.title"))
        self.chips = {mode: FilterChip("") for mode in Mode}
        self.list = _list()
        self.cards = _member_list("labels_cards", EmptyState("credit-card", "", ""))
        self.found = _found_list()
        self.found_members = _member_list("labels_found_members", _nothing_found())
        self._hint = Words("", "secondary", "muted")
        self.panel = PrintPanel()
        self._buttons = {
            action.id: self._button(action, icon)
            for action, icon in ((FILL, "history"), (COPIES, "pencil"), (CLEAR, "trash-2"))
        }
        self._lay_out()
        self._bind()
        self.setFocusProxy(self.box)
        self._presenter.refresh()

    def opened(self, args: object) -> None:
        """Show what waits, and add what another page asks for."""
        self._presenter.opened(args)

    def on_scan(self, scan: Scan) -> None:
        """Add what was scanned."""
        self._presenter.scan(scan.text)

    @property
    def may_close(self) -> bool:
        """Whether nothing goes out that the books do not know of yet."""
        return not self._presenter.state.busy

    def _button(self, action: Action, icon: str) -> KeyButton:
        button = KeyButton(translate(action.label), self._shell.keys.key_of(action), icon=icon)
        button.setObjectName(action.id.replace(".", "_"))
        return button.keep_focus_away()

    def _lay_out(self) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        left = QVBoxLayout()
        left.setSpacing(0)
        for mode, chip in self.chips.items():
            chip.setObjectName(f"labels_mode_{mode.value}")
            self._head.add(chip)
        left.addWidget(self._head)
        inner = QVBoxLayout()
        inner.setContentsMargins(24, 4, 24, 16)
        inner.setSpacing(12)
        inner.addWidget(self.box)
        self._stack = QStackedWidget()
        for rows in (self.list, self.cards, self.found, self.found_members):
            self._stack.addWidget(list_card(rows))
        inner.addWidget(self._stack, 1)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        for button in self._buttons.values():
            acts.addWidget(button)
        acts.addStretch(1)
        inner.addWidget(self._hint)
        inner.addLayout(acts)
        left.addLayout(inner, 1)
        outer.addLayout(left, 1)
        outer.addWidget(self.panel)

    def _bind(self) -> None:
        p, keys = self._presenter, self._shell.keys
        running = p.running
        acts: tuple[tuple[Action, Callable[[], None], Callable[[], bool]], ...] = (
            (FILL, self._fill, lambda: self._idle() and p.state.mode is not Mode.PIECES),
            (TURN, p.next_mode, self._idle),
            (FORMAT, p.next_format, self._idle),
            (COPIES, self._ask_copies, self._may_count),
            (START, self.panel.sheet.setFocus, lambda: self._idle() and p.state.sheet is not None),
            (PRICES, self._turn_prices, lambda: self._idle() and p.state.mode is Mode.GOODS),
            (SAVE, self._save, lambda: running.can_begin() and p.state.prints),
            (PRINT, self._go, running.can_begin),
            (CLEAR, self._ask_clear, lambda: self._idle() and bool(p.state.rows)),
            (STOP, running.stop, lambda: p.state.progress is not None),
            (BACK, self.box.setFocus, self.panel.sheet.hasFocus),
        )
        for action, run, enabled in acts:
            keys.bind(LABELS, action, run, enabled)
        for action, run in ((FILL, self._fill), (COPIES, self._ask_copies), (CLEAR, self._ask_clear)):
            self._buttons[action.id].clicked.connect(run)
        for mode, chip in self.chips.items():
            chip.clicked.connect(lambda _on=False, chosen=mode: p.go_to(chosen))
        self._bind_box()
        self._bind_panel()

    def _idle(self) -> bool:
        return not self._presenter.state.busy

    def _turn_prices(self) -> None:
        self._presenter.set_prices(not self._presenter.state.prices)

    def _bind_box(self) -> None:
        p = self._presenter
        self.box.textChanged.connect(p.search)
        self.box.submitted.connect(lambda _text: p.enter())
        self.box.moved.connect(p.move)
        self.box.emptied_key.connect(self._sign)
        for rows in (self.list, self.cards):
            rows.view.clicked.connect(lambda index: p.mark(index.row()))
        for rows in (self.found, self.found_members):
            rows.view.clicked.connect(lambda index: p.enter(index.row()))

    def _bind_panel(self) -> None:
        p, keys, panel = self._presenter, self._shell.keys, self.panel
        panel.show_keys(keys.key_of(PRINT), keys.key_of(SAVE))
        panel.show_choice_keys(keys.key_of(FORMAT), keys.key_of(PRICES))
        panel.stop.set_key(keys.key_of(STOP))
        panel.start_button.set_key(keys.key_of(START))
        for button in (panel.main, panel.second, panel.stop, panel.start_button):
            button.keep_focus_away()
        panel.main.clicked.connect(self._go)
        panel.second.clicked.connect(self._save)
        panel.stop.clicked.connect(p.running.stop)
        panel.start_button.clicked.connect(panel.sheet.setFocus)
        panel.format.activated.connect(lambda _at: p.choose_format(str(panel.format.chosen())))
        panel.prices.clicked.connect(p.set_prices)
        panel.sheet.chosen.connect(p.set_start)

    def _sign(self, key: str) -> None:
        """A key that means something while the box is empty."""
        if key == "delete":
            self._presenter.remove()
        elif key in ("+", "-"):
            self._presenter.more(1 if key == "+" else -1)

    def _fill(self) -> None:
        if self._presenter.state.mode is Mode.CARDS:
            self._presenter.add_without_card()
        else:
            self._presenter.add_changes()

    def _may_count(self) -> bool:
        state = self._presenter.state
        return not state.busy and state.mode is not Mode.CARDS and state.cursor >= 0

    def _ask_copies(self) -> None:
        if not self._may_count():
            return
        state = self._presenter.state
        row = state.rows[state.cursor]
        prompt = Prompt(
            title=translate("labels_page.action.copies"),
            # Nothing stands in the field: what is typed is the number, and not joined to the old one.
            label=translate("labels_page.ask.copies", name=row.name, copies=row.copies),
            yes=translate("common.action.ok"),
        )
        self._shell.dialogs.prompt(prompt, self._count)

    def _count(self, text: str | None) -> None:
        if text is None:
            return
        if text.isascii() and text.isdigit() and len(text) <= _DIGITS and int(text) > 0:
            self._presenter.set_copies(int(text))
        else:
            self._say("warning", translate("labels_page.notice.copies", text=text[:20]), None)

    def _ask_clear(self) -> None:
        question = Question(
            title=translate("labels_page.ask.clear"),
            text=translate("labels_page.ask.clear_text"),
            yes=translate("labels_page.action.clear"),
            kind="danger",
        )
        self._shell.dialogs.ask(question, lambda yes: self._presenter.clear() if yes else None)

    def _go(self) -> None:
        if self._presenter.state.prints:
            self._presenter.running.print_roll()
        else:
            self._save()

    def _save(self) -> None:
        if not self._presenter.running.can_begin():
            return
        today = self._presenter.shop.ringing.today().isoformat()
        name = f"{translate(f'labels_page.file.{self._presenter.state.mode.value}')}-{today}.pdf"
        self._shell.dialogs.save_file(
            translate("labels_page.action.save"),
            name,
            "PDF (*.pdf)",
            lambda path: self._presenter.running.save(path) if path is not None else None,
        )

    def _say(self, kind: NoticeKind, text: str, written: Path | None) -> None:
        notice = Notice(kind, text, about="labels")
        if written is not None:
            notice = Notice(
                kind,
                text,
                about="labels",
                act_label=translate("labels_page.action.open"),
                act=partial(_open_file, written),
            )
        self._shell.notices.show_notice(notice)
        if kind != "success":
            self._shell.tones.sound("refused")

    def _show(self, state: State) -> None:
        if self.box.text() != state.text:
            self.box.blockSignals(True)
            self.box.setText(state.text)
            self.box.blockSignals(False)
        self.box.setPlaceholderText(
            translate("labels_page.box.cards" if state.mode is Mode.CARDS else "labels_page.box.goods")
        )
        self._head.second.setText(state.count)
        for (mode, chip), count in zip(self.chips.items(), state.counts, strict=True):
            words = translate(f"labels_page.mode.{mode.value}")
            chip.setText(f"{words} {count}" if count else words)
            chip.setChecked(mode is state.mode)
        cards = state.mode is Mode.CARDS
        self._stack.setCurrentIndex((0 if state.found is None else 2) + cards)
        self._show_lists(state)
        self._show_buttons(state)
        self.panel.show_state(state)
        if state.sheet is None and self.panel.sheet.hasFocus():
            self.box.setFocus()

    def _show_lists(self, state: State) -> None:
        cards = state.mode is Mode.CARDS
        shown = self.cards if cards else self.list
        empty = shown.empty
        assert isinstance(empty, EmptyState)
        place = f"labels_page.empty.{state.mode.value}"
        empty.set_words(translate(f"{place}_title"), translate(f"{place}_text"))
        shown.set_rows([_member_row(row) if cards else _row(row) for row in state.rows])
        if shown.view.currentIndex().row() != state.cursor:
            shown.set_current(state.cursor)
        if state.found is not None:
            found = self.found_members if cards else self.found
            found.set_rows([_found_row(row, at, cards) for at, row in enumerate(state.found)])
            found.set_current(state.found_cursor)

    def _show_buttons(self, state: State) -> None:
        fill = self._buttons[FILL.id]
        cards = state.mode is Mode.CARDS
        fill.setText(translate("labels_page.action.without_card" if cards else FILL.label))
        fill.setVisible(state.mode is not Mode.PIECES)
        fill.setEnabled(not state.busy)
        self._buttons[COPIES.id].setVisible(not cards)
        self._buttons[COPIES.id].setEnabled(self._may_count())
        self._hint.setText(translate("labels_page.hint.cards" if cards else "labels_page.hint.labels"))
        self._hint.setVisible(bool(state.rows) and state.found is None)
        self._buttons[CLEAR.id].setEnabled(bool(state.rows) and not state.busy)


def _open_file(path: Path) -> None:
    """Show a file with the program that the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def _list() -> RowList:
    columns = (
        Column("name", translate("common.word.name")),
        Column("code", translate("common.word.code"), 144),
        Column("price", translate("common.word.price"), 112, right=True),
        Column("copies", translate("labels_page.list.copies"), 72, right=True),
    )
    made = RowList("labels_list", columns, EmptyState("tag", "", ""), focusable=False)
    made.setAccessibleName(translate("labels_page.title"))
    return made


def _found_list() -> RowList:
    columns = (
        Column("name", translate("common.word.name")),
        Column("under", translate("common.word.code"), 200),
        Column("right", translate("common.word.price"), 112, right=True),
    )
    made = RowList("labels_found", columns, _nothing_found(), focusable=False)
    made.setAccessibleName(translate("labels_page.box.goods"))
    return made


def _row(row: LabelRow) -> Row:
    cells = (
        Cell(row.name, under=row.fault or row.under, under_tone="danger" if row.fault else "muted"),
        Cell(row.code, "muted"),
        Cell(row.price),
        Cell(f"×{row.copies}", strong=True),
    )
    return Row(row.key, cells, "danger" if row.fault else "")


def _found_row(row: FoundRow, at: int, member: bool) -> Row:
    if member:
        return Row(at, (Cell(row.name), Cell(row.under, "muted")))
    return Row(at, (Cell(row.name), Cell(row.under, "muted"), Cell(row.right)))


def _member_row(row: LabelRow) -> Row:
    return Row(row.key, (Cell(row.name), Cell(row.under, "muted")))


def _member_list(name: str, empty: EmptyState) -> RowList:
    columns = (
        Column("name", translate("labels_page.list.member")),
        Column("phone", translate("labels_page.list.phone"), 200),
    )
    made = RowList(name, columns, empty, focusable=False)
    made.setAccessibleName(translate("labels_page.mode.cards"))
    return made


def _nothing_found() -> EmptyState:
    return EmptyState(
        "search", translate("labels_page.empty.found_title"), translate("labels_page.empty.found_text")
    )
