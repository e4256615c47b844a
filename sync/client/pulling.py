"""The till's end of the feed: it asks for a page, and takes it in without getting in the way of a sale (SYNC.md §4).

One call is one round: read, ask with no transaction open, write in short transactions. Decides what waits for this
till's own facts, when the cursor moves, and when all is fetched anew; what a document means is `applying`. Every call
may be made again, after a crash as after a lost answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pos_app.services.ports.clock import Stopwatch
from pos_app.services.ports.store import Store, Tx
from pos_app.services.ports.syncing import SyncLink
from sync.client.applying import Appliers, Arrival, read
from sync.client.chunks import Chunks
from sync.client.engine import NotLinkedError
from sync.client.own_facts import OwnFacts
from sync.client.pace import Pace
from sync.protocol import codec
from sync.protocol.documents import GOODS, Kind, digest_of
from sync.protocol.errors import Cure, PlatformError
from sync.protocol.messages import Document, Next, Platform, Pull, PullReply, TillState
from sync.protocol.versions import NEWEST

REFETCH_EVERY_MS = 3_600_000
PAGE, SELLING_PAGE = 500, 40
"""Documents of a page, and while somebody sells: it is taken in in a fifth of a second, and then facts may leave."""
FIRST_AT_ONCE = 1_000
"""Goods of one transaction at a till that has none: nobody can sell there before they are in."""
DIFFERS_TWICE = 2
_PULLING = (TillState.OK, TillState.FORKED)


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull came to: how many documents came in, of which kinds, and whether more of them wait.

    `is_refetching` says that this till holds something else than the platform, and begins from the beginning.
    """

    applied: int
    more: bool
    next: Next
    kinds: frozenset[str] = frozenset()
    is_refetching: bool = False


class PullEngine:
    """Takes the feed in; one at a time, on the thread of sync, after a push."""

    def __init__(
        self,
        store: Store,
        platform: Platform,
        appliers: Appliers,
        stopwatch: Stopwatch,
        pace: Pace | None = None,
    ) -> None:
        """Without a `pace` nobody sells here meanwhile."""
        self._store = store
        self._platform = platform
        self._appliers = appliers
        self._chunks = Chunks(stopwatch)
        self._pace = pace or Pace(lambda: 0.0)
        self._own = OwnFacts()
        self._differing = 0
        self._is_bare = False

    @property
    def holds_us(self) -> list[int]:
        """How long the latest transactions held the database."""
        return self._chunks.holds_us

    def pull(self, now_ms: int) -> Pulled:
        """Ask for the next page and take it in; a till that was revoked or closed asks for nothing.

        Raises PlatformError when it was refused or not answered, NotLinkedError.
        """
        link = self._link_now()
        if link.state not in _PULLING:
            return Pulled(0, more=False, next=Next())
        if not link.cursor:
            self.clear()
        is_selling = self._pace.is_selling
        self._chunks.fit(is_selling=is_selling)
        limit = SELLING_PAGE if is_selling else PAGE
        try:
            reply = self._platform.pull(Pull(p=NEWEST, cursor=link.cursor, limit=limit))
        except PlatformError as error:
            if error.cure is Cure.SNAPSHOT and link.cursor:
                self._refetch(now_ms)
            raise
        applied = self._take(link.cursor, reply, now_ms)
        refetching = False
        if not reply.more:
            self._take_owed(now_ms)
            refetching = self._differs(reply.digest) and self._refetch_at_times(now_ms)
        kinds = frozenset(document.kind for document in reply.rows)
        return Pulled(applied, reply.more, reply.next, kinds, refetching)

    def take_in(self, rows: Sequence[Document], now_ms: int) -> None:
        """Write documents that came another way than by a page, such as a snapshot; the cursor stays where it is.

        Raises NotLinkedError.
        """
        self._chunks.fit(is_selling=self._pace.is_selling)
        cursor, done = self._link_now().cursor, 0
        is_first = not cursor and bool(rows) and rows[0].kind in GOODS and self._has_no_goods()
        while done < len(rows):
            chunk = rows[done : done + (FIRST_AT_ONCE if is_first else self._chunks.rows)]
            done += len(chunk)
            self._write_chunk(chunk, (cursor, None), now_ms, is_first=is_first)

    def _has_no_goods(self) -> bool:
        """Whether all goods here are the merchant's; once it was so, a filling need not look again."""
        if not self._is_bare:
            with self._store.read() as tx:
                self._is_bare = not tx.catalogue.alone(b"", 1)
        return self._is_bare

    def _link_now(self) -> SyncLink:
        """Return the tie; read the facts that wait meanwhile, for there may be many."""
        with self._store.read() as tx:
            link = _link(tx)
            self._own.read(tx, link)
            return link

    # -- a page ----------------------------------------------------------------------------------------------

    def _take(self, asked: bytes, reply: PullReply, now_ms: int) -> int:
        """Write a page in chunks; the cursor moves with the last one."""
        latest = {(row.kind, row.id): row for row in sorted(reply.rows, key=lambda row: row.position)}
        rows, done = list(latest.values()), 0
        while done < len(rows):
            chunk = rows[done : done + self._chunks.rows]
            done += len(chunk)
            cursor = reply.cursor if done == len(rows) else None
            if not self._write_chunk(chunk, (asked, cursor), now_ms):
                return done - len(chunk)
        if not rows and reply.cursor != asked:
            self._write_chunk([], (asked, reply.cursor), now_ms)
        return len(rows)

    def _write_chunk(
        self,
        chunk: Sequence[Document],
        cursors: tuple[bytes, bytes | None],
        now_ms: int,
        *,
        is_first: bool = False,
    ) -> bool:
        """Write documents in one transaction; False when the cursor is another one than was asked with."""
        asked, cursor = cursors
        arrivals = [(document, read(document, self._appliers)) for document in chunk]
        arrivals.sort(key=lambda each: each[0].kind)
        if not is_first:
            self._chunks.rest()
        with self._store.write() as tx:
            self._chunks.begin()
            link = _link(tx)
            if link.cursor != asked:
                return False
            self._own.read(tx, link)
            digest = link.digest
            for kind, group in groupby(arrivals, key=lambda each: each[0].kind):
                digest ^= self._write_kind(tx, kind, list(group), now_ms)
            tx.links.save(replace(link, digest=digest, cursor=asked if cursor is None else cursor))
        if not is_first:
            self._chunks.end(len(chunk))
        return True

    def _write_kind(
        self, tx: Tx, kind: str, came: Sequence[tuple[Document, Arrival | None]], now_ms: int
    ) -> int:
        """Write documents of one kind; return what their coming changes of the digest, by exclusive or."""
        held = tx.documents.positions(kind, [document.id for document, _ in came])
        digest, now = 0, []
        for document, arrival in came:
            if document.position <= held.get(document.id, 0):
                continue  # It is here already: the page was asked for again.
            if document.id in held:
                digest ^= digest_of(kind, document.id, held[document.id])
            if not document.gone:
                digest ^= digest_of(kind, document.id, document.position)
            if arrival is None:
                self._keep(tx, document)
            elif document.id in self._own and not (document.gone and kind == Kind.MEMBER):
                place = None if document.gone else document.position
                tx.documents.owe(kind, document.id, place, codec.encode(document))
            else:
                now.append(arrival)
        self._apply(tx, kind, now, now_ms)
        return digest

    def _keep(self, tx: Tx, document: Document) -> None:
        """Keep what this program does not understand, for one that does."""
        tx.documents.settle(document.kind, [document.id])
        if document.gone:
            tx.documents.remove(document.kind, document.id)
        else:
            tx.documents.put(document.kind, document.id, document.position, document.body)

    def _apply(self, tx: Tx, kind: str, arrivals: Sequence[Arrival], now_ms: int) -> None:
        """Write documents into their tables, and what is kept of them."""
        if not arrivals:
            return
        kept = self._appliers[Kind(kind)].apply(tx, arrivals, now_ms)
        pairs = list(zip(arrivals, kept, strict=True))
        for arrival in arrivals:
            if arrival.document.gone:
                tx.documents.remove(kind, arrival.document.id)
        tx.documents.put_many(
            kind, ((a.document.id, a.document.position, body) for a, body in pairs if not a.document.gone)
        )
        tx.documents.settle(kind, [arrival.document.id for arrival in arrivals])

    # -- what waited for this till's own facts -------------------------------------------------------------------

    def _take_owed(self, now_ms: int) -> None:
        """Take in what was put aside, once no fact that waits names it any more."""
        with self._store.read() as tx:
            owed = [(kind, *each) for kind in self._appliers for each in tx.documents.owed(kind)]
        free = [each for each in owed if each[1] not in self._own]
        for start in range(0, len(free), self._chunks.rows):
            self._write_owed(free[start : start + self._chunks.rows], now_ms)

    def _write_owed(self, owed: Sequence[tuple[str, bytes, bytes]], now_ms: int) -> None:
        arrivals = [read(codec.decode(whole, Document), self._appliers) for _, _, whole in owed]
        known = [arrival for arrival in arrivals if arrival is not None]
        self._chunks.rest()
        with self._store.write() as tx:
            self._chunks.begin()
            self._own.read(tx, _link(tx))
            free = [arrival for arrival in known if arrival.document.id not in self._own]
            for kind, group in groupby(free, key=lambda arrival: arrival.document.kind):
                self._apply(tx, kind, list(group), now_ms)
        self._chunks.end(len(owed))

    # -- from the beginning --------------------------------------------------------------------------------------

    def _differs(self, digest: bytes) -> bool:
        """Whether this till holds something else than the platform, twice in a row at the head of the feed."""
        if not digest:
            return False
        with self._store.read() as tx:
            same = _link(tx).digest == int.from_bytes(digest, "big")
        self._differing = 0 if same else self._differing + 1
        return self._differing >= DIFFERS_TWICE

    def _refetch_at_times(self, now_ms: int) -> bool:
        """Begin anew, unless that was done within the hour."""
        with self._store.read() as tx:
            last = _link(tx).refetched_at_ms
        if (
            0 <= now_ms - last < REFETCH_EVERY_MS
        ):  # A clock that was set back keeps nobody waiting for a year.
            return False
        self._refetch(now_ms)
        return True

    def _refetch(self, now_ms: int) -> None:
        """Empty the cursor: the next round begins by forgetting all documents. What they became here stays."""
        self._differing = 0
        with self._store.write() as tx:
            tx.links.save(replace(_link(tx), cursor=b"", refetched_at_ms=now_ms))

    def clear(self) -> None:
        """Forget all documents, a chunk at a time: with an empty cursor none of them counts.

        At full speed, for no fact leaves meanwhile; ends when another life has begun to fetch.
        """
        self._chunks.fit(is_selling=False)
        cleared, most = 1, 1
        while cleared == most:
            self._chunks.rest()
            with self._store.write() as tx:
                self._chunks.begin()
                link = _link(tx)
                if link.cursor:
                    return
                most = self._chunks.rows
                cleared = tx.documents.clear(most)
                if cleared < most and link.digest:
                    tx.links.save(replace(link, digest=0))
            self._chunks.end(cleared)


def _link(tx: Tx) -> SyncLink:
    link = tx.links.load()
    if link is None:
        raise NotLinkedError
    return link
