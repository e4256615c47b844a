"""What the sync page works with: the runner, enrolment, the sync desk, and the goods that a joining till brought.

Decides the shapes only; the composition root hands over what stands behind them, tests hand over plain objects.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pos_app.domain.desk import Choice, DeskItem, ItemId
from pos_app.domain.values.ids import ShopId
from pos_app.services.acting import Actor
from pos_app.services.ports.lane import Lane
from pos_app.services.ports.syncing import Enrolling, SyncControl


class Desk(Protocol):
    """The sync desk's use cases; on the db lane."""

    def items(self) -> Sequence[DeskItem]:
        """Return what is to be settled and what was settled."""
        ...

    def decide(self, who: Actor, item_id: ItemId, choice: Choice) -> object:
        """Settle an item; raises DeskItemGoneError and ForbiddenError."""
        ...

    def take_back(self, who: Actor, item_id: ItemId) -> object:
        """Take the choice of an item back; raises DeskItemGoneError and ForbiddenError."""
        ...


class OneOfThem(Protocol):
    """Goods of this till."""

    @property
    def code(self) -> str:
        """The code of the goods."""
        ...

    @property
    def name(self) -> str:
        """Their name."""
        ...


class LeftGoods(Protocol):
    """Goods of this till that the merchant whom it joined does not have."""

    @property
    def count(self) -> int:
        """How many there are."""
        ...

    @property
    def first(self) -> Sequence[OneOfThem]:
        """The first of them, to be named."""
        ...


class Joining(Protocol):
    """What becomes of the goods that only this till has; on the db lane."""

    def unmatched(self) -> LeftGoods:
        """Return the goods that matched none of the merchant's; none for a till that did not join."""
        ...

    def bring_along(self, who: Actor) -> object:
        """Make them goods of the merchant, for all shops."""
        ...

    def stop_selling(self, who: Actor) -> object:
        """Sell them no more; receipts that name them stay as they are."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncParts:
    """What the composition root hands the page."""

    control: SyncControl
    enrolling: Enrolling
    desk: Desk
    joining: Joining
    net: Lane
    """Where enrolment waits for the network."""
    now_ms: Callable[[], int]
    """The time in milliseconds since 1970."""
    shops: Callable[[], Mapping[ShopId, str]]
    """The names of the merchant's shops as far as they are known here; on the db lane."""
    remembered: Callable[[], str] = lambda: ""
    """The address that was used last, to begin with."""
