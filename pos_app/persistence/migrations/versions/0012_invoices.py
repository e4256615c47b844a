"""Requests for invoices."""

from alembic import op

revision = "0012"
down_revision = "0011"

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE invoice (
        invoice_id BLOB NOT NULL,
        request_no TEXT NOT NULL,
        sale_id BLOB NOT NULL,
        sale_number TEXT NOT NULL,
        member_id BLOB,
        title_kind TEXT NOT NULL,
        later BOOLEAN NOT NULL,
        state TEXT NOT NULL,
        amount BIGINT NOT NULL,
        red_due BIGINT NOT NULL,
        red_done BIGINT NOT NULL,
        number TEXT,
        issued_on TEXT,
        red_number TEXT,
        red_on TEXT,
        reason TEXT,
        file_sha256 TEXT,
        asked_at BIGINT NOT NULL,
        changed_at BIGINT NOT NULL,
        fact_position BIGINT NOT NULL,
        CONSTRAINT pk_invoice PRIMARY KEY (invoice_id),
        CONSTRAINT fk_invoice_sale_id FOREIGN KEY(sale_id) REFERENCES sale (sale_id)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX ix_invoice_sale ON invoice (sale_id)",
    "CREATE INDEX ix_invoice_sale_number ON invoice (sale_number)",
    "CREATE INDEX ix_invoice_request_no ON invoice (request_no)",
    "CREATE INDEX ix_invoice_state ON invoice (state, asked_at)",
    "CREATE INDEX ix_invoice_asked ON invoice (asked_at)",
    "CREATE INDEX ix_invoice_title_kind ON invoice (title_kind, asked_at)",
    "CREATE INDEX ix_invoice_number ON invoice (number) WHERE number IS NOT NULL",
    "CREATE INDEX ix_invoice_red_number ON invoice (red_number) WHERE red_number IS NOT NULL",
    "CREATE INDEX ix_invoice_member ON invoice (member_id, asked_at) WHERE member_id IS NOT NULL",
)


def upgrade() -> None:
    """Make the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version=12")
