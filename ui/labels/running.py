"""Labels and cards going out: begun with the prices of now, step by step, stopped between two steps, told in words.

Decides what stays on the list afterwards: all that is not on paper or in a file for certain. A change of price is done
with only when its label is out. Qt-free.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from pos_app.documents.card import CardFace
from pos_app.documents.sheets import RollFormat, SheetFormat
from pos_app.domain.errors import ExpectedError
from pos_app.services.acting import Actor
from pos_app.services.label_output import Ended, PdfPlace, PdfRun, RollRun, Run, after, write_whole
from pos_app.services.labels import Wanted
from pos_app.services.ports.devices import PrinterError
from pos_app.words import translate
from ui.labels.state import Mode, form_of

if TYPE_CHECKING:
    from ui.labels.bench import LabelsBench


class LabelRunning:
    """The intents of printing and saving. GUI thread; steps run on the label printer's lane."""

    def __init__(self, bench: "LabelsBench") -> None:
        self._bench = bench
        self._stop = False
        self._path: Path | None = None
        self._mode, self._key, self._start = Mode.GOODS, "", 1
        self._who: Actor | None = None

    def can_begin(self) -> bool:
        """Whether there is something to print and nothing goes out now."""
        return bool(self._bench.state.rows) and not self._bench.state.busy

    def print_roll(self) -> None:
        """Print the labels on the label printer; say so when there is none."""
        bench = self._bench
        if not self.can_begin() or not bench.state.prints:
            return
        if not bench.configured:
            bench.say("warning", translate("labels_page.notice.no_printer"), None)
            return
        form = self._roll()

        def begin(wanted: tuple[Wanted, ...]) -> None:
            bench.doors.device.run(
                lambda: RollRun(bench.doors.open(), wanted, form), self._begin, self._not_begun
            )

        self._path = None
        self._fetch(begin)

    def _roll(self) -> RollFormat:
        """Return the format with the gap of the shop's own roll."""
        form, gap_um = form_of(self._bench.format), self._bench.shop.current.value.label_gap_um
        assert isinstance(form, RollFormat)
        return replace(form, gap_um=gap_um) if gap_um else form

    def save(self, path: Path) -> None:
        """Write the labels or cards into a PDF."""
        if not self.can_begin():
            return
        self._path = path if path.suffix.lower() == ".pdf" else path.with_name(f"{path.name}.pdf")
        if self._bench.state.mode is Mode.CARDS:
            self._save_cards(self._path)
            return
        title = translate(f"labels_page.file.{self._bench.state.mode.value}")
        place = PdfPlace(form_of(self._bench.format), self._bench.start, self._path, title)
        self._fetch(lambda wanted: self._begin(PdfRun(wanted, place)))

    def stop(self) -> None:
        """Stop after the step that is under way."""
        if self._bench.state.progress is not None:
            self._stop = True
            self._bench.show(stopping=True)

    def _fetch(self, begin: Callable[[tuple[Wanted, ...]], None]) -> None:
        """Read what stands on the labels now, and begin; prices may have changed since they were listed."""
        bench = self._bench
        items = [wanted.item for wanted in bench.wanted()]
        # Another page may add labels, and somebody may sign out, before the last one is out.
        self._mode, self._key, self._start = bench.state.mode, bench.format, bench.start
        self._who = bench.counter.session.actor
        self._stop = False
        bench.show(busy=True)

        def fetched(wanted: tuple[Wanted, ...]) -> None:
            here = {each.item.key for each in wanted}
            gone = {item.key for item in items} - here
            bench.labels[self._mode] = tuple(
                each for each in bench.labels[self._mode] if each.item.key not in gone
            )
            if wanted:
                begin(bench.as_chosen(wanted))
                return
            bench.show(busy=False)
            bench.refresh()
            bench.say("warning", translate("labels_page.notice.gone"), None)

        bench.counter.db.run(partial(bench.shop.labels.faces, items), fetched, bench.failed)

    def _not_begun(self, error: Exception) -> None:
        self._bench.failed(error)
        self._bench.refresh()

    def _begin(self, run: Run) -> None:
        self._bench.show(progress=(0, run.total))
        self._step(run)

    def _step(self, run: Run) -> None:
        self._bench.doors.device.run(run.step, partial(self._stepped, run), partial(self._broken, run))

    def _stepped(self, run: Run, more: bool) -> None:
        self._bench.show(progress=(run.done, run.total))
        if more and not self._stop:
            self._step(run)
        else:
            self._end(run.ended())

    def _broken(self, run: Run, error: Exception) -> None:
        """Something nobody foresaw: what came out until then is known all the same."""
        self._end(run.ended())
        self._bench.say("error", self._bench.words(error), None)

    def _end(self, ended: Ended) -> None:
        """Note what is out in the books, then show what is left."""
        bench = self._bench
        form, choices = form_of(self._key), bench.choices
        if self._path is not None and isinstance(form, SheetFormat) and ended.labels:
            starts = {**choices.starts, self._key: after(form, self._start, ended.labels)}
            choices = msgspec.structs.replace(choices, starts=starts)
        self._keep_left(ended)
        bench.show(busy=False, progress=None, stopping=False)
        if choices != bench.choices:
            bench.choose(choices, self._who)
        self._note_faults(ended)
        bench.refresh()
        self._tell(ended)
        if self._path is None and ended.problem is None:
            # Paper was loaded, perhaps: what was said of the printer before is old.
            bench.ask_printer()
        done = ended.done_with
        bench.counter.db.run(partial(bench.shop.labels.printed, done), lambda _none: None, bench.failed)

    def _keep_left(self, ended: Ended) -> None:
        """Take off the list as many copies as are out; what was added meanwhile stays."""
        bench, out = self._bench, {item.key: item.copies for item in ended.out}
        bench.labels[self._mode] = tuple(
            Wanted(replace(each.item, copies=copies), each.face)
            for each in bench.labels[self._mode]
            if (copies := each.item.copies - out.get(each.item.key, 0)) > 0
        )

    def _note_faults(self, ended: Ended) -> None:
        """Say at the rows what is wrong with them, and how the printer was when it stopped."""
        bench = self._bench
        bench.faults = {item.key: bench.words(error) for item, error in ended.refused}
        if ended.doubtful is not None:
            bench.faults[ended.doubtful.key] = translate("labels_page.list.doubtful")
        if isinstance(ended.problem, PrinterError):
            bench.status = ended.problem.status

    def _tell(self, ended: Ended) -> None:
        bench = self._bench
        left = sum(item.copies for item in ended.left)
        done = "saved" if self._path is not None else "printed"
        parts = []
        if ended.problem is not None:
            parts.append(bench.words(ended.problem))
        if ended.labels:
            parts.append(translate(f"labels_page.notice.{done}", count=ended.labels))
        elif not ended.refused:
            parts.append(translate("labels_page.notice.nothing_out"))
        if ended.doubtful is not None:
            parts.append(translate("labels_page.notice.doubtful", name=self._name(ended.doubtful.key)))
        if ended.refused:
            parts.append(translate("labels_page.notice.refused", count=len(ended.refused)))
        if left:
            parts.append(translate("labels_page.notice.left", count=left))
        words = translate("labels_page.notice.joint").join(parts)
        kind = "error" if ended.problem is not None else "warning" if left else "success"
        written = self._path if ended.labels and ended.problem is None else None
        bench.say(kind, words, written)  # type: ignore[arg-type]

    def _name(self, key: object) -> str:
        return next((row.name for row in self._bench.state.rows if row.key == key), "")

    # -- cards ---------------------------------------------------------------------------------------------

    def _save_cards(self, path: Path) -> None:
        bench, single = self._bench, self._bench.format == "single"
        members = bench.members
        try:
            who = bench.counter.session.who
        except ExpectedError as error:
            bench.failed(error)
            return
        bench.show(busy=True)

        def issued(faces: tuple[CardFace, ...]) -> None:
            bench.doors.device.run(
                partial(_write_cards, faces, path, single), partial(written, len(faces)), self._not_begun
            )

        def written(count: int, _none: None) -> None:
            note = partial(bench.shop.card_sheets.printed, who, ids, count)
            bench.counter.db.run(note, lambda _none: None, bench.failed)
            bench.members = tuple(each for each in bench.members if each not in members)
            bench.show(busy=False)
            bench.refresh()
            bench.say("success", translate("labels_page.notice.cards_saved", count=count), path)

        ids = [member.member_id for member in members]
        bench.counter.db.run(partial(bench.shop.card_sheets.issued, who, ids), issued, self._not_begun)


def _write_cards(faces: tuple[CardFace, ...], path: Path, single: bool) -> None:
    """Draw cards and write them, on the printer's lane; raise NotWrittenError."""
    from pos_app.documents.renderers.card_pdf import render_card_sheets, render_cards

    title = translate("labels_page.file.cards")
    write_whole(path, (render_cards if single else render_card_sheets)(faces, title))
