"""The receipt of a sale on A4: what its letterhead, table, sums and foot say.

Decides the words, in the same terms as the receipt on a roll and from the same functions; amounts come from the sale as
it stands. Places and page breaks are `a4_layout`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from pos_app.documents.letterhead import Letterhead
from pos_app.documents.page import Block, Row, Size
from pos_app.documents.receipt import (
    Besides,
    MemberOnReceipt,
    fact_rows,
    footer_words,
    member_rows,
    tender_rows,
    total_rows,
)
from pos_app.documents.receipt_invoice import invoice_text
from pos_app.documents.receipt_lines import (
    OF_THE_BILL,
    component_row,
    line_name,
    money_off,
    piece_facts,
    reduction_text,
)
from pos_app.domain.sales.line import Line, LineKind, PriceBasis
from pos_app.domain.sales.sale import Sale, SaleKind
from pos_app.domain.values.money import Amount
from pos_app.words import format_percent, format_quantity, speaking, translate

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class A4Line:
    """A row of the table; `under` stands small below the name."""

    place: str
    name: str
    under: tuple[str, ...]
    quantity: str
    price: str
    reduction: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class A4Receipt:
    """All words of the paper, in the reader's language."""

    shop: str
    contact: tuple[str, ...]
    logo: bytes | None
    logo_width_mm: int
    title: str
    copy: str
    number: str
    facts: tuple[Pair, ...]
    columns: tuple[str, ...]
    lines: tuple[A4Line, ...]
    totals: tuple[tuple[str, str, bool], ...]
    """Label, amount, and whether it is what is due."""
    tax_columns: tuple[str, ...]
    taxes: tuple[tuple[str, ...], ...]
    paid: tuple[Pair, ...]
    member: tuple[Pair, ...]
    note: str
    footer: tuple[str, ...]
    code: str
    language: str


def a4_receipt(
    sale: Sale,
    head: Letterhead,
    member: MemberOnReceipt | None = None,
    copy: int = 0,
    besides: Besides | None = None,
) -> A4Receipt:
    """Return what the A4 receipt of a sale says; `copy` as on a roll."""
    besides = besides or Besides()
    settings = head.settings
    with speaking(head.spoken):
        contact = (settings.address, settings.phone, *settings.receipt.header_in(head.spoken).splitlines())
        return A4Receipt(
            shop=settings.shop_name,
            contact=tuple(line for line in contact if line),
            logo=head.logo,
            logo_width_mm=settings.receipt.logo_width_mm,
            title=translate(f"documents.receipt.title.{sale.kind.value}"),
            copy=_bands(head, copy),
            number=sale.number,
            facts=_pairs(fact_rows(sale, head)),
            columns=_words("place", "goods", "quantity", "price", "reduction", "amount"),
            lines=tuple(_line(place, line, sale, head) for place, line in enumerate(sale.lines, start=1)),
            totals=tuple(
                (row.left, row.right, row.size is Size.LARGE)
                for row in total_rows(sale, head)
                if isinstance(row, Row)
            ),
            tax_columns=_words("tax_rate", "tax_base", "tax", "tax_gross"),
            taxes=_taxes(sale, head),
            paid=_pairs(tender_rows(sale, head)),
            member=_pairs(member_rows(member, head)) if member is not None else (),
            note=_note(besides),
            footer=tuple(footer_words(head).splitlines()),
            code=besides.code or sale.number,
            language=head.spoken,
        )


def _taxes(sale: Sale, head: Letterhead) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            format_percent(tax.rate),
            head.money(tax.base),
            head.money(tax.tax),
            head.money(Amount(tax.base + tax.tax)),
        )
        for tax in sale.taxes
    )


def _bands(head: Letterhead, copy: int) -> str:
    """Return what is written across the paper: that it is practice, that it is a copy."""
    practice = translate("documents.practice") if head.settings.practice else ""
    return " · ".join(filter(None, (practice, translate("documents.copy", number=copy) if copy else "")))


def _words(*names: str) -> tuple[str, ...]:
    return tuple(translate(f"documents.a4.{name}") for name in names)


def _pairs(blocks: Sequence[Block]) -> tuple[Pair, ...]:
    return tuple((block.left, block.right) for block in blocks if isinstance(block, Row))


def _line(place: int, line: Line, sale: Sale, head: Letterhead) -> A4Line:
    own = [reduction for reduction in line.reductions if reduction.kind not in OF_THE_BILL]
    off = sum(reduction.amount for reduction in own)
    under = [piece_facts(line)]
    if line.kind is LineKind.DEPOSIT:
        under.append(translate("documents.line.deposit_note"))
    under += [f"{row.left}  {row.right}" for row in (component_row(head, each) for each in line.components)]
    under += [f"{reduction_text(head, each)}  {money_off(head, each.amount)}" for each in own]
    shows_price = line.unit_price is not None and line.basis is not PriceBasis.EMBEDDED
    return A4Line(
        place=str(place),
        name=line_name(line, sale.kind is not SaleKind.SALE),
        under=tuple(words for words in under if words),
        quantity=" ".join(filter(None, (format_quantity(line.quantity), line.unit))),
        price=head.money(line.unit_price) if shows_price and line.unit_price is not None else "",
        reduction=money_off(head, Amount(off)) if off else "",
        amount=head.money(Amount(line.gross + off)),
    )


def _note(besides: Besides) -> str:
    """Return the sale's note and what is to be said of its invoice."""
    parts = [translate("documents.receipt.note", note=besides.note)] if besides.note else []
    if besides.invoice is not None:
        parts.append(invoice_text(besides.invoice))
    return " · ".join(parts)
