"""The journal in SQLite: one row a fact, and one row that says where it ends.

Decides storage; chaining is `services.recording`, checking is `services.proof`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from pos_app.domain.facts.envelope import GENESIS, Envelope
from pos_app.domain.values.hlc import Hlc
from pos_app.persistence.base import to_ms
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.tables import JournalHeadRow, JournalRow, SignedHeadRow
from pos_app.services.ports.journal import Head, JournalEntry, SignedHead

SEQ_BITS = 40

_journal = JournalRow.__table__
_HEAD = Prepared(
    select(JournalHeadRow.epoch, JournalHeadRow.seq, JournalHeadRow.hash, JournalHeadRow.hlc).where(
        JournalHeadRow.id == 1
    )
)
_MOVE = Prepared(
    update(JournalHeadRow)
    .where(JournalHeadRow.id == 1)
    .values(epoch=bindparam("e"), seq=bindparam("s"), hash=bindparam("h"), hlc=bindparam("c"))
)
_APPEND = Prepared(insert(JournalRow))


def position(epoch: int, seq: int) -> int:
    """Return the journal's row number of a fact."""
    return epoch << SEQ_BITS | seq


class SqlJournal:
    """The journal of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.is_longer = False
        """Whether this transaction appended something."""

    def head(self) -> Head:
        """Return where the journal ends."""
        row = _HEAD.run(self._connection).one()
        return Head(row[0], row[1], row[2], Hlc(row[3]))

    def append(self, envelope: Envelope, body: bytes, digest: bytes) -> None:
        """Add a fact and move the head."""
        e = envelope
        _APPEND.run(
            self._connection,
            position=position(e.epoch, e.seq),
            epoch=e.epoch,
            seq=e.seq,
            kind=e.kind,
            version=e.version,
            fact_id=e.fact.bytes,
            happened_at=to_ms(e.at),
            hlc=e.hlc,
            staff_id=e.staff.bytes if e.staff else None,
            hash=digest,
            body=body,
        )
        _MOVE.run(self._connection, e=e.epoch, s=e.seq, h=digest, c=e.hlc)
        self.is_longer = True

    def open_epoch(self, epoch: int) -> None:
        """Let the next fact be seq 1 of a new epoch, chained to the present head."""
        head = self.head()
        _MOVE.run(self._connection, e=epoch, s=0, h=head.hash, c=head.hlc)

    def entries(self, after: tuple[int, int] = (0, 0), limit: int | None = None) -> Iterator[JournalEntry]:
        """Walk entries after (epoch, seq), in order."""
        query = select(_journal).where(_journal.c.position > position(*after)).order_by(_journal.c.position)
        with self._connection.execute(query.limit(limit).execution_options(yield_per=500)) as rows:
            for row in rows:
                yield entry_of(row)

    def entry(self, epoch: int, seq: int) -> JournalEntry | None:
        """Return one entry."""
        query = select(_journal).where(_journal.c.position == position(epoch, seq))
        row = self._connection.execute(query).one_or_none()
        return None if row is None else entry_of(row)

    def base_of(self, epoch: int) -> bytes:
        """Return the hash that the first fact of an epoch is chained to, also before it is written."""
        earlier = _journal.c.position < position(epoch, 1)
        query = select(_journal.c.hash).where(earlier).order_by(_journal.c.position.desc()).limit(1)
        found: bytes | None = self._connection.execute(query).scalar_one_or_none()
        return GENESIS if found is None else found

    def body_at(self, at: int) -> bytes:
        """Return the stored bytes at a row number."""
        query = select(_journal.c.body).where(_journal.c.position == at)
        body: bytes = self._connection.execute(query).scalar_one()
        return body

    def count_kinds(self, after: tuple[int, int]) -> Mapping[str, int]:
        """Return how many facts of each kind stand after (epoch, seq)."""
        query = (
            select(_journal.c.kind, func.count())
            .where(_journal.c.position > position(*after))
            .group_by(_journal.c.kind)
        )
        return {str(kind): int(count) for kind, count in self._connection.execute(query)}

    def save_signed_head(self, head: SignedHead) -> None:
        """Keep a signed head; one that is kept already stays."""
        self._connection.execute(
            insert(SignedHeadRow)
            .prefix_with("OR IGNORE")
            .values(
                epoch=head.epoch,
                seq=head.seq,
                hash=head.hash,
                signature=head.signature,
                public_key=head.public_key,
            )
        )

    def last_signed_head(self) -> SignedHead | None:
        """Return the head that was signed last."""
        table = SignedHeadRow.__table__
        latest = table.select().where(table.c.epoch > 0).order_by(table.c.epoch.desc(), table.c.seq.desc())
        row = self._connection.execute(latest.limit(1)).one_or_none()
        return None if row is None else SignedHead(**row._mapping)

    def signed_heads(self) -> Sequence[SignedHead]:
        """Return all signed heads, oldest first."""
        table = SignedHeadRow.__table__
        rows = self._connection.execute(select(table).order_by(table.c.epoch, table.c.seq))
        return [
            SignedHead(epoch=r.epoch, seq=r.seq, hash=r.hash, signature=r.signature, public_key=r.public_key)
            for r in rows
        ]


def entry_of(row: Row[Any]) -> JournalEntry:
    """Return a row of the journal as an entry."""
    return JournalEntry(
        epoch=row.epoch,
        seq=row.seq,
        body=row.body,
        hash=row.hash,
        fact=row.fact_id,
        kind=row.kind,
        version=row.version,
        happened_at_ms=row.happened_at,
        hlc=row.hlc,
        staff=row.staff_id,
        kept_under=(row.position >> SEQ_BITS, row.position & (1 << SEQ_BITS) - 1),
    )
