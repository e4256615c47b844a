"""Deposits that can still pay, and vouchers that were taken."""

from alembic import op

revision = "0011"
down_revision = "0010"

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE deposit (
        sale_id BLOB NOT NULL,
        number TEXT NOT NULL,
        taken_on TEXT NOT NULL,
        member_id BLOB,
        amount BIGINT NOT NULL,
        used BIGINT NOT NULL,
        returned BIGINT NOT NULL,
        CONSTRAINT pk_deposit PRIMARY KEY (sale_id),
        CONSTRAINT fk_deposit_sale_id FOREIGN KEY(sale_id) REFERENCES sale (sale_id),
        CHECK (used >= 0 AND returned >= 0 AND used + returned <= amount)
    )
     WITHOUT ROWID
    """,
    "CREATE INDEX ix_deposit_open ON deposit (taken_on, number) WHERE used + returned < amount",
    "CREATE INDEX ix_deposit_member ON deposit (member_id, taken_on) WHERE member_id IS NOT NULL",
    """
    CREATE TABLE voucher (
        platform TEXT NOT NULL,
        code TEXT NOT NULL,
        sale_id BLOB NOT NULL,
        CONSTRAINT pk_voucher PRIMARY KEY (platform, code),
        CONSTRAINT fk_voucher_sale_id FOREIGN KEY(sale_id) REFERENCES sale (sale_id)
    )
     WITHOUT ROWID
    """,
)


def upgrade() -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version=11")
