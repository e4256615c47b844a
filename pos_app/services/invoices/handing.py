"""Handing requests over to whoever issues invoices, and taking the answer in.

Decides what a batch holds (all that was asked for, and each red one that is due), that a request is marked as sent with
the hash of what was really written, and what a row of an answer does. A row that cannot be taken is told, the others
count. The office itself is a port.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from pos_app.domain.errors import ExpectedError
from pos_app.domain.facts.invoices import InvoiceChanged
from pos_app.domain.imports import dates
from pos_app.domain.imports.faults import CellError
from pos_app.domain.invoices import InvoiceRequest, InvoiceState, InvoiceStateError
from pos_app.domain.invoices.batches import (
    Answered,
    AnswerRow,
    BatchItem,
    InvoiceBatch,
    InvoiceDateError,
    NobodyAskedError,
    OtherNumberError,
    RowFault,
    invoice_number,
)
from pos_app.domain.staff import Action
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.ids import InvoiceId
from pos_app.services.acting import Actor
from pos_app.services.imports.hand import Hand
from pos_app.services.invoices.service import issue, lines_of
from pos_app.services.invoices.telling import change_request, opened
from pos_app.services.ports.clock import Stopwatch
from pos_app.services.ports.invoices import InvoiceOffice
from pos_app.services.ports.store import Tx
from pos_app.services.practice import check_not_practice
from pos_app.services.workplace import Workplace

MOST = 300
"""Requests of one batch, since sales wait while they are marked; the rest goes with the next."""
AT_ONCE = 10
"""Rows of an answer in one transaction: sales go on between two."""


class NothingToHandOverError(ExpectedError):
    """No request waits to be handed over."""

    code = "invoices.error.nothing_waits"


class ChangedMeanwhileError(ExpectedError):
    """A request changed while the batch was made ready: it must be made anew."""

    code = "invoices.error.changed_meanwhile"


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A batch that the office has: how many requests, red ones among them, and where a person finds it."""

    sent: int
    red: int
    erased: int
    """Requests left out since their member was erased; they can only be withdrawn."""
    path: Path | None


class InvoiceHanding:
    """Use cases between the shop and its invoice office, for a lane that no sale waits for."""

    def __init__(self, work: Workplace, office: InvoiceOffice, stopwatch: Stopwatch) -> None:
        self._work = work
        self._office = office
        self._stopwatch = stopwatch

    def hand_over(self, who: Actor, target: Path) -> HandedOver:
        """Hand over all that waits; requests are marked as sent with the hash of what was written.

        Raises NothingToHandOverError, ChangedMeanwhileError, NotInPracticeError, ForbiddenError, and what the office
        raises: then nothing is marked, and no file is left.
        """
        who.require(Action.HAND_OVER_INVOICES)
        check_not_practice(self._work.settings.value)
        with self._work.store.read() as tx:
            waiting = _waiting(tx)
            items = [item for each in waiting if (item := self._item(tx, each)) is not None]
        if not items:
            raise NothingToHandOverError()
        settings = self._work.settings.value
        batch = InvoiceBatch(
            shop_name=settings.shop_name,
            shop_code=settings.shop_code,
            till_code=settings.till_code,
            currency=settings.money,
            items=tuple(items),
        )
        ready = self._office.prepare(batch, target)
        try:
            with self._work.store.write() as tx:
                self._mark(tx, who, items, ready.sha256)
                # Last of all, in the blink before the commit: a file that is there has its requests marked.
                ready.deliver()
        except BaseException:
            ready.take_back()
            raise
        sent = sum(item.request.state is InvoiceState.ASKED for item in items)
        erased = len(waiting) - len(items)
        return HandedOver(sent=sent, red=len(items) - sent, erased=erased, path=ready.path)

    def _item(self, tx: Tx, request: InvoiceRequest) -> BatchItem | None:
        title, sale = opened(tx, self._work.sealer, request), tx.sales.get(request.sale)
        if title is None or sale is None:
            return None
        return BatchItem(
            request=request, title=title, sold_on=sale.business_date, lines=lines_of(tx, request)
        )

    def _mark(self, tx: Tx, who: Actor, items: Sequence[BatchItem], sha256: str) -> None:
        now = self._work.clock.now()
        if not {item.request for item in items} <= set(_waiting(tx)):
            raise ChangedMeanwhileError()
        for item in items:
            if item.request.state is InvoiceState.ASKED:
                fact = InvoiceChanged(
                    invoice=item.request.invoice, state=InvoiceState.SENT, file_sha256=sha256
                )
                change_request(tx, self._work.recorder, who.staff_id, item.request, (fact, now))

    def take_answer(self, who: Actor, path: Path) -> Answered:
        """Take in what the office answers, row by row, a few in one transaction so that sales go on.

        Where it is cut off the rows before count; the same answer taken in again brings the others. Raises
        ForbiddenError and what reading the file raises.
        """
        who.require(Action.HAND_OVER_INVOICES)
        issued: list[InvoiceId] = []
        red: list[InvoiceId] = []
        faults, same = [], 0
        rows, hand = self._office.answer(path), Hand(self._stopwatch)
        for first in range(0, len(rows), AT_ONCE):
            some = rows[first : first + AT_ONCE]
            taken = hand.write(self._work.store.write, partial(self._take_some, who, some))
            for row, after in zip(some, taken, strict=True):
                if isinstance(after, ExpectedError):
                    receipt = row.receipt or row.request_no
                    faults.append(RowFault(row=row.row, receipt=receipt[:40], error=after))
                elif after is None:
                    same += 1
                else:
                    (red if row.red else issued).append(after.invoice)
        return Answered(issued=tuple(issued), red=tuple(red), same=same, faults=tuple(faults))

    def _take_some(
        self, who: Actor, rows: Sequence[AnswerRow], tx: Tx
    ) -> list[InvoiceRequest | ExpectedError | None]:
        """Take rows; return of each the request that it changed, what stands against it, or None as `_take`."""
        out: list[InvoiceRequest | ExpectedError | None] = []
        for row in rows:
            try:
                out.append(self._take(tx, who, row))
            except ExpectedError as error:
                out.append(error)
        return out

    def _take(self, tx: Tx, who: Actor, row: AnswerRow) -> InvoiceRequest | None:
        """Take one row; return the request it changed, None when it says what was known before."""
        request = _named(tx, row)
        number = invoice_number(row.number)
        day = _day(row.issued_on)
        if number == (request.red_number if row.red else request.number):
            return None
        if not row.red and request.number is not None:
            raise OtherNumberError(number=request.number)
        if row.red and request.state is not InvoiceState.RED_ASKED:
            raise InvoiceStateError(state=request.state)
        return issue(self._work, tx, who, request, (number, day))


def _waiting(tx: Tx) -> tuple[InvoiceRequest, ...]:
    """Return the requests of the next batch: what is asked for, then each red one that is due."""
    asked, red = (tx.invoices.waiting(state, MOST) for state in (InvoiceState.ASKED, InvoiceState.RED_ASKED))
    return (*asked, *red)


def _named(tx: Tx, row: AnswerRow) -> InvoiceRequest:
    """Return the request that a row speaks of: by its number, else the newest of its receipt."""
    no, receipt = fold(row.request_no).upper(), fold(row.receipt).upper()
    found = list(tx.invoices.named(no)) if no else []
    if not found and receipt:
        found = list(tx.invoices.of_receipt(receipt))
    if not found or (receipt and found[0].sale_number != receipt):
        raise NobodyAskedError()
    # A sale may have been asked for again after a withdrawal; the older request is not meant then.
    return next((each for each in found if each.stands), found[0])


def _day(text: str) -> date | None:
    """Return the day of a text such as 2026-11-28, 2026/11/28 10:00 or 20261128; None for none."""
    if not text.strip():
        return None
    try:
        return dates.day(text)
    except CellError:
        raise InvoiceDateError() from None
