"""What the leak report needs: the facts it looks at, by time. Sales stand in an index of their own already."""

from alembic import op

revision = "0015"
down_revision = "0014"

STATEMENTS: tuple[str, ...] = (
    """CREATE INDEX ix_journal_leak ON journal (happened_at) WHERE kind IN ('approval.given', 'cart.cancelled',
    'cart.line_removed', 'cart.line_restored', 'cash.moved', 'drawer.opened', 'payment.answered', 'price.changed',
    'receipt.reprinted', 'shift.closed', 'staff.sign_in_refused')""",
)


def upgrade() -> None:
    """Make the index."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version=15")
