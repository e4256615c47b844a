"""The customer's payment code: scanned it is money, and charges what is open.

Decides which scans are a wallet's code and what is said of those that are none. A code is kept nowhere: it goes with
the request, and is good for a minute. Source: DESIGN.md §6, Scans.
"""

from pos_app.domain.errors import ExpectedError
from pos_app.domain.payments.attempts import PaymentAmountError, WalletOffError
from pos_app.domain.payments.codes import wallet_of
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.money import Amount
from pos_app.services.ringing import Unknown
from pos_app.words import format_amount, translate
from ui.sales.desk import Desk
from ui.sales.pay_charges import Charges, wallet_words
from ui.sales.pay_stage import PayHost, PlainStage, PlainWay, StageView, open_amount
from ui.shell.wording import words_of


def wallet_here(desk: Desk, code: str) -> TenderKind | None:
    """Return the wallet whose code this is, None for any other; raise WalletOffError for one the shop does not take."""
    payments = desk.shop.current.value.payments
    kind = wallet_of(code, payments.rules)
    if kind is not None and kind not in payments.enabled:
        raise WalletOffError(wallet=kind)
    return kind


def is_goods(desk: Desk, code: str) -> bool:
    """Whether the catalogue knows a code, such as a scale's: then it is no money, whatever it looks like."""
    try:
        return not isinstance(desk.shop.ringing.meaning(code), Unknown)
    except ExpectedError:
        return True


def amount_of(pay: PayHost, typed: Amount | None) -> Amount:
    """Return what a code would be charged: what was typed, or all that is open.

    Raises PaymentAmountError when nothing is open, TenderTooMuchError above that.
    """
    open_ = pay.settlement.open
    if open_ <= 0:
        raise PaymentAmountError(amount=open_)
    return open_amount(pay, typed)


class Code(PlainWay):
    """The tile of payment codes."""

    name, icon = "code", "smartphone"

    def __init__(self, charges: Charges) -> None:
        self._charges = charges

    @property
    def there(self) -> bool:
        """Whether a wallet is set up."""
        return self._charges.there

    @property
    def words(self) -> str:
        """What it is called."""
        return translate("payments.tile.code")

    @property
    def second(self) -> str:
        """Which wallets, or that there was no network just now."""
        if self._charges.is_offline:
            return translate("payments.tile.no_network")
        enabled = self._charges.desk.shop.current.value.payments.enabled
        return wallet_words(enabled[0]) if len(enabled) == 1 else translate("payments.tile.wallets")

    def begin(self, pay: PayHost, typed: Amount | None) -> None:
        """Wait for the code that pays the typed amount, or all that is open."""
        pay.push(CodeScan(pay, self._charges, amount_of(pay, typed)))

    def scanned(self, pay: PayHost, text: str) -> bool:
        """Charge all that is open to a code that is scanned before anything was given."""
        desk = self._charges.desk
        if wallet_of(text, desk.shop.current.value.payments.rules) is None or is_goods(desk, text):
            return False
        if not pay.box_is_empty:
            pay.refuse(translate("payments.refuse.typed"))
            return True
        try:
            kind = wallet_here(desk, text)
            if kind is not None:
                self._charges.charge(kind, amount_of(pay, None), text)
        except ExpectedError as error:
            pay.refuse(words_of(error, desk.currency))
        return True


class CodeScan(PlainStage):
    """The code that pays an amount is awaited."""

    def __init__(self, pay: PayHost, charges: Charges, amount: Amount) -> None:
        self._pay, self._charges, self._amount = pay, charges, amount

    @property
    def view(self) -> StageView:
        """What is to be scanned."""
        amount = format_amount(self._amount, self._pay.desk.currency)
        label = translate("payments.scan.label", amount=amount)
        return StageView("code", label, translate("payments.scan.field"), translate("payments.scan.hint"))

    def scan(self, text: str) -> bool:
        """Charge the code."""
        self._take(text)
        return True

    def enter(self, text: str) -> None:
        """Charge a code whose digits were typed: the scanner may be broken."""
        self._take("".join(fold(text).split()))

    def _take(self, code: str) -> None:
        desk = self._pay.desk
        kind = None if is_goods(desk, code) else wallet_here(desk, code)
        if kind is None:
            self._pay.refuse_text(translate("payments.refuse.no_code"))
            return
        self._charges.charge(kind, self._amount, code)


def offer_code(pay: PayHost, charges: Charges, code: str) -> None:
    """Ask whether to charge a code that was scanned before the amount was looked at; nothing is charged until then."""
    desk = charges.desk
    try:
        kind = wallet_here(desk, code)
        amount = amount_of(pay, None)
    except ExpectedError as error:
        pay.refuse(words_of(error, desk.currency))
        return
    if kind is None:
        return
    shown = format_amount(amount, desk.currency)
    pay.ask(
        translate("payments.ask.charge", wallet=wallet_words(kind), amount=shown),
        lambda: charges.charge(kind, amount, code),
    )
