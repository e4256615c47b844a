"""Who gives a command: a person by code and PIN, or the one who is signed in at the till that starts the command.

Decides how they are asked for; what a person may do is decided by the services.
"""

import argparse
import getpass
import json
import sys
from pathlib import Path
from uuid import UUID

from pos_app.domain.errors import ExpectedError
from pos_app.domain.values.ids import StaffId
from pos_app.services.acting import Actor
from pos_app.services.shop import Shop


class JobError(ExpectedError):
    """The job file is not there, or says nothing."""

    code = "importing.error.job"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Take --staff, and --job for the till's own window."""
    from pos_app.words import translate

    parser.add_argument("--staff", metavar="CODE", help=translate("importing.help.staff"))
    parser.add_argument("--job", metavar="FILE", type=Path, help=translate("importing.help.job"))


def signed_in(shop: Shop, chosen: argparse.Namespace) -> Actor:
    """Return who gives the command; raise PinError, PinLockedError, JobError, NotSignedInError."""
    if chosen.job is not None:
        return shop.staff.actor(_staff_of(chosen.job))
    from pos_app.words import translate

    code = chosen.staff if chosen.staff is not None else _line(translate("importing.ask.code"))
    asked = translate("importing.ask.pin", code=code)
    pin = getpass.getpass(asked) if sys.stdin.isatty() else _line("")
    return shop.staff.sign_in(code, pin)


def _line(asked: str) -> str:
    """Read a line of standard input, asking for it on a terminal only."""
    if sys.stdin.isatty():
        print(asked, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def _staff_of(job: Path) -> StaffId:
    """Read who is signed in from a job file ({"staff": "…"}) and take it away: it is for one command."""
    try:
        told = json.loads(job.read_text("utf-8"))
        job.unlink()
        return StaffId(UUID(told["staff"]))
    except (OSError, ValueError, KeyError, TypeError):
        raise JobError() from None
