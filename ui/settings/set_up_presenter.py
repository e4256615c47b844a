"""The first run: a form becomes a founded shop.

Decides the defaults, what is said under which field, and when the till may open. Knows no `Shop`, since there is
none yet: what founds it is handed in. Qt-free.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import msgspec

from pos_app.documents.letterhead import Letterhead
from pos_app.documents.page import Paper
from pos_app.documents.self_test import self_test_page
from pos_app.domain.errors import InvalidValueError
from pos_app.domain.sales.cart import TaxMode
from pos_app.domain.settings import Settings
from pos_app.domain.staff import PinFormError, check_pin_form
from pos_app.domain.values.money import currency
from pos_app.services.ports.devices import Printer
from pos_app.services.ports.lane import Lane
from pos_app.words import best_language, translate
from ui.settings.forms import MANUAL, NO_PRINTER, REGIONS, tax_classes_of
from ui.shell.wording import words_of

FoundPrinters = tuple[tuple[str, str], ...]
OwnerGiven = tuple[str, str, str]
"""Code, name, PIN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRun:
    """What the composition root hands to the page instead of a counter."""

    new_settings: Callable[[str], Settings]
    """Settings of a new shop of that name, with its ids, at their defaults."""
    found: Callable[[Settings, OwnerGiven], None]
    """Writes them; runs on the db lane."""
    finished: Callable[[], None]
    """The shop stands: open its till. GUI thread."""
    db: Lane
    device: Lane
    open_printer: Callable[[Settings], Printer]
    find_printers: Callable[[], FoundPrinters]
    language: str = "zh_CN"
    time_zone: str = ""
    """The machine's, if it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What stands in the fields."""

    shop_name: str = ""
    shop_code: str = "N01"
    currency: str = "CNY"
    time_zone: str = "Asia/Shanghai"
    tax_included: bool = True
    tax_code: str = "13"
    code: str = "01"
    name: str = ""
    pin: str = ""
    pin_again: str = ""
    printer: str = NO_PRINTER
    address: str = ""
    """A printer's address, when it is typed."""
    paper_mm: int = 80
    language: str = "zh_CN"
    theme: str = "light"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The first-run page."""

    form: Form = field(default_factory=Form)
    errors: tuple[tuple[str, str], ...] = ()
    """Field and what is wrong with it, in the order of the page."""
    problem: str = ""
    printers: FoundPrinters = ()
    test: str = ""
    """What the printer's self-test said."""
    test_failed: bool = False
    busy: bool = False


def printer_of(form: Form) -> str:
    """Return the printer's setting."""
    return form.address.strip() or NO_PRINTER if form.printer == MANUAL else form.printer


class SetUpPresenter:
    """The intents of the first-run page. GUI thread."""

    def __init__(self, doors: FirstRun, on_change: Callable[[State], None]) -> None:
        self._doors = doors
        self._on_change = on_change
        language = best_language(doors.language)
        guessed = next((c for c, r in REGIONS.items() if r.time_zone == doors.time_zone), "CNY")
        form = Form(language=language, currency=guessed, tax_code=REGIONS[guessed].rates[0])
        self.state = State(form=replace(form, time_zone=doors.time_zone or form.time_zone))

    def open(self) -> None:
        """Show the form and look for printers meanwhile."""
        self._change()
        self._doors.device.run(
            self._doors.find_printers, lambda found: self._change(printers=found), lambda _: None
        )

    def edit(self, form: Form) -> None:
        """The fields hold other values; a currency brings its zone and its tax rates."""
        before = self.state.form
        if form.currency != before.currency:
            region = REGIONS[form.currency]
            form = replace(form, time_zone=region.time_zone, tax_code=region.rates[0])
        changed = {name for name in Form.__slots__ if getattr(form, name) != getattr(before, name)}
        changed |= {"address"} if "printer" in changed else set()
        left = tuple(error for error in self.state.errors if error[0] not in changed)
        self._change(form=form, errors=left)

    def test_printer(self) -> None:
        """Print the self-test page on the printer as it stands in the form."""
        if self.state.busy:
            return
        settings = self._settings()
        if settings.printer == NO_PRINTER:
            self._tested(translate("settings.printer.test_none"), failed=True)
            return
        self._change(busy=True, test=translate("settings.printer.testing"), test_failed=False)
        page = self_test_page(Letterhead(settings), Paper.of(settings.paper_mm), settings.printer)
        self._doors.device.run(
            lambda: self._doors.open_printer(settings).print_page(page),
            lambda _: self._tested(translate("settings.printer.test_printed")),
            lambda problem: self._tested(words_of(problem, settings.money), failed=True),
        )

    def _tested(self, words: str, *, failed: bool = False) -> None:
        self._change(busy=False, test=words, test_failed=failed)

    def found(self) -> None:
        """Found the shop, or say under each field what is missing."""
        if self.state.busy:
            return
        form = self.state.form
        errors = tuple(self._wrong(form))
        if errors:
            self._change(errors=errors)
            return
        settings = self._settings()
        owner = (form.code.strip(), form.name.strip(), form.pin)
        self._change(busy=True, errors=(), problem="")
        self._doors.db.run(
            lambda: self._doors.found(settings, owner), lambda _: self._founded(), self._not_founded
        )

    def _wrong(self, form: Form) -> list[tuple[str, str]]:
        required = translate("common.field.required")
        wrong = [
            (name, required) for name in ("shop_name", "code", "name") if not getattr(form, name).strip()
        ]
        code = form.shop_code.strip()
        if not (code.isascii() and code.isalnum() and len(code) <= 8):
            wrong.append(("shop_code", translate("settings.error.shop_code")))
        try:
            check_pin_form(form.pin)
        except PinFormError as problem:
            wrong.append(("pin", translate(problem.code)))
        if form.pin != form.pin_again:
            wrong.append(("pin_again", translate("settings.error.pins_differ")))
        if form.printer == MANUAL and not form.address.strip():
            wrong.append(("address", required))
        return wrong

    def _settings(self) -> Settings:
        form = self.state.form
        return msgspec.structs.replace(
            self._doors.new_settings(form.shop_name.strip() or translate("common.product_name")),
            shop_code=form.shop_code.strip(),
            currency=form.currency,
            region=REGIONS[form.currency].region,
            time_zone=form.time_zone,
            tax_mode=TaxMode.INCLUDED if form.tax_included else TaxMode.ADDED,
            tax_classes=tax_classes_of(form.currency),
            default_tax_code=form.tax_code,
            printer=printer_of(form),
            paper_mm=form.paper_mm,
            language=form.language,
            theme=form.theme,
        )

    def _founded(self) -> None:
        # The PIN is nobody's business any more, not even this form's.
        self._change(busy=False, form=replace(self.state.form, pin="", pin_again=""))
        self._doors.finished()

    def _not_founded(self, problem: Exception) -> None:
        money = currency(self.state.form.currency)
        named = str(problem.params.get("field", "")) if isinstance(problem, InvalidValueError) else ""
        words = words_of(problem, money)
        if named in Form.__slots__:
            self._change(busy=False, errors=((named, words),))
        else:
            self._change(busy=False, problem=words)

    def _change(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self._on_change(self.state)
