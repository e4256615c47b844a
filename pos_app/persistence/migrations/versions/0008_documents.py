"""What a platform sends: documents with their place in its feed, members that became one, and how sync goes."""

from alembic import op

revision = "0008"
down_revision = "0007"

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE document (
        kind TEXT NOT NULL,
        id BLOB NOT NULL,
        position BIGINT NOT NULL,
        body BLOB,
        CONSTRAINT pk_document PRIMARY KEY (kind, id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE member_alias (
        member_id BLOB NOT NULL,
        owner_id BLOB NOT NULL,
        CONSTRAINT pk_member_alias PRIMARY KEY (member_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX ix_member_alias_owner_id ON member_alias (owner_id)",
    """
    CREATE TABLE sale_elsewhere (
        sale_id BLOB NOT NULL,
        number TEXT NOT NULL,
        body BLOB NOT NULL,
        CONSTRAINT pk_sale_elsewhere PRIMARY KEY (sale_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX ix_sale_elsewhere_number ON sale_elsewhere (number)",
    # What comes back may have been bought in another shop, so its sale need not stand here.
    """
    CREATE TABLE sale_returned_anywhere (
        bought_sale_id BLOB NOT NULL,
        bought_line_id BLOB NOT NULL,
        return_sale_id BLOB NOT NULL,
        quantity BIGINT NOT NULL,
        CONSTRAINT pk_sale_returned PRIMARY KEY (bought_sale_id, bought_line_id, return_sale_id),
        CONSTRAINT fk_sale_returned_return_sale_id FOREIGN KEY(return_sale_id) REFERENCES sale (sale_id)
    ) WITHOUT ROWID
    """,
    "INSERT INTO sale_returned_anywhere SELECT * FROM sale_returned",
    "DROP TABLE sale_returned",
    "ALTER TABLE sale_returned_anywhere RENAME TO sale_returned",
    "ALTER TABLE sync_link ADD COLUMN way TEXT NOT NULL DEFAULT 'found'",
    "ALTER TABLE sync_link ADD COLUMN digest BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE sync_link ADD COLUMN answered_at BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE sync_link ADD COLUMN refetched_at BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE sync_link ADD COLUMN drift_ms BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE sync_link ADD COLUMN trouble INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sync_link ADD COLUMN state TEXT NOT NULL DEFAULT 'ok'",
    "ALTER TABLE sync_link ADD COLUMN uploading TEXT NOT NULL DEFAULT ''",
)


def upgrade() -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version=8")
