"""A real platform, and a real till that sells and syncs, each in a process of its own until it is killed.

Both tell each step of their transactions before they take it, and die at the place or after the number of steps that
was asked for (`kill_points.Watch`); the product has no hook for it. Decides what the two do, not what must hold.
"""

import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from random import Random
from typing import Any, cast

from sqlalchemy import Engine, event

from pos_app.domain.values.ids import TillId
from pos_app.domain.values.moments import to_ms
from pos_app.persistence.secrets import Ed25519Verifier
from pos_app.services.checkout import Checkout
from sync.client.applying import appliers
from sync.client.engine import PushEngine
from sync.client.http import HttpPlatform
from sync.client.pulling import PullEngine
from sync.platform.__main__ import open_members, open_service
from sync.platform.app import Behind, make_app
from sync.platform.service import PlatformService
from sync.platform.serving import server_of
from sync.platform.storing import Means, store
from sync.platform.tills import Asker
from sync.protocol.messages import ClockReading, Push, PushReply, TillState
from tests.support.kill_points import KillPlan, Watch
from tests.support.shop_on_disk import CANDY, FORMULA, NECKLACE, DiskShop, open_shop

IN_WINDOW = ("writing", "facts", "head", "commit", "syncing", "committed")
"""Between the first write of a commit and its answer: at the first write, after the facts, after the feed's positions
were taken, before COMMIT, inside COMMIT, after it and before the answer."""
PLATFORM = tuple(f"push:{place}" for place in ("begun", *IN_WINDOW))
TILL = (
    *(f"{what}:{place}" for what in ("ack", "take", "sale") for place in ("begun", "writing", "commit")),
    *(f"{what}:{place}" for what in ("ack", "take", "sale") for place in ("syncing", "committed")),
    "ack:heard",
    "take:heard",
)
"""The till writes an acknowledgement down, takes documents in, sells; `heard` is an answer that is not written yet."""
_WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True)
class TillOrder:
    """What a till is to do: until it is killed, or until nothing waits any more."""

    folder: str
    address: str
    token: str
    life: int
    seed: int
    drains: bool = False


class _Trace(threading.local):
    intent = ""
    last = ""
    wrote = False


_trace = _Trace()


def live_platform(url: str, plan: KillPlan, variant: str, told: Pipe) -> None:
    """Serve until killed; tell the address first. `variant` names a fault that is put in."""
    watch = _watch(plan, told)
    service = open_service(url)
    _intent(watch, PlatformService, "push", "push")
    if variant:
        _VARIANTS[variant]()
    front = make_app(service, Behind(members=open_members(service)))
    server = server_of(front, "127.0.0.1", 0)
    listening = server.config.bind_socket()
    listening.listen(64)
    told.send({"address": f"http://127.0.0.1:{listening.getsockname()[1]}"})
    server.run(sockets=[listening])


def live_till(order: TillOrder, plan: KillPlan, told: Pipe) -> None:
    """Sell, push and pull until killed, or once until all is sent and taken in; tell each sale and acknowledgement."""
    watch = _watch(plan, told)
    at = open_shop(Path(order.folder), first_id=order.life << 20)
    way = HttpPlatform(order.address, order.token)
    for owner, name, intent in (
        (Checkout, "commit", "sale"),
        (PushEngine, "_take", "ack"),
        (PullEngine, "_take", "take"),
    ):
        _intent(watch, owner, name, intent)
    till = TillId(at.shop.settings.value.till_id)

    def clock() -> ClockReading:
        now = to_ms(at.clock.now())
        return ClockReading(now, now, "boot", now << 16)

    push = PushEngine(at.store, till, way, clock, Ed25519Verifier())
    pull = PullEngine(at.store, way, appliers(at.shop.settings.value.shop_id, {}), _Stopwatch())
    chance = Random(f"{order.seed}/{order.life}")
    rounds = 0
    while rounds < 1 or not order.drains:
        rounds += 1
        if not order.drains:
            _sell(at, chance, f"139{order.life:05d}{rounds:03d}", told)
        while (done := push.push()).waiting:
            pass
        assert done.state is TillState.OK, done.state
        told.send({"acked": True})
        while pull.pull(to_ms(at.clock.now())).more:
            pass
    told.send({"drained": True})
    at.store.close()


def _sell(at: DiskShop, chance: Random, phone: str, told: Pipe) -> None:
    member = at.sign_up(phone, "林小满") if chance.random() < 0.3 else None
    for _ in range(chance.randint(1, 3)):
        sale = at.sell(*chance.choices((NECKLACE, CANDY, FORMULA), k=2), member=member).sale
        told.send({"sold": str(sale.sale_id)})


def _answer_before_commit() -> None:
    """Let the platform acknowledge what it will store in a moment: what a kill in between loses."""
    real = PlatformService.push

    def push(self: PlatformService, asker: Asker, push: Push) -> PushReply:
        reply = self.push_undone(asker, push)  # type: ignore[attr-defined]
        threading.Timer(0.05, real, (self, asker, push)).start()
        return cast("PushReply", reply)

    def push_undone(self: PlatformService, asker: Asker, push: Push) -> PushReply:
        outside = self.outside
        means = Means(outside.sign, outside.unseal, outside.now_ms(), outside.report)
        with self.database.engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            reply = store(connection, asker, push, means)
            connection.rollback()
        return reply

    PlatformService.push_undone = push_undone  # type: ignore[attr-defined]
    PlatformService.push = push  # type: ignore[method-assign]


_VARIANTS = {"answers_before_commit": _answer_before_commit}


class _Stopwatch:
    """The computer's own time, without rests: nobody waits at this counter."""

    def micros(self) -> int:
        return time.perf_counter_ns() // 1_000

    def rest(self, micros: int) -> None:
        return None


def _watch(plan: KillPlan, told: Pipe) -> Watch:
    watch = Watch(plan, told.send)
    seen = _seen_by(watch)

    @event.listens_for(Engine, "connect")
    def _connected(connection: object, _record: Any) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(seen)

    @event.listens_for(Engine, "before_cursor_execute")
    def _runs(connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        if connection.dialect.name != "sqlite":
            seen(sql)

    @event.listens_for(Engine, "begin")
    def _begins(connection: Any) -> None:
        if connection.dialect.name != "sqlite":
            seen("BEGIN")

    @event.listens_for(Engine, "commit")
    def _commits(connection: Any) -> None:
        if connection.dialect.name != "sqlite":
            seen("COMMIT")

    watch.watch_syncs()
    return watch


def _seen_by(watch: Watch) -> Callable[[str], None]:
    """Return what is told each statement of a thread before it runs."""

    def seen(sql: str) -> None:
        if sql.startswith("BEGIN"):
            watch.beginning()
            _trace.last, _trace.wrote = "BEGIN", False
            return
        intent, last, _trace.last = _trace.intent, _trace.last, sql
        if not intent or not last:
            return
        if last == "BEGIN":
            watch.step(f"{intent}:begun")
        elif last.startswith("INSERT INTO fact "):
            watch.step(f"{intent}:facts")
        elif last.startswith("UPDATE feed_head SET position"):
            watch.step(f"{intent}:head")
        if sql.startswith(_WRITES) and not _trace.wrote:
            _trace.wrote = True
            watch.step(f"{intent}:writing")
        elif sql.startswith("COMMIT") and _trace.wrote:
            watch.step(f"{intent}:commit")
            watch.committing(intent)

    return seen


def _intent(watch: Watch, owner: type, method: str, intent: str) -> None:
    """Give the transactions of a method a name, and tell when they are done and not yet answered."""
    real = getattr(owner, method)

    @wraps(real)
    def run(*args: Any, **named: Any) -> Any:
        if intent in ("ack", "take"):
            watch.step(f"{intent}:heard")
        _trace.intent, _trace.last = intent, ""
        try:
            result = real(*args, **named)
        finally:
            _trace.intent = ""
        watch.step(f"{intent}:committed")
        return result

    setattr(owner, method, run)
