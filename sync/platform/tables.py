"""The platform's tables: every key begins with the merchant, so that a distributed PostgreSQL can shard by it.

Decides shape and indexes, for SQLite and PostgreSQL alike: bytes, integers and text only. Times are milliseconds since
1970 in UTC, ids 16 bytes. Nothing is unique across merchants, and no database sequence numbers anything.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text, text

NAMING = {"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
metadata = MetaData(naming_convention=NAMING)


class Bytes(LargeBinary):
    """Bytes as both drivers take and give them: nothing is wrapped on the way, which is done by the ten thousand."""

    cache_ok = True

    def bind_processor(self, _dialect: Any) -> Any:
        """Hand bytes to the driver as they are."""
        return None

    def result_processor(self, _dialect: Any, _kind: Any) -> Any:
        """Take bytes from the driver as they are."""
        return None


def _id(name: str, *, key: bool = False) -> Column[bytes]:
    return Column(name, Bytes(16), primary_key=key, nullable=False)


def _hash(name: str, *, key: bool = False) -> Column[bytes]:
    return Column(name, Bytes(32), primary_key=key, nullable=False)


def _number(name: str, *, key: bool = False, default: int | None = None) -> Column[int]:
    given = None if default is None else text(str(default))
    return Column(
        name, BigInteger, primary_key=key, autoincrement=False, nullable=False, server_default=given
    )


def _word(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _some(name: str | None, *columns: str, where: str) -> Index:
    """Return an index of some of the rows only."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


merchant = Table(
    "merchant",
    metadata,
    _id("merchant_id", key=True),
    _word("currency"),
    _number("founded_at"),
    Column("seed", Bytes(32), nullable=False),
)
"""A merchant; `seed` is the private half of the Ed25519 key that signs acknowledgements."""
feed_head = Table(
    "feed_head", metadata, _id("merchant_id", key=True), _number("position"), _number("digest", default=0)
)
"""How far the feed goes, and the digest of all living documents; its row is locked until the writer commits."""
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
    Column("public_key", Bytes(32), nullable=False),
    Column("token_hash", Bytes(32), nullable=False),
    _word("state"),
    _number("epoch"),
    _number("seq"),
    _hash("hash"),
    _number("letters", default=0),
    _number("enrolled_at"),
    _number("seen_at"),
    _number("skew_ms", default=0),
    _number("pulled", default=0),
    _number("waiting", default=0),
    Column("version", Text, nullable=False, server_default=text("''")),
    _number("revoked_at", default=0),
)
"""A till, where its accepted journal ends, how far it took the feed in, and how many facts waited there.

`revoked_at` is when it was shut out, 0 for one that never was.
"""
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
    Column("body", Bytes, nullable=False),
    _some("ix_fact_parked", "merchant_id", "till_id", "epoch", "seq", where="state = 'parked'"),
)
"""A fact as it was sent. The hash is in the key, because of a forked journal two facts may stand at one place."""
subject_key = Table(
    "subject_keys",
    metadata,
    _id("merchant_id", key=True),
    _id("subject_id", key=True),
    _hash("key", key=True),
)
"""Keys that open what facts seal. A till that edits somebody who signed up elsewhere seals with a key of its own."""
enrol_code = Table(
    "enrol_code",
    metadata,
    _id("merchant_id", key=True),
    _hash("code_hash", key=True),
    Column("shop_id", Bytes(16)),
    _number("expires_at"),
    Column("used_by", Bytes(16)),
    _number("tries", default=0),
    Index("ix_enrol_code_code_hash", "code_hash"),
)
"""A one-time code, hashed; `shop_id` where it is bound to a shop."""
document = Table(
    "document",
    metadata,
    _id("merchant_id", key=True),
    Column("kind", Text, primary_key=True),
    _id("id", key=True),
    _number("position"),
    Column("gone", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    _number("hlc"),
    Column("body", Bytes, nullable=False),
    Index(None, "merchant_id", "position"),
)
"""The latest state of a thing, and its place in the feed; each stands there once."""
member = Table(
    "member",
    metadata,
    _id("merchant_id", key=True),
    _id("member_id", key=True),
    Column("alias_of", Bytes(16)),
    Column("erased", Integer, nullable=False),
    Column("name", Bytes, nullable=False),
    Column("body", Bytes, nullable=False),
    Index(None, "merchant_id", "name"),
    _some(None, "merchant_id", "alias_of", where="alias_of IS NOT NULL"),
)
"""What was said under one id of a member (`folding.MemberState`): never joined with another's, so a merge can end.

`name` is folded, as UTF-8, so that names that begin alike stand together in any database.
"""
member_key = Table(
    "member_key",
    metadata,
    _id("merchant_id", key=True),
    Column("kind", Text, primary_key=True),
    _hash("hash", key=True),
    _id("member_id"),
    Column("verified", Integer, nullable=False),
    Index(None, "merchant_id", "member_id"),
)
"""Who owns a key: the first who claimed it. The key itself is not kept, only its HMAC."""
sale = Table(
    "sale",
    metadata,
    _id("merchant_id", key=True),
    _id("sale_id", key=True),
    _id("till_id"),
    _number("epoch"),
    _number("seq"),
    _hash("hash"),
    _id("shop_id"),
    _word("number"),
    _word("kind"),
    Column("member_id", Bytes(16)),
    _number("sold_at"),
    _number("total"),
    Column("counted", Integer, nullable=False),
    Index(None, "merchant_id", "number"),
    _some(None, "merchant_id", "member_id", "sold_at", where="member_id IS NOT NULL"),
)
"""A sale and where its fact stands; `counted` 0 for one that the desk has still to settle."""
returned_line = Table(
    "returned_line",
    metadata,
    _id("merchant_id", key=True),
    _id("line_id", key=True),
    _id("sale_id", key=True),
    _number("quantity"),
)
"""What of a line came back with which sale, in thousandths; counted returns only."""
sold_piece = Table(
    "sold_piece", metadata, _id("merchant_id", key=True), _id("piece_id", key=True), _id("sale_id")
)
"""Which sale a piece went out with."""
desk_item = Table(
    "desk_item",
    metadata,
    _id("merchant_id", key=True),
    _id("item_id", key=True),
    _word("kind"),
    Column("first_member", Bytes(16)),
    Column("second_member", Bytes(16)),
    Column("till_id", Bytes(16)),
    _number("epoch"),
    _number("seq"),
    Column("hash", Bytes(32)),
    Column("body", Bytes, nullable=False),
    *(
        _some(None, "merchant_id", name, where=f"{name} IS NOT NULL")
        for name in ("first_member", "second_member")
    ),
)
"""An item of the sync desk with what settling it needs: the members, the fact."""
import_chunk = Table(
    "import_chunk",
    metadata,
    _id("merchant_id", key=True),
    _id("batch_id", key=True),
    _id("till_id", key=True),
    _number("epoch", key=True),
    _number("seq", key=True),
    _hash("hash"),
    _word("state"),
    Column("undo", Bytes, nullable=False),
    _some("ix_import_chunk_work", "merchant_id", "state", where="state <> 'done'"),
)
"""Where a fact with staged members stands: it waits for its batch to be published, then to be folded, in slices.

`undo` holds what the fields were before, for a batch that is withdrawn later.
"""
staff_token = Table(
    "staff_token",
    metadata,
    _id("merchant_id", key=True),
    _id("token_id", key=True),
    Column("secret_hash", Bytes(32), nullable=False),
    _word("name"),
    _word("scopes"),
    _number("made_at"),
    _number("revoked_at", default=0),
)
"""A token of head office or of the web shop, with what it may do; only its hash is kept."""
declared_dead = Table(
    "declared_dead",
    metadata,
    _id("merchant_id", key=True),
    _id("till_id", key=True),
    _id("token_id"),
    _word("name"),
    _number("asked_at"),
)
"""The first of two persons who declare a till dead: whose token, what it is called, and when."""
