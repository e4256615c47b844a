"""Run seeds from the command line: `python -m tests.simulation --seed N [--to M]`."""

import argparse
import sys
from time import perf_counter
from traceback import print_exc

from tests.simulation.running import run


def main() -> int:
    """Run seeds; return how many broke a promise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--to", type=int, help="the last seed of several")
    parser.add_argument("--quiet", action="store_true", help="one line a seed")
    chosen = parser.parse_args()
    broken = 0
    for seed in range(chosen.seed, (chosen.to or chosen.seed) + 1):
        began = perf_counter()
        try:
            ran = run(seed)
        except Exception as problem:
            broken += 1
            if chosen.quiet:
                print(seed, type(problem).__name__, str(problem).splitlines()[0][:200], flush=True)
            else:
                print_exc()
            continue
        took = perf_counter() - began
        told = dict(sorted(ran.counts.items())) if not chosen.quiet else ""
        print(seed, "held", f"{took:.2f} s", ran.told[:12], told, flush=True)
    return min(broken, 100)


if __name__ == "__main__":
    sys.exit(main())
