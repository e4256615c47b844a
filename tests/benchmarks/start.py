"""How long the till takes from its process's start until a scan is accepted, and what it holds in memory then.

The floor stands beside it in the same run: the least that any such till must do (`tests.support.floor_process`). Both
are processes of their own and take turns, so the machine's caches are as warm for the one as for the other.

    python -m tests.benchmarks.start [--rounds N]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.big_shop import barcodes, copy_to, founded
from tests.benchmarks.table import Row, ms, percentile, run

ROUNDS = 9
PSS_BAR_MB = 160.0


def started(*command: str) -> tuple[dict[str, float], float | None]:
    """Run a process until it has said its last word; return the seconds to each word, and its memory then in MB."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "SHUKE_KEY_STORE": "file"}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    assert process.stdin is not None and process.stdout is not None
    words: dict[str, float] = {}
    with process:
        while (word := process.stdout.readline().decode().strip()) not in ("ready", "idle"):
            if not word:
                raise RuntimeError(f"{command[0]} ended before it was ready")
            words[word] = time.perf_counter() - began
        words[word] = time.perf_counter() - began
        memory = pss_mb(process.pid)
        process.stdin.close()
    return words, memory


def pss_mb(process: int) -> float | None:
    """Return a process's proportional share of memory in MB; None where the system does not say."""
    try:
        rolled_up = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return None
    pss_kb = next(line.split()[1] for line in rolled_up.splitlines() if line.startswith("Pss:"))
    return int(pss_kb) / 1024


def measure(rounds: int = ROUNDS) -> list[Row]:
    """Start both sides in turn; return the medians and the memory."""
    code = barcodes(1, skip=11)[0]
    accepted: list[float] = []
    shown: list[float] = []
    floor: list[float] = []
    memory: list[float] = []
    least: list[float] = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="copy-", dir=founded()) as folder:
            home = copy_to(Path(folder))
            words, pss = started("tests.benchmarks.start_child", folder, code)
            shown.append(words["shown"])
            accepted.append(words["accepted"])
            bare, bare_pss = started("tests.support.floor_process", str(home.database))
            floor.append(bare["ready"])
            memory += [pss] if pss is not None else []
            least += [bare_pss] if bare_pss is not None else []
    rows = [
        _row("start to sign-in page", shown, floor, None),
        _row("start to accepted scan", accepted, floor, 2.0),
    ]
    if memory and least:
        held = percentile(memory, 50)
        rows.append(
            Row(
                name="memory when idle (PSS)",
                figure=f"{held:.0f} MB",
                limit=f"floor {percentile(least, 50):.0f} MB",
                measured=held,
                bar=PSS_BAR_MB,
                unit="MB",
            )
        )
    return rows


def _row(name: str, times: list[float], floor: list[float], bar: float | None) -> Row:
    return Row(
        name=name,
        figure=f"{ms(percentile(times, 50))} of {len(times)}",
        limit=f"floor {ms(percentile(floor, 50))}",
        measured=percentile(times, 50) / percentile(floor, 50),
        bar=bar,
    )


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    run(lambda: measure(asked.rounds))


if __name__ == "__main__":
    main()
