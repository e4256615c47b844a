"""The page of invoices without its widgets: the list by state, the request at hand, and the form of a new one.

Decides what each key, click and scan means and what is said of it; what may be done to a request is decided by
`services.invoices`. Qt-free. Reads and writes go through the db lane, what makes or reads a file through the slow one:
no sale waits for it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from pos_app.domain.errors import ExpectedError
from pos_app.domain.imports import dates
from pos_app.domain.imports.faults import CellError
from pos_app.domain.invoices import InvoiceRequest, InvoiceState
from pos_app.domain.invoices.amounts import InvoiceLine
from pos_app.domain.invoices.batches import Answered, InvoiceDateError, RowFault
from pos_app.domain.values import barcode
from pos_app.domain.values.ids import InvoiceId, SaleId
from pos_app.domain.values.money import Currency
from pos_app.services.invoices.handing import HandedOver
from pos_app.services.invoices.service import Listed, Listing, Offer
from pos_app.services.ports.lane import Lane
from pos_app.words import format_count, translate
from ui.invoices import rows
from ui.invoices.asking import Asking
from ui.invoices.state import Deed, Say, Stage, State
from ui.shell.counter import Counter
from ui.shell.wording import words_of

T = TypeVar("T")
SHOWN = 100
"""Requests of the list; older ones are found by their receipt."""
_DAY_SIGNS = frozenset("-/.年月")
TOLD = 3
"""Bad rows of an answer that are told one by one; the page says how many more there are."""


class InvoicesPresenter:
    """One method an intent; `on_change` gets each new state, `go_home` is called once a form is done with."""

    def __init__(
        self, counter: Counter, on_change: Callable[[State], None], say: Say, go_home: Callable[[], bool]
    ) -> None:
        self._counter = counter
        self._shop = counter.shop
        self._on_change = on_change
        self._say = say
        self._go_home = go_home
        self.state = State()
        self.asking = Asking(counter, self._form_changed, self._asked, self._failed)
        self._filter: InvoiceState | None = None
        self._found: dict[InvoiceId, Listed] = {}
        self._reads = 0
        self.faults: tuple[RowFault, ...] = ()

    @property
    def _currency(self) -> Currency:
        return self._shop.current.value.money

    # -- coming in -----------------------------------------------------------------------------------------

    def opened(self, args: object = None) -> None:
        """Show the list anew, or the form of the sale that another page sends."""
        wanted = args if isinstance(args, dict) else {}
        sale = wanted.get("sale")
        if wanted.get("last"):
            self._run(self._last_offer, partial(self._offered, later=False))
        elif isinstance(sale, UUID):
            self.ask_for(SaleId(sale))
        elif self.state.stage is Stage.LIST:
            self.refresh()

    def _last_offer(self) -> Offer:
        return self._shop.invoices.offer(self._shop.invoices.last_sale())

    def ask_for(self, sale: SaleId, *, later: bool = True) -> None:
        """Open the form of a sale, or show the request that it has."""
        self._run(lambda: self._shop.invoices.offer(sale), partial(self._offered, later=later))

    def scan(self, text: str) -> None:
        """Open the form of a scanned receipt."""
        if self.state.stage is Stage.FORM:
            self._say("warning", translate("invoices.notice.form_open"))
            return
        self._look_for(text)

    def _look_for(self, text: str) -> None:
        def found() -> Offer:
            return self._shop.invoices.offer(self._shop.invoices.find(text))

        self._run(found, partial(self._offered, later=True))

    def _offered(self, offer: Offer, *, later: bool) -> None:
        if offer.request is None:
            self.state = replace(self.state, stage=Stage.FORM, text="", busy=False)
            self.asking.open(offer, later=later)
            return
        words = rows.state_words(offer.request.state)
        self._say("info", translate("invoices.notice.stands", number=offer.number, state=words))
        self._leave_form()
        self._filter = None
        self.search(offer.number, offer.request.invoice)

    # -- the list ------------------------------------------------------------------------------------------

    def search(self, text: str, current: InvoiceId | None = None) -> None:
        """Show the requests whose receipt number holds a text."""
        if text == self.state.text and current is None:
            return
        self.state = replace(self.state, text=text, current=current or self.state.current)
        self._on_change(self.state)
        self.refresh()

    def choose_filter(self, state: InvoiceState | None) -> None:
        """Show the requests in one state, or all."""
        self._filter = state
        self.refresh()

    def next_filter(self, step: int = 1) -> None:
        """Turn to the next chip."""
        shown = [choice.state for choice in self.state.filters] or [None]
        place = shown.index(self._filter) if self._filter in shown else 0
        self.choose_filter(shown[(place + step) % len(shown)])

    def refresh(self) -> None:
        """Read the list anew."""
        self._reads += 1
        part, state = barcode.fold(self.state.text), self._filter
        work = partial(self._shop.invoices.listed, state, part, SHOWN)
        self._counter.db.run(work, partial(self._show_list, self._reads), self._failed)

    def _show_list(self, read: int, listing: Listing) -> None:
        if read != self._reads:
            return
        money, zone = self._currency, self._shop.current.value.zone
        self._found = {each.request.invoice: each for each in listing.rows}
        whole = sum(listing.counts.values())
        total = whole if self._filter is None else listing.counts.get(self._filter, 0)
        current = self.state.current if self.state.current in self._found else None
        self.state = replace(
            self.state,
            busy=False,
            filters=rows.filters(listing.counts, self._filter),
            rows=tuple(rows.request_row(each, money, zone) for each in listing.rows),
            count=translate(
                "invoices.list.count", shown=format_count(len(listing.rows)), total=format_count(total)
            ),
            is_empty=not whole and not self.state.text,
            waiting=listing.counts.get(InvoiceState.ASKED, 0) + listing.counts.get(InvoiceState.RED_ASKED, 0),
            detail=None,
        )
        self.go(current or next(iter(self._found), None))

    def go(self, invoice: InvoiceId | None) -> None:
        """Bring a request to hand."""
        self.state = replace(self.state, current=invoice)
        listed = self._found.get(invoice) if invoice is not None else None
        if listed is None or invoice is None:
            self.state = replace(self.state, detail=None)
            self._on_change(self.state)
            return
        self._show_detail(listed, ())
        work = partial(self._shop.invoices.lines, invoice)
        self._counter.db.run(work, partial(self._show_lines, listed), self._failed)

    def _show_lines(self, listed: Listed, lines: tuple[InvoiceLine, ...]) -> None:
        if self._found.get(listed.request.invoice) is listed and self.state.current == listed.request.invoice:
            self._show_detail(listed, lines)

    def _show_detail(self, listed: Listed, lines: tuple[InvoiceLine, ...]) -> None:
        money, zone = self._currency, self._shop.current.value.zone
        self.state = replace(self.state, detail=rows.detail(listed, lines, money, zone))
        self._on_change(self.state)

    def enter(self, text: str) -> bool:
        """Look for a receipt; say whether there was something to look for."""
        if not text.strip():
            return False
        self._look_for(text)
        return True

    # -- what is done to the request at hand ---------------------------------------------------------------

    def can(self, deed: Deed) -> bool:
        """Whether something can be done to the request at hand."""
        detail = self.state.detail
        return self.state.stage is Stage.LIST and detail is not None and deed in detail.deeds

    def enter_number(self, text: str) -> None:
        """Note the number of an invoice or of a red one; a day may stand behind it: 2631…5678 2026-11-28."""
        number, _, day = text.strip().rpartition(" ")
        if not number or _DAY_SIGNS.isdisjoint(day):
            # No day; a number may stand in groups, as on the paper.
            number, day = text, ""
        invoice = self.state.current
        if invoice is None:
            return
        try:
            issued_on: date | None = dates.day(day) if day else None
        except CellError:
            self._failed(InvoiceDateError())
            return
        self._change(lambda who: self._shop.invoices.enter_number(who, invoice, number, issued_on))

    def do(self, deed: Deed, reason: str) -> None:
        """Withdraw, hand back or ask for a red one."""
        invoice, invoices = self.state.current, self._shop.invoices
        if invoice is None:
            return
        acts = {
            Deed.WITHDRAW: invoices.withdraw,
            Deed.HAND_BACK: invoices.hand_back,
            Deed.ASK_RED: invoices.ask_red,
        }
        self._change(lambda who: acts[deed](who, invoice, reason))

    def _change(self, act: Callable[..., InvoiceRequest]) -> None:
        try:
            who = self._counter.session.who
        except ExpectedError as error:
            self._failed(error)
            return
        self._run(lambda: act(who), self._changed)

    def _changed(self, request: InvoiceRequest) -> None:
        words = rows.state_words(request.state)
        self._say("success", translate("invoices.notice.changed", number=request.sale_number, state=words))
        self.refresh()

    # -- the office ----------------------------------------------------------------------------------------

    def file_name(self) -> str:
        """Return the proposed name of a batch, in the person's documents; a shop's, a till's and a day's."""
        settings, day = self._shop.current.value, self._shop.ringing.today().isoformat()
        documents = Path.home() / "Documents"
        folder = documents if documents.is_dir() else Path.home()
        till = f"{settings.shop_code}-{settings.till_code}"
        return str(folder / (translate("invoices.file_name", till=till, day=day) + ".xlsx"))

    def hand_over(self, path: Path) -> None:
        """Hand over what waits, as a file."""
        target = path if path.suffix.lower() in (".xlsx", ".csv") else path.with_name(path.name + ".xlsx")
        try:
            who = self._counter.session.who
        except ExpectedError as error:
            self._failed(error)
            return
        self._run(lambda: self._shop.invoice_handing.hand_over(who, target), self._handed_over, self._slow)

    def _handed_over(self, done: HandedOver) -> None:
        name = done.path.name if done.path is not None else ""
        words = translate("invoices.notice.handed_over", count=done.sent, red=done.red, file=name)
        if done.erased:
            words += " " + translate("invoices.notice.erased", count=done.erased)
        self._say("success", words)
        self.refresh()

    def take_answer(self, path: Path) -> None:
        """Take in the file that the office answers with."""
        try:
            who = self._counter.session.who
        except ExpectedError as error:
            self._failed(error)
            return
        self._run(lambda: self._shop.invoice_handing.take_answer(who, path), self._answered, self._slow)

    def _answered(self, done: Answered) -> None:
        words = translate(
            "invoices.notice.answered", issued=len(done.issued), red=len(done.red), same=done.same
        )
        self.faults = done.faults
        if not done.faults:
            self._say("success", words)
        else:
            told = [self._fault_words(fault) for fault in done.faults[:TOLD]]
            if len(done.faults) > TOLD:
                told.append(translate("invoices.notice.more_faults", count=len(done.faults) - TOLD))
            self._say("warning", "\n".join([words, *told]))
        self.refresh()

    def _fault_words(self, fault: RowFault) -> str:
        why = words_of(fault.error, self._currency)
        return translate("invoices.notice.fault", row=fault.row, receipt=fault.receipt or "–", why=why)

    # -- the form ------------------------------------------------------------------------------------------

    def _form_changed(self) -> None:
        self.state = replace(self.state, form=self.asking.form)
        self._on_change(self.state)

    def _asked(self, request: InvoiceRequest) -> None:
        self._say("success", translate("invoices.notice.asked", number=request.sale_number))
        self._leave_form()
        self.state = replace(self.state, current=request.invoice)
        self._filter = None
        if not self._go_home():
            self.refresh()

    def leave(self) -> None:
        """Leave the form without asking."""
        self._leave_form()
        if not self._go_home():
            self.refresh()

    def _leave_form(self) -> None:
        self.asking.close()
        self.state = replace(self.state, stage=Stage.LIST, form=None, busy=False)
        self._on_change(self.state)

    # -- running -------------------------------------------------------------------------------------------

    @property
    def _slow(self) -> Lane:
        return self._counter.slow or self._counter.db

    def _run(self, work: Callable[[], T], done: Callable[[T], None], lane: Lane | None = None) -> None:
        """Do something on a lane, that of the db unless told; a second one waits until the first has answered."""
        if self.state.busy:
            return
        self.state = replace(self.state, busy=True)
        self._on_change(self.state)

        def finished(result: T) -> None:
            self.state = replace(self.state, busy=False)
            done(result)

        (lane or self._counter.db).run(work, finished, self._failed)

    def _failed(self, error: Exception) -> None:
        self.state = replace(self.state, busy=False)
        self._on_change(self.state)
        kind = "warning" if isinstance(error, ExpectedError) else "error"
        self._say(kind, words_of(error, self._currency))  # type: ignore[arg-type]
        if not self.state.rows and self.state.stage is Stage.LIST and not self.state.filters:
            self.refresh()
