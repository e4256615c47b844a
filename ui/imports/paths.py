"""A path as people give it: typed, pasted with quotes, dropped as an address.

Decides how such a text is read; whether there is such a file is found out by opening it. Qt-free.
"""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlparse

_QUOTES = "\"'“”‘’"


def path_of(text: str) -> Path | None:
    """Return the path that a text means, None for an empty one or one that no file can have."""
    cleaned = text.strip().strip(_QUOTES).strip()
    if cleaned.lower().startswith("file:"):
        # The path of such an address of a Windows drive begins with a slash that is not part of it.
        path = unquote(urlparse(cleaned).path)
        cleaned = path[1:] if len(path) > 2 and path[2] == ":" else path
    if not cleaned or "\x00" in cleaned:
        return None
    try:
        return Path(cleaned).expanduser()
    except RuntimeError:
        return Path(cleaned)


def given(take: Callable[[Path], None]) -> Callable[[Path | None], None]:
    """Return what takes a path that was chosen, and does nothing when none was."""
    return lambda path: None if path is None else take(path)
