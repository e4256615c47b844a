"""A shop with all its use cases, as one value that screens and commands are given.

Decides how services are put together on a store and the outside's ports; what they do stands in each.
"""

from dataclasses import dataclass

from pos_app.documents.invoice_file import FileInvoiceOffice
from pos_app.domain.settings import Settings
from pos_app.services.acting import CurrentSettings
from pos_app.services.card_sheets import CardSheets
from pos_app.services.carts import CartService
from pos_app.services.catalogue import CatalogueService
from pos_app.services.catalogue_bulk import CatalogueBulk
from pos_app.services.catalogue_edit import CatalogueEditing
from pos_app.services.catalogue_pictures import CataloguePictures
from pos_app.services.catalogue_prices import CataloguePrices
from pos_app.services.checkout import Checkout
from pos_app.services.desk import DeskService
from pos_app.services.exports import ExportService
from pos_app.services.founding import FoundingTools, SettingsService
from pos_app.services.imports.service import ImportService
from pos_app.services.invoices.handing import InvoiceHanding
from pos_app.services.invoices.service import InvoiceService
from pos_app.services.joining import Joining
from pos_app.services.labels import LabelService
from pos_app.services.leaks import LeakService
from pos_app.services.mail import Mailing
from pos_app.services.member_keys import MemberKeys
from pos_app.services.member_privacy import MemberPrivacy
from pos_app.services.member_traces import MemberTraces
from pos_app.services.members import MemberService
from pos_app.services.payments import PaymentService
from pos_app.services.ports.store import Store
from pos_app.services.printing import Printing
from pos_app.services.receipt_codes import ReceiptCodes
from pos_app.services.receipt_papers import ReceiptPapers
from pos_app.services.recording import Recorder
from pos_app.services.returns import Returns
from pos_app.services.ringing import Ringing
from pos_app.services.shifts import ShiftService
from pos_app.services.staff import StaffService
from pos_app.services.tenders import Tenders
from pos_app.services.workplace import Workplace


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """The use cases of one till."""

    store: Store
    current: CurrentSettings
    settings: SettingsService
    staff: StaffService
    ringing: Ringing
    carts: CartService
    checkout: Checkout
    payments: PaymentService
    tenders: Tenders
    returns: Returns
    shifts: ShiftService
    members: MemberService
    member_keys: MemberKeys
    member_privacy: MemberPrivacy
    catalogue: CatalogueService
    catalogue_edit: CatalogueEditing
    catalogue_prices: CataloguePrices
    catalogue_bulk: CatalogueBulk
    catalogue_pictures: CataloguePictures
    labels: LabelService
    card_sheets: CardSheets
    imports: ImportService
    leaks: LeakService
    exports: ExportService
    receipt_codes: ReceiptCodes
    printing: Printing
    mailing: Mailing
    member_traces: MemberTraces
    desk: DeskService
    joining: Joining
    invoices: InvoiceService
    invoice_handing: InvoiceHanding


def _workplace(store: Store, settings: Settings, tools: FoundingTools) -> Workplace:
    """Return what every service of the shop works with."""
    clock, ids = tools.clock, tools.ids
    return Workplace(
        store=store,
        recorder=Recorder(settings.till_id, clock, ids),
        sealer=tools.sealer,
        settings=CurrentSettings(settings),
        clock=clock,
        ids=ids,
    )


def make_shop(store: Store, settings: Settings, tools: FoundingTools) -> Shop:
    """Put the services of a founded shop together."""
    work = _workplace(store, settings, tools)
    recorder, current, clock, ids = work.recorder, work.settings, work.clock, work.ids
    checkout = Checkout(store, recorder, work.sealer, current, clock, ids)
    codes = ReceiptCodes(store, recorder, tools.signer, tools.verifier, current)
    papers = ReceiptPapers(store, work.sealer, current, codes)
    return Shop(
        store=store,
        current=current,
        settings=SettingsService(store, recorder, current),
        staff=StaffService(work, tools.hasher),
        ringing=Ringing(store, current, clock, ids),
        carts=CartService(store, recorder, current, clock, ids),
        checkout=checkout,
        payments=PaymentService(work),
        tenders=Tenders(work, codes),
        returns=Returns(store, checkout, current, clock, ids),
        shifts=ShiftService(store, recorder, tools.signer, current, clock, ids),
        members=MemberService(work),
        member_keys=MemberKeys(work),
        member_privacy=MemberPrivacy(work),
        catalogue=CatalogueService(work),
        catalogue_edit=CatalogueEditing(work),
        catalogue_prices=CataloguePrices(work),
        catalogue_bulk=CatalogueBulk(work),
        catalogue_pictures=CataloguePictures(work),
        labels=LabelService(work),
        card_sheets=CardSheets(work, MemberKeys(work)),
        leaks=LeakService(work),
        imports=ImportService(work, tools.stopwatch),
        exports=ExportService(work),
        receipt_codes=codes,
        printing=Printing(store, recorder, current, clock, ids, papers),
        mailing=Mailing(work, papers),
        member_traces=MemberTraces(work),
        joining=Joining(work),
        invoices=InvoiceService(work),
        invoice_handing=InvoiceHanding(work, FileInvoiceOffice(), tools.stopwatch),
        desk=DeskService(work),
    )
