"""Which ways of paying a till has beside cash, in the order of their tiles.

Decides the order only; a way that the shop lacks says so itself (`Way.there`) and is absent, never dimmed. Source:
DESIGN.md §6, Pay.
"""

from collections.abc import Sequence

from ui.sales.desk import Desk
from ui.sales.pay_card import Card
from ui.sales.pay_charges import Charges
from ui.sales.pay_code import Code
from ui.sales.pay_deposit import SpendDeposit
from ui.sales.pay_other import Other
from ui.sales.pay_stage import Way
from ui.sales.pay_static import StaticCode
from ui.sales.pay_voucher import Coupon
from ui.sales.state import TileView

CASH = "cash"


def tile_ways(desk: Desk, charges: Charges) -> tuple[Way, ...]:
    """Return the ways that have a tile and a key of their own."""
    return (Card(), Code(charges), Other((StaticCode(desk), SpendDeposit(), Coupon(desk))))


def tiles(ways: Sequence[Way], cash_words: str) -> tuple[TileView, ...]:
    """Return the tiles, cash first."""
    cash = TileView(CASH, "banknote", cash_words)
    return (cash, *(TileView(way.name, way.icon, way.words, way.second) for way in ways if way.there))
