"""Played wallets that end with the till that started them: `python -m ui.cli.wallets_child`, never typed by hand.

Decides only how they end, as the demo's platform does; the folder stands in the environment.
"""

import argparse
import os
import sys
import threading
from collections.abc import Sequence

from ui.cli.platform_child import follow_till

HOME_VARIABLE = "SHUKE_PLATFORM_HOME"


def main(arguments: Sequence[str]) -> int:
    """Serve until the till is gone; return an exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host")
    parser.add_argument("--port", default="0")
    chosen = parser.parse_args(arguments)
    threading.Thread(target=follow_till, name="till", daemon=True).start()
    from sync.payments.simulator.__main__ import main as serve

    return serve(["--folder", os.environ[HOME_VARIABLE], "--port", chosen.port])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
