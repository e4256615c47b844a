"""How long a shift of 2,000 sales takes to close: the sums, the signed Z report in the books.

python -m tests.benchmarks.close_shift
"""

import time

from tests.benchmarks.big_shop import barcodes, big_shop
from tests.benchmarks.commit_sale import paid_cart
from tests.benchmarks.table import Row, ms, run

SALES = 2_000


def measure() -> list[Row]:
    """Sell, close, and return the seconds of the close."""
    codes = barcodes(1_000)
    with big_shop() as here:
        for number in range(SALES):
            here.shop.checkout.commit(here.owner, paid_cart(here, number, codes))
        expected = here.shop.shifts.x_report()[1].expected_cash
        began = time.perf_counter()
        here.shop.shifts.close(here.owner, expected, None)
        taken = time.perf_counter() - began
    figure = f"{ms(taken)} for {SALES} sales"
    return [Row(name="close of a shift, Z signed", figure=figure, measured=taken * 1000, unit="ms")]


if __name__ == "__main__":
    run(measure)
