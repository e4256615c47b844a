"""What SQLite's errors mean to the person at the till.

Decides which failure is the disk's (full, read-only, damaged) and so *expected*; everything else stays a bug.
"""

import errno
import sqlite3

from pos_app.domain.errors import (
    ExpectedError,
    StorageDamagedError,
    StorageFullError,
    StorageReadOnlyError,
)

_FULL = {sqlite3.SQLITE_FULL}
_READ_ONLY = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_SPACE_DETAILS = ("disk is full", "No space left")


def meaning(error: BaseException) -> ExpectedError | None:
    """Return the expected error that a database error stands for, or None when it is a bug.

    An I/O error while writing counts as a full disk when the message says so, else as a damaged disk.
    """
    origin = getattr(error, "orig", error)
    if isinstance(origin, OSError):
        if origin.errno in _NO_ROOM:
            return StorageFullError()
        return StorageReadOnlyError() if origin.errno in _NOT_ALLOWED else None
    if not isinstance(origin, sqlite3.Error):
        return None
    code = getattr(origin, "sqlite_errorcode", 0) & 0xFF
    if code in _FULL or any(text in str(origin) for text in _NO_SPACE_DETAILS):
        return StorageFullError()
    if code in _READ_ONLY:
        return StorageReadOnlyError()
    if code in _DAMAGED or code == sqlite3.SQLITE_IOERR:
        return StorageDamagedError()
    return None
