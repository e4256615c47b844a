"""What stands on the returns page, in finished words: rows of the history, lines of a sale, money going back.

Decides wording only; no Qt, no decision about returns.
"""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Literal

from pos_app.documents.tender_words import tender_words
from pos_app.domain.sales.line import Line, LineKind
from pos_app.domain.sales.sale import SaleKind
from pos_app.domain.sales.tenders import Tender, TenderKind
from pos_app.domain.values.ids import LineId, SaleId
from pos_app.domain.values.money import Amount, Currency
from pos_app.services.ports.selling import SaleSummary
from pos_app.services.returns import Returnable, ReturnableLine
from pos_app.words import format_amount, format_date_time, format_quantity, format_weight, translate
from ui.returns.wanted import Wanted

REASONS = ("damaged", "wrong", "size", "changed_mind", "other")
"""The codes of reasons, in the order of their keys; texts are `returns.reason.*`."""


@dataclass(frozen=True, slots=True)
class SaleRow:
    """A sale in the history."""

    sale_id: SaleId
    number: str
    time: str
    kind: str
    lines: str
    total: str
    back: bool
    """It gave money back: a return or a void."""


@dataclass(frozen=True, slots=True)
class LineRow:
    """A bought line: how much was bought, came back before, comes back now."""

    line_id: LineId
    name: str
    under: str
    bought: str
    returned: str
    wanted: str
    amount: str
    state: Literal["", "wanted", "gone"] = ""


@dataclass(frozen=True, slots=True)
class SaleCard:
    """A sale above its lines; `state` says in words what can be done with it."""

    number: str
    kind: str
    told: str
    total: str
    state: str = ""
    original: str = ""


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """Money that goes back to one tender; `hint` says what the cashier does for it."""

    words: str
    amount: str
    hint: str = ""


def kind_words(kind: str) -> str:
    """Return what a sale is called: 销售单, 退货单, 撤单."""
    return translate(f"returns.kind.{kind}")


def sale_row(summary: SaleSummary, currency: Currency, zone: tzinfo) -> SaleRow:
    """Write a row of the history."""
    return SaleRow(
        sale_id=summary.sale_id,
        number=summary.number,
        time=format_date_time(summary.committed_at, zone),
        kind=kind_words(summary.kind),
        lines=format_quantity(summary.lines * 1000),
        total=format_amount(summary.total, currency),
        back=summary.kind != SaleKind.SALE.value,
    )


def sale_card(found: Returnable, who: str, member: str, currency: Currency, zone: tzinfo) -> SaleCard:
    """Write what stands above the lines of a sale."""
    sale = found.sale
    told = [format_date_time(sale.committed_at, zone), who, member]
    return SaleCard(
        number=sale.number,
        kind=kind_words(sale.kind.value),
        told=" · ".join(part for part in told if part),
        total=format_amount(sale.total, currency),
        state=_state(found),
        original=sale.returns_number or "",
    )


def _state(found: Returnable) -> str:
    if not found.lines:
        return translate("returns.state.is_return")
    if all(item.left == 0 for item in found.lines):
        return translate("returns.state.all_back")
    if any(item.left != item.line.quantity for item in found.lines):
        return translate("returns.state.part_back")
    return ""


def line_row(item: ReturnableLine, wanted: int, typed: str, currency: Currency) -> LineRow:
    """Write a bought line; `typed` is shown as it stands while a quantity is being typed."""
    line = item.line
    returned = line.quantity - item.left
    return LineRow(
        line_id=line.line_id,
        name=_name(line),
        under=_under(line, currency),
        bought=_count(line.quantity, line),
        returned=format_quantity(returned) if returned else "",
        wanted=typed or (format_quantity(wanted) if wanted else ""),
        amount=format_amount(line.net, currency),
        state="gone" if item.left == 0 else "wanted" if wanted else "",
    )


def given_row(line: Line, currency: Currency) -> LineRow:
    """Write a line of a return: there is nothing to do with it but look."""
    return LineRow(
        line_id=line.line_id,
        name=_name(line),
        under=_under(line, currency),
        bought=_count(line.quantity, line),
        returned="",
        wanted="",
        amount=format_amount(line.net, currency),
        state="gone",
    )


def _name(line: Line) -> str:
    if line.kind is LineKind.DEPOSIT:
        return translate("tenders.line.deposit")
    return line.name or translate("returns.line.nameless")


def _count(quantity: int, line: Line) -> str:
    return f"{format_quantity(quantity)} {line.unit or ''}".strip()


def _under(line: Line, currency: Currency) -> str:
    off = sum(r.amount for r in line.reductions)
    parts = [
        line.code or "",
        format_weight(line.net_weight_mg) if line.net_weight_mg else "",
        line.certificate or "",
        translate("returns.line.reduced", amount=format_amount(off, currency)) if off else "",
        line.batch_code or "",
    ]
    return " · ".join(part for part in parts if part)


def money_back(tenders: tuple[Tender, ...], currency: Currency) -> tuple[MoneyBack, ...]:
    """Write where the money goes; amounts without a sign, since the words say that it goes back."""
    return tuple(
        MoneyBack(
            words=translate("documents.tender.refund", tender=tender_words(t)),
            amount=format_amount(t.amount, currency, sign="never"),
            hint=_hint(t),
        )
        for t in tenders
    )


def _hint(tender: Tender) -> str:
    if tender.kind is TenderKind.CASH:
        return ""
    if tender.kind is TenderKind.CARD:
        return translate("returns.hint.card", reference=tender.reference or "–")
    if tender.kind in (TenderKind.DEPOSIT, TenderKind.VOUCHER, TenderKind.STATIC_CODE):
        return translate(f"returns.hint.{tender.kind.value}", reference=tender.reference or "–")
    return translate("returns.hint.elsewhere")


def price_words(amount: Amount, currency: Currency) -> str:
    """Write an amount without its sign."""
    return format_amount(amount, currency, sign="never")


def lines_of(found: Returnable | None, wanted: Wanted, currency: Currency) -> tuple[LineRow, ...]:
    """Return the rows of a sale's lines: of a return those that it gave back, else what comes back of each."""
    if found is not None and not found.lines:
        return tuple(given_row(line, currency) for line in found.sale.lines)
    # Beyond what is left the line shows what would come back, not what was typed.
    typed = "" if wanted.beyond is not None else wanted.typed
    return tuple(
        line_row(item, wanted.of(item), typed if n == wanted.cursor else "", currency)
        for n, item in enumerate(wanted.lines)
    )
