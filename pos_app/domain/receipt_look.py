"""How a shop's receipts look beside what was sold: words above and below, and how wide the logo is.

Decides the texts for each language and their lengths. The logo's picture is a setting of its own, so that changing a
word does not write it again.
"""

import msgspec

from pos_app.domain.errors import InvalidValueError

LOGO_WIDTHS_MM = (20, 30, 40, 48)
MOST_LOGO_BYTES = 96 * 1024
"""A logo is kept small (`documents.receipt_logo`); what is larger did not come from there."""
_MOST_CHARACTERS = 600
_MOST_LINES = 12


class ReceiptLook(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Lines under the shop's name, and the English of those below the receipt.

    The Chinese ones below are `Settings.receipt_footer`, older than this. A text that a language lacks is taken from
    the other.
    """

    header: str = ""
    header_en: str = ""
    footer_en: str = ""
    logo_width_mm: int = 30

    def header_in(self, language: str) -> str:
        """Return the lines under the shop's name for a document's language."""
        return self.header_en or self.header if language == "en" else self.header or self.header_en

    def footer_in(self, language: str, footer: str) -> str:
        """Return the lines below the receipt; `footer` are those of the settings."""
        return self.footer_en or footer if language == "en" else footer or self.footer_en


def check_receipt_look(look: ReceiptLook, logo: bytes) -> None:
    """Raise InvalidValueError for more words than belong on a receipt, or a logo that is none."""
    for field in ("header", "header_en", "footer_en"):
        text = getattr(look, field)
        if len(text) > _MOST_CHARACTERS or text.count("\n") >= _MOST_LINES:
            raise InvalidValueError(field=field, text=text[:40])
    if look.logo_width_mm not in LOGO_WIDTHS_MM:
        raise InvalidValueError(field="logo_width_mm", text=str(look.logo_width_mm))
    if logo and (not logo.startswith(b"\x89PNG") or len(logo) > MOST_LOGO_BYTES):
        raise InvalidValueError(field="receipt_logo", text=str(len(logo)))
