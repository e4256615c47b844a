"""What every shop together knows of a member: totals, where she came, who changed what where.

A till that stands alone has none of it; a platform sends it beside the member. Decides shape; the platform folds.
"""

from enum import StrEnum

import msgspec

from pos_app.domain.values.ids import MemberId, ShopId, StaffId


class Changed(StrEnum):
    """What was done to a member's record."""

    REGISTERED = "registered"
    EDITED = "edited"
    CONSENT = "consent"
    CARD = "card"
    MERGED = "merged"
    UNMERGED = "unmerged"
    IMPORTED = "imported"


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who changed what, where and when; `fields` are names, never values. Times are milliseconds since 1970, UTC.

    `till_code` is "" for the online desk; `lost` says that another shop's word was kept instead.
    """

    what: Changed
    at_ms: int
    shop: ShopId
    till_code: str = ""
    staff: StaffId | None = None
    fields: tuple[str, ...] = ()
    lost: bool = False


class MonthTotal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a member spent in a month (`month` as 202611), in minor units less what she returned, and her visits."""

    month: int
    spend: int = 0
    visits: int = 0


class ShopVisits(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How often a member came to a shop, and when last."""

    shop: ShopId
    visits: int
    last_ms: int


class MemberRecord(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What all shops know; `also` are the ids that were merged into this one."""

    shops: tuple[ShopVisits, ...] = ()
    months: tuple[MonthTotal, ...] = ()
    changes: tuple[Change, ...] = ()
    also: tuple[MemberId, ...] = ()
