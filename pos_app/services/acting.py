"""Who acts: the signed-in person, as every service takes her; and the settings all services share.

Decides nothing; `domain.staff` says what a role may do, `domain.staff_limits` up to where.
"""

from dataclasses import dataclass

from pos_app.domain.errors import ForbiddenError
from pos_app.domain.settings import Settings
from pos_app.domain.staff import APPROVABLE, Action, Approval, NeedsApprovalError, Role, may
from pos_app.domain.staff_limits import Limits, allows
from pos_app.domain.values.ids import CartId, StaffId
from pos_app.domain.values.money import ZERO, Amount


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in person."""

    staff_id: StaffId
    name: str
    role: Role

    def require(
        self,
        action: Action,
        approval: Approval | None = None,
        amount: Amount = ZERO,
        cart: CartId | None = None,
    ) -> None:
        """Pass when the role may do an action or an approval is at hand (it is spent and checked elsewhere).

        For actions without a limit; the others are `must_spend`. Raises NeedsApprovalError when somebody else may allow
        it, ForbiddenError when not.
        """
        if may(self.role, action) or approval is not None:
            return
        if action in APPROVABLE:
            raise NeedsApprovalError(action=action, amount=amount, cart=cart)
        raise ForbiddenError(action=action.value)


def must_spend(
    who: Actor, limits: Limits, needed: NeedsApprovalError, approval: Approval | None, openings: int = 0
) -> bool:
    """Return whether an approval is to be spent on what is asked for: it is beyond what the person may do alone.

    Raises `needed` when it is and no approval is at hand. `openings` is how often she opened the drawer before.
    """
    if allows(limits, who.role, needed, openings):
        return False
    if approval is None:
        raise needed
    return True


class CurrentSettings:
    """The settings in force: one value that is replaced whole when they change."""

    def __init__(self, value: Settings) -> None:
        self.value = value
