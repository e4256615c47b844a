"""Batches of imports, and which rows they hide.

A row of goods, pieces or members is a *version*: `since` names the batch that brought it (0: made here), `until` the
batch that replaced it (0: none did). Decides how a reader tells which versions count now; docs/decisions/0010.
"""

from typing import NamedTuple

from sqlalchemy import Connection, Index, select, text
from sqlalchemy.orm import Mapped, mapped_column

from pos_app.persistence.base import Base, Id, Json, Moment, OptionalMoment, Str
from pos_app.persistence.prepared import Prepared

NOTHING_HIDDEN = -1
SETTLED = ("done", "gone")
"""States in which a batch has nothing left to do."""
_HIDING = ("staging", "withdrawn")


class ImportBatchRow(Base):
    """An import; `body` holds its mapping, counts and refusals."""

    __tablename__ = "import_batch"
    __table_args__ = (
        Index("ix_import_batch_pending", "state", sqlite_where=text("state NOT IN ('done', 'gone')")),
        Index("ix_import_batch_sha256", "sha256"),
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[Id]
    kind: Mapped[Str]
    state: Mapped[Str]
    sha256: Mapped[Str]
    file_name: Mapped[Str]
    started_at: Mapped[Moment]
    published_at: Mapped[OptionalMoment]
    staff_id: Mapped[Id]
    rows_done: Mapped[Moment]
    body: Mapped[Json]


class Pending(NamedTuple):
    """What a reader must leave out: versions since `hidden` (NOTHING_HIDDEN: none) and those that were replaced.

    A version counts when ``since <> hidden AND until IN (0, hidden)``. Unless `under_way`, no search key and no code
    belongs to a version that does not count, so that look-ups by key need not ask.
    """

    hidden: int
    under_way: bool


_NONE = Pending(NOTHING_HIDDEN, under_way=False)
_PENDING = Prepared(
    select(ImportBatchRow.number, ImportBatchRow.state).where(text("state NOT IN ('done', 'gone')"))
)


def pending(connection: Connection) -> Pending:
    """Return what the transaction of a connection must leave out; at most one batch is under way at a time."""
    row = _PENDING.run(connection).first()
    if row is None:
        return _NONE
    return Pending(row[0] if row[1] in _HIDING else NOTHING_HIDDEN, under_way=True)
