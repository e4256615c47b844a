"""Several keys a person: each till seals with its own what it says of somebody who signed up at another."""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE subject_keys (
        merchant_id {bytes} NOT NULL,
        subject_id {bytes} NOT NULL,
        key {bytes} NOT NULL,
        CONSTRAINT pk_subject_keys PRIMARY KEY (merchant_id, subject_id, key)
    )
    """,
    "INSERT INTO subject_keys SELECT merchant_id, subject_id, key FROM subject_key",
    "DROP TABLE subject_key",
)


def upgrade() -> None:
    """Make the table anew, with the key among what names a row; bytes are BYTEA in PostgreSQL, BLOB in SQLite."""
    name = "BYTEA" if op.get_context().dialect.name == "postgresql" else "BLOB"
    for statement in STATEMENTS:
        op.execute(statement.format(bytes=name))
