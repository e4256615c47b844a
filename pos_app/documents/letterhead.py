"""What every shop document shares: whose paper it is, who is named on it, in which language it speaks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pos_app.documents.page import Align, Banner, Block, Picture, Size, Space, Text
from pos_app.domain.settings import Settings
from pos_app.domain.values.ids import StaffId
from pos_app.domain.values.money import Amount
from pos_app.words import format_amount, format_date_time, translate


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The shop and its people as documents name them; `language` "" is the shop's own.

    `logo` are the bytes of a PNG or JPEG, printed as wide as the settings say.
    """

    settings: Settings
    staff: Mapping[StaffId, str] = field(default_factory=dict)
    language: str = ""
    logo: bytes | None = None

    @property
    def spoken(self) -> str:
        """The language of the document."""
        return self.language or self.settings.language

    def money(self, amount: Amount) -> str:
        """Write an amount in the merchant's currency."""
        return format_amount(amount, self.settings.money)

    def name_of(self, staff: StaffId) -> str:
        """Return the name of a person; one who is not known any more is shown by the end of the id."""
        return self.staff.get(staff) or "…" + staff.hex[-6:]

    def moment(self, at: datetime) -> str:
        """Write a moment in the shop's zone."""
        return format_date_time(at, self.settings.zone)


def heading(head: Letterhead, title: str, copy: int = 0) -> list[Block]:
    """Return the top of a document: its bands (practice, a copy), the shop, and what the document is."""
    return _top(head, title, copy, ())


def receipt_heading(head: Letterhead, title: str, copy: int = 0) -> list[Block]:
    """Return the top of a customer's paper, with the shop's logo and its own lines under the address."""
    return _top(head, title, copy, head.settings.receipt.header_in(head.spoken).splitlines())


def practice_band(head: Letterhead) -> list[Block]:
    """Return the band of a paper that counts for nothing; nothing in a shop's own books (PRODUCT.md A12)."""
    return [Banner(translate("documents.practice"))] if head.settings.practice else []


def _top(head: Letterhead, title: str, copy: int, lines: Sequence[str]) -> list[Block]:
    settings = head.settings
    blocks = practice_band(head)
    if copy:
        blocks.append(Banner(translate("documents.copy", number=copy)))
    if head.logo:
        blocks += [Picture(head.logo, width_mm=settings.receipt.logo_width_mm), Space(10)]
    blocks.append(Text(settings.shop_name, Size.TITLE, bold=True, align=Align.CENTRE))
    for line in (settings.address, settings.phone):
        if line:
            blocks.append(Text(line, Size.SMALL, align=Align.CENTRE))
    blocks += [Text(line, align=Align.CENTRE) for line in lines]
    return [*blocks, Space(8), Text(title, Size.LARGE, align=Align.CENTRE)]
