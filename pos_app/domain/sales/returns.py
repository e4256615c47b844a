"""Taking goods back against the sale they were bought in.

Decides what a part of a line is worth: amounts follow the quantity cumulatively, so that any sequence of part
returns gives back exactly what was paid, to the minor unit, and never more than was bought.
"""

from collections.abc import Callable, Mapping

import msgspec

from pos_app.domain.errors import ExpectedError
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
from pos_app.domain.sales.tenders import TenderKind, TenderRole
from pos_app.domain.values.ids import LineId
from pos_app.domain.values.money import Amount, divide_half_up
from pos_app.domain.values.quantity import Milligrams, Quantity


class ReturnBeyondBoughtError(ExpectedError):
    """More would come back than was bought; `left` is what can still be returned (thousandths)."""

    code = "sales.error.return_beyond_bought"


class NotReturnableError(ExpectedError):
    """A return cannot itself be returned."""

    code = "sales.error.not_returnable"


def returned_line(
    bought: Line, sale: Sale, before: Quantity, quantity: Quantity, new_id: LineId, reason: str
) -> Line:
    """Return the negative line that takes back `quantity` of a line of which `before` came back already.

    Raises ReturnBeyondBoughtError beyond what is left, NotReturnableError for a line that is a return itself.
    """
    if bought.kind is LineKind.RETURN or bought.quantity <= 0:
        raise NotReturnableError()
    if quantity <= 0 or before + quantity > bought.quantity:
        raise ReturnBeyondBoughtError(left=Quantity(bought.quantity - before))
    whole = bought.quantity

    def part(value: int) -> Amount:
        """Return the negative share: what is owed back after this return less what was before it."""
        after = divide_half_up(value * (before + quantity), whole)
        return Amount(divide_half_up(value * before, whole) - after)

    reductions = tuple(_negated(r, part(r.amount)) for r in bought.reductions)
    components = _components(bought, part)
    net = part(bought.net)
    gross = Amount(net - sum(r.amount for r in reductions))
    weight = bought.net_weight_mg
    return msgspec.structs.replace(
        bought,
        line_id=new_id,
        kind=LineKind.RETURN,
        quantity=Quantity(-quantity),
        rung_by=RungBy.AMOUNT,
        basis=PriceBasis.RETURNED,
        gross=gross,
        net=net,
        tax=part(bought.tax),
        components=_closing(components, gross),
        reductions=tuple(r for r in reductions if r.amount),
        net_weight_mg=None if weight is None else Milligrams(part(weight)),
        cause=Cause(kind=CauseKind.RETURN, sale=sale.sale_id, line=bought.line_id, reason=reason),
    )


def _negated(entry: Reduction, amount: Amount) -> Reduction:
    return msgspec.structs.replace(entry, amount=amount)


def _components(bought: Line, part: Callable[[int], Amount]) -> list[Component]:
    return [
        msgspec.structs.replace(
            c,
            amount=part(c.amount),
            weight_mg=None if c.weight_mg is None else Milligrams(part(c.weight_mg)),
        )
        for c in bought.components
    ]


def _closing(components: list[Component], gross: Amount) -> tuple[Component, ...]:
    """Let the largest component take the last minor unit of rounding, so that they sum to the gross."""
    if not components:
        return ()
    rest = gross - sum(c.amount for c in components)
    largest = max(range(len(components)), key=lambda i: (abs(components[i].amount), -i))
    c = components[largest]
    components[largest] = msgspec.structs.replace(c, amount=Amount(c.amount + rest))
    return tuple(components)


def refunds(
    total: Amount, sale: Sale, given_back: Mapping[TenderKind, Amount]
) -> tuple[tuple[TenderKind, Amount, str | None], ...]:
    """Return how a refund of a negative total goes back to the tenders the sale was paid with.

    `given_back` is what earlier returns of this sale gave back, per kind, as positive amounts. Other tenders come
    first, cash last (money goes back where it came from; cash takes the rest). Amounts returned are negative.
    """
    left = -total
    out: list[tuple[TenderKind, Amount, str | None]] = []
    paid: dict[TenderKind, int] = {}
    reference: dict[TenderKind, str | None] = {}
    for tender in sale.tenders:
        if tender.role is not TenderRole.REFUND:
            paid[tender.kind] = paid.get(tender.kind, 0) + tender.amount
            reference.setdefault(tender.kind, tender.reference)
    for kind in sorted(paid, key=lambda k: k is TenderKind.CASH):
        room = paid[kind] - given_back.get(kind, 0)
        take = min(left, max(room, 0)) if kind is not TenderKind.CASH else left
        if take > 0:
            out.append((kind, Amount(-take), reference[kind]))
            left -= take
    if left > 0:
        out.append((TenderKind.CASH, Amount(-left), None))
    return tuple(out)
