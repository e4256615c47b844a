"""Which shift took over the drawer of which (交班)."""

from alembic import op

revision = "0013"
down_revision = "0012"

STATEMENTS: tuple[str, ...] = ("ALTER TABLE shift ADD COLUMN taken_over_from BLOB",)


def upgrade() -> None:
    """Add the column; until now no till was handed over."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version=13")
