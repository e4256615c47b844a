"""Sync of one till, put together: the runner, enrolment, and questions online, on what the composition root hands in.

Decides what stands behind what; nothing here loads requests before the till has a tie or looks for a platform.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos_app.domain.settings import Settings
from pos_app.domain.values.moments import to_ms
from pos_app.services.ports.clock import Clock, Ids, Signer, Stopwatch, Verifier
from pos_app.services.ports.store import Store
from pos_app.services.ports.syncing import SyncLink
from sync.client.applying import Appliers, ApplyOne, appliers
from sync.client.asking import AskDoors, PlatformAnswers
from sync.client.engine import NotLinkedError, PushEngine, Round
from sync.client.enrolling import EnrolDoors, GateLine, TillEnrolling, Tokens
from sync.client.goods_applying import APPLIERS, Applier
from sync.client.lives import EventWaiter, Life, LifeDoors, Line
from sync.client.pauses import Pauses
from sync.client.pulling import Pulled, PullEngine
from sync.client.runner import RunnerDoors, SyncRunner
from sync.client.status import StatusBoard
from sync.client.turns import Times, Turns
from sync.protocol.documents import Kind
from sync.protocol.messages import ClockReading, Hello, HelloReply

if TYPE_CHECKING:
    from sync.client.http import HttpPlatform

_CHANCE_BITS = 52


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncOutside:
    """What sync of a till is given: its books, its secrets, time and chance, and the lock of its data folder.

    `settings` returns them as they are now; `on_settings` is called when others of the merchant came in, on the
    thread of sync. `lock` raises FolderInUseError while another process syncs this folder.
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
    on_bug: Callable[[Exception], None]
    on_settings: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class TillSync:
    """Sync of one till as its screens and commands are given it."""

    runner: SyncRunner
    enrolling: TillEnrolling
    asking: PlatformAnswers
    board: StatusBoard
    turns: Callable[[Line], Turns]
    connect: Callable[[], Line]


def make_sync(outside: SyncOutside) -> TillSync:
    """Put sync together; nothing runs and nothing is loaded before `runner.start`."""
    o = outside
    boot = str(o.ids.new())
    """This process: the steady clock is only compared within it."""

    def now_ms() -> int:
        return to_ms(o.clock.now())

    def reading() -> ClockReading:
        with o.store.read() as tx:
            hlc = tx.journal.head().hlc
        return ClockReading(now_ms(), o.stopwatch.micros() // 1000, boot, hlc)

    times = Times(steady_s=lambda: o.stopwatch.micros() / 1_000_000, now_ms=now_ms, reading=reading)
    board, pauses = StatusBoard(o.store), Pauses(lambda: chance(o.ids))
    known = _appliers(o)

    def connect() -> Line:
        return _line(o, _tie(o.store))

    def turns(line: Line) -> Turns:
        parts = _Engines(o, line, times, known())
        return Turns(o.store, o.settings().till_id, parts, times, pauses, board)

    def new_life() -> Life:
        return Life(
            LifeDoors(
                connect=connect,
                turns=turns,
                pauses=pauses,
                waiter=EventWaiter(),
                steady_s=times.steady_s,
                on_bug=o.on_bug,
                on_wake=board.refresh,
            )
        )

    runner = SyncRunner(
        RunnerDoors(store=o.store, board=board, new_life=new_life, lock=o.lock, on_bug=o.on_bug)
    )
    enrolling = TillEnrolling(
        EnrolDoors(
            store=o.store,
            settings=o.settings,
            signer=o.signer,
            tokens=o.tokens,
            runner=runner,
            now_ms=now_ms,
            open_gate=_gate,
        )
    )
    asking = PlatformAnswers(
        AskDoors(store=o.store, connect=lambda link: _line(o, link), appliers=known, now_ms=now_ms)
    )
    return TillSync(
        runner=runner, enrolling=enrolling, asking=asking, board=board, turns=turns, connect=connect
    )


def chance(ids: Ids) -> float:
    """Return a number from 0 to below 1 by chance: the last bits of a new id are nothing else."""
    return (ids.new().int & (1 << _CHANCE_BITS) - 1) / (1 << _CHANCE_BITS)


def _tie(store: Store) -> SyncLink:
    with store.read() as tx:
        link = tx.links.load()
    if link is None:
        raise NotLinkedError
    return link


def _line(outside: SyncOutside, link: SyncLink) -> "HttpPlatform":
    from sync.client.http import HttpPlatform

    token = outside.tokens.load()
    # Without one the platform says so itself, in a number that the screens have words for.
    return HttpPlatform(link.address, token or "")


def _gate(address: str) -> GateLine:
    from sync.client.http import HttpPlatform

    return HttpPlatform(address)


class _Engines:
    """The engines of one life, as `turns.Parts`."""

    def __init__(self, outside: SyncOutside, line: Line, times: Times, known: Appliers) -> None:
        store, till = outside.store, outside.settings().till_id
        self._line, self._times, self._on_settings = line, times, outside.on_settings
        self._push = PushEngine(store, till, line, times.reading, outside.verifier)
        self._pull = PullEngine(store, line, known, outside.stopwatch)

    def hello(self, hello: Hello) -> HelloReply:
        return self._line.hello(hello)

    def push(self) -> Round:
        return self._push.push()

    def pull(self) -> Pulled:
        pulled = self._pull.pull(self._times.now_ms())
        if Kind.SETTINGS in pulled.kinds:
            self._on_settings()
        return pulled


def _appliers(outside: SyncOutside) -> Callable[[], Appliers]:
    def of_goods(apply: Applier) -> ApplyOne:
        return lambda tx, document, _body: apply(tx, document)

    goods = {kind: of_goods(apply) for kind, apply in APPLIERS.items()}
    return lambda: appliers(outside.settings().shop_id, goods)
