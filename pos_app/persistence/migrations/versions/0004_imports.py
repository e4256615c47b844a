"""What imports leave beside the batch itself."""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS: tuple[str, ...] = ()


def upgrade() -> None:
    """Bring the schema up."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version=4")
