"""When a till was revoked: what it still sends is taken for a while from then on."""

from alembic import op

revision = "0005"
down_revision = "0004"

COLUMN = "ALTER TABLE till ADD COLUMN revoked_at BIGINT NOT NULL DEFAULT 0"
KNOWN = "UPDATE till SET revoked_at = {now} WHERE state = 'revoked'"
NOW = {
    "postgresql": "CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT)",
    "sqlite": "CAST(strftime('%s', 'now') AS INTEGER) * 1000",
}


def upgrade() -> None:
    """Make the column; for tills that were revoked before, nobody wrote down when, the time begins now."""
    op.execute(COLUMN)
    op.execute(KNOWN.format(now=NOW[op.get_context().dialect.name]))
