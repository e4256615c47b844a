"""Goods of a till that joined a merchant and that the merchant does not have: brought along, or no longer sold.

Both are facts, so that the platform learns; what they do there is sync's. Decides which goods these are, and how many
are written in one transaction: a sale waits for one chunk at most.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

from pos_app.domain.catalogue import Piece, PieceState, Variant
from pos_app.domain.facts.catalogue import GoodsSaved, PieceSaved
from pos_app.domain.staff import Action
from pos_app.services.acting import Actor
from pos_app.services.catalogue_edit import changed_fields
from pos_app.services.ports.store import Tx
from pos_app.services.workplace import Workplace

SHOWN = 50
CHUNK = 100
"""Goods in one transaction."""
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Goods that only this till has: how many, and the first of them in the order in which they were made."""

    count: int
    first: tuple[Variant, ...]


class Joining:
    """Use cases of goods that nobody else of the merchant has."""

    def __init__(self, work: Workplace) -> None:
        self._store = work.store
        self._recorder = work.recorder

    def unmatched(self) -> Unmatched:
        """Return the goods that are sold here and that no code or barcode found among the merchant's.

        It counts all goods, so not on the thread that takes keys; of a till that stands alone all goods are unmatched.
        """
        with self._store.read() as tx:
            return Unmatched(tx.catalogue.count_alone(), tuple(tx.catalogue.alone(b"", SHOWN)))

    def bring_along(self, who: Actor, progress: Progress = lambda _done: None) -> int:
        """Make these goods, and all pieces of this till's own, the merchant's; return how many goods they are.

        Raises ForbiddenError. After a cut it can be done again.
        """
        who.require(Action.IMPORT_CATALOGUE)
        count = self._each_variant(who, _told_whole, progress)
        self._each_piece(who, _piece_told_whole)
        return count

    def stop_selling(self, who: Actor, progress: Progress = lambda _done: None) -> int:
        """Hold these goods, and the pieces of this till's own, back; return how many goods they are.

        Raises ForbiddenError. After a cut it can be done again.
        """
        who.require(Action.EDIT_CATALOGUE)
        self._each_piece(who, _piece_held_back)
        return self._each_variant(who, _held_back, progress)

    def _each_variant(
        self, who: Actor, write: Callable[[Tx, Variant], GoodsSaved], progress: Progress
    ) -> int:
        """Write each of the goods with its fact, in the order of their ids."""
        after, count = b"", 0
        while True:
            with self._store.write() as tx:
                found = tx.catalogue.alone(after, CHUNK)
                for variant in found:
                    self._recorder.record(tx, write(tx, variant), who.staff_id)
            if not found:
                return count
            after, count = found[-1].variant_id.bytes, count + len(found)
            progress(count)

    def _each_piece(self, who: Actor, write: Callable[[Tx, Piece], PieceSaved]) -> None:
        after = b""
        while True:
            with self._store.write() as tx:
                found = tx.catalogue.pieces_alone(after, CHUNK)
                for piece in found:
                    self._recorder.record(tx, write(tx, piece), who.staff_id)
            if not found:
                return
            after = found[-1].piece_id.bytes


def _told_whole(_tx: Tx, variant: Variant) -> GoodsSaved:
    return GoodsSaved(variant=variant.variant_id, changes=changed_fields(None, variant))


def _held_back(tx: Tx, variant: Variant) -> GoodsSaved:
    flags = dataclasses.replace(variant.flags, quarantined=True)
    held = dataclasses.replace(variant, flags=flags)
    tx.catalogue.save([held], [])
    return GoodsSaved(variant=variant.variant_id, changes=changed_fields(variant, held))


def _piece_told_whole(_tx: Tx, piece: Piece) -> PieceSaved:
    changes = changed_fields(None, piece)
    return PieceSaved(piece=piece.piece_id, variant=piece.variant_id, changes=changes)


def _piece_held_back(tx: Tx, piece: Piece) -> PieceSaved:
    held = dataclasses.replace(piece, state=PieceState.QUARANTINED)
    tx.catalogue.save([], [], [held])
    changes = changed_fields(piece, held)
    return PieceSaved(piece=piece.piece_id, variant=piece.variant_id, changes=changes)
