"""Receipts by e-mail: a durable queue beside the print queue, sent after the sale and never on its way.

Decides who may be written to, when a letter is tried again, when it is given up, and what it says. The address stands
sealed in the queue and in the fact: whoever is erased is forgotten here too. `begin`, `sent` and `failed` run on the db
lane, `letter_of` and the sending on the lane of the post.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pos_app.documents.receipt_letter import letter_words
from pos_app.domain import mail
from pos_app.domain.consents import agreed
from pos_app.domain.errors import NotFoundError, UnavailableError
from pos_app.domain.facts.sales import ReceiptSent
from pos_app.domain.members import KeyKind, Purpose
from pos_app.domain.sales.sale import Sale
from pos_app.domain.staff import Action
from pos_app.domain.values.ids import SaleId, SubjectId
from pos_app.services.acting import Actor
from pos_app.services.ports.mail import (
    Enclosure,
    Letter,
    MailJob,
    MailJobId,
    MailNotSetError,
    MailPracticeError,
    MailRefusedError,
)
from pos_app.services.ports.store import Tx
from pos_app.services.receipt_papers import ReceiptPapers
from pos_app.services.workplace import Workplace

PAUSES = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30))
"""How long a letter waits before it is tried again, longer each time."""
GIVEN_UP_AFTER = timedelta(days=3)
"""As long as mail servers themselves try (RFC 5321 §4.5.4.1 says four to five days, customers wait less)."""
GAVE_UP = "devices.mail.gave_up"
LISTED = 50


@dataclass(frozen=True, slots=True)
class ReadyLetter:
    """A letter that was marked as being sent, with its address."""

    job: MailJob
    to: str


@dataclass(frozen=True, slots=True)
class WaitingLetter:
    """A letter that is not out, as a page shows it: the address masked."""

    job_id: MailJobId
    number: str
    to: str
    created_at: datetime
    is_refused: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class MailQueue:
    """How the queue stands."""

    waiting: int = 0
    refused: int = 0
    next_try_at: datetime | None = None
    letters: tuple[WaitingLetter, ...] = ()


class Mailing:
    """Use cases of letters."""

    def __init__(self, work: Workplace, papers: ReceiptPapers) -> None:
        self._work = work
        self._papers = papers

    def offered(self, sale_id: SaleId) -> str | None:
        """Return the address of a sale's member, if she gave one and agreed to be a member; None otherwise."""
        with self._work.store.read() as tx:
            sale = tx.sales.get(sale_id)
            member = tx.members.get(sale.member.member) if sale is not None and sale.member else None
        if member is None or not agreed(member.consents, Purpose.MEMBERSHIP, "email"):
            return None
        return next((key.value for key in member.profile.keys if key.kind is KeyKind.EMAIL), None)

    def queue(self, who: Actor, sale_id: SaleId, address: str) -> MailJobId:
        """Queue a receipt to an address as typed; the very same one twice is one letter.

        Raises MailPracticeError, MailNotSetError, InvalidValueError for what is no address, NotFoundError,
        ForbiddenError.
        """
        who.require(Action.REPRINT)
        self.check()
        to = mail.address(address)
        work, now = self._work, self._work.clock.now()
        with work.store.write() as tx:
            sale = tx.sales.get(sale_id)
            if sale is None:
                raise NotFoundError(what=str(sale_id))
            for job in tx.mail_jobs.of_sale(sale_id):
                if self._opened(tx, job) == to:
                    tx.mail_jobs.put_off(job.job_id, now, None)
                    return job.job_id
            subject = _subject(tx, sale)
            job = MailJob(
                job_id=MailJobId(work.ids.new()),
                sale_id=sale_id,
                subject=subject,
                to=work.sealer.seal_text(tx, subject, to),
                created_at=now,
                next_try_at=now,
                staff=who.staff_id,
            )
            tx.mail_jobs.add(job)
        return job.job_id

    def check(self) -> None:
        """Raise MailPracticeError or MailNotSetError where no letter can be queued at all."""
        settings = self._work.settings.value
        if settings.practice:
            raise MailPracticeError()
        if not settings.mail.is_set:
            raise MailNotSetError()

    def _opened(self, tx: Tx, job: MailJob) -> str | None:
        return self._work.sealer.open_text(tx, job.subject, job.to)

    # -- Sending -------------------------------------------------------------------------------------------

    def recover(self) -> int:
        """After a start: let what was being sent wait again; the letter keeps its id, so a mailbox shows it once."""
        with self._work.store.write() as tx:
            return tx.mail_jobs.let_go_on(self._work.clock.now())

    def begin(self) -> ReadyLetter | None:
        """Take the letter that is due, mark it as being sent, and return it; None when none is due."""
        settings = self._work.settings.value
        if settings.practice or not settings.mail.is_set:
            return None
        with self._work.store.write() as tx:
            while (job := tx.mail_jobs.due(self._work.clock.now())) is not None:
                to = self._opened(tx, job)
                if to is not None:
                    tx.mail_jobs.start(job.job_id)
                    return ReadyLetter(job, to)
                # Whom it was for was erased: it is for nobody now.
                tx.mail_jobs.finish(job.job_id)
        return None

    def letter_of(self, ready: ReadyLetter) -> Letter:
        """Write a letter, with the receipt as a PDF: up to seconds for a very long one. Not on the db lane."""
        from pos_app.documents.renderers.a4_pdf import render_a4

        paper = self._papers.of(ready.job.sale_id)
        words = letter_words(paper.sale, paper.head)
        return Letter(
            letter_id=ready.job.job_id,
            to=ready.to,
            subject=words.subject,
            text=words.text,
            written_at=ready.job.created_at,
            sender_name=words.sender,
            enclosures=(Enclosure(words.file, render_a4(paper.a4())),),
        )

    def sent(self, ready: ReadyLetter) -> None:
        """Note that a letter was taken: the fact names the address, sealed."""
        job = ready.job
        with self._work.store.write() as tx:
            # Whoever removed it meanwhile was too late: it went out all the same.
            tx.mail_jobs.finish(job.job_id)
            fact = ReceiptSent(sale=job.sale_id, way="email", to=job.to)
            self._work.recorder.record(tx, fact, job.staff)

    def failed(self, ready: ReadyLetter, error: Exception) -> None:
        """Let a letter wait, or keep it for a person when there is no hope; what nobody foresaw is no hope."""
        job, now = ready.job, self._work.clock.now()
        with self._work.store.write() as tx:
            if isinstance(error, UnavailableError) and now - job.created_at < GIVEN_UP_AFTER:
                pause = PAUSES[min(job.attempts, len(PAUSES) - 1)]
                tx.mail_jobs.put_off(job.job_id, now + pause, error.code)
            else:
                code = error.code if isinstance(error, MailRefusedError) else GAVE_UP
                tx.mail_jobs.refuse(job.job_id, code)

    # -- What a person does ----------------------------------------------------------------------------------

    def stands(self) -> MailQueue:
        """Return how the queue stands."""
        with self._work.store.read() as tx:
            waiting, refused = tx.mail_jobs.counts()
            letters = []
            for job in tx.mail_jobs.all(LISTED):
                sale, to = tx.sales.get(job.sale_id), self._opened(tx, job)
                shown = mail.masked(to) if to is not None else "—"
                number = sale.number if sale is not None else "—"
                letters.append(
                    WaitingLetter(job.job_id, number, shown, job.created_at, job.is_refused, job.problem)
                )
            return MailQueue(waiting, refused, tx.mail_jobs.next_try_at(), tuple(letters))

    def try_again(self, job_id: MailJobId | None = None) -> None:
        """Let a letter, refused or not, be due now; without one, all that wait."""
        now = self._work.clock.now()
        with self._work.store.write() as tx:
            if job_id is None:
                tx.mail_jobs.hurry(now)
            else:
                tx.mail_jobs.put_off(job_id, now, None)

    def drop(self, who: Actor, job_id: MailJobId) -> None:
        """Send a letter no more; raise ForbiddenError."""
        who.require(Action.REPRINT)
        with self._work.store.write() as tx:
            tx.mail_jobs.finish(job_id)


def _subject(tx: Tx, sale: Sale) -> SubjectId:
    """Return whose key seals an address: the member's of the sale while she is one, else the sale's own."""
    member = sale.member.member if sale.member else None
    alive = member is not None and tx.members.get(member) is not None
    return SubjectId(member if alive and member is not None else sale.sale_id)
