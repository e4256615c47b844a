"""What a broken promise is, and a fact as it is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass


class BrokenError(AssertionError):
    """A promise was not kept."""


def need(held: bool, text: str) -> None:
    """Raise BrokenError unless something holds."""
    if not held:
        raise BrokenError(text)


@dataclass(frozen=True, slots=True)
class Held:
    """A fact as a platform or a till holds it."""

    kind: str
    body: bytes
    state: str = ""


Facts = Mapping[tuple[bytes, int, int, bytes], Held]
"""By till, epoch, seq and hash."""
