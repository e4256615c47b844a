"""The demo's own wallets: WeChat Pay and Alipay played in a process beside its till, so that paying can be tried.

Decides that the demo's till is set to them while it is open, and never a till whose wallets somebody set to others.
They end with the till, however that ends. Qt-free.
"""

import sys
from pathlib import Path

import msgspec

from pos_app.domain.payments.settings import WALLETS, PaymentSettings
from pos_app.domain.sales.tenders import TenderKind
from pos_app.services.ports.wallet_keys import KeyPair, WalletKeys
from pos_app.services.shop import Shop
from sync.payments.simulator.papers import papers_in
from ui.demo_platform import PlatformBeside

SERVE = (sys.executable, "-m", "ui.cli.wallets_child")
PAGE = "/sim/"


class DemoWallets:
    """The process and what the till has to know of it."""

    def __init__(self, folder: Path, shop: Shop, keys: WalletKeys) -> None:
        self._folder, self._shop, self._keys = folder, shop, keys
        self._beside = PlatformBeside(folder, SERVE)

    def start(self) -> str:
        """Start them and set the till to them; return the address of the customer's page. On a lane that may wait.

        Raises DemoPlatformError when they do not start; payment codes are not taken then.
        """
        address = self._beside.start()
        papers = papers_in(self._folder)
        for kind in WALLETS:
            one = papers.of(kind)
            pair = KeyPair(one.merchant_private, one.provider_public)
            if self._keys.load(kind) != pair and self._is_ours(kind):
                self._keys.save(kind, pair)
        self._set(papers.settings(address))
        return address + PAGE

    def stop(self) -> None:
        """End them; also such as are only about to start."""
        self._beside.stop()

    def _is_ours(self, kind: TenderKind) -> bool:
        """Whether a wallet is not set up, or set to these ones as they listened before."""
        wallet = self._shop.current.value.payments.wallet(kind)
        return wallet.address in self._beside.addresses() if wallet.app_id else True

    def _set(self, played: PaymentSettings) -> None:
        """Set the till to them as long as it is open: the address is another one tomorrow."""
        now = self._shop.current.value
        ours = {kind.value: played.wallet(kind) for kind in WALLETS if self._is_ours(kind)}
        payments = msgspec.structs.replace(now.payments, **ours)
        self._shop.current.value = msgspec.structs.replace(now, payments=payments)
