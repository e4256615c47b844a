"""What printing needs."""

from alembic import op

revision = "0014"
down_revision = "0013"

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE mail_job (
        job_id BLOB NOT NULL,
        state TEXT NOT NULL,
        sale_id BLOB NOT NULL,
        subject_id BLOB NOT NULL,
        recipient TEXT NOT NULL,
        staff_id BLOB,
        attempts INTEGER NOT NULL,
        next_try_at BIGINT NOT NULL,
        problem TEXT,
        created_at BIGINT NOT NULL,
        CONSTRAINT pk_mail_job PRIMARY KEY (job_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX ix_mail_job_next ON mail_job (state, next_try_at)",
)


def upgrade() -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version=14")
