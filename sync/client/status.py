"""How sync is, as one value: out of the tie, the journal, the desk, and what happens to the runner at the moment.

Decides which light burns. Listeners are called on the thread that noticed a change, and only when there is one.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

import msgspec

from pos_app.services.ports.store import Store, Tx
from pos_app.services.ports.syncing import SyncLight, SyncLink, SyncStatus
from sync.protocol.documents import DeskDocument, Kind
from sync.protocol.errors import Number
from sync.protocol.messages import TillState

MUCH = 500
"""Facts from which on sending is work that the light shows; a sale or two are gone before anybody sees it."""
_SHUT_OUT = frozenset({TillState.CLOSED.value, TillState.REVOKED.value})
_desk_document = msgspec.json.Decoder(DeskDocument)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """What the runner itself knows and no table holds: whether the platform answered, and what failed last.

    `trouble` is the number of an error that only a person cures, `obstacle` of one that passes by itself.
    """

    answered_at_ms: int = 0
    trouble: int = 0
    obstacle: int = 0
    busy: bool = False
    filling: tuple[int, int] | None = None


class StatusBoard:
    """The status, kept up to date by who calls `refresh` and `note`; reading it waits for nobody."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._status = SyncStatus()
        self._moment = Moment()
        self._open_items: int | None = None
        self._listeners: list[Callable[[SyncStatus], None]] = []
        self._lock = Lock()

    def status(self) -> SyncStatus:
        """Return how sync was when it was looked at last."""
        return self._status

    def watch(self, listener: Callable[[SyncStatus], None]) -> None:
        """Call a listener with each new status."""
        self._listeners.append(listener)

    def note(self, **changes: object) -> None:
        """Note something of the moment, by the names of `Moment`, and look anew."""
        with self._lock:
            self._moment = replace(self._moment, **changes)  # type: ignore[arg-type]
        self.refresh()

    def forget(self) -> None:
        """Know nothing of the moment: another tie, or none, begins."""
        with self._lock:
            self._moment, self._open_items = Moment(), None
        self.refresh()

    def recount(self) -> None:
        """Count the items of the desk anew with the next look: documents came in."""
        self._open_items = None

    def refresh(self) -> SyncStatus:
        """Look at the tables anew and tell whoever listens what changed; return the status."""
        with self._lock:
            with self._store.read() as tx:
                status = self._seen(tx)
            is_new, self._status = status != self._status, status
        if is_new:
            for listener in tuple(self._listeners):
                listener(status)
        return status

    def _seen(self, tx: Tx) -> SyncStatus:
        link, now = tx.links.load(), self._moment
        if link is None:
            return SyncStatus()
        unsent, oldest_ms = waiting(tx, link)
        if self._open_items is None:
            self._open_items = open_items(tx)
        trouble = now.trouble or (Number.REVOKED.value if link.state in _SHUT_OUT else 0)
        status = SyncStatus(
            unsent=unsent,
            oldest_ms=oldest_ms,
            answered_at_ms=max(link.answered_at_ms, now.answered_at_ms),
            drift_ms=link.drift_ms,
            trouble=trouble or now.obstacle,
            is_restored=link.is_restored or link.state == TillState.FORKED,
            open_items=self._open_items,
            filling=now.filling,
            address=link.address,
            refetched_at_ms=link.refetched_at_ms,
        )
        return replace(status, light=_light(status, now, needs_person=bool(trouble)))


def waiting(tx: Tx, link: SyncLink) -> tuple[int, int | None]:
    """Return how many facts the platform has not acknowledged, and when the oldest of them was written."""
    head, oldest = tx.journal.head(), None
    if head.epoch == link.epoch:
        unsent = head.seq - link.seq
    else:
        unsent = sum(tx.journal.count_kinds((link.epoch, link.seq)).values())
    if unsent > 0:
        oldest = next((e.happened_at_ms for e in tx.journal.entries((link.epoch, link.seq), 1)), None)
    return max(unsent, 0), oldest


def open_items(tx: Tx) -> int:
    """Return how many items of the sync desk wait for somebody."""
    count = 0
    for _, body in tx.documents.all(Kind.DESK):
        try:
            count += _desk_document.decode(body).item.choice is None
        except msgspec.MsgspecError:
            # An item of a newer version is kept, and shown once this till is as new.
            continue
    return count


def _light(status: SyncStatus, now: Moment, *, needs_person: bool) -> SyncLight:
    if needs_person or status.is_restored:
        return SyncLight.TROUBLE
    if now.obstacle:
        return SyncLight.OFFLINE
    if now.filling is not None or now.busy or status.unsent > MUCH or not now.answered_at_ms:
        return SyncLight.BUSY
    return SyncLight.OK
