"""Gold in a cart when its price of the day has moved: said in words with both prices, and today's taken unless refused.

Decides when it is looked at: when a held cart is taken up, and before Pay opens. Which price holds by whose leave is
the services' to say.
"""

from collections.abc import Sequence
from functools import partial

from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.gold import GoldMove
from pos_app.words import format_amount, translate
from ui.sales.desk import Desk
from ui.sales.lists import Choice
from ui.sales.state import ChoiceRow


class GoldPrices:
    """Tells of gold prices that moved, and lets a manager keep the old ones."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def settle(self) -> bool:
        """Put the gold of the cart at the prices of today before it is paid; say whether something changed."""
        desk = self._desk
        if desk.cart.tenders:
            return False
        cart, moves = desk.shop.carts.gold.at_todays(desk.cart)
        if moves:
            desk.change(cart)
            self.tell(moves)
        return bool(moves)

    def tell(self, moves: Sequence[GoldMove]) -> None:
        """Say what moved, and offer to keep the prices that the lines were rung at."""
        desk = self._desk
        before, after = (format_amount(sum(sums), desk.currency) for sums in _sums(moves))
        prices = self._prices(moves)
        desk.tell(translate("sales.gold.moved", before=before, after=after), "warning")
        desk.front.sound("refused")
        desk.lists.show(
            translate("sales.gold.moved_title"),
            [
                Choice(ChoiceRow("check", translate("sales.gold.todays"), prices, after), lambda: None),
                Choice(
                    ChoiceRow("tag", translate("sales.gold.keep"), "", before), partial(self._keep, moves)
                ),
            ],
            marked=True,
        )

    def _prices(self, moves: Sequence[GoldMove]) -> str:
        money = self._desk.currency
        told = {
            translate(
                "sales.gold.moved_price",
                fineness=move.fineness,
                was=format_amount(move.was, money),
                now=format_amount(move.now, money),
            )
            for move in moves
        }
        return " · ".join(sorted(told))

    def _keep(self, moves: Sequence[GoldMove]) -> None:
        desk = self._desk
        who, cart, gold = desk.who, desk.cart, desk.shop.carts.gold

        def kept(changed: Cart) -> None:
            desk.take(changed)
            total = format_amount(desk.priced.total, desk.currency)
            desk.tell(translate("sales.gold.kept", total=total), "success")

        desk.with_approval(lambda approval: gold.keep_old(who, cart, moves, approval), kept)


def _sums(moves: Sequence[GoldMove]) -> tuple[list[int], list[int]]:
    return [move.before for move in moves], [move.after for move in moves]
