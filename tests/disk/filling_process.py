"""A new till that is filled and sells meanwhile, and says what was safe: the process that the witness watches.

Rows come in small transactions, and sales are made on a thread of their own. Both halves of the filling work in this
process: the witness's record is then in one order. With OFF the filling never waits for the disk, and nobody sells: a
sale would sync the log for it.

    python -m tests.disk.filling_process FOLDER DATABASE-OF-THE-PLATFORM FOLDER-OF-SNAPSHOTS [OFF]
"""

import os
import sys
from pathlib import Path
from threading import Event, Thread

from pos_app.persistence import members_filling
from sync.client import filling_rows
from tests.disk.record import MARKS
from tests.support.filling_process import feed_at
from tests.support.filling_till import Way, filling_till
from tests.support.shop_on_disk import CANDY, open_shop

MOST_ROWS = 40
LEAST_SALES, MOST_SALES = 15, 60


def main(folder: Path, url: str, snapshots: Path) -> None:
    """Fill and sell; tell of each sale and each sign-up after its commit."""
    filling_rows.MOST = MOST_ROWS
    if "OFF" in sys.argv:
        hasty = tuple(p.replace("synchronous=NORMAL", "synchronous=OFF") for p in members_filling._PRAGMAS)
        members_filling._PRAGMAS = hasty  # type: ignore[assignment]
    marks = os.open(folder / MARKS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    shop, is_filled = open_shop(folder, first_id=1 << 30), Event()

    def say(word: str) -> None:
        os.write(marks, f"{word}\n".encode())

    def at_the_counter() -> None:
        for number in range(MOST_SALES):
            if "OFF" in sys.argv or (is_filled.is_set() and number >= LEAST_SALES):
                return
            if number % 4 == 3:
                say(f"signed {shop.sign_up(f'1391234{number:04d}', '欧阳新').member_id}")
            say(f"sold {shop.sell(CANDY).sale.sale_id}")

    counter = Thread(target=at_the_counter)
    counter.start()
    here = shop.shop.settings.value.shop_id
    filling_till(shop.store, folder, here, Way(feed_at(url, snapshots))).run()
    is_filled.set()
    counter.join()
    say("filled")
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
