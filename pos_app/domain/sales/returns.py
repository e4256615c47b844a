"""Taking goods back against the sale they were bought in.

Decides what a part of a line is worth: amounts follow the quantity cumulatively, so that any sequence of part
returns gives back exactly what was paid, to the minor unit, and never more than was bought.
"""

from collections.abc import Mapping

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.cart import PieceQuantityError
from pos_app.domain.sales.line import (
    Cause,
    CauseKind,
    Component,
    Line,
    LineKind,
    PriceBasis,
    Reduction,
    RungBy,
)
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import Tender, TenderKind, TenderRole
from pos_app.domain.values.ids import LineId, SaleId, TenderId
from pos_app.domain.values.money import ZERO, Amount, divide_half_up
from pos_app.domain.values.quantity import Milligrams, Quantity


class ReturnBeyondBoughtError(ExpectedError):
    """More would come back than was bought; `left` is what can still be returned (thousandths)."""

    code = "sales.error.return_beyond_bought"


class NotReturnableError(ExpectedError):
    """A return cannot itself be returned."""

    code = "sales.error.not_returnable"


class TakenBack(msgspec.Struct, frozen=True, kw_only=True):
    """What comes back of a line of `sale`: `quantity` now, after `before` came back already.

    `line_id` is the id of the new, negative line; `reason` a code from the shop's list.
    """

    sale: SaleId
    before: Quantity = Quantity(0)
    quantity: Quantity
    line_id: LineId
    reason: str


def returned_line(bought: Line, back: TakenBack) -> Line:
    """Return the negative line that takes a part of a bought line back.

    Raises ReturnBeyondBoughtError beyond what is left, PieceQuantityError for a part of a piece,
    NotReturnableError for a line that is a return itself.
    """
    before, quantity = back.before, back.quantity
    if bought.kind is LineKind.RETURN or bought.quantity <= 0:
        raise NotReturnableError()
    if quantity <= 0 or before < 0 or before + quantity > bought.quantity:
        raise ReturnBeyondBoughtError(left=Quantity(bought.quantity - before))
    if bought.piece is not None and quantity != bought.quantity:
        raise PieceQuantityError()
    after, then = _Share(bought, Quantity(before + quantity)), _Share(bought, before)
    weight = bought.net_weight_mg
    return msgspec.structs.replace(
        bought,
        line_id=back.line_id,
        kind=LineKind.RETURN,
        quantity=Quantity(-quantity),
        rung_by=RungBy.AMOUNT,
        basis=PriceBasis.RETURNED,
        gross=Amount(then.gross - after.gross),
        net=Amount(then.net - after.net),
        tax=Amount(then.of(bought.tax) - after.of(bought.tax)),
        components=_components(bought, then, after),
        reductions=_reductions(bought, then, after),
        net_weight_mg=None if weight is None else Milligrams(then.of(weight) - after.of(weight)),
        cause=Cause(kind=CauseKind.RETURN, sale=back.sale, line=bought.line_id, reason=back.reason),
    )


class _Share:
    """What the first `quantity` of a bought line is worth; a return is the difference of two of these.

    So the parts of any sequence of returns add up to what was paid: of a line, of each reduction and component.
    """

    def __init__(self, bought: Line, quantity: Quantity) -> None:
        self._quantity, self._whole = quantity, bought.quantity
        self.net = self.of(bought.net)
        self.reductions = [self.of(r.amount) for r in bought.reductions]
        self.gross = self.net - sum(self.reductions)
        self.components = [self.of(c.amount) for c in bought.components]
        if self.components:
            # The largest component takes the rounding, so that they sum to the gross.
            sizes = [abs(c.amount) for c in bought.components]
            self.components[sizes.index(max(sizes))] += self.gross - sum(self.components)

    def of(self, value: int) -> int:
        """Return the share of a value, rounded half up."""
        return divide_half_up(value * self._quantity, self._whole)


def _reductions(bought: Line, then: _Share, after: _Share) -> tuple[Reduction, ...]:
    parts = zip(bought.reductions, then.reductions, after.reductions, strict=True)
    return tuple(msgspec.structs.replace(r, amount=Amount(x - y)) for r, x, y in parts if x != y)


def _components(bought: Line, then: _Share, after: _Share) -> tuple[Component, ...]:
    parts = zip(bought.components, then.components, after.components, strict=True)
    return tuple(
        msgspec.structs.replace(
            c,
            amount=Amount(x - y),
            weight_mg=None
            if c.weight_mg is None
            else Milligrams(then.of(c.weight_mg) - after.of(c.weight_mg)),
        )
        for c, x, y in parts
    )


def refunds(
    total: Amount, sale: Sale, given_back: Mapping[TenderKind, Amount]
) -> tuple[tuple[TenderKind, Amount, str | None], ...]:
    """Return how a refund of a negative total goes back to the tenders the sale was paid with.

    `given_back` is what earlier returns of this sale gave back, per kind, as positive amounts. Other tenders come
    first, each to its own reference (two cards are two refunds, neither above what it paid), cash last: it takes
    the rest. Amounts returned are negative and sum to the total.
    """
    return tuple(
        (TenderKind.CASH, amount, None) if source is None else (source.kind, amount, source.reference)
        for amount, source in refund_sources(total, sale, given_back)
    )


def refund_sources(
    total: Amount, sale: Sale, given_back: Mapping[TenderKind, Amount]
) -> tuple[tuple[Amount, Tender | None], ...]:
    """Return the amounts of `refunds`, each with the tender it goes back to; None for cash."""
    left = -total
    out: list[tuple[Amount, Tender | None]] = []
    gone: dict[TenderKind, int] = {kind: max(amount, 0) for kind, amount in given_back.items()}
    for tender in sale.tenders:
        if tender.role is not TenderRole.GIVEN or tender.kind is TenderKind.CASH:
            continue
        earlier = min(gone.get(tender.kind, 0), tender.amount)
        gone[tender.kind] = gone.get(tender.kind, 0) - earlier
        take = min(left, tender.amount - earlier)
        if take > 0:
            out.append((Amount(-take), tender))
            left -= take
    if left > 0:
        out.append((Amount(-left), None))
    return tuple(out)


def refund_tender(tender_id: TenderId, amount: Amount, source: Tender | None) -> Tender:
    """Return the refund of an amount (negative) to the tender it was paid with; None for cash.

    A charge of a wallet is named by its attempt. A deposit gets it back and can pay again. A coupon is given back on
    its platform by hand, and the platform's fee stays as it was reckoned: what it does with it stands on its statement.
    """
    if source is None:
        return Tender(tender_id=tender_id, kind=TenderKind.CASH, amount=amount, role=TenderRole.REFUND)
    coupon = None if source.voucher is None else msgspec.structs.replace(source.voucher, fee=ZERO)
    return Tender(
        tender_id=tender_id,
        kind=source.kind,
        amount=amount,
        role=TenderRole.REFUND,
        reference=source.reference,
        attempt=source.attempt,
        voucher=coupon,
        deposit=source.deposit,
    )
