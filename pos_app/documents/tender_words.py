"""Tenders in words: how each is called, and what tells one from another of its kind.

Decides wording only; receipts, returns and the Pay panel say it alike.
"""

from pos_app.domain.sales.tenders import Tender, TenderKind
from pos_app.domain.vouchers import KNOWN
from pos_app.words import translate


def platform_name(key: str) -> str:
    """Return what a platform of coupons is called; one that the shop named itself is called so."""
    return translate(f"tenders.platform.{key}") if key in KNOWN else key


def tender_words(tender: Tender) -> str:
    """Return what a tender is called: 现金, 银行卡, 美团券."""
    if tender.kind is TenderKind.VOUCHER and tender.voucher is not None:
        return translate("tenders.voucher_of", platform=platform_name(tender.voucher.platform))
    return translate(f"documents.tender.{tender.kind.value}")


def tender_reference(tender: Tender) -> str:
    """Return what tells a tender from others of its kind, empty for nothing: a slip, a bill's end, a code, a number."""
    if not tender.reference:
        return ""
    if tender.kind is TenderKind.STATIC_CODE:
        return translate("tenders.seen", text=tender.reference)
    return tender.reference
