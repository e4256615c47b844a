"""Contents become pages: what `printing` found in the books is handed to the documents.

Decides only which document a content is. The documents are loaded when the first page is asked for, so that the
till starts without them.
"""

from pos_app.documents.page import Page, Paper
from pos_app.domain.settings import Settings
from pos_app.services.ports.clock import Clock
from pos_app.services.printing import ReceiptContent, ReportContent


class DocumentPages:
    """`printing.Pages` by the shop's documents, in the shop's language."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def receipt(self, content: ReceiptContent) -> Page:
        """Return a receipt's page."""
        from pos_app.documents.letterhead import Letterhead
        from pos_app.documents.receipt import MemberOnReceipt, receipt_page

        sale, member = content.sale, content.member
        served = dict.fromkeys(share.staff for line in sale.lines for share in line.salespeople)
        names = dict(zip(served, content.salespeople, strict=True)) | {sale.cashier: content.cashier}
        shown = MemberOnReceipt(name=member.name, masked_phone=member.masked_phone) if member else None
        return receipt_page(
            sale, Letterhead(content.settings, names), shown, content.copy_number, content.note
        )

    def report(self, content: ReportContent) -> Page:
        """Return an X or Z report's page, printed now."""
        from pos_app.documents.letterhead import Letterhead
        from pos_app.documents.shift_report import x_report_page, z_report_page

        head = Letterhead(
            content.settings, {content.shift.opened_by: content.opened_by, **dict(content.names)}
        )
        if content.closed is None:
            return x_report_page(content.shift, content.totals, head, self._clock.now())
        return z_report_page(content.shift, content.closed, head, self._clock.now(), content.copy_number)

    def test(self, settings: Settings) -> Page:
        """Return the printer's self-test page."""
        from pos_app.documents.letterhead import Letterhead
        from pos_app.documents.self_test import self_test_page

        return self_test_page(Letterhead(settings), Paper.of(settings.paper_mm), settings.printer)
