"""Facts of sync: what a person settled at the sync desk. Decides their version 1."""

import msgspec

from pos_app.domain.desk import Choice, ItemId, ItemKind


class DeskDecided(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An item of the sync desk was settled; `choice` None takes the last choice back."""

    item: ItemId
    kind: ItemKind
    choice: Choice | None = None
