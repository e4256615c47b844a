"""An invented receipt, on which a shop sees how its own will look before one is sold.

Decides what is on it: a line with a reduction, one of several pieces, a member. Nothing of it is in any book.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from pos_app.documents.letterhead import Letterhead
from pos_app.documents.page import Page
from pos_app.documents.receipt import MemberOnReceipt, receipt_page
from pos_app.domain.sales.cart import TaxMode
from pos_app.domain.sales.line import Line, LineKind, PriceBasis, Reduction, ReductionKind, RungBy
from pos_app.domain.sales.pricing import TaxSum
from pos_app.domain.sales.sale import Sale, SaleKind
from pos_app.domain.sales.tenders import Tender, TenderKind
from pos_app.domain.settings import Settings
from pos_app.domain.values.ids import LineId, SaleId, ShiftId, StaffId, TenderId
from pos_app.domain.values.money import Amount, round_half_up
from pos_app.domain.values.quantity import Quantity
from pos_app.words import speaking, translate

_STAFF = StaffId(UUID(int=1))
_NUMBER = "N01-1-2026-000123"


def sample_receipt(settings: Settings) -> Page:
    """Return the page of a receipt that was never given, as these settings would have it."""
    head = Letterhead(settings, logo=settings.receipt_logo or None)
    with speaking(head.spoken):
        names = [translate(f"documents.sample.goods_{n}") for n in (1, 2)]
        head = Letterhead(settings, {_STAFF: translate("documents.sample.cashier")}, logo=head.logo)
    member = MemberOnReceipt(name=None, phone="+8613800001234", points_earned=131, points=1240)
    return receipt_page(_sale(settings, names), head, member)


def _sale(settings: Settings, names: list[str]) -> Sale:
    at = datetime(2026, 11, 22, 6, 32, tzinfo=UTC)
    off = Reduction(kind=ReductionKind.LINE, amount=Amount(-6495), asked="95折")
    lines = (
        _line(1, names[0], 1, 129_900, (off,)),
        _line(2, names[1], 2, 3_990, ()),
    )
    total = Amount(sum(line.net for line in lines))
    base = round_half_up(total / Decimal("1.13"))
    return Sale(
        sale_id=SaleId(UUID(int=2)),
        number=_NUMBER,
        kind=SaleKind.SALE,
        shop=settings.shop_id,
        till=settings.till_id,
        shift=ShiftId(UUID(int=3)),
        business_date=date(2026, 11, 22),
        opened_at=at,
        committed_at=at,
        cashier=_STAFF,
        currency=settings.currency,
        tax_mode=TaxMode.INCLUDED,
        lines=lines,
        tenders=(Tender(tender_id=TenderId(UUID(int=4)), kind=TenderKind.CASH, amount=total),),
        subtotal=Amount(sum(line.gross for line in lines)),
        reductions=off.amount,
        tax=Amount(total - base),
        total=total,
        taxes=(TaxSum(code="13", rate=Decimal("0.13"), base=base, tax=Amount(total - base)),),
    )


def _line(number: int, name: str, count: int, price: int, reductions: tuple[Reduction, ...]) -> Line:
    gross = Amount(count * price)
    return Line(
        line_id=LineId(UUID(int=10 + number)),
        kind=LineKind.GOODS,
        quantity=Quantity(count * 1000),
        rung_by=RungBy.UNIT_PRICE,
        basis=PriceBasis.RETAIL,
        gross=gross,
        net=Amount(gross + sum(each.amount for each in reductions)),
        unit_price=Amount(price),
        name=name,
        reductions=reductions,
    )
