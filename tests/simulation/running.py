"""One run of a seed: people act, troubles come, tills sync; then all is healed, drained and looked through.

A run that breaks a promise raises BrokenError with one line that runs it again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pos_app.domain.errors import ShukeError
from pos_app.domain.values.ids import MemberId
from sync.protocol.errors import PlatformError
from tests.simulation import happenings
from tests.simulation.acts import ACTS
from tests.simulation.chance import Crashed, Died
from tests.simulation.happenings import HAPPENINGS
from tests.simulation.invariants import check, state_told
from tests.simulation.promises import BrokenError, need
from tests.simulation.tampering import tamper
from tests.simulation.tills import SimTill
from tests.simulation.words import check_unsent
from tests.simulation.world import World

STEPS = 90
FAVOUR = 5
TAMPERED = 0.3
ROUNDS, QUIET_ROUNDS = 40, 2
"""Rounds in which every till must have sent and taken everything, once faults have stopped."""
_ROUND_MS = 7 * 60_000
_SHM = Path("/dev/shm")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run came to: what was counted, and what says whether two runs are the same."""

    counts: Counter[str]
    told: str


def run(seed: int) -> Ran:
    """Run a seed; raise BrokenError where a promise was not kept."""
    with TemporaryDirectory(dir=_SHM if _SHM.is_dir() else None) as folder:
        world = World(seed, Path(folder))
        try:
            live(world)
            heal(world)
            check(world)
            told = state_told(world)
            merge_and_part(world)
            settle_down(world)
            check(world)
            if world.happens(TAMPERED):
                tamper(world)
        except BrokenError as problem:
            raise BrokenError(f"{problem}\n  again: python -m tests.simulation --seed {seed}") from problem
        finally:
            world.close()
        return Ran(world.counts, told)


def live(world: World) -> None:
    """Let people act, troubles come, and tills sync."""
    acts, act_weights = _favoured(world, ACTS)
    troubles, weights = _favoured(world, HAPPENINGS)

    def meanwhile() -> None:
        if all(till.dies_in is None for till in world.tills):
            do(world, world.random.choices(acts, act_weights)[0])
            world.counts["done_meanwhile"] += 1

    world.net.meanwhile = meanwhile
    for _ in range(world.random.randint(STEPS // 2, STEPS)):
        world.pass_time(world.number(120_000))
        what = world.random.random()
        if what < 0.55:
            do(world, world.random.choices(acts, act_weights)[0])
        elif what < 0.75:
            do(world, world.random.choices(troubles, weights)[0])
        else:
            sync(world, world.any_till())
        world.net.deliver_late(0.3)


def _favoured(
    world: World, things: Mapping[Callable[[World], None], float]
) -> tuple[list[Callable[[World], None]], list[float]]:
    """Return things with their weights; each run has some that it does more often than others do."""
    return list(things), [w * (FAVOUR if world.happens(0.2) else 1) for w in things.values()]


def do(world: World, act: Callable[[World], None]) -> None:
    """Do something; what is refused with words is an answer, and who loses power begins again."""
    with mended(world):
        try:
            act(world)
        except (ShukeError, PlatformError):
            world.counts["refused"] += 1


def sync(world: World, till: SimTill) -> None:
    """Let a till do one turn."""
    with mended(world):
        till.turn()
    check_unsent(till)


@contextmanager
def mended(world: World) -> Iterator[None]:
    """Start again whoever died."""
    try:
        yield
    except Died:
        for till in world.tills:
            if till.dies_in is not None and till.dies_in < 0:
                world.counts["till_crash_inside"] += 1
                till.restart()
    except Crashed:
        world.counts["platform_crash"] += 1
        world.hub.start_again()


def heal(world: World) -> None:
    """Stop all troubles; let every till send and take what there is."""
    world.chance.calm = True
    for till in world.tills:
        till.dies_in = None
        till.wire.is_online = True
    world.hub.database.dies_at = None
    world.net.deliver_late(1.0)
    settle_down(world)


def settle_down(world: World) -> None:
    """Let all tills sync until nothing is under way; raise BrokenError if one never comes to rest."""
    quiet = 0
    for _ in range(ROUNDS):
        for till in world.tills:
            till.turn()
            world.hub.service.work(world.hub.merchant)
        happenings.find_clone(world)
        is_alone = not any(till.is_clone for till in world.tills)
        for till in world.living() if is_alone else ():
            if till.needs_epoch:
                till.open_epoch()
                world.counts["epoch_opened"] += 1
        world.pass_time(_ROUND_MS)
        # A clone that sent its last may be seen by its original only with the next greeting.
        quiet = quiet + 1 if is_alone and not any(why_not_quiet(world)) else 0
        if quiet == QUIET_ROUNDS:
            return
    raise BrokenError("I7 not at rest: " + "; ".join(why_not_quiet(world)))


def merge_and_part(world: World) -> None:
    """Merge two members at one till and part them at another: both are as they were, to the last word."""
    before = {m: d.member for m, d in world.documents().items() if d.member is not None}
    months = {m: d.record.months for m, d in world.documents().items()}
    tills = world.living()
    pair = sorted(m for m in before if all(t.shop.shop.members.get(m) is not None for t in tills))[:2]
    if len(pair) < 2:
        return
    owner, other = (MemberId(each) for each in pair)
    tills[0].shop.shop.members.merge(tills[0].shop.owner, owner, other)
    settle_down(world)
    need(world.documents()[other].alias_of == owner, "a merge made no alias")
    tills[-1].shop.shop.members.unmerge(tills[-1].shop.owner, owner, other)
    settle_down(world)
    after = world.documents()
    for each in (owner, other):
        need(after[each].member == before[each], f"a merge that was taken back left something: {after[each]}")
        need(after[each].record.months == months[each], "a merge that was taken back left totals")
    world.counts["parted_exactly"] += 1


def why_not_quiet(world: World) -> list[str]:
    """Return what is still under way."""
    reasons = []
    digest = world.hub_digest()
    for till in world.tills:
        link, name = till.link, f"till {till.which}{' clone' if till.is_clone else ''}"
        if till.unsent():
            reasons.append(f"{name} has {till.unsent()} facts unsent")
        if till.id in world.hub.shut or till.is_clone:
            continue
        if till.needs_epoch:
            reasons.append(f"{name} waits for an epoch")
        if link.digest != digest:
            reasons.append(f"{name} has another digest (I3)")
        if not link.cursor:
            reasons.append(f"{name} has no cursor")
    return reasons
