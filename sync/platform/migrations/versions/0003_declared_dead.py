"""The first word of two that declare a till dead."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENT = """
    CREATE TABLE declared_dead (
        merchant_id {bytes} NOT NULL,
        till_id {bytes} NOT NULL,
        token_id {bytes} NOT NULL,
        name TEXT NOT NULL,
        asked_at BIGINT NOT NULL,
        CONSTRAINT pk_declared_dead PRIMARY KEY (merchant_id, till_id)
    )
"""


def upgrade() -> None:
    """Make the table; bytes are BYTEA in PostgreSQL, BLOB in SQLite."""
    name = "BYTEA" if op.get_context().dialect.name == "postgresql" else "BLOB"
    op.execute(STATEMENT.format(bytes=name))
