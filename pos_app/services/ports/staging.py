"""What an import asks of members, goods and pieces: those known already, and hidden versions of what it brings."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from pos_app.domain.members import Member
from pos_app.domain.values.ids import MemberId
from pos_app.services.ports.imports import Versions


class StagedMembers(Versions, Protocol):
    """Members as a batch brings them."""

    def on_keys(self, kind: str, values: Sequence[str]) -> Mapping[str, Sequence[Member]]:
        """Return the members on each of some keys as they count now, refused cards among them."""
        ...

    def stage(self, batch: int, new: Sequence[Member], changed: Sequence[Member]) -> None:
        """Write hidden versions without search keys; `changed` replace the ones that count, and keep their visits."""
        ...

    def clashing(self, batch: int, members: Sequence[MemberId]) -> Sequence[MemberId]:
        """Return the members staged under a batch who are among some, or have a key that one of them has now."""
        ...

    def leave_out(self, batch: int, members: Sequence[MemberId]) -> int:
        """Remove what was staged of some members, keys too; return how many there were."""
        ...
