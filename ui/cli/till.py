"""`shuke till`: open the till."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take --demo."""
    from pos_app.words import translate

    parser.add_argument("--demo", action="store_true", help=translate("cli.help.till_demo"))


def run(chosen: argparse.Namespace) -> int:
    """Open the till's window and return when it is closed."""
    from ui.main import run_till

    return run_till(demo=chosen.demo)
