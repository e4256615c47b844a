"""A shift adds up: whatever is done at the counter, the Z report's sums are those of the facts, reckoned apart."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.sales.cart import set_quantity
from pos_app.domain.sales.discount import parse_discount
from pos_app.domain.sales.sale import Sale
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.shifts import (
    CartsOpenError,
    CashDirection,
    NoShiftError,
    ShiftOpenError,
    ShiftTotals,
    VarianceReasonError,
)
from pos_app.domain.values.money import LIMIT, Amount
from pos_app.domain.values.quantity import Quantity
from pos_app.services.carts import PriceAsk
from tests.support.shop_on_disk import (
    CANDY,
    FLOAT,
    FORMULA,
    FORMULA_CASE,
    NECKLACE,
    DiskShop,
    open_shop,
    place_shop,
    shop_on_disk,
)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop with a shift open."""
    with shop_on_disk(tmp_path) as made:
        yield made


def told_by_facts(shop: DiskShop) -> dict[str, Any]:
    """Add up the latest shift from the JSON of the journal alone: no table, no class of the product."""
    sums: Counter[str] = Counter()
    tenders: Counter[str] = Counter()
    taxes: Counter[str] = Counter()
    events: Counter[str] = Counter()
    with shop.store.read() as tx:
        bodies = [entry.body for entry in tx.journal.entries()]
    for body in bodies:
        fact = json.loads(body)
        kind, content = fact["kind"], fact["content"]
        events[kind] += 1
        if kind == "shift.opened":
            sums, tenders, taxes, events = Counter(), Counter(), Counter(), Counter()
            sums["float"] = content.get("float_amount", 0)
        elif kind == "cash.moved":
            sums["cash_" + content["direction"]] += content["amount"]
        elif kind == "sale.committed":
            _add(content["sale"], sums, tenders, taxes)
    return {"sums": sums, "tenders": tenders, "taxes": taxes, "events": events}


def _add(sale: dict[str, Any], sums: Counter[str], tenders: Counter[str], taxes: Counter[str]) -> None:
    group = "sales" if sale["kind"] == "sale" else "returns"
    sums[group] += sale["total"]
    sums[group + "_count"] += 1
    sums["voids_count"] += sale["kind"] == "void"
    sums["rounding"] += sale.get("cash_rounding", 0)
    for line in sale["lines"]:
        sums["subtotal"] += line["gross"]
        sums["tax"] += line.get("tax", 0)
        sums["reductions"] += sum(r["amount"] for r in line.get("reductions", ()))
        taxes[line["tax_code"]] += line.get("tax", 0)
    for tender in sale["tenders"]:
        tenders[tender["kind"]] += tender["amount"]


def check_totals(totals: ShiftTotals, told: dict[str, Any]) -> None:
    """Compare a report with what the facts say."""
    sums, tenders, events = told["sums"], told["tenders"], told["events"]
    assert (totals.sales, totals.returns) == (sums["sales"], sums["returns"])
    assert (totals.sales_count, totals.returns_count) == (sums["sales_count"], sums["returns_count"])
    assert totals.voids_count == sums["voids_count"]
    assert (totals.subtotal, totals.reductions) == (sums["subtotal"], sums["reductions"])
    assert (totals.tax, totals.cash_rounding) == (sums["tax"], sums["rounding"])
    assert {t.kind.value: t.amount for t in totals.tenders} == dict(tenders)
    assert {t.code: t.tax for t in totals.taxes} == dict(told["taxes"])
    assert (totals.cash_in, totals.cash_out) == (sums["cash_in"], sums["cash_out"])
    cash = sums["float"] + tenders["cash"] + sums["cash_in"] - sums["cash_out"]
    assert totals.expected_cash == cash
    assert sum(t.amount for t in totals.tenders) == totals.sales + totals.returns + totals.cash_rounding
    assert totals.carts_cancelled == events["cart.cancelled"]
    assert totals.drawer_openings == events["drawer.opened"]
    assert totals.reprints == events["receipt.reprinted"]


class Counterwork(RuleBasedStateMachine):
    """Everything that a day at the counter may bring, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        self.shop: DiskShop

    @initialize(step=st.sampled_from([1, 10, 100]))
    def found(self, step: int) -> None:
        """Found the shop, with one of the smallest coins."""
        place_shop(Path(self._folder.name))
        self.shop = open_shop(Path(self._folder.name))
        service = self.shop.shop.settings
        service.change(self.shop.owner, msgspec.structs.replace(service.value, cash_step=step))
        self.sold: list[Sale] = []

    def teardown(self) -> None:
        """Check the books a last time, and clear up."""
        if hasattr(self, "shop"):
            assert self.shop.verify().findings == []
            self.shop.store.close()
        self._folder.cleanup()

    @property
    def is_open(self) -> bool:
        """Whether a shift is open."""
        return self.shop.shop.shifts.current() is not None

    @precondition(lambda self: self.is_open)
    @rule(
        codes=st.lists(st.sampled_from([NECKLACE, FORMULA, FORMULA_CASE, CANDY]), min_size=1, max_size=4),
        quantity=st.integers(1, 5000),
        card=st.integers(0, 120),
        more=st.sampled_from([0, 1, 99, 5000]),
        asked=st.sampled_from([None, "95折", "-1", "."]),
    )
    def sell(self, codes: list[str], quantity: int, card: int, more: int, asked: str | None) -> None:
        """Sell a cart, part by card, the rest in cash with change, perhaps discounted."""
        shop = self.shop
        cart = shop.cart(*codes)
        cart = set_quantity(cart, cart.lines[0].line_id, Quantity(quantity))
        if asked is not None:
            line = None if asked == "." else cart.lines[0].line_id
            if shop.shop.checkout.price(cart).lines[0].net > 200:
                ask = PriceAsk(parse_discount(asked, 2), line)
                cart = shop.shop.carts.change_price(shop.owner, cart, ask)
        due = shop.shop.checkout.price(cart).total
        by_card = min(due, due * card // 100)
        if by_card > 0:
            tender = shop.shop.checkout.tender(TenderKind.CARD, Amount(by_card), "slip")
            cart = msgspec.structs.replace(cart, tenders=(tender,))
        left = shop.shop.checkout.settlement(cart)
        if left.open > 0 or more:
            cash = shop.shop.checkout.tender(TenderKind.CASH, Amount(left.open_cash + more))
            cart = msgspec.structs.replace(cart, tenders=(*cart.tenders, cash))
        self.sold.append(shop.shop.checkout.commit(shop.owner, cart).sale)

    @precondition(lambda self: self.is_open and bool(self.sold))
    @rule(pick=st.integers(0, 99), part=st.integers(1, 1000))
    def take_back(self, pick: int, part: int) -> None:
        """Take back a part of what is left of some line of some sale."""
        sale = self.sold[pick % len(self.sold)]
        found = self.shop.shop.returns.open(sale.sale_id)
        line = found.lines[pick % len(found.lines)]
        wanted = Quantity(line.left * part // 1000)
        if wanted > 0:
            preview = self.shop.shop.returns.preview(sale.sale_id, {line.line.line_id: wanted}, "damaged")
            self.shop.shop.returns.give_back(self.shop.cashier, preview)

    @precondition(lambda self: self.is_open)
    @rule(code=st.sampled_from([NECKLACE, CANDY]))
    def void(self, code: str) -> None:
        """Sell by mistake and void it."""
        self.shop.shop.returns.void(self.shop.manager, self.shop.sell(code).sale.sale_id, "mistake")

    @precondition(lambda self: self.is_open)
    @rule(direction=st.sampled_from(list(CashDirection)), amount=st.integers(1, 100_000))
    def move_cash(self, direction: CashDirection, amount: int) -> None:
        """Put cash in or take it out."""
        self.shop.shop.shifts.move_cash(self.shop.cashier, direction, Amount(amount), "coins")

    @rule(what=st.sampled_from(["cancel", "hold", "drawer", "reprint"]))
    def other(self, what: str) -> None:
        """Do what is recorded without money."""
        services = self.shop.shop
        if what == "drawer":
            services.shifts.open_drawer(self.shop.manager, "count")
        elif what == "reprint" and self.sold:
            services.printing.reprint(self.shop.cashier, self.sold[-1].sale_id)
        else:
            cart = self.shop.cart(FORMULA)
            services.carts.hold(self.shop.cashier, cart)
            if what == "cancel":
                services.carts.recall(self.shop.cashier, cart.cart_id)
                services.carts.cancel(self.shop.cashier, cart, "left")

    @rule(minutes=st.integers(-90, 600))
    def time_goes(self, minutes: int) -> None:
        """Let time pass, or set the clock back."""
        self.shop.clock.forward(timedelta(minutes=minutes))

    @precondition(lambda self: self.is_open)
    @rule(off=st.sampled_from([0, 0, -100, 5]))
    def close(self, off: int) -> None:
        """Close on a count that is right, or not."""
        expected = self.shop.shop.shifts.x_report()[1].expected_cash
        counted = max(expected + off, 0)
        z = self.shop.shop.shifts.close(self.shop.owner, Amount(counted), "miscounted")
        told = told_by_facts(self.shop)
        check_totals(z.closed.totals, told)
        assert z.closed.variance == counted - z.closed.totals.expected_cash

    @precondition(lambda self: not self.is_open)
    @rule(amount=st.integers(0, 100_000))
    def open(self, amount: int) -> None:
        """Open the next shift."""
        self.shop.shop.shifts.open(self.shop.cashier, Amount(amount))

    @invariant()
    def adds_up(self) -> None:
        """An X report says what the facts say, at any moment."""
        if hasattr(self, "shop") and self.is_open:
            check_totals(self.shop.shop.shifts.x_report()[1], told_by_facts(self.shop))


Counterwork.TestCase.settings = settings(max_examples=12, stateful_step_count=18, deadline=None)
TestCounterwork = Counterwork.TestCase


@pytest.mark.prove
def test_many_long_days_add_up() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Counterwork, settings=settings(max_examples=300, stateful_step_count=40, deadline=None)
    )


def test_an_x_report_changes_nothing(shop: DiskShop) -> None:
    shop.sell(NECKLACE)
    facts = shop.verify().facts
    first = shop.shop.shifts.x_report()
    assert shop.shop.shifts.x_report() == first and shop.verify().facts == facts


def test_one_shift_at_a_time(shop: DiskShop) -> None:
    with pytest.raises(ShiftOpenError):
        shop.shop.shifts.open(shop.cashier, FLOAT)
    shop.close_shift()
    with pytest.raises(NoShiftError):
        shop.shop.shifts.x_report()
    with pytest.raises(NoShiftError):
        shop.shop.shifts.close(shop.owner, FLOAT, None)
    with pytest.raises(NoShiftError):
        shop.shop.shifts.move_cash(shop.owner, CashDirection.IN, Amount(1), "x")


def test_a_count_that_differs_needs_a_reason_and_is_kept(shop: DiskShop) -> None:
    shop.sell(NECKLACE)
    with pytest.raises(VarianceReasonError) as short:
        shop.close_shift(more=-100)
    assert short.value.params == {"variance": -100}
    with pytest.raises(VarianceReasonError):
        shop.close_shift(more=-100, reason="  ")
    shop.close_shift(more=-100, reason="a coin rolled away")
    (z,) = shop.shop.shifts.z_reports()
    assert (z.closed.variance, z.closed.reason, z.closed.z_number) == (-100, "a coin rolled away", 1)


def test_the_tills_own_cart_is_settled_before_it_closes_and_held_ones_wait(shop: DiskShop) -> None:
    cart = shop.cart(CANDY)
    with pytest.raises(CartsOpenError):
        shop.close_shift()
    shop.shop.carts.hold(shop.cashier, cart)
    shop.close_shift()
    assert len(shop.shop.carts.held()) == 1


@pytest.mark.parametrize("amount", [0, -1, LIMIT])
def test_cash_of_nothing_or_beyond_the_books_is_refused(shop: DiskShop, amount: int) -> None:
    with pytest.raises(InvalidValueError):
        shop.shop.shifts.move_cash(shop.cashier, CashDirection.OUT, Amount(amount), "x")


def test_a_negative_float_or_count_is_refused(shop: DiskShop) -> None:
    with pytest.raises(InvalidValueError):
        shop.shop.shifts.close(shop.owner, Amount(-1), "x")
    shop.close_shift()
    with pytest.raises(InvalidValueError):
        shop.shop.shifts.open(shop.cashier, Amount(-1))


def test_yesterdays_shift_is_seen_in_the_morning(shop: DiskShop) -> None:
    assert shop.shop.shifts.left_open() is None
    shop.clock.forward(timedelta(hours=16, minutes=59))
    assert shop.shop.shifts.left_open() is None, "04:59: it is still the same business day"
    shop.clock.forward(timedelta(minutes=1))
    left = shop.shop.shifts.left_open()
    assert left is not None and left.business_date.day == 22
    assert shop.sell(CANDY).sale.business_date.day == 23, "and selling goes on"


def test_z_reports_number_on_and_are_never_rewritten(shop: DiskShop) -> None:
    shop.sell(NECKLACE)
    shop.close_shift()
    (first,) = shop.shop.shifts.z_reports()
    shop.shop.shifts.open(shop.cashier, FLOAT)
    shop.shop.shifts.open_drawer(shop.manager, "count")
    shop.sell(CANDY)
    shop.close_shift()
    second, again = shop.shop.shifts.z_reports()
    assert again == first and (second.closed.z_number, second.closed.totals.sales) == (2, 999)
    assert shop.verify().passed
