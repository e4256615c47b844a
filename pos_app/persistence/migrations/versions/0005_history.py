"""Indexes that find the latest sales, a receipt by its counter, and the latest Z reports, however many there are."""

from alembic import op

revision = "0005"
down_revision = "0004"

STATEMENTS: tuple[str, ...] = (
    "CREATE INDEX ix_sale_counter ON sale (substr(number, -6))",
    "CREATE INDEX ix_sale_fact_position ON sale (fact_position)",
    "CREATE INDEX ix_shift_z ON shift (z_number) WHERE z_number IS NOT NULL",
)


def upgrade() -> None:
    """Make the indexes."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version=5")
