"""One import at a time in a data folder, and none while a restore puts other books in its place.

Decides which lock says so, for `shuke import`, the process of a till's window and `shuke restore`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pos_app.domain.errors import ExpectedError, FolderInUseError

LOCK = "import.lock"


class ImportRunningError(ExpectedError):
    """Another process imports into this data folder."""

    code = "importing.error.running"


class BooksReplacedError(ExpectedError):
    """The books were restored from a backup after this command had opened them."""

    code = "importing.error.books_replaced"


@contextmanager
def no_other_import(folder: Path) -> Iterator[None]:
    """Let no import into a data folder for the length of a block; raise ImportRunningError while there is one."""
    from pos_app.hardware.folder_lock import folder_lock

    try:
        with folder_lock(folder / LOCK):
            yield
    except FolderInUseError:
        raise ImportRunningError() from None


def books_in(database: Path) -> tuple[int, int]:
    """Return what tells the file of a database from one that a restore put in its place; (0, 0) when there is none."""
    try:
        found = database.stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino
