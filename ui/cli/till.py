"""`shuke till`: open the till."""

import argparse
import gc
import os
import sys

from pos_app.domain.errors import ShukeError
from pos_app.domain.values.money import currency


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take --demo and --practice."""
    from pos_app.words import translate

    which = parser.add_mutually_exclusive_group()
    which.add_argument("--demo", action="store_true", help=translate("cli.help.till_demo"))
    which.add_argument("--practice", action="store_true", help=translate("cli.help.till_practice"))


def run(chosen: argparse.Namespace) -> int:
    """Open the till's window and return when it is closed."""
    # A start makes a hundred thousand objects that all stay: looking for garbage among them is a tenth of its time.
    gc.disable()
    try:
        if chosen.practice:
            from ui.main_practice import run_practice

            return run_practice()
        from ui.main import run_till

        return run_till(demo=chosen.demo)
    except ShukeError as problem:
        gc.enable()
        if has_screen():
            from ui.shell.dialogs import tell_before_window
            from ui.shell.wording import words_of

            # Who opened the till with a double click never sees what is written to stderr.
            tell_before_window(words_of(problem, currency("CNY")))
        raise


def has_screen() -> bool:
    """Whether a window can be shown to somebody."""
    if os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] in ("offscreen", "minimal"):
        return False
    named = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return sys.platform in ("win32", "darwin") or bool(named)
