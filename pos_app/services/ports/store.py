"""The store: what services ask of the database, as Protocols.

Decides the questions; `pos_app.persistence` answers them. Values go in and come out; never a row or a session.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from pos_app.domain.catalogue import Barcode, Batch, Found, Piece, PieceState, Variant
from pos_app.domain.facts.envelope import Envelope
from pos_app.domain.members import Member
from pos_app.domain.sales.cart import Cart
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.settings import Settings
from pos_app.domain.shifts import CashDirection, Shift, ShiftTotals
from pos_app.domain.staff import Approval, Staff
from pos_app.domain.values.hlc import Hlc
from pos_app.domain.values.ids import (
    ApprovalId,
    CartId,
    LineId,
    MemberId,
    PieceId,
    PrintJobId,
    SaleId,
    ShiftId,
    StaffId,
    SubjectId,
    VariantId,
)
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Head:
    """Where the journal ends: epoch, seq (0 when empty), hash, and the latest clock."""

    epoch: int
    seq: int
    hash: bytes
    hlc: Hlc


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """A journal row: the stored bytes and hash, and the columns that stand beside them for look-up."""

    epoch: int
    seq: int
    body: bytes
    hash: bytes
    fact: bytes
    kind: str
    version: int
    happened_at_ms: int
    hlc: int
    staff: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedHead:
    """A head signed by the till when a shift was closed."""

    epoch: int
    seq: int
    hash: bytes
    signature: bytes
    public_key: bytes


class Journal(Protocol):
    """The append-only record of facts."""

    def head(self) -> Head:
        """Return where the journal ends."""
        ...

    def append(self, envelope: Envelope, body: bytes, digest: bytes) -> None:
        """Add a fact after the head; the caller has chained it."""
        ...

    def open_epoch(self, epoch: int) -> None:
        """Let the next fact be seq 1 of a new epoch, chained to the present head."""
        ...

    def entries(self, after: tuple[int, int] = (0, 0), limit: int | None = None) -> Iterable[JournalEntry]:
        """Return entries after (epoch, seq), in order; read as they are walked."""
        ...

    def entry(self, epoch: int, seq: int) -> JournalEntry | None:
        """Return one entry."""
        ...

    def count_kinds(self, after: tuple[int, int]) -> Mapping[str, int]:
        """Return how many facts of each kind stand after (epoch, seq)."""
        ...

    def save_signed_head(self, head: SignedHead) -> None:
        """Keep a signed head beside the journal."""
        ...

    def signed_heads(self) -> Sequence[SignedHead]:
        """Return all signed heads, oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleSummary:
    """One row of the sales history."""

    sale_id: SaleId
    number: str
    kind: str
    committed_at: datetime
    total: Amount
    lines: int
    member: MemberId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesSums:
    """Sums over sales tables: how many sales and lines, their total, and what was taken off (positive)."""

    baskets: int
    lines: int
    amount: Amount
    discount: Amount


class Sales(Protocol):
    """Sales and what was returned of them."""

    def next_counter(self, epoch: int, year: int) -> int:
        """Take the next receipt counter of a year; gapless, as it is taken in the sale's transaction."""
        ...

    def counters(self) -> Mapping[tuple[int, int], int]:
        """Return the last counter of each (epoch, year)."""
        ...

    def add(self, sale: Sale, head: Head) -> None:
        """Write a sale with lines, reductions and tenders; `head` is the fact that records it."""
        ...

    def get(self, sale_id: SaleId) -> Sale | None:
        """Return a sale as it was recorded."""
        ...

    def find_number(self, number: str) -> SaleId | None:
        """Return the sale of a receipt number, upper case."""
        ...

    def history(self, limit: int, text: str = "", before: datetime | None = None) -> Sequence[SaleSummary]:
        """Return the latest sales, newest first; `text` is part of a receipt number."""
        ...

    def of_member(self, member: MemberId, limit: int) -> Sequence[SaleSummary]:
        """Return a member's latest sales, newest first."""
        ...

    def returned(self, sale: SaleId) -> Mapping[LineId, Quantity]:
        """Return how much of each line came back already (thousandths)."""
        ...

    def refunded(self, sale: SaleId) -> Mapping[TenderKind, Amount]:
        """Return what was given back of a sale, per kind, as positive amounts."""
        ...

    def last_of_till(self) -> SaleId | None:
        """Return the latest sale."""
        ...

    def sums(self, first: date | None = None, last: date | None = None) -> SalesSums:
        """Return sums over the sales tables between two business dates, both included."""
        ...

    def by_day(self, first: date | None, last: date | None) -> Sequence[tuple[date, SalesSums]]:
        """Return the sums of each business date."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCart:
    """A held cart in a list."""

    cart: Cart
    held_at: datetime
    owner: StaffId
    label: str


class Carts(Protocol):
    """Unpaid carts: the open one of this till and the held ones of the shop."""

    def open_cart(self) -> Cart | None:
        """Return the cart that is open on this till."""
        ...

    def save_open(self, cart: Cart, at: datetime) -> None:
        """Write the open cart."""
        ...

    def hold(self, cart: Cart, owner: StaffId, label: str, at: datetime) -> None:
        """Put a cart aside."""
        ...

    def held(self) -> Sequence[HeldCart]:
        """Return the held carts, oldest first."""
        ...

    def take(self, cart_id: CartId) -> Cart | None:
        """Remove and return a held cart."""
        ...

    def drop(self, cart_id: CartId) -> None:
        """Remove a cart, open or held."""
        ...


class Catalogue(Protocol):
    """Goods."""

    def find_barcode(self, codes: Sequence[str]) -> Found | None:
        """Return what the first known of the codes stands for: a barcode, or a variant's own code."""
        ...

    def find_piece(self, code: str) -> Found | None:
        """Return a piece by its code."""
        ...

    def find_scale_item(self, item: str) -> Found | None:
        """Return the weighed variant of a scale's item number."""
        ...

    def variant(self, variant_id: VariantId) -> Variant | None:
        """Return a variant."""
        ...

    def barcodes(self, variant_id: VariantId) -> Sequence[Barcode]:
        """Return the barcodes of a variant."""
        ...

    def pieces(self, variant_id: VariantId) -> Sequence[Piece]:
        """Return the pieces of a variant."""
        ...

    def batches(self, variant_id: VariantId) -> Sequence[Batch]:
        """Return the batches of a variant, the one that expires first in front."""
        ...

    def gold_price(self, fineness: str, on: date) -> Amount | None:
        """Return the price per gram of a fineness that was set for a day."""
        ...

    def set_gold_price(self, fineness: str, on: date, price: Amount) -> None:
        """Set the price per gram of a fineness from a day on."""
        ...

    def search(self, text: str, limit: int) -> tuple[Sequence[Found], int]:
        """Return variants whose code, name, part of it, pinyin or initials match, and how many there are."""
        ...

    def browse(self, after: str, limit: int) -> Sequence[Variant]:
        """Return variants in code order after a code."""
        ...

    def count(self) -> int:
        """Return how many variants there are."""
        ...

    def save(
        self,
        variants: Sequence[Variant],
        barcodes: Sequence[Barcode],
        pieces: Sequence[Piece] = (),
        batches: Sequence[Batch] = (),
    ) -> None:
        """Write goods, replacing what has the same id, with their search keys."""
        ...

    def set_scale_item(self, item: str, variant_id: VariantId) -> None:
        """Let a scale's item number stand for a variant."""
        ...

    def move_piece(self, piece: PieceId, was: PieceState, now: PieceState) -> bool:
        """Change a piece's state; return False when it was not in the state named."""
        ...


class Members(Protocol):
    """Members and their keys."""

    def get(self, member_id: MemberId) -> Member | None:
        """Return a member."""
        ...

    def by_key(self, kind: str, value: str) -> Member | None:
        """Return the member that owns a key."""
        ...

    def search(self, text: str, limit: int) -> Sequence[Member]:
        """Return members by the last digits of a phone, a card number or the start of a name, last visit first."""
        ...

    def save(self, member: Member) -> None:
        """Write a member and the keys."""
        ...

    def visited(self, member_id: MemberId, at: datetime) -> None:
        """Count a visit."""
        ...

    def erase(self, member_id: MemberId, at: datetime) -> None:
        """Remove a member's personal fields and keys; the id stays as erased."""
        ...

    def count(self) -> int:
        """Return how many members there are."""
        ...


class SubjectKeys(Protocol):
    """The keys that seal personal fields, one a person."""

    def get(self, subject: SubjectId) -> bytes | None:
        """Return a key, or None when there is none (any more)."""
        ...

    def add(self, subject: SubjectId, key: bytes) -> None:
        """Keep a new key."""
        ...

    def delete(self, subject: SubjectId) -> None:
        """Destroy a key: what it sealed can never be read again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRecord:
    """A person with the hash of the PIN and the wrong tries."""

    staff: Staff
    pin_hash: str
    wrong_tries: int = 0
    locked_until: datetime | None = None


class StaffList(Protocol):
    """Staff and approvals."""

    def all(self) -> Sequence[Staff]:
        """Return everybody, by code."""
        ...

    def by_code(self, code: str) -> StaffRecord | None:
        """Return a person by the sign-in code."""
        ...

    def get(self, staff_id: StaffId) -> StaffRecord | None:
        """Return a person."""
        ...

    def save(self, record: StaffRecord) -> None:
        """Write a person."""
        ...

    def add_approval(self, approval: Approval) -> None:
        """Keep an approval, unused."""
        ...

    def approval(self, approval_id: ApprovalId) -> Approval | None:
        """Return an approval that is still unused."""
        ...

    def use_approval(self, approval_id: ApprovalId, at: datetime) -> bool:
        """Spend an approval; return False when it was spent before."""
        ...


class Shifts(Protocol):
    """Shifts and cash movements."""

    def current(self) -> Shift | None:
        """Return the open shift."""
        ...

    def get(self, shift_id: ShiftId) -> Shift | None:
        """Return a shift."""
        ...

    def add(self, shift: Shift, head: Head) -> None:
        """Write a newly opened shift; `head` is the fact that records it."""
        ...

    def move_cash(self, shift_id: ShiftId, direction: CashDirection, amount: Amount, reason: str) -> None:
        """Write a cash movement."""
        ...

    def totals(self, shift_id: ShiftId) -> ShiftTotals:
        """Return a shift's sums."""
        ...

    def close(self, shift_id: ShiftId, at: datetime, z_number: int, report: bytes) -> None:
        """Mark a shift closed with its Z number and report (the fact's content)."""
        ...

    def next_z(self) -> int:
        """Return the number of the next Z report."""
        ...

    def closed(self, limit: int) -> Sequence[tuple[Shift, int, bytes]]:
        """Return closed shifts with Z number and report, newest first."""
        ...


class PrintKind:
    """What a print job prints."""

    RECEIPT = "receipt"
    COPY = "copy"
    X_REPORT = "x_report"
    Z_REPORT = "z_report"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintJob:
    """A job of the durable print queue; it names what to print, never its text."""

    job_id: PrintJobId
    kind: str
    subject: SaleId | ShiftId | None
    copy_number: int
    created_at: datetime
    attempts: int = 0


class PrintJobs(Protocol):
    """The durable print queue."""

    def add(self, job: PrintJob) -> None:
        """Queue a job."""
        ...

    def next(self) -> PrintJob | None:
        """Return the oldest job that waits."""
        ...

    def start(self, job_id: PrintJobId) -> None:
        """Note, before a byte goes out, that a job is being printed."""
        ...

    def finish(self, job_id: PrintJobId) -> None:
        """Note that a job is printed."""
        ...

    def wait_again(self, job_id: PrintJobId, job: PrintJob) -> None:
        """Put a job back as `job` (of which nothing, or part, was printed)."""
        ...

    def started(self) -> Sequence[PrintJob]:
        """Return jobs that were being printed when the till stopped."""
        ...

    def waiting(self) -> int:
        """Return how many jobs wait."""
        ...

    def cancel_all(self) -> int:
        """Drop what waits; return how many."""
        ...

    def copies(self, sale: SaleId) -> int:
        """Return how many copies of a receipt were queued so far."""
        ...


class SettingsTable(Protocol):
    """The settings document."""

    def load(self) -> Settings | None:
        """Return the settings, None before the shop was founded."""
        ...

    def save(self, settings: Settings) -> None:
        """Write the settings."""
        ...


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
