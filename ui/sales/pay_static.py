"""The shop's printed code: the customer paid by herself, the cashier saw it arrive, no device confirms it.

Decides that it asks for the end of the bill's number, so that it can be found in the wallet's statement.
"""

from pos_app.domain.values.money import Amount
from pos_app.words import format_amount, translate
from ui.sales.desk import Desk
from ui.sales.pay_stage import PayHost, PlainStage, PlainWay, StageView, open_amount


class StaticCode(PlainWay):
    """The row of the printed code."""

    name, icon = "static", "qr-code"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def there(self) -> bool:
        """Whether the shop takes money so."""
        return self._desk.shop.current.value.payments.static_code

    @property
    def words(self) -> str:
        """What it is called."""
        return translate("tenders.static")

    @property
    def second(self) -> str:
        """What is done before it."""
        return translate("tenders.static_under")

    def begin(self, pay: PayHost, typed: Amount | None) -> None:
        """Ask for the end of the bill's number of the typed amount, or of all that is open."""
        pay.push(StaticSeen(pay, open_amount(pay, typed)))


class StaticSeen(PlainStage):
    """The end of the wallet's bill number is asked."""

    def __init__(self, pay: PayHost, amount: Amount) -> None:
        self._pay = pay
        self._amount = amount

    @property
    def view(self) -> StageView:
        """What is to be seen, and by whom."""
        desk = self._pay.desk
        amount = format_amount(self._amount, desk.currency)
        hint = translate("tenders.static_hint", amount=amount, name=desk.who.name)
        return StageView("static", translate("tenders.label_static", amount=amount), hint=hint)

    def enter(self, text: str) -> None:
        """Take it."""
        desk = self._pay.desk
        self._pay.give(desk.shop.tenders.seen(desk.who, self._amount, text))
