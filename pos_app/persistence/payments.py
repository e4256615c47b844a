"""Payment attempts in SQLite: one row each, exactly what its facts come to. Decides storage; see `domain.payments`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Index, Row, bindparam, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column

from pos_app.domain.payments import PaymentAttempt, PaymentPurpose, PaymentState
from pos_app.domain.payments.attempts import Standing
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.ids import AttemptId, CartId, ShiftId
from pos_app.domain.values.money import Amount
from pos_app.persistence.base import (
    Base,
    Id,
    Minor,
    Moment,
    OptionalId,
    OptionalMinor,
    OptionalStr,
    Str,
    from_ms,
    to_id,
    to_ms,
)
from pos_app.persistence.prepared import Prepared


class PaymentAttemptRow(Base):
    """How an attempt stands; `needs_care` is derived from it, for the index."""

    __tablename__ = "payment_attempt"
    __table_args__ = (
        Index("ix_payment_attempt_number", "order_number", unique=True),
        Index("ix_payment_attempt_cart", "cart_id"),
        Index("ix_payment_attempt_started", "started_at"),
        Index("ix_payment_attempt_care", "started_at", sqlite_where=text("needs_care")),
        {"sqlite_with_rowid": False},
    )
    attempt_id: Mapped[Id] = mapped_column(primary_key=True)
    purpose: Mapped[Str]
    provider: Mapped[Str]
    order_number: Mapped[Str]
    cart_id: Mapped[Id]
    amount: Mapped[Minor]
    currency: Mapped[Str]
    shift_id: Mapped[OptionalId]
    refund_of: Mapped[OptionalId]
    refund_of_number: Mapped[OptionalStr]
    started_at: Mapped[Moment]
    changed_at: Mapped[Moment]
    state: Mapped[Str]
    provider_number: Mapped[OptionalStr]
    moved: Mapped[OptionalMinor]
    reason: Mapped[OptionalStr]
    by_hand: Mapped[bool]
    flagged: Mapped[bool]
    needs_care: Mapped[bool]


_table = PaymentAttemptRow.__table__
_SAVE = Prepared(insert(PaymentAttemptRow).prefix_with("OR REPLACE"))
_GET = Prepared(select(_table).where(_table.c.attempt_id == bindparam("attempt")))
_OF_CART = Prepared(select(_table).where(_table.c.cart_id == bindparam("cart")).order_by(_table.c.started_at))
_BETWEEN = Prepared(
    select(_table)
    .where(_table.c.started_at >= bindparam("first"), _table.c.started_at < bindparam("last"))
    .order_by(_table.c.started_at.desc())
)
_CARE = Prepared(select(_table).where(text("needs_care")).order_by(_table.c.started_at))


class SqlPayments:
    """The payment attempts of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, standing: Standing) -> None:
        """Write how an attempt stands, also a new one."""
        _SAVE.run(self._connection, **_values(standing))

    def get(self, attempt: AttemptId) -> Standing | None:
        """Return an attempt."""
        row = _GET.run(self._connection, attempt=attempt.bytes).one_or_none()
        return None if row is None else _standing(row)

    def of_cart(self, cart: CartId) -> tuple[Standing, ...]:
        """Return the attempts of a cart, oldest first."""
        return tuple(map(_standing, _OF_CART.run(self._connection, cart=cart.bytes)))

    def in_care(self) -> tuple[Standing, ...]:
        """Return what still has to be asked, reversed or sent, oldest first."""
        return tuple(map(_standing, _CARE.run(self._connection)))

    def between(self, first: datetime, last: datetime) -> tuple[Standing, ...]:
        """Return the attempts begun from `first` up to `last` (not included), newest first."""
        found = _BETWEEN.run(self._connection, first=to_ms(first), last=to_ms(last))
        return tuple(map(_standing, found))

    def all(self) -> Iterable[Standing]:
        """Return every attempt, read as they are walked."""
        return map(_standing, self._connection.execute(select(_table)))


def _values(standing: Standing) -> dict[str, Any]:
    payment = standing.payment
    return {
        "attempt_id": payment.attempt.bytes,
        "purpose": payment.purpose.value,
        "provider": payment.provider.value,
        "order_number": payment.order_number,
        "cart_id": payment.cart.bytes,
        "amount": payment.amount,
        "currency": payment.currency,
        "shift_id": payment.shift.bytes if payment.shift else None,
        "refund_of": payment.refund_of.bytes if payment.refund_of else None,
        "refund_of_number": payment.refund_of_number,
        "started_at": to_ms(standing.started_at),
        "changed_at": to_ms(standing.changed_at),
        "state": standing.state.value,
        "provider_number": standing.provider_number,
        "moved": standing.amount,
        "reason": standing.reason,
        "by_hand": standing.by_hand,
        "flagged": standing.flagged,
        "needs_care": standing.needs_care,
    }


def _standing(row: Row[Any]) -> Standing:
    payment = PaymentAttempt(
        attempt=AttemptId(to_id(row.attempt_id)),
        purpose=PaymentPurpose(row.purpose),
        provider=TenderKind(row.provider),
        order_number=row.order_number,
        cart=CartId(to_id(row.cart_id)),
        amount=Amount(row.amount),
        currency=row.currency,
        shift=ShiftId(to_id(row.shift_id)) if row.shift_id else None,
        refund_of=AttemptId(to_id(row.refund_of)) if row.refund_of else None,
        refund_of_number=row.refund_of_number,
    )
    return Standing(
        payment=payment,
        started_at=from_ms(row.started_at),
        changed_at=from_ms(row.changed_at),
        state=PaymentState(row.state),
        provider_number=row.provider_number,
        amount=None if row.moved is None else Amount(row.moved),
        reason=row.reason,
        by_hand=bool(row.by_hand),
        flagged=bool(row.flagged),
    )
