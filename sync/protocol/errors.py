"""What the platform answers when it does not do what it was asked: a number, and what the till does about it.

Decides numbers, HTTP statuses and whether asking again helps; words for people are the till's. Numbers never change.
What the business thinks of a fact is no error: it is stored and parked (SYNC.md §3).
"""

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any


class Cure(StrEnum):
    """What the asking end does next, without a person."""

    LATER = "later"
    """Ask again, after `retry_after_s` where it is given."""
    SMALLER = "smaller"
    """Send half as much, down to one fact."""
    FROM_THERE = "from_there"
    """Send what stands after the position that the answer names."""
    SNAPSHOT = "snapshot"
    """Begin again from a snapshot."""
    PERSON = "person"
    """Nothing helps but a person: the desk says what to do."""


class Number(IntEnum):
    """The errors: 1xxx the request, 2xxx who asks, 3xxx members, 5xxx the platform, 9xxx found by the till itself."""

    UNREADABLE = 1001
    VERSION = 1002
    TOO_LARGE = 1003
    GAP = 1004
    CURSOR_TOO_OLD = 1005
    CURSOR_FOREIGN = 1006
    CHAIN_BROKEN = 1007
    FOREIGN_FACT = 1008
    TOKEN = 2001
    REVOKED = 2002
    SIGNATURE = 2003
    SCOPE = 2004
    CODE = 2010
    CODE_EXPIRED = 2011
    CODE_TRIED_TOO_OFTEN = 2012
    ENROLLED_ALREADY = 2013
    OTHER_CURRENCY = 2014
    TILL_CODE = 2015
    FOUNDED_ALREADY = 2016
    STAFF_TOKEN = 2020
    NOT_FOUND = 3001
    CHANGED_MEANWHILE = 3002
    MERGE_REFUSED = 3003
    INVALID = 3004
    EXISTS = 3005
    SNAPSHOT_GONE = 3006
    BUSY = 5001
    STORAGE = 5002
    DATABASE = 5003
    BUG = 5004
    UNREACHABLE = 9001
    NOT_THE_PLATFORM = 9002
    CERTIFICATE = 9003


@dataclass(frozen=True, slots=True)
class Meaning:
    """How an error travels, and what cures it."""

    status: int
    cure: Cure


MEANINGS: dict[Number, Meaning] = {
    Number.UNREADABLE: Meaning(426, Cure.PERSON),
    Number.VERSION: Meaning(426, Cure.PERSON),
    Number.TOO_LARGE: Meaning(413, Cure.SMALLER),
    Number.GAP: Meaning(409, Cure.FROM_THERE),
    Number.CURSOR_TOO_OLD: Meaning(410, Cure.SNAPSHOT),
    Number.CURSOR_FOREIGN: Meaning(410, Cure.SNAPSHOT),
    Number.CHAIN_BROKEN: Meaning(422, Cure.PERSON),
    Number.FOREIGN_FACT: Meaning(422, Cure.PERSON),
    Number.TOKEN: Meaning(401, Cure.PERSON),
    Number.REVOKED: Meaning(403, Cure.PERSON),
    Number.SIGNATURE: Meaning(401, Cure.PERSON),
    Number.SCOPE: Meaning(403, Cure.PERSON),
    Number.CODE: Meaning(403, Cure.PERSON),
    Number.CODE_EXPIRED: Meaning(403, Cure.PERSON),
    Number.CODE_TRIED_TOO_OFTEN: Meaning(429, Cure.PERSON),
    Number.ENROLLED_ALREADY: Meaning(409, Cure.PERSON),
    Number.OTHER_CURRENCY: Meaning(409, Cure.PERSON),
    Number.TILL_CODE: Meaning(409, Cure.PERSON),
    Number.FOUNDED_ALREADY: Meaning(409, Cure.PERSON),
    Number.STAFF_TOKEN: Meaning(401, Cure.PERSON),
    Number.NOT_FOUND: Meaning(404, Cure.PERSON),
    Number.CHANGED_MEANWHILE: Meaning(409, Cure.PERSON),
    Number.MERGE_REFUSED: Meaning(409, Cure.PERSON),
    Number.INVALID: Meaning(422, Cure.PERSON),
    Number.EXISTS: Meaning(409, Cure.PERSON),
    Number.SNAPSHOT_GONE: Meaning(410, Cure.SNAPSHOT),
    Number.BUSY: Meaning(503, Cure.LATER),
    Number.STORAGE: Meaning(503, Cure.LATER),
    Number.DATABASE: Meaning(503, Cure.LATER),
    Number.BUG: Meaning(500, Cure.LATER),
    Number.UNREACHABLE: Meaning(0, Cure.LATER),
    Number.NOT_THE_PLATFORM: Meaning(0, Cure.LATER),
    Number.CERTIFICATE: Meaning(0, Cure.PERSON),
}


class PlatformError(Exception):
    """The platform, or the way to it, did not do what was asked; `number` says why, `told` holds its parameters."""

    def __init__(self, number: Number, **told: Any) -> None:
        super().__init__(f"{number.value} {number.name.lower()}")
        self.number = number
        self.told = told

    @property
    def cure(self) -> Cure:
        """What the asking end does next."""
        return MEANINGS[self.number].cure
