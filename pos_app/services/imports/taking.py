"""How one kind of thing is taken in: weighed against what the shop has, written hidden, looked at again.

Decides the questions that the import asks of every kind; each kind answers in a module of its own.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from pos_app.domain.imports.drafts import Draft
from pos_app.domain.imports.faults import Fault, Reason, shown_of
from pos_app.domain.staff import Action
from pos_app.services.acting import Actor
from pos_app.services.imports.values import Verdict
from pos_app.services.ports.imports import ImportBatch, Versions
from pos_app.services.ports.journal import JournalEntry
from pos_app.services.ports.store import Tx


class Taker(Protocol):
    """What an import asks of a kind."""

    action: Action
    touching: Sequence[str]
    """The kinds of facts after which something staged may clash with what the shop has now."""

    def weigh(self, tx: Tx, who: Actor, drafts: Sequence[Draft]) -> Sequence[Verdict]:
        """Say of each row what it would do to what the shop has now; reads only."""
        ...

    def prepare(self, verdicts: Sequence[Verdict]) -> Any:
        """Do all that needs no database: encode, seal."""
        ...

    def stage(self, tx: Tx, who: Actor, batch: ImportBatch, prepared: Any) -> None:
        """Write what was prepared as hidden versions, with its fact."""
        ...

    def tables(self, tx: Tx) -> Sequence[Versions]:
        """Return the tables whose versions a batch of this kind brings."""
        ...

    def settle(self, tx: Tx, batch: ImportBatch, happened: Sequence[JournalEntry]) -> Sequence[Any]:
        """Leave out what clashes with what happened meanwhile; return which things. The shop's own hand counts."""
        ...

    def remove_more(self, tx: Tx, batch: ImportBatch, limit: int) -> int:
        """Remove what a batch brought beside versions, some at a time; return how much that was."""
        ...


def refused_by_shop(field: str, shown: str, code: str, **params: object) -> Fault:
    """Return a fault that only the shop's own records can tell; `code` is a message of words."""
    return Fault(field, Reason.REFUSED_BY_SHOP, shown_of(field, shown), {"code": code, **params})
