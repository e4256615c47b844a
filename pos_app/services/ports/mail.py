"""Letters that a shop sends: the durable queue of receipts by e-mail, and the port to a server that takes them.

Decides the shapes and how sending fails; `pos_app.hardware.mail_smtp` sends, `pos_app.persistence.mail` keeps the
queue. `Post.send` may block for half a minute: run it on a lane of its own. A failure here never changes a sale.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NewType, Protocol
from uuid import UUID

from pos_app.domain.errors import ExpectedError, UnavailableError
from pos_app.domain.values.ids import SaleId, StaffId, SubjectId

MailJobId = NewType("MailJobId", UUID)


class MailError(UnavailableError):
    """The letter did not go out now; it is kept and tried again. Nothing in it names a person."""

    code = "devices.mail.later"


class MailNoAnswerError(MailError):
    """The server is not reached: no network, a wrong name or port."""

    code = "devices.mail.no_answer"


class MailSettingError(MailError):
    """The server will take no letter of this shop before its settings are changed; the page of settings says so."""

    code = "devices.mail.setting"


class MailSignInError(MailSettingError):
    """User and password are not those of the server."""

    code = "devices.mail.sign_in"


class MailTlsError(MailSettingError):
    """The connection cannot be made safe: another kind of security, or a certificate that does not fit."""

    code = "devices.mail.tls"


class MailSenderRefusedError(MailSettingError):
    """The server sends nothing in the name of the shop's address."""

    code = "devices.mail.sender"


class MailRefusedError(ExpectedError):
    """The letter will never be taken as it is: somebody has to look at the address."""

    code = "devices.mail.refused"


class MailAddressRefusedError(MailRefusedError):
    """There is no such mailbox."""

    code = "devices.mail.address_refused"


class MailNotSetError(ExpectedError):
    """The shop has named no server for its letters."""

    code = "devices.mail.not_set"


class MailPracticeError(ExpectedError):
    """Nothing leaves the practice."""

    code = "devices.mail.practice"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A PDF that goes along."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter; `letter_id` is the same however often it is sent, so that a mailbox shows it once."""

    letter_id: MailJobId
    to: str
    subject: str
    text: str
    written_at: datetime
    sender_name: str
    enclosures: tuple[Enclosure, ...] = ()


class Post(Protocol):
    """What takes letters."""

    def send(self, letter: Letter) -> None:
        """Hand a letter over; raise a MailError to try again later, MailRefusedError for one that is hopeless."""
        ...

    def check(self) -> None:
        """Sign in and send nothing; raise a MailError that says what does not fit."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class MailJob:
    """A receipt that is to be sent; `to` is sealed with the key of `subject`.

    `problem` is the code of what went wrong last. A refused one waits for a person.
    """

    job_id: MailJobId
    sale_id: SaleId
    subject: SubjectId
    to: str
    created_at: datetime
    next_try_at: datetime
    staff: StaffId | None = None
    attempts: int = 0
    is_refused: bool = False
    problem: str | None = None


class MailJobs(Protocol):
    """The durable queue of letters."""

    def add(self, job: MailJob) -> None:
        """Queue a letter."""
        ...

    def due(self, now: datetime) -> MailJob | None:
        """Return the waiting letter that should go out by now and was put off the longest."""
        ...

    def next_try_at(self) -> datetime | None:
        """Return when the next letter is due; None when none waits."""
        ...

    def start(self, job_id: MailJobId) -> None:
        """Note, before the server is called, that a letter is being sent."""
        ...

    def finish(self, job_id: MailJobId) -> None:
        """Remove a letter: it was sent, or is not wanted any more."""
        ...

    def put_off(self, job_id: MailJobId, until: datetime, problem: str | None) -> None:
        """Let a letter wait again."""
        ...

    def refuse(self, job_id: MailJobId, problem: str) -> None:
        """Keep a letter for a person to look at."""
        ...

    def let_go_on(self, now: datetime) -> int:
        """After a start: what was being sent when the till stopped waits again; return how many."""
        ...

    def hurry(self, now: datetime) -> None:
        """Let everything that waits be due now."""
        ...

    def of_sale(self, sale_id: SaleId) -> Sequence[MailJob]:
        """Return the letters about a sale that are not out."""
        ...

    def all(self, limit: int) -> Sequence[MailJob]:
        """Return the latest letters that are not out, refused ones first."""
        ...

    def counts(self) -> tuple[int, int]:
        """Return how many wait, and how many were refused."""
        ...

    def cancel_all(self) -> int:
        """Drop every letter; return how many."""
        ...
