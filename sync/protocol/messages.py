"""What tills and the platform say to each other: facts up, documents down, letters beside the answers.

Decides version 1 of the messages. Keys of objects are written out, so that later versions may add some; what comes by
the thousand (facts, documents) is an array, to which fields may be added at the end. Source: SYNC.md §3-§9.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Protocol
from uuid import UUID

import msgspec


class Position(msgspec.Struct, frozen=True):
    """A place in a till's journal with the hash that stands there; seq 0 is the beginning of an epoch."""

    epoch: int
    seq: int
    hash: bytes


class ClockReading(msgspec.Struct, frozen=True):
    """A till's clocks when it asked: the wall, one that runs on since the computer's start `boot`, and the last HLC."""

    wall_ms: int
    steady_ms: int
    boot: str
    hlc: int


class SentFact(msgspec.Struct, frozen=True, array_like=True):
    """A fact as the journal holds it: its bytes are never written anew."""

    seq: int
    hash: bytes
    body: bytes


class SubjectKey(msgspec.Struct, frozen=True, array_like=True):
    """The key that seals a person's fields; it travels beside the facts and never in them."""

    subject: UUID
    key: bytes


class Offered(msgspec.Struct, frozen=True, array_like=True):
    """A thing that tills write whole (goods, staff, settings) as it stands here; of two the newer by HLC holds.

    `seen` is the position of the document that this state was made from, 0 for none: who changed the latest one knew
    it, and holds whatever the clocks say.
    """

    kind: str
    id: bytes
    hlc: int
    gone: bool
    version: int
    body: bytes
    seen: int = 0


class Push(msgspec.Struct, frozen=True, kw_only=True):
    """Facts in the order of seq, from the one after `base` on; `letters` is the number of the last letter applied.

    `documents` are the goods, staff and settings that these facts changed, or that a founding till brings along.
    """

    p: int
    till: UUID
    base: Position
    letters: int
    clock: ClockReading
    facts: tuple[SentFact, ...]
    keys: tuple[SubjectKey, ...] = ()
    documents: tuple[Offered, ...] = ()


class TillState(StrEnum):
    """What the platform takes a till for; a fork and a closed epoch are for good."""

    OK = "ok"
    FORKED = "forked"
    CLOSED = "closed"
    REVOKED = "revoked"


class FactState(StrEnum):
    """What became of a fact; all of them are stored and acknowledged."""

    PROJECTED = "projected"
    KNOWN = "known"
    PARKED = "parked"
    QUARANTINED = "quarantined"


class FactResult(msgspec.Struct, frozen=True, array_like=True):
    """What became of a fact; those that were projected are not listed."""

    seq: int
    state: FactState
    why: str = ""


class Letter(msgspec.Struct, frozen=True, array_like=True):
    """A numbered message to one till, applied once and in order: a grant, a choice made at the desk elsewhere."""

    number: int
    kind: str
    body: bytes


class Next(msgspec.Struct, frozen=True, kw_only=True):
    """How the till goes on: when it asks again, how much it sends at most, over how long many tills spread out."""

    after_ms: int = 3_000
    max_facts: int = 500
    max_bytes: int = 1_000_000
    spread_s: int = 10


class PushReply(msgspec.Struct, frozen=True, kw_only=True):
    """How far the platform holds this till's journal, signed by the platform, and what else there is to know."""

    ack: Position
    signature: bytes
    state: TillState = TillState.OK
    results: tuple[FactResult, ...] = ()
    letters: tuple[Letter, ...] = ()
    head: int = 0
    next: Next = Next()


class Document(msgspec.Struct, frozen=True, array_like=True):
    """The latest state of one thing; `gone` is a tombstone. `body` is the JSON of its kind at `version`."""

    kind: str
    id: bytes
    position: int
    gone: bool
    version: int
    body: bytes


class Pull(msgspec.Struct, frozen=True, kw_only=True):
    """Documents after a cursor; an empty one is the beginning. The cursor is the platform's and means nothing here."""

    p: int
    cursor: bytes = b""
    limit: int = 2_000


class PullReply(msgspec.Struct, frozen=True, kw_only=True):
    """A page of documents, and how far this till's own facts are in them already."""

    rows: tuple[Document, ...]
    cursor: bytes
    projected: Position
    parked: tuple[int, ...] = ()
    digest: bytes = b""
    more: bool = False
    head: int = 0
    next: Next = Next()


class Asked(StrEnum):
    """What a till asks about what it does not hold itself."""

    MEMBERS = "members"
    """Whom a text finds: a phone, a card, a name."""
    SALES = "sales"
    """What a member bought in any shop; the text is her id."""
    RECEIPT = "receipt"
    """A sale by its receipt number, with what was returned of it."""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A question while there is a network: "ask online"."""

    p: int
    what: Asked
    text: str
    limit: int = 50


class SaleSeen(msgspec.Struct, frozen=True, array_like=True):
    """A sale of any shop as JSON of a `Sale`, the shop's name, whether it counts, and what of its lines came back.

    `returned` holds pairs of a line's id and thousandths.
    """

    sale: bytes
    shop_name: str
    counts: bool
    returned: tuple[tuple[UUID, int], ...] = ()


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the platform knows of it; nothing found is an empty answer. `more` says that the limit cut it off."""

    members: tuple[Document, ...] = ()
    sales: tuple[SaleSeen, ...] = ()
    more: bool = False


class SnapshotReady(msgspec.Struct, frozen=True, kw_only=True):
    """A file with every document of a merchant up to `cursor`, to be fetched by its name, in parts if need be.

    The file is gzip of MessagePack arrays of documents, each after its length in four bytes (big-endian); goods, staff
    and settings come first, `first` of them, members last. `sha256` is of the whole file.
    """

    name: str
    size: int
    documents: int
    first: int
    cursor: bytes
    digest: bytes
    sha256: bytes


class Hello(msgspec.Struct, frozen=True, kw_only=True):
    """Who is there, which versions it speaks, and how far its journal goes."""

    least: int
    newest: int
    till: UUID
    head: Position
    clock: ClockReading


class HelloReply(msgspec.Struct, frozen=True, kw_only=True):
    """Which version is spoken from now on, how far the platform holds the journal, and what time it is there."""

    p: int
    merchant: UUID
    shop: UUID
    wall_ms: int
    ack: Position
    state: TillState = TillState.OK
    head: int = 0
    next: Next = Next()


class Way(StrEnum):
    """How a till comes to a merchant: it founds the merchant's records, or joins them."""

    FOUND = "found"
    JOIN = "join"


class Enrol(msgspec.Struct, frozen=True, kw_only=True):
    """A till that holds a one-time code asks to be one of the merchant's; `public_key` signs its Z reports."""

    p: int
    code: str
    way: Way
    till: UUID
    shop: UUID
    shop_code: str
    till_code: str
    shop_name: str
    currency: str
    public_key: bytes


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """The till is one of the merchant's: its token, told once, and the key with which the platform signs.

    `shop` is where it belongs from now on, `shop_code` by what its receipts are known there; "" for the till's own.
    """

    merchant: UUID
    shop: UUID
    token: str
    platform_key: bytes
    shop_code: str = ""


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why something was not done: `number` as in `errors.Number`, and what belongs to it."""

    number: int
    retry_after_s: int | None = None
    expected: Position | None = None
    place: int | None = None
    least: int | None = None
    newest: int | None = None
    currency: str | None = None


class Platform(Protocol):
    """The platform as one till sees it; raises `errors.PlatformError`.

    Both ends implement it: the platform's handlers by doing, the till's HTTP client by asking. No call needs the one
    before it: the till may ask anything again, with the same outcome.
    """

    def hello(self, hello: Hello) -> HelloReply:
        """Say hello; learn the version, the time and how far the journal is known."""
        ...

    def push(self, push: Push) -> PushReply:
        """Store facts once and for all; what cannot be projected is parked and acknowledged all the same."""
        ...

    def pull(self, pull: Pull) -> PullReply:
        """Return the documents after a cursor."""
        ...

    def ask(self, ask: Ask) -> Answer:
        """Look something up that this till does not hold."""
        ...


class Snapshots(Protocol):
    """Where a new till gets everything at once; raises `errors.PlatformError`."""

    def prepare(self) -> SnapshotReady:
        """Make a snapshot, or name one that is new enough."""
        ...

    def fetch(self, name: str, offset: int) -> Iterator[bytes]:
        """Read a snapshot's file from a byte on; raises SNAPSHOT_GONE when it is no longer there."""
        ...


class Gate(Protocol):
    """What a till may ask before it has a token."""

    def enrol(self, enrol: Enrol) -> Enrolled:
        """Make a till one of the merchant's; a code works once."""
        ...
