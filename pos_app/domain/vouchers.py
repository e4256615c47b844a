"""Coupons of platforms (团购券) as tenders: what their codes look like, what they pay, and what the platform keeps.

Decides the form of a code, the part of a face value that counts, and the fee. It does not verify a code: the shop
does that on the platform's own page or device, where a code passes once and never again. So a code that was taken
here stays taken, also when the sale comes back: the platform gives the money back then, or a new code.
"""

import re
from decimal import Decimal

import msgspec

from pos_app.domain.errors import ExpectedError, InvalidValueError
from pos_app.domain.payments.codes import wallet_of
from pos_app.domain.payments.settings import WalletRule
from pos_app.domain.sales.tenders import Voucher
from pos_app.domain.values import rate
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.money import ZERO, Amount

_CODE = re.compile(r"[0-9A-Z]{6,32}")
_BETWEEN = re.compile(r"[\s\-–—]+")
LONGEST_NAME = 12


class VoucherCodeError(ExpectedError):
    """A text that no coupon's code looks like; `text` shows it."""

    code = "tenders.error.voucher_code"


class VoucherIsPaymentError(ExpectedError):
    """The code is a wallet's payment code: it is charged, never kept."""

    code = "tenders.error.voucher_is_payment"


class VoucherUsedError(ExpectedError):
    """The code was taken on this till before, on the receipt `number`."""

    code = "tenders.error.voucher_used"


class VoucherOnBillError(ExpectedError):
    """The code stands on this bill already."""

    code = "tenders.error.voucher_on_bill"


class VoucherAmountError(ExpectedError):
    """A coupon is worth something: its amount is above zero, and something must be open."""

    code = "tenders.error.voucher_amount"


class VoucherPlatform(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A platform whose coupons a shop takes.

    `key` names it in the books: one of KNOWN, which the words of each language know, or what the shop calls it.
    `fee_rate` is what the platform keeps of a coupon, by the shop's contract.
    """

    key: str
    fee_rate: Decimal = Decimal(0)
    on: bool = True


KNOWN = ("meituan", "douyin", "dianping")
"""美团, 抖音, 大众点评."""


class VoucherSettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The platforms of a shop, in the order in which they are offered."""

    platforms: tuple[VoucherPlatform, ...] = tuple(VoucherPlatform(key=key) for key in KNOWN)

    @property
    def used(self) -> tuple[VoucherPlatform, ...]:
        """Those whose coupons the shop takes."""
        return tuple(platform for platform in self.platforms if platform.on)

    def rate_of(self, key: str) -> Decimal:
        """Return what a platform keeps; 0 for one that is set no more."""
        return next((p.fee_rate for p in self.platforms if p.key == key), Decimal(0))


def check_voucher_settings(settings: VoucherSettings) -> None:
    """Raise InvalidValueError for a platform without a name, twice the same, or a rate beyond 0 to 1."""
    keys = [platform.key for platform in settings.platforms]
    for platform in settings.platforms:
        named = platform.key == platform.key.strip() and 0 < len(platform.key) <= LONGEST_NAME
        if not named or keys.count(platform.key) > 1:
            raise InvalidValueError(field="voucher_platform", text=platform.key)
        if not platform.fee_rate.is_finite() or not 0 <= platform.fee_rate <= 1:
            raise InvalidValueError(field="voucher_rate", text=str(platform.fee_rate))


def voucher_code(text: str, rules: tuple[WalletRule, ...]) -> str:
    """Return a code as it is kept: upper case, without the gaps that platforms print in it.

    Raises VoucherIsPaymentError for what a wallet's code looks like by `rules`, VoucherCodeError unless it is 6 to 32
    letters and digits.
    """
    code = _BETWEEN.sub("", fold(text)).upper()
    if wallet_of(code, rules) is not None:
        raise VoucherIsPaymentError()
    if not _CODE.fullmatch(code):
        raise VoucherCodeError(text=text)
    return code


class VoucherWorth(msgspec.Struct, frozen=True, kw_only=True):
    """What a coupon pays on a bill: `amount` counts, `forfeited` of its face value is lost to the customer."""

    amount: Amount
    forfeited: Amount = ZERO


def worth_on(face: Amount, open_: Amount) -> VoucherWorth:
    """Return what a face value pays of what is open: no change is given for a coupon.

    Raises VoucherAmountError unless both are above zero.
    """
    if face <= 0 or open_ <= 0:
        raise VoucherAmountError()
    amount = min(face, open_)
    return VoucherWorth(amount=Amount(amount), forfeited=Amount(face - amount))


def voucher(platform: str, code: str, amount: Amount, fee_rate: Decimal) -> Voucher:
    """Return a coupon with its fee: the rate of what counts, rounded half up to the minor unit."""
    return Voucher(platform=platform, code=code, fee=rate.apply(fee_rate, amount))
