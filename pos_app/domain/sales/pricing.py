"""One pure function prices a cart.

Order: each line's gross (components, or price × quantity, or the amount as given), its own reductions, then the
bill's discount and the round-off, each split over the lines by largest remainder, then tax. Every cent taken off
is an entry on a line, so a line can be returned alone and the books still add up. Decides amounts only; who may
give a discount is decided in `staff`, what is still due in `tenders`.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal

import msgspec

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.sales.cart import Cart, CartLine, TaxMode
from pos_app.domain.sales.discount import (
    AskedKind,
    Discount,
    DiscountBeyondPriceError,
    NoDiscountError,
    reduced,
)
from pos_app.domain.sales.line import (
    Component,
    ComponentKind,
    Line,
    LineKind,
    Per,
    Reduction,
    ReductionKind,
    RungBy,
    reduction_total,
)
from pos_app.domain.values import rate
from pos_app.domain.values.money import LIMIT, ZERO, Amount, split
from pos_app.domain.values.quantity import Milligrams, quantity_price, weight_price


class TaxSum(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The tax of one code over a sale: `base` is without tax."""

    code: str
    rate: Decimal
    base: Amount
    tax: Amount


class PricedCart(msgspec.Struct, frozen=True, kw_only=True):
    """What a cart costs.

    Always: total = subtotal + reductions (+ tax when it is added on top); reductions are zero or negative for
    goods sold. `unsettled` counts lines the catalogue does not know: they cost nothing until settled.
    """

    lines: tuple[Line, ...]
    subtotal: Amount
    reductions: Amount
    round_off: Amount
    tax: Amount
    taxes: tuple[TaxSum, ...]
    total: Amount
    unsettled: int = 0


def component(
    kind: ComponentKind, weight: Milligrams | None, unit: Amount, per: Per, fineness: str | None = None
) -> Component:
    """Make a component: weight × rate per gram, or the rate once, rounded half up to the minor unit."""
    amount = weight_price(weight, unit) if per is Per.GRAM and weight is not None else unit
    return Component(kind=kind, amount=amount, rate=unit, per=per, weight_mg=weight, fineness=fineness)


def price_cart(cart: Cart, tax_mode: TaxMode) -> PricedCart:
    """Price a cart.

    The bill's discount, an agreed total and the round-off name the bill as its prices stand: with the tax when
    prices include it, without when it is added on top. Raises DiscountBeyondPriceError or AboveListPriceError
    (ExpectedError) when a discount does not fit what it is asked on, NoDiscountError on goods that have none,
    InvalidValueError when an amount reaches
    LIMIT. The same cart gives the same amounts, everywhere and always.
    """
    settled = [line for line in cart.lines if line.unknown_code is None]
    lines = [_price_line(line) for line in settled]
    open_to_bill = [
        line.fixed is None
        and line.kind is not LineKind.DEPOSIT
        and not (line.product and line.product.no_discount)
        for line in settled
    ]
    if cart.bill_discount is not None:
        lines = _take_off(lines, open_to_bill, cart.bill_discount, ReductionKind.BILL)
    if cart.round_off is not None:
        lines = _take_off(
            lines,
            [line.fixed is None and line.kind is not LineKind.DEPOSIT for line in settled],
            cart.round_off,
            ReductionKind.ROUND_OFF,
        )
    lines, taxes = _taxed(lines, [line.fixed is None for line in settled], tax_mode)
    return _summed(tuple(lines), taxes, tax_mode, len(cart.lines) - len(settled))


def gross_of(line: CartLine) -> Amount:
    """Return a line's amount before any reduction."""
    if line.fixed is not None:
        return line.fixed.gross
    if line.components:
        return Amount(sum(part.amount for part in line.components))
    if line.rung_by is RungBy.AMOUNT:
        return line.amount or ZERO
    return quantity_price(line.quantity, line.unit_price or ZERO)


def _price_line(line: CartLine) -> Line:
    """Price one line on its own, without tax."""
    if line.fixed is not None:
        return line.fixed
    gross = gross_of(line)
    if abs(gross) >= LIMIT:
        raise InvalidValueError(field="amount", text=str(gross))
    if line.discounts and line.product is not None and line.product.no_discount:
        raise NoDiscountError(name=line.product.name)
    reductions: list[Reduction] = []
    for asked in line.discounts:
        amount = _line_reduction(line, asked, gross, reductions)
        if amount:
            reductions.append(_entry(ReductionKind.LINE, amount, asked))
    return _as_sold(line, gross, tuple(reductions))


def _as_sold(line: CartLine, gross: Amount, reductions: tuple[Reduction, ...]) -> Line:
    """Copy a cart line to a line of the books, with what the catalogue said when it was rung."""
    return msgspec.structs.replace(
        _described(line),
        gross=gross,
        net=Amount(gross + sum(r.amount for r in reductions)),
        unit_price=line.unit_price,
        price_reason=line.price_reason,
        price_approver=line.price_approver,
        price_approval=line.price_approval,
        components=line.components,
        reductions=reductions,
        barcode=line.barcode,
        pack_quantity=line.pack_quantity,
        batch=line.batch,
        batch_code=line.batch_code,
        expires_on=line.expires_on,
        serial=line.serial,
        net_weight_mg=line.net_weight_mg,
        cause=line.cause,
        salespeople=line.salespeople,
        fulfilment=line.fulfilment,
        wish=line.wish,
    )


def _described(line: CartLine) -> Line:
    """Return a line that costs nothing yet, with what its product and piece say of it."""
    product, piece = line.product, line.piece
    return Line(
        line_id=line.line_id,
        kind=line.kind,
        quantity=line.quantity,
        rung_by=line.rung_by,
        basis=line.basis,
        gross=ZERO,
        net=ZERO,
        list_price=product.list_price if product else None,
        variant=product.variant if product else None,
        piece=piece.piece if piece else None,
        code=piece.code if piece else product.code if product else line.barcode,
        name=product.name if product else None,
        unit=product.unit if product else None,
        category=product.category if product else None,
        fineness=piece.fineness if piece else None,
        certificate=piece.certificate if piece else None,
        tax_code=product.tax_code if product else None,
        tax_rate=product.tax_rate if product else None,
    )


def _line_reduction(line: CartLine, asked: Discount, gross: Amount, earlier: Sequence[Reduction]) -> Amount:
    """Return what a line discount takes off (zero or negative) of what earlier ones left of the line.

    On a component it is reckoned on what is left of that part. "Make it" on a line rung by price names the unit
    price. Raises DiscountBeyondPriceError on a line that costs nothing or less (a trade-in has no discount).
    """
    left = Amount(gross + sum(r.amount for r in earlier))
    base = left
    if asked.component is not None:
        whole = sum(part.amount for part in line.components if part.kind is asked.component)
        base = Amount(whole + sum(r.amount for r in earlier if r.component is asked.component))
    elif asked.kind is AskedKind.MAKE_IT and line.rung_by is RungBy.UNIT_PRICE and not line.components:
        asked = msgspec.structs.replace(asked, amount=quantity_price(line.quantity, asked.amount or ZERO))
    if base < 0:
        raise DiscountBeyondPriceError(asked=asked.amount or ZERO, price=base)
    amount = Amount(reduced(base, asked) - base)
    if left + amount < 0:
        raise DiscountBeyondPriceError(asked=Amount(-amount), price=left)
    return amount


def _entry(kind: ReductionKind, amount: Amount, asked: Discount) -> Reduction:
    return Reduction(
        kind=kind,
        amount=amount,
        asked=asked.text,
        reason=asked.reason,
        component=asked.component,
        approver=asked.approver,
        approval=asked.approval,
    )


def _take_off(lines: list[Line], open_: Sequence[bool], asked: Discount, kind: ReductionKind) -> list[Line]:
    """Spread a discount on the whole bill over the lines open to it, by largest remainder of their net.

    An agreed total names the whole bill: what the closed lines cost is set aside first.
    """
    shared = [line.net if is_open and line.net > 0 else 0 for line, is_open in zip(lines, open_, strict=True)]
    base = Amount(sum(shared))
    aside = Amount(sum(line.net for line in lines) - base)
    if asked.kind is AskedKind.MAKE_IT and asked.amount is not None:
        asked = msgspec.structs.replace(asked, amount=Amount(asked.amount - aside))
    if asked.kind is AskedKind.DROP_CHANGE and asked.step is not None:
        over = (base + aside) % asked.step if base + aside > 0 else 0
        amount = Amount(-min(over, base))
    else:
        amount = Amount(reduced(base, asked) - base)
    if not amount:
        return lines
    out = list(lines)
    # Equal remainders go by tax class before they go by place, so that no tax depends on the order of scanning.
    places = sorted(range(len(lines)), key=lambda i: (lines[i].tax_code or "", lines[i].tax_rate or 0, i))
    for place, part in zip(places, split(amount, [shared[i] for i in places]), strict=True):
        if part:
            out[place] = _with_reduction(lines[place], _entry(kind, part, asked))
    return out


def _with_reduction(line: Line, entry: Reduction) -> Line:
    return msgspec.structs.replace(
        line, net=Amount(line.net + entry.amount), reductions=(*line.reductions, entry)
    )


def _taxed(lines: list[Line], open_: Sequence[bool], mode: TaxMode) -> tuple[list[Line], tuple[TaxSum, ...]]:
    """Reckon tax once per code over the goods sold, and split it over their lines by largest remainder.

    A returned line brings its own tax. So the tax of a code is that of the sum, not the sum of rounded parts.
    """
    out = list(lines)
    groups: dict[tuple[str, Decimal], list[int]] = {}
    for index, line in enumerate(lines):
        if line.tax_code is not None and line.tax_rate is not None:
            groups.setdefault((line.tax_code, line.tax_rate), []).append(index)
    reckon: Callable[[Decimal, Amount], Amount] = (
        rate.included_tax if mode is TaxMode.INCLUDED else rate.apply
    )
    sums = []
    for (code, percent), members in sorted(groups.items()):
        fresh = [i for i in members if open_[i]]
        if fresh:
            whole = reckon(percent, Amount(sum(out[i].net for i in fresh)))
            sign = 1 if whole >= 0 else -1
            for i, part in zip(fresh, split(whole, [max(sign * out[i].net, 0) for i in fresh]), strict=True):
                out[i] = msgspec.structs.replace(out[i], tax=part)
        net, tax = sum(out[i].net for i in members), sum(out[i].tax for i in members)
        base = net - tax if mode is TaxMode.INCLUDED else net
        sums.append(TaxSum(code=code, rate=percent, base=Amount(base), tax=Amount(tax)))
    return out, tuple(sums)


def _summed(lines: tuple[Line, ...], taxes: tuple[TaxSum, ...], mode: TaxMode, unsettled: int) -> PricedCart:
    subtotal = Amount(sum(line.gross for line in lines))
    off = reduction_total(lines)
    tax = Amount(sum(line.tax for line in lines))
    if abs(subtotal) >= LIMIT:
        raise InvalidValueError(field="amount", text=str(subtotal))
    round_off = sum(r.amount for line in lines for r in line.reductions if r.kind is ReductionKind.ROUND_OFF)
    return PricedCart(
        lines=lines,
        subtotal=subtotal,
        reductions=off,
        round_off=Amount(round_off),
        tax=tax,
        taxes=taxes,
        total=Amount(subtotal + off + (tax if mode is TaxMode.ADDED else 0)),
        unsettled=unsettled,
    )
