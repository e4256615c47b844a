"""The store: one transaction over all that services ask of the database.

Decides the questions; `pos_app.persistence` answers them. Values go in and come out; never a row or a session.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pos_app.services.ports.attempts import Payments
from pos_app.services.ports.counter import PrintJobs, SettingsTable, Shifts
from pos_app.services.ports.deposits import Deposits, Vouchers
from pos_app.services.ports.goods import Catalogue
from pos_app.services.ports.imports import Imports, OpeningBalances, Scratch, Versions
from pos_app.services.ports.invoices import Invoices
from pos_app.services.ports.journal import Journal
from pos_app.services.ports.leaks import Leaks
from pos_app.services.ports.mail import MailJobs
from pos_app.services.ports.people import Members, StaffList, SubjectKeys, Traces
from pos_app.services.ports.selling import Carts, Sales
from pos_app.services.ports.staging import StagedGoods, StagedMembers, StagedPieces
from pos_app.services.ports.syncing import Documents, Links


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
    def traces(self) -> Traces: ...
    @property
    def staff(self) -> StaffList: ...
    @property
    def shifts(self) -> Shifts: ...
    @property
    def leaks(self) -> Leaks: ...
    @property
    def print_jobs(self) -> PrintJobs: ...
    @property
    def mail_jobs(self) -> MailJobs: ...
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
    @property
    def links(self) -> Links: ...
    @property
    def payments(self) -> Payments: ...
    @property
    def deposits(self) -> Deposits: ...
    @property
    def vouchers(self) -> Vouchers: ...
    @property
    def documents(self) -> Documents: ...
    @property
    def invoices(self) -> Invoices: ...


class Store(Protocol):
    """The database of a till."""

    on_facts: Callable[[], None]
    """Called after each commit that made the journal longer, on the thread that wrote: it must return at once, and
    what it raises is lost. Nobody is called until somebody puts himself there."""

    def write(self) -> AbstractContextManager[Tx]:
        """Begin a writing transaction; it commits when the block ends, and rolls back when it raises.

        Raises StorageFullError, StorageReadOnlyError or StorageDamagedError.
        """
        ...

    def read(self) -> AbstractContextManager[Tx]:
        """Begin a reading transaction: one state of the whole database."""
        ...

    def scratch(self, *, is_lasting: bool = True) -> AbstractContextManager[Scratch["Tx"]]:
        """Open a private place where an import sorts and remembers; gone when the block ends.

        Unless it `is_lasting`, a power cut may take what was written there, until somebody else commits after it.
        """
        ...

    def check(self) -> Sequence[str]:
        """Return what the database's own integrity check finds wrong."""
        ...

    def size(self) -> int:
        """Return how many bytes the files hold."""
        ...

    def scrub(self) -> bool:
        """Leave no trace of deleted values in the files; False when somebody who reads keeps some in the log.

        Nobody can write meanwhile. Raises StorageFullError and its kin, and StorageBusyError while another writes.
        """
        ...

    def empty_log(self) -> bool:
        """Empty the log of what was written last, unless somebody reads, waiting for nobody; return whether it is."""
        ...

    def forget_kept(self, before: datetime) -> int:
        """Remove the databases that restores before a moment put aside; return how many there were."""
        ...

    def copy_to(self, target: Path) -> None:
        """Write a consistent copy of the database while it is in use."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...
