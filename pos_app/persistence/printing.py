"""The print queue in SQLite. A job names what to print; printed jobs are removed, copies are counted in the journal."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from pos_app.domain.values.ids import PrintJobId, SaleId, ShiftId
from pos_app.persistence.base import from_ms, to_id, to_ms
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.tables import PrintJobRow
from pos_app.services.ports.counter import DayId, PrintJob, PrintKind

_job = PrintJobRow.__table__
_SUBJECTS: dict[str, Callable[[UUID], SaleId | ShiftId | DayId]] = {
    PrintKind.X_REPORT: ShiftId,
    PrintKind.Z_REPORT: ShiftId,
    PrintKind.DAILY: DayId,
}
"""What the id of a job's subject is; of a sale, when it is not here."""
_ADD = Prepared(insert(PrintJobRow))
_STATE = Prepared(
    update(PrintJobRow)
    .where(PrintJobRow.job_id == bindparam("job"))
    .values(state=bindparam("new_state"), attempts=PrintJobRow.attempts + bindparam("more"))
)
_DROP = Prepared(delete(PrintJobRow).where(PrintJobRow.job_id == bindparam("job")))


class SqlPrintJobs:
    """The print queue of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, job: PrintJob) -> None:
        """Queue a job."""
        _ADD.run(
            self._connection,
            job_id=job.job_id.bytes,
            state="waiting",
            kind=job.kind,
            subject_id=job.subject.bytes if job.subject else None,
            copy_number=job.copy_number,
            attempts=job.attempts,
            created_at=to_ms(job.created_at),
        )

    def next(self) -> PrintJob | None:
        """Return the oldest job that waits."""
        query = (
            select(_job).where(_job.c.state == "waiting").order_by(_job.c.created_at, _job.c.job_id).limit(1)
        )
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _from_row(row)

    def start(self, job_id: PrintJobId) -> None:
        """Note that a job is being printed."""
        _STATE.run(self._connection, job=job_id.bytes, new_state="started", more=1)

    def finish(self, job_id: PrintJobId) -> None:
        """Remove a printed job."""
        _DROP.run(self._connection, job=job_id.bytes)

    def wait_again(self, job_id: PrintJobId, job: PrintJob) -> None:
        """Put a job back as `job`."""
        self._connection.execute(
            update(PrintJobRow)
            .where(PrintJobRow.job_id == job_id.bytes)
            .values(state="waiting", kind=job.kind, copy_number=job.copy_number)
        )

    def started(self) -> Sequence[PrintJob]:
        """Return jobs that were being printed when the till stopped."""
        query = select(_job).where(_job.c.state == "started").order_by(_job.c.created_at)
        return [_from_row(row) for row in self._connection.execute(query)]

    def waiting(self) -> int:
        """Return how many jobs wait."""
        count: int = self._connection.execute(
            select(func.count()).select_from(_job).where(_job.c.state == "waiting")
        ).scalar_one()
        return count

    def cancel_all(self) -> int:
        """Drop what waits; return how many."""
        return self._connection.execute(delete(PrintJobRow).where(PrintJobRow.state == "waiting")).rowcount


def _from_row(row: Row[Any]) -> PrintJob:
    subject = to_id(row.subject_id) if row.subject_id else None
    return PrintJob(
        job_id=PrintJobId(to_id(row.job_id)),
        kind=row.kind,
        subject=None if subject is None else _SUBJECTS.get(row.kind, SaleId)(subject),
        copy_number=row.copy_number,
        created_at=from_ms(row.created_at),
        attempts=row.attempts,
    )
