"""`shuke import` as a process that counts its transactions and is killed in one of them.

Wraps the hand that writes, from outside of the product: `POINT` is a number of a transaction and the side of its
COMMIT, such as 7:before; "trace" writes the state of the batch after each transaction to stderr and lives.

    python -m tests.e2e.import_kill.child POINT import KIND FILE --staff CODE
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from pos_app.services.imports import hand
from pos_app.services.ports.store import Tx

ROWS, KEYS = 40, 300
"""Chunks small enough that a small file takes many transactions."""


def watched(point: str) -> Callable[..., Any]:
    """Return the hand's one transaction, which counts itself and may end the process."""
    wanted, _, side = point.partition(":")
    passed = 0
    states: list[str] = []

    def once(
        self: hand.Hand, begin: Callable[[], AbstractContextManager[Tx]], work: Callable[[Tx], Any]
    ) -> Any:
        nonlocal passed
        passed += 1
        with begin() as tx:
            result = work(tx)
            current = tx.imports.current()
            states.append(current.state.value if current is not None else "settled")
            if point == f"{passed}:before":
                die()
        self.holds_us.append(0)
        if wanted == str(passed) and side == "after":
            die()
        if point == "trace":
            print(states[-1], file=sys.stderr, flush=True)
        return result

    return once


def die() -> None:
    """End this process as the system would: no handler, no flush, no goodbye."""
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> int:
    """Run the command line with the hand watched."""
    from ui.cli import main as shuke

    point, *argv = sys.argv[1:]
    hand.Hand._once = watched(point)  # type: ignore[method-assign]
    hand._fitting = lambda size, _held_us, _least, most: KEYS if most > 1_000 else ROWS  # type: ignore[assignment]
    return shuke(argv)


if __name__ == "__main__":
    sys.exit(main())
