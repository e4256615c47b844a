"""A receipt out of the books, on whichever paper: the roll, A4.

Decides what is read for it: the sale, the shop, the member as she is now, the note unsealed, the signed code. How it
looks stands in `documents`.
"""

from dataclasses import dataclass

import msgspec

from pos_app.documents.letterhead import Letterhead
from pos_app.documents.page import Page
from pos_app.documents.receipt import Besides, MemberOnReceipt, receipt_page
from pos_app.documents.receipt_a4 import A4Receipt, a4_receipt
from pos_app.documents.receipt_invoice import InvoiceOnReceipt
from pos_app.domain.errors import NotFoundError
from pos_app.domain.invoices.amounts import invoiceable
from pos_app.domain.sales.sale import Sale, SaleKind
from pos_app.domain.values.ids import SaleId, SubjectId
from pos_app.services.acting import CurrentSettings
from pos_app.services.invoices.telling import came_back
from pos_app.services.ports.store import Store, Tx
from pos_app.services.receipt_codes import ReceiptCodes
from pos_app.services.sealing import Sealer


@dataclass(frozen=True, slots=True)
class ReceiptOf:
    """A sale with all that its receipt says beside it."""

    sale: Sale
    head: Letterhead
    member: MemberOnReceipt | None
    besides: Besides

    def roll(self, copy: int = 0) -> Page:
        """Return the receipt for a roll."""
        return receipt_page(self.sale, self.head, self.member, copy, self.besides)

    def a4(self, copy: int = 0) -> A4Receipt:
        """Return the receipt for A4."""
        return a4_receipt(self.sale, self.head, self.member, copy, self.besides)


class ReceiptPapers:
    """Reads receipts."""

    def __init__(self, store: Store, sealer: Sealer, settings: CurrentSettings, codes: ReceiptCodes) -> None:
        self._store = store
        self._sealer = sealer
        self._settings = settings
        self._codes = codes

    def of(self, sale_id: SaleId) -> ReceiptOf:
        """Return the receipt of a sale; raise NotFoundError.

        On any lane: it reads, and writes only where nobody was told yet of the key that signs its code.
        """
        settings = self._settings.value
        with self._store.read() as tx:
            sale = tx.sales.get(sale_id)
            if sale is None:
                raise NotFoundError(what=str(sale_id))
            member = tx.members.get(sale.member.member) if sale.member else None
            names = {person.staff_id: person.name for person in tx.staff.all()}
            subject = SubjectId(sale.member.member if sale.member else sale.sale_id)
            note = self._sealer.open_text(tx, subject, sale.note) if sale.note else None
            told = self._with_purposes(tx, subject, sale)
            request = next((each for each in tx.invoices.of_sale(sale_id) if each.stands), None)
            is_offered = request is None and settings.invoices.on_receipt and _can_ask(tx, sale)
        head = Letterhead(settings, names, logo=settings.receipt_logo or None)
        shown = MemberOnReceipt(name=member.profile.name, phone=member.phone) if member else None
        code = self._codes.code(sale)
        invoice: InvoiceOnReceipt | None = None
        if request is not None:
            invoice = InvoiceOnReceipt(request)
        elif is_offered:
            address = settings.invoices.address(sale.number, code or sale.number)
            invoice = InvoiceOnReceipt(address=address)
        return ReceiptOf(told, head, shown, Besides(note, code, invoice))

    def _with_purposes(self, tx: Tx, subject: SubjectId, sale: Sale) -> Sale:
        """Return a sale whose lines say in the open what they are for, where the seal can still be opened.

        For paper only: what a receipt's code signs are the lines as they stand in the books.
        """
        if all(line.wish is None for line in sale.lines):
            return sale
        # The purpose of a deposit that comes back was sealed for the sale that took it, when nobody was its member.
        of = SubjectId(sale.returns) if sale.returns is not None and sale.member is None else subject
        lines = tuple(
            line
            if line.wish is None
            else msgspec.structs.replace(line, wish=self._sealer.open_text(tx, of, line.wish))
            for line in sale.lines
        )
        return msgspec.structs.replace(sale, lines=lines)


def _can_ask(tx: Tx, sale: Sale) -> bool:
    return sale.kind is SaleKind.SALE and invoiceable(sale, came_back(tx, sale.sale_id)) > 0
