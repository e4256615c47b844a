"""What finds the goods of a new till: sorted aside and written once the goods themselves are in.

Decides when goods come in without what finds them, and that they get it. A new till sells by barcode as soon as goods
stand; words find them seconds later. Whether goods wait stands in the books, among the documents under a kind of its
own. Runs in a process beside the till; killed, it begins anew, and writes nothing twice.
"""

from pos_app.services.ports.clock import Stopwatch
from pos_app.services.ports.filling import Filler
from pos_app.services.ports.store import Store, Tx
from sync.client.filling_pace import Pace

LEAST, MOST = 1_000, 20_000
_KIND, _ID = "filling", b"goods".ljust(16, b"\0")


def let_wait(tx: Tx) -> None:
    """Say that goods that come in get what finds them later."""
    tx.documents.put(_KIND, _ID, 0, b"{}")


def is_waiting(tx: Tx) -> bool:
    """Whether goods get what finds them later."""
    return tx.documents.body(_KIND, _ID) is not None


class GoodsKeyWriter:
    """Writes what finds the goods that stand here."""

    def __init__(self, store: Store, filler: Filler, stopwatch: Stopwatch) -> None:
        self._store, self._filler = store, filler
        self._pace = Pace(stopwatch, LEAST, MOST)

    def write(self) -> None:
        """Write it if goods wait; returns at once when none do."""
        with self._store.read() as tx:
            if not is_waiting(tx):
                return
        total, first = self._filler.sort_goods(), 1
        while first <= total:
            last = min(first + self._pace.rows - 1, total)
            self._pace.rest()
            with self._filler.write():
                self._pace.begin()
                self._filler.put_goods(first, last)
            self._pace.end(last - first + 1)
            first = last + 1
            self._filler.settle()
        # From here on an edit finds the keys that it replaces.
        for number in self._filler.changed_goods():
            with self._filler.write():
                self._filler.rekey_goods(number)
        with self._filler.write() as tx:
            tx.documents.remove(_KIND, _ID)
