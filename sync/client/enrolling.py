"""Becoming one of a merchant's tills, and standing alone again.

Decides in which order tie, token and runner come and go, so that a till that is cut off in between is a till that
stands alone or one that syncs, and nothing else. Loads requests when it is used.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pos_app.domain.settings import Settings
from pos_app.domain.values.ids import MerchantId, ShopId
from pos_app.services.ports.clock import Signer
from pos_app.services.ports.store import Store
from pos_app.services.ports.syncing import EnrolWay, PlatformUnavailableError, SyncLink
from sync.client.addresses import address_of, meant_by
from sync.client.goods_bringing import at_first
from sync.client.runner import SyncRunner
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Enrol, Enrolled, Way
from sync.protocol.versions import NEWEST

CLEARED_AT_ONCE = 2_000
"""Documents forgotten in one transaction, so that a sale beside it hardly waits."""
FIRST_EPOCH = 1
T = TypeVar("T")


class Tokens(Protocol):
    """Where the token is kept."""

    def load(self) -> str | None:
        """Return it."""
        ...

    def save(self, token: str) -> None:
        """Keep it."""
        ...

    def forget(self) -> None:
        """Keep it no longer."""
        ...


class GateLine(Protocol):
    """A connection to a platform, to which nobody belongs yet."""

    def answers(self) -> bool:
        """Whether a platform answers; raises PlatformError."""
        ...

    def enrol(self, enrol: Enrol) -> Enrolled:
        """Come in; raises PlatformError."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolDoors:
    """What enrolling works with; `open_gate` opens a connection to an address.

    `adopt_shop` lets this till belong to the shop that it is a further till of, under its code; `remember` keeps the
    address for another time; `forget_files` removes what was fetched into files and not taken in yet.
    """

    store: Store
    settings: Callable[[], Settings]
    signer: Signer
    tokens: Tokens
    runner: SyncRunner
    now_ms: Callable[[], int]
    open_gate: Callable[[str], GateLine]
    adopt_shop: Callable[[ShopId, str], None]
    remember: Callable[[str], None]
    forget_files: Callable[[], None]


class TillEnrolling:
    """Enrolment of this till, as an `Enrolling`; on the net lane."""

    def __init__(self, doors: EnrolDoors) -> None:
        self._doors = doors

    def look(self, address: str) -> str:
        """Return the address in full if a platform answers there; raises PlatformUnavailableError."""
        return look(address, self._doors.open_gate)

    def enrol(self, address: str, code: str, way: EnrolWay, *, begin: bool = True) -> None:
        """Come in with a one-time code and `begin` to sync; raises PlatformUnavailableError with the number.

        `address` is one that `look` returned. When the answer was lost, the same code serves once more.
        """
        try:
            whole = str(address_of(address))
        except ValueError:
            whole = self.look(address)
        with self._doors.store.read() as tx:
            if tx.links.load() is not None:
                raise PlatformUnavailableError(number=Number.ENROLLED_ALREADY.value)
        asked = self._asked(code, way)
        try:
            enrolled = self._at(whole, lambda gate: gate.enrol(asked))
        except PlatformError as error:
            raise unavailable(error) from error
        # The token first: a token without a tie is nothing, a tie without a token would knock in vain for ever.
        self._doors.tokens.save(enrolled.token)
        if (enrolled.shop, enrolled.shop_code or asked.shop_code) != (asked.shop, asked.shop_code):
            self._doors.adopt_shop(ShopId(enrolled.shop), enrolled.shop_code)
        self._doors.remember(whole)
        with self._doors.store.write() as tx:
            tx.links.save(
                SyncLink(
                    address=whole,
                    merchant=MerchantId(enrolled.merchant),
                    platform_key=enrolled.platform_key,
                    enrolled_at_ms=self._doors.now_ms(),
                    epoch=FIRST_EPOCH,
                    seq=0,
                    hash=tx.journal.base_of(FIRST_EPOCH),
                    way=way.value,
                    uploading=at_first(way, tx.journal.head()),
                )
            )
        if begin:
            self._doors.runner.start()

    def leave(self) -> None:
        """Stand alone again: forget tie, token and what was fetched, but for what became part of the books."""
        self._doors.runner.stop()
        with self._doors.store.write() as tx:
            tx.links.remove()
        self._doors.tokens.forget()
        self._doors.forget_files()
        cleared = CLEARED_AT_ONCE
        while cleared == CLEARED_AT_ONCE:
            with self._doors.store.write() as tx:
                cleared = tx.documents.clear(CLEARED_AT_ONCE)
        self._doors.runner.forget()

    def _asked(self, code: str, way: EnrolWay) -> Enrol:
        settings = self._doors.settings()
        return Enrol(
            p=NEWEST,
            code=code.strip(),
            way=Way(way.value),
            till=settings.till_id,
            shop=settings.shop_id,
            shop_code=settings.shop_code,
            till_code=settings.till_code,
            shop_name=settings.shop_name,
            currency=settings.currency,
            public_key=self._doors.signer.public_key(),
        )

    def _at(self, address: str, ask: Callable[[GateLine], T]) -> T:
        return _at(address, ask, self._doors.open_gate)


def look(address: str, open_gate: Callable[[str], GateLine]) -> str:
    """Return the address in full if a platform answers there; raises PlatformUnavailableError."""
    failed = PlatformError(Number.NOT_THE_PLATFORM)
    try:
        meant = meant_by(address)
    except ValueError as error:
        raise unavailable(failed) from error
    for each in meant:
        try:
            _at(str(each), lambda gate: gate.answers(), open_gate)
            return str(each)
        except PlatformError as error:
            failed = error
    raise unavailable(failed) from failed


def _at(address: str, ask: Callable[[GateLine], T], open_gate: Callable[[str], GateLine]) -> T:
    gate = open_gate(address)
    try:
        return ask(gate)
    finally:
        gate.close()


def unavailable(error: PlatformError) -> PlatformUnavailableError:
    """Return an error of the platform as screens know it: its number, and what belongs to it."""
    told = {name: value for name, value in error.told.items() if isinstance(value, int | str)}
    return PlatformUnavailableError(number=error.number.value, **told)
