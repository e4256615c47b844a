"""What the platform sent, in SQLite: one row a document. Decides storage; what a document means is `sync.client`."""

from collections.abc import Iterator

from sqlalchemy import Connection, Text, bindparam, delete, select, text
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


_table = DocumentRow.__table__
_THIS = (_table.c.kind == bindparam("k"), _table.c.id == bindparam("d"))
_POSITION = Prepared(select(_table.c.position).where(*_THIS))
_BODY = Prepared(select(_table.c.body).where(*_THIS))
_REMOVE = Prepared(text("DELETE FROM document WHERE kind = :k AND id = :d"))
_PUT = Prepared(
    text("INSERT OR REPLACE INTO document (kind, id, position, body) VALUES (:kind, :id, :position, :body)")
)


class SqlDocuments:
    """The documents of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def position(self, kind: str, document: bytes) -> int | None:
        """Return where a document stands in the feed."""
        found: int | None = _POSITION.run(self._connection, k=kind, d=document).scalar_one_or_none()
        return found

    def put(self, kind: str, document: bytes, position: int, body: bytes | None) -> None:
        """Write a document."""
        _PUT.run(self._connection, kind=kind, id=document, position=position, body=body)

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

    def clear(self) -> None:
        """Forget all documents."""
        self._connection.execute(delete(DocumentRow))
