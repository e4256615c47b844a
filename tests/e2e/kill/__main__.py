"""Kill tills from the command line: ``python -m tests.e2e.kill --seed 7 --kills 20 [--only sale:syncing]``.

Decides nothing; replays what a failing test names, and keeps the shops in the folder that it prints.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.e2e.kill.harness import Order, Tills, run
from tests.e2e.kill.variants import VARIANTS


def main() -> int:
    """Return 1 when something was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--only", default="", help="kill at this place alone")
    parser.add_argument("--variant", choices=sorted(VARIANTS), default="", help="a till with a planted fault")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="shuke-kill-"))
    with Tills(folder / "tills.log") as tills:
        order = Order(
            seed=asked.seed, kills=asked.kills, folder=folder, variant=asked.variant, only=asked.only
        )
        outcome = run(tills, order)
    print(outcome.text())
    print(f"the shops are in {folder}")
    return 1 if outcome.findings else 0


if __name__ == "__main__":
    sys.exit(main())
