"""What happens to tills and platform that nobody in the shop wants: power cuts, clocks, old disks, clones, theft.

Each happening takes the run and counts itself. Whoever is shut out or cloned goes on selling: nobody told the shop.
"""

from collections.abc import Callable
from uuid import UUID

from sync.protocol.documents import Kind
from sync.protocol.messages import TillState
from tests.simulation.world import World

YEAR_MS = 365 * 86_400_000
_SKEWS_MS = (0, 0, 30_000, -90_000, 600_000, -3_600_000, 86_400_000, YEAR_MS, -YEAR_MS)


def go_offline(world: World) -> None:
    """Cut a till's line, or mend it."""
    till = world.any_till()
    till.wire.is_online = not till.wire.is_online
    world.counts["offline"] += not till.wire.is_online


def crash_till(world: World) -> None:
    """Cut a till's power now, between two transactions."""
    world.any_till().restart()
    world.counts["till_crash"] += 1


def plan_crash(world: World) -> None:
    """Cut a till's power at one of its next commits, whatever it does then."""
    world.any_till().plan_death()


def crash_platform(world: World) -> None:
    """Let the platform die in one of its next transactions."""
    world.hub.plan_death()


def move_clock(world: World) -> None:
    """Set a till's clock wrong, by up to a year, or right."""
    till = world.any_till()
    before = till.skew_ms
    till.skew_ms = world.choice(_SKEWS_MS)
    till.set_clock()
    world.counts["clock_jump"] += before != till.skew_ms
    world.counts["clock_skew"] += abs(till.skew_ms) > 120_000


def keep_image(world: World) -> None:
    """Copy a till's disk, for later."""
    till = world.any_till()
    till.images = [*till.images, till.image()][-3:]


def restore_till(world: World) -> None:
    """Put an older copy of a till's disk in place."""
    known = [till for till in world.tills if till.images]
    if known:
        till = world.choice(known)
        till.put_back(world.choice(till.images))
        till.was_restored = True
        world.counts["till_restored"] += 1


def clone_till(world: World) -> None:
    """Let a second machine run on a copy of a till's disk."""
    if any(till.is_clone for till in world.tills):
        return
    till = world.any_till()
    clone = till.cloned(world.folder / f"clone{world.counts['clone']}")
    world.tills.append(clone)
    world.counts["clone"] += 1


def find_clone(world: World) -> None:
    """Find a clone and let it send what it has, then switch it off (at the end of a run at the latest)."""
    for clone in [till for till in world.tills if till.is_clone]:
        if clone.unsent() == 0:
            world.tills.remove(clone)
            world.gone.append(clone)


def open_epoch(world: World) -> None:
    """Let a manager open a new epoch at a till that knows that it was restored."""
    till = world.any_till()
    if not till.is_clone and till.needs_epoch:
        till.open_epoch()
        world.counts["epoch_opened"] += 1


def shut_out(world: World) -> None:
    """Revoke a till or declare it dead; two go on in any case."""
    known = world.living()
    if len(known) > 2 and not any(till.is_clone for till in world.tills):
        till = world.choice(known)
        state = world.choice((TillState.REVOKED, TillState.CLOSED))
        world.hub.shut_out(till.id, state)
        world.counts["till_revoked" if state is TillState.REVOKED else "till_dead"] += 1


def keep_platform(world: World) -> None:
    """Make a backup of the platform."""
    world.platform_images = [*world.platform_images, world.hub.image()][-3:]


def restore_platform(world: World) -> None:
    """Put an older backup of the platform in place; what was done online since is gone."""
    world.lost_online |= {UUID(bytes=row.id) for row in world.feed() if row.kind == Kind.MEMBER}
    world.hub.restore(world.choice(world.platform_images))
    world.counts["platform_restored"] += 1


HAPPENINGS: dict[Callable[[World], None], float] = {
    go_offline: 2.0,
    crash_till: 1.0,
    plan_crash: 2.0,
    crash_platform: 2.0,
    move_clock: 1.5,
    keep_image: 1.5,
    restore_till: 0.9,
    clone_till: 0.3,
    find_clone: 1.0,
    open_epoch: 2.0,
    shut_out: 0.9,
    keep_platform: 0.6,
    restore_platform: 0.25,
}
"""What may happen, and how often beside the rest."""
