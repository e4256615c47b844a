"""Members by number, with their search keys."""

from uuid import UUID

import msgspec
from alembic import op
from sqlalchemy import Connection

from pos_app.domain.search import member_keys, member_text

revision = "0002"
down_revision = "0001"

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE import_batch (
        number INTEGER NOT NULL,
        batch_id BLOB NOT NULL,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        file_name TEXT NOT NULL,
        started_at BIGINT NOT NULL,
        published_at BIGINT,
        staff_id BLOB NOT NULL,
        rows_done BIGINT NOT NULL,
        body BLOB NOT NULL,
        CONSTRAINT pk_import_batch PRIMARY KEY (number)
    )
    """,
    "CREATE INDEX ix_import_batch_pending ON import_batch (state) WHERE state NOT IN ('done', 'gone')",
    "CREATE INDEX ix_import_batch_sha256 ON import_batch (sha256)",
    "ALTER TABLE member RENAME TO member_before",
    "DROP TABLE member_key",
    """
    CREATE TABLE member (
        no INTEGER NOT NULL,
        seen_here_at BIGINT NOT NULL,
        seen_at BIGINT NOT NULL,
        since INTEGER NOT NULL,
        until INTEGER NOT NULL,
        member_id BLOB NOT NULL,
        joined_at BIGINT NOT NULL,
        joined_shop_id BLOB NOT NULL,
        last_visit_at BIGINT,
        visits INTEGER NOT NULL,
        erased_at BIGINT,
        search TEXT,
        body BLOB,
        CONSTRAINT pk_member PRIMARY KEY (no)
    )
    """,
    """
    CREATE TABLE member_rank (
        no INTEGER NOT NULL,
        seen_here_at BIGINT NOT NULL,
        seen_at BIGINT NOT NULL,
        CONSTRAINT pk_member_rank PRIMARY KEY (no)
    )
    """,
    """
    CREATE TRIGGER member_ranked AFTER INSERT ON member BEGIN
        INSERT INTO member_rank VALUES (new.no, new.seen_here_at, new.seen_at);
    END
    """,
    """
    CREATE TRIGGER member_seen AFTER UPDATE OF seen_here_at, seen_at ON member BEGIN
        UPDATE member_rank SET seen_here_at = new.seen_here_at, seen_at = new.seen_at WHERE no = new.no;
    END
    """,
    """
    CREATE TRIGGER member_unranked AFTER DELETE ON member BEGIN
        DELETE FROM member_rank WHERE no = old.no;
    END
    """,
    """
    CREATE TABLE member_key (
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        no INTEGER NOT NULL,
        CONSTRAINT pk_member_key PRIMARY KEY (kind, value, no)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE member_search (
        key TEXT NOT NULL,
        no INTEGER NOT NULL,
        CONSTRAINT pk_member_search PRIMARY KEY (key, no)
    )
     WITHOUT ROWID
    """,
)
_MEMBER = """
    INSERT INTO member (no, seen_here_at, seen_at, since, until, member_id, joined_at, joined_shop_id,
        last_visit_at, visits, erased_at, search, body)
    VALUES (?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_AFTER: tuple[str, ...] = (
    "DROP TABLE member_before",
    "CREATE INDEX ix_member_member ON member (member_id)",
    """
    CREATE INDEX ix_member_seen ON member (seen_here_at, seen_at, no, since, until, search)
    WHERE search IS NOT NULL
    """,
)


def upgrade() -> None:
    """Bring the schema up; members keep their ids, in the order in which they joined."""
    for statement in STATEMENTS:
        op.execute(statement)
    _carry_over(op.get_bind())
    for statement in _AFTER:
        op.execute(statement)
    op.execute("PRAGMA user_version=2")


def _carry_over(connection: Connection) -> None:
    """Number the members and write their keys; a body is the same in both schemas, and so it stays as it is."""
    here = connection.exec_driver_sql("SELECT body FROM settings").scalar_one_or_none()
    shop = UUID(msgspec.json.decode(here)["shop_id"]).bytes if here is not None else b""
    members = connection.exec_driver_sql(
        "SELECT member_id, joined_at, joined_shop_id, last_visit_at, visits, erased_at, body FROM member_before"
        " ORDER BY joined_at, member_id"
    )
    for no, member in enumerate(members, 1):
        seen = member.last_visit_at or 0
        seen_here = max(seen, member.joined_at) if member.joined_shop_id == shop else 0
        keys, search = [], None
        if member.body is not None:
            profile = msgspec.json.decode(member.body)["profile"]
            keys = profile.get("keys", [])
            search = member_text(profile.get("name"), [k["value"] for k in keys if k["kind"] == "phone"])
        row = (no, seen_here, max(seen, seen_here), *member[:6], search, member.body)
        connection.exec_driver_sql(_MEMBER, row)
        for key in sorted({(k["kind"], k["value"]) for k in keys}):
            connection.exec_driver_sql("INSERT INTO member_key VALUES (?, ?, ?)", (*key, no))
        for found in member_keys(search or ""):
            connection.exec_driver_sql("INSERT INTO member_search VALUES (?, ?)", (found, no))
