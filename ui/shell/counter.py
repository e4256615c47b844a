"""What every screen is given: the shop's use cases, the lane to run them on, who is signed in, and the doors that
lead to other nouns (an approval, the printer, the drawer) without knowing them.

Qt-free, so that presenters may take it. Decides nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from pos_app.domain.staff import Approval, NeedsApprovalError, NotSignedInError
from pos_app.services.acting import Actor
from pos_app.services.ports.attempts import Charging
from pos_app.services.ports.display import Display, NoDisplay
from pos_app.services.ports.lane import Lane
from pos_app.services.ports.syncing import AskOnline, NoAnswers
from pos_app.services.shop import Shop

AskApproval = Callable[[NeedsApprovalError, Callable[[Approval], None]], None]
"""Ask somebody who may for a yes; the answer comes on the GUI thread, and never when she declines."""

Practise = Callable[[Callable[[Exception], None]], None]
"""Open practice in a window of its own; who asked is told at once when it cannot be started."""


class Session:
    """Who is signed in at this till."""

    def __init__(self) -> None:
        self.actor: Actor | None = None

    @property
    def who(self) -> Actor:
        """The signed-in person; raise NotSignedInError when nobody is."""
        if self.actor is None:
            raise NotSignedInError()
        return self.actor


class Papers(Protocol):
    """Takes a paper out of the till: shown by the system's own program, printed by it, or saved. Never raises."""

    def show(self, name: str, content: bytes, way: str) -> None:
        """Do with a PDF what `way` says: "open", "print" or "save"; what goes wrong is told as a notice."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """A till at work, as its screens see it."""

    shop: Shop
    db: Lane
    session: Session
    ask_approval: AskApproval
    wake_printer: Callable[[], None]
    """Something was queued: print it when the printer can."""
    kick_drawer: Callable[[], None]
    """Open the drawer; what it answers is shown in the status bar."""
    slow: Lane | None = None
    """Where work runs that takes long and lets sales through between its steps; None where there is but one lane."""
    online: AskOnline = field(default_factory=NoAnswers)
    """The platform, to be asked on `net` only."""
    net: Lane | None = None
    """Where the network is waited for; None for a till that stands alone."""
    charging: Charging | None = None
    """Who takes payment attempts to their wallets; None where nobody does."""
    is_online: Callable[[], bool] = lambda: False
    """Whether the platform answered when it was last asked: asking it now makes sense."""
    wake_mail: Callable[[], None] = lambda: None
    """A letter was queued: send it when there is a network."""
    papers: Papers | None = None
    """What becomes of a PDF: None where there is no screen to show it on."""
    practise: Practise | None = None
    """None where it makes no sense: in practice itself, in the demo."""
    display: Display = field(default_factory=NoDisplay)
    """The screen that faces the customer."""

    def send_refunds(self) -> None:
        """Let what goes back to wallets be sent as soon as there is a network: a return is in the books."""
        if self.charging is not None:
            self.charging.wake()
