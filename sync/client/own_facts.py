"""What this till's own facts name that the platform has not acknowledged: nothing that it sends is written over those.

Decides what counts as named: any id that stands in a fact, and the goods, gold prices and settings that it is about.
Each fact is read once, however many pages come in.
"""

import re
from collections import Counter, deque
from uuid import UUID

from pos_app.services.ports.store import Tx
from pos_app.services.ports.syncing import SyncLink
from sync.client.goods import touched

UUIDS = re.compile(rb'"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"')
"""Any id as it stands in the bytes of a fact."""
Place = tuple[int, int]


class OwnFacts:
    """The ids that facts after the acknowledgement name, as 16 bytes."""

    def __init__(self) -> None:
        self._facts: deque[tuple[Place, frozenset[bytes]]] = deque()
        self._named: Counter[bytes] = Counter()
        self._from: Place = (0, 0)
        self._to: Place = (0, 0)

    def __contains__(self, document: bytes) -> bool:
        """Whether a fact that waits names an id."""
        return document in self._named

    def read(self, tx: Tx, link: SyncLink) -> None:
        """Take in what was recorded since, and drop what was acknowledged."""
        acknowledged = (link.epoch, link.seq)
        if acknowledged < self._from:  # The platform was restored, and asks for these once more.
            self._facts.clear()
            self._named.clear()
            self._to = acknowledged
        self._from, self._to = acknowledged, max(self._to, acknowledged)
        while self._facts and self._facts[0][0] <= acknowledged:
            _, ids = self._facts.popleft()
            self._forget(ids)
        head = tx.journal.head()
        if (head.epoch, head.seq) == self._to:
            return
        for entry in tx.journal.entries(self._to):
            self._to = (entry.epoch, entry.seq)
            ids = frozenset(UUID(found.decode()).bytes for found in UUIDS.findall(entry.body))
            ids |= {thing.id for thing in touched(tx, entry)}
            self._facts.append((self._to, ids))
            self._named.update(ids)

    def _forget(self, ids: frozenset[bytes]) -> None:
        for each in ids:
            self._named[each] -= 1
            if not self._named[each]:
                del self._named[each]
