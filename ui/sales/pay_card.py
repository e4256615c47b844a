"""Card: the amount is taken on the bank's terminal, and its slip's reference is kept with the tender.

Decides what may stand as a reference: never a card number.
"""

from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.money import Amount
from pos_app.words import format_amount, translate
from ui.sales.pay_stage import PayHost, PlainStage, PlainWay, StageView, open_amount

LONGEST_REFERENCE_DIGITS = 12
"""A slip's reference is shorter; from 13 digits on it would be a card number (ISO/IEC 7812), which we never keep."""
_LONGEST_REFERENCE = 32


class Card(PlainWay):
    """The tile of cards."""

    name, icon = "card", "credit-card"

    @property
    def words(self) -> str:
        """What it is called."""
        return translate("sales.tender.card")

    @property
    def second(self) -> str:
        """Its reference is asked."""
        return translate("sales.pay.card_second")

    def begin(self, pay: PayHost, typed: Amount | None) -> None:
        """Ask for the slip's reference of the typed amount, or of all that is open."""
        pay.push(CardSlip(pay, open_amount(pay, typed)))


class CardSlip(PlainStage):
    """The slip's reference is asked."""

    def __init__(self, pay: PayHost, amount: Amount) -> None:
        self._pay = pay
        self._amount = amount

    @property
    def view(self) -> StageView:
        """The reference of what the card pays."""
        amount = format_amount(self._amount, self._pay.desk.currency)
        return StageView("reference", translate("sales.pay.label_reference_of", amount=amount))

    def enter(self, text: str) -> None:
        """Take the reference."""
        wrong = _fault(text)
        if wrong:
            self._pay.refuse_text(translate(wrong))
            return
        self._pay.give(self._pay.desk.shop.checkout.tender(TenderKind.CARD, self._amount, text))


def _fault(reference: str) -> str:
    """Return the code of what is wrong with a reference, empty for nothing."""
    if sum(c.isdigit() for c in reference) > LONGEST_REFERENCE_DIGITS:
        return "sales.error.card_number"
    if not reference or len(reference) > _LONGEST_REFERENCE:
        return "sales.error.reference"
    return ""
