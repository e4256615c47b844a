"""The platform's acknowledgement as a witness: a till whose journal ends before it was cut, and does not trade.

Decides only whether trade goes on; what is missing is `services.proof`'s to tell. A new epoch, which a restore opens,
lets the till trade again (SYNC.md §9). A till whose whole disk was put back holds no such witness: the platform finds
that one.
"""

from pos_app.domain.errors import ExpectedError
from pos_app.services.ports.store import Tx


class JournalCutError(ExpectedError):
    """The platform has facts of this till that stand here no more; `place` is the last of them."""

    code = "sync.error.journal_cut"


def check_nothing_cut(tx: Tx) -> None:
    """Raise JournalCutError when this epoch's journal lacks the fact that the platform acknowledged last."""
    link = tx.links.load()
    if link is None or not link.seq:
        return
    head = tx.journal.head()
    if head.epoch > link.epoch:
        return
    last = (
        tx.journal.entry(link.epoch, link.seq) if (head.epoch, head.seq) >= (link.epoch, link.seq) else None
    )
    if last is None or last.hash != link.hash:
        raise JournalCutError(place=f"{link.epoch}.{link.seq}")
