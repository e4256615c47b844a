"""How far a new till is filled with members, as it stands in the books: moved in the transaction that writes them.

Decides what is remembered. It stands among the documents, under a kind of its own, and goes when all is in.
"""

import msgspec

from pos_app.services.ports.store import Tx

_KIND, _ID = "filling", bytes(16)


class FillState(msgspec.Struct, frozen=True, kw_only=True):
    """Of the snapshot `name`, the first `rows` members were looked at.

    Members stand under the numbers from `first_no` on, `count` of which are kept free. The journal ended at `seq` of
    `epoch` before the first was written. `before` are first numbers and counts of fillings that were given up, whose
    rows stay and whose keys are written with these. `is_listed` once all stand in the order of rank, `is_done` once all
    keys are in.
    """

    name: str
    first_no: int
    count: int
    epoch: int
    seq: int
    rows: int = 0
    before: tuple[tuple[int, int], ...] = ()
    is_listed: bool = False
    is_done: bool = False


_decoder = msgspec.json.Decoder(FillState)


def load(tx: Tx) -> FillState | None:
    """Return how far it is; None when no filling is under way."""
    body = tx.documents.body(_KIND, _ID)
    return None if body is None else _decoder.decode(body)


def save(tx: Tx, state: FillState) -> None:
    """Write how far it is."""
    tx.documents.put(_KIND, _ID, 0, msgspec.json.encode(state))


def forget(tx: Tx) -> None:
    """Say that no filling is under way."""
    tx.documents.remove(_KIND, _ID)
