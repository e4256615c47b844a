"""The settings page: what a manager changes of shop and till.

Decides what is said under which field and when there is something to save. What is valid stands in
`domain.settings`; the staff list has a presenter of its own. Qt-free.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import msgspec

from pos_app.documents.letterhead import Letterhead
from pos_app.documents.page import Paper
from pos_app.documents.self_test import self_test_page
from pos_app.domain.errors import InvalidValueError
from pos_app.domain.settings import Settings
from pos_app.domain.values.money import parse_amount
from pos_app.services.ports.devices import LabelPrinter, Printer
from pos_app.services.ports.lane import Lane
from pos_app.words import format_amount, translate
from ui.settings.forms import MANUAL, NO_PRINTER
from ui.settings.label_printer import gap_of, gap_words, print_test_label
from ui.shell.counter import Counter
from ui.shell.wording import words_of

FoundPrinters = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterDoors:
    """What trying a printer needs; `find` and what `open` returns run on the device lane."""

    device: Lane
    open: Callable[[Settings], Printer]
    find: Callable[[], FoundPrinters]
    labels: Lane
    open_labels: Callable[[Settings], LabelPrinter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What stands in the fields."""

    shop_name: str = ""
    receipt_address: str = ""
    phone: str = ""
    printer: str = NO_PRINTER
    address: str = ""
    label_printer: str = NO_PRINTER
    label_address: str = ""
    label_kind: str = "tspl"
    label_gap: str = ""
    """White between two labels in millimetres; empty is as the format says."""
    paper_mm: int = 80
    print_receipts: bool = True
    enter_pays_exact_cash: bool = True
    number_pad: bool = False
    ask_above: str = ""
    language: str = "zh_CN"
    theme: str = "light"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The settings page without the staff."""

    form: Form = field(default_factory=Form)
    errors: tuple[tuple[str, str], ...] = ()
    printers: FoundPrinters = ()
    test: str = ""
    test_failed: bool = False
    label_test: str = ""
    label_test_failed: bool = False
    note: str = ""
    problem: str = ""
    changed: bool = False
    busy: bool = False


class SettingsPresenter:
    """The intents of the page. GUI thread."""

    def __init__(
        self,
        counter: Counter,
        printers: PrinterDoors,
        applied: Callable[[Settings], None],
        on_change: Callable[[State], None],
    ) -> None:
        self._counter = counter
        self._printers = printers
        self._applied = applied
        self._on_change = on_change
        self.state = State(form=self._standing())

    def open(self) -> None:
        """Show what is in force, unless something typed waits to be saved; look for printers meanwhile."""
        if not self.state.changed:
            self._change(form=self._standing(), errors=(), note="", problem="", test="", label_test="")
        self._printers.device.run(
            self._printers.find, lambda found: self._change(printers=found), lambda _: None
        )

    def _standing(self) -> Form:
        now = self._counter.shop.current.value
        return Form(
            shop_name=now.shop_name,
            receipt_address=now.address or "",
            phone=now.phone or "",
            printer=now.printer,
            address=now.printer if now.printer != NO_PRINTER else "",
            label_printer=now.label_printer,
            label_address=now.label_printer if now.label_printer != NO_PRINTER else "",
            label_kind=now.label_kind,
            label_gap=gap_words(now.label_gap_um),
            paper_mm=now.paper_mm,
            print_receipts=now.print_receipts,
            enter_pays_exact_cash=now.enter_pays_exact_cash,
            number_pad=now.number_pad,
            ask_above=format_amount(now.ask_above, now.money, symbol=False),
            language=now.language,
            theme=now.theme,
        )

    def edit(self, form: Form) -> None:
        """The fields hold other values."""
        before = self.state.form
        changed = {name for name in Form.__slots__ if getattr(form, name) != getattr(before, name)}
        changed |= {"address"} if "printer" in changed else set()
        changed |= {"label_address"} if "label_printer" in changed else set()
        left = tuple(error for error in self.state.errors if error[0] not in changed)
        self._change(form=form, errors=left, changed=form != self._standing(), note="", problem="")

    def revert(self) -> None:
        """Forget what was not saved."""
        self._change(form=self._standing(), errors=(), changed=False, note="", problem="")

    def save(self) -> None:
        """Put the form in force, or say under each field what is wrong."""
        if self.state.busy:
            return
        settings, errors = self._read()
        if settings is None or errors:
            self._change(errors=errors)
            return
        if not self.state.changed:
            self._change(note=translate("settings.note.nothing"))
            return
        who = self._counter.session.who
        self._change(busy=True, errors=(), problem="")
        self._counter.db.run(
            lambda: self._counter.shop.settings.change(who, settings),
            lambda _: self._saved(),
            self._not_saved,
        )

    def _saved(self) -> None:
        settings = self._counter.shop.current.value
        # First the new language, so that the words about the saving are in it.
        self._change(busy=False, changed=False, form=self._standing())
        self._applied(settings)
        self._counter.wake_printer()
        self._change(note=translate("settings.note.saved"))

    def _not_saved(self, problem: Exception) -> None:
        words = words_of(problem, self._counter.shop.current.value.money)
        named = str(problem.params.get("field", "")) if isinstance(problem, InvalidValueError) else ""
        if named in Form.__slots__:
            self._change(busy=False, errors=((named, words),))
        else:
            self._change(busy=False, problem=words)

    def test_printer(self) -> None:
        """Print the self-test page on the printer as it stands in the form, saved or not."""
        settings, _ = self._read()
        if self.state.busy or settings is None:
            return
        if settings.printer == NO_PRINTER:
            self._tested(translate("settings.printer.test_none"), failed=True)
            return
        self._change(busy=True, test=translate("settings.printer.testing"), test_failed=False)
        page = self_test_page(Letterhead(settings), Paper.of(settings.paper_mm), settings.printer)
        self._printers.device.run(
            lambda: self._printers.open(settings).print_page(page),
            lambda _: self._tested(translate("settings.printer.test_printed")),
            lambda problem: self._tested(words_of(problem, settings.money), failed=True),
        )

    def _tested(self, words: str, *, failed: bool = False) -> None:
        self._change(busy=False, test=words, test_failed=failed)

    def test_labels(self) -> None:
        """Print one label on the label printer as it stands in the form, saved or not."""
        settings, _ = self._read()
        if self.state.busy or settings is None:
            return
        if settings.label_printer == NO_PRINTER:
            self._label_tested(translate("settings.label.test_none"), failed=True)
            return
        self._change(busy=True, label_test=translate("settings.label.testing"), label_test_failed=False)
        self._printers.labels.run(
            lambda: print_test_label(self._printers.open_labels(settings), settings),
            lambda _: self._label_tested(translate("settings.label.test_printed")),
            lambda problem: self._label_tested(words_of(problem, settings.money), failed=True),
        )

    def _label_tested(self, words: str, *, failed: bool = False) -> None:
        self._change(busy=False, label_test=words, label_test_failed=failed)

    def _read(self) -> tuple[Settings | None, tuple[tuple[str, str], ...]]:
        """Return the settings that the form means, and what is wrong with it."""
        form, now = self.state.form, self._counter.shop.current.value
        errors: list[tuple[str, str]] = []
        required = translate("common.field.required")
        if not form.shop_name.strip():
            errors.append(("shop_name", required))
        if form.printer == MANUAL and not form.address.strip():
            errors.append(("address", required))
        gap_um = self._read_labels(errors)
        ask_above = now.ask_above
        try:
            ask_above = parse_amount(form.ask_above, now.money.digits)
            if ask_above < 0:
                raise InvalidValueError(field="ask_above", text=form.ask_above)
        except InvalidValueError:
            errors.append(("ask_above", translate("settings.error.not_a_number")))
        settings = msgspec.structs.replace(
            now,
            shop_name=form.shop_name.strip() or now.shop_name,
            address=form.receipt_address.strip() or None,
            phone=form.phone.strip() or None,
            printer=_printer(form.printer, form.address),
            label_printer=_printer(form.label_printer, form.label_address),
            label_kind=form.label_kind,
            label_gap_um=gap_um,
            paper_mm=form.paper_mm,
            print_receipts=form.print_receipts,
            enter_pays_exact_cash=form.enter_pays_exact_cash,
            number_pad=form.number_pad,
            ask_above=ask_above,
            language=form.language,
            theme=form.theme,
        )
        return settings, tuple(errors)

    def _read_labels(self, errors: list[tuple[str, str]]) -> int:
        """Return the gap of the label roll that the form means in micrometres; what is wrong joins the errors."""
        form = self.state.form
        if form.label_printer == MANUAL and not form.label_address.strip():
            errors.append(("label_address", translate("common.field.required")))
        try:
            return gap_of(form.label_gap)
        except InvalidValueError:
            errors.append(("label_gap", translate("settings.error.label_gap")))
            return self._counter.shop.current.value.label_gap_um

    def _change(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self._on_change(self.state)


def _printer(chosen: str, address: str) -> str:
    return address.strip() or NO_PRINTER if chosen == MANUAL else chosen
