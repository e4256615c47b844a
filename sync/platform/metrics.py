"""Figures of the platform in Prometheus's text format, written by hand: a dozen lines need no library.

Decides names and buckets. Counts what this process did since it began; holds no ids and nothing of persons. Runs on the
event loop alone. Source: https://prometheus.io/docs/instrumenting/exposition_formats/ (version 0.0.4).
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sync.protocol.messages import FactState, Push, PushReply

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS_MS = (5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)


@dataclass
class Timing:
    """How long requests of a route took: how many stayed within each bucket, all, and the milliseconds together."""

    within: list[int] = field(default_factory=lambda: [0] * len(BUCKETS_MS))
    all: int = 0
    sum_ms: int = 0

    def add(self, took_ms: int) -> None:
        """Count a request."""
        self.all += 1
        self.sum_ms += took_ms
        for place, bound in enumerate(BUCKETS_MS):
            self.within[place] += took_ms <= bound


@dataclass(frozen=True, slots=True)
class Fleet:
    """How the tills are: how many were seen of late, how many facts wait at the worst, how far behind the feed."""

    seen: int
    waiting: int
    behind: int


class Metrics:
    """What this process counted."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._timings: dict[str, Timing] = {}
        self._facts: Counter[str] = Counter()

    def requested(self, route: str, method: str, status: int, took_ms: int) -> None:
        """Count a request by its route's template."""
        self._requests[route, method, status] += 1
        self._timings.setdefault(route, Timing()).add(took_ms)

    def pushed(self, push: Push, reply: PushReply) -> None:
        """Count what became of facts; those that were known already are none."""
        states = Counter(result.state for result in reply.results)
        self._facts["stored"] += len(push.facts) - states[FactState.KNOWN]
        self._facts["parked"] += states[FactState.PARKED]
        self._facts["quarantined"] += states[FactState.QUARANTINED]

    def text(self, pushes: int, fleet: Fleet) -> str:
        """Return all figures; `pushes` are in flight now."""
        lines = [*self._of_requests(), *self._of_timings()]
        facts = ((f'{{state="{s}"}}', self._facts[s]) for s in ("stored", "parked", "quarantined"))
        lines += _figure("shuke_facts_total", "counter", "Facts taken in, by what became of them.", facts)
        lines += _gauge("shuke_pushes_in_flight", "Pushes that are being answered.", pushes)
        lines += _gauge("shuke_tills_seen", "Tills seen in the last five minutes.", fleet.seen)
        lines += _gauge(
            "shuke_facts_waiting_most", "Facts that wait at the till that lags most.", fleet.waiting
        )
        lines += _gauge("shuke_feed_behind_most", "Documents that the till behind most lacks.", fleet.behind)
        return "\n".join(lines) + "\n"

    def _of_requests(self) -> Iterator[str]:
        named = (
            (f'{{route="{route}",method="{method}",status="{status}"}}', number)
            for (route, method, status), number in sorted(self._requests.items())
        )
        yield from _figure("shuke_requests_total", "counter", "Requests answered.", named)

    def _of_timings(self) -> Iterator[str]:
        name = "shuke_request_seconds"
        yield f"# HELP {name} How long requests took."
        yield f"# TYPE {name} histogram"
        for route, timing in sorted(self._timings.items()):
            for bound, within in zip(BUCKETS_MS, timing.within, strict=True):
                yield f'{name}_bucket{{route="{route}",le="{bound / 1000}"}} {within}'
            yield f'{name}_bucket{{route="{route}",le="+Inf"}} {timing.all}'
            yield f'{name}_sum{{route="{route}"}} {timing.sum_ms / 1000}'
            yield f'{name}_count{{route="{route}"}} {timing.all}'


def _gauge(name: str, meaning: str, value: int) -> Iterator[str]:
    return _figure(name, "gauge", meaning, (("", value),))


def _figure(name: str, kind: str, meaning: str, values: Iterable[tuple[str, int]]) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} {kind}"
    for labels, value in values:
        yield f"{name}{labels} {value}"
