"""Where work runs that must not block the counter.

Decides the shape of a lane only. ``ui.shell.lanes`` implements it with worker threads; tests inject one that
runs in place. A lane never swallows a failure: each piece of work ends in exactly one of its two answers.
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Lane(Protocol):
    """One queue of work, done in order, off the GUI thread."""

    def run(
        self, work: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]
    ) -> None:
        """Queue ``work``; call ``done`` with its result or ``failed`` with its error on the caller's thread.

        Work of one lane runs one after the other in the order of the calls. Answers arrive after this method
        has returned when the lane is a thread, before it returns when the lane is inline.
        """
