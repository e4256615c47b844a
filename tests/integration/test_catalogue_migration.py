"""A shop of the first schema is carried over: goods keep ids and codes, are found, sold and priced as before."""

import re
import sqlite3
from contextlib import closing
from datetime import date
from importlib import import_module
from pathlib import Path

import msgspec
import pytest

from pos_app.domain.catalogue import PieceState
from pos_app.domain.catalogue.drafts import PriceDraft
from pos_app.domain.values.ids import VariantId
from pos_app.domain.values.money import Amount
from pos_app.persistence.base import to_id
from pos_app.persistence.database import open_store
from pos_app.persistence.store import SqlStore
from tests.support.bootstrap import NOON
from tests.support.fixed_clock import SharedIds
from tests.support.shop_on_disk import CANDY, FORMULA_CASE, RING, goods, open_shop, place_shop

ITEM = "00123"


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """Return the file of a shop as the first version of the program wrote it."""
    path = tmp_path / "shop.db"
    first = import_module("pos_app.persistence.migrations.versions.0001_first")
    with closing(sqlite3.connect(path, isolation_level=None)) as c:
        for statement in first.STATEMENTS:
            c.execute(statement)
        c.execute(
            "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
            "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
        )
        c.execute("INSERT INTO alembic_version VALUES ('0001')")
        for each in goods(SharedIds()):
            v = each.variant
            body = msgspec.json.encode(v)
            row = (v.variant_id.bytes, v.style_id.bytes, v.code, v.name, v.category, v.retail, body)
            c.execute("INSERT INTO variant VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            c.execute("INSERT INTO product_key VALUES (?, ?)", ("old", v.variant_id.bytes))
            for b in each.barcodes:
                code = (b.code, b.variant_id.bytes, b.pack_quantity, b.unit, b.price)
                c.execute("INSERT INTO barcode VALUES (?, ?, ?, ?, ?)", code)
            for p in each.pieces:
                found = (p.piece_id.bytes, p.variant_id.bytes, p.code, p.certificate, "sold")
                c.execute("INSERT INTO piece VALUES (?, ?, ?, ?, ?, ?)", (*found, msgspec.json.encode(p)))
            if v.code == "B002":
                c.execute("INSERT INTO scale_item VALUES (?, ?)", (ITEM, v.variant_id.bytes))
                batch = (b"b" * 16, v.variant_id.bytes, "L1", "2026-12-01")
                c.execute("INSERT INTO batch VALUES (?, ?, ?, ?)", batch)
        c.execute("INSERT INTO gold_price VALUES ('999', '2026-11-21', 100000)")
        c.execute("INSERT INTO gold_price VALUES ('999', '2026-11-22', 101200)")
    return path


def opened(path: Path) -> SqlStore:
    """Open a file, which brings it to the schema of now."""
    return open_store(path)


def test_goods_of_the_first_schema_are_found_as_before(before: Path) -> None:
    store = opened(before)
    with store.read() as tx:
        case = tx.catalogue.find_barcode([FORMULA_CASE])
        assert case is not None and case.barcode is not None
        assert (case.variant.code, case.barcode.pack_quantity, case.barcode.unit) == ("B001", 6_000, "箱")
        ring = tx.catalogue.find_piece(RING)
        assert ring is not None and ring.piece is not None and ring.piece.state is PieceState.SOLD
        weighed = tx.catalogue.find_scale_item(ITEM)
        candy = tx.catalogue.find_barcode([CANDY])
        assert weighed is not None and candy is not None and weighed.variant == candy.variant
        (batch,) = tx.catalogue.batches(candy.variant.variant_id)
        assert (batch.code, batch.expires_on, batch.quarantined) == ("L1", date(2026, 12, 1), False)
        for text in ("shougong", "sgn", "牛轧", "b002"):
            assert [f.variant.code for f in tx.catalogue.search(text, 5).found] == ["B002"], text
        assert tx.catalogue.search("old", 5).total == 0, "keys are computed anew"
        assert tx.catalogue.count() == 4
        (gold,) = tx.catalogue.gold_prices(date(2026, 11, 22))
        assert (gold.fineness, gold.price, gold.before) == ("999", 101_200, 100_000)
        assert [e.set_at for e in tx.catalogue.gold_history("999", 9)] == [None, None]
    assert list(store.check()) == []
    store.close()


def test_a_price_per_gram_is_known_by_its_fineness_after_the_change(before: Path) -> None:
    with closing(sqlite3.connect(before)) as c:
        body = msgspec.json.decode(c.execute("SELECT body FROM piece").fetchone()[0])
        per_gram = msgspec.json.encode({**body, "fixed_price": None, "fineness": "750"})
        c.execute("UPDATE piece SET body = ?", (per_gram,))
        c.commit()
    store = opened(before)
    with store.read() as tx:
        assert [g.fineness for g in tx.catalogue.gold_prices(NOON.date())] == ["750", "999"]
    store.close()


def test_the_schema_after_the_changes_is_the_one_of_the_tables(before: Path, tmp_path: Path) -> None:
    opened(before).close()
    fresh = place_shop(tmp_path / "fresh")
    shop = open_shop(fresh.parent)
    shop.store.close()

    def schema(path: Path) -> dict[str, str]:
        with closing(sqlite3.connect(path)) as c:
            rows = c.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
        return {name: "".join(sql.split()) for name, sql in rows}

    assert schema(before) == schema(fresh)


def test_ids_of_goods_are_kept(before: Path) -> None:
    with closing(sqlite3.connect(before)) as c:
        ids = {row[0] for row in c.execute("SELECT variant_id FROM variant")}
    store = opened(before)
    with store.read() as tx:
        assert all(tx.catalogue.variant(VariantId(to_id(each))) is not None for each in ids)
        assert len(tx.catalogue.browse("", 10)) == len(ids) == 4
    store.close()


def test_prices_whose_days_are_not_over_ask_for_their_labels_on_the_day_after(tmp_path: Path) -> None:
    place_shop(tmp_path)
    shop = open_shop(tmp_path)
    candy = shop.shop.catalogue.find(CANDY)
    assert candy is not None
    for last in (date(2099, 12, 31), date(2020, 1, 1)):
        draft = PriceDraft(variant=candy.variant.variant_id, list="retail", price=Amount(888), valid_to=last)
        shop.shop.catalogue_prices.save_price(shop.manager, draft)
    shop.store.close()
    versions = Path(str(import_module("pos_app.persistence.migrations.versions").__path__[0]))
    later = [path.read_text("utf-8") for path in versions.glob("0*.py") if path.name >= "0006"]
    made = [found for text in later for found in re.findall(r"CREATE ((?:TABLE|INDEX|TRIGGER) \w+)", text)]
    added = [found for text in later for found in re.findall(r"ALTER TABLE (\w+) ADD COLUMN (\w+)", text)]
    with closing(sqlite3.connect(shop.database, isolation_level=None)) as c:
        for each in sorted(made, key=lambda name: name.startswith("TABLE")):
            # One of the tables has another name by now, and one of the indexes was given up since.
            if "sale_returned_anywhere" not in each:
                c.execute(f"DROP {each}")
        for table, column in added:
            if f"TABLE {table}" not in made:
                c.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        c.execute(
            "CREATE INDEX ix_member_seen ON member (seen_here_at, seen_at, no, since, until, search)"
            " WHERE search IS NOT NULL"
        )
        c.execute("DELETE FROM price_change")
        c.execute("UPDATE alembic_version SET version_num = '0005'")
        c.execute("PRAGMA user_version=5")
    store = opened(shop.database)
    with store.read() as tx:
        (change,) = tx.catalogue.price_changes(None, 0, 10)
    store.close()
    assert (change.valid_from, change.before, change.after) == (date(2100, 1, 1), 888, 999)
