"""The till's tie to a platform, in SQLite: one row. Decides storage; what it means is `sync.client`."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from pos_app.domain.values.ids import MerchantId
from pos_app.persistence.base import Base, Id, Minor, Moment, Str
from pos_app.persistence.prepared import Prepared
from pos_app.services.ports.syncing import SyncLink


class SyncLinkRow(Base):
    """To which platform this till belongs, and what that one acknowledged."""

    __tablename__ = "sync_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[Str]
    merchant_id: Mapped[Id]
    platform_key: Mapped[bytes]
    enrolled_at: Mapped[Moment]
    epoch: Mapped[int]
    seq: Mapped[int]
    hash: Mapped[bytes]
    signature: Mapped[bytes]
    letters: Mapped[int]
    cursor: Mapped[bytes]
    is_restored: Mapped[bool]
    way: Mapped[Str]
    digest: Mapped[Minor]
    answered_at: Mapped[Moment]
    refetched_at: Mapped[Moment]
    drift_ms: Mapped[Minor]
    trouble: Mapped[int]
    state: Mapped[Str]
    uploading: Mapped[Str]


_ALL_BITS = (1 << 64) - 1
_LOAD = Prepared(select(SyncLinkRow.__table__))
_SAVE = Prepared(insert(SyncLinkRow).prefix_with("OR REPLACE"))


class SqlLinks:
    """The tie of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def load(self) -> SyncLink | None:
        """Return the tie; None for a till that stands alone."""
        row = _LOAD.run(self._connection).first()
        return None if row is None else _link_of(row)

    def save(self, link: SyncLink) -> None:
        """Write the tie anew."""
        values = {
            "address": link.address,
            "merchant_id": link.merchant.bytes,
            "platform_key": link.platform_key,
            "enrolled_at": link.enrolled_at_ms,
            "epoch": link.epoch,
            "seq": link.seq,
            "hash": link.hash,
            "signature": link.signature,
            "letters": link.letters,
            "cursor": link.cursor,
            "is_restored": link.is_restored,
            "way": link.way,
            "digest": link.digest - (link.digest >> 63 << 64),  # SQLite's integers have a sign.
            "answered_at": link.answered_at_ms,
            "refetched_at": link.refetched_at_ms,
            "drift_ms": link.drift_ms,
            "trouble": link.trouble,
            "state": link.state,
            "uploading": link.uploading,
        }
        _SAVE.run(self._connection, id=1, **values)

    def remove(self) -> None:
        """Forget the tie."""
        self._connection.execute(delete(SyncLinkRow))


def _link_of(row: Any) -> SyncLink:
    return SyncLink(
        address=row.address,
        merchant=MerchantId(UUID(bytes=row.merchant_id)),
        platform_key=row.platform_key,
        enrolled_at_ms=row.enrolled_at,
        epoch=row.epoch,
        seq=row.seq,
        hash=row.hash,
        signature=row.signature,
        letters=row.letters,
        cursor=row.cursor,
        is_restored=bool(row.is_restored),
        way=row.way,
        digest=row.digest & _ALL_BITS,
        answered_at_ms=row.answered_at,
        refetched_at_ms=row.refetched_at,
        drift_ms=row.drift_ms,
        trouble=row.trouble,
        state=row.state,
        uploading=row.uploading,
    )
