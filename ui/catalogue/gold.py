"""The gold prices of the day: today's per fineness beside the one before, the history, yesterday's once more.

Decides what is asked about before it is saved; prices are set by the service, on the lane. Qt-free.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from pos_app.domain.catalogue import GoldPrice, GoldPriceEntry
from pos_app.domain.errors import ExpectedError, InvalidValueError
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.money import Amount, parse_amount
from pos_app.services.acting import Actor
from pos_app.words import format_amount, format_date, format_date_time, translate
from ui.catalogue.state import Bench, GoldRow, Say
from ui.shell.counter import Counter

HIGHEST_GOLD_YUAN = 1_000_000
"""Major units per gram beyond which a gold price is a slip of the hand."""
_USUAL_CHANGE = 5
"""A price that differs from the one before by more than one part in so many is asked about."""
_TOLD = 60
"""Prices of the history that are shown, and as many of days to come."""


class GoldDesk:
    """The form of today's gold prices."""

    def __init__(self, counter: Counter, bench: Bench, say: Say, after: Callable[[], None]) -> None:
        self._counter = counter
        self._shop = counter.shop
        self._bench = bench
        self._say = say
        self._prices: tuple[GoldPrice, ...] = ()
        self._after = after

    def open(self) -> None:
        """Open the form of today's prices per gram; for those who may set them."""
        state = self._bench.state
        if not state.may_set_gold or not state.free or state.busy:
            return
        today = self._shop.ringing.today()
        self._counter.db.run(
            partial(self._shop.catalogue.gold_prices, today), self._opened, self._bench.failed
        )

    def _opened(self, prices: tuple[GoldPrice, ...]) -> None:
        self._prices = prices
        if not prices:
            self._say("warning", translate("catalogue.page.gold_nothing"))
            return
        rows = tuple(self._row(price) for price in prices)
        missing = any(price.price is None and price.before is not None for price in prices)
        self._bench.show(
            replace(self._bench.state, gold=rows, gold_history=(), gold_missing=missing, labels=None)
        )
        self.tell_history(prices[0].fineness)

    def _row(self, price: GoldPrice) -> GoldRow:
        money = self._shop.current.value.money
        hint = ""
        if price.before is not None and price.before_on is not None:
            amount, day = format_amount(price.before, money), format_date(price.before_on)
            hint = translate("catalogue.page.gold_before", amount=amount, day=day)
        text = "" if price.price is None else format_amount(price.price, money, symbol=False)
        return GoldRow(price.fineness, text, hint)

    def tell_history(self, fineness: str) -> None:
        """Show the prices that were set for a fineness: when and by whom; those of days to come last, marked."""
        work = partial(self._history, fineness)
        self._counter.db.run(work, partial(self._history_read, fineness), self._bench.failed)

    def _history(self, fineness: str) -> tuple[tuple[str, str, str], ...]:
        staff = {each.staff_id: each.name for each in self._shop.staff.everybody()}
        settings, today = self._shop.current.value, self._shop.ringing.today()

        def words(entry: GoldPriceEntry) -> tuple[str, str, str]:
            who = staff.get(entry.set_by, "") if entry.set_by else ""
            if entry.approver:
                leave = staff.get(entry.approver, "")
                who = translate("catalogue.page.gold_leave", who=who, approver=leave)
            when = format_date_time(entry.set_at, settings.zone) if entry.set_at else ""
            later = translate("catalogue.page.price_later") if entry.day > today else ""
            return (
                " · ".join(part for part in (format_date(entry.day), later) if part),
                format_amount(entry.price, settings.money),
                " · ".join(part for part in (who, when) if part),
            )

        told = self._shop.catalogue.gold_history(fineness)
        earlier = [entry for entry in told if entry.day <= today][:_TOLD]
        to_come = [entry for entry in reversed(told) if entry.day > today][:_TOLD]
        return tuple(words(entry) for entry in (*earlier, *to_come))

    def _history_read(self, fineness: str, rows: tuple[tuple[str, str, str], ...]) -> None:
        state = self._bench.state
        if state.gold is not None and any(row.fineness == fineness for row in state.gold):
            self._bench.show(replace(state, gold_history=rows))

    def type(self, texts: Mapping[str, str]) -> None:
        """Take what stands in the form now, by fineness."""
        state = self._bench.state
        if state.gold is not None:
            rows = tuple(replace(row, text=texts.get(row.fineness, row.text), fault="") for row in state.gold)
            self._bench.show(replace(state, gold=rows))

    def copy_yesterdays(self) -> None:
        """Let the latest prices hold today where none was set; what was typed in other fields stays."""
        state = self._bench.state
        if state.gold is None or state.busy or not state.gold_missing:
            return
        missing = [
            price.fineness for price in self._prices if price.price is None and price.before is not None
        ]
        try:
            who = self._counter.session.who
        except ExpectedError as error:
            self._bench.failed(error)
            return
        self._bench.show(replace(state, busy=True))
        self._counter.db.run(partial(self._copy, who, missing), self._done, self._bench.failed)

    def _copy(self, who: Actor, missing: list[str]) -> int:
        for fineness in missing:
            self._shop.catalogue.use_yesterdays_gold_price(who, fineness)
        return len(missing)

    @property
    def changed(self) -> bool:
        """Whether leaving the form would lose something."""
        if self._bench.state.gold is None:
            return False
        kept = {price.fineness: self._row(price).text for price in self._prices}
        return any(row.text != kept.get(row.fineness) for row in self._bench.state.gold)

    def doubtful(self) -> str:
        """Return in words the prices that differ much from the ones before, empty when all look right."""
        before = {price.fineness: price.before for price in self._prices}
        money, out = self._shop.current.value.money, []
        for row, amount in self._read():
            old = before.get(row.fineness)
            if amount is not None and old and abs(amount - old) * _USUAL_CHANGE > old:
                was, now = format_amount(old, money), format_amount(amount, money)
                out.append(f"{row.fineness} {was} → {now}")
        return "\n".join(out)

    def _read(self) -> list[tuple[GoldRow, Amount | None]]:
        """Return each row with its amount, None for an empty one; a row that is wrong has a fault."""
        digits = self._shop.current.value.money.digits
        out: list[tuple[GoldRow, Amount | None]] = []
        for row in self._bench.state.gold or ():
            if not row.text.strip():
                out.append((row, None))
                continue
            try:
                amount = parse_amount(fold(row.text), digits)
            except InvalidValueError:
                amount = Amount(0)
            fine = 0 < amount <= HIGHEST_GOLD_YUAN * 10**digits
            fault = "" if fine else translate("catalogue.page.gold_fault")
            out.append((replace(row, fault=fault), amount if fine else None))
        return out

    def check(self) -> bool:
        """Say whether the form can be saved; what is wrong is shown under its field."""
        rows = tuple(row for row, _ in self._read())
        self._bench.show(replace(self._bench.state, gold=rows))
        return not any(row.fault for row in rows)

    def save(self) -> None:
        """Set today's prices that differ from what is set."""
        state = self._bench.state
        if state.gold is None or state.busy or not self.check():
            return
        kept = {price.fineness: price.price for price in self._prices}
        news = {row.fineness: a for row, a in self._read() if a is not None and a != kept[row.fineness]}
        try:
            who = self._counter.session.who
        except ExpectedError as error:
            self._bench.failed(error)
            return
        self._bench.show(replace(self._bench.state, busy=True))
        self._counter.db.run(partial(self._set, who, news), self._done, self._bench.failed)

    def _set(self, who: Actor, news: Mapping[str, Amount]) -> int:
        today = self._shop.ringing.today()
        for fineness, amount in news.items():
            self._shop.catalogue.set_gold_price(who, fineness, today, amount)
        return len(news)

    def _done(self, count: int) -> None:
        self._bench.show(replace(self._bench.state, busy=False, gold=None))
        self._say("success", translate("catalogue.page.gold_saved", count=count))
        self._after()
