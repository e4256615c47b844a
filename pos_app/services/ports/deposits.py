"""What services ask of deposits and of coupons that were taken."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from pos_app.domain.deposits import Deposit
from pos_app.domain.values.ids import MemberId, SaleId


class Deposits(Protocol):
    """Deposits that this till took."""

    def save(self, deposit: Deposit) -> None:
        """Write how a deposit stands, also a new one."""
        ...

    def get(self, sale: SaleId) -> Deposit | None:
        """Return the deposit that a sale took; None for any other sale."""
        ...

    def of_member(self, member: MemberId) -> Sequence[Deposit]:
        """Return what of a member's deposits, and of her aliases', can still pay, oldest first."""
        ...

    def open(self, limit: int, ending: str = "") -> Sequence[Deposit]:
        """Return deposits that can still pay, oldest first; with `ending` those whose number ends so."""
        ...

    def all(self) -> Iterable[Deposit]:
        """Return every deposit, in any order; read as they are walked."""
        ...


class Vouchers(Protocol):
    """Coupons of platforms that were taken on this till, each code once for good."""

    def taken(self, platform: str, code: str) -> SaleId | None:
        """Return the sale that a coupon paid for; None for one that was never taken here."""
        ...

    def take(self, platform: str, code: str, sale: SaleId) -> None:
        """Write that a coupon was taken; it must not have been."""
        ...

    def all(self) -> Iterable[tuple[str, str, SaleId]]:
        """Return (platform, code, sale) of every coupon, in any order; read as they are walked."""
        ...
