"""The page of imports and exports: one view a step, keys and files led to the presenter.

Decides nothing: it shows the presenter's state and hands it every key, click and dropped file.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from pos_app.domain.imports.kinds import Kind
from pos_app.words import translate
from ui.imports.desk import ImportDesk
from ui.imports.export_view import ExportView
from ui.imports.mapping_view import MappingView
from ui.imports.page_keys import (
    BACK,
    CANCEL,
    CLEAR,
    COLUMN,
    EXPORT,
    FORMAT,
    KINDS,
    NAMED,
    NEXT,
    PICK,
    RESUME,
    SAVE,
    SCOPE,
    SHEET,
    TAKE_BACK,
    UNDO,
)
from ui.imports.paths import given
from ui.imports.presenter import ImportsPresenter
from ui.imports.report_view import ReportView
from ui.imports.start_view import StartView
from ui.imports.state import State, Step
from ui.imports.work_view import DoneView, WorkView
from ui.kit.buttons import KeyButton
from ui.kit.cards import PageHead
from ui.shell.counter import Counter
from ui.shell.dialogs import Question
from ui.shell.keys import Action
from ui.shell.notices import Notice, NoticeKind
from ui.shell.screens import ScreenContext, ScreenId

STEPS = (Step.START, Step.MAPPING, Step.WORKING, Step.REPORT, Step.DONE, Step.EXPORT)


class ImportsPage(QWidget):
    """Shows the states of `ImportsPresenter`."""

    def __init__(self, context: ScreenContext, desk: ImportDesk) -> None:
        super().__init__()
        counter: Counter = context.services
        self._shell = context.shell
        self._keys_of: Step | None = None
        self._home: ScreenId | None = None
        self._presenter = ImportsPresenter(counter, desk, self._show, self._say)
        keys = {name: self._key(action) for name, action in NAMED.items()}
        self.start, self.mapping = StartView(keys), MappingView(keys)
        self.working, self.done = WorkView(keys), DoneView(keys)
        self.report, self.export = ReportView(keys), ExportView(keys)
        self._views: dict[Step, QWidget] = dict(
            zip(
                STEPS,
                (self.start, self.mapping, self.working, self.report, self.done, self.export),
                strict=True,
            )
        )
        self._head = PageHead(translate("imports_page.title"))
        self.export_button = KeyButton(
            translate(EXPORT.label), keys["export"], icon="download"
        ).keep_focus_away()
        self.export_button.setObjectName("imports_open_export")
        self._lay_out()
        self._bind_keys()
        self._bind_widgets()
        self.setAcceptDrops(True)
        self.setFocusProxy(self.start.path)
        # The desk outlives the page, which is made anew for the next person: it must not tell a page that is gone.
        self.destroyed.connect(self._presenter.closed)

    def _key(self, action: Action) -> str:
        return self._shell.keys.key_of(action)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._head.add(self.export_button)
        layout.addWidget(self._head)
        self._stack = QStackedWidget()
        for step in STEPS:
            self._stack.addWidget(self._views[step])
        layout.addWidget(self._stack, 1)

    # -- Keys ----------------------------------------------------------------------------------------------

    def _bind_keys(self) -> None:
        """Each step has a scope of its own: the same key may mean another thing in the next."""
        p = self._presenter
        for step in STEPS:
            if step is not Step.WORKING:
                self._bind(step, NEXT, self._go_on, self._can_go_on)
                self._bind(step, BACK, self._back, self._can_leave)
        for step in (Step.START, Step.EXPORT):
            self._bind(step, PICK, self._pick)
            for place, action in enumerate(KINDS):
                self._bind(step, action, partial(self._choose_kind, place), partial(self._has_kind, place))
        for step in (Step.START, Step.DONE):
            self._bind(step, UNDO, self._ask_undo, lambda: self._undoable() is not None)
        for step in (Step.REPORT, Step.DONE):
            self._bind(step, SAVE, self._save_refused, self._can_save)
        self._bind(Step.START, EXPORT, p.open_export)
        self._bind(Step.START, RESUME, self._resume, lambda: p.state.cut_off is not None)
        self._bind(Step.START, TAKE_BACK, self._ask_take_back, lambda: p.state.cut_off is not None)
        self._bind(Step.WORKING, CANCEL, self._ask_cancel, self._can_cancel)
        self._bind(Step.MAPPING, COLUMN, p.ask_column, self._is_matching)
        self._bind(Step.MAPPING, CLEAR, p.clear_column, self._is_matching)
        self._bind(Step.MAPPING, SHEET, self._next_sheet, lambda: self.mapping.sheet.count() > 1)
        self._bind(Step.EXPORT, FORMAT, self._turn_format)

    def _bind(
        self, step: Step, action: Action, run: Callable[[], None], enabled: Callable[[], bool] = lambda: True
    ) -> None:
        self._shell.keys.bind(f"{SCOPE}.{step}", action, run, enabled)

    def _at(self, *steps: Step) -> bool:
        return self._presenter.state.step in steps

    def _can_go_on(self) -> bool:
        state = self._presenter.state
        if state.step is Step.REPORT:
            return state.report is not None and state.report.can_run
        return state.step is not Step.WORKING and not state.busy

    def _can_leave(self) -> bool:
        state = self._presenter.state
        if state.step is Step.EXPORT:
            return bool(state.kinds) or self._may_go_home()
        return state.step is not Step.START or self._may_go_home()

    def _can_save(self) -> bool:
        state = self._presenter.state
        if state.step is Step.DONE:
            return state.done is not None and state.done.can_save
        return state.step is Step.REPORT and state.report is not None and state.report.can_save

    def _is_matching(self) -> bool:
        shown = self._presenter.state.mapping
        return self._at(Step.MAPPING) and shown is not None and shown.choosing is None

    def _undoable(self) -> int | None:
        state = self._presenter.state
        if state.step is Step.DONE:
            return state.done.batch if state.done is not None else None
        if state.step is Step.START:
            return next((line.number for line in state.history if line.can_undo), None)
        return None

    def _can_cancel(self) -> bool:
        work = self._presenter.state.work
        return work is not None and work.can_cancel

    def _has_kind(self, place: int) -> bool:
        state = self._presenter.state
        if state.step is Step.EXPORT and state.export is not None:
            return place < len(state.export.kinds)
        return state.step is Step.START and place < len(state.kinds)

    def _choose_kind(self, place: int) -> None:
        state = self._presenter.state
        if state.step is Step.EXPORT and state.export is not None:
            self._presenter.edit_export(kind=state.export.kinds[place].kind)
        else:
            self._presenter.choose_kind(state.kinds[place].kind)

    # -- Widgets -------------------------------------------------------------------------------------------

    def _bind_widgets(self) -> None:
        p = self._presenter
        for button in (
            self.start.next,
            self.mapping.rehearse,
            self.report.run,
            self.done.finish,
            self.export.go,
        ):
            button.clicked.connect(self._go_on)
        for button in (self.mapping.back, self.report.back, self.export.back):
            button.clicked.connect(self._back)
        self.export_button.clicked.connect(lambda: p.open_export())
        self.start.kinds.chosen = lambda kind: p.choose_kind(Kind(kind))
        self.export.kinds.chosen = lambda kind: p.edit_export(kind=Kind(kind))
        self.start.path.textEdited.connect(p.type_path)
        self.start.path.returnPressed.connect(p.go_on)
        for button in (self.start.pick, self.export.pick):
            button.clicked.connect(self._pick)
        for button in (self.start.undo, self.done.undo):
            button.clicked.connect(self._ask_undo)
        for button in (self.report.save, self.done.save):
            button.clicked.connect(self._save_refused)
        self.start.resume.clicked.connect(self._resume)
        self.start.take_back.clicked.connect(self._ask_take_back)
        self.working.cancel.clicked.connect(self._ask_cancel)
        self._bind_mapping()
        self.export.excel.clicked.connect(lambda: p.edit_export(excel=True))
        self.export.csv.clicked.connect(lambda: p.edit_export(excel=False))
        self.export.format.clicked.connect(self._turn_format)
        self.export.target.textEdited.connect(lambda text: p.edit_export(target=text))

    def _bind_mapping(self) -> None:
        p, view = self._presenter, self.mapping
        view.choose.clicked.connect(lambda: p.ask_column())
        view.clear.clicked.connect(p.clear_column)
        view.bind_typing(p.ask_column)
        view.list.view.selectionModel().currentChanged.connect(
            lambda now, _before: p.go_to(now.row()) if now.isValid() else None
        )
        view.list.view.doubleClicked.connect(lambda _index: p.ask_column())
        view.box.textChanged.connect(p.type_heading)
        view.box.moved.connect(p.move)
        view.box.submitted.connect(lambda: p.take_column())
        view.choices.view.clicked.connect(lambda index: p.take_column(index.row()))
        view.sheet.activated.connect(p.choose_sheet)

    # -- What comes in -------------------------------------------------------------------------------------

    def opened(self, args: object) -> None:
        """Show where things stand; `{"kind": …}` begins an import of that kind, `{"export": …}` writes it out."""
        wanted = args if isinstance(args, dict) else {}
        self._home = None
        for name in ("kind", "export"):
            if name in wanted:
                goods = Kind(wanted[name]) in (Kind.CATALOGUE, Kind.PIECES)
                self._home = ScreenId("catalogue" if goods else "members")
        self._presenter.opened(wanted)

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():
            self._presenter.left()
        super().hideEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and self._at(Step.START, Step.MAPPING, Step.DONE):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if len(files) != 1:
            self._say("warning", translate("imports_page.start.one_file"))
            return
        event.acceptProposedAction()
        self._presenter.take_file(files[0])

    def _go_on(self) -> None:
        """Do the step's main act; a file that would be replaced is asked about first."""
        p = self._presenter
        replaced = p.replaces() if self._at(Step.EXPORT) else ""
        if replaced:
            self._ask("replace", p.go_on, replaced)
        else:
            p.go_on()

    def _back(self) -> None:
        """Go one step back; from the first step, or from an export, to the page that it was opened from."""
        if self._at(Step.START, Step.EXPORT) and self._may_go_home():
            self._presenter.start_over()
            assert self._home is not None
            self._shell.navigation.open(self._home)
            return
        self._presenter.back()

    def _may_go_home(self) -> bool:
        return self._home is not None and self._shell.navigation.may_open(self._home)

    def _pick(self) -> None:
        p, dialogs = self._presenter, self._shell.dialogs
        if self._at(Step.EXPORT):
            assert p.state.export is not None
            pattern = "Excel (*.xlsx)" if p.state.export.excel else "CSV (*.csv)"
            title = translate("imports_page.action.place")
            dialogs.save_file(title, p.state.export.target, pattern, self._placed)
            return
        dialogs.open_file(translate("imports_page.action.pick"), _pattern(), given(p.take_file))

    def _placed(self, path: Path | None) -> None:
        if path is not None:
            self._presenter.edit_export(target=str(path))

    def _save_refused(self) -> None:
        p = self._presenter
        title, pattern = translate("imports_page.action.save_refused"), "Excel (*.xlsx);;CSV (*.csv)"
        self._shell.dialogs.save_file(title, p.refused_name(), pattern, given(p.save_refused))

    def _resume(self) -> None:
        p = self._presenter
        cut = p.state.cut_off
        if cut is not None and cut.path is not None:
            p.resume(cut.path)
        else:
            title = translate("imports_page.cut_off.choose")
            self._shell.dialogs.open_file(title, _pattern(), given(p.resume))

    def _ask_undo(self) -> None:
        number = self._undoable()
        if number is not None:
            self._ask("undo", partial(self._presenter.undo, number), self._presenter.undo_title(number))

    def _ask_take_back(self) -> None:
        cut = self._presenter.state.cut_off
        if cut is not None:
            self._ask("take_back", partial(self._presenter.undo, cut.number), cut.title)

    def _ask_cancel(self) -> None:
        work = self._presenter.state.work
        if work is not None:
            self._ask("cancel", self._presenter.cancel, work.title)

    def _ask(self, name: str, run: Callable[[], None], title: str) -> None:
        """Ask once before something is taken back or stopped."""
        question = Question(
            title=translate(f"imports_page.ask.{name}"),
            text=f"{title}\n\n{translate(f'imports_page.ask.{name}_text')}",
            yes=translate(f"imports_page.ask.{name}_yes"),
            kind="danger",
            final=name in ("undo", "take_back"),
        )
        self._shell.dialogs.ask(question, lambda yes: run() if yes else None)

    def _turn_format(self) -> None:
        export = self._presenter.state.export
        if export is not None:
            self._presenter.edit_export(excel=not export.excel)

    def _next_sheet(self) -> None:
        shown = self._presenter.state.mapping
        if shown is not None:
            self._presenter.choose_sheet((shown.sheet + 1) % len(shown.sheets))

    # -- What is shown -------------------------------------------------------------------------------------

    def _say(self, kind: NoticeKind, text: str) -> None:
        if not text:
            self._shell.notices.clear(SCOPE)
            return
        self._shell.notices.show_notice(Notice(kind, text, about=SCOPE))
        if kind in ("warning", "error"):
            self._shell.tones.sound("refused")

    def _show(self, state: State) -> None:
        self.export_button.setVisible(state.step is Step.START)
        if state.step is Step.START:
            self.start.show_state(state)
        elif state.step is Step.MAPPING and state.mapping is not None:
            self.mapping.show_mapping(state.mapping)
        elif state.step is Step.WORKING and state.work is not None:
            self.working.show_work(state.work)
        elif state.step is Step.REPORT and state.report is not None:
            self.report.show_report(state.report)
        elif state.step is Step.DONE and state.done is not None:
            self.done.show_done(state.done)
        elif state.step is Step.EXPORT and state.export is not None:
            self.export.show_export(state.export, can_leave=self._can_leave())
        view = self._views[state.step]
        self._turn_keys(state.step)
        if self._stack.currentWidget() is not view:
            self._stack.setCurrentWidget(view)
            self._focus(state.step)

    def _turn_keys(self, step: Step) -> None:
        if step is self._keys_of:
            return
        if self._keys_of is not None:
            self._shell.keys.leave(f"{SCOPE}.{self._keys_of}")
        self._keys_of = step
        self._shell.keys.enter(f"{SCOPE}.{step}")

    def _focus(self, step: Step) -> None:
        """Give the focus to what is used first in a step, unless another page is in front."""
        first = {
            Step.START: self.start.path,
            Step.MAPPING: self.mapping.list,
            Step.REPORT: self.report.list,
            Step.EXPORT: self.export.target,
        }
        target = first.get(step, self._views[step])
        self.setFocusProxy(target)
        if self.isVisible() and self._shell.overlay.content is None:
            target.setFocus()


def _pattern() -> str:
    tables, every = translate("imports_page.start.tables"), translate("common.word.all")
    return f"{tables} (*.xlsx *.xls *.csv *.txt *.tsv);;{every} (*)"
