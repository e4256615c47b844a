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
from pos_app.domain.sales.cart import Cart, CartLine
from pos_app.domain.sales.line import Line, LineKind, PriceBasis, ReductionKind
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
from pos_app.domain.staff import Action, NeedsApprovalError, may, within_round_off_limit
from pos_app.domain.values.business_date import business_date
from pos_app.domain.values.ids import ApprovalId, PrintJobId, SaleId, ShiftId, SubjectId, TenderId
from pos_app.domain.values.money import ZERO, Amount, round_half_up_to
from pos_app.domain.values.quantity import quantity_price
from pos_app.services.acting import Actor, CurrentSettings
from pos_app.services.ports.clock import Clock, Ids
from pos_app.services.ports.counter import PrintJob, PrintKind
from pos_app.services.ports.store import Store, Tx
from pos_app.services.proof_cut import check_nothing_cut
from pos_app.services.recording import Recorder
from pos_app.services.sealing import Sealer
from pos_app.services.sellable import check_cart, piece_now
from pos_app.services.staff import needs_for_discount


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
        CartUnsettledError, TenderShortError, NeedsApprovalError, JournalCutError, what `domain.catalogue` says against
        selling a line now (PieceSoldError, QuarantinedError …), StorageFullError and its kin; then nothing was written
        and the cart is as it was.
        """
        who.require(Action.SELL)
        priced = self.price(cart)
        self._check_prices(who, cart, priced)
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
            _check_approvals(tx, cart, priced)
            check_cart(tx, cart, self._business_date(now))
            stamp = self._stamp(tx, who, kind, shift.shift_id, now)
            sale = make_sale(*self._sealed(tx, cart, priced), tenders, rounding, stamp)
            head = self._recorder.record(tx, SaleCommitted(sale=sale), who.staff_id, at=now)
            tx.sales.add(sale, head)
            _move_pieces(tx, sale.lines)
            tx.carts.drop(cart.cart_id)
            # A return or a void is no visit more: the customer came for the sale it takes back.
            if sale.member is not None and kind is SaleKind.SALE:
                tx.members.visited(sale.member.member, now)
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

    def _check_prices(self, who: Actor, cart: Cart, priced: PricedCart) -> None:
        """Raise NeedsApprovalError for a price that the person may not give and nobody approved."""
        lines = {line.line_id: line for line in cart.lines}
        for line in priced.lines:
            asked = lines[line.line_id]
            if asked.fixed is None:
                _check_line(who, cart, line, asked)
        _check_bill(who, cart, priced.lines)
        _check_kept_gold(who, cart, priced.lines)
        off = -priced.round_off
        approved = cart.round_off is not None and cart.round_off.approval is not None
        if off > 0 and not approved:
            fine = may(who.role, Action.ROUND_OFF) and within_round_off_limit(who.role, Amount(off))
            if not fine:
                raise NeedsApprovalError(action=Action.ROUND_OFF, amount=Amount(off), cart=cart.cart_id)

    def _sealed(self, tx: Tx, cart: Cart, priced: PricedCart) -> tuple[Cart, PricedCart]:
        """Return the cart with its note and its lines' wishes sealed: for its member, else with a key of the sale."""
        subject = SubjectId(cart.member.member if cart.member else cart.cart_id)
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


def _check_line(who: Actor, cart: Cart, line: Line, asked: CartLine) -> None:
    by_hand = [r for r in line.reductions if r.kind is ReductionKind.LINE]
    off = Amount(-sum(r.amount for r in by_hand))
    if any(r.approval is None for r in by_hand) and needs_for_discount(who, line.gross, off):
        raise NeedsApprovalError(action=Action.DISCOUNT, amount=off, cart=cart.cart_id, price=line.gross)
    below = asked.product is not None and is_below_lowest(line, asked.product.lowest_price)
    if below and asked.price_approval is None and all(r.approval is None for r in line.reductions):
        who.require(Action.OVERRIDE_PRICE, None, off, cart.cart_id)
    if asked.basis is PriceBasis.OVERRIDE and asked.price_approval is None:
        who.require(Action.OVERRIDE_PRICE, None, moved_from_list(line), cart.cart_id)
    if line.gross == 0 and asked.basis is PriceBasis.OPEN and asked.price_approval is None:
        who.require(Action.OPEN_PRICE_ZERO, None, line.gross, cart.cart_id)


def _check_bill(who: Actor, cart: Cart, lines: tuple[Line, ...]) -> None:
    """Raise NeedsApprovalError when a discount on the bill, with those on its lines, is beyond the person's limit.

    It is reckoned on the whole bill: its split over the lines may give one of them a cent more than its share.
    """
    kinds = (ReductionKind.LINE, ReductionKind.BILL)
    sold = [line for line in lines if line.kind is not LineKind.RETURN]
    by_hand = [r for line in sold for r in line.reductions if r.kind in kinds]
    if any(r.kind is ReductionKind.BILL and r.approval is None for r in by_hand):
        off, gross = Amount(-sum(r.amount for r in by_hand)), Amount(sum(line.gross for line in sold))
        if needs_for_discount(who, gross, off):
            raise NeedsApprovalError(action=Action.DISCOUNT, amount=off, cart=cart.cart_id, price=gross)


def _check_kept_gold(who: Actor, cart: Cart, lines: tuple[Line, ...]) -> None:
    """Raise NeedsApprovalError for pieces that keep the gold price they were rung at, where nobody allowed it.

    It is asked for all of them at once. That they differ from today's price at all is `domain.sales.gold`.
    """
    gold = [x for x in lines if x.basis is PriceBasis.GOLD and x.kind is not LineKind.RETURN]
    moved = sum(moved_from_list(line) for line in gold if line.price_approval is None)
    if moved:
        who.require(Action.SET_GOLD_PRICE, None, Amount(moved), cart.cart_id)


def is_below_lowest(line: Line, lowest: Amount | None) -> bool:
    """Whether what was taken off by hand brings a line below the lowest price of its goods."""
    by_hand = sum(r.amount for r in line.reductions if r.kind in (ReductionKind.LINE, ReductionKind.BILL))
    if not by_hand and line.basis is PriceBasis.MEMBER:
        # What stands on a member list was set by who may.
        return False
    return lowest is not None and line.gross + by_hand < quantity_price(line.quantity, lowest)


def _check_approvals(tx: Tx, cart: Cart, priced: PricedCart) -> None:
    """Raise NeedsApprovalError when a price has moved beyond what was approved for it, on this very cart."""
    given: dict[ApprovalId, int] = {}
    for line in priced.lines:
        if line.kind is LineKind.RETURN:
            continue
        for reduction in line.reductions:
            if reduction.approval is not None:
                given[reduction.approval] = given.get(reduction.approval, 0) - reduction.amount
        if line.price_approval is not None:
            given[line.price_approval] = given.get(line.price_approval, 0) + moved_from_list(line)
    for approval_id, off in given.items():
        approval = tx.staff.approval(approval_id)
        if approval is None or approval.cart != cart.cart_id or approval.amount < off:
            action = approval.action if approval else Action.DISCOUNT
            raise NeedsApprovalError(action=action, amount=Amount(off), cart=cart.cart_id)


def moved_from_list(line: Line) -> Amount:
    """Return by how much a line's price stands above or below the list; what an approval of it must cover."""
    listed = line.list_price
    return ZERO if listed is None else Amount(abs(quantity_price(line.quantity, listed) - line.gross))


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
