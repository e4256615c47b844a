"""The queue of letters in SQLite. A letter names a sale and holds a sealed address; one that is out is removed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Index, Row, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from pos_app.domain.values.ids import SaleId, StaffId, SubjectId
from pos_app.persistence.base import Base, Id, Moment, OptionalId, OptionalStr, Str, from_ms, to_id, to_ms
from pos_app.persistence.tables import CLUSTERED
from pos_app.services.ports.mail import MailJob, MailJobId

WAITING, SENDING, REFUSED = "waiting", "sending", "refused"


class MailJobRow(Base):
    """A letter that is not out yet."""

    __tablename__ = "mail_job"
    __table_args__ = (Index("ix_mail_job_next", "state", "next_try_at"), CLUSTERED)
    job_id: Mapped[Id] = mapped_column(primary_key=True)
    state: Mapped[Str]
    sale_id: Mapped[Id]
    subject_id: Mapped[Id]
    recipient: Mapped[Str]
    staff_id: Mapped[OptionalId]
    attempts: Mapped[int]
    next_try_at: Mapped[Moment]
    problem: Mapped[OptionalStr]
    created_at: Mapped[Moment]


_job = MailJobRow.__table__


class SqlMailJobs:
    """The queue of letters of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, job: MailJob) -> None:
        """Queue a letter."""
        self._connection.execute(
            insert(MailJobRow).values(
                job_id=job.job_id.bytes,
                state=REFUSED if job.is_refused else WAITING,
                sale_id=job.sale_id.bytes,
                subject_id=job.subject.bytes,
                recipient=job.to,
                staff_id=job.staff.bytes if job.staff else None,
                attempts=job.attempts,
                next_try_at=to_ms(job.next_try_at),
                problem=job.problem,
                created_at=to_ms(job.created_at),
            )
        )

    def due(self, now: datetime) -> MailJob | None:
        """Return the waiting letter that was put off the longest, if it is due."""
        query = (
            select(_job)
            .where(_job.c.state == WAITING, _job.c.next_try_at <= to_ms(now))
            .order_by(_job.c.next_try_at, _job.c.created_at)
            .limit(1)
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _from_row(row)

    def next_try_at(self) -> datetime | None:
        """Return when the next letter is due."""
        query = select(func.min(_job.c.next_try_at)).where(_job.c.state == WAITING)
        found = self._connection.execute(query).scalar_one()
        return None if found is None else from_ms(found)

    def start(self, job_id: MailJobId) -> None:
        """Note that a letter is being sent."""
        self._set(job_id, state=SENDING, attempts=MailJobRow.attempts + 1)

    def finish(self, job_id: MailJobId) -> None:
        """Remove a letter."""
        self._connection.execute(delete(MailJobRow).where(MailJobRow.job_id == job_id.bytes))

    def put_off(self, job_id: MailJobId, until: datetime, problem: str | None) -> None:
        """Let a letter wait again."""
        self._set(job_id, state=WAITING, next_try_at=to_ms(until), problem=problem)

    def refuse(self, job_id: MailJobId, problem: str) -> None:
        """Keep a letter for a person to look at."""
        self._set(job_id, state=REFUSED, problem=problem)

    def _set(self, job_id: MailJobId, **values: Any) -> None:
        self._connection.execute(update(MailJobRow).where(MailJobRow.job_id == job_id.bytes).values(**values))

    def let_go_on(self, now: datetime) -> int:
        """Let what was being sent wait again."""
        change = update(MailJobRow).where(MailJobRow.state == SENDING)
        return self._connection.execute(change.values(state=WAITING, next_try_at=to_ms(now))).rowcount

    def hurry(self, now: datetime) -> None:
        """Let everything that waits be due now."""
        change = update(MailJobRow).where(MailJobRow.state == WAITING, MailJobRow.next_try_at > to_ms(now))
        self._connection.execute(change.values(next_try_at=to_ms(now)))

    def of_sale(self, sale_id: SaleId) -> Sequence[MailJob]:
        """Return the letters about a sale."""
        query = select(_job).where(_job.c.sale_id == sale_id.bytes).order_by(_job.c.created_at)
        return [_from_row(row) for row in self._connection.execute(query)]

    def all(self, limit: int) -> Sequence[MailJob]:
        """Return the latest letters, refused ones first."""
        refused_first = (_job.c.state != REFUSED, _job.c.created_at.desc())
        query = select(_job).order_by(*refused_first).limit(limit)
        return [_from_row(row) for row in self._connection.execute(query)]

    def counts(self) -> tuple[int, int]:
        """Return how many wait, and how many were refused."""
        query = select(_job.c.state, func.count()).group_by(_job.c.state)
        found = {row[0]: int(row[1]) for row in self._connection.execute(query)}
        refused = found.pop(REFUSED, 0)
        return sum(found.values()), refused

    def cancel_all(self) -> int:
        """Drop every letter."""
        return self._connection.execute(delete(MailJobRow)).rowcount


def _from_row(row: Row[Any]) -> MailJob:
    return MailJob(
        job_id=MailJobId(to_id(row.job_id)),
        sale_id=SaleId(to_id(row.sale_id)),
        subject=SubjectId(to_id(row.subject_id)),
        to=row.recipient,
        created_at=from_ms(row.created_at),
        next_try_at=from_ms(row.next_try_at),
        staff=StaffId(to_id(row.staff_id)) if row.staff_id else None,
        attempts=row.attempts,
        is_refused=row.state == REFUSED,
        problem=row.problem,
    )
