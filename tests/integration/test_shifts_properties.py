"""Any day of sales, returns, voids, cash and hand-overs adds up, shift by shift, and each drawer follows the last."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_app.domain.sales.cart import TaxMode
from pos_app.domain.sales.line import SalespersonShare
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.shifts import CashDirection, Count, CountedTender, SaleSums, ShiftTotals, unassigned
from pos_app.domain.values.ids import StaffId
from pos_app.domain.values.money import Amount
from pos_app.domain.values.quantity import Quantity
from tests.support.shop_on_disk import CANDY, FORMULA, FORMULA_CASE, NECKLACE, DiskShop, open_shop, place_shop

_CODES = st.lists(st.sampled_from([NECKLACE, FORMULA, FORMULA_CASE, CANDY]), min_size=1, max_size=3)
_SHARES = st.lists(st.integers(0, 100), min_size=0, max_size=2).map(sorted)
_STEPS = st.one_of(
    st.tuples(st.just("sell"), _CODES, _SHARES, st.integers(1, 100)),
    st.tuples(st.just("take back"), st.integers(0, 50), st.integers(1, 1000)),
    st.tuples(st.just("void"), st.sampled_from([NECKLACE, CANDY])),
    st.tuples(st.just("cash"), st.sampled_from(list(CashDirection)), st.integers(1, 9_999)),
    st.tuples(st.just("hand over"), st.sampled_from([None, 0, -100, 37])),
    st.tuples(st.just("close"), st.sampled_from([0, 5, -5])),
)


class _Day:
    """A day that is lived step by step."""

    def __init__(self, shop: DiskShop) -> None:
        self.shop = shop
        self.people = [shop.owner.staff_id, shop.manager.staff_id, shop.cashier.staff_id]
        self.sold: list[Any] = []
        self.turn = 0

    def live(self, step: Sequence[Any]) -> None:
        """Do one step."""
        {
            "sell": self._sell,
            "take back": self._take_back,
            "void": self._void,
            "cash": self._move_cash,
            "hand over": self._hand_over,
            "close": self._close,
        }[step[0]](*step[1:])

    def _sell(self, codes: list[str], cuts: list[int], card: int) -> None:
        cart = self.shop.cart(*codes)
        edges = [0, *cuts, 100] if cuts else []
        shares = tuple(
            SalespersonShare(staff=staff, percent=after - before)
            for staff, before, after in zip(self.people, edges, edges[1:], strict=False)
        )
        lines = tuple(msgspec.structs.replace(line, salespeople=shares) for line in cart.lines[:-1])
        cart = msgspec.structs.replace(cart, lines=(*lines, cart.lines[-1]))
        due = self.shop.shop.checkout.price(cart).total
        by_card = self.shop.shop.checkout.tender(TenderKind.CARD, Amount(max(1, due * card // 100)), "slip")
        cart = msgspec.structs.replace(cart, tenders=(by_card,))
        rest = self.shop.shop.checkout.settlement(cart).open
        if rest:
            cash = self.shop.shop.checkout.tender(TenderKind.CASH, rest)
            cart = msgspec.structs.replace(cart, tenders=(by_card, cash))
        self.sold.append(self.shop.shop.checkout.commit(self.shop.owner, cart).sale)

    def _take_back(self, pick: int, part: int) -> None:
        if not self.sold:
            return
        found = self.shop.shop.returns.open(self.sold[pick % len(self.sold)].sale_id)
        line = found.lines[pick % len(found.lines)]
        wanted = Quantity(line.left * part // 1000)
        if wanted > 0:
            preview = self.shop.shop.returns.preview(
                found.sale.sale_id, {line.line.line_id: wanted}, "damaged"
            )
            self.shop.shop.returns.give_back(self.shop.owner, preview)

    def _void(self, code: str) -> None:
        self.shop.shop.returns.void(self.shop.owner, self.shop.sell(code).sale.sale_id, "mistake")

    def _move_cash(self, direction: CashDirection, amount: int) -> None:
        self.shop.shop.shifts.move_cash(self.shop.owner, direction, Amount(amount), "coins")

    def _hand_over(self, off: int | None) -> None:
        expected = self.shop.shop.shifts.x_report()[1].expected_cash
        if off is None and expected < 0:
            off = 0
        self.turn += 1
        giver, taker = [self.shop.owner, self.shop.manager][:: 1 if self.turn % 2 else -1]
        count = None if off is None else Amount(max(0, expected + off))
        done = self.shop.shop.shifts.hand_over(giver, taker, count, "miscounted")
        assert done.opened.float_amount == done.report.closed.counted

    def _close(self, off: int) -> None:
        totals = self.shop.shop.shifts.x_report()[1]
        slips = tuple(
            CountedTender(kind=each.kind, amount=Amount(each.amount + off), reason="slip lost")
            for each in totals.tenders
            if each.kind is TenderKind.CARD
        )
        count = Count(cash=Amount(max(0, totals.expected_cash + off)), reason="miscounted", others=slips)
        self.shop.shop.shifts.close(self.shop.owner, count)
        self.shop.shop.shifts.open(self.shop.cashier, Amount(20_000))


def _told(shop: DiskShop) -> dict[str, Counter[Any]]:
    """Add up who sold what of each shift from the JSON of the journal: the largest remainders get the odd cents."""
    sold: dict[str, Counter[Any]] = {}
    with shop.store.read() as tx:
        bodies = [json.loads(entry.body) for entry in tx.journal.entries()]
    for fact in bodies:
        if fact["kind"] != "sale.committed":
            continue
        sale = fact["content"]["sale"]
        people = sold.setdefault(sale["shift"], Counter())
        for line in sale["lines"]:
            amount = line["net"] + (line.get("tax", 0) if sale["tax_mode"] == "added" else 0)
            for staff, part in _parts(amount, line.get("salespeople", [])):
                people[StaffId(staff)] += part
    return sold


def _parts(amount: int, shares: list[dict[str, Any]]) -> list[tuple[Any, int]]:
    from uuid import UUID

    exact = [abs(amount) * share["percent"] for share in shares]
    parts = [value // 100 for value in exact]
    order = sorted(range(len(parts)), key=lambda at: (-(exact[at] % 100), at))
    for at in order[: abs(amount) - sum(parts) if parts else 0]:
        parts[at] += 1
    sign = 1 if amount >= 0 else -1
    return [(UUID(share["staff"]), sign * part) for share, part in zip(shares, parts, strict=True)]


def _adds_up(totals: ShiftTotals | SaleSums, sold: Counter[Any]) -> None:
    taken = sum(each.amount for each in totals.tenders)
    assert taken == totals.sales + totals.returns + totals.cash_rounding
    assert {each.staff: each.amount for each in totals.salespeople if each.amount} == {
        staff: amount for staff, amount in sold.items() if amount
    }
    whole = sum(each.amount for each in totals.salespeople) + unassigned(totals)
    assert whole == totals.sales + totals.returns == sum(each.amount for each in totals.staff)


@pytest.mark.parametrize("mode", list(TaxMode))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(_STEPS, min_size=3, max_size=14))
def test_any_day_adds_up_and_its_drawers_follow_each_other(mode: TaxMode, steps: list[Any]) -> None:
    with TemporaryDirectory() as folder:
        place_shop(Path(folder))
        shop = open_shop(Path(folder))
        changed = msgspec.structs.replace(shop.shop.settings.value, tax_mode=mode)
        shop.shop.settings.change(shop.owner, changed)
        day = _Day(shop)
        for step in steps:
            day.live(step)
        x, told = shop.shop.shifts.x_report(), _told(shop)
        _adds_up(x[1], told.get(str(x[0].shift_id), Counter()))
        zs = list(reversed(shop.shop.shifts.z_reports()))
        assert [z.closed.z_number for z in zs] == list(range(1, len(zs) + 1))
        for z in zs:
            _adds_up(z.closed.totals, told.get(str(z.shift.shift_id), Counter()))
        daily = shop.shop.shifts.daily()
        assert daily.sums.sales == x[1].sales + sum(z.closed.totals.sales for z in zs)
        assert sum(hour.amount for hour in daily.hours) == daily.sums.sales + daily.sums.returns
        assert len(daily.shifts) == len(zs) + 1
        assert shop.verify().findings == []
        shop.store.close()
