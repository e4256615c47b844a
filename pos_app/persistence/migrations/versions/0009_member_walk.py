"""The walk of members in the order of rank: a table of its own, so that a million can be put there in their order."""

from alembic import op

revision = "0009"
down_revision = "0008"

_OLD = "seen_here_at = old.seen_here_at AND seen_at = old.seen_at AND no = old.no"
_FILLED = "EXISTS (SELECT 1 FROM member_filling WHERE {0}.no BETWEEN first AND last)"
_NEW = "new.seen_here_at, new.seen_at, new.no, new.since, new.until, new.search"
_TOUCHED = "INSERT OR IGNORE INTO member_touched SELECT {0}.no WHERE " + _FILLED

STATEMENTS: tuple[str, ...] = (
    """
    CREATE TABLE member_walk (
        seen_here_at BIGINT NOT NULL,
        seen_at BIGINT NOT NULL,
        no INTEGER NOT NULL,
        since INTEGER NOT NULL,
        until INTEGER NOT NULL,
        search TEXT NOT NULL,
        CONSTRAINT pk_member_walk PRIMARY KEY (seen_here_at, seen_at, no)
    )
     WITHOUT ROWID
    """,
    """
    CREATE TABLE member_filling (
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        CONSTRAINT pk_member_filling PRIMARY KEY (first)
    )
    """,
    """
    CREATE TABLE member_touched (
        no INTEGER NOT NULL,
        CONSTRAINT pk_member_touched PRIMARY KEY (no)
    )
    """,
    """
    INSERT INTO member_walk SELECT seen_here_at, seen_at, no, since, until, search FROM member
        INDEXED BY ix_member_seen WHERE search IS NOT NULL ORDER BY seen_here_at, seen_at, no
    """,
    "DROP INDEX ix_member_seen",
    f"""
    CREATE TRIGGER member_walked AFTER INSERT ON member
        WHEN new.search IS NOT NULL AND NOT {_FILLED.format("new")} BEGIN
        INSERT INTO member_walk VALUES ({_NEW});
    END
    """,
    f"""
    CREATE TRIGGER member_rewalked AFTER UPDATE OF seen_here_at, seen_at, since, until, search ON member
        WHEN old.seen_here_at <> new.seen_here_at OR old.seen_at <> new.seen_at OR old.since <> new.since
            OR old.until <> new.until OR old.search IS NOT new.search BEGIN
        DELETE FROM member_walk WHERE {_OLD};
        INSERT INTO member_walk SELECT {_NEW} WHERE new.search IS NOT NULL;
        {_TOUCHED.format("new")};
    END
    """,
    f"""
    CREATE TRIGGER member_unwalked AFTER DELETE ON member BEGIN
        DELETE FROM member_walk WHERE {_OLD};
        {_TOUCHED.format("old")};
    END
    """,
)


def upgrade() -> None:
    """Carry the index over in its own order, then drop it."""
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute("PRAGMA user_version=9")
