"""What the labels page stands on: the lists of what is to be printed, what was chosen, and the state that is shown.

Decides nothing but how the state follows from them, and that a label is drawn once for its face and format. Qt-free.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from pos_app.documents.labels import Face, LabelFace
from pos_app.documents.sheets import SheetFormat
from pos_app.domain.errors import ShukeError
from pos_app.domain.members import Member
from pos_app.domain.settings import LabelChoices
from pos_app.services.acting import Actor
from pos_app.services.label_output import after
from pos_app.services.labels import Wanted
from pos_app.services.ports.devices import PrinterStatus
from pos_app.words import translate
from ui.labels.doors import LabelDoors
from ui.labels.state import (
    LabelRow,
    Mode,
    SheetShown,
    State,
    chosen_key,
    form_of,
    format_keys,
    format_words,
    label_row,
    member_words,
    printer_words,
    total_of,
)
from ui.shell.counter import Counter
from ui.shell.wording import words_of

if TYPE_CHECKING:
    from pos_app.documents.card import CardFace

Kind = Literal["success", "warning", "error"]
Drawn = tuple["Face | CardFace", str]
"""What was drawn, and on which format."""
Say = Callable[[Kind, str, Path | None], None]
"""Tell something; with the file that was written, so that it can be opened."""


class LabelsBench:
    """What is to be printed, and how. GUI thread."""

    def __init__(
        self, counter: Counter, doors: LabelDoors, on_change: Callable[[State], None], say: Say
    ) -> None:
        self.counter, self.doors, self.say = counter, doors, say
        self.shop = counter.shop
        self.state = State()
        self.labels: dict[Mode, tuple[Wanted, ...]] = {Mode.GOODS: (), Mode.PIECES: ()}
        self.members: tuple[Member, ...] = ()
        self.faults: dict[object, str] = {}
        self.status: PrinterStatus | None = None
        self._on_change = on_change
        self._chosen: LabelChoices | None = None
        self._drawn: Drawn | None = None

    # -- Choices -------------------------------------------------------------------------------------------

    @property
    def choices(self) -> LabelChoices:
        """What was chosen last, written or about to be."""
        return self._chosen or self.shop.current.value.labels

    @property
    def format(self) -> str:
        """The format of what is printed now."""
        return chosen_key(self.state.mode, self.choices)

    @property
    def start(self) -> int:
        """The first free place of the sheet in use, from 1."""
        form = form_of(self.format)
        start = self.choices.starts.get(self.format, 1)
        return start if isinstance(form, SheetFormat) and 1 <= start <= form.a_sheet else 1

    @property
    def configured(self) -> bool:
        """Whether the shop has set a label printer."""
        return self.shop.current.value.label_printer.strip() not in ("", "none")

    def wanted(self) -> tuple[Wanted, ...]:
        """Return the labels of the mode, as they are to be printed."""
        return tuple(self._as_chosen(each) for each in self.labels.get(self.state.mode, ()))

    def as_chosen(self, wanted: Sequence[Wanted]) -> tuple[Wanted, ...]:
        """Return labels with prices or without, as it was chosen."""
        return tuple(self._as_chosen(each) for each in wanted)

    def _as_chosen(self, wanted: Wanted) -> Wanted:
        if self.choices.prices or not isinstance(wanted.face, LabelFace):
            return wanted
        return Wanted(wanted.item, replace(wanted.face, price=None, former_price=None))

    def choose_format(self, key: str) -> None:
        """Print on another format, remembered."""
        if self.state.busy or key == self.format or key not in format_keys(self.state.mode):
            return
        self.choose(msgspec.structs.replace(self.choices, **{self.state.mode.value: key}))

    def next_format(self) -> None:
        """Choose the format after the one chosen."""
        keys = format_keys(self.state.mode)
        self.choose_format(keys[(keys.index(self.format) + 1) % len(keys)])

    def set_start(self, place: int) -> None:
        """Begin at another place of the sheet (from 1), remembered; places beyond its ends are passed over."""
        form = None if self.state.mode is Mode.CARDS else form_of(self.format)
        if self.state.busy or not isinstance(form, SheetFormat) or not 1 <= place <= form.a_sheet:
            return
        if place != self.start:
            starts = {**self.choices.starts, self.format: place}
            self.choose(msgspec.structs.replace(self.choices, starts=starts))

    def set_prices(self, on: bool) -> None:
        """Print prices, or the code alone."""
        if not self.state.busy and on != self.choices.prices:
            self.choose(msgspec.structs.replace(self.choices, prices=on))

    def choose(self, choices: LabelChoices, who: Actor | None = None) -> None:
        """Let other choices hold at once, and remember them; `who` made them, the signed-in person without it."""

        def kept(_none: None) -> None:
            if self._chosen == choices:
                self._chosen = None

        def not_kept(error: Exception) -> None:
            self._chosen = None
            self.failed(error)
            self.refresh()

        # Another size may have room for what the last one had not.
        self.faults.clear()
        self._chosen = choices
        try:
            work = partial(self.shop.settings.set_labels, who or self.counter.session.who, choices)
            self.counter.db.run(work, kept, not_kept)
        except ShukeError as error:
            not_kept(error)
        self.refresh()

    def ask_printer(self) -> None:
        """Ask the label printer how it is."""
        if self.configured and not self.state.busy:
            self.doors.device.run(
                lambda: self.doors.open().status(),
                self._answered,
                lambda _: self._answered(PrinterStatus.NO_ANSWER),
            )
        self.refresh()

    def _answered(self, status: PrinterStatus) -> None:
        self.status = status
        self.refresh()

    # -- Showing -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show everything as it is now."""
        mode, key = self.state.mode, self.format
        rows = self._rows()
        cursor = min(self.state.cursor, len(rows) - 1)
        words, tone = printer_words(self.status, self.configured)
        counts = (total_of(self.labels[Mode.GOODS]), total_of(self.labels[Mode.PIECES]), len(self.members))
        form = None if mode is Mode.CARDS else form_of(key)
        state = replace(
            self.state,
            rows=rows,
            cursor=cursor if cursor >= 0 or not rows else 0,
            counts=counts,
            formats=tuple((format_words(each), each) for each in format_keys(mode)),
            format=key,
            sheet=self._sheet(form) if isinstance(form, SheetFormat) else None,
            prices=self.choices.prices,
            summary=self._summary(form),
            printer=words,
            tone=tone,
            prints=form is not None and not isinstance(form, SheetFormat),
        )
        self._show(state)
        self._draw()

    def _rows(self) -> tuple[LabelRow, ...]:
        if self.state.mode is not Mode.CARDS:
            return tuple(label_row(each, self.faults.get(each.item.key, "")) for each in self.wanted())
        return tuple(
            LabelRow(m.member_id, *member_words(m), code="", price="", copies=1) for m in self.members
        )

    def _sheet(self, form: SheetFormat) -> SheetShown:
        return SheetShown(form.columns, form.rows, self.start, total_of(self.wanted()))

    def _summary(self, form: object) -> str:
        if self.state.mode is Mode.CARDS:
            sheets = -(-len(self.members) // 10) if self.format == "sheet" else 0
            code = "cards_sheets" if sheets else "cards"
            words = translate(
                f"labels_page.summary.{code}", count=len(self.members), sheets=_on_sheets(sheets)
            )
            return words if self.members else ""
        count = total_of(self.wanted())
        if not count:
            return ""
        if not isinstance(form, SheetFormat):
            return translate("labels_page.summary.labels", count=count)
        sheets = -(-(self.start - 1 + count) // form.a_sheet)
        following = after(form, self.start, count)
        return translate("labels_page.summary.sheets", count=count, sheets=_on_sheets(sheets), next=following)

    def _draw(self) -> None:
        """Draw what is marked, else the first, as it will come out; nothing when it is drawn already."""
        asked = self._to_draw()
        if asked is None:
            self._drawn = None
            if self.state.preview is not None or self.state.preview_fault:
                self._show(replace(self.state, preview=None, preview_fault=""))
            return
        if asked == self._drawn or self.state.busy:
            return
        self._drawn = asked
        self.doors.device.run(
            partial(_png, *asked), partial(self._show_drawn, asked), partial(self._not_drawn, asked)
        )

    def _to_draw(self) -> Drawn | None:
        """Return the face that is marked, and its format."""
        at = max(0, self.state.cursor)
        if self.state.mode is Mode.CARDS:
            if not self.members:
                return None
            member = self.members[min(at, len(self.members) - 1)]
            return self.shop.card_sheets.specimen(member), self.format
        wanted = self.wanted()
        return (wanted[min(at, len(wanted) - 1)].face, self.format) if wanted else None

    def _show_drawn(self, asked: Drawn, png: bytes) -> None:
        if asked == self._drawn:
            self._show(replace(self.state, preview=png, preview_fault=""))

    def _not_drawn(self, asked: Drawn, error: Exception) -> None:
        if asked == self._drawn:
            self._show(replace(self.state, preview=None, preview_fault=self.words(error)))

    def words(self, error: Exception) -> str:
        """Return what to tell about an error."""
        return words_of(error, self.shop.current.value.money)

    def failed(self, error: Exception) -> None:
        """Tell what went wrong; what is on the list stays."""
        self._show(replace(self.state, busy=False, progress=None, stopping=False))
        self.say("error", self.words(error), None)

    def show(self, **changes: object) -> None:
        """Show other values of the state."""
        self._show(replace(self.state, **changes))  # type: ignore[arg-type]

    def _show(self, state: State) -> None:
        self.state = state
        self._on_change(state)


def _on_sheets(count: int) -> str:
    return translate("labels_page.summary.on_sheets", count=count)


def _png(face: "Face | CardFace", key: str) -> bytes:
    """Draw a label or a card as it will come out. On the printer's lane: it brings Pillow."""
    from pos_app.documents.card import CardFace

    if isinstance(face, CardFace):
        from pos_app.documents.renderers.card_raster import preview_card

        return preview_card(face)
    from pos_app.documents.renderers.label_raster import preview_label

    return preview_label(face, form_of(key)).png()
