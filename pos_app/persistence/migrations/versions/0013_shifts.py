"""Which shift took over the drawer of which (交班), and the shifts of a day."""

from alembic import op

revision = "0013"
down_revision = "0012"

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE shift ADD COLUMN taken_over_from BLOB",
    "CREATE INDEX ix_shift_day ON shift (business_date)",
)


def upgrade() -> None:
    """Add the column and the index; until now no till was handed over."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version=13")
