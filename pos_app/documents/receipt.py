"""The receipt of a sale, a return or a void.

Decides what a customer's paper says and in which order; amounts come from the sale as it stands and are never
reckoned anew here. A copy is the same receipt under the band 副本 COPY n.
"""

from dataclasses import dataclass

from pos_app.documents.letterhead import Letterhead, practice_band, receipt_heading
from pos_app.documents.page import (
    Align,
    Block,
    Code,
    Codes,
    Page,
    Row,
    Rule,
    Size,
    Space,
    Stroke,
    Symbology,
    Text,
)
from pos_app.documents.receipt_invoice import InvoiceOnReceipt, invoice_blocks
from pos_app.documents.receipt_lines import OF_THE_BILL, bill_reductions, line_blocks
from pos_app.documents.tender_words import tender_reference, tender_words
from pos_app.domain.sales.cart import TaxMode
from pos_app.domain.sales.sale import Sale, SaleKind
from pos_app.domain.sales.tenders import Tender, TenderRole
from pos_app.domain.values import phone as phones
from pos_app.domain.values.ids import StaffId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import ONE
from pos_app.words import format_amount, format_count, format_date, format_percent, speaking, translate


@dataclass(frozen=True, slots=True)
class MemberOnReceipt:
    """What a receipt says of the member; what is None is left out. Name and phone (E.164) are printed masked."""

    name: str | None = None
    phone: str | None = None
    level: str | None = None
    points_earned: int | None = None
    points: int | None = None
    stored_value: Amount | None = None


@dataclass(frozen=True, slots=True)
class Besides:
    """What a receipt says that is not in the sale as it stands, or sealed there.

    `note` is the sale's, unsealed. `code` is the signed text for the QR code (`services.receipt_codes`); without one
    the QR code holds the number alone. `invoice` is how its invoice stands, None where there is nothing to say of it.
    """

    note: str | None = None
    code: str | None = None
    invoice: InvoiceOnReceipt | None = None


def receipt_page(
    sale: Sale,
    head: Letterhead,
    member: MemberOnReceipt | None = None,
    copy: int = 0,
    besides: Besides = Besides(),
) -> Page:
    """Build the receipt of a sale; `copy` counts reprints, 0 is the original."""
    with speaking(head.spoken):
        blocks: list[Block] = receipt_heading(
            head, translate(f"documents.receipt.title.{sale.kind.value}"), copy
        )
        blocks += [Rule(), *fact_rows(sale, head), Rule()]
        for line in sale.lines:
            blocks += line_blocks(head, line, in_return=sale.kind is not SaleKind.SALE)
        blocks += [Rule(), *total_rows(sale, head), Rule(), *tender_rows(sale, head)]
        if member is not None:
            blocks += [Rule(), *member_rows(member, head)]
        if besides.note:
            blocks += [Rule(), Text(translate("documents.receipt.note", note=besides.note))]
        if besides.invoice is not None:
            blocks += [Rule(), *invoice_blocks(besides.invoice)]
        blocks += [Rule(Stroke.SOLID), *_foot(sale, head, besides.code)]
        # Whoever tears the top off must not be left with a receipt.
        blocks += practice_band(head)
        return Page(tuple(blocks), title=sale.number, language=head.spoken)


def masked_name(name: str) -> str:
    """Return a name with its first character only: 王小满 is 王**, which still tells two people apart."""
    name = name.strip()
    return name[:1] + "*" * min(max(len(name) - 1, 0), 3)


def fact_rows(sale: Sale, head: Letterhead) -> list[Block]:
    """Return number, time, day and people."""
    rows: list[Block] = [Row(translate("documents.receipt.number"), sale.number)]
    if sale.returns_number:
        rows.append(Row(translate("documents.receipt.original"), sale.returns_number))
    rows.append(Row(translate("documents.receipt.time"), head.moment(sale.committed_at)))
    rows.append(Row(translate("documents.receipt.business_date"), format_date(sale.business_date)))
    rows.append(Row(translate("documents.receipt.cashier"), head.name_of(sale.cashier)))
    people = _salespeople(sale)
    if people:
        rows.append(
            Row(
                translate("documents.receipt.salesperson"),
                " / ".join(head.name_of(person) for person in people),
            )
        )
    return rows


def _salespeople(sale: Sale) -> list[StaffId]:
    """Return who served, each once, in the order of the lines."""
    return list(dict.fromkeys(share.staff for line in sale.lines for share in line.salespeople))


def total_rows(sale: Sale, head: Letterhead) -> list[Block]:
    """Return the sums from the subtotal to what is due, with the tax."""
    rows: list[Block] = [
        Row(translate("documents.total.subtotal", count=_articles(sale)), head.money(sale.subtotal))
    ]
    own = sum(r.amount for line in sale.lines for r in line.reductions if r.kind not in OF_THE_BILL)
    if own:
        amount = format_amount(own, head.settings.money, sign="always")
        rows.append(Row(translate("documents.total.reductions"), amount))
    rows += bill_reductions(head, sale)
    if sale.tax_mode is TaxMode.ADDED:
        rows += _taxes(sale, head, "documents.total.tax_added")
    key = "documents.total.refund" if sale.total < 0 else "documents.total.due"
    amount = format_amount(sale.total, head.settings.money, sign="never")
    rows.append(Row(translate(key), amount, Size.LARGE, bold=True))
    if sale.tax_mode is TaxMode.INCLUDED:
        rows += _taxes(sale, head, "documents.total.tax_included")
    return rows


def _articles(sale: Sale) -> int:
    """Count articles: whole quantities as they are, a weighed line as one."""
    return sum(abs(line.quantity) // ONE if line.quantity % ONE == 0 else 1 for line in sale.lines)


def _taxes(sale: Sale, head: Letterhead, code: str) -> list[Row]:
    # Under a refund, which is written without a sign, its tax is written without one too.
    sign = -1 if sale.total < 0 and sale.tax_mode is TaxMode.INCLUDED else 1
    return [
        Row(translate(code, rate=format_percent(tax.rate)), head.money(Amount(sign * tax.tax)), Size.SMALL)
        for tax in sale.taxes
        if tax.tax
    ]


def tender_rows(sale: Sale, head: Letterhead) -> list[Block]:
    """Return how it was paid."""
    rows: list[Block] = []
    if sale.cash_rounding:
        amount = format_amount(sale.cash_rounding, head.settings.money, sign="always")
        rows.append(Row(translate("documents.total.cash_rounding"), amount))
    rows += [
        Row(_tender_text(t), format_amount(t.amount, head.settings.money, sign="never")) for t in sale.tenders
    ]
    return rows or [Row(translate("documents.tender.none"))]


def _tender_text(tender: Tender) -> str:
    if tender.role is TenderRole.CHANGE:
        return translate("documents.tender.change")
    text = tender_words(tender)
    if tender.role is TenderRole.REFUND:
        text = translate("documents.tender.refund", tender=text)
    return f"{text} {tender_reference(tender)}".rstrip()


def member_rows(member: MemberOnReceipt, head: Letterhead) -> list[Block]:
    """Return who bought, masked, and how her points stand."""
    who = " ".join(
        part
        for part in (
            masked_name(member.name) if member.name else "",
            phones.masked(member.phone) if member.phone else "",
        )
        if part
    )
    rows: list[Block] = [Row(member.level or translate("documents.member.title"), who)]
    if member.points_earned is not None:
        rows.append(Row(translate("documents.member.points_earned"), _signed(member.points_earned)))
    if member.points is not None:
        rows.append(Row(translate("documents.member.points"), format_count(member.points)))
    if member.stored_value is not None:
        rows.append(Row(translate("documents.member.stored_value"), head.money(member.stored_value)))
    return rows


def _signed(points: int) -> str:
    return ("+" if points > 0 else "") + format_count(points)


def _foot(sale: Sale, head: Letterhead, code: str | None) -> list[Block]:
    footer = footer_words(head)
    codes = Codes(
        (Code(Symbology.QR, code or sale.number), Code(Symbology.CODE128, sale.number)), caption=sale.number
    )
    return [codes, Space(15), Text(footer, align=Align.CENTRE)]


def footer_words(head: Letterhead) -> str:
    """Return what stands at the very end: the shop's own lines, else a greeting."""
    own = head.settings.receipt.footer_in(head.spoken, head.settings.receipt_footer or "")
    return own or translate("documents.receipt.footer")
