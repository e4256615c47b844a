"""A journal that was cut below what the platform acknowledged: no trade until a restore opens a new epoch.

That `verify` finds the cut is in `test_tamper`; a disk that was put back whole is in `test_restored`.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from pos_app.domain.values.money import Amount
from pos_app.services.proof_cut import JournalCutError
from sync.protocol.messages import TillState
from tests.support.backups import brought_back, saved
from tests.support.shop_on_disk import CANDY, NECKLACE, DiskShop, open_shop
from tests.support.tills_together import LinkedTill, Together, together


@dataclass
class Cut:
    """A till, its platform, and a backup from before its journal was cut."""

    shops: Together
    till: LinkedTill
    backup: Path
    acked: int

    @property
    def shop(self) -> DiskShop:
        """The till's counter."""
        return self.till.shop

    def reopen(self, first_id: int = 3 << 20) -> None:
        """Open the till as a later process does."""
        self.shop.store.close()
        self.till.shop = open_shop(self.shop.folder, first_id=first_id)

    def cut(self, keep: int, *, sets_head_back: bool = True) -> None:
        """Cut everything after a seq off the bare file, with the head set back or not."""
        self.shop.store.close()
        with closing(sqlite3.connect(self.shop.database)) as connection:
            connection.execute("DELETE FROM journal WHERE seq > ?", (keep,))
            if sets_head_back:
                connection.execute(
                    "UPDATE journal_head SET seq = :keep, hash = (SELECT hash FROM journal WHERE seq = :keep),"
                    " hlc = (SELECT hlc FROM journal WHERE seq = :keep)",
                    {"keep": keep},
                )
            connection.commit()
        self.reopen()

    def restore(self, backup: Path) -> None:
        """Restore a backup over the till, which opens a new epoch."""
        self.shop.store.close()
        brought_back(backup, self.shop.folder, force=True)
        self.reopen(first_id=6 << 20)


@pytest.fixture
def cut(tmp_path: Path) -> Iterator[Cut]:
    """A synced till in an open shift, with a backup of some sales ago."""
    with together(tmp_path, f"sqlite+pysqlite:///{(tmp_path / 'p.db').as_posix()}") as shops:
        till = shops.till(1)
        till.shop.sell(CANDY)
        till.push()
        saved(till.shop, tmp_path / "stick" / "shop.zip")
        till.shop.sell(NECKLACE)
        till.push()
        with till.shop.store.read() as tx:
            link = tx.links.load()
        assert link is not None and link.signature
        yield Cut(shops, till, tmp_path / "stick" / "shop.zip", link.seq)


@pytest.mark.parametrize("sets_head_back", [True, False])
def test_a_till_cut_below_an_acknowledgement_sells_nothing(cut: Cut, sets_head_back: bool) -> None:
    cut.cut(cut.acked - 1, sets_head_back=sets_head_back)
    for _ in range(2):
        with pytest.raises(JournalCutError) as refused:
            cut.shop.sell(CANDY)
        assert refused.value.params == {"place": f"1.{cut.acked}"}
        # Whoever goes on with other things until the journal is as long again sells nothing all the same.
        for _ in range(3):
            cut.shop.shop.shifts.open_drawer(cut.shop.owner, "change")


def test_a_till_cut_below_an_acknowledgement_opens_no_shift(cut: Cut) -> None:
    cut.shop.close_shift()
    cut.till.push()
    with cut.shop.store.read() as tx:
        head = tx.journal.head()
    cut.cut(head.seq - 1)
    with pytest.raises(JournalCutError):
        cut.shop.shop.shifts.open(cut.shop.cashier, Amount(0))


def test_a_till_that_sells_ahead_of_its_platform_is_not_held_up(cut: Cut) -> None:
    cut.shop.sell(CANDY)
    cut.cut(cut.acked)
    cut.shop.sell(CANDY)


def test_a_backup_from_before_the_cut_lets_it_trade_again_in_a_new_epoch_that_the_platform_believes(
    cut: Cut,
) -> None:
    cut.cut(cut.acked - 1)
    cut.restore(cut.backup)
    assert cut.shop.sell(CANDY).sale.number == "N01-1-2026-B000001"
    assert cut.till.push().state is TillState.OK
    assert cut.shop.verify().passed


@pytest.mark.parametrize("sets_head_back", [True, False])
def test_a_backup_from_after_the_cut_lets_it_trade_and_push_again(
    cut: Cut, tmp_path: Path, sets_head_back: bool
) -> None:
    cut.cut(cut.acked - 1, sets_head_back=sets_head_back)
    saved(cut.shop, tmp_path / "stick" / "late.zip")
    cut.restore(tmp_path / "stick" / "late.zip")
    cut.shop.sell(CANDY)
    assert cut.till.push().state is TillState.OK


def test_a_till_that_was_cut_and_did_other_things_pushes_again_after_a_restore(
    cut: Cut, tmp_path: Path
) -> None:
    cut.cut(cut.acked - 1)
    for _ in range(3):
        cut.shop.shop.shifts.open_drawer(cut.shop.owner, "change")
    saved(cut.shop, tmp_path / "stick" / "late.zip")
    cut.restore(tmp_path / "stick" / "late.zip")
    cut.shop.sell(CANDY)
    assert cut.till.push().state is TillState.OK
    cut.shop.sell(CANDY)
    assert cut.till.push().state is TillState.OK
