"""Taking a deposit: its sum and what it is for are asked, and it stands on a bill of its own.

Decides what is asked. What a deposit is stands in `domain.deposits`.
"""

from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.cart import add_line
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.money import Amount, parse_amount
from pos_app.words import format_amount, translate
from ui.sales.asks import Question
from ui.sales.desk import Desk
from ui.shell.wording import words_of


class TakingDeposits:
    """The intents of taking deposits."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ask(self) -> None:
        """Ask for the sum; goods on the counter are paid, held or removed first."""
        desk = self._desk
        if desk.cart.lines:
            desk.refuse(translate("tenders.refuse.deposit_alone"))
            return
        desk.asks.ask(
            Question(
                title=translate("tenders.ask.deposit"),
                label=translate("tenders.ask.deposit_amount"),
                hint=translate("tenders.ask.deposit_amount_hint"),
                submit=self._sum,
            )
        )

    def _sum(self, text: str, _chosen: int) -> str:
        desk = self._desk
        try:
            amount = parse_amount(fold(text).replace("。", "."), desk.currency.digits)
            desk.shop.tenders.deposit_line(amount, "")
        except ExpectedError as error:
            known = error.code.startswith("tenders.")
            return words_of(error, desk.currency) if known else translate("sales.error.amount_text")
        desk.asks.ask(
            Question(
                title=translate("tenders.ask.deposit"),
                label=translate("tenders.ask.deposit_purpose", amount=format_amount(amount, desk.currency)),
                kind="words",
                hint=translate("tenders.ask.deposit_purpose_hint"),
                submit=lambda purpose, _chosen: self._take(amount, purpose),
            )
        )
        return ""

    def _take(self, amount: Amount, purpose: str) -> str:
        desk = self._desk
        cart, line = add_line(desk.cart, desk.shop.tenders.deposit_line(amount, purpose))
        desk.change(cart, line)
        desk.box = ""
        desk.front.sound("accepted")
        words = translate("tenders.notice.deposit", amount=format_amount(amount, desk.currency))
        desk.tell(words, "success")
        return ""
