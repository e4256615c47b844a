"""`shuke till`: open the till."""

import argparse
import gc


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take --demo."""
    from pos_app.words import translate

    parser.add_argument("--demo", action="store_true", help=translate("cli.help.till_demo"))


def run(chosen: argparse.Namespace) -> int:
    """Open the till's window and return when it is closed."""
    # A start makes a hundred thousand objects that all stay: looking for garbage among them is a tenth of its time.
    gc.disable()
    from ui.main import run_till

    return run_till(demo=chosen.demo)
