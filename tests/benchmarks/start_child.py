"""The till's own start, run as a process by `tests.benchmarks.start`: it says when it is where.

Opens the till of a folder as `shuke till` does, says `shown` when the sign-in page is painted, signs in and scans by
key events, says `accepted` when the scanned line is painted, and waits until its standard input ends.

    python -m tests.benchmarks.start_child FOLDER CODE
"""

import gc
import sys
from pathlib import Path

IDLE_MS = 1_500
OWNER_CODE, OWNER_PIN = "1", "24680"


def main() -> None:
    """Start, say so, sign in, scan, say so, and stand idle."""
    # As `shuke till` does before it imports the rest.
    gc.disable()
    from PySide6.QtCore import QEventLoop, QTimer

    from pos_app.persistence.database import open_store
    from tests.realdata.window import TillWindow
    from ui.main import Home, shop_on, tools_of

    place, code = Home(Path(sys.argv[1])), sys.argv[2]
    tools = tools_of(place)
    window = TillWindow(place, shop_on(open_store(place.database), place, tools), tools.clock)
    print("shown", flush=True)
    gc.freeze()
    gc.enable()
    window.sign_in(OWNER_CODE, OWNER_PIN)
    painted: list[int] = []
    window.page.cart.rows.painted.connect(painted.append)  # type: ignore[attr-defined]
    window.keys.scan(code)
    window.until(lambda: len(window.state().rows) == 1 and bool(painted), "the scan is not accepted")
    print("accepted", flush=True)
    idle = QEventLoop()
    QTimer.singleShot(IDLE_MS, idle.quit)
    idle.exec()
    print("idle", flush=True)
    sys.stdin.read()
    window.close()


if __name__ == "__main__":
    main()
