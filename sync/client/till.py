"""Sync of one till, put together: the runner, enrolment, and questions online, on what the composition root hands in.

Decides what stands behind what; nothing here loads requests before the till has a tie or looks for a platform.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.domain.settings import Settings
from pos_app.domain.values.ids import ShopId
from pos_app.domain.values.moments import to_ms
from pos_app.services.ports.clock import Clock, Ids, Signer, Stopwatch, Verifier
from pos_app.services.ports.store import Store
from pos_app.services.ports.syncing import SyncLink
from sync.client.applying import Appliers, ApplyOne, Gone, appliers
from sync.client.asking import AskDoors, PlatformAnswers
from sync.client.engine import NotLinkedError, PushEngine, Round
from sync.client.enrolling import EnrolDoors, GateLine, TillEnrolling, Tokens
from sync.client.filling import FILE, NOTES, Crew, Filling, FillingDoors
from sync.client.filling_crew import NobodyBeside
from sync.client.goods_applying import APPLIERS, Applier, VariantApplier
from sync.client.lives import EventWaiter, Life, LifeDoors, Line
from sync.client.pace import Pace
from sync.client.pauses import Pauses
from sync.client.pulling import Pulled, PullEngine
from sync.client.runner import RunnerDoors, SyncRunner
from sync.client.status import StatusBoard
from sync.client.turns import Times, TurnDoors, Turns
from sync.protocol.documents import Kind
from sync.protocol.messages import ClockReading, Hello, HelloReply

if TYPE_CHECKING:
    from sync.client.http import HttpPlatform

_CHANCE_BITS = 52


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncOutside:
    """What sync of a till is given: its books, its secrets, time and chance, and the lock of its data folder.

    `settings` returns them as they are now; `on_settings` is called when others of the merchant came in, on the
    thread of sync. `lock` raises FolderInUseError while another process syncs this folder. `crew` makes the processes
    that take the members of a new till in; the snapshot is kept in `folder` meanwhile, that of the till's data.
    """

    store: Store
    settings: Callable[[], Settings]
    clock: Clock
    stopwatch: Stopwatch
    ids: Ids
    signer: Signer
    verifier: Verifier
    tokens: Tokens
    lock: Callable[[], AbstractContextManager[None]]
    on_bug: Callable[[Exception], object]
    folder: Path
    crew: Callable[[], Crew]
    adopt_shop: Callable[[ShopId, str], None]
    remember: Callable[[str], None]
    on_settings: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class TillSync:
    """Sync of one till as its screens and commands are given it.

    `first_filling` makes the filling of a till that is being set up: it goes on until what comes first is in, and
    leaves the members to the till that is opened then.
    """

    runner: SyncRunner
    enrolling: TillEnrolling
    asking: PlatformAnswers
    board: StatusBoard
    turns: Callable[[Line], Turns]
    connect: Callable[[], Line]
    first_filling: Callable[[Line], Filling]


def make_sync(outside: SyncOutside) -> TillSync:
    """Put sync together; nothing runs and nothing is loaded before `runner.start`."""
    making = _Making(outside)
    runner = SyncRunner(making.runner_doors())
    return TillSync(
        runner=runner,
        enrolling=TillEnrolling(making.enrol_doors(runner)),
        asking=PlatformAnswers(making.ask_doors()),
        board=making.board,
        turns=making.turns,
        connect=making.connect,
        first_filling=making.first_filling,
    )


def _forget_files(folder: Path) -> None:
    """Remove a snapshot that was not taken in whole: it names every member."""
    for name in (FILE, NOTES):
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)


class _Making:
    """What the parts of sync share, and how each is made of it."""

    def __init__(self, outside: SyncOutside) -> None:
        self._outside = outside
        self._boot = str(outside.ids.new())
        """This process: the steady clock is only compared within it."""
        self.board = StatusBoard(outside.store)
        self._times = Times(
            steady_s=lambda: outside.stopwatch.micros() / 1_000_000,
            now_ms=self._now_ms,
            reading=self._reading,
        )
        self._pauses = Pauses(lambda: chance(outside.ids))
        self._pace = Pace(self._times.steady_s)
        self._gone = Gone()
        self._appliers = _appliers(outside, self._gone)

    def connect(self) -> Line:
        """Open a connection to the platform of the tie."""
        with self._outside.store.read() as tx:
            link = tx.links.load()
        if link is None:
            raise NotLinkedError
        return self._line(link)

    def turns(self, line: Line) -> Turns:
        """Make engines on a connection, and the turns with them."""
        o = self._outside
        doors = TurnDoors(
            store=o.store,
            till=o.settings().till_id,
            times=self._times,
            pauses=self._pauses,
            board=self.board,
            pace=self._pace,
        )
        return Turns(doors, _Engines(o, line, (self._times, self._appliers(), self._pace), self.board))

    def first_filling(self, line: Line) -> Filling:
        """Make the filling of a till that is being set up."""
        o = self._outside
        pull = PullEngine(o.store, line, self._appliers(), o.stopwatch)
        return _filling(o, (line, pull, NobodyBeside()), self._now_ms, lambda _told: None)

    def runner_doors(self) -> RunnerDoors:
        """Return what the runner works with."""
        o = self._outside
        return RunnerDoors(
            store=o.store, board=self.board, new_life=self._new_life, lock=o.lock, on_bug=o.on_bug
        )

    def enrol_doors(self, runner: SyncRunner) -> EnrolDoors:
        """Return what enrolling works with."""
        o = self._outside
        return EnrolDoors(
            store=o.store,
            settings=o.settings,
            signer=o.signer,
            tokens=o.tokens,
            runner=runner,
            now_ms=self._now_ms,
            open_gate=_gate,
            adopt_shop=o.adopt_shop,
            remember=o.remember,
            forget_files=partial(_forget_files, o.folder),
        )

    def ask_doors(self) -> AskDoors:
        """Return what asking works with."""
        return AskDoors(
            store=self._outside.store,
            connect=self._line,
            appliers=self._appliers,
            gone=self._gone,
            now_ms=self._now_ms,
        )

    def _new_life(self) -> Life:
        return Life(
            LifeDoors(
                connect=self.connect,
                turns=self.turns,
                pauses=self._pauses,
                waiter=EventWaiter(),
                steady_s=self._times.steady_s,
                on_bug=self._outside.on_bug,
                on_wake=self.board.refresh,
            )
        )

    def _line(self, link: SyncLink) -> "HttpPlatform":
        from sync.client.http import HttpPlatform

        # Without a token the platform says so itself, in a number that the screens have words for.
        return HttpPlatform(link.address, self._outside.tokens.load() or "")

    def _now_ms(self) -> int:
        return to_ms(self._outside.clock.now())

    def _reading(self) -> ClockReading:
        with self._outside.store.read() as tx:
            hlc = tx.journal.head().hlc
        return ClockReading(self._now_ms(), self._outside.stopwatch.micros() // 1000, self._boot, hlc)


def chance(ids: Ids) -> float:
    """Return a number from 0 to below 1 by chance: the last bits of a new id are nothing else."""
    return (ids.new().int & (1 << _CHANCE_BITS) - 1) / (1 << _CHANCE_BITS)


def _gate(address: str) -> GateLine:
    from sync.client.http import HttpPlatform

    return HttpPlatform(address)


class _Engines:
    """The engines of one life, as `turns.Parts`."""

    def __init__(
        self, outside: SyncOutside, line: Line, shared: tuple[Times, Appliers, Pace], board: StatusBoard
    ) -> None:
        o, (times, known, pace) = outside, shared
        self._line, self._times, self._on_settings = line, times, o.on_settings
        self._push = PushEngine(o.store, o.settings().till_id, line, times.reading, o.verifier)
        self._push.pace = pace
        self._pull = PullEngine(o.store, line, known, o.stopwatch, pace)
        self._filling = _filling(
            o, (line, self._pull, o.crew()), times.now_ms, lambda told: board.note(filling=told)
        )

    def hello(self, hello: Hello) -> HelloReply:
        return self._line.hello(hello)

    def push(self) -> Round:
        return self._push.push()

    def pull(self) -> Pulled:
        pulled = self._pull.pull(self._times.now_ms())
        if Kind.SETTINGS in pulled.kinds:
            self._on_settings()
        return pulled

    def is_filling(self) -> bool:
        return self._filling.is_due()

    def fill(self) -> bool:
        more = self._filling.step()
        # The merchant's settings are among what comes first.
        self._on_settings()
        return more

    def close(self) -> None:
        self._filling.stop()


def _filling(
    outside: SyncOutside,
    parts: tuple[Line, PullEngine, Crew],
    now_ms: Callable[[], int],
    told: Callable[[tuple[int, int] | None], None],
) -> Filling:
    line, pull, crew = parts
    return Filling(
        FillingDoors(
            store=outside.store,
            folder=outside.folder,
            snapshots=line,
            clear=pull.clear,
            take_in=lambda documents: pull.take_in(documents, now_ms()),
            crew=crew,
            stopwatch=outside.stopwatch,
            told=told,
        )
    )


def _appliers(outside: SyncOutside, gone: Gone) -> Callable[[], Appliers]:
    def of_goods(apply: Applier) -> ApplyOne:
        return lambda tx, document, _body: apply(tx, document)

    goods = {kind: of_goods(apply) for kind, apply in APPLIERS.items()}
    return lambda: {**appliers(outside.settings().shop_id, goods, gone), Kind.VARIANT: VariantApplier()}
