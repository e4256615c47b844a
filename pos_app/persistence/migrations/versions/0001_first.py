"""The first schema of a till.

The statements stand here as they were, whatever the tables in code become.
"""

from alembic import op

revision = "0001"
down_revision = None

STATEMENTS = (
    """
    CREATE TABLE approval (
        approval_id BLOB NOT NULL,
        action TEXT NOT NULL,
        amount BIGINT NOT NULL,
        cart_id BLOB,
        approver_id BLOB NOT NULL,
        asked_by BLOB NOT NULL,
        given_at BIGINT NOT NULL,
        used_at BIGINT,
        CONSTRAINT pk_approval PRIMARY KEY (approval_id)
    )
    """,
    """
    CREATE TABLE cart (
        cart_id BLOB NOT NULL,
        state TEXT NOT NULL,
        owner_id BLOB,
        label TEXT,
        changed_at BIGINT NOT NULL,
        body BLOB NOT NULL,
        CONSTRAINT pk_cart PRIMARY KEY (cart_id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE gold_price (
        fineness TEXT NOT NULL,
        day TEXT NOT NULL,
        price BIGINT NOT NULL,
        CONSTRAINT pk_gold_price PRIMARY KEY (fineness, day)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE journal (
        position INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        kind TEXT NOT NULL,
        version INTEGER NOT NULL,
        fact_id BLOB NOT NULL,
        happened_at BIGINT NOT NULL,
        hlc BIGINT NOT NULL,
        staff_id BLOB,
        hash BLOB NOT NULL,
        body BLOB NOT NULL,
        CONSTRAINT pk_journal PRIMARY KEY (position)
    )
    """,
    """
    CREATE TABLE journal_head (
        id INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        hash BLOB NOT NULL,
        hlc BIGINT NOT NULL,
        CONSTRAINT pk_journal_head PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE member (
        member_id BLOB NOT NULL,
        name TEXT,
        joined_at BIGINT NOT NULL,
        joined_shop_id BLOB NOT NULL,
        last_visit_at BIGINT,
        visits INTEGER NOT NULL,
        erased_at BIGINT,
        body BLOB,
        CONSTRAINT pk_member PRIMARY KEY (member_id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE INDEX ix_member_last_visit ON member (last_visit_at)
    """,
    """
    CREATE INDEX ix_member_name ON member (name, last_visit_at)
    """,
    """
    CREATE TABLE print_job (
        job_id BLOB NOT NULL,
        state TEXT NOT NULL,
        kind TEXT NOT NULL,
        subject_id BLOB,
        copy_number INTEGER NOT NULL,
        attempts INTEGER NOT NULL,
        created_at BIGINT NOT NULL,
        CONSTRAINT pk_print_job PRIMARY KEY (job_id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE product_key (
        "key" TEXT NOT NULL,
        variant_id BLOB NOT NULL,
        CONSTRAINT pk_product_key PRIMARY KEY ("key", variant_id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE INDEX ix_product_key_variant ON product_key (variant_id)
    """,
    """
    CREATE TABLE receipt_counter (
        epoch INTEGER NOT NULL,
        year INTEGER NOT NULL,
        last INTEGER NOT NULL,
        CONSTRAINT pk_receipt_counter PRIMARY KEY (epoch, year)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE sale (
        sale_id BLOB NOT NULL,
        number TEXT NOT NULL,
        kind TEXT NOT NULL,
        shift_id BLOB NOT NULL,
        business_date TEXT NOT NULL,
        committed_at BIGINT NOT NULL,
        cashier_id BLOB NOT NULL,
        member_id BLOB,
        lines INTEGER NOT NULL,
        subtotal BIGINT NOT NULL,
        reductions BIGINT NOT NULL,
        tax BIGINT NOT NULL,
        tax_added BOOLEAN NOT NULL,
        total BIGINT NOT NULL,
        cash_rounding BIGINT NOT NULL,
        returns_id BLOB,
        fact_position INTEGER NOT NULL,
        CONSTRAINT pk_sale PRIMARY KEY (sale_id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE INDEX ix_sale_business_date ON sale (business_date)
    """,
    """
    CREATE INDEX ix_sale_member ON sale (member_id, committed_at) WHERE member_id IS NOT NULL
    """,
    """
    CREATE UNIQUE INDEX ix_sale_number ON sale (number)
    """,
    """
    CREATE INDEX ix_sale_returns ON sale (returns_id) WHERE returns_id IS NOT NULL
    """,
    """
    CREATE INDEX ix_sale_shift ON sale (shift_id)
    """,
    """
    CREATE TABLE settings (
        id INTEGER NOT NULL,
        body BLOB NOT NULL,
        CONSTRAINT pk_settings PRIMARY KEY (id)
    )
    """,
    """
    CREATE TABLE shift (
        shift_id BLOB NOT NULL,
        opened_at BIGINT NOT NULL,
        opened_by BLOB NOT NULL,
        business_date TEXT NOT NULL,
        float_amount BIGINT NOT NULL,
        opened_position INTEGER NOT NULL,
        closed_at BIGINT,
        z_number INTEGER,
        report BLOB,
        CONSTRAINT pk_shift PRIMARY KEY (shift_id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE INDEX ix_shift_open ON shift (closed_at) WHERE closed_at IS NULL
    """,
    """
    CREATE TABLE signed_head (
        epoch INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        hash BLOB NOT NULL,
        signature BLOB NOT NULL,
        public_key BLOB NOT NULL,
        CONSTRAINT pk_signed_head PRIMARY KEY (epoch, seq)
    )
    """,
    """
    CREATE TABLE staff (
        staff_id BLOB NOT NULL,
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        active BOOLEAN NOT NULL,
        pin_hash TEXT NOT NULL,
        badge BLOB,
        wrong_tries INTEGER NOT NULL,
        locked_until BIGINT,
        CONSTRAINT pk_staff PRIMARY KEY (staff_id)
    )
    """,
    """
    CREATE UNIQUE INDEX ix_staff_badge ON staff (badge)
    """,
    """
    CREATE UNIQUE INDEX ix_staff_code ON staff (code)
    """,
    """
    CREATE TABLE subject_key (
        subject_id BLOB NOT NULL,
        "key" BLOB NOT NULL,
        CONSTRAINT pk_subject_key PRIMARY KEY (subject_id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE variant (
        variant_id BLOB NOT NULL,
        style_id BLOB NOT NULL,
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        category TEXT,
        retail BIGINT,
        body BLOB NOT NULL,
        CONSTRAINT pk_variant PRIMARY KEY (variant_id)
    )
    """,
    """
    CREATE UNIQUE INDEX ix_variant_code ON variant (code)
    """,
    """
    CREATE TABLE barcode (
        code TEXT NOT NULL,
        variant_id BLOB NOT NULL,
        pack_quantity BIGINT NOT NULL,
        unit TEXT,
        price BIGINT,
        CONSTRAINT pk_barcode PRIMARY KEY (code),
        CONSTRAINT fk_barcode_variant_id FOREIGN KEY(variant_id) REFERENCES variant (variant_id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE INDEX ix_barcode_variant ON barcode (variant_id)
    """,
    """
    CREATE TABLE batch (
        batch_id BLOB NOT NULL,
        variant_id BLOB NOT NULL,
        code TEXT NOT NULL,
        expires_on TEXT,
        CONSTRAINT pk_batch PRIMARY KEY (batch_id),
        CONSTRAINT fk_batch_variant_id FOREIGN KEY(variant_id) REFERENCES variant (variant_id)
    )
    """,
    """
    CREATE INDEX ix_batch_variant ON batch (variant_id, expires_on)
    """,
    """
    CREATE TABLE cash_move (
        id INTEGER NOT NULL,
        shift_id BLOB NOT NULL,
        direction TEXT NOT NULL,
        amount BIGINT NOT NULL,
        reason TEXT NOT NULL,
        CONSTRAINT pk_cash_move PRIMARY KEY (id),
        CONSTRAINT fk_cash_move_shift_id FOREIGN KEY(shift_id) REFERENCES shift (shift_id)
    )
    """,
    """
    CREATE INDEX ix_cash_move_shift ON cash_move (shift_id)
    """,
    """
    CREATE TABLE member_key (
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        member_id BLOB NOT NULL,
        reversed TEXT NOT NULL,
        CONSTRAINT pk_member_key PRIMARY KEY (kind, value),
        CONSTRAINT fk_member_key_member_id FOREIGN KEY(member_id) REFERENCES member (member_id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE INDEX ix_member_key_member ON member_key (member_id)
    """,
    """
    CREATE INDEX ix_member_key_reversed ON member_key (reversed)
    """,
    """
    CREATE TABLE piece (
        piece_id BLOB NOT NULL,
        variant_id BLOB NOT NULL,
        code TEXT NOT NULL,
        certificate TEXT,
        state TEXT NOT NULL,
        body BLOB NOT NULL,
        CONSTRAINT pk_piece PRIMARY KEY (piece_id),
        CONSTRAINT fk_piece_variant_id FOREIGN KEY(variant_id) REFERENCES variant (variant_id)
    )
    """,
    """
    CREATE INDEX ix_piece_certificate ON piece (certificate)
    """,
    """
    CREATE UNIQUE INDEX ix_piece_code ON piece (code)
    """,
    """
    CREATE INDEX ix_piece_variant ON piece (variant_id)
    """,
    """
    CREATE TABLE receipt_copy (
        sale_id BLOB NOT NULL,
        copies INTEGER NOT NULL,
        CONSTRAINT pk_receipt_copy PRIMARY KEY (sale_id),
        CONSTRAINT fk_receipt_copy_sale_id FOREIGN KEY(sale_id) REFERENCES sale (sale_id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE sale_line (
        sale_id BLOB NOT NULL,
        place INTEGER NOT NULL,
        line_id BLOB NOT NULL,
        kind TEXT NOT NULL,
        variant_id BLOB,
        piece_id BLOB,
        code TEXT,
        name TEXT,
        quantity BIGINT NOT NULL,
        net_weight_mg BIGINT,
        gross BIGINT NOT NULL,
        net BIGINT NOT NULL,
        tax BIGINT NOT NULL,
        tax_code TEXT,
        tax_rate TEXT,
        CONSTRAINT pk_sale_line PRIMARY KEY (sale_id, place),
        CONSTRAINT fk_sale_line_sale_id FOREIGN KEY(sale_id) REFERENCES sale (sale_id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE sale_reduction (
        sale_id BLOB NOT NULL,
        place INTEGER NOT NULL,
        line_place INTEGER NOT NULL,
        kind TEXT NOT NULL,
        amount BIGINT NOT NULL,
        rule TEXT,
        reason TEXT,
        approver_id BLOB,
        CONSTRAINT pk_sale_reduction PRIMARY KEY (sale_id, place),
        CONSTRAINT fk_sale_reduction_sale_id FOREIGN KEY(sale_id) REFERENCES sale (sale_id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE sale_returned (
        bought_sale_id BLOB NOT NULL,
        bought_line_id BLOB NOT NULL,
        return_sale_id BLOB NOT NULL,
        quantity BIGINT NOT NULL,
        CONSTRAINT pk_sale_returned PRIMARY KEY (bought_sale_id, bought_line_id, return_sale_id),
        CONSTRAINT fk_sale_returned_bought_sale_id FOREIGN KEY(bought_sale_id) REFERENCES sale (sale_id),
        CONSTRAINT fk_sale_returned_return_sale_id FOREIGN KEY(return_sale_id) REFERENCES sale (sale_id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE sale_tender (
        sale_id BLOB NOT NULL,
        place INTEGER NOT NULL,
        kind TEXT NOT NULL,
        role TEXT NOT NULL,
        amount BIGINT NOT NULL,
        reference TEXT,
        CONSTRAINT pk_sale_tender PRIMARY KEY (sale_id, place),
        CONSTRAINT fk_sale_tender_sale_id FOREIGN KEY(sale_id) REFERENCES sale (sale_id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE scale_item (
        item TEXT NOT NULL,
        variant_id BLOB NOT NULL,
        CONSTRAINT pk_scale_item PRIMARY KEY (item),
        CONSTRAINT fk_scale_item_variant_id FOREIGN KEY(variant_id) REFERENCES variant (variant_id)
    )
     WITHOUT ROWID
    """,
    "INSERT INTO journal_head (id, epoch, seq, hash, hlc) VALUES (1, 1, 0, zeroblob(32), 0)",
    "PRAGMA user_version=1",
)


def upgrade() -> None:
    """Make every table and index."""
    for statement in STATEMENTS:
        op.execute(statement)
