"""The platform's tables: every key begins with the merchant, so that a distributed PostgreSQL can shard by it.

Decides shape and indexes, for SQLite and PostgreSQL alike: bytes, integers and text only. Times are milliseconds since
1970 in UTC, ids 16 bytes. Nothing is unique across merchants, and no database sequence numbers anything.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text, text

NAMING = {"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
metadata = MetaData(naming_convention=NAMING)


def _id(name: str, *, key: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary(16), primary_key=key, nullable=False)


def _hash(name: str, *, key: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary(32), primary_key=key, nullable=False)


def _number(name: str, *, key: bool = False, default: int | None = None) -> Column[int]:
    given = None if default is None else text(str(default))
    return Column(
        name, BigInteger, primary_key=key, autoincrement=False, nullable=False, server_default=given
    )


def _word(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


merchant = Table(
    "merchant",
    metadata,
    _id("merchant_id", key=True),
    _word("currency"),
    _number("founded_at"),
    Column("seed", LargeBinary(32), nullable=False),
)
"""A merchant; `seed` is the private half of the Ed25519 key that signs acknowledgements."""
feed_head = Table("feed_head", metadata, _id("merchant_id", key=True), _number("position"))
shop = Table(
    "shop",
    metadata,
    _id("merchant_id", key=True),
    _id("shop_id", key=True),
    _word("code"),
    _word("name"),
)
till = Table(
    "till",
    metadata,
    _id("merchant_id", key=True),
    _id("till_id", key=True),
    _id("shop_id"),
    _word("code"),
    Column("public_key", LargeBinary(32), nullable=False),
    Column("token_hash", LargeBinary(32), nullable=False),
    _word("state"),
    _number("epoch"),
    _number("seq"),
    _hash("hash"),
    _number("letters", default=0),
    _number("enrolled_at"),
    _number("seen_at"),
    _number("skew_ms", default=0),
)
"""A till, and where its accepted journal ends."""
epoch_base = Table(
    "epoch_base",
    metadata,
    _id("merchant_id", key=True),
    _id("till_id", key=True),
    _number("epoch", key=True),
    _hash("hash"),
)
"""What the first fact of an epoch is chained to."""
fact = Table(
    "fact",
    metadata,
    _id("merchant_id", key=True),
    _id("till_id", key=True),
    _number("epoch", key=True),
    _number("seq", key=True),
    _hash("hash", key=True),
    _word("kind"),
    Column("version", Integer, nullable=False),
    _number("hlc"),
    _number("received_at"),
    _word("state"),
    _word("why"),
    Column("body", LargeBinary, nullable=False),
    Index(
        "ix_fact_parked",
        "merchant_id",
        "till_id",
        "epoch",
        "seq",
        sqlite_where=text("state = 'parked'"),
        postgresql_where=text("state = 'parked'"),
    ),
)
"""A fact as it was sent. The hash is in the key, because of a forked journal two facts may stand at one place."""
subject_key = Table(
    "subject_key",
    metadata,
    _id("merchant_id", key=True),
    _id("subject_id", key=True),
    Column("key", LargeBinary(32), nullable=False),
)
enrol_code = Table(
    "enrol_code",
    metadata,
    _id("merchant_id", key=True),
    _hash("code_hash", key=True),
    Column("shop_id", LargeBinary(16)),
    _number("expires_at"),
    Column("used_by", LargeBinary(16)),
    Index("ix_enrol_code_code_hash", "code_hash"),
)
"""A one-time code, hashed; `shop_id` where it is bound to a shop."""
