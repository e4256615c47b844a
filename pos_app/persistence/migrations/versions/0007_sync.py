"""The tie to a platform."""

from alembic import op

revision = "0007"
down_revision = "0006"

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE sync_link (
        id INTEGER NOT NULL,
        address TEXT NOT NULL,
        merchant_id BLOB NOT NULL,
        platform_key BLOB NOT NULL,
        enrolled_at BIGINT NOT NULL,
        epoch INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        hash BLOB NOT NULL,
        signature BLOB NOT NULL,
        letters INTEGER NOT NULL,
        cursor BLOB NOT NULL,
        is_restored BOOLEAN NOT NULL,
        CONSTRAINT pk_sync_link PRIMARY KEY (id)
    )
    """,
)


def upgrade() -> None:
    """Make the table."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version=7")
