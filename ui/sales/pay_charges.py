"""A charge on its way: what the counter shows while a wallet decides, and what follows from its answer.

Decides what stands on the panel and when the sale is made. The charge itself is the books' (`services.payments`) and
the runner's; the cart is locked until it is decided: Esc asks for its reversal, and no way leads out before that.
"""

from collections.abc import Callable

from pos_app.domain.payments import PaymentState
from pos_app.domain.payments.attempts import CANCELLED, OTHER_AMOUNT, Standing
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.ids import AttemptId
from pos_app.domain.values.money import Amount
from pos_app.services.payments import OnCart
from pos_app.services.ports.attempts import Charging, Seen
from pos_app.words import format_amount, format_count, has_text, translate
from ui.sales.desk import Desk
from ui.sales.pay_stage import PayHost, PlainStage, StageView
from ui.shell.wording import words_of

CHARGE = "charge"
"""The name of the stage of a charge that is on its way."""


PUT_RIGHT = ("our_signature", "merchant", "no_permission", "bad_signature", "other_key", "stale", "not_json")
"""Why a wallet's answer decides nothing as long as nobody sees to the keys, the clock or the network."""


def wallet_words(kind: TenderKind) -> str:
    """Return what a wallet is called."""
    return translate(f"sales.tender.{kind.value}")


def reason_words(reason: str | None) -> str:
    """Return a reason of a wallet, or of ours, in words; one that has none is an answer that nobody understands."""
    code = f"payments.reason.{reason}"
    return translate(code if has_text(code) else "payments.reason.other")


def _end_words(standing: Standing) -> str:
    """Return why nothing was taken, and what to do."""
    wallet = wallet_words(standing.payment.provider)
    if standing.state is not PaymentState.REFUSED or standing.reason == CANCELLED:
        code = "other_amount" if standing.reason == OTHER_AMOUNT else "cancelled"
        return translate(f"payments.done.{code}", wallet=wallet)
    if standing.reason == "unreachable":
        return translate("payments.done.no_network", wallet=wallet)
    return translate("payments.refused", wallet=wallet, why=reason_words(standing.reason))


class InFlight(PlainStage):
    """A charge that is not decided; Esc gives it up, Enter asks now."""

    def __init__(self, charges: "Charges", kind: TenderKind, amount: Amount) -> None:
        self._charges = charges
        self._since_ms = charges.desk.now_ms()
        self._kind, self._amount = kind, amount
        self.seen: Seen | None = None
        self.then: Callable[[], None] | None = None
        """What follows once the money is certainly not with us."""

    @property
    def view(self) -> StageView:
        """How it stands, in words."""
        amount = format_amount(self._amount, self._charges.desk.currency)
        label = translate("payments.charge.label", wallet=wallet_words(self._kind), amount=amount)
        words, warns = self._words()
        placeholder = translate("payments.charge.wait" if self._reverses else "payments.charge.keys")
        return StageView(CHARGE, label, placeholder, words, "warning" if warns else "muted", writes=False)

    @property
    def _reverses(self) -> bool:
        return self.seen is not None and self.seen.standing.to_reverse

    def _words(self) -> tuple[str, bool]:
        wallet, seen = wallet_words(self._kind), self.seen
        if seen is None or (seen.standing.state is PaymentState.PENDING and not seen.trouble):
            return translate("payments.charge.pending", wallet=wallet), False
        standing = seen.standing
        if self._reverses:
            code = "other_amount" if standing.reason == OTHER_AMOUNT else "reversing"
            words = translate(f"payments.charge.{code}", wallet=wallet)
        elif standing.state is PaymentState.ENTERING:
            seconds = format_count(int((self._charges.desk.now_ms() - self._since_ms) // 1000))
            words = translate("payments.charge.entering", seconds=seconds)
        else:
            words = translate("payments.charge.unknown", wallet=wallet)
        if seen.trouble in ("unreachable", "setting") or (self._reverses and seen.trouble == "not_found"):
            words = f"{words}\n{translate(f'payments.charge.{seen.trouble}')}"
        elif seen.trouble in PUT_RIGHT:
            words = f"{words}\n{translate('payments.charge.put_right', why=reason_words(seen.trouble))}"
        return words, standing.state is not PaymentState.ENTERING or bool(seen.trouble)

    def enter(self, text: str) -> None:
        """Ask the wallet now."""
        if self.seen is not None:
            self._charges.ask_now(self.seen.standing)

    def back(self) -> bool:
        """Give the charge up; the stage stays until it is certain that nothing was taken."""
        if self.seen is not None and not self._reverses:
            self._charges.cancel(self.seen.standing.attempt)
        return True


class Charges:
    """The charges of the cart on the counter."""

    def __init__(self, desk: Desk, pay: PayHost, commit: Callable[[], None]) -> None:
        self.desk = desk
        self._pay = pay
        self._commit = commit
        self._stage: InFlight | None = None
        self.is_offline = False
        """Whether the last charge could not leave for want of a network."""
        if self._charging is not None:
            self._charging.attend(self._told)

    @property
    def _charging(self) -> Charging | None:
        return self.desk.charging

    @property
    def there(self) -> bool:
        """Whether the shop takes payment codes at this till."""
        return self._charging is not None and bool(self.desk.shop.current.value.payments.enabled)

    @property
    def in_flight(self) -> bool:
        """Whether a charge of the cart is undecided."""
        return self._stage is not None

    def charge(self, kind: TenderKind, amount: Amount, code: str) -> None:
        """Charge a code: written first, then sent. Raises what stands against it before anything is written."""
        desk, payments, who, cart = self.desk, self.desk.shop.payments, self.desk.who, self.desk.cart
        payments.check(cart, kind, amount)
        stage = self._shown(kind, amount)

        def begun(standing: Standing) -> None:
            stage.seen = Seen(standing)
            if self._charging is not None:
                self._charging.charge(standing, code)

        def failed(error: Exception) -> None:
            self._left()
            self._pay.refuse(words_of(error, desk.currency))

        desk.ask_lane(lambda: payments.begin(who, cart, kind, amount), begun, failed)

    def _shown(self, kind: TenderKind, amount: Amount) -> InFlight:
        stage = InFlight(self, kind, amount)
        self._stage = stage
        self._pay.clear_stages()
        self._pay.push(stage)
        return stage

    def _left(self) -> Callable[[], None] | None:
        """Take the stage away; return what was to follow the end of its money."""
        stage, self._stage = self._stage, None
        if stage is None:
            return None
        self._pay.leave(stage)
        return stage.then

    def ask_now(self, standing: Standing) -> None:
        """Ask the wallet before its time."""
        if self._charging is not None:
            self._charging.drive(standing)

    def cancel(self, attempt: AttemptId) -> None:
        """Give a charge up."""
        if self._charging is not None:
            self._charging.cancel(attempt)

    # -- what is told --------------------------------------------------------------------------------------

    @property
    def undecided(self) -> tuple[Standing, ...]:
        """The charges of the cart that the books know to be undecided."""
        return self.desk.shop.payments.on_cart(self.desk.cart).attempts

    def take_up(self) -> None:
        """Show a charge of the cart that was undecided when the till stopped."""
        attempts = self.undecided
        if attempts:
            stage = self._shown(attempts[0].payment.provider, attempts[0].payment.amount)
            stage.seen = Seen(attempts[0])

    def _told(self, seen: Seen) -> None:
        """Hear of an attempt; those of other carts are the runner's alone."""
        standing, stage = seen.standing, self._stage
        if standing.is_charge and seen.trouble != "unreachable":
            self.is_offline = standing.reason == "unreachable"
        if standing.payment.cart != self.desk.cart.cart_id or not standing.is_charge:
            return
        if stage is None or stage.seen is None or stage.seen.standing.attempt != standing.attempt:
            return
        stage.seen = seen
        if standing.is_open:
            self.desk.show()
        elif standing.is_paid:
            self._paid()
        else:
            self._not_paid(standing)

    def _paid(self) -> None:
        desk = self.desk
        self._left()
        desk.take(desk.shop.payments.on_cart(desk.cart).cart)
        self._pay.mark_last()
        if desk.shop.checkout.settlement(desk.cart).open <= 0:
            self._commit()
        else:
            desk.front.sound("accepted")
        desk.show()

    def _not_paid(self, standing: Standing) -> None:
        desk, then = self.desk, self._left()
        desk.take(desk.shop.payments.on_cart(desk.cart).cart)
        self._pay.mark_last()
        if then is not None:
            then()
        else:
            self._pay.refuse(_end_words(standing))
            # More than one may be on its way back when the till comes up again.
            self.take_up()
        desk.show()

    # -- giving back ---------------------------------------------------------------------------------------

    def give_back(self, only: AttemptId | None, then: Callable[[], None]) -> bool:
        """Give back what wallets paid on the cart, or one charge of it, and go on then; say whether there is any."""
        desk, payments = self.desk, self.desk.shop.payments
        ours = [t for t in desk.cart.tenders if t.attempt is not None and only in (None, t.attempt)]
        if not ours:
            return False
        who, cart = desk.who, desk.cart

        def written(on_cart: OnCart) -> None:
            desk.take(on_cart.cart)
            self._pay.mark_last()
            self._reverse(on_cart.attempts, then)

        desk.ask_lane(
            lambda: payments.give_back(who, cart, only),
            written,
            lambda error: self._pay.refuse(words_of(error, desk.currency)),
        )
        return True

    def _reverse(self, attempts: tuple[Standing, ...], then: Callable[[], None]) -> None:
        """Reverse one after the other, each on the panel until it is certain."""
        if not attempts:
            then()
            return
        first, rest = attempts[0], attempts[1:]
        stage = self._shown(first.payment.provider, first.payment.amount)
        stage.seen, stage.then = Seen(first), lambda: self._reverse(rest, then)
        self.ask_now(first)
