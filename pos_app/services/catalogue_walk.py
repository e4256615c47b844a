"""Goods and pieces picked out by what no index holds: walked in the order of codes, a short step at a time.

Decides how long a step is, so that selling never waits for one, and which goods a mark picks. Finding by text is
`catalogue`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pos_app.domain.catalogue import Found, Piece, PieceState, Variant
from pos_app.domain.values.ids import PieceId, VariantId
from pos_app.services.ports.goods import LabelChange
from pos_app.services.ports.selling import PieceSale
from pos_app.services.ports.store import Store

STEP = 500
"""Variants that one step looks at: some 5 ms."""
CHANGES = 1_000
"""Changed prices that are told of at once."""


class Mark(StrEnum):
    """What goods are picked by."""

    ALL = ""
    WEIGHED = "weighed"
    QUARANTINED = "quarantined"
    NO_PRICE = "no_price"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class GoodsPart:
    """Goods that a step found; `after` is the code to go on from, `done` when there are no more."""

    found: tuple[Variant, ...]
    after: str
    done: bool


@dataclass(frozen=True, slots=True)
class PiecesPart:
    """Pieces that a step found with their goods; `after` and `done` as in `GoodsPart`."""

    found: tuple[Found, ...]
    after: str
    done: bool


@dataclass(frozen=True, slots=True)
class ChangedPrice:
    """A price whose label is to be printed again, with the goods; None for goods that are gone."""

    change: LabelChange
    variant: Variant | None


def has_mark(variant: Variant, mark: Mark) -> bool:
    """Whether goods bear a mark; CHANGED is a matter of their prices' history and never said here."""
    flags = variant.flags
    if mark is Mark.WEIGHED:
        return flags.by_weight
    if mark is Mark.QUARANTINED:
        return flags.quarantined
    if mark is Mark.NO_PRICE:
        return variant.retail is None and not flags.open_price
    return mark is Mark.ALL


class CatalogueWalk:
    """Use cases of looking through goods."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def goods(self, mark: Mark, category: str | None, after: str) -> GoodsPart:
        """Look at the next STEP goods after a code and return those that bear a mark.

        NO_PRICE leaves out goods whose pieces have prices of their own.
        """
        with self._store.read() as tx:
            seen = tx.catalogue.browse(after, STEP, category)
            found = tuple(v for v in seen if has_mark(v, mark))
            if mark is Mark.NO_PRICE:
                found = tuple(v for v in found if not tx.catalogue.pieces(v.variant_id))
        return GoodsPart(found, seen[-1].code if seen else after, len(seen) < STEP)

    def pieces(self, state: PieceState | None, after: str, enough: int) -> PiecesPart:
        """Look at the next STEP goods after a code, until `enough` pieces were found, of one state where it is given.

        All pieces of one of the goods come together.
        """
        found: list[Found] = []
        with self._store.read() as tx:
            seen = tx.catalogue.browse(after, STEP)
            for variant in seen:
                for piece in tx.catalogue.pieces(variant.variant_id):
                    if state is None or piece.state is state:
                        found.append(Found(variant=variant, piece=piece))
                if len(found) >= enough:
                    return PiecesPart(tuple(found), variant.code, done=False)
        return PiecesPart(tuple(found), seen[-1].code if seen else after, len(seen) < STEP)

    def pieces_of(self, variants: tuple[Variant, ...]) -> tuple[tuple[Variant, tuple[Piece, ...]], ...]:
        """Return goods with their pieces."""
        with self._store.read() as tx:
            return tuple((v, tuple(tx.catalogue.pieces(v.variant_id))) for v in variants)

    def sales_of(self, pieces: Sequence[Piece]) -> Mapping[PieceId, PieceSale]:
        """Return the receipts with which those of some pieces went that are sold."""
        sold = [piece.piece_id for piece in pieces if piece.state is PieceState.SOLD]
        if not sold:
            return {}
        with self._store.read() as tx:
            return tx.sales.of_pieces(sold)

    def changed(self, on: date | None = None) -> tuple[ChangedPrice, ...]:
        """Return the prices whose labels are to be printed again, in the order in which they were changed.

        Those whose day has not come `on` a day wait.
        """
        with self._store.read() as tx:
            changes = _due(tx.catalogue.price_changes(None, 0, CHANGES), on)
            goods = {each: tx.catalogue.variant(each) for each in {c.variant_id for c in changes}}
        return tuple(ChangedPrice(change, goods[change.variant_id]) for change in changes)

    def changed_count(self, on: date | None = None) -> int:
        """Return how many prices there are whose labels are to be printed again on a day, CHANGES at most."""
        with self._store.read() as tx:
            return len(_due(tx.catalogue.price_changes(None, 0, CHANGES), on))

    def free_code(self, prefix: str) -> str:
        """Return a code that nothing has yet: the prefix and a number after the count of goods."""
        with self._store.read() as tx:
            number = tx.catalogue.count() + 1
            while any(
                tx.catalogue.owner_of(kind, f"{prefix}{number:06d}") is not None
                for kind in ("variant", "barcode", "piece")
            ):
                number += 1
        return f"{prefix}{number:06d}"

    def ids_of_mark(self, mark: Mark, category: str | None, on: date | None = None) -> tuple[VariantId, ...]:
        """Return all goods that bear a mark, in the order of their codes; never on the thread that takes keys."""
        if mark is Mark.CHANGED:
            return tuple(dict.fromkeys(each.change.variant_id for each in self.changed(on)))
        found: list[VariantId] = []
        part = GoodsPart((), "", done=False)
        while not part.done:
            part = self.goods(mark, category, part.after)
            found += [variant.variant_id for variant in part.found]
        return tuple(found)


def _due(changes: Sequence[LabelChange], on: date | None) -> list[LabelChange]:
    return [each for each in changes if on is None or each.valid_from is None or each.valid_from <= on]
