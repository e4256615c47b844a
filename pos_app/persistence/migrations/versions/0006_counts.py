"""Members counted, whose traces are to be scrubbed, the sale of a piece found, and labels when a price of days ends."""

from alembic import op

revision = "0006"
down_revision = "0005"

_ADD = """
        INSERT INTO member_count VALUES (new.since, new.until, 1)
            ON CONFLICT (since, until) DO UPDATE SET live = live + 1;
"""
_TAKE = """
        UPDATE member_count SET live = live - 1 WHERE since = old.since AND until = old.until;
"""
STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE member_count (
        since INTEGER NOT NULL,
        until INTEGER NOT NULL,
        live INTEGER NOT NULL,
        CONSTRAINT pk_member_count PRIMARY KEY (since, until)
    )
     WITHOUT ROWID
    """,
    """
    INSERT INTO member_count
        SELECT since, until, count(*) FROM member WHERE search IS NOT NULL GROUP BY since, until
    """,
    f"CREATE TRIGGER member_came AFTER INSERT ON member WHEN new.search IS NOT NULL BEGIN {_ADD} END",
    f"CREATE TRIGGER member_went AFTER DELETE ON member WHEN old.search IS NOT NULL BEGIN {_TAKE} END",
    f"""
    CREATE TRIGGER member_turned AFTER UPDATE OF since, until ON member
        WHEN old.search IS NOT NULL AND new.search IS NOT NULL BEGIN {_TAKE} {_ADD} END
    """,
    f"""
    CREATE TRIGGER member_forgotten AFTER UPDATE OF search ON member
        WHEN old.search IS NOT NULL AND new.search IS NULL BEGIN {_TAKE} END
    """,
    """
    CREATE TABLE member_trace (
        member_id BLOB NOT NULL,
        erased_at BIGINT NOT NULL,
        CONSTRAINT pk_member_trace PRIMARY KEY (member_id)
    )
     WITHOUT ROWID
    """,
    """
    INSERT INTO price_change (changed_at, variant_id, barcode, list, before, after, valid_from)
        SELECT CAST(strftime('%s', 'now') AS INTEGER) * 1000, variant_id, barcode, list, price,
            CASE WHEN barcode IS NULL THEN (
                SELECT retail FROM variant WHERE variant.variant_id = price.variant_id AND variant.until = 0
            ) END,
            date(valid_to, '+1 day')
        FROM price WHERE valid_to >= date('now') AND until = 0
    """,
    """
    CREATE INDEX ix_price_change_day ON price_change (variant_id, valid_from)
        WHERE printed_at IS NULL AND valid_from IS NOT NULL
    """,
    "CREATE INDEX ix_sale_line_piece ON sale_line (piece_id) WHERE piece_id IS NOT NULL",
)


def upgrade() -> None:
    """Make tables, triggers and index."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version=6")
