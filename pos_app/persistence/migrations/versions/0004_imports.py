"""What imports leave beside the batch itself: refused rows, remembered mappings, opening balances."""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE import_refusal (
        number BIGINT NOT NULL,
        "row" BIGINT NOT NULL,
        body BLOB NOT NULL,
        CONSTRAINT pk_import_refusal PRIMARY KEY (number, "row")
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE import_mapping (
        kind TEXT NOT NULL,
        headings TEXT NOT NULL,
        body BLOB NOT NULL,
        CONSTRAINT pk_import_mapping PRIMARY KEY (kind, headings)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE opening_balance (
        sha256 TEXT NOT NULL,
        "row" BIGINT NOT NULL,
        member_id BLOB NOT NULL,
        points BIGINT NOT NULL,
        principal BIGINT NOT NULL,
        bonus BIGINT NOT NULL,
        as_of TEXT,
        since BIGINT NOT NULL,
        CONSTRAINT pk_opening_balance PRIMARY KEY (sha256, "row")
    ) WITHOUT ROWID
    """,
    "CREATE INDEX ix_opening_balance_member ON opening_balance (member_id)",
    "CREATE INDEX ix_opening_balance_since ON opening_balance (since)",
)


def upgrade() -> None:
    """Bring the schema up."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version=4")
