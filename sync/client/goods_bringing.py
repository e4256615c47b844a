"""How far a till has brought along what the platform gets from it as a whole, and what comes next.

A founding till brings all its goods, staff and settings; an import brings what it changed, and one that was taken back
everything, with what is no more. Decides the order, and the text in which the progress is kept (`SyncLink.uploading`),
so that a till goes on after a kill. How it travels is `goods_sending`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

import msgspec

from pos_app.domain.facts.codec import UnknownFactError, decode_content
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.imports import ImportPublished, ImportWithdrawn
from pos_app.domain.imports.kinds import Kind as ImportKind
from pos_app.domain.values.hlc import Hlc
from pos_app.domain.values.ids import ImportId, VariantId
from pos_app.services.ports.imports import ImportBatch
from pos_app.services.ports.journal import Head, JournalEntry
from pos_app.services.ports.store import Tx
from pos_app.services.ports.syncing import EnrolWay, SyncLink
from sync.client.goods import SETTINGS, Thing, gold_thing
from sync.protocol.documents import Kind
from sync.protocol.messages import Document

LOOKED_THROUGH = 200
"""So many of the latest imports are looked through for the one that a fact names."""


class Stage(StrEnum):
    """What is walked, in this order."""

    SETTINGS = "settings"
    STAFF = "staff"
    GOLD = "gold"
    VARIANT = "variant"
    PIECE = "piece"
    NO_VARIANT = "no_variant"
    """Goods that are no more."""
    NO_PIECE = "no_piece"


EVERYTHING, BACK = -2, -1
"""For `Walk.since`: all there is, and all goods with those that are no more; else the first batch of what is walked."""
_GOODS = (Stage.VARIANT, Stage.PIECE)
_GONE = {Stage.NO_VARIANT: Kind.VARIANT, Stage.NO_PIECE: Kind.PIECE}


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk over what is brought along: since which batch, as of which time, and the last thing that is done.

    `last` is the id of a thing, for gold its fineness and day.
    """

    since: int
    hlc: Hlc
    stage: Stage
    last: bytes = b""

    @property
    def stages(self) -> tuple[Stage, ...]:
        """What this walk goes over."""
        if self.since == EVERYTHING:
            return tuple(Stage)
        return _GOODS if self.since >= 0 else (*_GOODS, *_GONE)


@dataclass(frozen=True, slots=True)
class Progress:
    """What is still to be brought along, None when all is; and up to which fact facts bring nothing themselves."""

    walk: Walk | None = None
    silent: tuple[int, int] = (0, 0)

    def text(self) -> str:
        """Return the progress as `SyncLink.uploading` keeps it."""
        walk, silent = self.walk, self.silent
        told = f"{walk.since}:{walk.hlc}:{walk.stage.value}:{walk.last.hex()}" if walk else ""
        return told + (f"@{silent[0]}.{silent[1]}" if silent != (0, 0) else "")


def progress_of(text: str) -> Progress:
    """Read a progress."""
    told, _, place = text.partition("@")
    epoch, _, seq = place.partition(".")
    silent = (int(epoch), int(seq)) if place else (0, 0)
    if not told:
        return Progress(None, silent)
    since, hlc, stage, last = told.split(":")
    return Progress(Walk(int(since), Hlc(int(hlc)), Stage(stage), bytes.fromhex(last)), silent)


def at_first(way: EnrolWay, head: Head) -> str:
    """Return the progress of a till that has just come in, for `SyncLink.uploading`; `head` is that of its journal.

    What it did before brings nothing along fact by fact: a founding till brings all at once, and what a joining till
    had is not the merchant's.
    """
    silent = (head.epoch, head.seq)
    walk = Walk(EVERYTHING, head.hlc, Stage.SETTINGS) if way is EnrolWay.FOUND else None
    return Progress(walk, silent).text()


def once_more(tx: Tx, link: SyncLink) -> str:
    """Return the progress of a till whose platform was restored: what a founding till brought may be lost there.

    What facts brought, these bring again when they are sent again.
    """
    progress = progress_of(link.uploading)
    came_in = tx.journal.entry(*progress.silent)
    if link.way != EnrolWay.FOUND or came_in is None:
        return link.uploading
    return replace(progress, walk=Walk(EVERYTHING, Hlc(came_in.hlc), Stage.SETTINGS)).text()


# -- what starts a walk --------------------------------------------------------------------------------------


def walk_from(tx: Tx, entry: JournalEntry) -> Walk | None:
    """Return the walk that a fact of this till starts, None for most."""
    if entry.kind == "catalogue.imported":
        return Walk(0, Hlc(entry.hlc), Stage.VARIANT)
    if entry.kind not in ("import.published", "import.withdrawn"):
        return None
    try:
        fact = decode_content(entry.kind, entry.version, bytes(decode(entry.body).content))
    except (UnknownFactError, msgspec.DecodeError):
        return None
    if isinstance(fact, ImportPublished) and fact.kind in (ImportKind.CATALOGUE, ImportKind.PIECES):
        batch = _batch(tx, fact.batch)
        return Walk(batch.number if batch else 0, Hlc(entry.hlc), Stage.VARIANT)
    if isinstance(fact, ImportWithdrawn) and fact.published:
        batch = _batch(tx, fact.batch)
        if batch is None or batch.kind in (ImportKind.CATALOGUE, ImportKind.PIECES):
            # Which goods it changed nobody kept: each holds only where the platform has what this till saw last.
            return Walk(BACK, Hlc(0), Stage.VARIANT)
    return None


def _batch(tx: Tx, batch: ImportId) -> ImportBatch | None:
    return next((each for each in tx.imports.latest(LOOKED_THROUGH) if each.batch_id == batch), None)


def joined(first: Walk | None, second: Walk | None) -> Walk | None:
    """Return one walk, from its beginning, for two; of one alone that one as it is."""
    if first is None or second is None:
        return first or second
    whole = Walk(min(first.since, second.since), max(first.hlc, second.hlc), Stage.VARIANT)
    return replace(whole, stage=whole.stages[0])


# -- what comes next -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """The next things of a walk, whether they are no more, and where each leaves the walk; `after` the whole step."""

    things: tuple[Thing, ...]
    are_gone: bool
    places: tuple[Walk, ...]
    after: Walk | None


def step(tx: Tx, walk: Walk, limit: int) -> Step:
    """Return the next things of a walk, of one stage; without things the stage is done."""
    things, places = _things(tx, walk, limit)
    if len(things) == limit:
        return Step(things, walk.stage in _GONE, places, places[-1])
    stages = walk.stages
    at = stages.index(walk.stage) + 1
    after = replace(walk, stage=stages[at], last=b"") if at < len(stages) else None
    return Step(things, walk.stage in _GONE, places, after)


def _things(tx: Tx, walk: Walk, limit: int) -> tuple[tuple[Thing, ...], tuple[Walk, ...]]:
    found: Sequence[Thing]
    lasts: Sequence[bytes] | None = None
    since = max(0, walk.since)
    match walk.stage:
        case Stage.SETTINGS:
            found = [] if walk.last else [SETTINGS]
        case Stage.STAFF:
            ids = sorted(each.staff_id.bytes for each in tx.staff.all())
            found = [Thing(Kind.STAFF, each) for each in ids if each > walk.last][:limit]
        case Stage.GOLD:
            days = tx.catalogue.gold_days(_gold_day(walk.last), limit)
            found = [gold_thing(*each) for each in days]
            lasts = [f"{fineness}\0{day.isoformat()}".encode() for fineness, day in days]
        case Stage.VARIANT:
            variants = tx.catalogue.variants_after(walk.last, since, limit)
            found = [Thing(Kind.VARIANT, each.bytes) for each in variants]
        case Stage.PIECE:
            pieces = tx.catalogue.pieces_after(walk.last, since, limit)
            found = [Thing(Kind.PIECE, each.bytes) for each in pieces]
        case Stage.NO_VARIANT | Stage.NO_PIECE:
            kind = _GONE[walk.stage]
            found = [Thing(kind, each) for each in tx.catalogue.documents_gone(kind.value, walk.last, limit)]
    places = [replace(walk, last=last) for last in (lasts or [thing.id for thing in found])]
    return tuple(found), tuple(places)


def _gold_day(last: bytes) -> tuple[str, date] | None:
    fineness, _, day = last.decode().partition("\0")
    return (fineness, date.fromisoformat(day)) if last else None


# -- what comes in meanwhile ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StillToBring:
    """What this till has still to bring along: there its own state stands against what comes in.

    The platform, which keeps the newer of the two, sends what was kept once more.
    """

    walk: Walk | None

    def holds(self, tx: Tx, document: Document) -> bool:
        """Whether a document tells of such a thing."""
        walk = self.walk
        if walk is None or walk.since == BACK:
            return False
        stage, stages = Stage(document.kind), walk.stages
        if stage not in stages or stages.index(stage) < stages.index(walk.stage):
            return False
        if stage is walk.stage and stage is not Stage.GOLD and document.id <= walk.last:
            return False
        return walk.since <= 0 or tx.catalogue.was_brought(VariantId(UUID(bytes=document.id)), walk.since)


def still_to_bring(link: SyncLink | None) -> StillToBring:
    """Return what the till of a tie has still to bring along."""
    if link is None or link.uploading[:1] in ("", "@"):
        return StillToBring(None)
    return StillToBring(progress_of(link.uploading).walk)


def is_still_to_bring(tx: Tx, document: Document) -> bool:
    """Whether this till has still to bring a thing along that a document tells of."""
    return still_to_bring(tx.links.load()).holds(tx, document)
