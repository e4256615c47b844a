"""Editing one of the goods in place: which form stands behind which section, what saving and leaving it do.

Decides where an error of a service is shown: under the field it speaks of, else as a notice. Qt-free.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from pos_app.domain.catalogue.drafts import DuplicateCodeError
from pos_app.domain.errors import ExpectedError, InvalidValueError
from pos_app.domain.values.barcode import fold, strip_symbology
from pos_app.domain.values.ids import VariantId
from pos_app.services.catalogue_prices import BelowLowestError
from pos_app.services.catalogue_walk import CatalogueWalk
from pos_app.words import has_text, translate
from ui.catalogue.forms import FormFaults, Task
from ui.catalogue.goods import priced
from ui.catalogue.goods_forms import PREFIX, GoodsForms
from ui.catalogue.piece_forms import PieceForms
from ui.catalogue.price_forms import PriceForms
from ui.catalogue.state import Bench, Say, Tab
from ui.catalogue.whole import Whole
from ui.shell.counter import Counter
from ui.shell.wording import words_of


class Editor:
    """The form that is open, and what is done with it; `saved` is told which goods to show."""

    def __init__(
        self, counter: Counter, bench: Bench, say: Say, saved: Callable[[VariantId | None], None]
    ) -> None:
        self._counter = counter
        self._bench = bench
        self._say = say
        self._saved = saved
        self._forms = GoodsForms(counter.shop)
        self._pieces = PieceForms(counter.shop)
        self._prices = PriceForms(counter.shop)
        self._task: Task | None = None
        self._again: Callable[[], None] | None = None
        self._going_on = False

    def _open(self, task: Task, again: Callable[[], None] | None = None) -> None:
        self._task, self._again = task, again
        self._bench.show(replace(self._bench.state, form=task.form, labels=None, busy=False))

    def begin_new(self, barcode: str = "") -> None:
        """Open the form of new goods; their code is proposed."""
        state = self._bench.state
        if not state.may_edit or not state.free or state.busy:
            return
        walk = CatalogueWalk(self._counter.shop.store)

        def proposed(code: str) -> None:
            if self._bench.state.free:
                self._open(self._forms.new(code, barcode), self.begin_new)

        self._counter.db.run(partial(walk.free_code, PREFIX), proposed, self._bench.failed)

    def begin_edit(
        self, whole: Whole, tab: Tab, place: int = -1, again: Callable[[], None] | None = None
    ) -> None:
        """Open the form of a section; of a list that of the row at a place, or of a new row for -1.

        `again` opens the form once more after "save and next".
        """
        if not self._bench.state.may_edit or not self._bench.state.free or self._bench.state.busy:
            return

        def row(rows: tuple[object, ...]) -> object:
            return rows[place] if 0 <= place < len(rows) else None

        if tab is Tab.FACTS:
            task = self._forms.facts(whole)
        elif tab is Tab.FLAGS:
            task = self._forms.flags(whole)
        elif tab is Tab.BARCODES:
            task = self._forms.barcodes(whole)
        elif tab is Tab.PRICES:
            task = self._prices.price(whole, row(priced(whole)))  # type: ignore[arg-type]
        elif tab is Tab.PIECES:
            task = self._pieces.piece(whole, row(whole.pieces))  # type: ignore[arg-type]
        else:
            task = self._forms.batch(whole, row(whole.batches))  # type: ignore[arg-type]
        self._open(task, again)

    def type(self, values: Mapping[str, str]) -> None:
        """Take what stands in the form now."""
        state = self._bench.state
        if state.form is not None:
            self._bench.show(replace(state, form=state.form.typed(values)))

    def grow(self) -> None:
        """Add an empty row to a form that has rows."""
        state = self._bench.state
        if state.form is not None and self._task is not None and self._task.grow is not None:
            self._bench.show(replace(state, form=self._task.grow(state.form)))

    def scan(self, text: str) -> bool:
        """Put a scanned code into the field for codes, wherever the focus is; say whether the form has one."""
        form = self._bench.state.form
        if form is None:
            return False
        code = strip_symbology(fold(text)).strip()
        values = form.everything()
        names = ["barcode"] if "barcode" in values else []
        if not names and form.grows:
            rows = [name for name in values if name.startswith("code_")]
            if code in (values[name] for name in rows):
                self._say("warning", translate("catalogue.fault.barcode_twice"))
                return True
            names = [name for name in rows if not values[name]][:1]
            if not names:
                self.grow()
                names = [f"code_{len(rows)}"]
        if not names and "gross_weight" in values:
            names = ["code"] if not values["code"] else ["certificate"]
        if not names and "expires_on" in values:
            names = ["code"]
        if not names or self._is_choice(names[0]):
            return False
        self.type({**values, names[0]: code})
        return True

    def _is_choice(self, name: str) -> bool:
        form = self._bench.state.form
        return form is not None and any(e.name == name and e.kind == "choice" for e in form.entries)

    def save(self, *, again: bool = False) -> None:
        """Save what stands in the form; `again` opens it empty once more."""
        state = self._bench.state
        if state.form is None or self._task is None or state.busy:
            return
        try:
            work = self._task.plan(state.form.everything())
            who = self._counter.session.who
        except FormFaults as wrong:
            self._bench.show(replace(state, form=state.form.with_faults(wrong.faults)))
            return
        except ExpectedError as error:
            self._bench.failed(error)
            return
        self._going_on = again and state.form.again
        self._bench.show(replace(state, busy=True, form=state.form.with_faults({})))
        self._counter.db.run(partial(work, who), self._done, self._failed)

    def _done(self, variant: VariantId | None) -> None:
        done = self._task.done if self._task else "catalogue.page.saved"
        going_on, again = self._going_on, self._again
        self._bench.show(replace(self._bench.state, form=None, busy=False))
        self._say("success", translate(done))
        self._saved(variant)
        if going_on and again is not None:
            again()

    def _failed(self, error: Exception) -> None:
        """Tell of an error, under the field that it speaks of where there is one."""
        state = self._bench.state
        self._bench.show(replace(state, busy=False))
        name = self._field_of(error)
        if state.form is None or not name:
            self._bench.failed(error)
            return
        words = words_of(error, self._counter.shop.current.value.money)
        field = str(getattr(error, "params", {}).get("field", ""))
        if isinstance(error, InvalidValueError) and has_text(f"catalogue.fault.{field}"):
            words = translate(f"catalogue.fault.{field}")
        self._bench.show(replace(self._bench.state, form=state.form.with_faults({name: words})))

    def _field_of(self, error: Exception) -> str:
        form = self._bench.state.form
        if form is None:
            return ""
        values = form.everything()
        if isinstance(error, DuplicateCodeError):
            taken = error.params.get("code_text")
            return next((name for name, text in values.items() if fold(text).strip() == taken), "")
        if isinstance(error, BelowLowestError):
            return "price" if "price" in values else ""
        if isinstance(error, InvalidValueError):
            name, text = str(error.params.get("field")), str(error.params.get("text"))
            if name == "lowest_price" and name not in values:
                name = "retail"
            if name == "zero_price":
                name = "reason"
            if name == "barcode" and name not in values:
                return next((each for each, value in values.items() if value.strip() == text), "")
            return name if name in values else ""
        return ""

    def close(self) -> None:
        """Leave the form without saving."""
        self._task = None
        self._bench.show(replace(self._bench.state, form=None))
