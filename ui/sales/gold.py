"""Gold in a cart when its price of the day has moved: said in words with both prices, and today's taken unless refused.

Decides when it is looked at: when a held cart is taken up, and before Pay opens; and that the old price stays within
reach, at F5 on its line, until the bill is paid. Amounts are those of the bill, as the customer reads it. Which price
holds by whose leave is the services' to say.
"""

from collections.abc import Sequence
from functools import partial

from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.gold import GoldMove
from pos_app.domain.values.money import Amount
from pos_app.words import format_amount, translate
from ui.sales.asks import Preview
from ui.sales.desk import Desk
from ui.sales.lists import Choice
from ui.sales.state import ChoiceRow
from ui.shell.wording import words_of


class GoldPrices:
    """Tells of gold prices that moved, and lets a manager keep the old ones."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def settle(self) -> bool:
        """Put the gold of the cart at the prices of today before it is paid; say whether something changed."""
        desk = self._desk
        if desk.cart.tenders:
            return False
        before = desk.priced.total
        cart, moves = desk.shop.carts.gold.at_todays(desk.cart)
        if moves:
            desk.change(cart)
            self.tell(moves, before)
        return bool(moves)

    def tell(self, moves: Sequence[GoldMove], before: Amount) -> None:
        """Say what moved and what the bill came to before, and offer to keep the prices that the lines were rung at."""
        desk = self._desk
        desk.tell(
            translate("sales.gold.moved", before=self._money(before), after=self._money(desk.priced.total)),
            "warning",
        )
        desk.front.sound("refused")
        can_be_kept = tuple(move for move in moves if move.can_be_kept)
        if can_be_kept:
            self._offer(can_be_kept)

    def _offer(self, moves: Sequence[GoldMove]) -> None:
        desk = self._desk
        old = self._money(desk.shop.carts.gold.due_if_kept(desk.cart, moves))
        todays = ChoiceRow(
            "check", translate("sales.gold.todays"), self._prices(moves), self._money(desk.priced.total)
        )
        keep = ChoiceRow("tag", translate("sales.gold.keep"), "", old)
        desk.lists.show(
            translate("sales.gold.moved_title"),
            [Choice(todays, lambda: desk.tell(self._holds())), Choice(keep, partial(self.keep, moves))],
            marked=True,
        )
        desk.lists.left_words = self._holds()

    def _holds(self) -> str:
        """Say that today's price holds, and how the old one is still to be had."""
        return translate("sales.gold.holds", total=self._money(self._desk.priced.total))

    def _money(self, amount: int) -> str:
        return format_amount(amount, self._desk.currency)

    def _prices(self, moves: Sequence[GoldMove]) -> str:
        told = {
            translate(
                "sales.gold.moved_price",
                fineness=move.fineness,
                was=self._money(move.was),
                now=self._money(move.now),
            )
            for move in moves
        }
        return " · ".join(sorted(told))

    # -- at F5 on the line -----------------------------------------------------------------------------------

    def choice_words(self, move: GoldMove) -> str:
        """Return the choice to keep the price that a line was rung at."""
        return translate("sales.gold.choice", price=self._money(move.was))

    def preview(self, move: GoldMove, text: str) -> Preview:
        """Say what the bill would come to with the old price; nothing is to be typed for it."""
        if text.strip():
            return Preview(error=translate("sales.gold.no_text"))
        desk = self._desk
        try:
            due = desk.shop.carts.gold.due_if_kept(desk.cart, (move,))
        except ExpectedError as error:
            return Preview(error=words_of(error, desk.currency))
        before, after = self._money(desk.priced.total), self._money(due)
        return Preview(translate("sales.gold.preview", before=before, after=after))

    def submit(self, move: GoldMove, text: str) -> str:
        """Take the choice's Enter: keep the old price, or say why it is not taken."""
        if text:
            return translate("sales.gold.no_text")
        self.keep((move,))
        return ""

    def keep(self, moves: Sequence[GoldMove]) -> None:
        """Keep the prices that lines were rung at; until somebody's yes is there it is said what holds."""
        desk = self._desk
        who, cart, gold = desk.who, desk.cart, desk.shop.carts.gold

        def kept(changed: Cart) -> None:
            desk.take(changed)
            desk.tell(translate("sales.gold.kept", total=self._money(desk.priced.total)), "success")

        desk.tell(translate("sales.gold.not_allowed_yet", total=self._money(desk.priced.total)), "warning")
        desk.with_approval(lambda approval: gold.keep_old(who, cart, moves, approval), kept)
