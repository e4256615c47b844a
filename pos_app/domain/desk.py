"""The sync desk: what two shops did at once and only a person can settle, with both versions and one-step choices.

Decides the kinds of items and which choices each has. A choice is a fact (`desk.decided`) and can be taken back by
another; what it does is the platform's. Source: SYNC.md §6, §7.
"""

from enum import StrEnum
from typing import NewType
from uuid import UUID

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.values.ids import MemberId, SaleId, ShopId, StaffId
from pos_app.domain.values.money import ZERO, Amount

ItemId = NewType("ItemId", UUID)


class DeskItemGoneError(ExpectedError):
    """The item was settled elsewhere, or concerns somebody who was erased."""

    code = "sync.error.item_gone"


class DeskItemChangedError(ExpectedError):
    """What a choice wrote was changed by hand since: taking the choice back would lose the newer word."""

    code = "sync.error.item_changed"


class ItemKind(StrEnum):
    """What is to be settled."""

    SAME_KEY = "same_key"
    """Two members say that one phone, card, address or id is theirs, and their names do not agree."""
    LOST_EDIT = "lost_edit"
    """Two shops gave one field of a member different words at once; the second word was not kept."""
    RETURNED_TWICE = "returned_twice"
    """More of a receipt was returned than it says; the later return is kept as it was made and not counted."""
    SOLD_TWICE = "sold_twice"
    """One piece was sold by two tills; the later sale is kept as it was made and not counted."""
    PARKED = "parked"
    """The platform could not make sense of a fact; it is kept, and read again when the platform is newer."""


class Choice(StrEnum):
    """What a person may choose; which of them each kind has stands in CHOICES."""

    MERGE = "merge"
    KEEP_BOTH = "keep_both"
    TAKE_OTHER = "take_other"
    COUNT = "count"
    LEAVE = "leave"


CHOICES: dict[ItemKind, tuple[Choice, ...]] = {
    ItemKind.SAME_KEY: (Choice.MERGE, Choice.KEEP_BOTH),
    ItemKind.LOST_EDIT: (Choice.TAKE_OTHER, Choice.LEAVE),
    ItemKind.RETURNED_TWICE: (Choice.COUNT, Choice.LEAVE),
    ItemKind.SOLD_TWICE: (Choice.COUNT, Choice.LEAVE),
    ItemKind.PARKED: (Choice.LEAVE,),
}


class Version(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of the two versions: where, by whom and when it was made, and what it says.

    `text` is what stood in the field (LOST_EDIT), the member's name (SAME_KEY), both personal, or the name of the
    goods; `number` the receipt, `total` its sum in minor units.
    """

    shop: ShopId
    till_code: str = ""
    staff: StaffId | None = None
    at_ms: int
    member: MemberId | None = None
    text: str = ""
    sale: SaleId | None = None
    number: str = ""
    total: Amount = ZERO


class DeskItem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is to be settled; `choice` None while it is open. `about` is a field's name, or a masked key."""

    item_id: ItemId
    kind: ItemKind
    at_ms: int
    about: str = ""
    first: Version
    second: Version
    choice: Choice | None = None
    chosen_at_ms: int = 0
    chosen_by: StaffId | None = None
    chosen_shop: ShopId | None = None
