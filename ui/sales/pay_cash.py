"""Cash: what was received, asked about when it is far more than is due.

Decides what is no sum of cash at all. Change and rounding are `domain.sales.tenders`.
"""

from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.money import Amount
from pos_app.words import format_amount, translate
from ui.sales.pay_stage import PayHost

NO_SUM = 100
"""Change of so many times the sum that is asked about is no cash: a phone or a code went into the field."""


def take_cash(pay: PayHost, amount: Amount) -> None:
    """Take cash; an amount far beyond what is due is asked about: an extra zero, or a scanned number."""
    desk = pay.desk
    due, asks_above, money = pay.settlement.open_cash, desk.shop.current.value.ask_above, desk.currency
    over = Amount(amount - due)
    if over <= asks_above:
        give_cash(pay, amount)
        return
    given = format_amount(amount, money)
    if over > NO_SUM * asks_above > 0:
        pay.refuse(translate("sales.error.no_sum", given=given))
        return
    words = translate("sales.pay.much", given=given, change=format_amount(over, money))
    pay.ask(words, lambda: give_cash(pay, amount))


def give_cash(pay: PayHost, amount: Amount) -> None:
    """Put cash on the bill."""
    pay.give(pay.desk.shop.checkout.tender(TenderKind.CASH, amount))
