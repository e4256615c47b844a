"""Payment attempts."""

from alembic import op

revision = "0010"
down_revision = "0009"

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE payment_attempt (
        attempt_id BLOB NOT NULL,
        purpose TEXT NOT NULL,
        provider TEXT NOT NULL,
        order_number TEXT NOT NULL,
        cart_id BLOB NOT NULL,
        amount BIGINT NOT NULL,
        currency TEXT NOT NULL,
        shift_id BLOB,
        refund_of BLOB,
        refund_of_number TEXT,
        started_at BIGINT NOT NULL,
        changed_at BIGINT NOT NULL,
        state TEXT NOT NULL,
        provider_number TEXT,
        moved BIGINT,
        reason TEXT,
        by_hand BOOLEAN NOT NULL,
        flagged BOOLEAN NOT NULL,
        needs_care BOOLEAN NOT NULL,
        CONSTRAINT pk_payment_attempt PRIMARY KEY (attempt_id)
    )
     WITHOUT ROWID
    """,
    "CREATE UNIQUE INDEX ix_payment_attempt_number ON payment_attempt (order_number)",
    "CREATE INDEX ix_payment_attempt_cart ON payment_attempt (cart_id)",
    "CREATE INDEX ix_payment_attempt_started ON payment_attempt (started_at)",
    "CREATE INDEX ix_payment_attempt_care ON payment_attempt (started_at) WHERE needs_care",
)


def upgrade() -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version=10")
