"""The first schema: merchants, shops, tills, facts as they were sent, keys that open them, codes to enrol with."""

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE merchant (
        merchant_id {bytes} NOT NULL,
        currency TEXT NOT NULL,
        founded_at BIGINT NOT NULL,
        seed {bytes} NOT NULL,
        CONSTRAINT pk_merchant PRIMARY KEY (merchant_id)
    )
    """,
    """
    CREATE TABLE feed_head (
        merchant_id {bytes} NOT NULL,
        position BIGINT NOT NULL,
        CONSTRAINT pk_feed_head PRIMARY KEY (merchant_id)
    )
    """,
    """
    CREATE TABLE shop (
        merchant_id {bytes} NOT NULL,
        shop_id {bytes} NOT NULL,
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        CONSTRAINT pk_shop PRIMARY KEY (merchant_id, shop_id)
    )
    """,
    """
    CREATE TABLE till (
        merchant_id {bytes} NOT NULL,
        till_id {bytes} NOT NULL,
        shop_id {bytes} NOT NULL,
        code TEXT NOT NULL,
        public_key {bytes} NOT NULL,
        token_hash {bytes} NOT NULL,
        state TEXT NOT NULL,
        epoch BIGINT NOT NULL,
        seq BIGINT NOT NULL,
        hash {bytes} NOT NULL,
        letters BIGINT NOT NULL DEFAULT 0,
        enrolled_at BIGINT NOT NULL,
        seen_at BIGINT NOT NULL,
        skew_ms BIGINT NOT NULL DEFAULT 0,
        CONSTRAINT pk_till PRIMARY KEY (merchant_id, till_id)
    )
    """,
    """
    CREATE TABLE epoch_base (
        merchant_id {bytes} NOT NULL,
        till_id {bytes} NOT NULL,
        epoch BIGINT NOT NULL,
        hash {bytes} NOT NULL,
        CONSTRAINT pk_epoch_base PRIMARY KEY (merchant_id, till_id, epoch)
    )
    """,
    """
    CREATE TABLE fact (
        merchant_id {bytes} NOT NULL,
        till_id {bytes} NOT NULL,
        epoch BIGINT NOT NULL,
        seq BIGINT NOT NULL,
        hash {bytes} NOT NULL,
        kind TEXT NOT NULL,
        version INTEGER NOT NULL,
        hlc BIGINT NOT NULL,
        received_at BIGINT NOT NULL,
        state TEXT NOT NULL,
        why TEXT NOT NULL,
        body {bytes} NOT NULL,
        CONSTRAINT pk_fact PRIMARY KEY (merchant_id, till_id, epoch, seq, hash)
    )
    """,
    "CREATE INDEX ix_fact_parked ON fact (merchant_id, till_id, epoch, seq) WHERE state = 'parked'",
    """
    CREATE TABLE subject_key (
        merchant_id {bytes} NOT NULL,
        subject_id {bytes} NOT NULL,
        key {bytes} NOT NULL,
        CONSTRAINT pk_subject_key PRIMARY KEY (merchant_id, subject_id)
    )
    """,
    """
    CREATE TABLE enrol_code (
        merchant_id {bytes} NOT NULL,
        code_hash {bytes} NOT NULL,
        shop_id {bytes},
        expires_at BIGINT NOT NULL,
        used_by {bytes},
        CONSTRAINT pk_enrol_code PRIMARY KEY (merchant_id, code_hash)
    )
    """,
    "CREATE INDEX ix_enrol_code_code_hash ON enrol_code (code_hash)",
)


def upgrade() -> None:
    """Make the tables; bytes are BYTEA in PostgreSQL, BLOB in SQLite."""
    name = "BYTEA" if op.get_context().dialect.name == "postgresql" else "BLOB"
    for statement in STATEMENTS:
        op.execute(statement.format(bytes=name))
