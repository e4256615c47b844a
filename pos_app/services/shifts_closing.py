"""What closes a shift: who may, on which count, and the fact that says so for ever.

Decides what stands against a close or a hand-over and what the closing fact says. A printer, a wallet and the network
have no say in it: what they still owe is listed. `services.shifts` writes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.facts.shop import ShiftClosed
from pos_app.domain.payments.attempts import Standing
from pos_app.domain.shifts import (
    CartPayingError,
    CartsOpenError,
    Count,
    HandOverToSelfError,
    NothingToHandOverError,
    Shift,
    ShiftTotals,
    checked_pieces,
    tender_counts,
    variance,
)
from pos_app.domain.staff import Action, Approval, NeedsApprovalError, may
from pos_app.domain.values.ids import ShiftId, StaffId
from pos_app.domain.values.money import LIMIT, ZERO, Amount
from pos_app.services.acting import Actor
from pos_app.services.ports.clock import Clock
from pos_app.services.ports.journal import SignedHead
from pos_app.services.ports.store import Tx
from pos_app.services.staff import spend_approval


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes a till over, in which shift."""

    who: Actor
    shift_id: ShiftId


@dataclass(frozen=True, slots=True)
class Owed:
    """What wallets still owe an answer for: refunds that have not gone through, charges that are not decided."""

    refunds_count: int
    refunds: Amount
    payments_open: int


@dataclass(frozen=True, slots=True)
class Closing:
    """All that a closing fact is made of; `taker` for a hand-over."""

    who: Actor
    count: Count
    totals: ShiftTotals
    z_number: int
    owed: Owed
    taker: Taker | None = None
    approval: Approval | None = None


def allow(tx: Tx, clock: Clock, who: Actor, shift: Shift, approval: Approval | None) -> Approval | None:
    """Return the yes that was spent on closing a shift, None where none was needed.

    The shift of somebody who works here no more is closed in her name by whoever may do that, or with a yes. Raises
    ForbiddenError, NeedsApprovalError, ApprovalNotValidError.
    """
    action = Action.CLOSE_LEAVERS_SHIFT if is_leavers(tx, shift.opened_by) else Action.CLOSE_SHIFT
    who.require(action, approval)
    if approval is None or may(who.role, action):
        return None
    spend_approval(tx, clock, who, NeedsApprovalError(action=action), approval)
    return approval


def is_leavers(tx: Tx, opened_by: StaffId) -> bool:
    """Whether who opened a shift works here no more."""
    record = tx.staff.get(opened_by)
    return record is None or not record.staff.active


def check_cart(tx: Tx, *, goes_on: bool) -> None:
    """Raise CartsOpenError, or CartPayingError for a hand-over, when the till's own cart stands in the way.

    In a hand-over (`goes_on`) the cart stays where it is and the taker goes on with it, unless money was taken for
    it: that lies in the drawer and in no books yet. A cart whose payment is not decided cannot be let go by anybody,
    so it waits over the close.
    """
    cart = tx.carts.open_cart()
    if cart is None or not cart.lines or any(each.is_open for each in tx.payments.of_cart(cart.cart_id)):
        return
    if not goes_on:
        raise CartsOpenError()
    if cart.tenders:
        raise CartPayingError()


def check_taker(who: Actor, taker: Actor) -> None:
    """Raise HandOverToSelfError, or ForbiddenError for somebody who may open no shift."""
    if taker.staff_id == who.staff_id:
        raise HandOverToSelfError()
    taker.require(Action.OPEN_SHIFT)


def owed(tx: Tx) -> Owed:
    """Return what wallets still owe an answer for."""
    return owed_of(tx.payments.in_care())


def owed_of(attempts: Iterable[Standing]) -> Owed:
    """Return what is owed of some attempts."""
    count, refunds, payments = 0, 0, 0
    for each in attempts:
        if each.is_owed:
            count, refunds = count + 1, refunds + each.payment.amount
        elif each.is_open:
            payments += 1
    return Owed(count, Amount(refunds), payments)


def closing_fact(closing: Closing, shift: Shift, signed: SignedHead) -> ShiftClosed:
    """Make the closing fact.

    Raises VarianceReasonError, InvalidValueError for a count that is none, NothingToHandOverError for a drawer that
    nobody counted and that holds less than nothing by the books.
    """
    count, totals, taker = closing.count, closing.totals, closing.taker
    counted = totals.expected_cash if count.cash is None else count.cash
    if count.cash is None and counted < 0:
        raise NothingToHandOverError(amount=counted)
    if not 0 <= counted < LIMIT or count.recounts < 0:
        raise InvalidValueError(field="amount", text=str(counted))
    difference = variance(counted, totals.expected_cash, count.reason)
    return ShiftClosed(
        shift=shift.shift_id,
        z_number=closing.z_number,
        totals=totals,
        counted=counted,
        variance=difference,
        reason=count.reason if difference != ZERO else None,
        head_epoch=signed.epoch,
        head_seq=signed.seq,
        head_hash=signed.hash.hex(),
        signature=signed.signature.hex(),
        public_key=signed.public_key.hex(),
        denominations=checked_pieces(count),
        counts=tender_counts(count.others, totals.tenders),
        uncounted=count.cash is None,
        recounts=count.recounts,
        handed_to=taker.who.staff_id if taker else None,
        next_shift=taker.shift_id if taker else None,
        refunds_owed_count=closing.owed.refunds_count,
        refunds_owed=closing.owed.refunds,
        closed_by=closing.who.staff_id,
        approver=closing.approval.approver if closing.approval else None,
        approval=closing.approval.approval_id if closing.approval else None,
        payments_open=closing.owed.payments_open,
    )
