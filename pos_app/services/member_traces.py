"""Traces of erased members in the till's files, and when the files are rewritten so that none is left.

Decides what is taken out of the books, and when the files follow: at once where that is quick, otherwise when nobody
sells (docs/decisions/0011). How is the store's.
"""

from datetime import datetime, timedelta

import msgspec

from pos_app.domain.errors import ShukeError
from pos_app.domain.sales.cart import Cart
from pos_app.domain.values.ids import MemberId, SubjectId
from pos_app.services.ports.store import Tx
from pos_app.services.ports.syncing import DESK, MEMBER
from pos_app.services.workplace import Workplace

AT_ONCE_BYTES = 16_000_000
"""Up to this size the files are rewritten at once: 120 to 150 ms at 16 MB, 8 ms for each further MB, on two cores of
2026 with an SSD; a till three times as slow still stays under half a second. It is a shop of some ten thousand
members."""
KEPT_FOR = timedelta(days=30)
"""So long a database that a restore put aside is kept: an owner who restored the wrong file finds out within days, and
who asks to be erased may wait a month at most (GB/T 35273-2020, 8.7: thirty days; GDPR Art. 12 (3): one month)."""

_OF_SALES = (b'"returned_twice"', b'"sold_twice"')
"""Kinds of items that are about sales, as they stand in what is kept of an item."""


def forget(tx: Tx, member_id: MemberId, at: datetime) -> None:
    """Take what is personal of a member out of the books: key, row, search keys, carts that wait, what the desk says.

    Her aliases are the caller's to forget. The files may still hold a copy, which is marked. The fact that tells of it
    is the caller's to record.
    """
    tx.subject_keys.delete(SubjectId(member_id))
    tx.members.erase(member_id, at)
    tx.traces.mark(member_id, at)
    _forget_documents(tx, member_id)
    for held in tx.carts.held():
        if held.cart.member is not None and held.cart.member.member == member_id:
            tx.carts.hold(_anonymous(held.cart), held.owner, "", held.held_at)
    cart = tx.carts.open_cart()
    if cart is not None and cart.member is not None and cart.member.member == member_id:
        tx.carts.save_open(_anonymous(cart), at)


def _forget_documents(tx: Tx, member_id: MemberId) -> None:
    """Remove what a platform sent of her and stands aside, and what the sync desk says; their places stay."""
    tx.documents.settle(MEMBER, [member_id.bytes])
    named = str(member_id).encode()
    for item, body in list(tx.documents.all(DESK)):
        # Two sales stay to be settled: nothing that an item says of them is personal.
        if named in body and not any(kind in body for kind in _OF_SALES):
            tx.documents.put(DESK, item, tx.documents.position(DESK, item) or 0, None)


def _anonymous(cart: Cart) -> Cart:
    """Return a cart with its goods alone."""
    lines = tuple(msgspec.structs.replace(line, wish=None) for line in cart.lines)
    return msgspec.structs.replace(cart, lines=lines, member=None, note=None)


class MemberTraces:
    """Use cases of a till at rest, and what follows an erasure."""

    def __init__(self, work: Workplace) -> None:
        self._work = work
        self._store = work.store

    def due_since(self) -> datetime | None:
        """Return when the first of those was erased of whom a file may still hold a copy; None when there are none."""
        with self._store.read() as tx:
            return next(iter(tx.traces.left().values()), None)

    def after_erasure(self) -> bool:
        """Scrub at once where it is quick, else empty the log; return whether no file holds anybody erased any more.

        A failure is no failure of the erasure, which is done: the mark stays and the till's rest makes it good.
        """
        try:
            if self._store.size() <= AT_ONCE_BYTES:
                return self._scrub()
            self._store.empty_log()
        except ShukeError:
            pass
        return False

    def rest(self) -> bool:
        """Scrub if that is due and remove what restores put aside long ago; return whether nothing is due any more.

        Nobody can write meanwhile: when the till is closed, or between two shifts with nobody signed in.
        """
        self._forget_kept()
        try:
            return self.due_since() is None or self._scrub()
        except ShukeError:
            return False

    def between_shifts(self) -> bool:
        """Return whether the till should rest now: no shift is open and a scrub is due. It may be never closed.

        What restores put aside long ago is removed, for which nobody waits.
        """
        self._forget_kept()
        with self._store.read() as tx:
            return tx.shifts.current() is None and bool(tx.traces.left())

    def _forget_kept(self) -> None:
        self._store.forget_kept(self._work.clock.now() - KEPT_FOR)

    def _scrub(self) -> bool:
        """Scrub, then take the marks off that stood before; whoever was erased meanwhile stays marked."""
        with self._store.read() as tx:
            marked = list(tx.traces.left())
        if not self._store.scrub():
            return False
        with self._store.write() as tx:
            tx.traces.gone(marked)
        return True
