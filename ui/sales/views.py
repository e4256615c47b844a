"""A priced cart in words: rows, details, sums and the member strip.

Decides how a cart reads on the sell page. Prices nothing and changes nothing.
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from pos_app.documents.glyphs import drawable
from pos_app.domain.anniversaries import next_time
from pos_app.domain.errors import ExpectedError
from pos_app.domain.members import Member, strip_of
from pos_app.domain.sales.cart import Cart, CartLine
from pos_app.domain.sales.discount import AskedKind, Discount, parse_discount
from pos_app.domain.sales.line import ComponentKind, Line, LineKind, Reduction, ReductionKind, RungBy
from pos_app.domain.sales.pricing import PricedCart
from pos_app.domain.staff import Staff
from pos_app.domain.values.ids import LineId
from pos_app.domain.values.money import Currency
from pos_app.domain.values.phone import masked
from pos_app.domain.values.quantity import ONE
from pos_app.words import (
    format_amount,
    format_count,
    format_date,
    format_percent,
    format_quantity,
    format_weight,
    format_zhe,
    language,
    translate,
)
from ui.sales.state import CartRow, Detail, MemberView, Totals

_Kept = tuple[CartLine, Line | None, int, str, CartRow]


class Rows:
    """Makes the rows of a cart; a line that has not changed keeps the very row it had."""

    def __init__(self) -> None:
        self._kept: dict[LineId, _Kept] = {}

    def of(self, cart: Cart, priced: PricedCart, currency: Currency) -> tuple[CartRow, ...]:
        """Return the rows in the order of the cart."""
        lines = {line.line_id: line for line in priced.lines}
        kept: dict[LineId, _Kept] = {}
        spoken = language()
        for place, asked in enumerate(cart.lines, start=1):
            line = lines.get(asked.line_id)
            old = self._kept.get(asked.line_id)
            same = old is not None and old[:4] == (asked, line, place, spoken)
            row = old[4] if old is not None and same else row_of(asked, line, place, currency)
            kept[asked.line_id] = (asked, line, place, spoken, row)
        self._kept = kept
        return tuple(entry[4] for entry in kept.values())


def row_of(asked: CartLine, line: Line | None, place: int, currency: Currency) -> CartRow:
    """Return the row of one line; `line` is None for a code that the catalogue does not hold."""
    if line is None:
        return CartRow(
            line_id=asked.line_id,
            place=str(place),
            name=drawable(asked.unknown_code or ""),
            under=translate("sales.line.unknown"),
            quantity=format_quantity(asked.quantity),
            price="",
            amount="",
            unknown=True,
        )
    return CartRow(
        line_id=asked.line_id,
        place=str(place),
        name=drawable(_name(line)),
        under=drawable(_under(asked, line)),
        quantity=_quantity(line),
        price="" if line.unit_price is None else format_amount(line.unit_price, currency),
        amount=format_amount(line.gross, currency),
        details=_details(asked, line, currency),
    )


def _name(line: Line) -> str:
    if line.kind is LineKind.DEPOSIT:
        return translate("tenders.line.deposit")
    return line.name or translate("sales.line.unnamed", code=line.barcode or "")


def _quantity(line: Line) -> str:
    if line.rung_by is RungBy.UNIT_PRICE and line.quantity % ONE:
        return f"{format_quantity(line.quantity)} {line.unit or ''}".strip()
    return format_quantity(line.quantity)


def _under(asked: CartLine, line: Line) -> str:
    """Return what stands under the name: which article, how heavy, until when, by whom."""
    parts = [asked.wish or "", line.code or ""]
    if line.net_weight_mg:
        parts.append(format_weight(line.net_weight_mg))
    parts.append(line.fineness or "")
    if asked.pack_quantity:
        parts.append(
            translate("sales.line.pack", unit=line.unit or "", size=format_quantity(asked.pack_quantity))
        )
    if line.expires_on:
        parts.append(translate("sales.line.expires", day=format_date(line.expires_on)))
    if line.price_reason:
        parts.append(line.price_reason)
    return " · ".join(part for part in parts if part)


def _details(asked: CartLine, line: Line, currency: Currency) -> tuple[Detail, ...]:
    parts = [
        Detail(
            _component(part.kind, part.weight_mg, part.rate, currency), format_amount(part.amount, currency)
        )
        for part in line.components
    ]
    if asked.rung_rate is not None:
        price = format_amount(asked.rung_rate, currency)
        parts.append(Detail(translate("sales.line.rung_gold", price=price), "", off=True))
    own = [r for r in line.reductions if r.kind not in (ReductionKind.BILL, ReductionKind.ROUND_OFF)]
    parts += [Detail(_reduction(r, currency), format_amount(r.amount, currency), off=True) for r in own]
    return tuple(parts)


def _component(kind: ComponentKind, weight: int | None, rate: int | None, currency: Currency) -> str:
    name = translate(f"sales.component.{kind.value}")
    if weight and rate is not None:
        return f"{name}  {format_weight(weight)} × {format_amount(rate, currency)}"
    return name


def _reduction(entry: Reduction, currency: Currency) -> str:
    """Return what took the money off, as "工费 5折"."""
    part = translate(f"sales.component.{entry.component.value}") if entry.component else ""
    asked = (
        asked_words(entry.asked, currency)
        if entry.asked
        else translate(f"sales.reduction.{entry.kind.value}")
    )
    return drawable(" ".join(word for word in (part, asked, entry.reason or "") if word))


def asked_words(text: str, currency: Currency) -> str:
    """Return a typed discount as the trade says it: `95折` is 9.5折, `-5` is 减 ¥5.00."""
    try:
        asked = parse_discount(text, currency.digits)
    except ExpectedError:
        return text
    return discount_words(asked, currency)


def discount_words(asked: Discount, currency: Currency) -> str:
    """Return an asked discount in words."""
    if asked.kind is AskedKind.PAY_RATE:
        return format_zhe(asked.pay_rate or Decimal(1))
    if asked.kind is AskedKind.DROP_CHANGE:
        return translate("sales.discount.drop_change")
    amount = format_amount(asked.amount or 0, currency)
    code = "sales.discount.off" if asked.kind is AskedKind.OFF else "sales.discount.make_it"
    return translate(code, amount=amount)


def totals_of(cart: Cart, priced: PricedCart, currency: Currency) -> Totals:
    """Return the sums of a cart; a sum of zero is left out, but the subtotal stays."""
    parts = [(translate("sales.total.subtotal"), format_amount(priced.subtotal, currency))]
    off = dict.fromkeys(ReductionKind, 0)
    for line in priced.lines:
        for entry in line.reductions:
            off[entry.kind] += entry.amount
    bill = off.pop(ReductionKind.BILL)
    round_off = off.pop(ReductionKind.ROUND_OFF)
    if sum(off.values()):
        parts.append((translate("sales.total.lines_off"), format_amount(sum(off.values()), currency)))
    if bill and cart.bill_discount is not None:
        words = translate("sales.total.bill", asked=discount_words(cart.bill_discount, currency))
        parts.append((words, format_amount(bill, currency)))
    if round_off:
        parts.append((translate("sales.total.round_off"), format_amount(round_off, currency)))
    on_top = priced.total - priced.subtotal - priced.reductions
    if on_top:
        parts.append((translate("sales.total.tax"), format_amount(on_top, currency)))
    pieces = sum(line.quantity if line.quantity % ONE == 0 else ONE for line in priced.lines)
    count = translate(
        "sales.total.count", lines=format_count(len(cart.lines)), pieces=format_quantity(pieces)
    )
    return Totals(tuple(parts), priced.total, count if cart.lines else "", bool(cart.lines))


def new_total_words(before: int, after: int, currency: Currency) -> str:
    """Say what a bill comes to after something changed it while Pay stood open."""
    total = format_amount(after, currency)
    if before == after:
        return translate("sales.pay.same_total", total=total)
    difference = format_amount(after - before, currency, sign="always")
    return translate("sales.pay.new_total", total=total, difference=difference)


def member_words(member: Member | None, total: str) -> str:
    """Say who was added while Pay stood open, by name or masked phone, and what the bill comes to."""
    if member is None:
        return total
    phone = masked(member.phone) if member.phone else ""
    name = member.profile.name or phone or translate("sales.member.nameless")
    return translate("sales.pay.member_added", name=drawable(name), total=total)


def member_view(member: Member, today: date) -> MemberView:
    """Return the strip of a member: name in full, phone masked, what a cashier can say to her."""
    strip = strip_of(member, today)
    facts = []
    if strip.birthday is not None:
        days = (next_time(strip.birthday, today, by_moon=member.profile.birthday_lunar) - today).days
        if days == 0:
            facts.append(translate("sales.member.birthday_today"))
        elif days <= 30:
            facts.append(translate("sales.member.birthday", count=days))
    facts += [translate("members.stage." + stage.name.lower()) for stage in strip.stages]
    if strip.visits:
        facts.append(translate("sales.member.visits", count=strip.visits))
    else:
        facts.append(translate("sales.member.first_visit"))
    return MemberView(
        strip.name or translate("sales.member.nameless"), strip.masked_phone or "", tuple(facts)
    )


def share_words(names: dict[str, int]) -> str:
    """Return salespeople with their shares: 孙佳怡 60% · 赵一鸣 40%."""
    return " · ".join(
        name if percent == 100 else f"{name} {format_percent(Decimal(percent) / 100)}"
        for name, percent in names.items()
    )


def marks_of(cart: Cart, everybody: Callable[[], Iterable[Staff]]) -> tuple[str, ...]:
    """Return what a bill is marked with: no paper, a note, who sold it; `everybody` is who works here."""
    marks = []
    if not cart.paper:
        marks.append(translate("sales.mark.no_paper"))
    if cart.note:
        marks.append(translate("sales.mark.note", text=cart.note))
    if cart.salespeople:
        names = {person.staff_id: person.name for person in everybody()}
        shares = {names.get(share.staff, "?"): share.percent for share in cart.salespeople}
        marks.append(translate("sales.mark.salespeople", names=share_words(shares)))
    return tuple(marks)
