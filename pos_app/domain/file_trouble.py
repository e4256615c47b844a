"""Why a file could not be written where somebody chose to have it: what the system says, as the few things it means.

Decides the meaning of errors of files; what is said of each stands in the catalogues of words (`common.file.…`).
"""

import errno
from enum import StrEnum


class FileTrouble(StrEnum):
    """What hinders a file from being written."""

    FOLDER_GONE = "folder_gone"
    NOT_ALLOWED = "not_allowed"
    FULL = "full"
    READ_ONLY = "read_only"
    NAME = "name"
    OTHER = "other"


_MEANS = {
    errno.ENOENT: FileTrouble.FOLDER_GONE,
    errno.ENOTDIR: FileTrouble.FOLDER_GONE,
    errno.ENODEV: FileTrouble.FOLDER_GONE,
    errno.ENXIO: FileTrouble.FOLDER_GONE,
    # Windows says so also of a file that another program, such as Excel, has open.
    errno.EACCES: FileTrouble.NOT_ALLOWED,
    errno.EPERM: FileTrouble.NOT_ALLOWED,
    errno.EBUSY: FileTrouble.NOT_ALLOWED,
    errno.ENOSPC: FileTrouble.FULL,
    errno.EFBIG: FileTrouble.FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): FileTrouble.FULL,
    errno.EROFS: FileTrouble.READ_ONLY,
    errno.ENAMETOOLONG: FileTrouble.NAME,
    errno.EINVAL: FileTrouble.NAME,
    errno.EISDIR: FileTrouble.NAME,
}


def trouble_of(error: OSError) -> FileTrouble:
    """Return what an error of the system means for who chose the place of a file."""
    return _MEANS.get(error.errno or 0, FileTrouble.OTHER)
