"""Many write the feed at once and many read it: a reader never passes a position that is still to be written.

On PostgreSQL, where transactions commit in any order: sixty-four writers wait by chance before they commit, within the
database, and eight readers follow. The same with positions from a sequence, as the control: it loses rows.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, text

from pos_app.domain.values.ids import MerchantId, TillId
from sync.platform.__main__ import open_service
from sync.platform.database import Database
from sync.platform.feed import Draft, publish, take_positions
from sync.platform.service import PlatformService
from sync.platform.tills import Asker
from sync.protocol.documents import Kind
from sync.protocol.messages import Pull, TillState
from tests.support.sync_journal import SHOP, enrolment

WRITERS, READERS, SERVERS = 64, 8, 8
LONGEST_WAIT_S = 0.01
EACH = [
    pytest.param(4, id="256-rows"),
    pytest.param(145, id="9280-rows", marks=pytest.mark.prove),
]
_WAIT = text("SELECT pg_sleep(:seconds)")
Page = Callable[[int, Any], tuple[list[bytes], Any, bool]]
"""From a reader and its cursor (None at first) to the ids of the next rows, the next cursor, whether there are more."""


@dataclass
class Field:
    """Servers on one database; every writer and reader works with one of them."""

    services: Sequence[PlatformService]
    merchant: MerchantId
    asker: Asker
    written: set[bytes] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def database(self, which: int) -> Database:
        """The database as the server of a writer or reader sees it."""
        return self.services[which % SERVERS].database

    def run(self, each: int, write: Callable[[Connection, bytes], object], page: Page) -> list[set[bytes]]:
        """Let all writers write so many rows each while all readers follow; return what each reader has seen."""
        over = threading.Event()

        def writer(which: int) -> None:
            chance = Random(which)
            for number in range(each):
                row = UUID(int=which << 32 | number).bytes
                wait_s = chance.uniform(0, LONGEST_WAIT_S)

                def work(connection: Connection, row: bytes = row, wait_s: float = wait_s) -> None:
                    write(connection, row)
                    connection.execute(_WAIT, {"seconds": wait_s})

                self.database(which).write(work)
                with self.lock:
                    self.written.add(row)

        def reader(which: int) -> set[bytes]:
            seen: set[bytes] = set()
            cursor: Any = None
            while True:
                # Asked before the page is: what is committed by then must be in it, or in one before.
                is_last = over.is_set()
                rows, cursor, more = page(which, cursor)
                seen.update(rows)
                if is_last and not more:
                    return seen
                over.wait(0.005)

        with ThreadPoolExecutor(WRITERS) as writers, ThreadPoolExecutor(READERS) as readers:
            following = [readers.submit(reader, which) for which in range(READERS)]
            try:
                for done in [writers.submit(writer, which) for which in range(WRITERS)]:
                    done.result()
            finally:
                over.set()
            return [each.result() for each in following]


@pytest.fixture
def many(postgresql_address: str) -> Iterator[Field]:
    """Eight servers, with no state between them but the database."""
    services = [open_service(postgresql_address) for _ in range(SERVERS)]
    merchant = services[0].only_merchant()
    till = TillId(UUID(int=7))
    services[0].enrol(enrolment(services[0].new_code(merchant), till=till))
    asker = Asker(merchant, till, SHOP, TillState.OK)
    yield Field(services, merchant, asker)
    for service in services:
        service.database.close()


@pytest.mark.parametrize("each", EACH)
def test_no_reader_of_the_feed_misses_a_row_whatever_the_order_of_commits(many: Field, each: int) -> None:
    def write(connection: Connection, row: bytes) -> None:
        publish(
            connection,
            many.merchant,
            take_positions(connection, many.merchant, 1),
            [Draft(Kind.PIECE.value, row, b"{}")],
        )

    def page(which: int, cursor: Any) -> tuple[list[bytes], Any, bool]:
        reply = many.services[which].pull(many.asker, Pull(p=1, cursor=cursor or b"", limit=100))
        return [row.id for row in reply.rows if row.kind == Kind.PIECE], reply.cursor, reply.more

    seen = many.run(each, write, page)
    assert len(many.written) == WRITERS * each
    missed = [len(many.written - one) for one in seen]
    print(f"feed head: {WRITERS * each} rows, {READERS} readers, missed {missed}")
    assert missed == [0] * READERS


@pytest.mark.parametrize("each", EACH)
def test_with_a_sequence_for_positions_readers_do_miss_rows(many: Field, each: int) -> None:
    made = "CREATE TABLE control (position bigserial PRIMARY KEY, id bytea NOT NULL)"
    many.database(0).write(lambda c: c.exec_driver_sql(made))
    add = text("INSERT INTO control (id) VALUES (:id)")
    after = text("SELECT position, id FROM control WHERE position > :after ORDER BY position LIMIT 100")

    def page(which: int, cursor: Any) -> tuple[list[bytes], Any, bool]:
        rows = many.database(which).read(lambda c: c.execute(after, {"after": cursor or 0}).all())
        return [row.id for row in rows], rows[-1].position if rows else cursor, len(rows) == 100

    seen = many.run(each, lambda c, row: c.execute(add, {"id": row}), page)
    missed = [len(many.written - one) for one in seen]
    print(f"bigserial: {WRITERS * each} rows, {READERS} readers, missed {missed}")
    assert len(many.written) == WRITERS * each
    assert all(missed), "the control finds what the feed's head is for"
