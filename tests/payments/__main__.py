"""Run customers from the command line: `python -m tests.payments --runs 2000 --seed 1 [--only N]`."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.payments.checks import BrokenPromise
from tests.payments.running import QUICK, World

TOLD_EVERY = 100


def main() -> int:
    """Run them and print a summary; return how many broke a promise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="the number of the first run")
    parser.add_argument("--only", type=int, help="the number of one run")
    chosen = parser.parse_args()
    numbers = range(chosen.first, chosen.first + chosen.runs)
    if chosen.only is not None:
        numbers = range(chosen.only, chosen.only + 1)
    began, broken = perf_counter(), 0
    with TemporaryDirectory(dir=QUICK if QUICK.is_dir() else None) as folder:
        world = World(Path(folder), chosen.seed)
        try:
            for number in numbers:
                try:
                    world.run(number)
                except BrokenPromise as problem:
                    broken += 1
                    print(problem, flush=True)
                if world.ran.runs % TOLD_EVERY == 0:
                    print(f"{world.ran.runs} runs held so far, {perf_counter() - began:.0f} s", flush=True)
        finally:
            world.close()
        took = perf_counter() - began
        print(f"{world.ran.runs} runs held, {broken} broke a promise, {took:.0f} s")
        print(f"the wallets were killed {world.simulator.kills} times by faults")
        for what, times in sorted(world.ran.counts.items()):
            print(f"{times:7} {what}")
    return min(broken, 100)


if __name__ == "__main__":
    sys.exit(main())
