"""How long a scan takes to be seen: from its last key to the end of the paint that holds the line.

The real window offscreen, the real database lane, the whole real catalogue, a cart of 40 lines, and products that were
not scanned before. Between two scans the line is taken off again and the lane comes to rest, as it does between two
articles of a quick cashier; neither is in the time.

    python -m tests.benchmarks.scan_to_paint [--scans N]
"""

import argparse
import gc
import time

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest

from tests.benchmarks.big_shop import OWNER_CODE, OWNER_PIN, barcodes, big_shop
from tests.benchmarks.table import Row, ms, percentile, run
from tests.realdata.window import TillWindow
from ui.sales.cart_view import CartView
from ui.shell.keyboard import SCANNING_MS

SCANS = 1_000
CART_LINES = 40
FRAME_MS = 16.0


class ScanWatch:
    """Scans, and notes when the cart that holds the line has been painted."""

    def __init__(self, window: TillWindow) -> None:
        self._window = window
        view: CartView = window.page.cart  # type: ignore[attr-defined]
        self._model = view.model
        self._painted: tuple[int, float] = (0, 0.0)
        view.rows.painted.connect(self._note)

    def _note(self, revision: int) -> None:
        self._painted = (revision, time.perf_counter())

    def scan(self, code: str) -> float:
        """Scan a code; return the seconds from its last key to the painted line."""
        window, before, lines = self._window, self._model.revision, len(self._model.rows)
        handle = window.till.shell.windowHandle()
        window.keys.type(code, gap_ms=SCANNING_MS)
        loop = QEventLoop()
        began = time.perf_counter()
        QTest.keyClick(handle, Qt.Key.Key_Return)
        while self._painted[0] <= before:
            loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        taken = self._painted[1] - began
        assert len(self._model.rows) == lines + 1, f"{code} is not on the counter"
        return taken

    def remove(self) -> None:
        """Take the line off again, and let the lane come to rest."""
        lines = len(self._model.rows)
        self._window.keys.press(Qt.Key.Key_Delete)
        self._window.rest()
        assert len(self._model.rows) == lines - 1


def measure(scans: int = SCANS) -> list[Row]:
    """Scan, and return p50 and p95."""
    codes = barcodes(scans + CART_LINES, skip=7)
    with big_shop() as here:
        window = TillWindow(here.home, here.shop, here.clock)
        window.sign_in(OWNER_CODE, OWNER_PIN)
        watch = ScanWatch(window)
        for code in codes[:CART_LINES]:
            watch.scan(code)
        window.rest()
        gc.collect()
        times = []
        for code in codes[CART_LINES:]:
            times.append(watch.scan(code))
            watch.remove()
        window.close()
    return [
        Row(
            name=f"scan to painted line, p{percent}",
            figure=f"{ms(percentile(times, percent))} of {scans}",
            limit="a frame at 60 Hz",
            measured=percentile(times, percent) * 1000,
            bar=FRAME_MS if percent == 95 else None,
            unit="ms",
        )
        for percent in (50, 95)
    ]


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scans", type=int, default=SCANS)
    asked = parser.parse_args()
    run(lambda: measure(asked.scans))


if __name__ == "__main__":
    main()
