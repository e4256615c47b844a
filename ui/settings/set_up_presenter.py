"""The first run: a form becomes a founded shop, or a till of a merchant whom a platform knows.

Decides the defaults, what is said under which field, and when the till may open; of joining, `ui.settings.joining`
does. Knows no `Shop`, since there is none yet: what founds it is handed in. Qt-free.
"""

from collections.abc import Callable
from dataclasses import replace

import msgspec

from pos_app.documents.letterhead import Letterhead
from pos_app.documents.page import Paper
from pos_app.documents.self_test import self_test_page
from pos_app.domain.errors import InvalidValueError
from pos_app.domain.sales.cart import TaxMode
from pos_app.domain.settings import Settings
from pos_app.domain.staff import PinFormError, check_pin_form
from pos_app.domain.values.money import currency
from pos_app.words import best_language, translate
from ui.settings.forms import MANUAL, NO_PRINTER, REGIONS, tax_classes_of
from ui.settings.joining import JoinSteps
from ui.settings.set_up_form import FirstRun, Form, SetUpWay, State
from ui.shell.wording import words_of


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
        self._join: JoinSteps | None = None
        if doors.joining is not None and doors.net is not None:
            both = (doors.joining, doors.net)
            self._join = JoinSteps(both, lambda: self.state, self._change, self._settings)
            self._join.finished = doors.finished

    @property
    def can_join(self) -> bool:
        """Whether there is a second way at all."""
        return self._join is not None

    def open(self) -> None:
        """Show the form; look for printers meanwhile, and for a till that was cut off while it joined."""
        self._change()
        if self._join is not None:
            self._join.open()
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

    def choose(self, way: SetUpWay) -> None:
        """Found a shop or join one; what both ask for stays as it was typed."""
        form = self.state.form
        if self.state.busy or way is form.way:
            return
        joins = way is SetUpWay.JOIN
        form = replace(form, way=way, till_code="2" if joins else "1", pin="", pin_again="")
        self._change(form=form, errors=(), problem="", notice="")

    def cancel(self) -> None:
        """Stop joining; a shop that is being founded stands in a moment."""
        if self._join is not None:
            self._join.cancel()

    def test_printer(self) -> None:
        """Print the self-test page on the printer as it stands in the form."""
        if self.state.busy:
            return
        settings = self._settings(self.state.form)
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

    def go(self) -> None:
        """Found the shop or join one, or say under each field what is missing."""
        if self.state.busy:
            return
        if self.state.form.way is SetUpWay.JOIN and self._join is not None:
            self._join.begin()
        else:
            self._found()

    def _found(self) -> None:
        form = self.state.form
        errors = tuple(self._wrong(form))
        if errors:
            self._change(errors=errors)
            return
        settings = self._settings(form)
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

    def _settings(self, form: Form) -> Settings:
        # A till that joins takes its shop's name from the platform when it has only the code for one.
        nameless = form.shop_code.strip() if form.way is SetUpWay.JOIN else translate("common.product_name")
        return msgspec.structs.replace(
            self._doors.new_settings(form.shop_name.strip() or nameless),
            shop_code=form.shop_code.strip(),
            till_code=form.till_code.strip(),
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
