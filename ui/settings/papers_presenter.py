"""The tab of papers: how receipts look, and how the printer cuts, kicks, writes and burns.

Decides what is said under which field, what the preview shows, and that characters out of the printer's own font can
only be chosen after somebody had them printed. What is valid stands in `domain`. Qt-free.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from pos_app.documents.page import Paper
from pos_app.documents.receipt_sample import sample_receipt
from pos_app.domain.errors import InvalidValueError
from pos_app.domain.printer_options import (
    CHARSETS,
    CUTS,
    DOTS,
    LATIN_ONLY,
    LATINS,
    LEAST_DENSITY,
    MOST_DENSITY,
    MOST_SPEED,
    PINS,
    USUAL,
    PrinterOptions,
    address_of,
    divide,
    unite,
)
from pos_app.domain.receipt_look import LOGO_WIDTHS_MM, ReceiptLook
from pos_app.domain.settings import Settings, check_settings
from pos_app.domain.staff import Approval, NeedsApprovalError
from pos_app.domain.values.barcode import fold
from pos_app.words import translate
from ui.settings.forms import NO_PRINTER, Choice
from ui.settings.presenter import PrinterDoors
from ui.shell.counter import Counter
from ui.shell.wording import words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersForm:
    """What stands in the fields; numbers as typed."""

    header: str = ""
    header_en: str = ""
    receipt_footer: str = ""
    footer_en: str = ""
    logo_width_mm: int = 30
    cut: str = "partial"
    feed: str = ""
    pin: str = "2"
    on_ms: str = ""
    off_ms: str = ""
    kick: str = ""
    text: str = DOTS
    latin: str = ""
    density: int | None = None
    speed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PapersState:
    """The tab."""

    form: PapersForm = field(default_factory=PapersForm)
    logo: bytes = b""
    errors: tuple[tuple[str, str], ...] = ()
    has_printer: bool = False
    samples_seen: bool = False
    """Whether the charsets were printed, or one was chosen before: only then there is something to choose."""
    preview: bytes = b""
    """A PNG of the receipt."""
    preview_words: str = ""
    changed: bool = False
    busy: bool = False
    tested: str = ""
    test_failed: bool = False
    note: str = ""
    problem: str = ""


def choices() -> dict[str, list[Choice]]:
    """Return what each list of the tab offers."""
    return {
        "logo_width_mm": [(f"{width} mm", width) for width in LOGO_WIDTHS_MM],
        "cut": [(translate(f"settings.papers.cut_{cut}"), cut) for cut in CUTS],
        "pin": [(translate("settings.papers.pin", pin=pin), pin) for pin in PINS],
        "text": [
            (translate("settings.papers.text_dots"), DOTS),
            *(
                (translate("settings.papers.text_line", line=n, name=name.upper()), name)
                for n, name in enumerate(CHARSETS, start=1)
            ),
            (translate("settings.papers.text_latin"), LATIN_ONLY),
        ],
        "latin": [
            (translate("settings.papers.latin_none"), ""),
            *(
                (translate("settings.papers.text_line", line=n, name=name.upper()), name)
                for n, name in enumerate(LATINS, start=len(CHARSETS) + 1)
            ),
        ],
        "density": [
            (translate("settings.papers.as_set"), None),
            *((f"{level:+d}" if level else "0", level) for level in range(LEAST_DENSITY, MOST_DENSITY + 1)),
        ],
        "speed": [
            (translate("settings.papers.as_set"), None),
            *((str(level), level) for level in range(1, MOST_SPEED + 1)),
        ],
    }


class PapersPresenter:
    """The intents of the tab. GUI thread."""

    def __init__(
        self,
        counter: Counter,
        printers: PrinterDoors,
        load_logo: Callable[[Path], bytes],
        on_change: Callable[[PapersState], None],
    ) -> None:
        self._counter = counter
        self._printers = printers
        self._load_logo = load_logo
        self._on_change = on_change
        self._drawing = False
        self._again = False
        self.state = self._standing(PapersState())

    def _standing(self, before: PapersState) -> PapersState:
        now = self._counter.shop.current.value
        try:
            options = divide(now.printer)[1]
        except InvalidValueError:
            options = USUAL
        form = PapersForm(
            header=now.receipt.header,
            header_en=now.receipt.header_en,
            receipt_footer=now.receipt_footer or "",
            footer_en=now.receipt.footer_en,
            logo_width_mm=now.receipt.logo_width_mm,
            cut=options.cut,
            feed=str(options.feed),
            pin=options.pin,
            on_ms=str(options.on_ms),
            off_ms=str(options.off_ms),
            kick=options.kick,
            text=options.text,
            latin=options.latin,
            density=options.density,
            speed=options.speed,
        )
        return replace(
            before,
            form=form,
            logo=now.receipt_logo,
            has_printer=address_of(now.printer) != NO_PRINTER,
            samples_seen=before.samples_seen or options.text != DOTS,
            errors=(),
            changed=False,
            note="",
            problem="",
        )

    def open(self) -> None:
        """Show what is in force, unless something typed waits to be saved."""
        if not self.state.changed:
            self._set(replace(self._standing(self.state), tested=""))
        self._draw()

    def edit(self, form: PapersForm) -> None:
        """The fields hold other values."""
        before = self.state.form
        changed = {name for name in PapersForm.__slots__ if getattr(form, name) != getattr(before, name)}
        left = tuple(error for error in self.state.errors if error[0] not in changed)
        self._set(replace(self.state, form=form, errors=left, note="", problem=""))
        self._look()

    def _look(self) -> None:
        standing = self._standing(self.state)
        changed = (self.state.form, self.state.logo) != (standing.form, standing.logo)
        self._set(replace(self.state, changed=changed))
        self._draw()

    def revert(self) -> None:
        """Forget what was not saved."""
        self._set(replace(self._standing(self.state), tested=""))
        self._draw()

    # -- The logo ------------------------------------------------------------------------------------------

    def choose_logo(self, path: Path) -> None:
        """Take a picture as the logo; it counts once it is saved."""
        self._printers.labels.run(lambda: self._load_logo(path), self._logo_loaded, self._logo_failed)

    def _logo_loaded(self, logo: bytes) -> None:
        self._set(replace(self.state, logo=logo, problem="", note=""))
        self._look()

    def _logo_failed(self, problem: Exception) -> None:
        self._set(replace(self.state, problem=self._words(problem)))

    def remove_logo(self) -> None:
        """Print no logo."""
        self._set(replace(self.state, logo=b"", note=""))
        self._look()

    # -- The preview ---------------------------------------------------------------------------------------

    def _draw(self) -> None:
        """Draw the receipt as the form means it; what is typed meanwhile is drawn after it."""
        if self._drawing:
            self._again = True
            return
        settings = self._read()[0]
        self._drawing, self._again = True, False
        self._printers.labels.run(lambda: _drawn(settings), self._drawn, self._not_drawn)

    def _drawn(self, png: bytes) -> None:
        self._drawing = False
        self._set(replace(self.state, preview=png, preview_words=""))
        if self._again:
            self._draw()

    def _not_drawn(self, problem: Exception) -> None:
        self._drawing = False
        self._set(replace(self.state, preview=b"", preview_words=self._words(problem)))

    # -- The printer ---------------------------------------------------------------------------------------

    def print_sample(self) -> None:
        """Print the receipt of the preview, on the printer as the form handles it."""
        settings = self._ready()
        if settings is not None:
            page = sample_receipt(settings)
            self._try(
                lambda: self._printers.open(settings).print_page(page),
                translate("settings.printer.test_printed"),
            )

    def print_charsets(self) -> None:
        """Print every charset, numbered; afterwards one can be chosen."""
        settings = self._ready()
        if settings is not None:
            self._set(replace(self.state, samples_seen=True))
            self._try(
                lambda: self._printers.open(settings).print_text_samples(),
                translate("settings.papers.samples_printed"),
            )

    def kick(self, approval: Approval | None = None) -> None:
        """Open the drawer as the form says; recorded, and allowed or approved, like every opening without a sale."""
        settings = self._ready()
        if settings is None:
            return
        counter = self._counter
        who, reason = counter.session.who, translate("settings.papers.kick_reason")

        def failed(problem: Exception) -> None:
            if isinstance(problem, NeedsApprovalError) and approval is None:
                counter.ask_approval(problem, self.kick)
            else:
                self._tested(self._words(problem), failed=True)

        def recorded(_none: object) -> None:
            self._try(
                lambda: self._printers.open(settings).kick_drawer(), translate("settings.papers.kicked")
            )

        counter.db.run(lambda: counter.shop.shifts.open_drawer(who, reason, approval), recorded, failed)

    def _ready(self) -> Settings | None:
        settings, errors = self._read()
        if errors:
            self._set(replace(self.state, errors=errors))
            return None
        if self.state.busy:
            return None
        if not self.state.has_printer:
            self._tested(translate("settings.printer.test_none"), failed=True)
            return None
        return settings

    def _try(self, work: Callable[[], object], done: str) -> None:
        self._set(
            replace(self.state, busy=True, tested=translate("settings.printer.testing"), test_failed=False)
        )
        self._printers.device.run(
            work,
            lambda _outcome: self._tested(done),
            lambda problem: self._tested(self._words(problem), failed=True),
        )

    def _tested(self, words: str, *, failed: bool = False) -> None:
        self._set(replace(self.state, busy=False, tested=words, test_failed=failed))

    # -- Saving --------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Put the form in force, or say under each field what is wrong."""
        if self.state.busy:
            return
        settings, errors = self._read()
        if errors:
            self._set(replace(self.state, errors=errors))
            return
        if not self.state.changed:
            self._set(replace(self.state, note=translate("settings.note.nothing")))
            return
        counter = self._counter
        who = counter.session.who
        self._set(replace(self.state, busy=True, errors=(), problem=""))
        counter.db.run(lambda: counter.shop.settings.change(who, settings), self._saved, self._not_saved)

    def _saved(self, _none: object) -> None:
        standing = self._standing(replace(self.state, busy=False))
        self._set(replace(standing, note=translate("settings.note.saved")))
        self._counter.wake_printer()

    def _not_saved(self, problem: Exception) -> None:
        self._set(replace(self.state, busy=False, problem=self._words(problem)))

    def _read(self) -> tuple[Settings, tuple[tuple[str, str], ...]]:
        """Return the settings that the form means, as far as it can be read, and what is wrong with it."""
        form, now = self.state.form, self._counter.shop.current.value
        settings = msgspec.structs.replace(
            now,
            receipt_footer=form.receipt_footer.strip() or None,
            receipt_logo=self.state.logo,
            receipt=ReceiptLook(
                header=form.header.strip(),
                header_en=form.header_en.strip(),
                footer_en=form.footer_en.strip(),
                logo_width_mm=form.logo_width_mm,
            ),
        )
        try:
            check_settings(settings)
            if self.state.has_printer:
                place = divide(now.printer)[0]
                settings = msgspec.structs.replace(settings, printer=unite(place, _options(form)))
        except InvalidValueError as error:
            named = str(error.params.get("field", ""))
            key = named if named in PapersForm.__slots__ else "header"
            return settings, ((key, translate(f"settings.error.{key}")),)
        return settings, ()

    def _words(self, problem: Exception) -> str:
        return words_of(problem, self._counter.shop.current.value.money)

    def _set(self, state: PapersState) -> None:
        self.state = state
        self._on_change(state)


def _options(form: PapersForm) -> PrinterOptions:
    return PrinterOptions(
        cut=form.cut,
        feed=_number("feed", form.feed),
        pin=form.pin,
        on_ms=_number("on_ms", form.on_ms),
        off_ms=_number("off_ms", form.off_ms),
        kick=form.kick.strip(),
        text=form.text,
        latin=form.latin,
        density=form.density,
        speed=form.speed,
    )


def _number(name: str, text: str) -> int:
    typed = fold(text).strip()
    if not typed:
        default = getattr(USUAL, name)
        assert isinstance(default, int)
        return default
    if not (typed.isascii() and typed.isdigit() and len(typed) < 6):
        raise InvalidValueError(field=name, text=text)
    return int(typed)


def _drawn(settings: Settings) -> bytes:
    # Pillow is loaded on the lane, by the first preview.
    from pos_app.documents.renderers.raster import render_raster

    return render_raster(sample_receipt(settings), Paper.of(settings.paper_mm)).png()
