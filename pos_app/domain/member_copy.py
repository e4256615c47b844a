"""All that a shop keeps of one member, as one value to be handed to her.

Decides what belongs to it; how it is written stands in `documents.member_copy`.
"""

from dataclasses import dataclass
from datetime import datetime

from pos_app.domain.members import Member
from pos_app.domain.sales.sale import Sale


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberCopy:
    """A member, her consents and every sale, with who wrote it out, when and where."""

    member: Member
    sales: tuple[Sale, ...]
    made_by: str
    made_at: datetime
    shop_name: str
    currency: str
