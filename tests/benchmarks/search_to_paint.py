"""How long finding a member takes to be seen among 1,000,000: from the key that completes the text to the painted rows.

The real window offscreen, the real database lane, the members page. Each text is typed up to its last sign, the page
comes to rest, and the last key is timed: the look-up, the rows made of it, and their paint. Han characters come as a
paste, since an input method delivers them in one piece too. SHUKE_BENCH_HOME keeps the filled shop.

    python -m tests.benchmarks.search_to_paint [--members N] [--texts N]
"""

import argparse
import gc
import time
from random import Random
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from pos_app.domain.search import has_han
from tests.benchmarks.big_shop import OWNER_CODE, OWNER_PIN
from tests.benchmarks.growth import MANY, SEED, open_big, with_members
from tests.benchmarks.member_lookup import kinds
from tests.benchmarks.table import Row, ms, percentile, run
from tests.realdata.window import TillWindow
from tests.support.many_members import many_members
from ui.shell.screens import ScreenId

TEXTS = 40
FRAME_MS = 16.0
MEMBERS = ScreenId("members")


class SearchWatch:
    """Types into the members page's box, and times the last key until its rows are painted."""

    def __init__(self, window: TillWindow) -> None:
        self._window = window
        window.till.shell.navigation.open(MEMBERS)
        page: Any = window.till.shell.page(MEMBERS)
        self._presenter: Any = page.presenter
        window.rest()

    def search(self, text: str) -> float:
        """Type a text; return the seconds from its last key to the painted rows."""
        window, keys = self._window, self._window.keys
        keys.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        keys.press(Qt.Key.Key_Delete)
        if has_han(text):
            QApplication.clipboard().setText(text)
        elif len(text) > 1:
            keys.type(text[:-1])
        window.rest()
        began = time.perf_counter()
        if has_han(text):
            keys.press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        else:
            keys.type(text[-1])
        window.until(lambda: self._shows(text), f"the rows of {len(text)} signs are not shown")
        # The rows stand in the list; what is left of this turn of the event loop paints them.
        window.application.processEvents()
        return time.perf_counter() - began

    def _shows(self, text: str) -> bool:
        listed: bool = self._presenter._listed == self._presenter._asked
        return listed and self._presenter.state.text == text


def measure(members: int = MANY, texts: int = TEXTS) -> list[Row]:
    """Search for texts of every kind; return p50 and p95 of each, and of all."""
    random = Random(SEED)
    here = open_big(with_members(members))
    drawn = kinds(list(many_members(20_000, here.shop.settings.value.shop_id, SEED)))
    window = TillWindow(here.home, here.shop, here.clock)
    window.sign_in(OWNER_CODE, OWNER_PIN)
    watch = SearchWatch(window)
    for draw in drawn.values():
        watch.search(draw(random))
    gc.collect()
    every: list[float] = []
    rows = []
    for kind, draw in drawn.items():
        times = [watch.search(draw(random)) for _ in range(texts)]
        every += times
        rows.append(_row(f"key to rows: {kind}", times))
    window.close()
    here.store.close()
    return [*rows, _row("key to rows: all kinds", every)]


def _row(name: str, times: list[float]) -> Row:
    return Row(
        name=name,
        figure=f"p50 {ms(percentile(times, 50))} of {len(times)}",
        limit="a frame at 60 Hz",
        measured=percentile(times, 95) * 1000,
        bar=FRAME_MS,
        unit="ms",
    )


def main() -> None:
    """Measure from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--members", type=int, default=MANY)
    parser.add_argument("--texts", type=int, default=TEXTS)
    asked = parser.parse_args()
    run(lambda: measure(asked.members, asked.texts))


if __name__ == "__main__":
    main()
