"""Checkout: the one place where a cart becomes a sale.

Read `commit` from top to bottom and you know everything that a sale does. Nothing acts after it but what reads the
durable rows: the printer, the drawer, the network (law 6).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from pos_app.domain.catalogue import PieceSoldError, PieceState
from pos_app.domain.facts.sales import SaleCommitted
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.line import Line, LineKind
from pos_app.domain.sales.pricing import PricedCart, price_cart
from pos_app.domain.sales.sale import Sale, SaleKind, Stamp, make_sale, receipt_number
from pos_app.domain.sales.tenders import (
    Settlement,
    Tender,
    TenderKind,
    TenderRole,
    TenderShortError,
    settle,
)
from pos_app.domain.shifts import NoShiftError
from pos_app.domain.staff import Action
from pos_app.domain.values.business_date import business_date
from pos_app.domain.values.ids import PrintJobId, SaleId, ShiftId, SubjectId, TenderId
from pos_app.domain.values.money import ZERO, Amount, round_half_up_to
from pos_app.services.acting import Actor, CurrentSettings
from pos_app.services.checkout_prices import check_approvals, check_prices
from pos_app.services.invoices.following import follow_invoices
from pos_app.services.payments import check_paid, start_refunds
from pos_app.services.ports.clock import Clock, Ids
from pos_app.services.ports.counter import PrintJob, PrintKind
from pos_app.services.ports.store import Store, Tx
from pos_app.services.proof_cut import check_nothing_cut
from pos_app.services.recording import Recorder
from pos_app.services.sealing import Sealer
from pos_app.services.sellable import check_cart, piece_now
from pos_app.services.tenders import record_tenders


@dataclass(frozen=True, slots=True)
class Committed:
    """A sale that is in the books: `change` is what the customer gets back, `again` whether it was there before."""

    sale: Sale
    change: Amount
    prints: bool
    again: bool = False


class Checkout:
    """Use cases of paying."""

    def __init__(
        self,
        store: Store,
        recorder: Recorder,
        sealer: Sealer,
        settings: CurrentSettings,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._store = store
        self._recorder = recorder
        self._sealer = sealer
        self._settings = settings
        self._clock = clock
        self._ids = ids

    def price(self, cart: Cart) -> PricedCart:
        """Price a cart as it will be sold."""
        return price_cart(cart, self._settings.value.tax_mode)

    def settlement(self, cart: Cart) -> Settlement:
        """Return how the cart's bill stands against the tenders given so far."""
        return settle(self.price(cart).total, cart.tenders, self._settings.value.cash_step)

    def tender(self, kind: TenderKind, amount: Amount, reference: str | None = None) -> Tender:
        """Return a new tender."""
        return Tender(tender_id=TenderId(self._ids.new()), kind=kind, amount=amount, reference=reference)

    def commit(
        self,
        who: Actor,
        cart: Cart,
        kind: SaleKind = SaleKind.SALE,
        before_it: Callable[[Tx], None] | None = None,
    ) -> Committed:
        """Make the sale of a paid cart: numbered, journalled and queued for printing, in one transaction.

        Repeating it for the same cart returns the sale that is there. `before_it` is done first in the same
        transaction, and refuses the sale by raising. Raises NoShiftError, CartEmptyError,
        CartUnsettledError, TenderShortError, PaymentOpenError, PaymentMissingError, NeedsApprovalError,
        JournalCutError, what `domain.catalogue` says against selling a line now (PieceSoldError, QuarantinedError …),
        StorageFullError and its kin; then nothing was written and the cart is as it was.
        """
        who.require(Action.SELL)
        priced = self.price(cart)
        limits = self._settings.value.limits
        check_prices(who, limits, cart, priced)
        tenders, rounding, change = self._paid(cart, priced)
        now = self._clock.now()
        with self._store.write() as tx:
            before = tx.sales.get(SaleId(cart.cart_id))
            if before is not None:
                return Committed(before, _change(before), prints=False, again=True)
            check_nothing_cut(tx)
            shift = tx.shifts.current()
            if shift is None:
                raise NoShiftError()
            if before_it is not None:
                before_it(tx)
            check_approvals(tx, who, limits, (cart, priced))
            check_paid(tx, cart)
            check_cart(tx, cart, self._business_date(now))
            stamp = self._stamp(tx, who, kind, shift.shift_id, now)
            sale = make_sale(*self._sealed(tx, cart, priced), tenders, rounding, stamp)
            start_refunds(tx, self._recorder, sale)
            head = self._recorder.record(tx, SaleCommitted(sale=sale), who.staff_id, at=now)
            tx.sales.add(sale, head)
            record_tenders(tx, sale)
            follow_invoices(tx, self._recorder, who, sale)
            _move_pieces(tx, sale.lines)
            tx.carts.drop(cart.cart_id)
            _note_visit(tx, sale)
            prints = cart.paper and self._settings.value.print_receipts
            if prints:
                tx.print_jobs.add(self._receipt_job(sale))
        return Committed(sale, change, prints)

    def _stamp(self, tx: Tx, who: Actor, kind: SaleKind, shift: ShiftId, now: datetime) -> Stamp:
        """Take the next number of the business date's year; return it with where, when and by whom."""
        settings = self._settings.value
        day = self._business_date(now)
        epoch = tx.journal.head().epoch
        counter = tx.sales.next_counter(epoch, day.year)
        return Stamp(
            number=receipt_number(settings.shop_code, settings.till_code, day.year, epoch, counter),
            kind=kind,
            shop=settings.shop_id,
            till=settings.till_id,
            shift=shift,
            business_date=day,
            committed_at=now,
            cashier=who.staff_id,
            currency=settings.currency,
            tax_mode=settings.tax_mode,
        )

    def _business_date(self, now: datetime) -> date:
        settings = self._settings.value
        return business_date(now, settings.zone, settings.day_starts_at)

    def _paid(self, cart: Cart, priced: PricedCart) -> tuple[tuple[Tender, ...], Amount, Amount]:
        """Return the sale's tenders with the change among them, the rounding of cash, and the change.

        A bill of zero needs no tender; a negative one carries its refunds, else it goes back in cash.
        """
        if priced.total < 0 or any(t.role is TenderRole.REFUND for t in cart.tenders):
            tenders = cart.tenders or (self._cash_back(priced.total),)
            paid = sum(t.amount for t in tenders)
            return tenders, Amount(paid - priced.total), ZERO
        state = settle(priced.total, cart.tenders, self._settings.value.cash_step)
        if state.open > 0:
            raise TenderShortError(short=state.open)
        tenders = cart.tenders
        if state.change > 0:
            back = msgspec.structs.replace(
                self.tender(TenderKind.CASH, Amount(-state.change)), role=TenderRole.CHANGE
            )
            tenders = (*tenders, back)
        return tenders, state.cash_rounding, state.change

    def _cash_back(self, total: Amount) -> Tender:
        """Return the cash refund of a negative total, rounded to the smallest coin."""
        amount = round_half_up_to(total, self._settings.value.cash_step)
        return msgspec.structs.replace(self.tender(TenderKind.CASH, amount), role=TenderRole.REFUND)

    def _sealed(self, tx: Tx, cart: Cart, priced: PricedCart) -> tuple[Cart, PricedCart]:
        """Return the cart with its note and its lines' wishes sealed: for its member, else with a key of the sale.

        One who was erased while her cart stood on the counter has no key, and gets none again.
        """
        if cart.note is None and all(line.wish is None for line in priced.lines):
            return cart, priced
        member = cart.member.member if cart.member else None
        alive = member is not None and tx.members.get(member) is not None
        subject = SubjectId(member if alive and member is not None else cart.cart_id)
        if cart.note is not None:
            cart = msgspec.structs.replace(cart, note=self._sealer.seal_text(tx, subject, cart.note))
        if any(line.wish is not None for line in priced.lines):
            lines = tuple(
                line
                if line.wish is None
                or line.kind is LineKind.RETURN  # A returned line brings its sealed wish.
                else msgspec.structs.replace(line, wish=self._sealer.seal_text(tx, subject, line.wish))
                for line in priced.lines
            )
            priced = msgspec.structs.replace(priced, lines=lines)
        return cart, priced

    def _receipt_job(self, sale: Sale) -> PrintJob:
        return PrintJob(
            job_id=PrintJobId(self._ids.new()),
            kind=PrintKind.RECEIPT,
            subject=sale.sale_id,
            copy_number=0,
            created_at=sale.committed_at,
        )


def _note_visit(tx: Tx, sale: Sale) -> None:
    """Note a member's visit; a return or a void is none more: the customer came for the sale it takes back."""
    if sale.member is not None and sale.kind is SaleKind.SALE:
        tx.members.visited(sale.member.member, sale.committed_at)


def _move_pieces(tx: Tx, lines: tuple[Line, ...]) -> None:
    """Mark sold pieces sold and returned ones back in stock; a piece is sold once."""
    for line in lines:
        if line.piece is None:
            continue
        back = line.kind is LineKind.RETURN
        was, now = (PieceState.SOLD, PieceState.IN_STOCK) if back else (PieceState.IN_STOCK, PieceState.SOLD)
        piece = piece_now(tx, line.piece, line.code)
        if not tx.catalogue.move_piece(piece, was, now) and not back:
            raise PieceSoldError(piece=line.code)


def _change(sale: Sale) -> Amount:
    return Amount(-sum(t.amount for t in sale.tenders if t.role is TenderRole.CHANGE))
