"""Run the played wallets: `python -m sync.payments.simulator --folder F --port 0 --seed 0`; `shuke payments-simulator`.

Prints the address when it listens, and serves until it is told to end. The simulator's composition root: hands
in the time, and how it dies of a drawn fault.
"""

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Thread
from types import FrameType

from sync.payments.simulator.bank import Bank
from sync.payments.simulator.faults import Faults
from sync.payments.simulator.papers import papers_in
from sync.payments.simulator.server import Simulator
from sync.payments.simulator.wallets import Wallets

FILE, KILLED = "wallets.db", 137


def main(arguments: Sequence[str]) -> int:
    """Serve; return an exit status."""
    chosen = _chosen(arguments)
    folder = Path(chosen.folder).expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    bank = Bank(folder / FILE)
    wallets = Wallets(bank, papers_in(folder), Faults(chosen.seed), lambda: os._exit(KILLED))
    try:
        server = Simulator(chosen.port, wallets, None if chosen.still else _real_ms)
    except OSError:
        print(f"port {chosen.port} is taken", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda number, frame: _stop(server, number, frame))
    print(server.address, flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        bank.close()
    return 0


def _stop(server: Simulator, number: int, frame: FrameType | None) -> None:
    # Not on this thread: it waits for the loop that it interrupts.
    Thread(target=server.shutdown, daemon=True).start()


def _real_ms() -> int:
    return time.time_ns() // 1_000_000


def _chosen(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sync.payments.simulator")
    parser.add_argument("--folder", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--still", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
