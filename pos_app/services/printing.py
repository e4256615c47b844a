"""The durable print queue: receipts and reports are printed from the books, after the fact.

A job is marked as started before its first byte leaves, so a till that dies while printing knows that paper may carry
it; such a job, and one of which a part went out, is printed again only as a copy (副本). Decides what is printed and
how it is marked; the database steps run on the db lane, `put` on the printer's lane. A receipt on A4 is no job: it is
counted here as a copy, and goes out as a file.
"""

from dataclasses import dataclass, replace
from datetime import date

from pos_app.documents.letterhead import Letterhead
from pos_app.documents.page import Page, Paper
from pos_app.documents.self_test import self_test_page
from pos_app.documents.shift_daily import daily_report_page
from pos_app.documents.shift_report import PlatformHas, ZPaper, x_report_page, z_report_page
from pos_app.domain.errors import NotFoundError, UnavailableError
from pos_app.domain.facts.sales import ReceiptReprinted, ReceiptSent
from pos_app.domain.sales.sale import Sale
from pos_app.domain.settings import Settings
from pos_app.domain.staff import Action, Approval, NeedsApprovalError, may
from pos_app.domain.values.ids import CartId, PrintJobId, SaleId, ShiftId
from pos_app.domain.values.moments import from_ms
from pos_app.services.acting import Actor, CurrentSettings
from pos_app.services.ports.clock import Clock, Ids
from pos_app.services.ports.counter import PrintJob, PrintKind, day_of
from pos_app.services.ports.devices import Printer, PrinterError, PrintOutcome
from pos_app.services.ports.store import Store, Tx
from pos_app.services.receipt_papers import ReceiptPapers
from pos_app.services.recording import Recorder
from pos_app.services.shifts import ShiftService
from pos_app.services.shifts_daily import daily
from pos_app.services.staff import spend_approval


@dataclass(frozen=True, slots=True)
class ReadyJob:
    """A job that was marked as started, with its page."""

    job: PrintJob
    page: Page


class Printing:
    """Use cases of printing."""

    def __init__(
        self,
        store: Store,
        recorder: Recorder,
        settings: CurrentSettings,
        clock: Clock,
        ids: Ids,
        papers: ReceiptPapers,
    ) -> None:
        self._store = store
        self._recorder = recorder
        self._settings = settings
        self._clock = clock
        self._ids = ids
        self._papers = papers

    def recover(self) -> int:
        """After a start: put back, as copies, jobs that were being printed when the till stopped; return how many."""
        with self._store.write() as tx:
            jobs = tx.print_jobs.started()
            for job in jobs:
                self._again(tx, job, recovered=True)
        return len(jobs)

    def waiting(self) -> int:
        """Return how many jobs wait."""
        with self._store.read() as tx:
            return tx.print_jobs.waiting()

    def begin(self) -> ReadyJob | None:
        """Take the oldest job, mark it as started, and return it with its page; None when nothing waits.

        A job whose page cannot be made is taken out of the queue, and what went wrong is raised.
        """
        with self._store.read() as tx:
            job = tx.print_jobs.next()
        if job is None:
            return None
        try:
            page = self.page_of(job)
        except UnavailableError:
            raise
        except Exception:
            # What cannot be drawn must not hold up what waits behind it; the books still hold what it would say.
            with self._store.write() as tx:
                tx.print_jobs.finish(job.job_id)
            raise
        with self._store.write() as tx:
            tx.print_jobs.start(job.job_id)
        return ReadyJob(job, page)

    @staticmethod
    def put(ready: ReadyJob, printer: Printer) -> PrintOutcome:
        """Print a page, on the printer's lane; raise PrinterError."""
        return printer.print_page(ready.page)

    def done(self, ready: ReadyJob) -> None:
        """Note that a job is printed."""
        with self._store.write() as tx:
            tx.print_jobs.finish(ready.job.job_id)

    def failed(self, ready: ReadyJob, error: PrinterError) -> None:
        """Put a job back: as it was when nothing went out, else as a copy."""
        with self._store.write() as tx:
            if error.may_have_printed:
                self._again(tx, ready.job, recovered=True)
            else:
                tx.print_jobs.wait_again(ready.job.job_id, ready.job)

    def _again(self, tx: Tx, job: PrintJob, *, recovered: bool) -> None:
        """Let a job wait again as the next copy, and record it when it is a receipt."""
        if job.kind not in (PrintKind.RECEIPT, PrintKind.COPY) or job.subject is None:
            tx.print_jobs.wait_again(job.job_id, replace(job, copy_number=job.copy_number + 1))
            return
        sale_id = SaleId(job.subject)
        copy = tx.sales.copied(sale_id)
        tx.print_jobs.wait_again(job.job_id, replace(job, kind=PrintKind.COPY, copy_number=copy))
        fact = ReceiptReprinted(sale=sale_id, copy_number=copy, recovered=recovered)
        self._recorder.record(tx, fact, None)

    def reprint(self, who: Actor, sale_id: SaleId, approval: Approval | None = None) -> int:
        """Queue a copy of a receipt, marked 副本; return its number. Raises NotFoundError, NeedsApprovalError."""
        with self._store.write() as tx:
            _, copy = self._next_copy(tx, who, sale_id, approval)
            tx.print_jobs.add(self._job(PrintKind.COPY, sale_id, copy))
        return copy

    def _next_copy(self, tx: Tx, who: Actor, sale_id: SaleId, approval: Approval | None) -> tuple[Sale, int]:
        """Count another paper of a receipt, if this person may make one; return its sale and the copy's number."""
        # A yes is to this receipt: its sale stands where the cart does in other approvals.
        needed = NeedsApprovalError(action=Action.REPRINT, cart=CartId(sale_id))
        who.require(Action.REPRINT, approval, cart=needed.cart)
        sale = tx.sales.get(sale_id)
        if sale is None:
            raise NotFoundError(what=str(sale_id))
        if approval is not None and not may(who.role, Action.REPRINT):
            spend_approval(tx, self._clock, who, needed, approval)
        copy = tx.sales.copied(sale_id)
        self._recorder.record(tx, ReceiptReprinted(sale=sale_id, copy_number=copy), who.staff_id)
        return sale, copy

    def last(self) -> SaleId | None:
        """Return the latest sale of this till."""
        with self._store.read() as tx:
            return tx.sales.last_of_till()

    def reprint_last(self, who: Actor) -> int:
        """Queue a copy of the latest receipt; raise NotFoundError when there is none."""
        last = self.last()
        if last is None:
            raise NotFoundError(what="")
        return self.reprint(who, last)

    def copy_for_a4(self, who: Actor, sale_id: SaleId, approval: Approval | None = None) -> tuple[int, str]:
        """Count another paper of a receipt, as a reprint; return the copy's number for `a4`, and the receipt's.

        Raises NotFoundError, NeedsApprovalError.
        """
        with self._store.write() as tx:
            sale, copy = self._next_copy(tx, who, sale_id, approval)
            self._recorder.record(tx, ReceiptSent(sale=sale_id, way="a4"), who.staff_id)
        return copy, sale.number

    def a4(self, sale_id: SaleId, copy: int) -> bytes:
        """Return the A4 receipt as a PDF; seconds for a very long one. Not on the db lane."""
        from pos_app.documents.renderers.a4_pdf import render_a4

        return render_a4(self._papers.of(sale_id).a4(copy))

    def test(self) -> None:
        """Queue the self-test page."""
        with self._store.write() as tx:
            tx.print_jobs.add(self._job(PrintKind.TEST, None, 0))

    def cancel_waiting(self) -> int:
        """Drop what waits; return how many (they can be reprinted as copies)."""
        with self._store.write() as tx:
            return tx.print_jobs.cancel_all()

    def _job(self, kind: str, subject: SaleId | ShiftId | None, copy_number: int) -> PrintJob:
        return PrintJob(
            job_id=PrintJobId(self._ids.new()),
            kind=kind,
            subject=subject,
            copy_number=copy_number,
            created_at=self._clock.now(),
        )

    def page_of(self, job: PrintJob) -> Page:
        """Return the page of a job, from the books; raise NotFoundError."""
        if job.kind == PrintKind.TEST or job.subject is None:
            settings = self._settings.value
            with self._store.read() as tx:
                head = _letterhead(tx, settings)
            return self_test_page(
                head, Paper.MM58 if settings.paper_mm == 58 else Paper.MM80, settings.printer
            )
        if job.kind in (PrintKind.RECEIPT, PrintKind.COPY):
            return self.receipt(SaleId(job.subject), job.copy_number)
        if job.kind == PrintKind.DAILY:
            return self.daily(day_of(job.subject), job.copy_number)
        return self.report(ShiftId(job.subject), closed=job.kind == PrintKind.Z_REPORT, copy=job.copy_number)

    def receipt(self, sale_id: SaleId, copy: int = 0) -> Page:
        """Return the page of a receipt; raise NotFoundError."""
        return self._papers.of(sale_id).roll(copy)

    def report(self, shift_id: ShiftId, *, closed: bool, copy: int = 0) -> Page:
        """Return the page of an X or Z report; raise NotFoundError."""
        with self._store.read() as tx:
            shift = tx.shifts.get(shift_id)
            closing = ShiftService.closing(tx, shift_id) if closed else None
            if shift is None or (closed and closing is None):
                raise NotFoundError(what=str(shift_id))
            head = _letterhead(tx, self._settings.value)
            totals = tx.shifts.totals(shift_id) if closing is None else closing.totals
            paper = ZPaper(copy, _platform(tx))
        now = self._clock.now()
        if closing is None:
            return x_report_page(shift, totals, head, now)
        return z_report_page(shift, closing, head, now, paper)

    def daily(self, day: date, copy: int = 0) -> Page:
        """Return the page of the summary of a business date."""
        with self._store.read() as tx:
            summary = daily(tx, day, self._settings.value.zone)
            head = _letterhead(tx, self._settings.value)
        return daily_report_page(summary, head, self._clock.now(), copy)


def _letterhead(tx: Tx, settings: Settings) -> Letterhead:
    return Letterhead(settings, {person.staff_id: person.name for person in tx.staff.all()})


def _platform(tx: Tx) -> PlatformHas | None:
    """Return how far the platform has this till's journal by now; None for a till that stands alone."""
    link = tx.links.load()
    if link is None:
        return None
    last = tx.journal.entry(link.epoch, link.seq)
    recorded_at = None if last is None or last.hash != link.hash else from_ms(last.happened_at_ms)
    return PlatformHas(link.epoch, link.seq, link.hash, recorded_at)
