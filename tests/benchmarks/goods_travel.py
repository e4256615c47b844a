"""How fast a founding till brings the whole real catalogue along, and how fast another till takes it in.

Out: what a push packs (read, encode), in parts of 500 documents, progress kept in memory. In: decode and write the same
documents in transactions of 200, each durable, into an empty till; against bare inserts of the same rows by sqlite3 it
has no bar: what counts is that a new till sells soon, so the seconds are told.

    python -m tests.benchmarks.goods_travel
"""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from pos_app.domain.values.ids import MerchantId
from pos_app.persistence.database import open_store
from pos_app.services.ports.store import Store
from pos_app.services.ports.syncing import EnrolWay, SyncLink
from sync.client.goods_applying import APPLIERS, apply_variants
from sync.client.goods_bringing import Progress, at_first, progress_of
from sync.client.goods_sending import Room, pack
from sync.protocol.documents import Kind
from sync.protocol.messages import Document, Offered
from tests.benchmarks.big_shop import big_shop
from tests.benchmarks.table import Row, percentile, run

AT_ONCE = 200


def measure() -> list[Row]:
    """Bring everything along, and take it in."""
    with big_shop() as big:
        documents, seconds = brought(big.store)
    rows = [_row("goods brought along", len(documents), seconds, 0.0)]
    goods = [document for document in documents if document.kind == Kind.VARIANT]
    for name, together in (("goods taken in one by one", False), ("goods taken in together", True)):
        with tempfile.TemporaryDirectory() as folder:
            store = open_store(Path(folder) / "new.db")
            seconds, longest = taken_in(store, goods, together=together)
            store.close()
        rows.append(_row(name, len(goods), seconds, longest))
    return rows


def brought(store: Store) -> tuple[list[Document], float]:
    """Pack pushes until everything is brought along; return the documents and the seconds."""
    with store.read() as tx:
        link = SyncLink(
            address="",
            merchant=MerchantId(UUID(int=1)),
            platform_key=b"",
            enrolled_at_ms=0,
            epoch=1,
            seq=0,
            hash=b"",
            uploading=at_first(EnrolWay.FOUND, tx.journal.head()),
        )
    offers: list[Offered] = []
    progress: Progress = progress_of(link.uploading)
    began = time.perf_counter()
    while progress.walk is not None:
        with store.read() as tx:
            luggage = pack(tx, replace(link, uploading=progress.text()), (), Room(500))
        offers += luggage.documents
        progress = luggage.progress
    seconds = time.perf_counter() - began
    return [_document(offer, place) for place, offer in enumerate(offers, 1)], seconds


def _document(offer: Offered, place: int) -> Document:
    return Document(offer.kind, offer.id, place, offer.gone, offer.version, offer.body)


def taken_in(store: Store, goods: Sequence[Document], *, together: bool) -> tuple[float, float]:
    """Write documents; return the seconds of all, and the longest of one transaction in ms (19 of 20 are shorter)."""
    holds: list[float] = []
    one = APPLIERS[Kind.VARIANT]
    began = time.perf_counter()
    for start in range(0, len(goods), AT_ONCE):
        part = goods[start : start + AT_ONCE]
        held = time.perf_counter()
        with store.write() as tx:
            bodies = apply_variants(tx, part) if together else [one(tx, document) for document in part]
            places = [(d.id, d.position, body) for d, body in zip(part, bodies, strict=True)]
            tx.documents.put_many(Kind.VARIANT, places)
        holds.append((time.perf_counter() - held) * 1_000)
    return time.perf_counter() - began, percentile(holds, 95)


def _row(name: str, count: int, seconds: float, longest: float) -> Row:
    held = f", p95 {longest:.0f} ms held" if longest else ""
    return Row(name=name, figure=f"{count / seconds:,.0f} /s, {count:,}{held}", measured=seconds, unit="s")


if __name__ == "__main__":
    run(measure)
