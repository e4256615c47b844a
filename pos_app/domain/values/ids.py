"""Identities: one NewType a kind of thing, all UUIDs of version 7 (RFC 9562), made by the till.

Decides how a UUIDv7 is laid out; the time and the random bits are passed in.
"""

from typing import NewType
from uuid import UUID

MerchantId = NewType("MerchantId", UUID)
ShopId = NewType("ShopId", UUID)
TillId = NewType("TillId", UUID)
StaffId = NewType("StaffId", UUID)
ShiftId = NewType("ShiftId", UUID)
CartId = NewType("CartId", UUID)
SaleId = NewType("SaleId", UUID)
"""A sale takes the id of the cart that it was paid from, so that a cart can become one sale only."""
LineId = NewType("LineId", UUID)
TenderId = NewType("TenderId", UUID)
StyleId = NewType("StyleId", UUID)
VariantId = NewType("VariantId", UUID)
PieceId = NewType("PieceId", UUID)
BatchId = NewType("BatchId", UUID)
PriceId = NewType("PriceId", UUID)
MemberId = NewType("MemberId", UUID)
ConsentId = NewType("ConsentId", UUID)
ApprovalId = NewType("ApprovalId", UUID)
FactId = NewType("FactId", UUID)
PrintJobId = NewType("PrintJobId", UUID)
ImportId = NewType("ImportId", UUID)
AttemptId = NewType("AttemptId", UUID)
InvoiceId = NewType("InvoiceId", UUID)
SubjectId = NewType("SubjectId", UUID)
"""Whose personal fields a key seals: a member, or a sale without one."""


def uuid7(unix_ms: int, random_bits: int) -> UUID:
    """Lay out a UUIDv7 from 48 bits of Unix milliseconds and 74 random bits (RFC 9562, section 5.7)."""
    high = random_bits >> 62 & 0xFFF
    low = random_bits & (1 << 62) - 1
    return UUID(int=(unix_ms & (1 << 48) - 1) << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
