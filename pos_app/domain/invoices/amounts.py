"""What of a sale can be invoiced, and its lines as an invoice shows them.

Rules, for mainland shops:

- What was paid with stored value or a gift card is not invoiced when it is spent: the invoice was given, if at all,
  for the top-up or the card, and the seller may not make one out to its holder (国家税务总局公告2016年第53号, 三, 四).
  For the same reason a top-up, a gift card or a pass that is sold can be invoiced, as an item that is not taxed.
- What was paid with points cost the customer nothing then; an invoice says what was received (发票管理办法 第二十一条:
  in accordance with the business that really took place).
- A deposit is not invoiced when it is taken: an invoice is made out when revenue is recognised, and none before
  (发票管理办法实施细则: 必须在发生经营业务确认营业收入时开具发票). The sale that hands the goods over is invoiced
  whole, whatever part of it the deposit paid.
- Old gold that is traded in lowers what is invoiced: jewellery is taxed on what is really received
  (财税字[1996]74号).
- What came back is left out. What went back as stored value, a gift card or points does not lower the rest: it was
  not in it.

Everything is pure; amounts are minor units, tax included.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pos_app.domain.sales.cart import TaxMode
from pos_app.domain.sales.line import Line, LineKind
from pos_app.domain.sales.returns import TakenBack, returned_line
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import TenderKind, TenderRole
from pos_app.domain.values.ids import LineId
from pos_app.domain.values.money import ZERO, Amount, split
from pos_app.domain.values.quantity import Quantity

NOT_INVOICED = frozenset({TenderKind.STORED_VALUE, TenderKind.GIFT_CARD, TenderKind.POINTS})
"""Tenders whose part of a bill is left out."""
UNTAXED = frozenset({LineKind.TOP_UP, LineKind.GIFT_CARD, LineKind.PASS})
"""Lines that are invoiced as not taxed (预付卡销售和充值)."""
_LEFT_OUT = frozenset({LineKind.RETURN, LineKind.DEPOSIT})


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack:
    """What came back of a sale: how much of each line (thousandths), and what was given back, by kind (positive)."""

    lines: Mapping[LineId, Quantity]
    refunded: Mapping[TenderKind, Amount]


NOTHING_BACK = CameBack(lines={}, refunded={})


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """A line of an invoice: `amount` has its tax inside; `tax_rate` is None where nothing is taxed."""

    name: str
    code: str | None
    unit: str | None
    quantity: Quantity
    amount: Amount
    tax_rate: Decimal | None


def invoiceable(sale: Sale, back: CameBack = NOTHING_BACK) -> Amount:
    """Return what of a sale can be invoiced now, never negative. The rules stand at the head of this module."""
    goods = sum(worth for _, _, worth in _kept(sale, back))
    given = sum(t.amount for t in sale.tenders if t.role is TenderRole.GIVEN and t.kind in NOT_INVOICED)
    refunded = sum(amount for kind, amount in back.refunded.items() if kind in NOT_INVOICED)
    return Amount(max(0, goods - max(0, given - refunded)))


def invoice_lines(sale: Sale, back: CameBack, amount: Amount) -> tuple[InvoiceLine, ...]:
    """Return the lines of an invoice on `amount`: what came back is left out, and they sum to the amount.

    Where part of the bill is not invoiced it is taken off all lines alike, by largest remainder.
    """
    kept = [(line, quantity, worth) for line, quantity, worth in _kept(sale, back) if worth > 0]
    if not kept or amount <= 0:
        return ()
    shares = split(amount, [worth for _, _, worth in kept])
    return tuple(
        InvoiceLine(
            name=line.name or line.code or line.kind.value,
            code=line.code,
            unit=line.unit,
            quantity=quantity,
            amount=share,
            tax_rate=None if line.kind in UNTAXED else line.tax_rate,
        )
        for (line, quantity, _), share in zip(kept, shares, strict=True)
        if share > 0
    )


def _kept(sale: Sale, back: CameBack) -> list[tuple[Line, Quantity, Amount]]:
    """Return the lines that can be invoiced, with how much the customer kept of each and what that is worth."""
    out = []
    for line in sale.lines:
        if line.kind in _LEFT_OUT:
            continue
        gone = min(back.lines.get(line.line_id, 0), line.quantity)
        worth = _whole(sale, line)
        if gone > 0:
            taken = TakenBack(sale=sale.sale_id, quantity=Quantity(gone), line_id=line.line_id, reason="")
            worth += _whole(sale, returned_line(line, taken))
        out.append((line, Quantity(line.quantity - gone), Amount(worth)))
    return out


def _whole(sale: Sale, line: Line) -> int:
    """Return what a line costs with its tax."""
    return line.net + (line.tax if sale.tax_mode is TaxMode.ADDED else ZERO)
