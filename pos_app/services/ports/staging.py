"""What an import asks of members, goods and pieces: those known already, and hidden versions of what it brings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from pos_app.domain.catalogue import Barcode, Piece, PriceRow, Style, Variant
from pos_app.domain.members import Member
from pos_app.domain.values.ids import MemberId, VariantId
from pos_app.services.ports.imports import Versions


class StagedMembers(Versions, Protocol):
    """Members as a batch brings them."""

    def on_keys(self, kind: str, values: Sequence[str]) -> Mapping[str, Sequence[Member]]:
        """Return the members on each of some keys as they count now, refused cards among them."""
        ...

    def stage(self, batch: int, new: Sequence[Member], changed: Sequence[Member]) -> None:
        """Write hidden versions without search keys; `changed` replace the ones that count, and keep their visits."""
        ...

    def counting(self, after: int, limit: int) -> Sequence[tuple[int, Member]]:
        """Return members that count, with their numbers, after a number; erased ones are left out."""
        ...

    def clashing(self, batch: int, members: Sequence[MemberId]) -> Sequence[MemberId]:
        """Return the members staged under a batch who are among some, or have a key that one of them has now."""
        ...

    def leave_out(self, batch: int, members: Sequence[MemberId]) -> int:
        """Remove what was staged of some members, keys too; return how many there were."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsKnown:
    """Goods as they count now, with what belongs to them; the member price is the one without days."""

    variant: Variant
    barcodes: tuple[Barcode, ...]
    scale_item: str | None
    member_price: PriceRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsToStage:
    """Goods as a batch brings them, whole; `price` is a member price that is new or another one."""

    variant: Variant
    barcodes: tuple[Barcode, ...]
    scale_item: str | None = None
    price: PriceRow | None = None
    is_known: bool = False


class StagedGoods(Versions, Protocol):
    """Goods as a batch brings them."""

    def on_codes(self, codes: Sequence[str], batch: int = 0) -> Mapping[str, VariantId]:
        """Return the variant of each of some codes as they count now; those staged under a batch too."""
        ...

    def on_barcodes(self, codes: Sequence[str]) -> Mapping[str, VariantId]:
        """Return the variant of each of some barcodes."""
        ...

    def on_scale_items(self, items: Sequence[str]) -> Mapping[str, VariantId]:
        """Return the variant of each of some scale items."""
        ...

    def styles(self, codes: Sequence[str], batch: int) -> Mapping[str, Style]:
        """Return the styles of some codes, those staged under a batch among them."""
        ...

    def known(self, variants: Sequence[VariantId]) -> Mapping[VariantId, GoodsKnown]:
        """Return goods that count, with all that belongs to them."""
        ...

    def stage(self, batch: int, goods: Sequence[GoodsToStage], styles: Sequence[Style]) -> None:
        """Write hidden versions with their barcodes, scale items and member prices; known goods are replaced."""
        ...

    def clashing(self, batch: int, things: Sequence[UUID]) -> Sequence[VariantId]:
        """Return the goods staged under a batch that are among some, or have a code that one of them has now."""
        ...

    def leave_out(self, batch: int, things: Sequence[UUID]) -> int:
        """Remove what was staged of some goods, keys and prices too; return how many there were."""
        ...

    def note_labels(self, batch: int, at: datetime, after: int, limit: int) -> int | None:
        """Put goods whose retail price a batch changed on the list of labels to print again.

        Walks replaced versions after a number; returns the last one seen, None at the end.
        """
        ...

    def note_labels_back(
        self, batch: int, moments: tuple[datetime, datetime], after: int, limit: int
    ) -> int | None:
        """Put goods whose label says a price of a batch that was taken back on the list, and others off it.

        `moments` are when the batch was shown and now. Walks the changes noted then after a number; returns the last
        one seen, None at the end.
        """
        ...

    def remove_styles(self, batch: int, limit: int) -> int:
        """Remove styles that a batch brought and that no goods have any more; return how many were."""
        ...


class StagedPieces(Versions, Protocol):
    """Pieces as a batch brings them."""

    def on_codes(self, codes: Sequence[str]) -> Mapping[str, Piece]:
        """Return the piece of each of some codes as they count now."""
        ...

    def counting(self, after: int, limit: int) -> Sequence[tuple[int, Piece]]:
        """Return pieces that count, with their numbers, after a number."""
        ...

    def on_certificates(self, numbers: Sequence[str]) -> Mapping[str, str]:
        """Return the code of the piece that has each of some certificates."""
        ...

    def stage(self, batch: int, new: Sequence[Piece], changed: Sequence[Piece]) -> None:
        """Write hidden versions; `changed` replace the ones that count, and keep their state."""
        ...

    def clashing(self, batch: int, things: Sequence[UUID]) -> Sequence[UUID]:
        """Return the pieces staged under a batch that are among some, or have a code or certificate of theirs now."""
        ...

    def leave_out(self, batch: int, things: Sequence[UUID]) -> int:
        """Remove what was staged of some pieces; return how many there were."""
        ...
