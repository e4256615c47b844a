"""The sync desk at a till: what two shops did at once and a person settles here, in one step that can be taken back.

Decides who may settle and what is shown at once; what a choice does is the platform's, which is told by a fact.
"""

from datetime import timedelta
from uuid import UUID

import msgspec

from pos_app.domain.desk import CHOICES, Choice, DeskItem, DeskItemChangedError, DeskItemGoneError, ItemId
from pos_app.domain.facts.sync import DeskDecided
from pos_app.domain.staff import Action
from pos_app.domain.values.moments import to_ms
from pos_app.services.acting import Actor
from pos_app.services.ports.store import Tx
from pos_app.services.ports.syncing import DESK
from pos_app.services.workplace import Workplace

SHOWN_FOR = timedelta(days=90)
"""So long a settled item can be seen and taken back (SYNC.md §7)."""


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of the document of an item."""

    item: DeskItem
    stood: str | None = None
    """What the field said when this till took the other word: until the platform has heard, it says so still."""


_decoder = msgspec.json.Decoder(_Kept)


class DeskService:
    """Use cases of the sync desk."""

    def __init__(self, work: Workplace) -> None:
        self._work = work
        self._store = work.store

    def items(self) -> tuple[DeskItem, ...]:
        """Return the open items, newest first, then those settled within 90 days, the latest settled first."""
        since = to_ms(self._work.clock.now() - SHOWN_FOR)
        with self._store.read() as tx:
            read = [_read(body) for _, body in tx.documents.all(DESK)]
        items = [item for item in read if item is not None]
        shown = [item for item in items if item.choice is None or item.chosen_at_ms >= since]
        return tuple(sorted(shown, key=_place))

    def open_items(self) -> int:
        """Return how many items wait for a person."""
        return sum(item.choice is None for item in self.items())

    def decide(self, who: Actor, item_id: ItemId, choice: Choice) -> DeskItem:
        """Settle an open item; return it as it stands now.

        Raises DeskItemGoneError when it was settled elsewhere or is gone, ValueError for a choice that is none of its
        kind, ForbiddenError.
        """
        who.require(Action.SETTLE_DESK)
        with self._store.write() as tx:
            item = _item(tx, item_id)
            if item.choice is not None:
                raise DeskItemGoneError()
            if choice not in CHOICES[item.kind]:
                raise ValueError(f"{item.kind} has no choice {choice}")
            return self._write(tx, who, item, choice)

    def take_back(self, who: Actor, item_id: ItemId) -> DeskItem:
        """Open a settled item again; return it. One that is open stays as it is.

        Raises DeskItemGoneError when it is gone, DeskItemChangedError when somebody wrote a newer word over the one
        that was chosen, ForbiddenError.
        """
        who.require(Action.SETTLE_DESK)
        with self._store.write() as tx:
            item = _item(tx, item_id)
            if item.choice is None:
                return item
            if _is_written_over(tx, item):
                raise DeskItemChangedError()
            return self._write(tx, who, item, None)

    def _write(self, tx: Tx, who: Actor, item: DeskItem, choice: Choice | None) -> DeskItem:
        """Record a choice, None for taking it back, and show it here at once."""
        fact = DeskDecided(item=item.item_id, kind=item.kind, choice=choice)
        self._work.recorder.record(tx, fact, who.staff_id)
        settled = msgspec.structs.replace(
            item,
            choice=choice,
            chosen_at_ms=0 if choice is None else to_ms(self._work.clock.now()),
            chosen_by=None if choice is None else who.staff_id,
            chosen_shop=None if choice is None else self._work.settings.value.shop_id,
        )
        place = tx.documents.position(DESK, item.item_id.bytes) or 0
        stood = _text(tx, item) if choice is Choice.TAKE_OTHER else None
        body = msgspec.json.encode(_Kept(item=settled, stood=stood))
        tx.documents.put(DESK, item.item_id.bytes, place, body)
        return settled


def _place(item: DeskItem) -> tuple[bool, int, UUID]:
    return item.choice is not None, -(item.at_ms if item.choice is None else item.chosen_at_ms), item.item_id


def _item(tx: Tx, item_id: ItemId) -> DeskItem:
    kept = _kept(tx, item_id)
    if kept is None:
        raise DeskItemGoneError()
    return kept.item


def _kept(tx: Tx, item_id: ItemId) -> _Kept | None:
    body = tx.documents.body(DESK, item_id.bytes)
    return None if body is None else _whole(body)


def _text(tx: Tx, item: DeskItem) -> str | None:
    """Return what the field says here that an item is about; None for a member who is not here."""
    member = None if item.first.member is None else tx.members.get(item.first.member)
    return None if member is None else member.profile.text_of(item.about)


def _is_written_over(tx: Tx, item: DeskItem) -> bool:
    """Whether the field says neither what was chosen nor what stood there before: then it was written since."""
    if item.choice is not Choice.TAKE_OTHER:
        return False
    kept, text = _kept(tx, item.item_id), _text(tx, item)
    stood = None if kept is None else kept.stood
    return text is not None and text not in (item.first.text, item.second.text, stood)


def _read(body: bytes) -> DeskItem | None:
    kept = _whole(body)
    return None if kept is None else kept.item


def _whole(body: bytes) -> _Kept | None:
    """Read what is kept of an item; None for one of a newer version, which is shown once this till is as new."""
    try:
        return _decoder.decode(body)
    except msgspec.MsgspecError:
        return None
