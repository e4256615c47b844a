"""What a played wallet has to do, whichever it is: read a request, do it with the bank, say it, sign it.

Decides the shapes alone; `wechat_side` and `alipay_side` speak.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sync.payments.keys import MerchantKey, ProviderKey
from sync.payments.simulator.bank import Bank

Content = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it came; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request wants: `what` is "charge", "query", "reverse", "refund" or "query_refund"."""

    what: str
    number: str
    refund_number: str = ""
    code: str = ""
    amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What is answered, before it is signed."""

    status: int
    content: Content = field(default_factory=dict)
    is_signed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What goes over the line."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """The one merchant that a played wallet knows, and the wallet's own key."""

    app_id: str
    merchant_id: str
    merchant_serial: str
    provider_serial: str
    merchant_key: ProviderKey
    provider_key: MerchantKey


class Rejected(Exception):  # noqa: N818 - an answer, no fault of the simulator's
    """The request is none that the wallet would work on."""

    def __init__(self, spoken: Spoken) -> None:
        super().__init__(spoken.status)
        self.spoken = spoken


class Side(Protocol):
    """One wallet's tongue."""

    wallet: str

    def read(self, request: Request, now_ms: int) -> Asked:
        """Check who asks and what; raise Rejected."""
        ...

    def do(self, bank: Bank, asked: Asked, now_ms: int, off_by: int) -> Spoken:
        """Do it and say what came of it; a charge is wrong by `off_by` fen."""
        ...

    def error(self, busy: bool) -> Spoken:
        """Say that the system has a fault, or is too busy and did nothing."""
        ...

    def twist(self, spoken: Spoken, fault: str) -> Spoken:
        """Say something false: another amount ("misread"), or another order ("other_order")."""
        ...

    def again(self, asked: Asked) -> Spoken:
        """Say of a reversal that nothing was done yet, and that it is to be asked for again."""
        ...

    def seal(self, request: Request, spoken: Spoken, now_ms: int, spoilt: bool) -> Sealed:
        """Write and sign it; `spoilt` signs other bytes than are sent."""
        ...
