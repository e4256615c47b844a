"""Tenders: money offered for a sale, or given back.

Decides what is still due, the change, and the rounding of cash. It does not decide which tenders a shop takes.
"""

import re
from enum import StrEnum
from uuid import UUID

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.ids import SaleId, StaffId, TenderId
from pos_app.domain.values.money import ZERO, Amount, round_half_up_to


class TenderKind(StrEnum):
    """How money was offered; the list can grow."""

    CASH = "cash"
    CARD = "card"
    WECHAT_PAY = "wechat_pay"
    ALIPAY = "alipay"
    STATIC_CODE = "static_code"
    STORED_VALUE = "stored_value"
    GIFT_CARD = "gift_card"
    POINTS = "points"
    DEPOSIT = "deposit"
    VOUCHER = "voucher"
    OTHER = "other"


class TenderRole(StrEnum):
    """Whether the customer gave it, got it as change, or got it back for a return."""

    GIVEN = "given"
    CHANGE = "change"
    REFUND = "refund"


class Voucher(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A coupon of a platform: which platform, its code, and what the platform keeps of the tender's amount."""

    platform: str
    code: str
    fee: Amount = ZERO


class Tender(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One tender of a sale: positive when given, negative as change or refund.

    `reference` is the slip number of a card or the like, never a card number or a payment code. `attempt` is
    the payment attempt behind a code payment, `seen_by` who saw a payment that no device confirms. `deposit` is the
    sale in which the deposit was taken that pays here.
    """

    tender_id: TenderId
    kind: TenderKind
    amount: Amount
    role: TenderRole = TenderRole.GIVEN
    reference: str | None = None
    attempt: UUID | None = None
    seen_by: StaffId | None = None
    voucher: Voucher | None = None
    deposit: SaleId | None = None


class TenderShortError(ExpectedError):
    """The tenders do not cover the bill; `short` is what is missing."""

    code = "sales.error.tender_short"


class TenderTooMuchError(ExpectedError):
    """Only cash gives change; `over` is what is too much."""

    code = "sales.error.tender_too_much"


class BillEndError(ExpectedError):
    """What a customer paid to a printed code is named by the last 4 letters or digits of its bill's number."""

    code = "sales.error.bill_end"


_BILL_END = re.compile(r"[0-9A-Z]{4}")


def bill_end(text: str) -> str:
    """Return the last four of a wallet's bill number, upper case; raise BillEndError for anything else."""
    end = fold(text).upper()
    if not _BILL_END.fullmatch(end):
        raise BillEndError()
    return end


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """How a bill stands: what is due in all, what is still open, the change, and the rounding of cash.

    Always: given = total + cash_rounding + change − open. `open_cash` is what is open when it is paid in cash.
    """

    total: Amount
    given: Amount
    open: Amount
    open_cash: Amount
    change: Amount
    cash_rounding: Amount


def settle(total: Amount, tenders: tuple[Tender, ...], cash_step: int) -> Settlement:
    """Reckon a bill of a non-negative total against its tenders.

    `cash_step` is the smallest coin in minor units. When cash closes the bill, what other tenders leave open is
    rounded half up to it (Swedish rounding); the difference is `cash_rounding`, signed as what the customer pays
    more; a rest that rounds to nothing is closed by cash of zero. Raises TenderTooMuchError when tenders other than
    cash exceed the total.
    """
    in_cash = any(t.kind is TenderKind.CASH for t in tenders)
    cash = sum(t.amount for t in tenders if t.kind is TenderKind.CASH)
    other = sum(t.amount for t in tenders if t.kind is not TenderKind.CASH)
    if other > max(total, 0):
        raise TenderTooMuchError(over=Amount(other - total))
    rest = Amount(total - other)
    rest_cash = round_half_up_to(rest, cash_step)
    if in_cash and cash >= min(rest, rest_cash):
        asked = rest_cash if cash >= rest_cash else rest
        return Settlement(
            total=total,
            given=Amount(cash + other),
            open=ZERO,
            open_cash=ZERO,
            change=Amount(cash - asked),
            cash_rounding=Amount(asked - rest),
        )
    open_ = Amount(rest - cash)
    return Settlement(
        total=total,
        given=Amount(cash + other),
        open=open_,
        open_cash=round_half_up_to(open_, cash_step),
        change=ZERO,
        cash_rounding=ZERO,
    )
