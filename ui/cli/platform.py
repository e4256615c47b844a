"""`shuke platform`: run the platform that tills share, in a process of its own that loads nothing of the till.

Decides only how that process stands in place of this one; what it is asked is handed on as it was typed.
"""

import argparse
import os
import subprocess
import sys
from contextlib import suppress

MODULE = "sync.platform"
_TEXTS = ("host", "port", "database", "certificate", "key", "staff-token", "scopes", "revoke-staff-token")
_SWITCHES = ("code", "staff-tokens")
_METAVARS = {"port": "N", "database": "URL", "certificate": "FILE", "key": "FILE", "host": "HOST"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take what the platform takes."""
    from pos_app.words import translate

    for name in _TEXTS:
        parser.add_argument(
            f"--{name}",
            metavar=_METAVARS.get(name, "NAME"),
            type=int if name == "port" else str,
            help=translate(f"cli.platform.{name.replace('-', '_')}"),
        )
    for name in _SWITCHES:
        parser.add_argument(
            f"--{name}", action="store_true", help=translate(f"cli.platform.{name.replace('-', '_')}")
        )


def run(chosen: argparse.Namespace) -> int:
    """Become the platform, and end as it ends."""
    return become([sys.executable, "-m", MODULE, *_handed_on(chosen)])


def become(words: list[str]) -> int:
    """Let another program stand in place of this one, and end as it ends."""
    if os.name == "posix":
        # Signals and the exit status are its own then, with nobody in between.
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(sys.executable, words)
    return _beside(words)


def _handed_on(chosen: argparse.Namespace) -> list[str]:
    words = []
    for name in _TEXTS:
        value = getattr(chosen, name.replace("-", "_"))
        if value is not None:
            words += [f"--{name}", str(value)]
    return words + [f"--{name}" for name in _SWITCHES if getattr(chosen, name.replace("-", "_"))]


def _beside(words: list[str]) -> int:
    """Run it beside this process and wait: Windows has no way to become another program.

    Ctrl+C reaches both, since they share the console: this one waits until the other has stopped.
    """
    with subprocess.Popen(words) as process:
        while True:
            with suppress(KeyboardInterrupt):
                return process.wait()
