"""The lines of a receipt: what was sold, how its price came about, and each reduction with its cause.

Decides the rows of one line. Reductions of the whole bill (整单优惠, 抹零) stand below the lines, once, not in
the share that each line bears of them.
"""

from pos_app.documents.letterhead import Letterhead
from pos_app.documents.page import Block, Row, Size, Space
from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.discount import AskedKind, parse_discount
from pos_app.domain.sales.line import (
    Component,
    Line,
    LineKind,
    Per,
    PriceBasis,
    Reduction,
    ReductionKind,
)
from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE
from pos_app.words import format_amount, format_date, format_quantity, format_weight, format_zhe, translate

OF_THE_BILL = frozenset({ReductionKind.BILL, ReductionKind.ROUND_OFF})
_INDENT = 2


def line_blocks(head: Letterhead, line: Line, in_return: bool) -> list[Block]:
    """Return the rows of one line; `in_return` when the whole document is a return, so lines need not say so."""
    blocks: list[Block] = [Space(6), Row(line_name(line, in_return))]
    facts = piece_facts(line)
    if facts:
        blocks.append(Row(facts, size=Size.SMALL, indent=_INDENT))
    if line.components:
        blocks += [component_row(head, component) for component in line.components]
    else:
        blocks.append(Row(_count(head, line), head.money(line.gross), indent=_INDENT))
    if line.kind is LineKind.DEPOSIT:
        blocks.append(Row(translate("documents.line.deposit_note"), size=Size.SMALL, indent=_INDENT))
    for reduction in line.reductions:
        if reduction.kind not in OF_THE_BILL:
            blocks.append(
                Row(
                    reduction_text(head, reduction),
                    money_off(head, reduction.amount),
                    Size.SMALL,
                    indent=_INDENT,
                )
            )
    return blocks


def bill_reductions(head: Letterhead, sale: Sale) -> list[Block]:
    """Return a row for each reduction of the whole bill, summed over the lines that bear it."""
    sums: dict[str, int] = {}
    for line in sale.lines:
        for reduction in line.reductions:
            if reduction.kind in OF_THE_BILL:
                text = reduction_text(head, reduction)
                sums[text] = sums.get(text, 0) + reduction.amount
    return [Row(text, money_off(head, Amount(amount))) for text, amount in sums.items()]


def reduction_text(head: Letterhead, reduction: Reduction) -> str:
    """Say why money was taken off: 金卡 9.5折, 工费 5折, 整单优惠 改价 ¥1,300.00."""
    parts = [translate(f"documents.reduction.{reduction.kind.value}")]
    if reduction.component is not None:
        parts = [translate(f"documents.component.{reduction.component.value}")]
    if reduction.rule:
        parts = [reduction.rule]
    asked = "" if reduction.kind is ReductionKind.ROUND_OFF else _asked(head, reduction.asked or "")
    return " ".join([*parts, asked]).strip()


def _asked(head: Letterhead, asked: str) -> str:
    """Write what was typed as the trade writes it; nothing for what the amount says already."""
    if not asked:
        return ""
    try:
        discount = parse_discount(asked, head.settings.money.digits)
    except ExpectedError:
        return asked
    if discount.kind is AskedKind.PAY_RATE and discount.pay_rate is not None:
        return format_zhe(discount.pay_rate)
    if discount.kind is AskedKind.MAKE_IT and discount.amount is not None:
        return translate("documents.reduction.make_it", price=head.money(discount.amount))
    return ""


def money_off(head: Letterhead, amount: Amount) -> str:
    """Write a reduction with its sign."""
    # On a return the reductions are taken back: the plus says that they count against the refund.
    return format_amount(amount, head.settings.money, sign="always")


def line_name(line: Line, in_return: bool) -> str:
    """Write what was sold, and that it is a gift, came back or was traded in."""
    if _is_deposit(line):
        # What it is for was opened for the paper, or is left out where its seal cannot be.
        name = translate("documents.line.deposit", name=line.wish or "").rstrip("：: ")
        if line.kind is LineKind.RETURN and not in_return:
            return translate("documents.line.return", name=name)
        return name
    name = line.name or line.code or "—"
    if line.kind is LineKind.RETURN and not in_return:
        return translate("documents.line.return", name=name)
    if line.kind in (LineKind.GIFT, LineKind.TRADE_IN):
        return translate(f"documents.line.{line.kind.value}", name=name)
    return name


def _is_deposit(line: Line) -> bool:
    """Whether a line takes a deposit or gives one back: nothing else has neither name nor code."""
    return line.kind is LineKind.DEPOSIT or (
        line.kind is LineKind.RETURN and line.name is None and line.code is None
    )


def piece_facts(line: Line) -> str:
    """Write what identifies the very article: weight, fineness, certificate, batch."""
    facts: list[str] = []
    if line.net_weight_mg and not _weighed_as_a_whole(line):
        facts.append(translate("documents.line.net_weight", weight=format_weight(abs(line.net_weight_mg))))
    if line.fineness:
        facts.append(line.fineness)
    if line.certificate:
        facts.append(translate("documents.line.certificate", number=line.certificate))
    if line.serial:
        facts.append(translate("documents.line.serial", number=line.serial))
    if line.batch_code:
        facts.append(translate("documents.line.batch", number=line.batch_code))
    if line.expires_on:
        facts.append(translate("documents.line.expires", date=format_date(line.expires_on)))
    return " · ".join(facts)


def component_row(head: Letterhead, component: Component) -> Row:
    """Write one part of a price: gold by weight, labour, a stone."""
    name = translate(f"documents.component.{component.kind.value}")
    if component.per is Per.GRAM and component.rate is not None and component.weight_mg is not None:
        weight = format_weight(abs(component.weight_mg))
        name = f"{name} {weight} × {head.money(component.rate)}"
    return Row(name, head.money(component.amount), Size.SMALL, indent=_INDENT)


def _count(head: Letterhead, line: Line) -> str:
    """Write quantity, unit and unit price: 2 × ¥39.90, 0.452 kg × ¥39.80, 235.000 g, 1."""
    if _weighed_as_a_whole(line) and line.net_weight_mg:
        return format_weight(line.net_weight_mg)
    count = format_quantity(line.quantity)
    if line.unit and line.quantity % ONE:
        count = f"{count} {line.unit}"
    if line.unit_price is None or line.basis is PriceBasis.EMBEDDED:
        return count
    return f"{count} × {head.money(line.unit_price)}"


def _weighed_as_a_whole(line: Line) -> bool:
    """Whether the scale made the price, so that the weight stands where a count would."""
    return line.basis is PriceBasis.EMBEDDED and line.net_weight_mg is not None
