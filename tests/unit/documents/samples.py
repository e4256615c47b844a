"""Invented sales and shifts, priced by the domain itself, that receipts are tried with."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from pos_app.documents.letterhead import Letterhead
from pos_app.documents.receipt import MemberOnReceipt
from pos_app.documents.shift_report import PlatformHas, ZPaper
from pos_app.domain.facts.shop import ShiftClosed
from pos_app.domain.sales.cart import Cart, CartLine, SoldPiece, SoldProduct, TaxMode
from pos_app.domain.sales.discount import Discount, parse_discount
from pos_app.domain.sales.line import ComponentKind, Line, Per, PriceBasis, RungBy, SalespersonShare
from pos_app.domain.sales.pricing import component, price_cart
from pos_app.domain.sales.returns import TakenBack, returned_line
from pos_app.domain.sales.sale import Sale, SaleKind, Stamp, make_sale
from pos_app.domain.sales.tenders import Tender, TenderKind, TenderRole
from pos_app.domain.settings import Settings
from pos_app.domain.shifts import Shift, ShiftTotals, StaffSum, TaxTotal, TenderSum
from pos_app.domain.values.ids import (
    CartId,
    LineId,
    PieceId,
    ShiftId,
    ShopId,
    StaffId,
    TenderId,
    TillId,
    VariantId,
)
from pos_app.domain.values.money import ZERO, Amount
from pos_app.domain.values.quantity import Milligrams, Quantity

LI_MIN, WANG = StaffId(UUID(int=1)), StaffId(UUID(int=2))
SHIFT = ShiftId(UUID(int=3))
SHOP, TILL = ShopId(UUID(int=4)), TillId(UUID(int=5))
PAID_AT = datetime(2026, 11, 22, 6, 32, 5, tzinfo=UTC)
NUMBER = "N01-1-2026-000123"
MEMBER = MemberOnReceipt(
    name="王小满",
    phone="+8613812341234",
    level="金卡会员",
    points_earned=1313,
    points=2553,
    stored_value=Amount(32000),
)


def letterhead(language: str = "zh_CN", **changes: object) -> Letterhead:
    """Return the head of an invented jeweller's."""
    settings = Settings(
        shop_id=SHOP,
        till_id=TILL,
        shop_name="南京路店",
        address="上海市黄浦区南京东路 300 号 1 层 A12",
        phone="021-6322 0000",
        language=language,
    )
    names = {LI_MIN: "李敏", WANG: "王祎"}
    return Letterhead(msgspec.structs.replace(settings, **changes), names)


def _product(number: int, name: str, price: int | None, unit: str | None = None) -> SoldProduct:
    return SoldProduct(
        variant=VariantId(UUID(int=1000 + number)),
        code=f"P{number:04d}",
        name=name,
        unit=unit,
        list_price=None if price is None else Amount(price),
        tax_code="13",
        tax_rate=Decimal("0.13"),
    )


def _goods(
    number: int, name: str, price: int, quantity: int = 1000, *discounts: str, unit: str | None = None
) -> CartLine:
    return CartLine(
        line_id=LineId(UUID(int=2000 + number)),
        quantity=Quantity(quantity),
        product=_product(number, name, price, unit),
        unit_price=Amount(price),
        discounts=tuple(asked(text) for text in discounts),
        salespeople=(SalespersonShare(staff=WANG, percent=100),),
    )


def asked(text: str, part: ComponentKind | None = None) -> Discount:
    """Return a discount as typed, on one component or on all."""
    return msgspec.structs.replace(parse_discount(text, 2), component=part)


def ring(number: int = 1) -> CartLine:
    """Return the golden piece of DESIGN.md §6a: 3.260 g at ¥1,012.00, labour ¥28.00 a gram at 5折."""
    weight = Milligrams(3260)
    return CartLine(
        line_id=LineId(UUID(int=2000 + number)),
        product=_product(number, "古法传承足金戒指", None),
        piece=SoldPiece(
            piece=PieceId(UUID(int=77)),
            code="J8800017",
            net_weight_mg=weight,
            fineness="足金999",
            certificate="GTC2026-0088001",
        ),
        basis=PriceBasis.GOLD,
        net_weight_mg=weight,
        components=(
            component(ComponentKind.METAL, weight, Amount(101_200), Per.GRAM, "足金999"),
            component(ComponentKind.LABOUR, weight, Amount(2_800), Per.GRAM),
        ),
        discounts=(asked("5折", ComponentKind.LABOUR),),
    )


def _sale(cart: Cart, kind: SaleKind, tenders: tuple[Tender, ...], number: str, mode: TaxMode) -> Sale:
    stamp = Stamp(
        number=number,
        kind=kind,
        shop=SHOP,
        till=TILL,
        shift=SHIFT,
        business_date=date(2026, 11, 22),
        committed_at=PAID_AT,
        cashier=LI_MIN,
        currency="CNY",
        tax_mode=mode,
    )
    return make_sale(cart, price_cart(cart, mode), tenders, ZERO, stamp)


def _tender(
    kind: TenderKind, amount: int, role: TenderRole = TenderRole.GIVEN, reference: str | None = None
) -> Tender:
    return Tender(
        tender_id=TenderId(UUID(int=abs(amount))),
        kind=kind,
        amount=Amount(amount),
        role=role,
        reference=reference,
    )


def _cart(*lines: CartLine, bill: str | None = None, round_off: str | None = None) -> Cart:
    return Cart(
        cart_id=CartId(UUID(int=9)),
        opened_at=PAID_AT,
        lines=lines,
        bill_discount=asked(bill) if bill else None,
        round_off=asked(round_off) if round_off else None,
    )


def golden_sale() -> Sale:
    """Return the sale of the golden piece, paid in cash with change."""
    cart = _cart(ring())
    change = _tender(TenderKind.CASH, 334_476 - 340_000, TenderRole.CHANGE)
    return _sale(cart, SaleKind.SALE, (_tender(TenderKind.CASH, 340_000), change), NUMBER, TaxMode.INCLUDED)


def full_sale(mode: TaxMode = TaxMode.INCLUDED) -> Sale:
    """Return a sale with long names, weights, many reductions, a bill discount, round-off and two tenders."""
    cart = _cart(
        ring(1),
        _goods(
            2,
            "18K金项链（玫瑰金·扣环加固款·赠绒布首饰盒）Long Necklace with Adjustable Clasp 45cm",
            129_900,
            1000,
            "95折",
            "-20",
        ),
        _goods(3, "婴儿湿巾 80抽×3", 3_990, 2000),
        _goods(4, "有机奶酪", 15_800, 452, unit="kg"),
        CartLine(
            line_id=LineId(UUID(int=2005)),
            product=_product(5, "散称枸杞", 0),
            quantity=Quantity(1000),
            rung_by=RungBy.AMOUNT,
            basis=PriceBasis.EMBEDDED,
            amount=Amount(2_350),
            net_weight_mg=Milligrams(235_000),
        ),
        CartLine(
            line_id=LineId(UUID(int=2006)),
            product=_product(6, "启赋蕴淳 3 段奶粉 810g（𠮷样装）", 39_800),
            quantity=Quantity(6000),
            unit_price=Amount(39_800),
            batch_code="B2611",
            expires_on=date(2027, 5, 31),
            discounts=(asked("=380"),),
        ),
        bill="98折",
        round_off=".",
    )
    total = price_cart(cart, mode).total
    card = _tender(TenderKind.CARD, total - 50_000, reference="凭证 004512")
    return _sale(cart, SaleKind.SALE, (card, _tender(TenderKind.CASH, 50_000)), NUMBER, mode)


def returned_sale() -> Sale:
    """Return the return of one tin of six and of the necklace."""
    bought = full_sale()
    back = [
        returned_line(
            line,
            TakenBack(
                sale=bought.sale_id,
                quantity=Quantity(1000),
                line_id=LineId(UUID(int=3000 + at)),
                reason="unwanted",
            ),
        )
        for at, line in enumerate((bought.lines[1], bought.lines[5]))
    ]
    cart = Cart(
        cart_id=CartId(UUID(int=10)),
        opened_at=PAID_AT,
        lines=tuple(_fixed(line) for line in back),
        returns_number=bought.number,
    )
    total = price_cart(cart, TaxMode.INCLUDED).total
    refund = _tender(TenderKind.CARD, total, TenderRole.REFUND, "凭证 004512")
    return _sale(cart, SaleKind.RETURN, (refund,), "N01-1-2026-000124", TaxMode.INCLUDED)


def _fixed(line: Line) -> CartLine:
    return CartLine(line_id=line.line_id, kind=line.kind, quantity=line.quantity, fixed=line)


def long_sale(lines: int) -> Sale:
    """Return a sale of so many plain lines."""
    cart = _cart(*(_goods(10 + at, f"婴儿湿巾 80抽×{at + 1}", 3_990, 2000) for at in range(lines)))
    total = price_cart(cart, TaxMode.INCLUDED).total
    return _sale(cart, SaleKind.SALE, (_tender(TenderKind.CASH, total),), NUMBER, TaxMode.INCLUDED)


def totals() -> ShiftTotals:
    """Return the sums of a busy shift."""
    return ShiftTotals(
        sales_count=86,
        sales=Amount(12_345_678),
        returns_count=2,
        returns=Amount(-29_900),
        subtotal=Amount(12_600_000),
        reductions=Amount(-284_222),
        round_off=Amount(-1_530),
        cash_rounding=ZERO,
        tax=Amount(1_416_874),
        tenders=(
            TenderSum(kind=TenderKind.CASH, count=40, amount=Amount(2_315_778)),
            TenderSum(kind=TenderKind.CARD, count=46, amount=Amount(10_000_000)),
        ),
        taxes=(TaxTotal(code="13", rate="0.13", base=Amount(10_898_904), tax=Amount(1_416_874)),),
        staff=(
            StaffSum(staff=LI_MIN, count=50, amount=Amount(7_000_000)),
            StaffSum(staff=WANG, count=36, amount=Amount(5_315_778)),
        ),
        float_amount=Amount(50_000),
        cash_in=Amount(10_000),
        cash_out=Amount(120_000),
        expected_cash=Amount(2_255_778),
        voids_count=1,
        drawer_openings=2,
        reprints=3,
        lines_removed=4,
        carts_cancelled=1,
        first_number="N01-1-2026-000038",
        last_number=NUMBER,
    )


def shift(closed: bool) -> Shift:
    """Return a shift of the day, open or closed."""
    return Shift(
        shift_id=SHIFT,
        opened_at=datetime(2026, 11, 22, 1, 2, tzinfo=UTC),
        opened_by=LI_MIN,
        business_date=date(2026, 11, 22),
        float_amount=Amount(50_000),
        closed_at=datetime(2026, 11, 22, 13, 40, tzinfo=UTC) if closed else None,
    )


def closing() -> ShiftClosed:
    """Return the fact that closed it, ¥5.00 short."""
    return ShiftClosed(
        shift=SHIFT,
        z_number=17,
        totals=totals(),
        counted=Amount(2_255_278),
        variance=Amount(-500),
        reason="找零时多给了一张五元",
        head_epoch=1,
        head_seq=4211,
        head_hash="9f2c5d1e77ab" + "0" * 52,
        signature="c2lnbmF0dXJl" * 7 + "c2ln",
        public_key="cHVi",
    )


def synced_paper() -> ZPaper:
    """Return the first paper of a till whose platform lacks the last facts before the close."""
    recorded_at = datetime(2026, 11, 22, 13, 36, 5, tzinfo=UTC)
    return ZPaper(0, PlatformHas(1, 4198, bytes.fromhex("31c7aa09e4f2") + bytes(26), recorded_at))
