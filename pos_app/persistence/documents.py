"""What the platform sent, in SQLite: one row a document. Decides storage; what a document means is `sync.client`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from sqlalchemy import Connection, Text, bindparam, select, text
from sqlalchemy.orm import Mapped, mapped_column

from pos_app.persistence.base import Base, Id, Minor, Str
from pos_app.persistence.prepared import Prepared
from pos_app.persistence.tables import CLUSTERED


class DocumentRow(Base):
    """A document's place in the feed, and its body where no other table holds it."""

    __tablename__ = "document"
    __table_args__ = CLUSTERED
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    id: Mapped[Id] = mapped_column(primary_key=True)
    position: Mapped[Minor]
    body: Mapped[bytes | None]


class SaleElsewhereRow(Base):
    """A sale of another shop that was asked for online, so that it can be returned here."""

    __tablename__ = "sale_elsewhere"
    __table_args__ = CLUSTERED
    sale_id: Mapped[Id] = mapped_column(primary_key=True)
    number: Mapped[Str] = mapped_column(index=True)
    body: Mapped[bytes]


_AT_ONCE = 64
"""Ids that one statement asks for; a shorter list is filled up, so that one statement serves all."""
_OWED = "owed."
"""Before the kind of a document that waits to be taken in: its place is that of what was taken in before, 0 for none,
its body the document itself."""
_table = DocumentRow.__table__
_THIS = (_table.c.kind == bindparam("k"), _table.c.id == bindparam("d"))
_POSITION = Prepared(select(_table.c.position).where(*_THIS))
_BODY = Prepared(select(_table.c.body).where(*_THIS))
_REMOVE = Prepared(text("DELETE FROM document WHERE kind = :k AND id = :d"))
_PUT = Prepared(
    text("INSERT OR REPLACE INTO document (kind, id, position, body) VALUES (:kind, :id, :position, :body)")
)
_MOVE = Prepared(
    text(
        "INSERT INTO document (kind, id, position) VALUES (:kind, :id, :position)"
        " ON CONFLICT (kind, id) DO UPDATE SET position = excluded.position"
    )
)
_CLEAR_SOME = Prepared(
    text(
        "DELETE FROM document WHERE (kind, id) IN (SELECT kind, id FROM document LIMIT :most) RETURNING position"
    )
)


class SqlDocuments:
    """The documents of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def position(self, kind: str, document: bytes) -> int | None:
        """Return where a document stands in the feed."""
        found: int | None = _POSITION.run(self._connection, k=kind, d=document).scalar_one_or_none()
        return found

    def positions(self, kind: str, documents: Sequence[bytes]) -> Mapping[bytes, int]:
        """Return where some documents of a kind stand in the feed; those that are not here are left out."""
        found: dict[bytes, int] = {}
        for start in range(0, len(documents), _AT_ONCE):
            ids = list(documents[start : start + _AT_ONCE])
            ids += ids[:1] * (_AT_ONCE - len(ids))
            asked = {f"d{place}": each for place, each in enumerate(ids)}
            found.update(tuple(row) for row in _positions().run(self._connection, k=kind, **asked))
        return found

    def seen(self, kind: str, document: bytes) -> int | None:
        """Return the place of what was taken in last of a document."""
        owed = self.position(_OWED + kind, document)
        return (owed or None) if owed is not None else self.position(kind, document)

    def put(self, kind: str, document: bytes, position: int, body: bytes | None) -> None:
        """Write a document."""
        self.put_many(kind, ((document, position, body),))

    def put_many(self, kind: str, documents: Iterable[tuple[bytes, int, bytes | None]]) -> None:
        """Write documents of a kind."""
        rows = ({"kind": kind, "id": d, "position": at, "body": body} for d, at, body in documents)
        _PUT.run_many(self._connection, rows)

    def owe(self, kind: str, document: bytes, position: int | None, whole: bytes) -> None:
        """Note a document's place (None: it is gone) and put it aside as it came; what is kept of it stays."""
        _PUT.run(
            self._connection,
            kind=_OWED + kind,
            id=document,
            position=self.seen(kind, document) or 0,
            body=whole,
        )
        if position is None:
            self.remove(kind, document)
        else:
            _MOVE.run(self._connection, kind=kind, id=document, position=position)

    def owed(self, kind: str) -> Sequence[tuple[bytes, bytes]]:
        """Return the documents of a kind that wait to be taken in, with their ids."""
        return list(self.all(_OWED + kind))

    def settle(self, kind: str, documents: Iterable[bytes]) -> None:
        """Forget what was put aside of some documents of a kind."""
        _REMOVE.run_many(self._connection, ({"k": _OWED + kind, "d": document} for document in documents))

    def remove(self, kind: str, document: bytes) -> None:
        """Forget a document."""
        _REMOVE.run(self._connection, k=kind, d=document)

    def body(self, kind: str, document: bytes) -> bytes | None:
        """Return what is kept of a document."""
        found: bytes | None = _BODY.run(self._connection, k=kind, d=document).scalar_one_or_none()
        return found

    def all(self, kind: str) -> Iterator[tuple[bytes, bytes]]:
        """Walk the ids and bodies of a kind."""
        query = select(_table.c.id, _table.c.body).where(_table.c.kind == kind, _table.c.body.is_not(None))
        for row in self._connection.execute(query):
            yield row.id, row.body

    def clear(self, most: int) -> int:
        """Forget so many documents; return how many there were."""
        return len(_CLEAR_SOME.run(self._connection, most=most).all())


@lru_cache(maxsize=1)
def _positions() -> Prepared:
    asked = _table.c.id.in_([bindparam(f"d{place}") for place in range(_AT_ONCE)])
    return Prepared(select(_table.c.id, _table.c.position).where(_table.c.kind == bindparam("k"), asked))
