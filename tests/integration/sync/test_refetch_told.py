"""What the till was made to fetch anew is told by its status, which the sync page shows."""

from pathlib import Path

from sync.client.status import StatusBoard
from tests.support.feed import NOW_MS, Feed, puller, tie
from tests.support.shop_on_disk import shop_on_disk


def test_that_all_was_fetched_anew_is_told_with_its_time(tmp_path: Path) -> None:
    with shop_on_disk(tmp_path) as shop:
        tie(shop)
        feed = Feed()
        board, engine = StatusBoard(shop.store), puller(shop, feed)
        feed.lying = True
        engine.pull(NOW_MS)
        assert board.refresh().refetched_at_ms == 0
        engine.pull(NOW_MS + 1)
        assert board.refresh().refetched_at_ms == NOW_MS + 1
