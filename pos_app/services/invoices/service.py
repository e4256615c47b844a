"""Asking for invoices and what a person does to a request by hand.

Decides when a sale may be asked for, by whom, and what is offered to fill in. Handing over to the office and its
answers stand in `handing`. Nothing here holds up a sale: an invoice is asked for a sale that is in the books.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pos_app.domain.errors import ExpectedError, NotFoundError
from pos_app.domain.facts.invoices import InvoiceAsked, InvoiceChanged
from pos_app.domain.invoices import (
    AlreadyAskedError,
    CameBackError,
    InvoiceRequest,
    InvoiceState,
    InvoiceStateError,
    NoSaleError,
    NothingToInvoiceError,
)
from pos_app.domain.invoices.amounts import NOTHING_BACK, InvoiceLine, invoice_lines, invoiceable
from pos_app.domain.invoices.batches import InvoiceDateError, NumberTakenError, invoice_number
from pos_app.domain.invoices.titles import InvoiceTitle, checked
from pos_app.domain.members import KeyKind, Member
from pos_app.domain.receipt_codes import compare, is_receipt_code, read
from pos_app.domain.sales.sale import Sale, SaleKind
from pos_app.domain.staff import Action
from pos_app.domain.values.barcode import fold, strip_symbology
from pos_app.domain.values.ids import InvoiceId, SaleId
from pos_app.domain.values.money import Amount
from pos_app.services.acting import Actor
from pos_app.services.invoices.following import red_after_issue
from pos_app.services.invoices.telling import (
    came_back,
    change_request,
    of_sale,
    opened,
    request_of,
    sealed,
    standing,
)
from pos_app.services.ports.store import Tx
from pos_app.services.workplace import Workplace

REMEMBERED = 100
"""Requests that are looked through for titles to offer."""
OFFERED = 30
_PLACE = re.compile(r"(.+-.+)-[0-9]{4}-[A-Z]{0,3}[0-9]{6,}")
"""A receipt number: shop, till, year, counter (`domain.sales.sale.receipt_number`)."""


class NoReceiptError(ExpectedError):
    """There is no such receipt in the books; `text` is what was looked for."""

    code = "invoices.error.no_receipt"


class SoldElsewhereError(NoReceiptError):
    """The receipt is of another till, `till`, whose books alone tell whether its invoice was asked for."""

    code = "invoices.error.elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a sale can be asked for, and what is there to fill in: former titles, the member's first.

    `phone` and `email` are the member's. `request` stands already, if any: then nothing more can be asked.
    """

    sale: SaleId
    number: str
    amount: Amount
    left_out: Amount
    """What of the bill is not invoiced: stored value, gift cards, points, deposits, goods that came back."""
    titles: tuple[InvoiceTitle, ...] = ()
    phone: str | None = None
    email: str | None = None
    request: InvoiceRequest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A request with what was asked; `title` is None once its member was erased."""

    request: InvoiceRequest
    title: InvoiceTitle | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The newest requests that were looked for, and how many there are in each state."""

    rows: tuple[Listed, ...]
    counts: Mapping[InvoiceState, int]


class InvoiceService:
    """Use cases of requests for invoices."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    # -- asking --------------------------------------------------------------------------------------------

    def find(self, text: str) -> SaleId:
        """Return the sale of a receipt number, or of what a receipt's code says.

        Raises NoReceiptError, SoldElsewhereError for one of another till, and the ReceiptCodeError of a code that was
        changed. Whether its signature holds is no matter: the sale is compared with the books.
        """
        number, code = strip_symbology(fold(text)).upper(), None
        if is_receipt_code(text):
            code, _ = read(text)
            number = code.number
        with self._work.store.read() as tx:
            found = tx.sales.find_number(number)
            sale = tx.sales.get(found) if found is not None else None
        if sale is None:
            settings = self._work.settings.value
            till = _till(number)
            if till and till != f"{settings.shop_code}-{settings.till_code}":
                raise SoldElsewhereError(number=number[:40], till=till)
            raise NoReceiptError(text=number[:40])
        if code is not None:
            compare(code, sale)
        return sale.sale_id

    def last_sale(self) -> SaleId:
        """Return the latest sale of this till; raise NoReceiptError when there is none."""
        with self._work.store.read() as tx:
            last = next((each for each in tx.sales.history(20) if each.kind == SaleKind.SALE), None)
        if last is None:
            raise NoReceiptError(text="")
        return last.sale_id

    def offer(self, sale_id: SaleId) -> Offer:
        """Return what can be asked for a sale. Raises NotFoundError, NoSaleError, NothingToInvoiceError."""
        with self._work.store.read() as tx:
            sale = _sale(tx, sale_id)
            stands = of_sale(tx, sale_id)
            amount = stands.worth if stands else _amount(tx, sale)
            member = tx.members.get(sale.member.member) if sale.member else None
            return Offer(
                sale=sale_id,
                number=sale.number,
                amount=amount,
                left_out=Amount(sale.total - amount),
                titles=self._titles(tx, sale),
                phone=member.phone if member else None,
                email=_email(member),
                request=stands,
            )

    def _titles(self, tx: Tx, sale: Sale) -> tuple[InvoiceTitle, ...]:
        """Return former titles, each once: those of the sale's member, then recent ones of companies."""
        own = tx.invoices.of_member(sale.member.member, REMEMBERED) if sale.member else ()
        found: dict[tuple[str, str | None], InvoiceTitle] = {}
        for request in (*own, *tx.invoices.of_companies(REMEMBERED)):
            title = opened(tx, self._work.sealer, request)
            if title is None:
                continue
            if request not in own:
                # Of other customers only what stands in public registers is offered.
                title = InvoiceTitle(kind=title.kind, title=title.title, tax_number=title.tax_number)
            found.setdefault((title.title, title.tax_number), title)
            if len(found) >= OFFERED:
                break
        return tuple(found.values())

    def ask(self, who: Actor, sale_id: SaleId, title: InvoiceTitle, *, later: bool) -> InvoiceRequest:
        """Ask for the invoice of a sale; `later` says that the customer came back with the receipt.

        Raises TitleError with the fault of each field, NotFoundError, NoSaleError, NothingToInvoiceError,
        AlreadyAskedError, ForbiddenError.
        """
        who.require(Action.ASK_INVOICE)
        work = self._work
        taken = checked(title, work.settings.value.region)
        now = work.clock.now()
        with work.store.write() as tx:
            sale = _sale(tx, sale_id)
            stands = of_sale(tx, sale_id)
            if stands is not None:
                raise AlreadyAskedError(state=stands.state)
            member = sale.member.member if sale.member else None
            fact = InvoiceAsked(
                invoice=InvoiceId(work.ids.new()),
                sale=sale_id,
                sale_number=sale.number,
                amount=_amount(tx, sale),
                title_kind=taken.kind,
                title="",
                later=later,
            )
            fact = sealed(tx, work.sealer, fact, taken, member)
            request = request_of(fact, now, member)
            tx.invoices.add(request, work.recorder.record(tx, fact, who.staff_id, now))
        return request

    # -- looking -------------------------------------------------------------------------------------------

    def listed(self, state: InvoiceState | None = None, part: str = "", limit: int = 200) -> Listing:
        """Return the newest requests in a state (None for all) whose receipt number holds a part."""
        with self._work.store.read() as tx:
            found = tx.invoices.listed(state, part.strip().upper(), limit)
            rows = tuple(Listed(request=each, title=opened(tx, self._work.sealer, each)) for each in found)
            return Listing(rows=rows, counts=tx.invoices.counts(part.strip().upper()))

    def lines(self, invoice: InvoiceId) -> tuple[InvoiceLine, ...]:
        """Return the lines that an invoice has, or will have. Raises NotFoundError."""
        with self._work.store.read() as tx:
            return lines_of(tx, standing(tx, invoice))

    def asked_for(self, sale_id: SaleId) -> InvoiceRequest | None:
        """Return the request of a sale that stands, for its receipt."""
        with self._work.store.read() as tx:
            return of_sale(tx, sale_id)

    # -- by hand -------------------------------------------------------------------------------------------

    def enter_number(
        self, who: Actor, invoice: InvoiceId, number: str, issued_on: date | None = None
    ) -> InvoiceRequest:
        """Note that an invoice was issued under a number (today, unless told), or the red one that was asked for.

        Raises InvoiceNumberError, NumberTakenError, InvoiceDateError, InvoiceStateError, NotFoundError.
        """
        who.require(Action.ISSUE_INVOICE)
        with self._work.store.write() as tx:
            return issue(self._work, tx, who, standing(tx, invoice), (number, issued_on))

    def withdraw(self, who: Actor, invoice: InvoiceId, reason: str) -> InvoiceRequest:
        """Take a request back that was not handed over; the sale may be asked for anew. Raises InvoiceStateError."""
        return self._change(who, invoice, InvoiceState.WITHDRAWN, reason, {InvoiceState.ASKED})

    def hand_back(self, who: Actor, invoice: InvoiceId, reason: str) -> InvoiceRequest:
        """Let a request that the office did not take wait again, for what is left to invoice by now.

        With nothing left it is withdrawn. Raises InvoiceStateError.
        """
        return self._change(who, invoice, InvoiceState.ASKED, reason, {InvoiceState.SENT})

    def ask_red(self, who: Actor, invoice: InvoiceId, reason: str) -> InvoiceRequest:
        """Ask for a red invoice on all that is issued, as for a wrong title. Raises InvoiceStateError."""
        may = {InvoiceState.ISSUED, InvoiceState.RED_ASKED, InvoiceState.RED}
        return self._change(who, invoice, InvoiceState.RED_ASKED, reason, may)

    def _change(
        self, who: Actor, invoice: InvoiceId, state: InvoiceState, reason: str, may: set[InvoiceState]
    ) -> InvoiceRequest:
        who.require(Action.ISSUE_INVOICE)
        work = self._work
        with work.store.write() as tx:
            request = standing(tx, invoice)
            if request.state not in may or (not request.worth and state is InvoiceState.RED_ASKED):
                raise InvoiceStateError(state=request.state)
            amount: Amount | None = request.worth
            if state is InvoiceState.ASKED and not request.worth:
                state, amount = InvoiceState.WITHDRAWN, request.amount
            elif state is InvoiceState.RED_ASKED:
                amount = Amount(request.amount - request.red_done)
            fact = InvoiceChanged(
                invoice=invoice, state=state, amount=amount, reason=reason.strip()[:200] or None
            )
            return change_request(tx, work.recorder, who.staff_id, request, (fact, work.clock.now()))


def issue(
    work: Workplace, tx: Tx, who: Actor, request: InvoiceRequest, told: tuple[str, date | None]
) -> InvoiceRequest:
    """Note the number and the day of an invoice, or of the red one that a request waits for.

    Raises InvoiceNumberError, NumberTakenError, InvoiceDateError, InvoiceStateError.
    """
    number, now = invoice_number(told[0]), work.clock.now()
    day = told[1] or now.astimezone(work.settings.value.zone).date()
    taken = [each for each in tx.invoices.numbered(number) if each.invoice != request.invoice]
    if taken or (request.state is InvoiceState.RED_ASKED and number in (request.number, request.red_number)):
        raise NumberTakenError(number=taken[0].sale_number if taken else request.sale_number)
    sale = _sale(tx, request.sale)
    if not sale.business_date <= day <= now.astimezone(work.settings.value.zone).date():
        raise InvoiceDateError()
    red = request.state is InvoiceState.RED_ASKED
    fact = InvoiceChanged(
        invoice=request.invoice,
        state=InvoiceState.RED if red else InvoiceState.ISSUED,
        number=number,
        issued_on=day,
        amount=request.red_due if red else None,
    )
    after = change_request(tx, work.recorder, who.staff_id, request, (fact, now))
    waiting = red_after_issue(after, now)
    return change_request(tx, work.recorder, who.staff_id, after, waiting) if waiting else after


def lines_of(tx: Tx, request: InvoiceRequest) -> tuple[InvoiceLine, ...]:
    """Return the lines of a request's invoice; they sum to its amount.

    What came back before the request was handed over is not among them, what came back later is. Where goods came back
    before and after, all lines are lowered alike.
    """
    sale, back = _sale(tx, request.sale), came_back(tx, request.sale)
    as_now = request.state is InvoiceState.ASKED or invoiceable(sale, back) == request.amount
    return invoice_lines(sale, back if as_now else NOTHING_BACK, request.amount)


def _till(number: str) -> str:
    """Return shop and till of a receipt number; empty for what is none."""
    place = _PLACE.fullmatch(number)
    return place[1] if place else ""


def _sale(tx: Tx, sale_id: SaleId) -> Sale:
    """Return a sale of this till. Raises NotFoundError, and NoSaleError for a return or a void."""
    sale = tx.sales.get(sale_id)
    if sale is None:
        kept = tx.sales.elsewhere(sale_id)
        if kept is None:
            raise NotFoundError(what=str(sale_id))
        raise SoldElsewhereError(number=kept.sale.number, till=_till(kept.sale.number))
    if sale.kind is not SaleKind.SALE:
        raise NoSaleError(number=sale.returns_number or "")
    return sale


def _amount(tx: Tx, sale: Sale) -> Amount:
    """Return what can be invoiced of a sale now; raise NothingToInvoiceError, CameBackError."""
    amount = invoiceable(sale, came_back(tx, sale.sale_id))
    if amount <= 0:
        raise (CameBackError if invoiceable(sale) > 0 else NothingToInvoiceError)()
    return amount


def _email(member: Member | None) -> str | None:
    if member is None:
        return None
    keys = (key for key in member.profile.keys if key.kind is KeyKind.EMAIL and key.replaced is None)
    return next((key.value for key in keys), None)
