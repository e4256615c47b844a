"""What SQLite's errors mean to the person at the till.

Decides which failure is the disk's (full, read-only, damaged) and so *expected*, and which passes by itself (busy);
everything else stays a bug.
"""

import errno
import sqlite3

from pos_app.domain.errors import (
    ShukeError,
    StorageBusyError,
    StorageDamagedError,
    StorageFullError,
    StorageReadOnlyError,
)

_READ_ONLY = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_WRITES_FAILED = {
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_TRUNCATE,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_GETTEMPPATH,
}
"""What SQLite calls a failed write that is not plainly ENOSPC: a quota, a file's size limit, no room for `-shm`."""
_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}


def meaning(error: BaseException) -> ShukeError | None:
    """Return the error of ours that a database or file error stands for, or None when it is a bug.

    A write that failed counts as a full disk: nothing was written, and making room is what helps most often. An I/O
    error while reading counts as a damaged disk.
    """
    origin = getattr(error, "orig", error)
    if isinstance(origin, OSError):
        if origin.errno in _NO_ROOM:
            return StorageFullError()
        return StorageReadOnlyError() if origin.errno in _NOT_ALLOWED else None
    if not isinstance(origin, sqlite3.Error):
        return None
    extended = getattr(origin, "sqlite_errorcode", 0)
    code = extended & 0xFF
    if code == sqlite3.SQLITE_FULL or extended in _WRITES_FAILED:
        return StorageFullError()
    if code in _READ_ONLY:
        return StorageReadOnlyError()
    if code in _BUSY:
        return StorageBusyError()
    return StorageDamagedError() if code in _DAMAGED else None
