"""Customers' payment codes and our own order numbers.

Decides which wallet a scanned code belongs to, by rules that are settings, and how an attempt is named to a wallet.
"""

from pos_app.domain.payments.settings import WalletRule
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.ids import AttemptId


def wallet_of(code: str, rules: tuple[WalletRule, ...]) -> TenderKind | None:
    """Return the wallet whose code this looks like, None for any other text; the first rule that fits decides.

    Form only. A code of a scale may look the same: ask the catalogue first (DESIGN.md §6, order of meaning).
    """
    if not (code.isascii() and code.isdigit()):
        return None
    for rule in rules:
        if rule.shortest <= len(code) <= rule.longest and code.startswith(rule.prefixes):
            return rule.provider
    return None


def order_number(attempt: AttemptId) -> str:
    """Return the number under which a wallet knows an attempt: 32 digits and letters, the attempt's id in hex.

    Nothing else is in it, so that another till can name the charge that it gives back. WeChat Pay takes 6–32
    characters as `out_trade_no`, Alipay up to 64.
    """
    return attempt.hex
