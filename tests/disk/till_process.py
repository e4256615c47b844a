"""A till that sells, one sale after the other, and says of each when it was safe: the process that the witness watches.

Marks go into a file of the same folder, so that they stand in the witness's record between the writes of the books.

    python -m tests.disk.till_process FOLDER SALES [NORMAL]
"""

import os
import sys
from pathlib import Path

from pos_app.domain.errors import ShukeError
from pos_app.persistence import store
from tests.disk.record import MARKS
from tests.support.shop_on_disk import CANDY, NECKLACE, open_shop


def main() -> None:
    """Sell; tell of each sale after its commit, of each failure by its code."""
    folder, sales = Path(sys.argv[1]), int(sys.argv[2])
    if "NORMAL" in sys.argv:
        hasty = tuple(p.replace("synchronous=FULL", "synchronous=NORMAL") for p in store.PRAGMAS)
        store.PRAGMAS = hasty  # type: ignore[assignment]
    marks = os.open(folder / MARKS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def say(word: str) -> None:
        os.write(marks, f"{word}\n".encode())

    try:
        shop = open_shop(folder, first_id=1 << 30)
        for number in range(sales):
            if number % 5 == 4:
                shop.sign_up(f"1380000{number:04d}", f"客人{number}")
            try:
                done = shop.sell(*((CANDY, NECKLACE) if number % 3 else (CANDY,)))
            except ShukeError as problem:
                say(f"refused {problem.code}")
                continue
            say(f"sold {done.sale.sale_id}")
    except ShukeError as problem:
        say(f"closed {problem.code}")
    say("end")
    os._exit(0)


if __name__ == "__main__":
    main()
