"""The Pay panel in words: what is due, what was given, what Enter would do, and the change.

Decides wording and which amounts are offered; changes nothing.
"""

from pos_app.documents.tender_words import tender_reference, tender_words
from pos_app.domain.sales.tenders import Settlement, Tender, TenderKind
from pos_app.domain.values.money import ZERO, Amount, Currency
from pos_app.services.checkout import Committed
from pos_app.words import format_amount, format_date, format_date_time, translate
from ui.sales.desk import Desk
from ui.sales.pay_stage import StageView
from ui.sales.state import DoneView, PayView, TenderRow
from ui.sales.views import totals_of

_NOTES = (10, 50, 100)
"""Steps of the amounts that are offered, in whole units: what a customer's notes come to."""
_ICONS = {
    TenderKind.CASH: "banknote",
    TenderKind.CARD: "credit-card",
    TenderKind.STATIC_CODE: "qr-code",
    TenderKind.DEPOSIT: "hand-coins",
    TenderKind.VOUCHER: "ticket",
}


def quick_amounts(due: Amount, currency: Currency) -> tuple[Amount, ...]:
    """Return what is due exactly, then the next amounts that notes make: multiples of 10, 50 and 100."""
    if due <= 0:
        return ()
    unit = 10**currency.digits
    steps = [step * unit for step in _NOTES]
    rounded = [Amount(-(-due // step) * step) for step in steps]
    return tuple(dict.fromkeys((due, *sorted(rounded))))


class PayWords:
    """Puts a settlement into words."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def view(self, state: Settlement, stage: StageView, box: str, current: int) -> PayView:
        """Return the panel without what went wrong."""
        desk, currency = self._desk, self._desk.currency
        given = desk.cart.tenders
        due_words = translate("sales.pay.left" if given else "sales.pay.due")
        due = state.open if given else state.total
        return PayView(
            stage=stage.name,
            due=due,
            due_words=due_words,
            box=box,
            label=stage.label,
            tenders=tuple(tender_row(tender, currency) for tender in given),
            current=current,
            quick=self._quick(state) if stage.name == "amount" else (),
            default_words=stage.placeholder,
            hint=stage.hint,
            warns=stage.tone == "warning",
            choices=stage.choices,
            by_digit=not stage.writes,
            chosen=stage.chosen,
            reckoned=self._reckoned(),
        )

    def _quick(self, state: Settlement) -> tuple[str, ...]:
        money = self._desk.currency
        return tuple(format_amount(amount, money) for amount in quick_amounts(state.open_cash, money))

    def _reckoned(self) -> str:
        """Return subtotal and what was taken off, where the lines do not sum to what is due."""
        desk = self._desk
        parts = totals_of(desk.cart, desk.priced, desk.currency).parts
        return " · ".join(f"{words} {amount}" for words, amount in parts) if len(parts) > 1 else ""

    def caution(self) -> str:
        """Return what to put right about the day before or after this sale, empty when all is well.

        A sale is never blocked by it: a shift forgotten yesterday, a clock set back.
        """
        shifts, zone = self._desk.shop.shifts, self._desk.shop.current.value.zone
        said = []
        latest, forgotten = shifts.clock_behind(), shifts.left_open()
        if latest is not None:
            said.append(translate("sales.pay.clock_behind", time=format_date_time(latest, zone)))
        if forgotten is not None:
            said.append(translate("sales.pay.left_open", day=format_date(forgotten.business_date)))
        return "\n".join(said)

    def default(self, state: Settlement) -> str:
        """Return what Enter on the empty field of amounts does."""
        if state.open <= 0:
            return translate("sales.pay.enter_commit")
        if self._desk.shop.current.value.enter_pays_exact_cash:
            amount = format_amount(state.open_cash, self._desk.currency)
            return translate("sales.pay.enter_exact", amount=amount)
        return translate("sales.pay.type_amount")


def tender_row(tender: Tender, currency: Currency) -> TenderRow:
    """Return a given tender as a row."""
    words = tender_words(tender) if tender.voucher else translate(f"sales.tender.{tender.kind.value}")
    icon = _ICONS.get(tender.kind, "wallet")
    return TenderRow(icon, words, _under(tender, currency), format_amount(tender.amount, currency))


def _under(tender: Tender, currency: Currency) -> str:
    """Return what tells a tender from others of its kind."""
    if tender.voucher is not None and tender.voucher.fee:
        fee = format_amount(tender.voucher.fee, currency)
        return translate("tenders.voucher_of_fee", code=tender.voucher.code[-4:], fee=fee)
    if tender.kind is TenderKind.CARD and tender.reference:
        return translate("sales.pay.reference", text=tender.reference)
    return tender_reference(tender)


def done_view(done: Committed, given: Amount, currency: Currency) -> DoneView:
    """Return what stays on the screen after the payment: the change, and what it is the change of."""
    sale = done.sale
    due = format_amount(sale.total + sale.cash_rounding, currency)
    paid = translate("sales.done.paid", given=format_amount(given, currency), due=due)
    note = ""
    if done.again:
        note = translate("sales.done.again")
    elif done.change == ZERO:
        note = translate("sales.done.no_change")
    if sale.cash_rounding:
        rounding = translate(
            "sales.done.rounding", amount=format_amount(sale.cash_rounding, currency, sign="always")
        )
        note = f"{note} · {rounding}" if note else rounding
    return DoneView(done.change, paid, sale.number, note)
