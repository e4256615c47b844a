"""What the platform writes down: one JSON line a request, and one for a bug with the places it passed.

Decides what may stand in a line: templates of routes, numbers, sizes, short ids. Never a body, a token, a name, a phone
or a query string, and for that reason never the text of an exception or a line of source either.
"""

import json
import logging
import sys
from collections.abc import Iterator
from traceback import extract_tb

from sync.platform.seen import Seen, short

log = logging.getLogger("shuke.platform")
NO_ROUTE = "-"
_MOST_CAUSES = 5


def to_stderr(level: int = logging.INFO) -> None:
    """Write lines to the standard error output, as they are."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    log.setLevel(level)
    log.propagate = False


def request_line(route: str, method: str, seen: Seen, took_ms: int) -> None:
    """Write down a request that was answered."""
    line = {
        "route": route,
        "method": method,
        "status": seen.status,
        "number": seen.number,
        "ms": took_ms,
        "bytes_in": seen.received,
        "bytes_out": seen.sent,
        "till": short(seen.till),
        "merchant": short(seen.merchant),
    }
    log.info(json.dumps(line))


def bug_line(route: str, error: BaseException) -> None:
    """Write down a bug: what kinds of errors led to it and where, without a word of what they say."""
    log.error(json.dumps({"route": route, "bug": list(_kinds(error)), "at": list(_places(error))}))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    for _ in range(_MOST_CAUSES):
        if error is None:
            return
        yield error
        error = error.__cause__ or error.__context__


def _kinds(error: BaseException) -> Iterator[str]:
    return (type(each).__name__ for each in _chain(error))


def _places(error: BaseException) -> Iterator[str]:
    for frame in extract_tb(error.__traceback__):
        short_name = "/".join(frame.filename.replace("\\", "/").split("/")[-3:])
        yield f"{short_name}:{frame.lineno} {frame.name}"
