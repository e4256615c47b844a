"""Practice as the till sees it: a program beside it, a folder that must not stay, the lock that says whether it runs.

Decides how it is started. What it does stands in `ui.main_practice`, which makes a till of its own.
"""

import os
import subprocess
import sys
from collections.abc import Callable

from pos_app.domain.errors import UnavailableError

FOLDER, LOCK = "practice", "practice.lock"
COMMAND = (sys.executable, "-m", "ui.cli.practice_child")


class PracticeNotStartedError(UnavailableError):
    """The system did not start the program of practice."""

    code = "staff.error.practice_not_started"


def start_practice(then: Callable[[Exception], None]) -> None:
    """Start the program of practice beside this one; `then` is told when the system does not."""
    quiet = subprocess.DEVNULL
    try:
        subprocess.Popen(
            COMMAND, stdin=quiet, stdout=quiet, stderr=quiet, env=os.environ.copy(), start_new_session=True
        )
    except OSError:
        then(PracticeNotStartedError())
