"""Deposits and taken coupons in SQLite: one row each, exactly what the sales come to. Decides storage only."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    Row,
    bindparam,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from pos_app.domain.deposits import Deposit
from pos_app.domain.values.ids import MemberId, SaleId
from pos_app.domain.values.money import Amount
from pos_app.persistence.base import Base, Id, Minor, OptionalId, Str, to_id
from pos_app.persistence.members.aliases import beneath
from pos_app.persistence.prepared import Prepared

_OPEN = "used + returned < amount"


class DepositRow(Base):
    """A deposit as it stands."""

    __tablename__ = "deposit"
    __table_args__ = (
        CheckConstraint("used >= 0 AND returned >= 0 AND used + returned <= amount"),
        Index("ix_deposit_open", "taken_on", "number", sqlite_where=text(_OPEN)),
        Index("ix_deposit_member", "member_id", "taken_on", sqlite_where=text("member_id IS NOT NULL")),
        {"sqlite_with_rowid": False},
    )
    sale_id: Mapped[Id] = mapped_column(ForeignKey("sale.sale_id"), primary_key=True)
    number: Mapped[Str]
    taken_on: Mapped[Str]
    member_id: Mapped[OptionalId]
    amount: Mapped[Minor]
    used: Mapped[Minor]
    returned: Mapped[Minor]


class VoucherRow(Base):
    """A coupon that was taken: once a platform's code, for good."""

    __tablename__ = "voucher"
    __table_args__ = ({"sqlite_with_rowid": False},)
    platform: Mapped[Str] = mapped_column(primary_key=True)
    code: Mapped[Str] = mapped_column(primary_key=True)
    sale_id: Mapped[Id] = mapped_column(ForeignKey("sale.sale_id"))


_deposit = DepositRow.__table__
_voucher = VoucherRow.__table__
_SAVE = Prepared(insert(DepositRow).prefix_with("OR REPLACE"))
_GET = Prepared(select(_deposit).where(_deposit.c.sale_id == bindparam("sale")))
_TAKE = Prepared(insert(VoucherRow))
_TAKEN = Prepared(
    select(_voucher.c.sale_id).where(
        _voucher.c.platform == bindparam("platform"), _voucher.c.code == bindparam("code")
    )
)


class SqlDeposits:
    """The deposits of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, deposit: Deposit) -> None:
        """Write how a deposit stands, also a new one."""
        _SAVE.run(self._connection, **_values(deposit))

    def get(self, sale: SaleId) -> Deposit | None:
        """Return the deposit that a sale took."""
        row = _GET.run(self._connection, sale=sale.bytes).one_or_none()
        return None if row is None else _from_row(row)

    def of_member(self, member: MemberId) -> Sequence[Deposit]:
        """Return what of a member's deposits, and of her aliases', can still pay, oldest first."""
        ids = [member.bytes, *beneath(self._connection, member.bytes)]
        return self._found(_deposit.c.member_id.in_(ids), text(_OPEN))

    def open(self, limit: int, ending: str = "") -> Sequence[Deposit]:
        """Return deposits that can still pay, oldest first; with `ending` those whose number ends so."""
        ends = [func.substr(_deposit.c.number, -len(ending)) == ending] if ending else []
        return self._found(text(_OPEN), *ends, limit=limit)

    def all(self) -> Iterable[Deposit]:
        """Return every deposit, read as they are walked."""
        return map(_from_row, self._connection.execute(select(_deposit)))

    def _found(self, *where: Any, limit: int = 100) -> Sequence[Deposit]:
        query = select(_deposit).where(*where).order_by(_deposit.c.taken_on, _deposit.c.number).limit(limit)
        return [_from_row(row) for row in self._connection.execute(query)]


class SqlVouchers:
    """The taken coupons of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def taken(self, platform: str, code: str) -> SaleId | None:
        """Return the sale that a coupon paid for; None for one that was never taken here."""
        found = _TAKEN.run(self._connection, platform=platform, code=code).scalar_one_or_none()
        return None if found is None else SaleId(to_id(found))

    def take(self, platform: str, code: str, sale: SaleId) -> None:
        """Write that a coupon was taken."""
        _TAKE.run(self._connection, platform=platform, code=code, sale_id=sale.bytes)

    def all(self) -> Iterable[tuple[str, str, SaleId]]:
        """Return (platform, code, sale) of every coupon, read as they are walked."""
        rows = self._connection.execute(select(_voucher.c.platform, _voucher.c.code, _voucher.c.sale_id))
        return ((platform, code, SaleId(to_id(sale))) for platform, code, sale in rows)


def _values(deposit: Deposit) -> dict[str, Any]:
    return {
        "sale_id": deposit.sale.bytes,
        "number": deposit.number,
        "taken_on": deposit.taken_on.isoformat(),
        "member_id": deposit.member.bytes if deposit.member else None,
        "amount": deposit.amount,
        "used": deposit.used,
        "returned": deposit.returned,
    }


def _from_row(row: Row[Any]) -> Deposit:
    return Deposit(
        sale=SaleId(to_id(row.sale_id)),
        number=row.number,
        taken_on=date.fromisoformat(row.taken_on),
        member=MemberId(to_id(row.member_id)) if row.member_id else None,
        amount=Amount(row.amount),
        used=Amount(row.used),
        returned=Amount(row.returned),
    )
