"""The tables of the books, one `…Row` each; rows never leave this package.

The rows of goods and of members stand with their repositories. Two kinds, told apart by what they hold: *made here*
(journal, sales, shifts …, sacred) and *documents* (catalogue, staff, settings: a platform may refill them later).
Decides shape and indexes; why an index is there stands beside it.
"""

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pos_app.persistence.base import (
    Base,
    Id,
    Json,
    Mg,
    Minor,
    Moment,
    OptionalId,
    OptionalMoment,
    OptionalStr,
    Str,
    Thousandths,
)

COUNTER_DIGITS = 6
"""How many digits the counter at the end of a receipt number has, at least: people ask for a receipt by them."""
CLUSTERED = {"sqlite_with_rowid": False}


LEAK_FACTS = (
    "kind IN ('approval.given', 'cart.cancelled', 'cart.line_removed', 'cart.line_restored', 'cash.moved', "
    "'drawer.opened', 'payment.answered', 'price.changed', 'receipt.reprinted', 'shift.closed', "
    "'staff.sign_in_refused')"
)
"""The facts that the leak report looks at, as the index over them says it: sales are not among them."""


class JournalHeadRow(Base):
    """Where the journal ends; one row."""

    __tablename__ = "journal_head"
    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[int]
    seq: Mapped[int]
    hash: Mapped[bytes]
    hlc: Mapped[Moment]


class JournalRow(Base):
    """A fact of the journal.

    `position` is epoch << 40 | seq, so that the table itself is in chain order. The body stands last, so that the
    columns before it are read without its pages.
    """

    __tablename__ = "journal"
    __table_args__ = (Index("ix_journal_leak", "happened_at", sqlite_where=text(LEAK_FACTS)),)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    epoch: Mapped[int]
    seq: Mapped[int]
    kind: Mapped[Str]
    version: Mapped[int]
    fact_id: Mapped[Id]
    happened_at: Mapped[Moment]
    hlc: Mapped[Moment]
    staff_id: Mapped[OptionalId]
    hash: Mapped[bytes]
    body: Mapped[Json]


class SignedHeadRow(Base):
    """A head of the journal signed at a close."""

    __tablename__ = "signed_head"
    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes]
    signature: Mapped[bytes]
    public_key: Mapped[bytes]


class SubjectKeyRow(Base):
    """The key that seals one person's fields."""

    __tablename__ = "subject_key"
    __table_args__ = CLUSTERED
    subject_id: Mapped[Id] = mapped_column(primary_key=True)
    key: Mapped[bytes]


class ReceiptCounterRow(Base):
    """The last receipt counter of an epoch and year."""

    __tablename__ = "receipt_counter"
    __table_args__ = CLUSTERED
    epoch: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class SaleRow(Base):
    """A sale; `fact_position` is where the journal holds it whole."""

    __tablename__ = "sale"
    __table_args__ = (
        Index("ix_sale_number", "number", unique=True),
        Index("ix_sale_counter", text(f"substr(number, -{COUNTER_DIGITS})")),
        Index("ix_sale_fact_position", "fact_position"),
        Index("ix_sale_shift", "shift_id"),
        Index("ix_sale_business_date", "business_date"),
        Index("ix_sale_member", "member_id", "committed_at", sqlite_where=text("member_id IS NOT NULL")),
        Index("ix_sale_returns", "returns_id", sqlite_where=text("returns_id IS NOT NULL")),
        CLUSTERED,
    )
    sale_id: Mapped[Id] = mapped_column(primary_key=True)
    number: Mapped[Str]
    kind: Mapped[Str]
    shift_id: Mapped[Id]
    business_date: Mapped[Str]
    committed_at: Mapped[Moment]
    cashier_id: Mapped[Id]
    member_id: Mapped[OptionalId]
    lines: Mapped[int]
    subtotal: Mapped[Minor]
    reductions: Mapped[Minor]
    tax: Mapped[Minor]
    tax_added: Mapped[bool]
    total: Mapped[Minor]
    cash_rounding: Mapped[Minor]
    returns_id: Mapped[OptionalId]
    fact_position: Mapped[int]


class SaleLineRow(Base):
    """A line of a sale."""

    __tablename__ = "sale_line"
    __table_args__ = (
        Index("ix_sale_line_piece", "piece_id", sqlite_where=text("piece_id IS NOT NULL")),
        CLUSTERED,
    )
    sale_id: Mapped[Id] = mapped_column(ForeignKey("sale.sale_id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line_id: Mapped[Id]
    kind: Mapped[Str]
    variant_id: Mapped[OptionalId]
    piece_id: Mapped[OptionalId]
    code: Mapped[OptionalStr]
    name: Mapped[OptionalStr]
    quantity: Mapped[Thousandths]
    net_weight_mg: Mapped[Mg]
    gross: Mapped[Minor]
    net: Mapped[Minor]
    tax: Mapped[Minor]
    tax_code: Mapped[OptionalStr]
    tax_rate: Mapped[OptionalStr]


class SaleReductionRow(Base):
    """Money taken off a line, with its cause."""

    __tablename__ = "sale_reduction"
    __table_args__ = CLUSTERED
    sale_id: Mapped[Id] = mapped_column(ForeignKey("sale.sale_id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line_place: Mapped[int]
    kind: Mapped[Str]
    amount: Mapped[Minor]
    rule: Mapped[OptionalStr]
    reason: Mapped[OptionalStr]
    approver_id: Mapped[OptionalId]


class SaleTenderRow(Base):
    """A tender of a sale."""

    __tablename__ = "sale_tender"
    __table_args__ = CLUSTERED
    sale_id: Mapped[Id] = mapped_column(ForeignKey("sale.sale_id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[Str]
    role: Mapped[Str]
    amount: Mapped[Minor]
    reference: Mapped[OptionalStr]


class SaleReturnedRow(Base):
    """How much of a bought line one return took back; it may be bought in another shop (`sale_elsewhere`)."""

    __tablename__ = "sale_returned"
    __table_args__ = CLUSTERED
    bought_sale_id: Mapped[Id] = mapped_column(primary_key=True)
    bought_line_id: Mapped[Id] = mapped_column(primary_key=True)
    return_sale_id: Mapped[Id] = mapped_column(ForeignKey("sale.sale_id"), primary_key=True)
    quantity: Mapped[Thousandths]


class ReceiptCopyRow(Base):
    """How many copies of a receipt were queued."""

    __tablename__ = "receipt_copy"
    __table_args__ = CLUSTERED
    sale_id: Mapped[Id] = mapped_column(ForeignKey("sale.sale_id"), primary_key=True)
    copies: Mapped[int]


class CartRow(Base):
    """An unpaid cart: state "open" (one) or "held"."""

    __tablename__ = "cart"
    __table_args__ = (CLUSTERED,)
    cart_id: Mapped[Id] = mapped_column(primary_key=True)
    state: Mapped[Str]
    owner_id: Mapped[OptionalId]
    label: Mapped[OptionalStr]
    changed_at: Mapped[Moment]
    body: Mapped[Json]


class ShiftRow(Base):
    """A shift; `report` is the content of the closing fact."""

    __tablename__ = "shift"
    __table_args__ = (
        Index("ix_shift_day", "business_date"),
        Index("ix_shift_open", "closed_at", sqlite_where=text("closed_at IS NULL")),
        Index("ix_shift_z", "z_number", sqlite_where=text("z_number IS NOT NULL")),
        CLUSTERED,
    )
    shift_id: Mapped[Id] = mapped_column(primary_key=True)
    opened_at: Mapped[Moment]
    opened_by: Mapped[Id]
    business_date: Mapped[Str]
    float_amount: Mapped[Minor]
    opened_position: Mapped[int]
    closed_at: Mapped[OptionalMoment]
    z_number: Mapped[int | None]
    report: Mapped[bytes | None]
    taken_over_from: Mapped[OptionalId]


class CashMoveRow(Base):
    """Cash in or out of a shift's drawer."""

    __tablename__ = "cash_move"
    __table_args__ = (Index("ix_cash_move_shift", "shift_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    shift_id: Mapped[Id] = mapped_column(ForeignKey("shift.shift_id"))
    direction: Mapped[Str]
    amount: Mapped[Minor]
    reason: Mapped[Str]


class PrintJobRow(Base):
    """A job of the print queue; printed ones are removed."""

    __tablename__ = "print_job"
    __table_args__ = CLUSTERED
    job_id: Mapped[Id] = mapped_column(primary_key=True)
    state: Mapped[Str]
    kind: Mapped[Str]
    subject_id: Mapped[OptionalId]
    copy_number: Mapped[int]
    attempts: Mapped[int]
    created_at: Mapped[Moment]


class SettingsRow(Base):
    """The settings document; one row."""

    __tablename__ = "settings"
    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[Json]


class StaffRow(Base):
    """A person who works the till."""

    __tablename__ = "staff"
    __table_args__ = (
        Index("ix_staff_code", "code", unique=True),
        Index("ix_staff_badge", "badge", unique=True),
    )
    staff_id: Mapped[Id] = mapped_column(primary_key=True)
    code: Mapped[Str]
    name: Mapped[Str]
    role: Mapped[Str]
    active: Mapped[bool]
    pin_hash: Mapped[Str]
    badge: Mapped[bytes | None]
    wrong_tries: Mapped[int]
    locked_until: Mapped[OptionalMoment]


class ApprovalRow(Base):
    """Somebody's yes; spent when `used_at` is set."""

    __tablename__ = "approval"
    approval_id: Mapped[Id] = mapped_column(primary_key=True)
    action: Mapped[Str]
    amount: Mapped[Minor]
    cart_id: Mapped[OptionalId]
    approver_id: Mapped[Id]
    asked_by: Mapped[Id]
    given_at: Mapped[Moment]
    used_at: Mapped[OptionalMoment]
