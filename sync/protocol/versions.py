"""Versions of the protocol, each with its day and its reason.

Decides which versions two ends can speak together. A version is raised only for what an older end would
misunderstand: new optional fields, new kinds of facts, documents and letters are none, an older end leaves them be.
"""

from datetime import date
from typing import NamedTuple


class Version(NamedTuple):
    """A version, the day it was made, and why the one before it would not do."""

    number: int
    since: date
    reason: str


VERSIONS = (
    Version(1, date(2026, 11, 28), "the first: facts up, documents down, letters beside the answers"),
)
NEWEST = VERSIONS[-1].number
LEAST = 1
"""The oldest version that this program still speaks; tills of a shop are seldom updated on one day."""


def spoken(least: int, newest: int) -> int | None:
    """Return the newest version that both this end and one that speaks `least` to `newest` know; None without any."""
    common = min(NEWEST, newest)
    return common if common >= max(LEAST, least) else None
