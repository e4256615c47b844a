"""The page of imports without its widgets: choose what and a file, match columns, rehearse, import, take back, export.

Decides what each key means in each step. Files are looked at on a lane of their own; everything long is the desk's,
which goes on when the page is left. Qt-free.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

from pos_app.domain.errors import ShukeError
from pos_app.domain.imports.kinds import Kind
from pos_app.domain.staff import Action, may
from pos_app.services.imports.reading import Opened
from pos_app.services.imports.service import ACTIONS
from pos_app.services.ports.imports import State as BatchState
from pos_app.words import translate
from ui.importing import (
    Act,
    Export,
    Failed,
    Rehearse,
    Rehearsed,
    Resume,
    Run,
    SaveRefused,
    Source,
    TakeBack,
)
from ui.imports import exporting, mapping, past, report, telling
from ui.imports.desk import ImportDesk, Work
from ui.imports.exporting import Exporting
from ui.imports.mapping import Chosen
from ui.imports.past import Past
from ui.imports.paths import path_of
from ui.imports.state import State, Step
from ui.shell.counter import Counter
from ui.shell.wording import words_of

NOTES = "refused.jsonl"

Say = Callable[[Literal["success", "warning", "error"], str], None]


class ImportsPresenter:
    """One method an intent; `on_change` gets each new state."""

    def __init__(
        self, counter: Counter, desk: ImportDesk, on_change: Callable[[State], None], say: Say
    ) -> None:
        self._counter = counter
        self._shop = counter.shop
        self._desk = desk
        self._on_change = on_change
        self._say = say
        self.state = State()
        self._chosen: Chosen | None = None
        self._rehearsed: tuple[Source, Rehearsed] | None = None
        self._exporting: Exporting | None = None
        self._notes = str(desk.doors.notes / NOTES)
        self._asked = 0
        self._is_told = False
        self._is_here = self._has_tidied = False

    # -- Coming and going ----------------------------------------------------------------------------------

    def opened(self, wanted: Mapping[str, str] | None = None) -> None:
        """Show where things stand: what is being done now, else what was in hand when the page was left."""
        tiles = tuple(report.tile(kind) for kind in Kind if self._may(ACTIONS[kind]))
        self._show(may_import=bool(tiles), kinds=tiles)
        self._is_here = True
        if not self._is_told:
            self._is_told = True
            self._desk.watch(self._work_changed)
        self._desk.see()
        if self._desk.is_busy:
            return
        wanted = wanted or {}
        if "export" in wanted:
            self.open_export(Kind(wanted["export"]))
        elif "kind" in wanted:
            self.start_over()
            self.choose_kind(Kind(wanted["kind"]))
        elif not tiles:
            self.open_export(Kind.CATALOGUE)
        if self.state.step in (Step.START, Step.DONE):
            self.look_back()

    def left(self) -> None:
        """Another page is in front: how a work ends is told in the status bar until this one is opened again."""
        self._is_here = False

    def closed(self) -> None:
        """The page is taken away."""
        self._desk.unwatch(self._work_changed)

    def _may(self, action: Action) -> bool:
        actor = self._counter.session.actor
        return actor is not None and may(actor.role, action)

    def start_over(self) -> None:
        """Go to the first step; nothing is in hand any more, and the next path replaces that of a file that is done."""
        self._asked += 1
        is_over = self.state.done is not None and self.state.done.tone != "danger"
        self._chosen = self._rehearsed = self._exporting = None
        self._show(
            step=Step.START,
            path="" if is_over else self.state.path,
            fault="",
            busy=False,
            mapping=None,
            report=None,
            done=None,
            export=None,
            work=None,
        )
        self.look_back()

    def back(self) -> None:
        """Go one step back."""
        step = self.state.step
        if step is Step.MAPPING and self._chosen is not None and self._chosen.choosing is not None:
            self._choose(replace(self._chosen, choosing=None))
        elif step is Step.REPORT and self._chosen is not None:
            self._rehearsed = None
            self._show(step=Step.MAPPING, report=None)
        elif step in (Step.MAPPING, Step.REPORT, Step.DONE) or (step is Step.EXPORT and self.state.kinds):
            self.start_over()

    def look_back(self) -> None:
        """Read what was imported before, and whether something was cut off."""
        if self.state.may_import:
            self._desk.doors.files.run(partial(past.past_of, self._shop), self._looked_back, self._failed)

    def _looked_back(self, found: Past) -> None:
        lines = past.batch_lines(found, self._shop.current.value)
        cut = None if self._desk.is_busy else found.under_way
        if cut is not None and cut.state is not BatchState.STAGING and not self._has_tidied:
            # It counts, or counts no more, already: what is left to do needs no decision.
            self._has_tidied = True
            self._begin(Resume(), cut.kind, cut.file_name)
            return
        self._show(history=lines, cut_off=past.cut_off(cut, self._shop.current.value, found.file))

    # -- What and which file -------------------------------------------------------------------------------

    def choose_kind(self, kind: Kind) -> None:
        """Choose what is imported; in the step of columns the same file is looked at again as that kind."""
        if kind not in [tile.kind for tile in self.state.kinds]:
            return
        self._show(kind=kind, fault="")
        if self.state.step is Step.MAPPING and self._chosen is not None:
            self._open(self._chosen.opened.path, None)

    def type_path(self, text: str) -> None:
        """The file's path was typed."""
        self._show(path=text, fault="")

    def take_file(self, path: Path) -> None:
        """A file was chosen or dropped: look at it at once."""
        self._show(path=str(path), fault="")
        self._open(path, None)

    def go_on(self) -> None:
        """Do the step's main act."""
        step = self.state.step
        if self.state.busy:
            return
        if step is Step.START:
            self._take_typed()
        elif step is Step.MAPPING:
            self._rehearse()
        elif step is Step.REPORT:
            self._run()
        elif step is Step.DONE:
            self.start_over()
        elif step is Step.EXPORT:
            self._export()

    def _take_typed(self) -> None:
        path = path_of(self.state.path)
        if path is None:
            self._show(fault=translate("imports_page.start.no_file"))
            return
        self._open(path, None)

    def _open(self, path: Path, sheet: int | None) -> None:
        """Look at a file on its lane; a later question makes an earlier answer void."""
        if not self.state.may_import:
            return
        self._asked += 1
        self._show(busy=True, fault="")
        work = partial(self._shop.imports.open, path, self.state.kind, sheet)
        self._desk.doors.files.run(
            work, partial(self._file_opened, self._asked), partial(self._not_opened, self._asked)
        )

    def _file_opened(self, asked: int, opened: Opened) -> None:
        if asked != self._asked:
            return
        self._rehearsed = None
        self._show(busy=False, step=Step.MAPPING, report=None, done=None)
        self._choose(mapping.begun(opened))

    def _not_opened(self, asked: int, error: Exception) -> None:
        if asked == self._asked:
            words = words_of(error, self._shop.current.value.money)
            self._show(busy=False, fault=words)
            if self.state.step is not Step.START:
                self._say("error", words)

    def choose_sheet(self, sheet: int) -> None:
        """Look at another sheet of the same file."""
        if self._chosen is not None and sheet != self._chosen.opened.sheet:
            self._open(self._chosen.opened.path, sheet)

    # -- Columns -------------------------------------------------------------------------------------------

    def move(self, step: int) -> None:
        """Go to another field, or to another column while one is being chosen."""
        self._change(lambda chosen: mapping.moved(chosen, step))

    def go_to(self, place: int) -> None:
        """Go to a field by its place."""
        self._change(lambda chosen: mapping.gone_to(chosen, place))

    def ask_column(self, text: str = "") -> None:
        """Begin to choose a column for the field under the cursor; what was typed looks for one."""
        self._change(lambda chosen: mapping.asked(chosen, text))

    def type_heading(self, text: str) -> None:
        """Look for a column by its heading."""
        self._change(lambda chosen: mapping.typed(chosen, text))

    def take_column(self, place: int | None = None) -> None:
        """Take the column under the cursor, or at a place, for the field; it leaves the field that had it."""
        self._change(lambda chosen: mapping.taken(chosen, place))

    def clear_column(self) -> None:
        """Take no column for the field under the cursor."""
        self._change(mapping.cleared)

    def _change(self, change: Callable[[Chosen], Chosen]) -> None:
        if self._chosen is not None and self.state.step is Step.MAPPING:
            self._choose(change(self._chosen))

    def _choose(self, chosen: Chosen) -> None:
        self._chosen = chosen
        self._show(mapping=mapping.shown(chosen), kind=chosen.opened.kind)

    # -- Rehearse, import, take back -----------------------------------------------------------------------

    def _rehearse(self) -> None:
        chosen = self._chosen
        if chosen is None or chosen.choosing is not None:
            return
        if chosen.opened.mapping.missing:
            assert self.state.mapping is not None
            self._say("error", self.state.mapping.missing)
            return
        self._begin(
            Rehearse(self._source(chosen.opened), self._notes), chosen.opened.kind, chosen.opened.path.name
        )

    def _source(self, opened: Opened) -> Source:
        return Source(opened.kind, str(opened.path), opened.sheet, dict(opened.mapping.columns))

    def _run(self) -> None:
        if self._rehearsed is None or self.state.report is None or not self.state.report.can_run:
            return
        source, told = self._rehearsed
        act = Run(source, self._notes, told.sha256, told.report.rows)
        self._begin(act, source.kind, Path(source.path).name)

    def save_refused(self, target: Path) -> None:
        """Write the refused rows to a file."""
        if self._rehearsed is not None:
            source, _ = self._rehearsed
            if target == Path(source.path):
                self._say("error", translate("imports_page.report.same_file"))
                return
            self._begin(SaveRefused(source, self._notes, str(target)), source.kind, target.name)

    def refused_name(self) -> str:
        """Return a name for the file of refused rows, beside the file itself."""
        path = Path(self._rehearsed[0].path) if self._rehearsed is not None else Path("import.csv")
        return str(path.with_name(translate("imports_page.report.refused_name", file=path.stem) + ".xlsx"))

    def undo(self, number: int) -> None:
        """Take an import back."""
        name = self.undo_title(number).rpartition(" · ")[2]
        self._begin(TakeBack(number), past.kind_of(self._shop, number), name)

    def undo_title(self, number: int) -> str:
        """Return what is asked about before an import is taken back."""
        return next((line.title for line in self.state.history if line.number == number), "")

    def resume(self, path: Path) -> None:
        """Go on with the import that was cut off, with its file."""
        if self.state.cut_off is not None:
            self._begin(Resume(str(path)), past.kind_of(self._shop, self.state.cut_off.number), path.name)

    def cancel(self) -> None:
        """Stop what is being done."""
        self._desk.cancel()

    def _begin(self, act: Act, kind: Kind, file: str) -> None:
        self._say("success", "")
        try:
            self._desk.begin(act, kind, file, self._counter.session.who.staff_id)
        except (ShukeError, OSError) as error:
            self._failed(error)

    def _work_changed(self, work: Work | None) -> None:
        """Show what the desk does, and how it ended."""
        if work is None:
            return
        if work.is_running:
            self._show(step=Step.WORKING, work=telling.work_shown(work), busy=False)
        elif not work.seen:
            if self._is_here:
                self._desk.see()
            self._ended(work)

    def _ended(self, work: Work) -> None:
        result = work.result
        currency = self._shop.current.value.money
        if isinstance(result, Rehearsed) and isinstance(work.act, Rehearse):
            self._rehearsed = (work.act.source, result)
            self._show(step=Step.REPORT, work=None, report=report.shown(result.report, work.file, currency))
            return
        if isinstance(work.act, SaveRefused) and (self.state.report or self.state.done):
            self._refused_saved(work)
            return
        if isinstance(work.act, Rehearse) and self._chosen is not None:
            # Its file can be mended, or other columns chosen: what was in hand stays.
            self._show(step=Step.MAPPING, work=None)
            if isinstance(result, Failed):
                self._say("error", telling.done_shown(work, currency).text)
            return
        if isinstance(work.act, Export) and self._exporting is not None and isinstance(result, Failed):
            self._show(step=Step.EXPORT, work=None)
            self._say("error", telling.done_shown(work, currency).text)
            return
        self._show(step=Step.DONE, work=None, report=None, done=telling.done_shown(work, currency))
        self.look_back()

    def _refused_saved(self, work: Work) -> None:
        """Go on where it was asked for: saving refused rows was by the way."""
        told = telling.done_shown(work, self._shop.current.value.money)
        self._show(step=Step.REPORT if self.state.report else Step.DONE, work=None)
        failed = isinstance(work.result, Failed)
        self._say("error" if failed else "success", f"{told.title} {told.text}".strip())

    # -- Export --------------------------------------------------------------------------------------------

    def open_export(self, kind: Kind | None = None) -> None:
        """Begin to write something out."""
        if self._desk.is_busy:
            return
        self._exporting = exporting.begin(self._counter, kind or self.state.kind)
        self._show(step=Step.EXPORT, fault="", export=exporting.shown(self._counter, self._exporting))

    def edit_export(self, **changes: object) -> None:
        """Choose another kind, format or place (`kind`, `excel`, `target`)."""
        if self._exporting is not None:
            self._exporting = exporting.changed(self._counter, self._exporting, changes)
            self._show(export=exporting.shown(self._counter, self._exporting))

    def replaces(self) -> str:
        """Return the name of the file that an export would replace, empty for none."""
        return "" if self._exporting is None else exporting.replaced_by(self._exporting)

    def _export(self) -> None:
        if self._exporting is None:
            return
        kind, target = self._exporting.kind, exporting.target_of(self._exporting)
        if target is None:
            fault = translate("imports_page.export.no_place")
            self._show(export=exporting.shown(self._counter, self._exporting, fault))
            return
        name = str(target)
        exporting.allowed(
            self._counter,
            kind,
            lambda approval: self._begin(Export(kind, name, approval), kind, Path(name).name),
        )

    # -- All -----------------------------------------------------------------------------------------------

    def _failed(self, error: Exception) -> None:
        self._show(busy=False)
        self._say("error", words_of(error, self._shop.current.value.money))

    def _show(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self._on_change(self.state)
