"""How long a receipt of twenty lines takes to become dots, once its glyphs have been drawn.

Receipts of the demo shop's goods, each with other lines: read from the books, laid out and drawn for 80 mm paper.

    python -m tests.benchmarks.receipt_raster
"""

import tempfile
import time
from contextlib import suppress
from pathlib import Path

import msgspec

from pos_app.documents.page import Paper
from pos_app.documents.renderers.raster import render_raster
from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.cart import CartLine, add_line
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.values.ids import SaleId
from pos_app.domain.values.money import Amount
from pos_app.services.ringing import Goods
from tests.benchmarks.table import Row, ms, percentile, run
from tests.support.bootstrap import DemoTill, demo_till

LINES = 20
RECEIPTS = 60
BAR_MS = 40.0


def sales(till: DemoTill) -> list[SaleId]:
    """Sell twenty of the shop's goods in each sale, others in the next."""
    shop = till.shop
    shop.shifts.open(till.owner, Amount(0))
    lines: list[CartLine] = []
    for variant in shop.catalogue.browse(limit=500)[0]:
        with suppress(ExpectedError):
            meaning = shop.ringing.meaning(variant.code)
            if isinstance(meaning, Goods) and meaning.line.piece is None:
                lines.append(meaning.line)
    sold = []
    for number in range(RECEIPTS):
        cart = shop.carts.new()
        place = number
        while len(cart.lines) < LINES:
            line = lines[place * 7 % len(lines)]
            cart, _ = add_line(cart, msgspec.structs.replace(line, line_id=till.outside.ids.new()))
            place += 1
        cash = shop.checkout.tender(TenderKind.CASH, shop.checkout.price(cart).total)
        committed = shop.checkout.commit(till.owner, msgspec.structs.replace(cart, tenders=(cash,)))
        sold.append(committed.sale.sale_id)
    return sold


def measure() -> list[Row]:
    """Draw all receipts twice; the first time draws their glyphs and is not in the time."""
    warm: list[float] = []
    with tempfile.TemporaryDirectory() as folder, demo_till(Path(folder)) as till:
        sold = sales(till)
        for sale in sold:
            render_raster(till.shop.printing.receipt(sale), Paper.MM80)
        for sale in sold:
            began = time.perf_counter()
            raster = render_raster(till.shop.printing.receipt(sale), Paper.MM80)
            warm.append(time.perf_counter() - began)
            assert raster.height > LINES * 20
    return [
        Row(
            name=f"raster receipt of {LINES} lines, p{percent}",
            figure=f"{ms(percentile(warm, percent))} of {len(warm)}",
            measured=percentile(warm, percent) * 1000,
            bar=BAR_MS if percent == 95 else None,
            unit="ms",
        )
        for percent in (50, 95)
    ]


if __name__ == "__main__":
    run(measure)
