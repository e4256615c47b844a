"""Settings of a shop and its till: what they are, their types and defaults.

One declared value, kept as one document; decides what is valid. It does not decide where it is kept.
"""

from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from pos_app.domain.display import DisplaySettings, check_display_settings
from pos_app.domain.errors import InvalidValueError
from pos_app.domain.invoices.settings import InvoiceSettings, check_invoice_settings
from pos_app.domain.mail import MailSettings, check_mail_settings
from pos_app.domain.payments.settings import PaymentSettings, check_payment_settings
from pos_app.domain.receipt_look import ReceiptLook, check_receipt_look
from pos_app.domain.sales.cart import TaxMode
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.staff_limits import DEFAULT_LIMITS, Limits, check_limits
from pos_app.domain.values import money
from pos_app.domain.values.business_date import DEFAULT_DAY_STARTS_AT
from pos_app.domain.values.ids import ShopId, TillId
from pos_app.domain.vouchers import VoucherSettings, check_voucher_settings


class TaxClass(msgspec.Struct, frozen=True, kw_only=True):
    """A tax code of the shop with its rate, such as "13" → 0.13."""

    code: str
    rate: Decimal


LABEL_KINDS = ("tspl", "escpos")
"""What a printer of labels speaks: TSPL, or ESC/POS where a receipt printer does it."""


LOUDNESS = (0, 30, 100)
"""How loud the tones may be, in percent: silent, soft, full."""


class LabelChoices(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was chosen last when labels were printed, by the keys of formats.

    `starts` is the first free place, from 1, of the sheet in use of each format.
    """

    goods: str = "a4_24"
    pieces: str = "tag_68x26"
    cards: str = "sheet"
    prices: bool = True
    starts: dict[str, int] = {}


COUNTABLE = (TenderKind.CARD, TenderKind.VOUCHER, TenderKind.STATIC_CODE, TenderKind.OTHER)
"""Tenders beside cash of which something lies there to be counted: slips, coupons, the list of a wallet's app."""


class CountRules(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is counted beside cash when a shift closes, where the shift took any of it."""

    tenders: tuple[TenderKind, ...] = (TenderKind.CARD, TenderKind.VOUCHER, TenderKind.STATIC_CODE)


class Settings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a shop and its till are set to; the first fields make the shop, the others have a sensible default."""

    shop_id: ShopId
    till_id: TillId
    shop_name: str
    shop_code: str = "N01"
    till_code: str = "1"
    address: str | None = None
    phone: str | None = None
    receipt_footer: str | None = None
    language: str = "zh_CN"
    theme: str = "light"
    currency: str = "CNY"
    region: str = "CN"
    time_zone: str = "Asia/Shanghai"
    day_starts_at: time = DEFAULT_DAY_STARTS_AT
    tax_mode: TaxMode = TaxMode.INCLUDED
    tax_classes: tuple[TaxClass, ...] = (
        TaxClass(code="13", rate=Decimal("0.13")),
        TaxClass(code="9", rate=Decimal("0.09")),
        TaxClass(code="6", rate=Decimal("0.06")),
        TaxClass(code="0", rate=Decimal(0)),
    )
    default_tax_code: str = "13"
    cash_step: int = 1
    printer: str = "none"
    paper_mm: int = 80
    print_receipts: bool = True
    enter_pays_exact_cash: bool = True
    ask_above: int = 100_000
    demo: bool = False
    practice: bool = False
    """This is a copy in which somebody practises: nothing in it counts."""
    consent_text_version: str = "2026-2"
    """Which words of `members.consent.asked` are read out: whoever changes those gives them another version."""
    key_map: dict[str, str] = {}
    number_pad: bool = False
    loudness: int = 100
    scanner_prefix: str = ""
    scanner_suffix: str = ""
    label_printer: str = "none"
    label_kind: str = "tspl"
    label_gap_um: int = 0
    """White between two labels of the roll; 0 is as the format says."""
    limits: Limits = DEFAULT_LIMITS
    """Up to where each role may go without asking."""
    labels: LabelChoices = LabelChoices()
    counts: CountRules = CountRules()
    platform_address: str = ""
    """Where the platform was last, also after this till left it."""
    payments: PaymentSettings = PaymentSettings()
    receipt: ReceiptLook = ReceiptLook()
    receipt_logo: bytes = b""
    """A small PNG."""
    mail: MailSettings = MailSettings()
    vouchers: VoucherSettings = VoucherSettings()
    invoices: InvoiceSettings = InvoiceSettings()
    display: DisplaySettings = DisplaySettings()

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def money(self) -> money.Currency:
        """The merchant's currency."""
        return money.currency(self.currency)


MERCHANT_FIELDS = (
    "currency",
    "region",
    "time_zone",
    "day_starts_at",
    "tax_mode",
    "tax_classes",
    "default_tax_code",
    "cash_step",
    "ask_above",
    "consent_text_version",
    "limits",
)
"""Settings that are the merchant's: what all tills have to reckon, date and ask alike, so that their sales add up.

The rest is this till's or this shop's: who and where it is (ids, codes, names, address, the foot of its receipts),
what is plugged in (printers, paper, scanner), and how its people like to work (language, theme, keys, labels).
"""


def with_merchants(settings: Settings, values: Mapping[str, str]) -> Settings:
    """Return settings with the merchant's fields as told, JSON texts by name; fields of nobody's or the till's stay.

    Raises InvalidValueError for another currency (the books are kept in one) and for what a till cannot work with.
    """
    told: dict[str, Any] = {}
    for name in MERCHANT_FIELDS:
        if name in values:
            kind = _TYPES[name]
            try:
                told[name] = msgspec.json.decode(values[name].encode(), type=kind)
            except msgspec.DecodeError:
                raise InvalidValueError(field=name, text=values[name]) from None
    if told.get("currency", settings.currency) != settings.currency:
        raise InvalidValueError(field="currency", text=str(told["currency"]))
    changed = msgspec.structs.replace(settings, **told)
    check_settings(changed)
    return changed


_TYPES = {field.name: field.type for field in msgspec.structs.fields(Settings)}


def check_settings(settings: Settings) -> None:
    """Raise InvalidValueError for a setting that the till could not work with; `field` names it."""
    if not settings.shop_name.strip():
        raise InvalidValueError(field="shop_name", text="")
    for field in ("shop_code", "till_code"):
        code = getattr(settings, field)
        if not (code.isascii() and code.isalnum() and 1 <= len(code) <= 8):
            raise InvalidValueError(field=field, text=code)
    money.currency(settings.currency)
    try:
        ZoneInfo(settings.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidValueError(field="time_zone", text=settings.time_zone) from None
    if settings.cash_step not in (1, 5, 10, 50, 100):
        raise InvalidValueError(field="cash_step", text=str(settings.cash_step))
    if settings.paper_mm not in (58, 80):
        raise InvalidValueError(field="paper_mm", text=str(settings.paper_mm))
    if settings.loudness not in LOUDNESS:
        raise InvalidValueError(field="loudness", text=str(settings.loudness))
    if settings.label_kind not in LABEL_KINDS:
        raise InvalidValueError(field="label_kind", text=settings.label_kind)
    if any(kind not in COUNTABLE for kind in settings.counts.tenders):
        raise InvalidValueError(field="counts", text=" ".join(settings.counts.tenders))
    if not 0 <= settings.label_gap_um <= 30_000:
        raise InvalidValueError(field="label_gap", text=str(settings.label_gap_um))
    check_payment_settings(settings.payments)
    check_receipt_look(settings.receipt, settings.receipt_logo)
    check_mail_settings(settings.mail)
    check_voucher_settings(settings.vouchers)
    check_invoice_settings(settings.invoices)
    check_limits(settings.limits)
    check_display_settings(settings.display)
    codes = [c.code for c in settings.tax_classes]
    for tax in settings.tax_classes:
        if not tax.code.strip() or codes.count(tax.code) > 1 or not 0 <= tax.rate <= 1:
            raise InvalidValueError(field="tax_classes", text=f"{tax.code} {tax.rate}")
    if settings.default_tax_code not in {c.code for c in settings.tax_classes}:
        raise InvalidValueError(field="default_tax_code", text=settings.default_tax_code)
