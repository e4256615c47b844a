"""Labels on their way out, step by step: to a printer's roll, or into a PDF.

Decides how much goes out in one step, so that a run can tell how far it is and be stopped between two; and what is
known when a printer fails in the middle: what came out, what did not, and what is in doubt. Runs on a lane of its
own: no step touches the books.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from pos_app.documents.dots import Raster
from pos_app.documents.labels import Face
from pos_app.documents.sheets import RollFormat, SheetFormat
from pos_app.domain.errors import ExpectedError, InvalidValueError, ShukeError
from pos_app.domain.file_trouble import trouble_of
from pos_app.services.labels import LabelItem, Wanted
from pos_app.services.ports.devices import LabelPrinter, PrinterError

SHEET_STEP = 40
"""Labels set in one step of a PDF: about a tenth of a second of the lane."""


class NotWrittenError(ExpectedError):
    """A file could not be written at the chosen place; `why` is the `FileTrouble`."""

    code = "labels.error.not_written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What came of a run.

    `out` are labels that are on paper or in the file, with the copies that are; `left` those that are not. `refused`
    are labels that this format has no room for; they stand among `left`. `doubtful` is the label at which a printer
    failed, when a part of it may have come out. `problem` is why a run ended before its end.
    """

    out: tuple[LabelItem, ...]
    left: tuple[LabelItem, ...]
    refused: tuple[tuple[LabelItem, ShukeError], ...] = ()
    doubtful: LabelItem | None = None
    problem: ShukeError | None = None

    @property
    def labels(self) -> int:
        """How many labels came out."""
        return sum(item.copies for item in self.out)

    @property
    def done_with(self) -> tuple[LabelItem, ...]:
        """The labels of which no copy is left."""
        left = {item.key for item in self.left}
        return tuple(item for item in self.out if item.key not in left)


class Run(Protocol):
    """Labels going out."""

    @property
    def total(self) -> int:
        """How many labels are to come out."""

    @property
    def done(self) -> int:
        """How many were dealt with so far."""

    def step(self) -> bool:
        """Do the next part; say whether there is more to do. Never raises a ShukeError: `ended` tells it."""

    def ended(self) -> Ended:
        """Return what came of it so far; before the last step the rest counts as left."""


class _Tally:
    """What a run has done with its labels."""

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self.waiting = [(each.item, each.face) for each in wanted]
        self.total = sum(item.copies for item, _ in self.waiting)
        self.done = 0
        self.problem: ShukeError | None = None
        self.doubtful: LabelItem | None = None
        self.refused: list[tuple[LabelItem, ShukeError]] = []
        self._out: dict[object, LabelItem] = {}

    def came_out(self, copies: int) -> None:
        """So many copies of the first label that waits are out."""
        item, face = self.waiting[0]
        before = self._out.get(item.key)
        self._out[item.key] = replace(item, copies=copies + (before.copies if before is not None else 0))
        self.done += copies
        if copies >= item.copies:
            self.waiting.pop(0)
        else:
            self.waiting[0] = (replace(item, copies=item.copies - copies), face)

    def refuse(self, error: ShukeError) -> None:
        """The first label that waits cannot come out on this format."""
        item, _ = self.waiting.pop(0)
        self.refused.append((item, error))
        self.done += item.copies

    def ended(self) -> Ended:
        """Return the whole."""
        return Ended(
            out=tuple(self._out.values()),
            left=(*(item for item, _ in self.refused), *(item for item, _ in self.waiting)),
            refused=tuple(self.refused),
            doubtful=self.doubtful,
            problem=self.problem,
        )


class RollRun:
    """Labels going to a printer: a step is one job of it, which comes out whole or not."""

    def __init__(self, printer: LabelPrinter, wanted: Sequence[Wanted], form: RollFormat) -> None:
        self._printer, self._form = printer, form
        self._tally = _Tally(wanted)
        self._drawn: tuple[Face, Raster] | None = None

    @property
    def total(self) -> int:
        """How many labels are to come out."""
        return self._tally.total

    @property
    def done(self) -> int:
        """How many were dealt with so far."""
        return self._tally.done

    def step(self) -> bool:
        """Print the next copies."""
        tally = self._tally
        if not tally.waiting or tally.problem is not None:
            return False
        item, face = tally.waiting[0]
        copies = min(item.copies, self._printer.at_once)
        try:
            self._printer.print_labels([(self._raster(face), copies)], self._form)
            tally.came_out(copies)
        except InvalidValueError as error:
            tally.refuse(error)
        except ShukeError as error:
            tally.problem = error
            if isinstance(error, PrinterError) and error.may_have_printed:
                tally.doubtful = item
        return bool(tally.waiting) and tally.problem is None

    def _raster(self, face: Face) -> Raster:
        # Pillow is loaded by the first label, on this lane, not while the till starts.
        from pos_app.documents.renderers.label_raster import render_label

        if self._drawn is None or self._drawn[0] != face:
            self._drawn = face, render_label(face, self._form)
        return self._drawn[1]

    def ended(self) -> Ended:
        """Return what came of it so far."""
        return self._tally.ended()


@dataclass(frozen=True, slots=True)
class PdfPlace:
    """Where labels go: the format, the first free place of a sheet (from 1), the file, and its title."""

    form: SheetFormat | RollFormat
    start: int
    path: Path
    title: str = ""


class PdfRun:
    """Labels going into a PDF: the file stands whole at its place after the last step, or not at all."""

    def __init__(self, wanted: Sequence[Wanted], place: PdfPlace) -> None:
        self._place = place
        self._tally = _Tally(wanted)
        self._written = False
        self._pdf: _Growing | None = None
        self._language = wanted[0].face.language if wanted else "zh_CN"

    @property
    def total(self) -> int:
        """How many labels are to come out."""
        return self._tally.total

    @property
    def done(self) -> int:
        """How many were dealt with so far."""
        return self._tally.done

    def step(self) -> bool:
        """Set the next labels; after the last ones write the file."""
        tally = self._tally
        if self._written or tally.problem is not None:
            return False
        try:
            if self._pdf is None:
                self._pdf = self._begun()
            for _ in range(SHEET_STEP):
                if tally.waiting:
                    self._add(self._pdf)
            if tally.waiting:
                return True
            if tally.done > sum(item.copies for item, _ in tally.refused):
                write_whole(self._place.path, self._pdf.content())
                self._written = True
        except ShukeError as error:
            tally.problem = error
        return False

    def _add(self, pdf: "_Growing") -> None:
        try:
            pdf.add(self._tally.waiting[0][1])
            self._tally.came_out(1)
        except InvalidValueError as error:
            self._tally.refuse(error)

    def _begun(self) -> "_Growing":
        # reportlab is loaded by the first PDF.
        from pos_app.documents.renderers.label_pdf import RollPdf, SheetPdf

        form, place = self._place.form, self._place
        if isinstance(form, SheetFormat):
            return SheetPdf(form, place.start, place.title, self._language)
        return RollPdf(form, place.title, self._language)

    def ended(self) -> Ended:
        """Return what came of it; without the file nothing is out."""
        ended = self._tally.ended()
        if self._written or not ended.out:
            return ended
        waiting = {item.key: item.copies for item in ended.left}
        back = tuple(replace(item, copies=item.copies + waiting.pop(item.key, 0)) for item in ended.out)
        others = tuple(item for item in ended.left if item.key in waiting)
        return replace(ended, out=(), left=(*back, *others))


class _Growing(Protocol):
    """A PDF that labels are added to."""

    def add(self, face: Face) -> None: ...

    def content(self) -> bytes: ...


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all; raise NotWrittenError."""
    aside = path.with_name(f".{path.name}.part")
    try:
        try:
            aside.write_bytes(content)
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise NotWrittenError(why=trouble_of(error).value) from error


def after(form: SheetFormat, start: int, labels: int) -> int:
    """Return the first free place, from 1, when so many labels were printed from a place of a sheet on."""
    return (start - 1 + labels) % form.a_sheet + 1
