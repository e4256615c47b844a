"""What the returns page reads about a sale: who rang it, for whom, and whether it can still be voided.

Reads only; Qt-free.
"""

from pos_app.domain.sales.sale import Sale, SaleKind
from pos_app.domain.values import phone
from pos_app.services.returns import Returnable
from pos_app.services.shop import Shop
from pos_app.words import translate


def cashier_name(shop: Shop, sale: Sale) -> str:
    """Return the name of who rang a sale, empty when she is not known here."""
    return next((person.name for person in shop.staff.everybody() if person.staff_id == sale.cashier), "")


def member_words(shop: Shop, sale: Sale) -> str:
    """Return a sale's member by name and masked phone; empty for a sale without one."""
    if sale.member is None:
        return ""
    member = shop.members.get(sale.member.member)
    if member is None:
        return translate("returns.member.erased")
    masked = phone.masked(member.phone) if member.phone else ""
    return " ".join(part for part in (member.profile.name or "", masked) if part)


def is_voidable(shop: Shop, found: Returnable) -> bool:
    """Whether a sale is of the open shift and nothing of it came back: then it can be taken back whole."""
    shift = shop.shifts.current()
    whole = all(item.left == item.line.quantity for item in found.lines)
    sale = found.sale
    return shift is not None and whole and sale.shift == shift.shift_id and sale.kind is SaleKind.SALE
