"""Run a seed: acts by chance, everything held against everything after each."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.day_machine.acts import ACTS
from tests.day_machine.checks import check_totals, same_bytes
from tests.day_machine.model import DisagreementError, same
from tests.day_machine.world import World

LEAST, MOST = 24, 56
"""How many steps a sequence has."""
_SHM = Path("/dev/shm")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a sequence did."""

    steps: int
    counts: Counter[str]


def run(seed: int) -> Ran:
    """Run a seed; raise DisagreementError where two reckonings differ."""
    with TemporaryDirectory(dir=_SHM if _SHM.is_dir() else None) as folder:
        world = World(seed, Path(folder))
        try:
            return _live(world)
        except Exception as problem:
            problem.add_note(f"again: python -m tests.day_machine --seed {seed}")
            raise
        finally:
            world.at.store.close()


def _live(world: World) -> Ran:
    counts: Counter[str] = Counter()
    wanted = world.chance.randint(LEAST, MOST)
    acts, weights = list(ACTS), list(ACTS.values())
    while sum(counts.values()) < wanted:
        act = world.chance.choices(acts, weights)[0]
        if act(world):
            counts[act.__name__] += 1
            check(world)
    finish(world)
    return Ran(wanted, counts)


def check(world: World) -> None:
    """Hold the open shift's X against the model and the journal, and every Z against what it was."""
    shift, totals = world.at.shop.shifts.x_report()
    check_totals("X", totals, world.till.now)
    world.journal.read(world.at.store)
    world.journal.check("X", shift.shift_id, totals)
    same("business date of the shift", shift.business_date.isoformat(), world.till.now.day)


def finish(world: World) -> None:
    """Hold the days' sums, every Z as it was printed, and the whole journal."""
    reports = world.at.shop.shifts.z_reports(limit=100)
    same("how many shifts were closed", len(reports), len(world.reports))
    for report, kept in zip(reversed(reports), world.reports, strict=True):
        same_bytes("a Z as it was printed", report.closed, kept)
    for day, total in world.till.days.items():
        told = world.at.shop.shifts.daily(date.fromisoformat(day)).sums
        same(f"sales less returns of {day}", told.sales + told.returns, total)
        same(f"number of sales of {day}", told.sales_count, world.till.day_counts[day])
    proof = world.at.verify()
    if not proof.passed:
        raise DisagreementError(f"the books are not true: {proof.findings}")
