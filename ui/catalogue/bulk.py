"""One change to many goods: the form, what it would do, doing it with progress, taking it back.

Decides that nothing is changed before it was shown; the change runs on the slow lane, so that selling goes on, and
how far it is is read by the page from time to time. Qt-free.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import partial

from pos_app.domain.catalogue.bulk import FLAGS, BulkEdit, BulkRow, PriceMove, Rounding
from pos_app.domain.errors import ExpectedError
from pos_app.domain.values.money import Amount
from pos_app.services.acting import Actor
from pos_app.services.catalogue_bulk import BulkDone, BulkPreview, Selection
from pos_app.services.catalogue_walk import CatalogueWalk, Mark
from pos_app.words import format_amount, format_count, format_percent, translate
from ui.catalogue.forms import Entry, Form, FormFaults, Reading
from ui.catalogue.goods import price_words
from ui.catalogue.goods_forms import label
from ui.catalogue.state import Bench, BulkState, Say
from ui.shell.counter import Counter

_YES, _NO = "yes", "no"
NOTHING = "-"
"""What is typed for a category to take it away."""


@dataclass(frozen=True, slots=True)
class Meant:
    """Which goods are meant: a selection, or those that bear a mark, to be looked for first."""

    selection: Selection
    mark: Mark = Mark.ALL
    category: str | None = None
    count: int = 0


@dataclass(slots=True)
class _Run:
    """How far the change at work is; written on its lane, read on the GUI thread."""

    done: int = 0
    of: int = 0
    stop: bool = False


class BulkDesk:
    """The panel of a change to many goods."""

    def __init__(self, counter: Counter, bench: Bench, say: Say, after: Callable[[], None]) -> None:
        self._counter = counter
        self._bulk = counter.shop.catalogue_bulk
        self._walk = CatalogueWalk(counter.shop.store)
        self._bench = bench
        self._say = say
        self._after = after
        self._meant = Meant(Selection())
        self._selection = Selection()
        self._edit: BulkEdit | None = None
        self._run = _Run()

    def open(self, meant: Meant) -> None:
        """Open the form for the goods that are meant."""
        self._meant, self._edit = meant, None
        bulk = BulkState(form=self._form(), count=meant.count)
        self._bench.show(replace(self._bench.state, bulk=bulk, labels=None))

    def _form(self) -> Form:
        same = (translate("catalogue.bulk.same"), "")
        yes_no = (same, (translate("common.word.yes"), _YES), (translate("common.word.no"), _NO))
        classes = self._counter.shop.current.value.tax_classes
        taxes = [(f"{tax.code} · {format_percent(tax.rate)}", tax.code) for tax in classes]
        moves = (same, *((translate(f"catalogue.bulk.{how}"), how) for how in ("percent", "amount")))
        ends = tuple((translate(f"catalogue.bulk.round_{each.value}"), each.value) for each in Rounding)
        entries = (
            Entry("move", translate("catalogue.bulk.move"), "choice", choices=moves),
            Entry("by", translate("catalogue.bulk.by"), "amount", hint=translate("catalogue.bulk.by_hint")),
            Entry(
                "rounding", translate("catalogue.bulk.rounding"), "choice", Rounding.NONE.value, choices=ends
            ),
            Entry("reason", label("reason"), optional=True, longest=60),
            Entry("category", label("category"), hint=translate("catalogue.bulk.category_hint"), longest=40),
            Entry("tax_code", label("tax_code"), "choice", choices=(same, *taxes)),
            *(
                Entry(name, translate(f"catalogue.page.flag_{name}"), "choice", choices=yes_no)
                for name in FLAGS
            ),
        )
        title = translate("catalogue.bulk.title", count=format_count(self._meant.count))
        return Form(title, entries, translate("catalogue.bulk.told"))

    def type(self, values: Mapping[str, str]) -> None:
        """Take what stands in the form; what was shown of another change is taken away."""
        state = self._bench.state
        if state.bulk is not None and not state.bulk.running:
            bulk = BulkState(form=state.bulk.form.typed(values), count=state.bulk.count)
            self._bench.show(replace(state, bulk=bulk))

    def _read(self, values: Mapping[str, str]) -> tuple[BulkEdit, str | None]:
        read = Reading(values, self._counter.shop.current.value.money)
        category = read.text("category")
        edit = BulkEdit(
            category=("" if category == NOTHING else category) if category else None,
            tax_code=read.optional("tax_code"),
            flags=tuple((name, values[name] == _YES) for name in FLAGS if values.get(name)),
            price=self._move(read, values),
        )
        if not read.faults and edit == BulkEdit():
            read.faults["move"] = translate("catalogue.fault.nothing_chosen")
        read.check()
        return edit, read.optional("reason")

    def _move(self, read: Reading, values: Mapping[str, str]) -> PriceMove | None:
        text = read.code("by")
        how = values.get("move", "")
        if not how:
            if text:
                read.faults["move"] = translate("catalogue.fault.move")
            return None
        try:
            number = Decimal(text.replace("−", "-").removesuffix("%"))
            if not number.is_finite() or abs(number) > 10**9 or not number:
                raise InvalidOperation
        except InvalidOperation:
            read.faults["by"] = translate("catalogue.fault.by")
            return None
        ends = Rounding(values.get("rounding") or Rounding.NONE.value)
        if how == "percent":
            if not -100 <= number <= 1000:
                read.faults["by"] = translate("catalogue.fault.by")
            return PriceMove(percent=number, rounding=ends)
        units = number.scaleb(self._counter.shop.current.value.money.digits)
        if units != units.to_integral_value():
            read.faults["by"] = translate("catalogue.fault.amount")
            return None
        return PriceMove(amount=Amount(int(units)), rounding=ends)

    # -- shown first ---------------------------------------------------------------------------------------

    def go_on(self) -> None:
        """Show what the change would do; once it was shown, do it."""
        bulk = self._bench.state.bulk
        if bulk is None or bulk.running:
            return
        try:
            edit, reason = self._read(bulk.form.everything())
            who = self._counter.session.who
        except FormFaults as wrong:
            self._bench.show(
                replace(self._bench.state, bulk=replace(bulk, form=bulk.form.with_faults(wrong.faults)))
            )
            return
        except ExpectedError as error:
            self._bench.failed(error)
            return
        self._run = _Run(of=bulk.count)
        if bulk.previewed and edit == self._edit:
            self._start(partial(self._apply, who, edit, reason), self._applied)
        else:
            self._edit = edit
            self._start(partial(self._preview, who, edit), self._previewed)

    def _start(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        bulk = self._bench.state.bulk
        if bulk is not None:
            self._bench.show(replace(self._bench.state, bulk=replace(bulk, running=True, progress="")))
        lane = self._counter.slow or self._counter.db
        lane.run(work, done, self._failed)

    def _preview(self, who: Actor, edit: BulkEdit) -> BulkPreview:
        meant, selection = self._meant, self._meant.selection
        if meant.mark is not Mark.ALL or selection == Selection():
            today = self._counter.shop.ringing.today()
            selection = Selection(ids=self._walk.ids_of_mark(meant.mark, meant.category, today))
        self._selection = selection
        return self._bulk.preview(who, selection, edit)

    def _previewed(self, preview: BulkPreview) -> None:
        bulk = self._bench.state.bulk
        if bulk is None:
            return
        warnings = [
            translate(f"catalogue.bulk.below_{name}", count=count)
            for name, count in (("cost", preview.below_cost), ("lowest", preview.below_lowest))
            if count
        ]
        told = translate(
            "catalogue.bulk.preview",
            changed=format_count(preview.changed),
            selected=format_count(preview.selected),
        )
        shown = replace(
            bulk,
            running=False,
            previewed=preview.changed > 0,
            told=told,
            warning="\n".join(warnings),
            rows=tuple(self._row(row) for row in preview.rows),
        )
        self._bench.show(replace(self._bench.state, bulk=shown))

    def _row(self, row: BulkRow) -> tuple[str, str, str]:
        """Return the name of one of the goods, what it was and what it becomes, in words."""
        before, after, money = row.before, row.after, self._counter.shop.current.value.money
        was, now = [], []
        if before.retail != after.retail:
            was.append(price_words(before, money))
            now.append(format_amount(after.retail or 0, money))
        if before.category != after.category:
            was.append(before.category or translate("common.word.none"))
            now.append(after.category or translate("common.word.none"))
        if before.tax_code != after.tax_code:
            was.append(before.tax_code or translate("common.word.none"))
            now.append(after.tax_code or translate("common.word.none"))
        for name in FLAGS:
            if getattr(before.flags, name) != getattr(after.flags, name):
                sides = (was, now) if getattr(before.flags, name) else (now, was)
                sides[0].append(translate(f"catalogue.page.flag_{name}"))
                sides[1].append("—")
        return before.name, " · ".join(was), " · ".join(now)

    # -- done and undone -----------------------------------------------------------------------------------

    def _apply(self, who: Actor, edit: BulkEdit, reason: str | None) -> BulkDone:
        return self._bulk.apply(who, self._selection, edit, reason, self._told)

    def _told(self, done: int, of: int) -> bool:
        self._run.done, self._run.of = done, of
        return not self._run.stop

    def _applied(self, done: BulkDone) -> None:
        self._bench.show(
            replace(self._bench.state, bulk=None, selected=frozenset(), all_selected=False, busy=False)
        )
        code = "catalogue.bulk.stopped" if done.stopped else "catalogue.bulk.done"
        self._say("warning" if done.stopped else "success", translate(code, count=done.done))
        self._after()

    def undo(self) -> None:
        """Take the last change of many back."""
        state = self._bench.state
        if not state.undo or not state.free or state.busy:
            return
        try:
            who = self._counter.session.who
        except ExpectedError as error:
            self._bench.failed(error)
            return
        self._run = _Run()
        self._bench.show(replace(state, busy=True))
        lane = self._counter.slow or self._counter.db
        lane.run(partial(self._bulk.undo, who, None, self._told), self._undone, self._failed)

    def _undone(self, done: BulkDone) -> None:
        self._bench.show(replace(self._bench.state, busy=False))
        words = translate("catalogue.bulk.undone", count=done.done)
        if done.left:
            words += " " + translate("catalogue.bulk.left", count=done.left)
        self._say("warning" if done.left else "success", words)
        self._after()

    def tick(self) -> None:
        """Show how far the change at work is."""
        bulk, run = self._bench.state.bulk, self._run
        if bulk is None or not bulk.running or not run.of:
            return
        words = translate("catalogue.bulk.progress", done=format_count(run.done), total=format_count(run.of))
        share = run.done * 100 // run.of
        if words != bulk.progress:
            self._bench.show(replace(self._bench.state, bulk=replace(bulk, progress=words, share=share)))

    def stop(self) -> None:
        """Stop the change at work after its present step."""
        self._run.stop = True

    def close(self) -> None:
        """Leave the panel."""
        self._bench.show(replace(self._bench.state, bulk=None))

    def _failed(self, error: Exception) -> None:
        bulk = self._bench.state.bulk
        if bulk is not None:
            self._bench.show(replace(self._bench.state, bulk=replace(bulk, running=False, previewed=False)))
        self._bench.failed(error)
