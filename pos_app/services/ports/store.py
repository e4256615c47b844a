"""The store: one transaction over all that services ask of the database.

Decides the questions; `pos_app.persistence` answers them. Values go in and come out; never a row or a session.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from pos_app.services.ports.counter import PrintJobs, SettingsTable, Shifts
from pos_app.services.ports.goods import Catalogue
from pos_app.services.ports.imports import Imports, OpeningBalances, Scratch, Versions
from pos_app.services.ports.journal import Journal
from pos_app.services.ports.people import Members, StaffList, SubjectKeys
from pos_app.services.ports.selling import Carts, Sales
from pos_app.services.ports.staging import StagedGoods, StagedMembers, StagedPieces


class Tx(Protocol):
    """One transaction: everything in it is written, or nothing."""

    @property
    def journal(self) -> Journal: ...
    @property
    def sales(self) -> Sales: ...
    @property
    def carts(self) -> Carts: ...
    @property
    def catalogue(self) -> Catalogue: ...
    @property
    def members(self) -> Members: ...
    @property
    def subject_keys(self) -> SubjectKeys: ...
    @property
    def staff(self) -> StaffList: ...
    @property
    def shifts(self) -> Shifts: ...
    @property
    def print_jobs(self) -> PrintJobs: ...
    @property
    def settings(self) -> SettingsTable: ...
    @property
    def imports(self) -> Imports: ...
    @property
    def staged_members(self) -> StagedMembers: ...
    @property
    def staged_goods(self) -> StagedGoods: ...
    @property
    def staged_pieces(self) -> StagedPieces: ...
    @property
    def staged_prices(self) -> Versions: ...
    @property
    def opening_balances(self) -> OpeningBalances: ...


class Store(Protocol):
    """The database of a till."""

    def write(self) -> AbstractContextManager[Tx]:
        """Begin a writing transaction; it commits when the block ends, and rolls back when it raises.

        Raises StorageFullError, StorageReadOnlyError or StorageDamagedError.
        """
        ...

    def read(self) -> AbstractContextManager[Tx]:
        """Begin a reading transaction: one state of the whole database."""
        ...

    def scratch(self) -> AbstractContextManager[Scratch["Tx"]]:
        """Open a private place where an import sorts and remembers; gone when the block ends."""
        ...

    def check(self) -> Sequence[str]:
        """Return what the database's own integrity check finds wrong."""
        ...

    def scrub(self) -> None:
        """Leave no trace of deleted values in the files (after an erasure)."""
        ...

    def copy_to(self, target: Path) -> None:
        """Write a consistent copy of the database while it is in use."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...
