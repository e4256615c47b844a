"""A till that takes wallets: the shop in a folder, a runner on lanes in place, timers that the test lets ring."""

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from pos_app.domain.payments.attempts import Standing
from pos_app.domain.payments.settings import PaymentSettings, WalletSettings
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.ids import AttemptId
from pos_app.domain.values.money import Amount
from pos_app.services.checkout import Committed
from pos_app.services.ports.attempts import Seen
from pos_app.services.ports.payments import PaymentProvider, ProviderSettingError
from tests.support.lanes import InlineLane
from tests.support.scripted_wallet import ScriptedWallet
from tests.support.shop_on_disk import DiskShop
from ui.payments.runner import PaymentDoors, PaymentRunner

CODE = "134567890123456789"
WALLETS_ON = PaymentSettings(
    wechat_pay=WalletSettings(enabled=True, app_id="wx1", merchant_id="1900000001"),
    alipay=WalletSettings(enabled=True, app_id="2021000000000001"),
)


class HandTimers:
    """Alarms that ring when the test says so."""

    def __init__(self) -> None:
        self.set: dict[int, tuple[int, Callable[[], None]]] = {}
        self._made = 0

    def make(self) -> "HandTimer":
        """Return a new alarm."""
        self._made += 1
        return HandTimer(self, self._made)

    @property
    def waits(self) -> list[int]:
        """For how long each alarm was set, in milliseconds."""
        return [wait for wait, _ in self.set.values()]

    def ring(self) -> None:
        """Let every alarm ring that is set now."""
        due, self.set = list(self.set.values()), {}
        for _, act in due:
            act()


class HandTimer:
    """One of them."""

    def __init__(self, timers: HandTimers, key: int) -> None:
        self._timers, self._key = timers, key

    def start(self, wait_ms: int, ring: Callable[[], None]) -> None:
        """Set it."""
        self._timers.set[self._key] = (wait_ms, ring)

    def stop(self) -> None:
        """Forget it."""
        self._timers.set.pop(self._key, None)


@dataclass
class PaymentFloor:
    """A shop that takes WeChat Pay and Alipay."""

    shop: DiskShop
    wechat: ScriptedWallet = field(default_factory=ScriptedWallet)
    alipay: ScriptedWallet = field(default_factory=lambda: ScriptedWallet(TenderKind.ALIPAY))
    has_keys: bool = True

    def __post_init__(self) -> None:
        current = self.shop.shop.current
        current.value = msgspec.structs.replace(current.value, payments=WALLETS_ON)
        self.seen: list[Seen] = []
        self.start()

    def start(self) -> None:
        """Start the runner, as a till does."""
        self.timers = HandTimers()
        self.runner = PaymentRunner(
            PaymentDoors(
                payments=self.shop.shop.payments,
                db=InlineLane(),
                net=InlineLane(),
                provider=self._provider,
                timer=self.timers.make,
                now=self.shop.clock.now,
            )
        )
        self.runner.watch(self.seen.append)
        self.runner.wake()

    def _provider(self, kind: TenderKind) -> PaymentProvider:
        if not self.has_keys:
            raise ProviderSettingError(field="key")
        return self.wechat if kind is TenderKind.WECHAT_PAY else self.alipay

    def killed(self) -> Cart:
        """Kill the till and start it again; return the cart that it comes back with."""
        self.runner.stop()
        self.shop.reopened()
        current = self.shop.shop.current
        current.value = msgspec.structs.replace(current.value, payments=WALLETS_ON)
        self.start()
        return self.shop.shop.carts.reopen()

    def begin(
        self, cart: Cart, amount: int | None = None, kind: TenderKind = TenderKind.WECHAT_PAY
    ) -> Standing:
        """Write an attempt for all that is open, or an amount."""
        asked = self.shop.shop.checkout.settlement(cart).open if amount is None else Amount(amount)
        return self.shop.shop.payments.begin(self.shop.cashier, cart, kind, asked)

    def charge(
        self, cart: Cart, amount: int | None = None, kind: TenderKind = TenderKind.WECHAT_PAY
    ) -> Standing:
        """Charge a code, and return how the attempt stands then."""
        begun = self.begin(cart, amount, kind)
        self.runner.charge(begun, CODE)
        return self.now(begun.attempt)

    def now(self, attempt: AttemptId) -> Standing:
        """Return how an attempt stands in the books."""
        return self.shop.shop.payments.get(attempt)

    def on_counter(self, cart: Cart) -> Cart:
        """Return the cart with what wallets paid on it."""
        return self.shop.shop.payments.on_cart(cart).cart

    def commit(self, cart: Cart) -> Committed:
        """Make the sale of a cart as it stands in the books."""
        return self.shop.shop.checkout.commit(self.shop.cashier, self.on_counter(cart))
