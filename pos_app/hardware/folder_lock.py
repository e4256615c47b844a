"""The lock of a data folder: one till, or one restore, has it; other commands are ordinary writers (DESIGN.md §7).

The system frees the lock when the process ends, however it ends. Decides nothing about what is in the folder.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pos_app.domain.errors import FolderInUseError, StorageFullError, StorageReadOnlyError

NO_ROOM = frozenset({errno.ENOSPC, errno.EFBIG})
NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@contextmanager
def folder_lock(path: Path) -> Iterator[None]:
    """Hold a lock file for the length of a block; it is taken at once or not at all.

    Raises FolderInUseError when another process (or another block of this one) has it, StorageReadOnlyError or
    StorageFullError when the lock file cannot be written.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path, timeout=0)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise FolderInUseError() from None
    except OSError as error:
        if error.errno in NO_ROOM:
            raise StorageFullError() from error
        if error.errno in NOT_ALLOWED:
            raise StorageReadOnlyError() from error
        raise
    try:
        yield
    finally:
        lock.release()
