"""When each life of the till ends: decks of twenty kills, shuffled by the seed.

Decides the mixture: eight of twenty fall between the first write of a sale's commit and its answer by their place,
three at random moments (some of which fall there too), the others at each other named place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tests.support.driven_till import Request
from tests.support.kill_points import BACKING_UP, IN_COMMIT, PRINTING, RECOVERING

STEPS = "random:steps"
"""After a random number of the till's steps, told by itself: a replay dies at the same step."""
TIMED = "random:timed"
"""At a random moment, by another process that knows nothing of steps."""
LATEST_STEP, LATEST_S = 220, 0.6
MOST_BASKETS = 20

_SALE = ("sale:begun", "sale:journal", "sale:rows", "sale:commit", "sale:syncing", "sale:committed")
_CART = tuple(f"cart:{place}" for place in IN_COMMIT if place not in ("journal", "rows"))
_SHIFT, _MEMBER = (
    tuple(f"{intent}:{place}" for place in IN_COMMIT if place != "rows") for intent in ("shift", "member")
)
DECK: tuple[tuple[str, ...], ...] = (
    *((place,) for place in _SALE),
    ("sale:syncing",),
    ("sale:committed",),
    ("sale:writing", "sale:journal", "sale:rows"),
    _CART,
    PRINTING,
    ("print:half",),
    ("print:sent",),
    _SHIFT,
    _MEMBER,
    BACKING_UP,
    RECOVERING,
    *((STEPS,) for _ in range(2)),
    (TIMED,),
)
"""Twenty kills; of each one of its places."""


@dataclass(frozen=True, slots=True)
class Kill:
    """One kill: what the life is asked, and after how many seconds of selling the outside ends it, if it does."""

    name: str
    request: Request
    after_s: float | None = None


def kills(seed: int, count: int, folder: str, only: str = "") -> Iterator[Kill]:
    """Return so many kills, the same for the same seed; with `only` each at the first passing of that place."""
    chance = Random(seed)
    deck: list[tuple[str, ...]] = []
    for _ in range(count):
        if not deck:
            deck = [(only,)] if only else list(DECK)
            chance.shuffle(deck)
        kill = kill_at(chance.choice(deck.pop()), seed, chance, folder)
        first = _with(kill.request, hit=1, waits_for_paper=True)
        yield Kill(kill.name, first, kill.after_s) if only else kill


def kill_at(name: str, seed: int, chance: Random, folder: str) -> Kill:
    """Return a kill at a place, or at random."""
    request = Request(
        folder=folder,
        seed=seed,
        baskets=MOST_BASKETS,
        waits_for_paper=chance.random() < 0.7 or name.startswith("print"),
        errand=_errand(name, chance),
    )
    if name == STEPS:
        return Kill(name, _with(request, steps=chance.randint(1, LATEST_STEP)))
    if name == TIMED:
        return Kill(name, request, after_s=chance.uniform(0.0, LATEST_S))
    delay = chance.uniform(0.0, 0.005) if name == "backup:copying" else 0.0
    hits = {"sale": 3, "cart": 5, "print": 2}.get(name.partition(":")[0], 1)
    return Kill(name, _with(request, place=name, hit=chance.randint(1, hits), delay_s=delay))


def _errand(name: str, chance: Random) -> str:
    """Return what the cashier does besides selling: what the place needs, else now and then something."""
    intent = name.partition(":")[0]
    if intent in ("shift", "member", "backup"):
        return intent
    return chance.choice(("", "", "shift", "member", "backup"))


def _with(request: Request, **changes: object) -> Request:
    import msgspec

    return msgspec.structs.replace(request, **changes)
