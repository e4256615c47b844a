"""What sync and the till ask of each other: the tie to a platform, what it sent, how it goes, and questions online.

Decides values and Protocols; `pos_app.persistence` keeps them, `sync.client` does the work, `ui.main` joins them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pos_app.domain.errors import UnavailableError
from pos_app.domain.members import Member
from pos_app.domain.records import MemberRecord
from pos_app.domain.sales.sale import Sale
from pos_app.domain.values.ids import LineId, MemberId, MerchantId
from pos_app.domain.values.quantity import Quantity

MEMBER, DESK, SHOP, TILL = "member", "desk", "shop", "till"
"""Kinds of documents that services read what is kept of: `sync.protocol.documents` has them all."""


class PlatformUnavailableError(UnavailableError):
    """The platform did not do what was asked; `number` is one of `sync.protocol.errors`, told in words by the desk."""

    code = "sync.error.platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncLink:
    """A till's tie to a platform; its token stands in the key store and not here.

    The acknowledgement (`epoch`, `seq`, `hash`, signed by the platform's key) is how far the journal is known there.
    `is_restored` says that the platform knew more of this journal than this till: it was restored or cloned, and
    spends nothing of others' until a manager opens a new epoch. `digest` is that of the documents held here.
    `uploading` is how far this till's goods were brought along, as `sync.client.goods_bringing` writes it. Times are
    milliseconds since 1970; `drift_ms` is this till's clock less the platform's; `trouble` the number of what stands in
    the way, 0 for nothing; `state` what the platform takes this till for.
    """

    address: str
    merchant: MerchantId
    platform_key: bytes
    enrolled_at_ms: int
    epoch: int
    seq: int
    hash: bytes
    signature: bytes = b""
    letters: int = 0
    cursor: bytes = b""
    is_restored: bool = False
    way: str = "found"
    digest: int = 0
    answered_at_ms: int = 0
    refetched_at_ms: int = 0
    drift_ms: int = 0
    trouble: int = 0
    state: str = "ok"
    uploading: str = ""


class Links(Protocol):
    """The tie to the platform, none for a till that stands alone."""

    def load(self) -> SyncLink | None:
        """Return the tie."""
        ...

    def save(self, link: SyncLink) -> None:
        """Write the tie anew."""
        ...

    def remove(self) -> None:
        """Forget the tie: this till stands alone."""
        ...


class Documents(Protocol):
    """What the platform sent, by kind and id (16 bytes): its place in the feed, and what no other table holds of it."""

    def position(self, kind: str, document: bytes) -> int | None:
        """Return where a document stands in the feed; None for one that is not here."""
        ...

    def positions(self, kind: str, documents: Sequence[bytes]) -> Mapping[bytes, int]:
        """Return where some documents of a kind stand in the feed; those that are not here are left out."""
        ...

    def seen(self, kind: str, document: bytes) -> int | None:
        """Return the place of what was taken in last of a document; None where nothing was.

        It is an earlier one than `position` says while a later state is put aside.
        """
        ...

    def put(self, kind: str, document: bytes, position: int, body: bytes | None) -> None:
        """Write a document."""
        ...

    def put_many(self, kind: str, documents: Iterable[tuple[bytes, int, bytes | None]]) -> None:
        """Write documents of a kind: id, place, body."""
        ...

    def owe(self, kind: str, document: bytes, position: int | None, whole: bytes) -> None:
        """Note a document's place (None: it is gone) and put it aside as it came; what is kept of it stays."""
        ...

    def owed(self, kind: str) -> Sequence[tuple[bytes, bytes]]:
        """Return the ids of the documents of a kind that were put aside, and how they came."""
        ...

    def settle(self, kind: str, documents: Iterable[bytes]) -> None:
        """Forget what was put aside of some documents of a kind."""
        ...

    def remove(self, kind: str, document: bytes) -> None:
        """Forget a document; what was put aside of it stays."""
        ...

    def body(self, kind: str, document: bytes) -> bytes | None:
        """Return what is kept of a document; None without any."""
        ...

    def all(self, kind: str) -> Iterable[tuple[bytes, bytes]]:
        """Return the ids and bodies of a kind, those without a body left out."""
        ...

    def clear(self, most: int) -> int:
        """Forget so many documents, whichever; return how many there were. None are left when it is less."""
        ...


class SyncLight(StrEnum):
    """How sync is, for the light on the status bar."""

    ALONE = "alone"
    """This till belongs to no platform."""
    OK = "ok"
    BUSY = "busy"
    """Sending, or taking in what a new till needs."""
    OFFLINE = "offline"
    """No network, or the platform does not answer: what is done here waits, and nothing is lost."""
    TROUBLE = "trouble"
    """A person has to do something; `SyncStatus.trouble` says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncStatus:
    """How sync is.

    `unsent` facts wait, the oldest since `oldest_ms`; `filling` is (taken in, all) while a new till gets its members;
    `open_items` wait at the sync desk; `refetched_at_ms` is when this till last began to fetch everything anew, 0 for
    never.
    """

    light: SyncLight = SyncLight.ALONE
    unsent: int = 0
    oldest_ms: int | None = None
    answered_at_ms: int = 0
    drift_ms: int = 0
    trouble: int = 0
    is_restored: bool = False
    open_items: int = 0
    filling: tuple[int, int] | None = None
    address: str = ""
    refetched_at_ms: int = 0


class SyncControl(Protocol):
    """The runner, as the screens see it; safe from any thread, and none of it waits for the network."""

    def status(self) -> SyncStatus:
        """Return how sync is."""
        ...

    def watch(self, listener: Callable[[SyncStatus], None]) -> None:
        """Call a listener whenever the status changes, on the runner's thread."""
        ...

    def wake(self) -> None:
        """Go on at once: something was committed, or somebody asks for it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineMember:
    """A member whom the platform knows; `here` says that this till has her too."""

    member: Member
    record: MemberRecord
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineSale:
    """A sale of any shop; `returned` says how much of its lines came back already. `counts` False: see the desk."""

    sale: Sale
    shop_name: str
    counts: bool = True
    returned: tuple[tuple[LineId, Quantity], ...] = ()


class AskOnline(Protocol):
    """Questions to the platform, on the net lane; each raises PlatformUnavailableError, also for a till alone."""

    def members(self, text: str) -> Sequence[OnlineMember]:
        """Return whom a text finds; those found can be used here at once."""
        ...

    def sales(self, member: MemberId) -> Sequence[OnlineSale]:
        """Return what a member bought in any shop, newest first."""
        ...

    def receipt(self, number: str) -> OnlineSale | None:
        """Return a sale by its receipt number; None when the platform has none."""
        ...


class NoAnswers:
    """Nobody to ask: what a till without a platform has."""

    def members(self, text: str) -> Sequence[OnlineMember]:
        """Raise PlatformUnavailableError."""
        raise PlatformUnavailableError(number=0)

    def sales(self, member: MemberId) -> Sequence[OnlineSale]:
        """Raise PlatformUnavailableError."""
        raise PlatformUnavailableError(number=0)

    def receipt(self, number: str) -> OnlineSale | None:
        """Raise PlatformUnavailableError."""
        raise PlatformUnavailableError(number=0)


class StandsAlone:
    """The runner of a till without a platform: there is nothing to run."""

    def status(self) -> SyncStatus:
        """Return that it stands alone."""
        return SyncStatus()

    def watch(self, listener: Callable[[SyncStatus], None]) -> None:
        """Nothing ever changes."""

    def wake(self) -> None:
        """Nothing waits."""


class EnrolWay(StrEnum):
    """How a till comes to a merchant: it brings the merchant's records along, or takes them over."""

    FOUND = "found"
    JOIN = "join"


class Enrolling(Protocol):
    """Becoming one of a merchant's tills, on the net lane."""

    def look(self, address: str) -> str:
        """Return the address in full (https where nothing is said) if a platform answers there.

        Raises PlatformUnavailableError.
        """
        ...

    def enrol(self, address: str, code: str, way: EnrolWay) -> None:
        """Enrol with a one-time code and begin to sync; raises PlatformUnavailableError with the number."""
        ...

    def leave(self) -> None:
        """Stand alone again: forget the tie and the token; what is here stays here."""
        ...
