"""A virtual printer in a process of its own, which sees on paper what a killed till has printed.

``with PrinterWitness(folder) as witness: … witness.setting() …``; afterwards `papers()` are the pieces of paper in
order. A record stands on disk before the printer tells the till that it is done, so "the till believes it printed"
implies "the witness has it".
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Paper:
    """One piece of paper: `number` is the one its QR code says, None when the code did not come out."""

    number: str | None
    copy: bool
    cut: bool
    dots: str


class PrinterWitness:
    """The process; its log is ``paper.jsonl`` in the folder."""

    def __init__(self, folder: Path, paper_dots: int | None = None) -> None:
        self._log = folder / "paper.jsonl"
        self._command = [sys.executable, "-m", "tests.support.virtual_printer", "--log", str(self._log)]
        if paper_dots is not None:
            self._command += ["--paper-dots", str(paper_dots)]
        self.port = 0

    def __enter__(self) -> "PrinterWitness":
        self._process = subprocess.Popen(
            self._command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        self.port = int(json.loads(self._process.stdout.readline())["port"])
        return self

    def __exit__(self, *_exc: object) -> None:
        """Switch the printer off; a receipt that was not cut is written down as it is."""
        # Closing stdin tells the process to end, and closes both pipes when it has.
        self._process.communicate(timeout=30)

    def setting(self, options: str = "") -> str:
        """Return the device setting that reaches it."""
        return f"tcp://127.0.0.1:{self.port}" + (f"?{options}" if options else "")

    def papers(self) -> list[Paper]:
        """Return every piece of paper so far, in order."""
        if not self._log.exists():
            return []
        return [_paper(json.loads(line)) for line in self._log.read_text("utf-8").splitlines()]

    def printed_twice(self) -> list[str]:
        """Return the numbers that stand on more than one piece of paper without 副本: there must be none."""
        originals = [paper.number for paper in self.papers() if paper.number and not paper.copy]
        return sorted({number for number in originals if originals.count(number) > 1})


def _number_of(text: str) -> str:
    """Return the number that a code says, also inside the signed code of a receipt."""
    return text.split(".")[1] if text.startswith("SK1.") else text


def _paper(record: dict[str, object]) -> Paper:
    codes = record["codes"]
    assert isinstance(codes, list)
    text = next((text for family, text in codes if family == "QR Code"), None)
    return Paper(
        None if text is None else _number_of(text),
        bool(record["copy"]),
        bool(record["cut"]),
        str(record["dots"]),
    )
