"""`shuke payments-simulator`: play WeChat Pay and Alipay on this computer, in a process of its own.

Decides only where its folder is; what it is asked is handed on as it was typed.
"""

import argparse
import sys
from pathlib import Path

from ui.cli.platform import become

MODULE = "sync.payments.simulator"
FOLDER = "payments-simulator"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take --port, --seed and --folder."""
    from pos_app.words import translate

    for name, metavar, kind in (("port", "N", int), ("seed", "N", int), ("folder", "FOLDER", Path)):
        parser.add_argument(
            f"--{name}", metavar=metavar, type=kind, help=translate(f"cli.payments_simulator.{name}")
        )


def run(chosen: argparse.Namespace) -> int:
    """Become the simulator, and end as it ends."""
    from ui.main import home

    folder = chosen.folder or home().folder / FOLDER
    words = [sys.executable, "-m", MODULE, "--folder", str(folder), "--port", str(chosen.port or 0)]
    return become([*words, "--seed", str(chosen.seed or 0)])
