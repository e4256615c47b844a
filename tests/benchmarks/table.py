"""What a measurement says: one row of the table that `make bench` prints.

Decides the form of a row. A row holds a figure, the limit that was measured beside it in the same run, and their
ratio, which is what a bar is about: machines differ, ratios much less. Nothing here fails a test: figures are read.
"""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROWS_FILE = "SHUKE_BENCH_ROWS"
"""Names the file that rows are added to, one JSON object a line, so that a run can be compared with the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measured figure. `bar` is what `measured` should not pass; None for a figure without one."""

    name: str
    figure: str
    limit: str = "–"
    measured: float
    bar: float | None = None
    unit: str = "×"

    @property
    def verdict(self) -> str:
        """Whether the bar was met."""
        if self.bar is None:
            return "–"
        return "met" if self.measured <= self.bar else "MISSED"

    def text(self) -> str:
        """Return the row as a line of the table."""
        bar = "–" if self.bar is None else f"≤ {self.bar:g} {self.unit}"
        return (
            f"{self.name:<34} {self.figure:<30} {self.limit:<26} {self.measured:>8.2f} {self.unit:<3}"
            f" {bar:<10} {self.verdict}"
        )


HEAD = f"{'what':<34} {'figure':<30} {'limit of the same run':<26} {'measured':>12} {'bar':<10} verdict"


def show(rows: Sequence[Row]) -> None:
    """Print rows, and add them to the file that ROWS_FILE names."""
    for row in rows:
        print(row.text(), flush=True)
    named = os.environ.get(ROWS_FILE)
    if named:
        with Path(named).open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)


def run(measure: Callable[[], Sequence[Row]]) -> None:
    """Measure and print with a head: what `python -m tests.benchmarks.<name>` does."""
    rows = measure()
    print(HEAD)
    show(rows)


def percentile(times: Sequence[float], percent: int) -> float:
    """Return the time that so many per cent did not exceed; IndexError without times."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def ms(seconds: float) -> str:
    """Write a time in milliseconds."""
    return f"{seconds * 1000:.2f} ms"
