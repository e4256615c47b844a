"""A platform that ends with the till that started it: `python -m ui.cli.platform_child`, never typed by hand.

Decides only how it ends: when the till closes its end of stdin, or is gone. What it is asked is handed on to
`sync.platform`.
"""

import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress

_NICENESS = 5
"""The window comes first where both want the processor."""
_STDIN = 0
_READ_BYTES = 1_024


def main(arguments: Sequence[str]) -> int:
    """Serve until the till is gone; return an exit status."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    threading.Thread(target=follow_till, name="till", daemon=True).start()
    from sync.platform.__main__ import main as serve

    return serve(arguments)


def follow_till() -> None:
    """Wait until nobody holds the other end of stdin, then end as a signal ends it: requests are answered first."""
    # Not through sys.stdin: its lock would be held while the interpreter ends.
    with suppress(OSError):
        while os.read(_STDIN, _READ_BYTES):
            pass
    signal.raise_signal(signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
