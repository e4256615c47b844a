"""A lane that runs in place, and one that a test steps by hand."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class InlineLane:
    """Runs work at once and answers before ``run`` returns."""

    def run(
        self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        try:
            result = work()
        except Exception as problem:
            failed(problem)
        else:
            done(result)


class SteppedLane:
    """Keeps work until the test lets the next one through: what a busy till feels like."""

    def __init__(self) -> None:
        self._waiting: list[Callable[[], None]] = []

    def run(
        self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        self._waiting.append(lambda: InlineLane().run(work, done, failed))

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    def step(self) -> None:
        """Run the oldest work and its answer; IndexError if none waits."""
        self._waiting.pop(0)()

    def run_all(self) -> None:
        while self._waiting:
            self.step()
