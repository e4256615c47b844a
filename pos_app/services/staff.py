"""Signing in, approvals and the staff list.

Decides how PINs are checked (slow hash, five tries, then a pause) and how an approval is made and spent. What a role
may do stands in `domain.staff`.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from pos_app.domain.errors import ForbiddenError, NotFoundError
from pos_app.domain.facts.shop import (
    ApprovalGiven,
    BadgeGiven,
    SignedIn,
    SignedOut,
    SignInRefused,
    StaffSaved,
)
from pos_app.domain.staff import (
    Action,
    Approval,
    ApprovalNotValidError,
    BadgeError,
    BadgeTakenError,
    CodeTakenError,
    LastOwnerError,
    NeedsApprovalError,
    NotSignedInError,
    OwnApprovalError,
    PinError,
    PinLockedError,
    Role,
    Staff,
    check_pin_form,
)
from pos_app.domain.staff_limits import allows
from pos_app.domain.values.ids import ApprovalId, StaffId, SubjectId
from pos_app.services.acting import Actor
from pos_app.services.ports.clock import Clock, PinHasher
from pos_app.services.ports.people import StaffRecord
from pos_app.services.ports.store import Tx
from pos_app.services.workplace import Workplace

TRIES = 5
PAUSE = timedelta(minutes=5)
APPROVAL_LASTS = timedelta(minutes=10)
"""A yes is given on the spot: one that was not used by then is nobody's any more."""


class StaffService:
    """Use cases of staff."""

    def __init__(self, work: Workplace, hasher: PinHasher) -> None:
        self._store = work.store
        self._recorder = work.recorder
        self._sealer = work.sealer
        self._settings = work.settings
        self._hasher = hasher
        self._clock = work.clock
        self._ids = work.ids

    def everybody(self) -> tuple[Staff, ...]:
        """Return all staff, by code."""
        with self._store.read() as tx:
            return tuple(tx.staff.all())

    def actor(self, staff_id: StaffId) -> Actor:
        """Return a person who is signed in elsewhere on this till; raise NotSignedInError for nobody's id."""
        with self._store.read() as tx:
            record = tx.staff.get(staff_id)
        if record is None or not record.staff.active:
            raise NotSignedInError()
        return Actor(record.staff.staff_id, record.staff.name, record.staff.role)

    def sign_in(self, code: str, pin: str) -> Actor:
        """Sign a person in; run it on a lane, the hash takes some 50 ms.

        Raises PinError (with the tries that are left) or PinLockedError.
        """
        return self._signed_in(self._checked(code, pin))

    def sign_in_by_badge(self, badge: str) -> Actor:
        """Sign the owner of a badge in; raise BadgeError for one that is nobody's."""
        return self._signed_in(self._badge_owner(badge))

    def vouched(self, code: str, pin: str) -> Actor:
        """Return whose code and PIN it is, without signing her in: she takes a till over. Raises as `sign_in`."""
        staff = self._checked(code, pin)
        return Actor(staff.staff_id, staff.name, staff.role)

    def vouched_by_badge(self, badge: str) -> Actor:
        """Return whose badge it is, without signing her in; raise BadgeError."""
        staff = self._badge_owner(badge)
        return Actor(staff.staff_id, staff.name, staff.role)

    def _signed_in(self, staff: Staff) -> Actor:
        with self._store.write() as tx:
            self._recorder.record(tx, SignedIn(staff=staff.staff_id), staff.staff_id)
        return Actor(staff.staff_id, staff.name, staff.role)

    def _badge_owner(self, badge: str) -> Staff:
        with self._store.read() as tx:
            record = tx.staff.by_badge(badge_hash(badge))
        if record is None or not record.staff.active:
            raise BadgeError()
        return record.staff

    def sign_out(self, who: Actor) -> None:
        """Record that a person left the till."""
        with self._store.write() as tx:
            self._recorder.record(tx, SignedOut(staff=who.staff_id), who.staff_id)

    def _checked(self, code: str, pin: str) -> Staff:
        """Return the person whose PIN it is; count a wrong try."""
        now = self._clock.now()
        with self._store.read() as tx:
            record = tx.staff.by_code(code.strip())
        if record is None or not record.staff.active:
            raise PinError(left=None)
        if record.locked_until is not None and now < record.locked_until:
            left = record.locked_until - now
            raise PinLockedError(minutes=int(left.total_seconds() // 60) + 1)
        right = self._hasher.verify(record.pin_hash, pin)
        if right and record.wrong_tries == 0:
            return record.staff
        self._count_try(record.staff, now, right)
        return record.staff

    def _count_try(self, staff: Staff, now: datetime, right: bool) -> None:
        """Forget wrong tries after a right one, else count this one and raise; read anew, as others may try too."""
        with self._store.write() as tx:
            record = tx.staff.get(staff.staff_id)
            assert record is not None  # Staff are never deleted.
            tries = 0 if right else record.wrong_tries + 1
            locked = now + PAUSE if tries >= TRIES else None if right else record.locked_until
            tx.staff.save(replace(record, wrong_tries=tries % TRIES, locked_until=locked))
            if not right:
                self._recorder.record(tx, SignInRefused(staff=staff.staff_id, tries=tries), None)
        if right:
            return
        if locked is not None and now < locked:
            raise PinLockedError(minutes=int(PAUSE.total_seconds() // 60))
        raise PinError(left=TRIES - tries)

    def approve(self, who: Actor, needed: NeedsApprovalError, code: str, pin: str) -> Approval:
        """Give a one-use approval for what `needed` names, by another person's code and PIN.

        Raises PinError, PinLockedError, OwnApprovalError when it is the asker's own, or ForbiddenError when that
        person may not allow it.
        """
        return self._approved(who, needed, self._checked(code, pin))

    def approve_by_badge(self, who: Actor, needed: NeedsApprovalError, badge: str) -> Approval:
        """Give a one-use approval by a badge; raise BadgeError, OwnApprovalError, ForbiddenError."""
        return self._approved(who, needed, self._badge_owner(badge))

    def _approved(self, who: Actor, needed: NeedsApprovalError, approver: Staff) -> Approval:
        if approver.staff_id == who.staff_id:
            raise OwnApprovalError()
        if not allows(self._settings.value.limits, approver.role, needed):
            raise ForbiddenError(action=needed.action.value)
        approval = Approval(
            approval_id=ApprovalId(self._ids.new()),
            action=needed.action,
            amount=needed.amount,
            cart=needed.cart,
            approver=approver.staff_id,
            asked_by=who.staff_id,
            given_at=self._clock.now(),
        )
        with self._store.write() as tx:
            tx.staff.add_approval(approval)
            given = ApprovalGiven(
                approval=approval.approval_id,
                action=approval.action,
                amount=approval.amount,
                cart=approval.cart,
                asked_by=who.staff_id,
                approver=approver.staff_id,
            )
            self._recorder.record(tx, given, approver.staff_id)
        return approval

    def give_badge(self, who: Actor, staff_id: StaffId, badge: str | None) -> None:
        """Let a badge stand for a person, or none; only its hash is kept.

        Raises NotFoundError, ForbiddenError, BadgeTakenError when it stands for somebody else.
        """
        who.require(Action.MANAGE_STAFF)
        with self._store.write() as tx:
            record = tx.staff.get(staff_id)
            if record is None:
                raise NotFoundError(what=str(staff_id))
            other = tx.staff.by_badge(badge_hash(badge)) if badge else None
            if other is not None and other.staff.staff_id != staff_id:
                raise BadgeTakenError()
            tx.staff.save(replace(record, badge=badge_hash(badge) if badge else None))
            self._recorder.record(tx, BadgeGiven(staff=staff_id, given=badge is not None), who.staff_id)

    def save(self, who: Actor, staff: Staff, pin: str | None) -> Staff:
        """Add or change a person; a new one needs a PIN.

        Raises ForbiddenError, PinFormError, CodeTakenError, LastOwnerError.
        """
        who.require(Action.MANAGE_STAFF)
        if pin is not None:
            check_pin_form(pin)
        hashed = self._hasher.hash(pin) if pin is not None else None
        with self._store.write() as tx:
            _check_place(tx, staff)
            self.write(tx, staff, hashed, who.staff_id)
        return staff

    def write(self, tx: Tx, staff: Staff, pin_hash: str | None, by: StaffId | None) -> None:
        """Write a person within a transaction, with the fact of it."""
        before = tx.staff.get(staff.staff_id)
        if pin_hash is None and before is None:
            check_pin_form("")
        kept = before.pin_hash if before else ""
        badge = before.badge if before else None
        tx.staff.save(StaffRecord(staff=staff, pin_hash=pin_hash or kept, badge=badge))
        fact = StaffSaved(
            staff=staff.staff_id,
            code=staff.code,
            role=staff.role,
            active=staff.active,
            name=self._sealer.seal_text(tx, SubjectId(staff.staff_id), staff.name),
            pin_changed=pin_hash is not None,
        )
        self._recorder.record(tx, fact, by)

    def new_staff(self, code: str, name: str, role: Role) -> Staff:
        """Return a person who is not yet written."""
        return Staff(StaffId(self._ids.new()), code, name, role)


def _check_place(tx: Tx, staff: Staff) -> None:
    same_code = tx.staff.by_code(staff.code)
    if same_code is not None and same_code.staff.staff_id != staff.staff_id:
        raise CodeTakenError(text=staff.code)
    others = (one for one in tx.staff.all() if one.staff_id != staff.staff_id)
    owners = [one for one in (*others, staff) if one.role is Role.OWNER and one.active]
    if not owners:
        raise LastOwnerError()


def badge_hash(badge: str) -> bytes:
    """Return what is kept of a badge: SHA-256 of its text, blanks around it dropped."""
    return sha256(badge.strip().encode()).digest()


def spend_approval(tx: Tx, clock: Clock, who: Actor, needed: NeedsApprovalError, approval: Approval) -> None:
    """Spend an approval on what it was given for, to whom it was given.

    Raises ApprovalNotValidError when it was spent before, has grown old, was given to somebody else, or names another
    action or cart, or a smaller amount.
    """
    kept, now = tx.staff.approval(approval.approval_id), clock.now()
    fresh = kept is not None and kept.asked_by == who.staff_id and now - kept.given_at <= APPROVAL_LASTS
    if kept is None or not fresh or not covers(kept, needed):
        raise ApprovalNotValidError()
    if not tx.staff.use_approval(kept.approval_id, now):
        raise ApprovalNotValidError()


def covers(approval: Approval, needed: NeedsApprovalError) -> bool:
    """Whether an approval names the action, the cart and enough money."""
    return (
        approval.action is needed.action and approval.cart == needed.cart and approval.amount >= needed.amount
    )
