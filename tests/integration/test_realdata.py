"""A grocery chain's real baskets at our counter: what the books say is what the source says, to the cent."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copyfile

import pytest

from tests.realdata import books, chain
from tests.realdata.chain import Basket
from tests.realdata.counter import ServiceCounter
from tests.realdata.keys import KeyCounter
from tests.realdata.ring import ring_baskets, ringing_in, take_in_goods, three_sums, verified

WEEKS = "3"
BASKETS = 40
KEYED_WEEK, KEYED = "30", 8
"""Twenty lines: one does not divide, one costs nothing, some count more than one, some are reduced."""


def short(baskets: int, week: str = WEEKS) -> list[Basket]:
    return chain.baskets(frozenset({int(week)}), baskets)


def codes(chosen: list[Basket]) -> frozenset[str]:
    return frozenset(line.barcode for basket in chosen for line in basket.lines)


@pytest.fixture(scope="module")
def rung(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with the first baskets of a week, rung through the services."""
    folder = tmp_path_factory.mktemp("ring")
    chosen = short(BASKETS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHUKE_KEY_STORE", "file")
        with ringing_in(folder, chosen) as ring:
            take_in_goods(ring, codes(short(BASKETS + 2)))
            ring_baskets(ring, ServiceCounter(ring.shop, ring.owner), chosen)
        yield folder


def test_tables_journal_and_source_say_the_same_to_the_cent(rung: Path) -> None:
    lines, equal = three_sums(rung / "shop.db", 0, WEEKS, BASKETS)
    assert [line.split()[0] for line in lines] == ["sales", "journal", "source"]
    assert equal, lines
    assert int(lines[0].split()[1]) == BASKETS
    assert int(lines[0].split()[4]) > 0, "the chosen baskets hold discounts, or this proves little"
    assert verified(rung)


def test_baskets_rung_by_keys_into_the_window_come_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHUKE_KEY_STORE", "file")
    chosen = short(KEYED, KEYED_WEEK)
    with ringing_in(tmp_path, chosen) as ring:
        take_in_goods(ring, codes(chosen))
        counter = KeyCounter(ring)
        ring_baskets(ring, counter, chosen)
        counter.close()
    rung = [line for basket in chosen for line in basket.lines]
    assert any(line.unit is None for line in rung)
    assert any(line.regular == 0 for line in rung)
    assert any(line.count > 1 for line in rung) and any(line.off for line in rung)
    lines, equal = three_sums(tmp_path / "shop.db", 0, KEYED_WEEK, KEYED)
    assert equal, lines
    assert verified(tmp_path)


def test_the_ring_goes_on_where_it_stopped_and_old_sales_stand_in_no_sum(rung: Path, tmp_path: Path) -> None:
    copyfile(rung / "shop.db", tmp_path / "shop.db")
    chosen = short(BASKETS + 2)[-2:]
    with ringing_in(tmp_path, chosen) as ring:
        ring_baskets(ring, ServiceCounter(ring.shop, ring.owner), chosen)
    with closing(books.open_books(tmp_path / "shop.db")) as here:
        sums = books.from_tables(here, after=BASKETS)
        assert sums == books.from_journal(here, after=BASKETS)
    assert sums.baskets == 2
    assert sums.amount == sum(line.regular - line.off for basket in chosen for line in basket.lines)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sale_line SET net = net + 1 WHERE rowid_of_test",
        "UPDATE sale_reduction SET amount = amount - 1 WHERE rowid_of_test",
        "UPDATE sale SET total = total + 1, subtotal = subtotal + 1 WHERE rowid_of_test",
        "DELETE FROM sale_line WHERE rowid_of_test",
    ],
)
def test_a_changed_cent_in_the_tables_is_noticed(
    rung: Path, tmp_path: Path, change: str, capfd: pytest.CaptureFixture[str]
) -> None:
    copyfile(rung / "shop.db", tmp_path / "shop.db")
    with closing(sqlite3.connect(tmp_path / "shop.db")) as books_of_a_thief:
        place = "sale_id = (SELECT sale_id FROM sale_reduction LIMIT 1)"
        if "UPDATE sale SET" not in change:
            place += " AND place = 0"
        done = books_of_a_thief.execute(change.replace("rowid_of_test", place))
        assert done.rowcount == 1
        books_of_a_thief.commit()
    _, equal = three_sums(tmp_path / "shop.db", 0, WEEKS, BASKETS)
    assert not equal
    assert not verified(tmp_path)
    assert "sale" in capfd.readouterr().err
