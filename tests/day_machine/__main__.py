"""Run seeds from the command line: `python -m tests.day_machine --seed N [--to M]`."""

import argparse
import sys
from collections import Counter
from statistics import median
from time import perf_counter
from traceback import print_exc

from tests.day_machine.running import run


def main() -> int:
    """Run seeds; print what they did; return how many found two reckonings that differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--to", type=int, help="the last seed of several")
    chosen = parser.parse_args()
    broken, lengths, did = 0, [], Counter[str]()
    began = perf_counter()
    seeds = range(chosen.seed, (chosen.to or chosen.seed) + 1)
    for seed in seeds:
        try:
            ran = run(seed)
        except Exception:
            broken += 1
            print(f"seed {seed}", file=sys.stderr)
            print_exc()
            continue
        lengths.append(ran.steps)
        did.update(ran.counts.keys())
    took = perf_counter() - began
    steps = median(lengths) if lengths else 0
    print(f"{len(lengths)} of {len(seeds)} sequences hold, median length {steps:g}, {took:.0f} s")
    for name, count in did.most_common():
        print(f"  {name:28} in {100 * count / max(1, len(lengths)):.0f} %")
    return min(broken, 100)


if __name__ == "__main__":
    sys.exit(main())
