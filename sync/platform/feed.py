"""The feed of a merchant: every document once, at the position of its latest state.

Positions come from the head's row, which stays locked until the writer has committed: a reader never passes a number
that is still to be written (SYNC.md §4). Decides positions, digest and cursor; what documents say is not its business.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from pos_app.domain.values.ids import MerchantId
from sync.platform import tables, upserts
from sync.protocol.documents import DIGEST_BYTES, digest_of
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Document

_document, _head = tables.document, tables.feed_head
_MAC_BYTES = 8
_AT_ONCE = 400
_ALL_BITS = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Draft:
    """A document to be given a position; `gone` is a tombstone, `hlc` that of who wrote it whole (0 for folded ones).

    `position` is the one that it has until then, 0 for none.
    """

    kind: str
    id: bytes
    body: bytes
    gone: bool = False
    version: int = 1
    hlc: int = 0
    position: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """Where the feed ends, and the digest of what lives in it."""

    position: int
    digest: int


def head_of(connection: Connection, merchant: MerchantId) -> Head:
    """Return where the feed ends."""
    row = connection.execute(select(_head).where(_head.c.merchant_id == merchant.bytes)).one()
    return Head(row.position, row.digest & _ALL_BITS)


def hold(connection: Connection, merchant: MerchantId) -> None:
    """Keep every other writer of this merchant waiting until this transaction ends."""
    held = select(_head.c.position).where(_head.c.merchant_id == merchant.bytes)
    connection.execute(held.with_for_update()).one()


def take_positions(connection: Connection, merchant: MerchantId, count: int) -> int:
    """Return the first of `count` new positions; every other writer of this merchant waits until this one commits.

    Take them last, with everything decided: what is written after this is kept short.
    """
    moved = (
        update(_head)
        .where(_head.c.merchant_id == merchant.bytes)
        .values(position=_head.c.position + count)
        .returning(_head.c.position)
    )
    last: int = connection.execute(moved).scalar_one()
    return last - count + 1


def leap(connection: Connection, by: int) -> None:
    """Leave out positions in every feed.

    A platform that was restored from a backup gives positions that tills know from before another meaning: after a
    leap by chance no document of theirs stands where one of these does, so their digest tells.
    """
    connection.execute(update(_head).values(position=_head.c.position + by))


def publish(connection: Connection, merchant: MerchantId, first: int, drafts: Sequence[Draft]) -> None:
    """Write documents at the positions from `first` on, each kind and id once, and move the digest."""
    if not drafts:
        return
    change = _digest_before(connection, merchant, drafts)
    rows = []
    for position, draft in enumerate(drafts, first):
        if not draft.gone:
            change ^= digest_of(draft.kind, draft.id, position)
        rows.append(
            {
                "merchant_id": merchant.bytes,
                "kind": draft.kind,
                "id": draft.id,
                "position": position,
                "gone": int(draft.gone),
                "version": draft.version,
                "hlc": draft.hlc,
                "body": draft.body,
            }
        )
    write = upserts.latest(connection, _document, "position", "gone", "version", "hlc", "body")
    connection.execute(write, rows)
    key = _head.c.merchant_id == merchant.bytes
    now: int = connection.execute(select(_head.c.digest).where(key)).scalar_one() & _ALL_BITS
    connection.execute(update(_head).where(key).values(digest=_signed(now ^ change)))


def _digest_before(connection: Connection, merchant: MerchantId, drafts: Sequence[Draft]) -> int:
    """Return what the present versions of documents add to the digest."""
    digest = 0
    by_kind: dict[str, list[bytes]] = {}
    for draft in drafts:
        by_kind.setdefault(draft.kind, []).append(draft.id)
    for kind, ids in by_kind.items():
        for start in range(0, len(ids), _AT_ONCE):
            query = select(_document.c.id, _document.c.position).where(
                _document.c.merchant_id == merchant.bytes,
                _document.c.kind == kind,
                _document.c.id.in_(ids[start : start + _AT_ONCE]),
                _document.c.gone == 0,
            )
            for row in connection.execute(query):
                digest ^= digest_of(kind, row.id, row.position)
    return digest


def _signed(number: int) -> int:
    """Return 64 bits as databases keep them."""
    return number - (number >> 63 << 64)


def digest_bytes(digest: int) -> bytes:
    """Return a digest as it travels."""
    return digest.to_bytes(DIGEST_BYTES, "big")


def documents_after(
    connection: Connection, merchant: MerchantId, position: int, limit: int
) -> list[Document]:
    """Return the documents after a position, in the order of the feed."""
    query = (
        select(_document)
        .where(_document.c.merchant_id == merchant.bytes, _document.c.position > position)
        .order_by(_document.c.position)
        .limit(limit)
    )
    return [document_of(row) for row in connection.execute(query)]


def is_gone_since(connection: Connection, merchant: MerchantId, kind: str, position: int) -> bool:
    """Whether a document of a kind went after a position."""
    went = select(_document.c.position).where(
        _document.c.merchant_id == merchant.bytes,
        _document.c.position > position,
        _document.c.kind == kind,
        _document.c.gone == 1,
    )
    return connection.execute(went.limit(1)).first() is not None


def document_of(row: tuple[object, ...]) -> Document:
    """Return the document of a row of the whole table."""
    _merchant, kind, key, position, gone, version, _hlc, body = row
    return Document(kind, key, position, bool(gone), version, body)  # type: ignore[arg-type]


def bodies(
    connection: Connection, merchant: MerchantId, kind: str, ids: Iterable[bytes]
) -> dict[bytes, Document]:
    """Return documents of a kind by their ids, tombstones among them."""
    wanted = list(ids)
    found: dict[bytes, Document] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        query = select(_document).where(
            _document.c.merchant_id == merchant.bytes,
            _document.c.kind == kind,
            _document.c.id.in_(wanted[start : start + _AT_ONCE]),
        )
        found |= {row.id: document_of(tuple(row)) for row in connection.execute(query)}
    return found


def newest(
    connection: Connection, merchant: MerchantId, wanted: Sequence[tuple[str, bytes]]
) -> dict[tuple[str, bytes], Draft]:
    """Return documents as they stand, with who wrote them last."""
    found: dict[tuple[str, bytes], Draft] = {}
    by_kind: dict[str, list[bytes]] = {}
    for kind, key in wanted:
        by_kind.setdefault(kind, []).append(key)
    for kind, ids in by_kind.items():
        for start in range(0, len(ids), _AT_ONCE):
            query = select(_document).where(
                _document.c.merchant_id == merchant.bytes,
                _document.c.kind == kind,
                _document.c.id.in_(ids[start : start + _AT_ONCE]),
            )
            for row in connection.execute(query):
                found[kind, row.id] = Draft(
                    kind,
                    row.id,
                    row.body,
                    gone=bool(row.gone),
                    version=row.version,
                    hlc=row.hlc,
                    position=row.position,
                )
    return found


def cursor_of(seed: bytes, merchant: MerchantId, position: int) -> bytes:
    """Return the cursor of a position: eight bytes, and a code that only this merchant's platform can make."""
    plain = position.to_bytes(8, "big")
    return plain + _mac(seed, merchant, plain)


def position_of(seed: bytes, merchant: MerchantId, cursor: bytes) -> int:
    """Return the position of a cursor, 0 of an empty one; raises PlatformError CURSOR_FOREIGN."""
    if not cursor:
        return 0
    plain, code = cursor[:8], cursor[8:]
    if len(plain) != 8 or not hmac.compare_digest(code, _mac(seed, merchant, plain)):
        raise PlatformError(Number.CURSOR_FOREIGN)
    return int.from_bytes(plain, "big")


def _mac(seed: bytes, merchant: MerchantId, plain: bytes) -> bytes:
    key = hashlib.sha256(b"shuke cursor " + seed).digest()
    return hmac.digest(key, merchant.bytes + plain, "sha256")[:_MAC_BYTES]
