"""One turn of sync: greet the platform now and then, push what waits, take in what is new; then say how long to rest.

Decides the order, what a failure of one of the three means for the others, and when nothing moves any more although
it should (SYNC.md §3, rule 7). Time is handed in, rests are only named: `runner` takes them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from pos_app.domain.values.ids import TillId
from pos_app.services.ports.store import Store
from pos_app.services.ports.syncing import SyncLink
from sync.client.engine import NotLinkedError, Round
from sync.client.goods_bringing import progress_of
from sync.client.pace import Pace
from sync.client.pauses import Pause, Pauses
from sync.client.pulling import Pulled
from sync.client.status import StatusBoard
from sync.protocol.documents import Kind
from sync.protocol.errors import Cure, Number, PlatformError
from sync.protocol.messages import ClockReading, Hello, HelloReply, Next, Position
from sync.protocol.versions import LEAST, NEWEST

HELLO_EVERY_S = 120.0
STALLED_S = 300.0
"""How long nothing may move while the platform greets us, before all is made anew."""
MOST_CURES = 16
"""How often in a row a push is made smaller, or begun from elsewhere, at once: 500 facts are halved nine times."""
_AT_ONCE = frozenset({Cure.SMALLER, Cure.FROM_THERE})


class StalledError(Exception):
    """Nothing moves although the platform answers: begin anew with new engines and a new connection."""


class Parts(Protocol):
    """What the turns of one life work with; raises PlatformError."""

    def hello(self, hello: Hello) -> HelloReply:
        """Greet the platform."""
        ...

    def push(self) -> Round:
        """Send the next facts."""
        ...

    def pull(self) -> Pulled:
        """Take in the next documents."""
        ...

    def is_filling(self) -> bool:
        """Whether this till is new and begins with a snapshot."""
        ...

    def fill(self) -> bool:
        """Take in some of the snapshot; return whether there is more of it."""
        ...

    def close(self) -> None:
        """End what works beside this process."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """The clocks: one that only ever grows in seconds, the wall in milliseconds, and both as the platform is told."""

    steady_s: Callable[[], float]
    now_ms: Callable[[], int]
    reading: Callable[[], ClockReading]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnDoors:
    """What the turns of every life share."""

    store: Store
    till: TillId
    times: Times
    pauses: Pauses
    board: StatusBoard
    pace: Pace


class Turns:
    """The turns of one life of the loop; on its thread only."""

    def __init__(self, doors: TurnDoors, parts: Parts) -> None:
        self._store, self._till, self._parts = doors.store, doors.till, parts
        self._times, self._pauses, self._board = doors.times, doors.pauses, doors.board
        self._pace = doors.pace
        self._has_news = False
        self._greet_at: float | None = None
        self._greeted_at: float | None = None
        self._moved_at = self._times.steady_s()
        self._push_anyway = True
        self._next = Next()
        self.taken_in = 0
        """Documents that came in so far."""
        self._held: dict[str, tuple[float, int]] = {}
        """What only a person cures, by what was refused: until when it is left alone, and the error's number."""

    def tell_of_facts(self) -> None:
        """Say that facts were committed; from any thread. A pull of many pages is left for them."""
        self._has_news = True
        self._pace.tell_of_facts()

    def ask_anew(self) -> None:
        """Leave nothing alone any longer: somebody says that it was put right."""
        self._held = {name: (0.0, number) for name, (_, number) in self._held.items()}

    def close(self) -> None:
        """End what works beside this process."""
        self._parts.close()

    def turn(self) -> Pause:
        """Do all that there is to do, and return how long to rest; raises StalledError and NotLinkedError."""
        self._has_news = False
        more = False
        try:
            if self._greet_at is None or self._times.steady_s() >= self._greet_at:
                self._attempt("hello", self._greet)
            self._attempt("push", self._send)
            if self._is_filling():
                more = self._attempt("fill", self._parts.fill)
            else:
                more = self._attempt("pull", self._fetch)
        except PlatformError as error:
            self._board.note(obstacle=error.number.value, busy=False)
            self._look_for_a_stall()
            return self._pauses.after_failure(error)
        trouble = next((number for _, number in self._held.values()), 0)
        answered = {} if self._all_held() else {"answered_at_ms": self._times.now_ms()}
        self._board.note(obstacle=0, trouble=trouble, busy=more, **answered)
        self._keep(trouble=trouble)
        self._look_for_a_stall()
        return self._rest(more)

    def _rest(self, more: bool) -> Pause:
        pause = self._pauses.after_success(self._next)
        if self._has_news or more:
            return Pause(0.0)
        if self._all_held():
            return self._pauses.for_person()
        if "push" in self._held:
            # Its own trouble keeps a push alone; a commit changes nothing about it.
            return replace(pause, commit_after_s=None)
        carries_in_s = self._pace.carries_in_s
        return replace(pause, seconds=min(pause.seconds, carries_in_s)) if self._carries() else pause

    def _all_held(self) -> bool:
        return "push" in self._held and not self._held.keys().isdisjoint(("pull", "fill"))

    def _is_filling(self) -> bool:
        """Whether a snapshot comes first; a platform that offers none is pulled from the beginning."""
        _, number = self._held.get("fill", (0.0, 0))
        return number != Number.NOT_FOUND and self._parts.is_filling()

    def _attempt(self, name: str, work: Callable[[], bool]) -> bool:
        """Do one of the three; what only a person cures holds this one up, and not the others."""
        until, _ = self._held.get(name, (0.0, 0))
        if self._times.steady_s() < until:
            return False
        try:
            result = work()
        except PlatformError as error:
            if error.cure is Cure.LATER:
                raise
            pause = self._pauses.for_person()
            self._held[name] = (self._times.steady_s() + pause.seconds, error.number.value)
            return False
        self._held.pop(name, None)
        return result

    # -- the three -------------------------------------------------------------------------------------------

    def _greet(self) -> bool:
        """Say hello; note the time there, and what this till is taken for."""
        with self._store.read() as tx:
            head = tx.journal.head()
        hello = Hello(
            least=LEAST,
            newest=NEWEST,
            till=self._till,
            head=Position(head.epoch, head.seq, head.hash),
            clock=self._times.reading(),
        )
        # A till that is shut out is not greeted; what a restored platform lost of it, only a push can tell.
        self._push_anyway = True
        asked_ms = self._times.now_ms()
        reply = self._parts.hello(hello)
        answered_ms = self._times.now_ms()
        now = self._times.steady_s()
        self._greet_at, self._greeted_at = now + HELLO_EVERY_S, now
        drift_ms = (asked_ms + answered_ms) // 2 - reply.wall_ms
        self._keep(answered_at_ms=answered_ms, drift_ms=drift_ms, state=reply.state.value)
        return False

    def _send(self) -> bool:
        """Push until nothing waits; now and then also without facts: the answer says whether ours are still known."""
        cured = 0
        while self._push_anyway or self._waiting():
            before = _place(self._link())
            try:
                done = self._parts.push()
            except PlatformError as error:
                if error.cure in _AT_ONCE and cured < MOST_CURES:
                    cured += 1
                    continue
                raise
            cured, self._push_anyway, self._next = 0, False, done.next
            self._keep(state=done.state.value)
            if _place(self._link()) == before:
                # Nothing moved, although something may wait: after a rest, and not in a circle.
                break
            self._moved_at = self._times.steady_s()
        return False

    def _waiting(self) -> bool:
        unsent = self._board.refresh().unsent
        if not unsent:
            self._moved_at = self._times.steady_s()
        return bool(unsent) or (self._carries() and not self._pace.carries_in_s)

    def _carries(self) -> bool:
        """Whether goods are to be brought along still."""
        return progress_of(self._link().uploading).walk is not None

    def _fetch(self) -> bool:
        """Pull until there is no more, or until facts wait to be pushed; return whether there is more."""
        cured = False
        while True:
            try:
                pulled = self._parts.pull()
            except PlatformError as error:
                if error.cure is not Cure.SNAPSHOT or cured:
                    raise
                # The engine has noted that it begins from the beginning.
                cured = True
                continue
            self._next = pulled.next
            self.taken_in += pulled.applied
            if Kind.DESK in pulled.kinds:
                self._board.recount()
            if not pulled.more or self._has_news:
                return pulled.more
            self._board.note(busy=True, obstacle=0, answered_at_ms=self._times.now_ms())

    # -- the tie ---------------------------------------------------------------------------------------------

    def _link(self) -> SyncLink:
        with self._store.read() as tx:
            link = tx.links.load()
        if link is None:
            raise NotLinkedError
        return link

    def _keep(self, **changes: object) -> None:
        """Write changes of the tie down where there are any."""
        link = self._link()
        if replace(link, **changes) == link:  # type: ignore[arg-type]
            return
        with self._store.write() as tx:
            current = tx.links.load()
            if current is None:
                raise NotLinkedError
            tx.links.save(replace(current, **changes))  # type: ignore[arg-type]

    def _look_for_a_stall(self) -> None:
        """Raise StalledError when facts wait, none has moved for long, and the platform greets us all the same."""
        now = self._times.steady_s()
        if "push" in self._held or now - self._moved_at < STALLED_S:
            return
        if self._greeted_at is not None and self._greeted_at > self._moved_at and self._board.status().unsent:
            raise StalledError


def _place(link: SyncLink) -> tuple[object, ...]:
    """Return how far this till's things are at the platform."""
    return link.epoch, link.seq, link.letters, link.uploading
