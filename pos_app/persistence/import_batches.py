"""Import batches, their refusals and remembered mappings in SQLite.

Decides storage; what a batch may do next is `services.imports`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Text, bindparam, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.orm import Mapped, mapped_column

from pos_app.domain.imports.kinds import Kind
from pos_app.domain.values.ids import ImportId, StaffId
from pos_app.persistence.base import Base, Json, from_ms, to_id, to_ms
from pos_app.persistence.imports import ImportBatchRow
from pos_app.persistence.journal import entry_of, position
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.tables import CLUSTERED, JournalRow
from pos_app.services.ports.imports import BatchPlan, Counts, ImportBatch, Refusal, State
from pos_app.services.ports.journal import JournalEntry

_LOOK_BACK = 50
_SETTLED = (State.DONE.value, State.GONE.value)


class ImportRefusalRow(Base):
    """A row of a file that was refused; `body` holds its faults."""

    __tablename__ = "import_refusal"
    __table_args__ = CLUSTERED
    number: Mapped[int] = mapped_column(primary_key=True)
    row: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[Json]


class ImportMappingRow(Base):
    """The heading of each field, chosen for a set of headings."""

    __tablename__ = "import_mapping"
    __table_args__ = CLUSTERED
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    headings: Mapped[str] = mapped_column(Text, primary_key=True)
    body: Mapped[Json]


class _Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """What stands in a batch's body column."""

    plan: BatchPlan
    counts: Counts = Counts()
    journal_from: tuple[int, int] = (0, 0)
    labels_after: int = 0
    path: str = ""


_batch = ImportBatchRow.__table__
_journal = JournalRow.__table__
_refusal = ImportRefusalRow.__table__
_decoder = msgspec.json.Decoder(_Body)
_columns = msgspec.json.Decoder(dict[str, str])
_SAVE = Prepared(
    update(ImportBatchRow)
    .where(ImportBatchRow.number == bindparam("batch"))
    .values(
        state=bindparam("now"),
        rows_done=bindparam("done"),
        published_at=bindparam("published"),
        body=bindparam("content"),
    )
)
_REFUSE = Prepared(upsert(ImportRefusalRow).on_conflict_do_nothing())


class SqlImports:
    """The import batches of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, batch: ImportBatch) -> ImportBatch:
        """Keep a new batch and return it with its number."""
        done = self._connection.execute(
            insert(ImportBatchRow).values(
                batch_id=batch.batch_id.bytes,
                kind=batch.kind.value,
                state=batch.state.value,
                sha256=batch.sha256,
                file_name=batch.file_name,
                started_at=to_ms(batch.started_at),
                published_at=None,
                staff_id=batch.staff_id.bytes,
                rows_done=batch.rows_done,
                body=_body(batch),
            )
        )
        assert done.inserted_primary_key is not None
        return msgspec.structs.replace(batch, number=done.inserted_primary_key[0])

    def save(self, batch: ImportBatch) -> None:
        """Write where a batch stands now."""
        _SAVE.run(
            self._connection,
            batch=batch.number,
            now=batch.state.value,
            done=batch.rows_done,
            published=to_ms(batch.published_at) if batch.published_at else None,
            content=_body(batch),
        )

    def get(self, number: int) -> ImportBatch | None:
        """Return a batch."""
        return self._one(select(_batch).where(_batch.c.number == number))

    def current(self) -> ImportBatch | None:
        """Return the batch that is under way."""
        return self._one(select(_batch).where(_batch.c.state.not_in(_SETTLED)).limit(1))

    def last_done(self) -> ImportBatch | None:
        """Return the batch that can be taken back: the latest that brought anything, if it is done."""
        for batch in self.latest(_LOOK_BACK):
            if batch.state is not State.GONE or batch.counts.staged:
                return batch if batch.state is State.DONE else None
        return None

    def of_file(self, sha256: str) -> Sequence[ImportBatch]:
        """Return the batches of a file, the newest first."""
        query = select(_batch).where(_batch.c.sha256 == sha256).order_by(_batch.c.number.desc())
        return [_from_row(row) for row in self._connection.execute(query)]

    def latest(self, limit: int) -> Sequence[ImportBatch]:
        """Return batches, the newest first."""
        query = select(_batch).order_by(_batch.c.number.desc()).limit(limit)
        return [_from_row(row) for row in self._connection.execute(query)]

    def _one(self, query: Any) -> ImportBatch | None:
        row = self._connection.execute(query).first()
        return None if row is None else _from_row(row)

    def add_refusals(self, number: int, refusals: Iterable[Refusal]) -> None:
        """Keep rows that were refused."""
        rows = ({"number": number, "row": each.row, "body": each.body} for each in refusals)
        _REFUSE.run_many(self._connection, rows)

    def refusals(self, number: int, after_row: int, limit: int) -> Sequence[Refusal]:
        """Return rows that were refused, after a row of the file, in order."""
        query = (
            select(_refusal.c.row, _refusal.c.body)
            .where(_refusal.c.number == number, _refusal.c.row > after_row)
            .order_by(_refusal.c.row)
            .limit(limit)
        )
        return [Refusal(row=row, body=body) for row, body in self._connection.execute(query)]

    def happened(self, after: tuple[int, int], kinds: Sequence[str]) -> Sequence[JournalEntry]:
        """Return the facts of some kinds after a place of the journal, in order."""
        query = (
            select(_journal)
            .where(_journal.c.position > position(*after), _journal.c.kind.in_(kinds))
            .order_by(_journal.c.position)
        )
        return [entry_of(row) for row in self._connection.execute(query)]

    def mapping(self, kind: Kind, key: str) -> Mapping[str, str] | None:
        """Return the heading of each field that was chosen for a set of headings before."""
        table = ImportMappingRow.__table__
        query = select(table.c.body).where(table.c.kind == kind.value, table.c.headings == key)
        body = self._connection.execute(query).scalar_one_or_none()
        return None if body is None else _columns.decode(body)

    def remember_mapping(self, kind: Kind, key: str, columns: Mapping[str, str]) -> None:
        """Keep the heading of each field for a set of headings."""
        new = upsert(ImportMappingRow).values(
            kind=kind.value, headings=key, body=msgspec.json.encode(dict(columns))
        )
        self._connection.execute(
            new.on_conflict_do_update(index_elements=["kind", "headings"], set_={"body": new.excluded.body})
        )


def _body(batch: ImportBatch) -> bytes:
    # Once every row is read nobody needs to know any more where on this computer the file stood.
    path = batch.path if batch.state is State.STAGING else ""
    return msgspec.json.encode(_Body(batch.plan, batch.counts, batch.journal_from, batch.labels_after, path))


def _from_row(row: Row[Any]) -> ImportBatch:
    body = _decoder.decode(row.body)
    return ImportBatch(
        number=row.number,
        batch_id=ImportId(to_id(row.batch_id)),
        kind=Kind(row.kind),
        state=State(row.state),
        sha256=row.sha256,
        file_name=row.file_name,
        started_at=from_ms(row.started_at),
        staff_id=StaffId(to_id(row.staff_id)),
        plan=body.plan,
        counts=body.counts,
        rows_done=row.rows_done,
        published_at=from_ms(row.published_at) if row.published_at is not None else None,
        journal_from=body.journal_from,
        labels_after=body.labels_after,
        path=body.path,
    )
