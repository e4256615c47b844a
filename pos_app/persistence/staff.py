"""Staff and approvals in SQLite."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from pos_app.domain.staff import Action, Approval, Role, Staff
from pos_app.domain.values.ids import ApprovalId, CartId, StaffId
from pos_app.domain.values.money import Amount
from pos_app.persistence.base import from_ms, to_id, to_ms
from pos_app.persistence.tables import ApprovalRow, StaffRow
from pos_app.services.ports.people import StaffRecord

_staff = StaffRow.__table__
_approval = ApprovalRow.__table__


class SqlStaff:
    """The staff of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Sequence[Staff]:
        """Return everybody, by code."""
        return [_record(r).staff for r in self._connection.execute(select(_staff).order_by(_staff.c.code))]

    def by_code(self, code: str) -> StaffRecord | None:
        """Return a person by the sign-in code."""
        return self._one(_staff.c.code == code)

    def by_badge(self, badge: bytes) -> StaffRecord | None:
        """Return a person by the SHA-256 of a badge."""
        return self._one(_staff.c.badge == badge)

    def get(self, staff_id: StaffId) -> StaffRecord | None:
        """Return a person."""
        return self._one(_staff.c.staff_id == staff_id.bytes)

    def _one(self, condition: ColumnElement[bool]) -> StaffRecord | None:
        row = self._connection.execute(select(_staff).where(condition)).one_or_none()
        return None if row is None else _record(row)

    def save(self, record: StaffRecord) -> None:
        """Write a person."""
        staff = record.staff
        values = {
            "staff_id": staff.staff_id.bytes,
            "code": staff.code,
            "name": staff.name,
            "role": staff.role.value,
            "active": staff.active,
            "pin_hash": record.pin_hash,
            "badge": record.badge,
            "wrong_tries": record.wrong_tries,
            "locked_until": to_ms(record.locked_until) if record.locked_until else None,
        }
        new = upsert(StaffRow).values(**values)
        rest = {name: new.excluded[name] for name in values if name != "staff_id"}
        self._connection.execute(new.on_conflict_do_update(index_elements=["staff_id"], set_=rest))

    def add_approval(self, approval: Approval) -> None:
        """Keep an approval, unused."""
        self._connection.execute(
            insert(ApprovalRow).values(
                approval_id=approval.approval_id.bytes,
                action=approval.action.value,
                amount=approval.amount,
                cart_id=approval.cart.bytes if approval.cart else None,
                approver_id=approval.approver.bytes,
                asked_by=approval.asked_by.bytes,
                given_at=to_ms(approval.given_at),
                used_at=None,
            )
        )

    def approval(self, approval_id: ApprovalId) -> Approval | None:
        """Return an approval, spent or not."""
        row = self._connection.execute(
            select(_approval).where(_approval.c.approval_id == approval_id.bytes)
        ).one_or_none()
        if row is None:
            return None
        return Approval(
            approval_id=ApprovalId(to_id(row.approval_id)),
            action=Action(row.action),
            amount=Amount(row.amount),
            cart=CartId(to_id(row.cart_id)) if row.cart_id else None,
            approver=StaffId(to_id(row.approver_id)),
            asked_by=StaffId(to_id(row.asked_by)),
            given_at=from_ms(row.given_at),
        )

    def use_approval(self, approval_id: ApprovalId, at: datetime) -> bool:
        """Spend an approval; return False when it was spent before."""
        done = self._connection.execute(
            update(ApprovalRow)
            .where(ApprovalRow.approval_id == approval_id.bytes, ApprovalRow.used_at.is_(None))
            .values(used_at=to_ms(at))
        )
        return done.rowcount == 1


def _record(row: Row[Any]) -> StaffRecord:
    staff = Staff(
        staff_id=StaffId(to_id(row.staff_id)),
        code=row.code,
        name=row.name,
        role=Role(row.role),
        active=bool(row.active),
    )
    return StaffRecord(
        staff=staff,
        pin_hash=row.pin_hash,
        badge=row.badge,
        wrong_tries=row.wrong_tries,
        locked_until=from_ms(row.locked_until) if row.locked_until else None,
    )
