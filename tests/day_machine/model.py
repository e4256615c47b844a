"""What must be in the drawer and in the books, reckoned from what people did and from prices written down here.

Uses none of the product's arithmetic: where both agree, two reckonings do.
"""

from collections import Counter
from dataclasses import dataclass, field

from pos_app.domain.sales.sale import Sale
from tests.support.shop_on_disk import CANDY, FORMULA, FORMULA_CASE, NECKLACE, RING

PRICES = {NECKLACE: 129_900, FORMULA: 32_800, CANDY: 999, FORMULA_CASE: 6 * 32_800, RING: 588_800}
"""In fen, tax inside."""
RATES = {NECKLACE: 13, FORMULA: 13, CANDY: 9, FORMULA_CASE: 13, RING: 13}
"""In percent."""


class DisagreementError(AssertionError):
    """Two reckonings of the same thing differ."""


def same(what: str, told: object, reckoned: object) -> None:
    """Raise DisagreementError unless both are the same."""
    if told != reckoned:
        raise DisagreementError(f"{what}: told {told}, reckoned {reckoned}")


def in_coins(amount: int, step: int) -> int:
    """Round an amount that is not negative to the smallest coin, half up."""
    return (2 * amount + step) // (2 * step) * step


@dataclass
class ShiftBooks:
    """One shift."""

    float_amount: int
    opener: str
    day: str
    sales_count: int = 0
    sales: int = 0
    returns_count: int = 0
    returns: int = 0
    voids_count: int = 0
    voids: int = 0
    rounding: int = 0
    cash_in: int = 0
    cash_out: int = 0
    fees: int = 0
    deposits_taken: int = 0
    off_by_hand: int = 0
    tenders: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    by_person: Counter[str] = field(default_factory=Counter)
    numbers: list[str] = field(default_factory=list)

    @property
    def expected(self) -> int:
        """What the drawer must hold when nobody took or lost any."""
        return self.float_amount + self.tenders["cash"] + self.cash_in - self.cash_out


@dataclass
class Bought:
    """A sale that goods can come back of: how many of each line, and what of its money came back."""

    sale: Sale
    left: list[int]
    paid: int
    back: int = 0
    refunded: int = 0
    plain: bool = True
    """Each line costs what its goods cost: nothing was taken off the bill."""
    codes: list[str] = field(default_factory=list)
    shift: int = 0
    touched: bool = False


@dataclass
class TillBooks:
    """One till over its shifts."""

    step: int
    drawer: int = 0
    """What is in the drawer, as a hand would count it."""
    shift: ShiftBooks | None = None
    closed: list[ShiftBooks] = field(default_factory=list)
    bought: list[Bought] = field(default_factory=list)
    deposits: dict[str, int] = field(default_factory=dict)
    coupons: int = 0
    ring_is_here: bool = True
    receipts: int = 0
    days: Counter[str] = field(default_factory=Counter)
    day_counts: Counter[str] = field(default_factory=Counter)

    @property
    def now(self) -> ShiftBooks:
        """The open shift."""
        assert self.shift is not None
        return self.shift
