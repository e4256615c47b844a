"""Members by number, with their search keys."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE import_batch (
        number INTEGER NOT NULL,
        batch_id BLOB NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        file_name TEXT NOT NULL,
        started_at BIGINT NOT NULL,
        published_at BIGINT,
        staff_id BLOB NOT NULL,
        rows_done BIGINT NOT NULL,
        body BLOB NOT NULL,
        CONSTRAINT pk_import_batch PRIMARY KEY (number)
    )
    """,
    "CREATE INDEX ix_import_batch_pending ON import_batch (state) WHERE state NOT IN ('done', 'gone')",
    "CREATE INDEX ix_import_batch_sha256 ON import_batch (sha256)",
)


def upgrade() -> None:
    """Bring the schema up."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version=2")
