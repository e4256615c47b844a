"""Wallets as the till's settings and keys make them: the composition of `sync.payments`.

Decides which adapter stands behind each wallet, and where the keys are kept. Practice has none: nobody is charged for
what counts for nothing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.payments.settings import WalletSettings
from pos_app.domain.sales.tenders import TenderKind
from pos_app.hardware.clock import SystemIds
from pos_app.persistence.secrets import uses_key_store
from pos_app.persistence.wallet_keys import SealedWalletKeys
from pos_app.services.ports.clock import Clock
from pos_app.services.ports.lane import Lane
from pos_app.services.ports.payments import PaymentAnswer, PaymentProvider
from pos_app.services.ports.wallet_keys import KeyPair
from pos_app.services.shop import Shop

if TYPE_CHECKING:
    from sync.payments.providers import Providers, ProviderTools
    from ui.demo_wallets import DemoWallets
    from ui.settings.wallets_presenter import WalletDoors

Provider = Callable[[TenderKind], PaymentProvider]
UNKNOWN_ORDER = "SHUKE0TEST"
"""An order number that no till ever makes: a wallet whose keys fit says that it does not know it."""


class Wallets:
    """A till's wallets. Loads what speaks to them when one is first asked for, on the lane of wallets."""

    def __init__(self, keys: Path, shop: Shop, clock: Clock) -> None:
        self.keys = SealedWalletKeys(keys, use_key_store=uses_key_store())
        self._shop, self._clock, self._ids = shop, clock, SystemIds()
        self._made: Providers | None = None

    def provider(self, kind: TenderKind) -> PaymentProvider:
        """Return a wallet by the settings in force; raise ProviderSettingError. On the lane of wallets only."""
        if self._made is None:
            from sync.payments.providers import Providers

            self._made = Providers(lambda: self._shop.current.value.payments, self.keys, self._tools())
        return self._made(kind)

    def doors(self, net: Lane) -> "WalletDoors":
        """Return what the settings need to keep keys, and to try a wallet before it is saved."""
        from ui.settings.wallets_presenter import WalletDoors

        return WalletDoors(net=net, keys=self.keys, check=self._check, ask=self._ask)

    def beside_demo(self, folder: Path) -> "DemoWallets":
        """Return wallets that are played beside the demo's till, whose data stand in its folder."""
        from ui.demo_wallets import DemoWallets

        return DemoWallets(folder / "wallets", self._shop, self.keys)

    def _check(self, kind: TenderKind, wallet: WalletSettings, pair: KeyPair) -> None:
        from sync.payments.providers import provider_of

        provider_of(kind, wallet, pair, self._tools()).close()

    def _ask(self, kind: TenderKind, wallet: WalletSettings, pair: KeyPair) -> PaymentAnswer:
        from sync.payments.providers import provider_of

        provider = provider_of(kind, wallet, pair, self._tools())
        try:
            return provider.query(UNKNOWN_ORDER)
        finally:
            provider.close()

    def _tools(self) -> "ProviderTools":
        from sync.payments.providers import ProviderTools

        return ProviderTools(clock=self._clock, nonce=lambda: self._ids.new().hex)


def wallets_of(keys: Path, shop: Shop, clock: Clock) -> Wallets | None:
    """Return a till's wallets; None in practice."""
    return None if shop.current.value.practice else Wallets(keys, shop, clock)
