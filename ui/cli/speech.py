"""How a command speaks: what was asked for on stdout, everything else on stderr, in the language of shop or system.

Decides the words of failures; which text stands for a code is `pos_app.words`.
"""

import os
import sys
from datetime import UTC, datetime, tzinfo
from io import TextIOWrapper
from pathlib import Path

from pos_app.domain.errors import ShukeError
from pos_app.domain.settings import Settings
from pos_app.domain.values.money import currency
from pos_app.words import best_language, format_date_time, set_language, translate
from ui.shell.wording import words_of


class _Local:
    """The zone in which times are told: the shop's once it is known, else the system's."""

    zone: tzinfo | None = None


def prepare_streams() -> None:
    """Let a console that lacks a character show its escape instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def speak_like_the_system() -> None:
    """Speak the language that the environment names (LC_ALL, LC_MESSAGES, LANG), else the system's."""
    import locale

    named = next((os.environ[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(n)), None)
    set_language(best_language((named or locale.getlocale()[0] or "").partition(".")[0]))


def speak_like(settings: Settings) -> None:
    """Speak the language of a shop, and tell times in its zone."""
    set_language(settings.language)
    _Local.zone = settings.zone


def speak_like_the_shop(database: Path) -> None:
    """Speak like the shop of a database that nobody has opened yet; as before where none can be read."""
    from pos_app.persistence.database import settings_in

    settings = settings_in(database)
    if settings is not None:
        speak_like(settings)


def say(code: str, **params: object) -> None:
    """Write a text to stdout."""
    print(translate(code, **params))


def show(line: str) -> None:
    """Write a line to stdout as it is."""
    print(line)


def note(code: str, **params: object) -> None:
    """Write a text to stderr."""
    print(translate(code, **params), file=sys.stderr)


def progress(code: str, **params: object) -> None:
    """Rewrite the last line of a terminal on stderr; nothing when it is none."""
    if sys.stderr.isatty():
        print("\r" + translate(code, **params), end="", file=sys.stderr, flush=True)


def end_progress() -> None:
    """Begin a new line after progress."""
    if sys.stderr.isatty():
        print(file=sys.stderr)


def time_text(moment: datetime) -> str:
    """Return a moment in the shop's zone, else the system's."""
    zone = _Local.zone
    return format_date_time(moment, zone) if zone else format_date_time(moment.astimezone(), _system_zone())


def _system_zone() -> tzinfo:
    return datetime.fromtimestamp(0, UTC).astimezone().tzinfo or UTC


def complain(problem: BaseException) -> int:
    """Say on stderr, in one line, why a command ended, and return its exit code; a bug goes to the logs first."""
    if isinstance(problem, KeyboardInterrupt):
        note("cli.notice.interrupted")
    elif isinstance(problem, ShukeError):
        told = {n: time_text(v) if isinstance(v, datetime) else v for n, v in problem.params.items()}
        problem.params = told
        print(words_of(problem, currency("CNY")).replace("\n", " "), file=sys.stderr)
    else:
        note("cli.notice.bug", report=_report(problem))
    return 1


def _report(problem: BaseException) -> str:
    """Write a crash report (no values, no messages) and return its name; "-" when there is no room for it."""
    from pos_app.hardware.clock import SystemClock
    from ui.main import home
    from ui.shell.crash import CrashReports
    from ui.version import version

    reports = CrashReports(home().logs, version(), SystemClock().now, lambda _path: None)
    path = reports.report(problem)
    return "-" if path is None else path.name
