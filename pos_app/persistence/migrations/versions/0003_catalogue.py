"""Goods in versions, with price lists, every gold price that was set, pictures and changes of many.

What stands in the tables of the first schema is carried over; search keys are computed anew, since more of a variant
is searched now. The statements stand here as they were, whatever the tables in code become.
"""

import msgspec
from alembic import op
from sqlalchemy import Connection

from pos_app.domain.search import MAX_KEY, folded, name_keys

revision = "0003"
down_revision = "0002"

RENAMED = ("variant", "barcode", "scale_item", "piece", "batch", "gold_price")
STATEMENTS: tuple[str, ...] = (
    *(f"ALTER TABLE {table} RENAME TO {table}_before" for table in RENAMED),
    "DROP TABLE product_key",
    *(f"DROP INDEX {name}" for name in ("ix_variant_code", "ix_piece_code", "ix_piece_certificate")),
    *(f"DROP INDEX {name}" for name in ("ix_piece_variant", "ix_batch_variant", "ix_barcode_variant")),
    """
    CREATE TABLE style (
        style_id BLOB NOT NULL,
        since INTEGER NOT NULL,
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        category TEXT,
        brand TEXT,
        CONSTRAINT pk_style PRIMARY KEY (style_id)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE variant (
        no INTEGER NOT NULL,
        variant_id BLOB NOT NULL,
        since INTEGER NOT NULL,
        until INTEGER NOT NULL,
        style_id BLOB NOT NULL,
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        category TEXT,
        retail BIGINT,
        body BLOB NOT NULL,
        CONSTRAINT pk_variant PRIMARY KEY (no)
    )
    """,
    """
    CREATE TABLE barcode (
        code TEXT NOT NULL,
        no INTEGER NOT NULL,
        pack_quantity BIGINT NOT NULL,
        unit TEXT,
        price BIGINT,
        CONSTRAINT pk_barcode PRIMARY KEY (code, no)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE scale_item (
        item TEXT NOT NULL,
        no INTEGER NOT NULL,
        CONSTRAINT pk_scale_item PRIMARY KEY (item, no)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE product_key (
        "key" TEXT NOT NULL,
        no INTEGER NOT NULL,
        CONSTRAINT pk_product_key PRIMARY KEY ("key", no)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE piece (
        no INTEGER NOT NULL,
        piece_id BLOB NOT NULL,
        variant_id BLOB NOT NULL,
        since INTEGER NOT NULL,
        until INTEGER NOT NULL,
        code TEXT NOT NULL,
        certificate TEXT,
        gold TEXT,
        state TEXT NOT NULL,
        body BLOB NOT NULL,
        CONSTRAINT pk_piece PRIMARY KEY (no)
    )
    """,
    """
    CREATE TABLE batch (
        batch_id BLOB NOT NULL,
        variant_id BLOB NOT NULL,
        code TEXT NOT NULL,
        expires_on TEXT,
        quarantined BOOLEAN NOT NULL,
        CONSTRAINT pk_batch PRIMARY KEY (batch_id)
    )
    """,
    """
    CREATE TABLE price (
        no INTEGER NOT NULL,
        price_id BLOB NOT NULL,
        variant_id BLOB NOT NULL,
        since INTEGER NOT NULL,
        until INTEGER NOT NULL,
        barcode TEXT,
        list TEXT NOT NULL,
        price BIGINT NOT NULL,
        valid_from TEXT,
        valid_to TEXT,
        CONSTRAINT pk_price PRIMARY KEY (no)
    )
    """,
    """
    CREATE TABLE price_change (
        no INTEGER NOT NULL,
        changed_at BIGINT NOT NULL,
        variant_id BLOB NOT NULL,
        barcode TEXT,
        list TEXT NOT NULL,
        before BIGINT,
        after BIGINT,
        valid_from TEXT,
        printed_at BIGINT,
        CONSTRAINT pk_price_change PRIMARY KEY (no)
    )
    """,
    """
    CREATE TABLE gold_price (
        no INTEGER NOT NULL,
        fineness TEXT NOT NULL,
        day TEXT NOT NULL,
        price BIGINT NOT NULL,
        set_at BIGINT,
        set_by BLOB,
        approver_id BLOB,
        CONSTRAINT pk_gold_price PRIMARY KEY (no)
    )
    """,
    """
    CREATE TABLE picture (
        sha256 TEXT NOT NULL,
        media_type TEXT NOT NULL,
        thumbnail BLOB NOT NULL,
        content BLOB NOT NULL,
        CONSTRAINT pk_picture PRIMARY KEY (sha256)
    )
    """,
    """
    CREATE TABLE bulk_edit (
        no INTEGER NOT NULL,
        made_at BIGINT NOT NULL,
        staff_id BLOB NOT NULL,
        undone_at BIGINT,
        CONSTRAINT pk_bulk_edit PRIMARY KEY (no)
    )
    """,
    """
    CREATE TABLE bulk_change (
        edit INTEGER NOT NULL,
        variant_id BLOB NOT NULL,
        before BLOB NOT NULL,
        after BLOB NOT NULL,
        CONSTRAINT pk_bulk_change PRIMARY KEY (edit, variant_id)
    )
     WITHOUT ROWID
    """,
)
_CARRIED: tuple[str, ...] = (
    """
    INSERT INTO variant (no, variant_id, since, until, style_id, code, name, category, retail, body)
    SELECT row_number() OVER (ORDER BY code), variant_id, 0, 0, style_id, code, name, category, retail, body
    FROM variant_before ORDER BY code
    """,
    "CREATE INDEX ix_variant_variant ON variant (variant_id)",
    """
    INSERT INTO barcode (code, no, pack_quantity, unit, price)
    SELECT b.code, v.no, b.pack_quantity, b.unit, b.price
    FROM barcode_before AS b JOIN variant AS v ON v.variant_id = b.variant_id ORDER BY b.code
    """,
    """
    INSERT INTO scale_item (item, no)
    SELECT s.item, v.no FROM scale_item_before AS s JOIN variant AS v ON v.variant_id = s.variant_id
    """,
    """
    INSERT INTO piece (no, piece_id, variant_id, since, until, code, certificate, gold, state, body)
    SELECT row_number() OVER (ORDER BY code), piece_id, variant_id, 0, 0, code, certificate,
        CASE WHEN json_extract(CAST(body AS TEXT), '$.fixed_price') IS NULL
            THEN json_extract(CAST(body AS TEXT), '$.fineness') END, state, body
    FROM piece_before ORDER BY code
    """,
    """
    INSERT INTO batch (batch_id, variant_id, code, expires_on, quarantined)
    SELECT batch_id, variant_id, code, expires_on, 0 FROM batch_before
    """,
    """
    INSERT INTO gold_price (fineness, day, price)
    SELECT fineness, day, price FROM gold_price_before ORDER BY fineness, day
    """,
)
_AFTER: tuple[str, ...] = (
    *(f"DROP TABLE {table}_before" for table in ("barcode", "scale_item", "piece", "batch")),
    *(f"DROP TABLE {table}_before" for table in ("gold_price", "variant")),
    "CREATE INDEX ix_style_code ON style (code)",
    "CREATE INDEX ix_variant_code ON variant (code, since, until)",
    "CREATE INDEX ix_variant_category ON variant (category, code, since, until)",
    "CREATE INDEX ix_variant_style ON variant (style_id)",
    "CREATE INDEX ix_barcode_no ON barcode (no)",
    "CREATE INDEX ix_scale_item_no ON scale_item (no)",
    "CREATE INDEX ix_piece_piece ON piece (piece_id)",
    "CREATE INDEX ix_piece_variant ON piece (variant_id, code)",
    "CREATE INDEX ix_piece_code ON piece (code)",
    "CREATE INDEX ix_piece_certificate ON piece (certificate) WHERE certificate IS NOT NULL",
    "CREATE INDEX ix_piece_gold ON piece (gold) WHERE gold IS NOT NULL",
    "CREATE INDEX ix_batch_variant ON batch (variant_id, expires_on)",
    "CREATE INDEX ix_price_variant ON price (variant_id)",
    "CREATE INDEX ix_price_price ON price (price_id)",
    "CREATE INDEX ix_price_change_at ON price_change (changed_at)",
    "CREATE INDEX ix_price_change_open ON price_change (no) WHERE printed_at IS NULL",
    "CREATE INDEX ix_gold_price_day ON gold_price (fineness, day, no, price)",
)
_SEARCHED = ("colour", "size", "length", "stage", "spec", "brand")


def upgrade() -> None:
    """Bring the schema up; goods keep their ids, in the order of their codes."""
    for statement in (*STATEMENTS, *_CARRIED):
        op.execute(statement)
    _write_keys(op.get_bind())
    for statement in _AFTER:
        op.execute(statement)
    op.execute("PRAGMA user_version=3")


def _write_keys(connection: Connection) -> None:
    """Compute the search keys of every variant; they are sorted before they are written, as their table is."""
    connection.exec_driver_sql("CREATE TEMP TABLE carried_key (key TEXT, no INTEGER)")
    rows = connection.exec_driver_sql("SELECT no, name, code, body FROM variant ORDER BY no")
    while chunk := rows.fetchmany(1_000):
        keys = [(key, row.no) for row in chunk for key in _keys(row.name, row.code, row.body)]
        connection.exec_driver_sql("INSERT INTO temp.carried_key VALUES (?, ?)", keys)
    connection.exec_driver_sql(
        "INSERT INTO product_key SELECT key, no FROM temp.carried_key ORDER BY key, no"
    )
    connection.exec_driver_sql("DROP TABLE temp.carried_key")


def _keys(name: str, code: str, body: bytes) -> set[str]:
    keys = name_keys(name) | {folded(code)[:MAX_KEY]}
    for attribute, value in msgspec.json.decode(body).get("attributes", ()):
        if attribute in _SEARCHED:
            keys |= name_keys(value)
    return keys - {""}
