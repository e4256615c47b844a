"""The declarative base and the column types, one `Annotated` type a meaning.

Money is INTEGER minor units, quantities INTEGER thousandths, weights INTEGER milligrams, times INTEGER
milliseconds since 1970 in UTC, ids 16 bytes, rates TEXT decimals. Decides storage types only.
"""

from typing import Annotated
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary, MetaData, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column

from pos_app.domain.values.moments import from_ms, to_ms

__all__ = ["Base", "from_ms", "to_id", "to_ms"]

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

Id = Annotated[bytes, mapped_column(LargeBinary(16))]
OptionalId = Annotated[bytes | None, mapped_column(LargeBinary(16))]
Minor = Annotated[int, mapped_column(BigInteger)]
OptionalMinor = Annotated[int | None, mapped_column(BigInteger)]
Thousandths = Annotated[int, mapped_column(BigInteger)]
Mg = Annotated[int | None, mapped_column(BigInteger)]
Moment = Annotated[int, mapped_column(BigInteger)]
OptionalMoment = Annotated[int | None, mapped_column(BigInteger)]
Str = Annotated[str, mapped_column(Text)]
OptionalStr = Annotated[str | None, mapped_column(Text)]
Json = Annotated[bytes, mapped_column(LargeBinary)]


class Base(DeclarativeBase):
    """Every table of the till."""

    metadata = MetaData(naming_convention=NAMING)


def to_id(value: bytes) -> UUID:
    """Return the id of 16 stored bytes."""
    return UUID(bytes=value)
