"""The catalogue page without its widgets: browse and search goods, see one, set the gold price of the day.

Decides what each key and scan means; look-ups and prices are the services'. Qt-free. Look-ups by text and writes go
through the db lane; late answers are dropped.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

from pos_app.domain.catalogue import GoldPrice, Variant
from pos_app.domain.errors import ExpectedError, InvalidValueError
from pos_app.domain.staff import Action, may
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.money import Amount, parse_amount
from pos_app.services.acting import Actor
from pos_app.words import format_amount, format_count, translate
from ui.catalogue import goods
from ui.catalogue.goods import Detail, GoodsRow, Told
from ui.shell.counter import Counter
from ui.shell.wording import words_of

SHOWN = 50
"""Goods a step of the list shows; the next ones come when its end is reached."""
HIGHEST_GOLD_YUAN = 1_000_000
"""Major units per gram beyond which a gold price is a slip of the hand."""
_USUAL_CHANGE = 5
"""A price that differs from the one before by more than one part in so many is asked about."""

Say = Callable[[Literal["success", "warning", "error"], str], None]


@dataclass(frozen=True, slots=True)
class GoldRow:
    """A fineness in the form: what was typed, what stood before, and what is wrong."""

    fineness: str
    text: str
    hint: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """Everything the page shows; `gold` is the form, None while it is closed."""

    text: str = ""
    rows: tuple[GoodsRow, ...] = ()
    cursor: int = -1
    count: str = ""
    detail: Detail | None = None
    gold_line: str = ""
    may_set_gold: bool = False
    gold: tuple[GoldRow, ...] | None = None
    busy: bool = False


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a look-up found, how many there are, and where the next ones begin."""

    variants: tuple[Variant, ...]
    total: int
    gold: tuple[GoldPrice, ...] = ()
    more: bool = field(default=False)


class CataloguePresenter:
    """One method an intent; `on_change` gets each new state."""

    def __init__(self, counter: Counter, on_change: Callable[[State], None], say: Say) -> None:
        self._counter = counter
        self._shop = counter.shop
        self._on_change = on_change
        self._say = say
        self.state = State()
        self._prices: tuple[GoldPrice, ...] = ()
        self._asked = 0
        self._total = 0
        self._wanted = 0

    @property
    def _told(self) -> Told:
        return Told(
            currency=self._shop.current.value.money,
            today=self._shop.ringing.today(),
            gold={price.fineness: price.price for price in self._prices},
        )

    # -- Finding -------------------------------------------------------------------------------------------

    def opened(self) -> None:
        """Show the goods as they are now; what was typed stays."""
        actor = self._counter.session.actor
        allowed = actor is not None and may(actor.role, Action.IMPORT_CATALOGUE)
        self.state = replace(self.state, may_set_gold=allowed)
        self.search(self.state.text)

    def search(self, text: str) -> None:
        """Show the goods that a text finds: part of a name, pinyin, initials, code or barcode; all for none."""
        self._asked += 1
        self._wanted = 0
        self._show(replace(self.state, text=text))
        work = partial(self._look_up, fold(text))
        self._counter.db.run(work, partial(self._found, self._asked), self._failed)

    def _look_up(self, text: str) -> _Answer:
        catalogue = self._shop.catalogue
        gold = catalogue.gold_prices(self._shop.ringing.today())
        if not text:
            variants, total = catalogue.browse("", SHOWN)
            return _Answer(variants, total, gold, more=len(variants) < total)
        found, total = catalogue.search(text, SHOWN)
        if not found:
            exact = catalogue.find(text)
            return _Answer((exact.variant,) if exact else (), 1 if exact else 0, gold)
        return _Answer(tuple(each.variant for each in found), total, gold)

    def _found(self, asked: int, answer: _Answer) -> None:
        """Show what was found, if nothing was asked since; one alone is shown at once."""
        if asked != self._asked:
            return
        currency = self._told.currency
        self._prices, self._total = answer.gold, answer.total
        rows = tuple(goods.goods_row(variant, currency) for variant in answer.variants)
        gold_line = goods.gold_words(answer.gold, currency)
        self._show(
            replace(
                self.state, rows=rows, count=self._count(rows), cursor=-1, detail=None, gold_line=gold_line
            )
        )
        if len(rows) == 1:
            self.go(0)

    def _count(self, rows: tuple[GoodsRow, ...]) -> str:
        return translate(
            "catalogue.page.count", shown=format_count(len(rows)), total=format_count(self._total)
        )

    def go(self, place: int) -> None:
        """Show the detail of a row; the last row of a part fetches the next part."""
        if not 0 <= place < len(self.state.rows):
            return
        if place != self.state.cursor:
            self._open(place)
        if place == len(self.state.rows) - 1:
            self.more()

    def move(self, step: int) -> None:
        """Show the next goods, or those before."""
        last, cursor = len(self.state.rows) - 1, self.state.cursor
        if last >= 0:
            start = cursor if cursor >= 0 else (-1 if step > 0 else last + 1)
            self.go(max(0, min(last, start + step)))

    def more(self) -> None:
        """Fetch the next part of the list, once."""
        rows = self.state.rows
        if self.state.text or not rows or len(rows) >= self._total or self._wanted == len(rows):
            return
        self._wanted = len(rows)
        work = partial(self._shop.catalogue.browse, rows[-1].code, SHOWN)
        self._counter.db.run(work, partial(self._more_found, self._asked), self._failed)

    def _more_found(self, asked: int, answer: tuple[tuple[Variant, ...], int]) -> None:
        if asked != self._asked:
            return
        variants, self._total = answer
        currency = self._told.currency
        rows = self.state.rows + tuple(goods.goods_row(variant, currency) for variant in variants)
        self._show(replace(self.state, rows=rows, count=self._count(rows)))

    def _open(self, place: int) -> None:
        row = self.state.rows[place]
        variant = self._shop.catalogue.variant(row.variant_id)
        if variant is None:
            return
        parts = self._shop.catalogue.details(row.variant_id)
        shown = goods.detail(variant, parts, self._told)
        self._show(replace(self.state, cursor=place, detail=shown))

    def enter(self) -> None:
        """Show the first of what was found; say so when there is nothing."""
        if self.state.detail is None and self.state.rows:
            self.go(0)
        elif self.state.text and not self.state.rows:
            self._say("warning", translate("catalogue.page.unknown", text=self.state.text[:40]))

    def scan(self, text: str) -> None:
        """Show the goods of a scanned code, sellable or not."""
        if self.state.gold is not None:
            self._say("warning", translate("catalogue.page.gold_first"))
            return
        found = self._shop.catalogue.find(text)
        if found is None:
            self._say("warning", translate("catalogue.page.unknown", text=fold(text)[:40]))
            return
        self._found_one(found.variant)

    def _found_one(self, variant: Variant) -> None:
        self._asked += 1
        self._total = 1
        rows = (goods.goods_row(variant, self._told.currency),)
        self._show(replace(self.state, text=variant.code, rows=rows, count=self._count(rows), cursor=-1))
        self._open(0)

    def leave(self) -> None:
        """Close the form, else clear the box."""
        if self.state.gold is not None:
            self._show(replace(self.state, gold=None))
        elif self.state.text:
            self.search("")

    # -- Gold price of the day -----------------------------------------------------------------------------

    def open_gold(self) -> None:
        """Open the form of today's prices per gram; for those who may set them."""
        if not self.state.may_set_gold or self.state.gold is not None or self.state.busy:
            return
        self._prices = self._shop.catalogue.gold_prices(self._told.today)
        if not self._prices:
            self._say("warning", translate("catalogue.page.gold_nothing"))
            return
        self._show(replace(self.state, gold=tuple(self._gold_row(price) for price in self._prices)))

    def _gold_row(self, price: GoldPrice) -> GoldRow:
        currency = self._told.currency
        hint = ""
        if price.before is not None:
            before = format_amount(price.before, currency)
            hint = translate("catalogue.page.gold_before", amount=before)
        text = "" if price.price is None else format_amount(price.price, currency, symbol=False)
        return GoldRow(price.fineness, text, hint)

    def type_gold(self, texts: Mapping[str, str]) -> None:
        """Take what stands in the form now, by fineness."""
        if self.state.gold is not None:
            rows = tuple(
                replace(row, text=texts.get(row.fineness, row.text), fault="") for row in self.state.gold
            )
            self._show(replace(self.state, gold=rows))

    @property
    def gold_changed(self) -> bool:
        """Whether leaving the form would lose something."""
        if self.state.gold is None:
            return False
        kept = {price.fineness: self._gold_row(price).text for price in self._prices}
        return any(row.text != kept.get(row.fineness) for row in self.state.gold)

    def doubtful_gold(self) -> str:
        """Return in words the prices that differ much from the ones before, empty when all look right."""
        before = {price.fineness: price.before for price in self._prices}
        currency, out = self._told.currency, []
        for row, amount in self._read_gold():
            old = before.get(row.fineness)
            if amount is not None and old and abs(amount - old) * _USUAL_CHANGE > old:
                was, now = format_amount(old, currency), format_amount(amount, currency)
                out.append(f"{row.fineness} {was} → {now}")
        return "\n".join(out)

    def _read_gold(self) -> list[tuple[GoldRow, Amount | None]]:
        """Return each row with its amount, None for an empty one; a row that is wrong has a fault."""
        digits = self._told.currency.digits
        out: list[tuple[GoldRow, Amount | None]] = []
        for row in self.state.gold or ():
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

    def check_gold(self) -> bool:
        """Say whether the form can be saved; what is wrong is shown under its field."""
        rows = tuple(row for row, _ in self._read_gold())
        self._show(replace(self.state, gold=rows))
        return not any(row.fault for row in rows)

    def save_gold(self) -> None:
        """Set today's prices that differ from what is set."""
        if self.state.gold is None or self.state.busy or not self.check_gold():
            return
        kept = {price.fineness: price.price for price in self._prices}
        news = {row.fineness: a for row, a in self._read_gold() if a is not None and a != kept[row.fineness]}
        try:
            who = self._counter.session.who
        except ExpectedError as error:
            self._failed(error)
            return
        self._show(replace(self.state, busy=True))
        self._counter.db.run(partial(self._set_gold, who, news), self._gold_saved, self._failed)

    def _set_gold(self, who: Actor, news: Mapping[str, Amount]) -> int:
        today = self._shop.ringing.today()
        for fineness, amount in news.items():
            self._shop.catalogue.set_gold_price(who, fineness, today, amount)
        return len(news)

    def _gold_saved(self, count: int) -> None:
        self._show(replace(self.state, busy=False, gold=None))
        self._say("success", translate("catalogue.page.gold_saved", count=count))
        self.search(self.state.text)

    def _failed(self, error: Exception) -> None:
        self._show(replace(self.state, busy=False))
        self._say("error", words_of(error, self._shop.current.value.money))

    def _show(self, state: State) -> None:
        self.state = state
        self._on_change(state)
