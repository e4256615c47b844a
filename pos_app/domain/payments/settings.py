"""What a till is set to for wallets: which are used, under which merchant's numbers, and how their codes look.

Decides the values and what is valid. Secret keys are no settings: they lie in the key store of `sync.payments`, by
provider and merchant. The codes' forms are those of the wallets' merchant manuals ("付款码"), and can be changed
when a wallet changes them.
"""

import msgspec

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.money import LIMIT, Amount

WALLETS = (TenderKind.WECHAT_PAY, TenderKind.ALIPAY)
"""The wallets whose codes a till can charge."""


class WalletSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One wallet as this merchant uses it.

    `address` is the base URL of its interface, without a slash at the end; empty is the provider's own.
    `merchant_serial` is the serial number of the merchant's certificate, `provider_serial` that of the provider's key
    (WeChat Pay names it `PUB_KEY_ID_…`); Alipay with plain public keys has neither.
    """

    enabled: bool = False
    app_id: str = ""
    merchant_id: str = ""
    address: str = ""
    merchant_serial: str = ""
    provider_serial: str = ""


class WalletRule(msgspec.Struct, frozen=True, kw_only=True):
    """How a wallet's codes look: digits only, beginning with one of the prefixes, of some length."""

    provider: TenderKind
    prefixes: tuple[str, ...]
    shortest: int
    longest: int


WALLET_RULES = (
    WalletRule(
        provider=TenderKind.WECHAT_PAY,
        prefixes=("10", "11", "12", "13", "14", "15"),
        shortest=18,
        longest=18,
    ),
    WalletRule(
        provider=TenderKind.ALIPAY,
        prefixes=("25", "26", "27", "28", "29", "30"),
        shortest=16,
        longest=24,
    ),
)


class PaymentSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The wallets of a till; `limit` is the highest amount of one charge in minor units."""

    wechat_pay: WalletSettings = WalletSettings()
    alipay: WalletSettings = WalletSettings()
    rules: tuple[WalletRule, ...] = WALLET_RULES
    limit: Amount = Amount(5_000_000)
    static_code: bool = True
    """Whether a customer may pay to the shop's printed code, seen by the cashier."""

    def wallet(self, kind: TenderKind) -> WalletSettings:
        """Return one wallet's settings; those of an unknown one say that it is not used."""
        if kind is TenderKind.WECHAT_PAY:
            return self.wechat_pay
        return self.alipay if kind is TenderKind.ALIPAY else WalletSettings()

    @property
    def enabled(self) -> tuple[TenderKind, ...]:
        """The wallets that are used."""
        return tuple(kind for kind in WALLETS if self.wallet(kind).enabled)


def check_payment_settings(settings: PaymentSettings) -> None:
    """Raise InvalidValueError for what a till could not work with; `field` names it."""
    for kind in settings.enabled:
        wallet = settings.wallet(kind)
        for field in ("app_id", "merchant_id") if kind is TenderKind.WECHAT_PAY else ("app_id",):
            if not getattr(wallet, field).strip():
                raise InvalidValueError(field=f"{kind}_{field}", text="")
    for kind in WALLETS:
        address = settings.wallet(kind).address
        if address and not address.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            raise InvalidValueError(field=f"{kind}_address", text=address)
    if not 0 < settings.limit < LIMIT:
        raise InvalidValueError(field="payment_limit", text=str(settings.limit))
    for rule in settings.rules:
        fits = all(p.isascii() and p.isdigit() and len(p) <= rule.shortest for p in rule.prefixes)
        if not (rule.prefixes and fits and 8 <= rule.shortest <= rule.longest <= 32):
            raise InvalidValueError(field="payment_rules", text=rule.provider)
