"""A long history: so many real sales, journalled and chained, written many to a transaction.

Each is a copy of one sale that was really committed, with its own id, number and time; what a commit writes beside it
(queue of the printer, visits) is left out. Decides nothing a shop would see.
"""

import os
from datetime import datetime, timedelta

import msgspec

from pos_app.domain.facts.sales import SaleCommitted
from pos_app.domain.sales.sale import Sale, receipt_number
from pos_app.domain.values.ids import LineId, SaleId, TenderId, uuid7
from pos_app.services.acting import Actor
from pos_app.services.ports.clock import Clock, Ids
from pos_app.services.recording import Recorder
from pos_app.services.shop import Shop

A_TRANSACTION = 2_000
EVERY = timedelta(seconds=20)


class _PastIds:
    """UUIDv7s of a time of the past."""

    def __init__(self) -> None:
        self.at = datetime.min

    def new(self) -> "object":
        return uuid7(int(self.at.timestamp() * 1000), int.from_bytes(os.urandom(10), "big") >> 6)


def sell_before(shop: Shop, who: Actor, first: Sale, sales: int, clock: Clock) -> None:
    """Write sales like `first`, one every twenty seconds, so that the last stands at the clock's time."""
    ids = _PastIds()
    recorder = Recorder(first.till, clock, ids)  # type: ignore[arg-type]
    at = clock.now() - EVERY * sales
    for done in range(0, sales, A_TRANSACTION):
        with shop.store.write() as tx:
            for _ in range(min(A_TRANSACTION, sales - done)):
                at += EVERY
                ids.at = at
                counter = tx.sales.next_counter(1, at.year)
                number = receipt_number("M01", "1", at.year, 1, counter)
                sale = _another(first, ids, at, number)  # type: ignore[arg-type]
                tx.sales.add(sale, recorder.record(tx, SaleCommitted(sale=sale), who.staff_id, at=at))


def _another(sale: Sale, ids: Ids, at: datetime, number: str) -> Sale:
    replace = msgspec.structs.replace
    return replace(
        sale,
        sale_id=SaleId(ids.new()),
        number=number,
        committed_at=at,
        business_date=at.date(),
        lines=tuple(replace(line, line_id=LineId(ids.new())) for line in sale.lines),
        tenders=tuple(replace(tender, tender_id=TenderId(ids.new())) for tender in sale.tenders),
    )
