"""Facts of imports: what a file brought in, chunk by chunk, and when it counted.

A chunk is staged: it counts from `import.published` on, and no more after `import.withdrawn`. Goods are documents and
not told here one by one. Decides their version 1; personal fields are sealed, each member's with her own key.
"""

from datetime import date

import msgspec

from pos_app.domain.members import Consent
from pos_app.domain.values.ids import ImportId, MemberId, ShopId


class ImportedMember(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One member of a file. New: `sealed` holds the whole profile. Known before: the fields named, and nothing else."""

    member: MemberId
    row: int
    sealed: str
    fields: tuple[str, ...] = ()
    consents: tuple[Consent, ...] = ()
    joined_on: date | None = None


class MembersStaged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A chunk of members was taken in, not visible yet."""

    batch: ImportId
    shop: ShopId
    members: tuple[ImportedMember, ...]


class OpeningBalance(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a member brought along: points, or minor units of stored value; (file, row) is its cause."""

    member: MemberId
    row: int
    points: int = 0
    principal: int = 0
    bonus: int = 0


class BalancesStaged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A chunk of opening balances was taken in, not counted yet; `sha256` is the file's (hex)."""

    batch: ImportId
    sha256: str
    balances: tuple[OpeningBalance, ...]


class ImportPublished(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that was staged under a batch became visible at once."""

    batch: ImportId
    kind: str
    sha256: str
    new: int
    changed: int
    refused: int


class ImportWithdrawn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A batch was taken back, before or after it was published; `kept` rows stay, since they were used meanwhile."""

    batch: ImportId
    published: bool
    kept: int = 0
