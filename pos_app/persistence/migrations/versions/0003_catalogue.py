"""Goods in versions, with price lists."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Bring the schema up."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version=3")
