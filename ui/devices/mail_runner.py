"""Takes letters of the queue to the mail server, one after the other, and knows how that goes.

Decides when a letter is tried: when one is queued, when one is due, when somebody asks; after a failure that is not the
letter's the others wait too. Never on the way of a sale: the books are touched on the db lane, the network on its own.
What is written and when a letter is given up stand in `services.mail`. Qt-free.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from pos_app.domain.errors import ShukeError, UnavailableError
from pos_app.domain.settings import Settings
from pos_app.services.mail import Mailing, MailQueue, ReadyLetter
from pos_app.services.ports.clock import Clock
from pos_app.services.ports.lane import Lane
from pos_app.services.ports.mail import Post
from ui.devices.runner import PrintBugError, Timer

PAUSE_MS = 30_000
"""How long the others wait when the server was not reached, or takes nothing of this shop."""
LONGEST_MS = 1_800_000


@dataclass(frozen=True, slots=True)
class MailState:
    """How letters stand, as far as is known."""

    queue: MailQueue = field(default_factory=MailQueue)
    sending: bool = False
    problem: ShukeError | None = None
    """Why the last letter did not go out; None once one did."""


@dataclass(frozen=True, slots=True)
class MailDoors:
    """What the runner works with."""

    mailing: Mailing
    db: Lane
    net: Lane
    post: Post
    settings: Callable[[], Settings]
    clock: Clock
    timer: Timer


class MailRunner:
    """The one that sends. GUI thread only; its work runs on the two lanes."""

    def __init__(self, doors: MailDoors) -> None:
        self._doors = doors
        self._busy = False
        self._woken = False
        self._stopped = False
        self._watchers: list[Callable[[MailState], None]] = []
        self.state = MailState()

    def watch(self, tell: Callable[[MailState], None]) -> None:
        """Tell how letters stand, now and at each change."""
        self._watchers.append(tell)
        tell(self.state)

    def unwatch(self, tell: Callable[[MailState], None]) -> None:
        """Stop telling."""
        if tell in self._watchers:
            self._watchers.remove(tell)

    def start(self) -> None:
        """Let what was being sent when the till stopped wait again, and begin."""
        self._doors.db.run(self._doors.mailing.recover, lambda _count: self.wake(), self._books_failed)

    def stop(self) -> None:
        """Begin no other letter; one that is being sent ends by itself."""
        self._stopped = True
        self._doors.timer.stop()

    def wake(self) -> None:
        """Something was queued or changed: look at the queue soon. Returns at once."""
        if self._stopped:
            return
        if self._busy:
            self._woken = True
        else:
            self._next()

    def _next(self) -> None:
        self._busy, self._woken = True, False
        mailing = self._doors.mailing
        self._doors.db.run(
            lambda: (mailing.begin(), mailing.stands()),
            lambda found: self._begun(*found),
            self._books_failed,
        )

    def _begun(self, ready: ReadyLetter | None, queue: MailQueue) -> None:
        self._show(queue=queue, sending=ready is not None)
        if ready is None:
            self._rest()
            return
        doors = self._doors

        def send() -> None:
            doors.post.send(doors.mailing.letter_of(ready))

        doors.net.run(send, lambda _none: self._sent(ready), lambda problem: self._not_sent(ready, problem))

    def _sent(self, ready: ReadyLetter) -> None:
        self._show(problem=None)
        self._doors.db.run(
            lambda: self._doors.mailing.sent(ready), lambda _none: self._go_on(), self._books_failed
        )

    def _not_sent(self, ready: ReadyLetter, problem: Exception) -> None:
        self._show(problem=_told(problem))
        after = self._pause if isinstance(problem, UnavailableError) else self._go_on
        self._doors.db.run(
            lambda: self._doors.mailing.failed(ready, problem), lambda _none: after(), self._books_failed
        )

    def _go_on(self) -> None:
        if self._stopped:
            self._busy = False
        else:
            self._next()

    def _books_failed(self, problem: Exception) -> None:
        self._show(problem=_told(problem), sending=False)
        self._pause()

    def _pause(self) -> None:
        self._busy = False
        self._show(sending=False)
        self._doors.db.run(
            self._doors.mailing.stands, lambda queue: self._show(queue=queue), lambda _problem: None
        )
        if not self._stopped:
            self._doors.timer.start(PAUSE_MS, self.wake)

    def _rest(self) -> None:
        self._busy = False
        due = self.state.queue.next_try_at
        if self._stopped:
            return
        if self._woken:
            self.wake()
        elif due is not None and self._doors.settings().mail.is_set:
            wait = (due - self._doors.clock.now()) / timedelta(milliseconds=1)
            self._doors.timer.start(int(min(max(wait, 1_000), LONGEST_MS)), self.wake)

    def _show(self, **changes: object) -> None:
        state = replace(self.state, **changes)  # type: ignore[arg-type]
        if state != self.state:
            self.state = state
            for tell in list(self._watchers):
                tell(state)


def _told(problem: Exception) -> ShukeError:
    return problem if isinstance(problem, ShukeError) else PrintBugError()
