"""Wallets as the till's settings and keys make them: the composition of `sync.payments`.

Decides which adapter stands behind each wallet. Practice has none: nobody is charged for what counts for nothing.
"""

import secrets
from collections.abc import Callable
from pathlib import Path

from pos_app.domain.sales.tenders import TenderKind
from pos_app.persistence.secrets import uses_key_store
from pos_app.persistence.wallet_keys import SealedWalletKeys
from pos_app.services.ports.clock import Clock
from pos_app.services.ports.payments import PaymentProvider
from pos_app.services.shop import Shop
from sync.payments.providers import Providers, ProviderTools

NONCE_BYTES = 16
Provider = Callable[[TenderKind], PaymentProvider]


def provider_of(keys: Path, shop: Shop, clock: Clock) -> Provider | None:
    """Return what hands out a wallet by its kind, on the lane of wallets; None in practice."""
    if shop.current.value.practice:
        return None
    tools = ProviderTools(clock=clock, nonce=lambda: secrets.token_hex(NONCE_BYTES))
    kept = SealedWalletKeys(keys, use_key_store=uses_key_store())
    return Providers(lambda: shop.current.value.payments, kept, tools)
