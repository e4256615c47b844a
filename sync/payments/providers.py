"""The wallets of a till as its settings and keys make them: made when first asked for, kept as long as those stay.

Decides what is missing before anything is sent. Every call may come from one thread at a time only: the lane on
which wallets are asked.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pos_app.domain.payments.settings import PaymentSettings, WalletSettings
from pos_app.domain.sales.tenders import TenderKind
from pos_app.services.ports.clock import Clock
from pos_app.services.ports.payments import PaymentProvider, ProviderSettingError
from pos_app.services.ports.wallet_keys import KeyPair, WalletKeys
from sync.payments import alipay, wechat
from sync.payments.keys import PRIVATE, read_pair
from sync.payments.wire import READ_S, Wire

_PLAIN = re.compile(r"[0-9A-Za-z_-]{1,128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderTools:
    """What a wallet's adapter needs; `nonce` returns 32 random letters or digits."""

    clock: Clock
    nonce: Callable[[], str]
    read_s: float = READ_S


class Providers:
    """Each wallet by its kind."""

    def __init__(
        self, settings: Callable[[], PaymentSettings], keys: WalletKeys, tools: ProviderTools
    ) -> None:
        self._settings, self._keys, self._tools = settings, keys, tools
        self._made: dict[TenderKind, tuple[WalletSettings, KeyPair, wechat.WechatPay | alipay.Alipay]] = {}

    def __call__(self, kind: TenderKind) -> PaymentProvider:
        """Return a wallet; raise ProviderSettingError, whose `field` says what is missing or cannot be read."""
        wallet, pair = self._settings().wallet(kind), self._keys.load(kind)
        if pair is None:
            raise ProviderSettingError(provider=kind, field=PRIVATE, problem="missing")
        made = self._made.get(kind)
        if made is not None and made[:2] == (wallet, pair):
            return made[2]
        if made is not None:
            made[2].close()
        provider = provider_of(kind, wallet, pair, self._tools)
        self._made[kind] = (wallet, pair, provider)
        return provider

    def close(self) -> None:
        """Close the connections."""
        for _, _, provider in self._made.values():
            provider.close()
        self._made.clear()


def provider_of(
    kind: TenderKind, wallet: WalletSettings, pair: KeyPair, tools: ProviderTools
) -> wechat.WechatPay | alipay.Alipay:
    """Return a wallet's adapter by settings and keys, saved or not; raise ProviderSettingError."""
    try:
        key, provider_key = read_pair(pair.private, pair.provider_public)
    except ProviderSettingError as problem:
        raise ProviderSettingError(provider=kind, **problem.params) from None
    is_wechat = kind is TenderKind.WECHAT_PAY
    needed = ("app_id", "merchant_id", "merchant_serial", "provider_serial") if is_wechat else ("app_id",)
    for field in needed:
        value = getattr(wallet, field).strip()
        if not value:
            raise ProviderSettingError(provider=kind, field=field, problem="missing")
        if not _PLAIN.fullmatch(value):
            # It stands in headers and addresses, where anything else breaks the question.
            raise ProviderSettingError(provider=kind, field=field, problem="not_plain")
    if is_wechat:
        merchant = wechat.WechatMerchant(
            app_id=wallet.app_id,
            merchant_id=wallet.merchant_id,
            merchant_serial=wallet.merchant_serial,
            provider_serial=wallet.provider_serial,
            key=key,
            provider_key=provider_key,
        )
        wire = Wire(wallet.address or wechat.ADDRESS, read_s=tools.read_s)
        return wechat.WechatPay(merchant, wire, tools.clock, tools.nonce)
    asking = alipay.AlipayMerchant(app_id=wallet.app_id, key=key, provider_key=provider_key)
    return alipay.Alipay(asking, Wire(wallet.address or alipay.ADDRESS, read_s=tools.read_s), tools.clock)
