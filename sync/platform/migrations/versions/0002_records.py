"""Records: documents and the feed, members with their keys, sales, the sync desk, staff tokens, work left over."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE document (
        merchant_id {bytes} NOT NULL,
        kind TEXT NOT NULL,
        id {bytes} NOT NULL,
        position BIGINT NOT NULL,
        gone INTEGER NOT NULL,
        version INTEGER NOT NULL,
        hlc BIGINT NOT NULL,
        body {bytes} NOT NULL,
        CONSTRAINT pk_document PRIMARY KEY (merchant_id, kind, id)
    )
    """,
    "CREATE INDEX ix_document_merchant_id_position ON document (merchant_id, position)",
    "ALTER TABLE feed_head ADD COLUMN digest BIGINT NOT NULL DEFAULT 0",
    """
    CREATE TABLE member (
        merchant_id {bytes} NOT NULL,
        member_id {bytes} NOT NULL,
        alias_of {bytes},
        erased INTEGER NOT NULL,
        name {bytes} NOT NULL,
        body {bytes} NOT NULL,
        CONSTRAINT pk_member PRIMARY KEY (merchant_id, member_id)
    )
    """,
    """
    CREATE INDEX ix_member_merchant_id_alias_of ON member (merchant_id, alias_of) WHERE alias_of IS NOT NULL
    """,
    """
    CREATE INDEX ix_member_merchant_id_name ON member (merchant_id, name)
    """,
    """
    CREATE TABLE member_key (
        merchant_id {bytes} NOT NULL,
        kind TEXT NOT NULL,
        hash {bytes} NOT NULL,
        member_id {bytes} NOT NULL,
        verified INTEGER NOT NULL,
        CONSTRAINT pk_member_key PRIMARY KEY (merchant_id, kind, hash)
    )
    """,
    "CREATE INDEX ix_member_key_merchant_id_member_id ON member_key (merchant_id, member_id)",
    """
    CREATE TABLE sale (
        merchant_id {bytes} NOT NULL,
        sale_id {bytes} NOT NULL,
        till_id {bytes} NOT NULL,
        epoch BIGINT NOT NULL,
        seq BIGINT NOT NULL,
        hash {bytes} NOT NULL,
        shop_id {bytes} NOT NULL,
        number TEXT NOT NULL,
        kind TEXT NOT NULL,
        member_id {bytes},
        sold_at BIGINT NOT NULL,
        total BIGINT NOT NULL,
        counted INTEGER NOT NULL,
        CONSTRAINT pk_sale PRIMARY KEY (merchant_id, sale_id)
    )
    """,
    "CREATE INDEX ix_sale_merchant_id_number ON sale (merchant_id, number)",
    """
    CREATE INDEX ix_sale_merchant_id_member_id_sold_at ON sale (merchant_id, member_id, sold_at)
        WHERE member_id IS NOT NULL
    """,
    """
    CREATE TABLE returned_line (
        merchant_id {bytes} NOT NULL,
        line_id {bytes} NOT NULL,
        sale_id {bytes} NOT NULL,
        quantity BIGINT NOT NULL,
        CONSTRAINT pk_returned_line PRIMARY KEY (merchant_id, line_id, sale_id)
    )
    """,
    """
    CREATE TABLE sold_piece (
        merchant_id {bytes} NOT NULL,
        piece_id {bytes} NOT NULL,
        sale_id {bytes} NOT NULL,
        CONSTRAINT pk_sold_piece PRIMARY KEY (merchant_id, piece_id)
    )
    """,
    """
    CREATE TABLE desk_item (
        merchant_id {bytes} NOT NULL,
        item_id {bytes} NOT NULL,
        kind TEXT NOT NULL,
        first_member {bytes},
        second_member {bytes},
        till_id {bytes},
        epoch BIGINT NOT NULL,
        seq BIGINT NOT NULL,
        hash {bytes},
        body {bytes} NOT NULL,
        CONSTRAINT pk_desk_item PRIMARY KEY (merchant_id, item_id)
    )
    """,
    """
    CREATE INDEX ix_desk_item_merchant_id_first_member ON desk_item (merchant_id, first_member)
        WHERE first_member IS NOT NULL
    """,
    """
    CREATE INDEX ix_desk_item_merchant_id_second_member ON desk_item (merchant_id, second_member)
        WHERE second_member IS NOT NULL
    """,
    """
    CREATE TABLE import_chunk (
        merchant_id {bytes} NOT NULL,
        batch_id {bytes} NOT NULL,
        till_id {bytes} NOT NULL,
        epoch BIGINT NOT NULL,
        seq BIGINT NOT NULL,
        hash {bytes} NOT NULL,
        state TEXT NOT NULL,
        undo {bytes} NOT NULL,
        CONSTRAINT pk_import_chunk PRIMARY KEY (merchant_id, batch_id, till_id, epoch, seq)
    )
    """,
    "CREATE INDEX ix_import_chunk_work ON import_chunk (merchant_id, state) WHERE state <> 'done'",
    """
    CREATE TABLE staff_token (
        merchant_id {bytes} NOT NULL,
        token_id {bytes} NOT NULL,
        secret_hash {bytes} NOT NULL,
        name TEXT NOT NULL,
        scopes TEXT NOT NULL,
        made_at BIGINT NOT NULL,
        revoked_at BIGINT NOT NULL DEFAULT 0,
        CONSTRAINT pk_staff_token PRIMARY KEY (merchant_id, token_id)
    )
    """,
    "ALTER TABLE enrol_code ADD COLUMN tries BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE till ADD COLUMN pulled BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE till ADD COLUMN waiting BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE till ADD COLUMN version TEXT NOT NULL DEFAULT ''",
)


def upgrade() -> None:
    """Make the tables; bytes are BYTEA in PostgreSQL, BLOB in SQLite."""
    name = "BYTEA" if op.get_context().dialect.name == "postgresql" else "BLOB"
    for statement in STATEMENTS:
        op.execute(statement.format(bytes=name))
