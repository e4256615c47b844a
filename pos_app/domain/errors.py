"""The three kinds of failure, as exceptions.

*Expected*: the person at the till can act on it. *Unavailable*: a device or the network; it is tried again.
Everything else is a bug. An error carries a stable code and parameters, never text for people: the code is
a message of `pos_app.words`.
"""

from typing import ClassVar


class ShukeError(Exception):
    """An error with a stable code (a message of `words`) and its parameters."""

    code: ClassVar[str] = "common.error.bug"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code, params)
        self.params = params

    def __str__(self) -> str:
        """Show the code alone: parameters may hold what a log must not."""
        return self.code


class ExpectedError(ShukeError):
    """Something that the person at the till can act on."""


class UnavailableError(ShukeError):
    """A device or service that does not answer now; the work is kept and tried again."""

    code = "common.error.unavailable"


class NotFoundError(ExpectedError):
    """What was asked for is not here."""

    code = "common.error.not_found"


class InvalidValueError(ExpectedError):
    """A value that cannot be taken as it stands; `field` and `text` say which."""

    code = "common.error.invalid_value"


class StorageFullError(ExpectedError):
    """The disk has no room: nothing of this step was written."""

    code = "common.error.storage_full"


class StorageReadOnlyError(ExpectedError):
    """The data folder cannot be written: nothing of this step was written."""

    code = "common.error.storage_read_only"


class StorageDamagedError(ExpectedError):
    """The database does not read as one; a backup is needed."""

    code = "common.error.storage_damaged"


class StorageBusyError(UnavailableError):
    """Another program has held the database for longer than a till waits: nothing of this step was written."""

    code = "common.error.storage_busy"


class NewerDatabaseError(ExpectedError):
    """The database was written by a newer version of the program."""

    code = "common.error.newer_database"


class FolderInUseError(ExpectedError):
    """Another till has this data folder open."""

    code = "common.error.folder_in_use"


class ForbiddenError(ExpectedError):
    """The signed-in role may not do this, and an approval would not help."""

    code = "staff.error.forbidden"
