"""Which goods the list shows: all in the order of their codes, those a text finds, those that bear a mark.

Decides how much is asked of the lane at once and when the next part is fetched; late answers are dropped. Qt-free.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from pos_app.domain.catalogue import GoldPrice, Variant
from pos_app.domain.values.barcode import fold
from pos_app.services.catalogue_walk import CatalogueWalk, Mark, has_mark
from pos_app.services.ports.goods import COUNTED
from pos_app.words import format_count, translate
from ui.catalogue import goods
from ui.catalogue.goods import GoodsRow
from ui.catalogue.state import Bench, State
from ui.shell.counter import Counter

SHOWN = 50
"""Goods a step of the list shows; the next ones come when its end is reached."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for."""

    text: str
    mark: Mark
    category: str | None
    sort: str
    descending: bool
    limit: int = SHOWN


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found: goods, how many in all, where the rest begins; `more` when a walk goes on."""

    variants: tuple[Variant, ...]
    total: int
    capped: bool = False
    after: str = ""
    more: bool = False
    gold: tuple[GoldPrice, ...] = ()
    categories: tuple[str, ...] | None = None
    labels: int | None = None


class Finder:
    """Looks for goods and keeps where the next part begins."""

    def __init__(self, counter: Counter, bench: Bench, alone: Callable[[], None]) -> None:
        self._counter = counter
        self._catalogue = counter.shop.catalogue
        self._walk = CatalogueWalk(counter.shop.store)
        self._bench = bench
        self._alone = alone
        self._asked = 0
        self._answer = Answer((), 0)
        self._wish = Wish("", Mark.ALL, None, "code", False)
        self._fetching = False
        self._known = False
        self.gold: tuple[GoldPrice, ...] = ()

    @property
    def asked(self) -> int:
        """The number of the question that was asked last."""
        return self._asked

    @property
    def total(self) -> int:
        """How many goods were found in all."""
        return self._answer.total

    def search(self, text: str, *, keep: bool = False) -> None:
        """Look for what the state asks with a text; `keep` leaves the cursor and what is selected."""
        state = self._bench.state
        self._asked += 1
        self._fetching = False
        self._wish = Wish(fold(text).strip(), state.mark, state.category, state.sort, state.descending)
        chosen = {} if keep else {"selected": frozenset(), "all_selected": False}
        self._bench.show(replace(state, text=text, looking=True, **chosen))  # type: ignore[arg-type]
        work = partial(self._fresh if keep or not self._known else self._look, self._wish, "")
        self._ask(work, partial(self._found, keep=keep))

    def _ask(self, work: Callable[[], Answer], done: Callable[[Answer], None]) -> None:
        asked = self._asked

        def taken(answer: Answer) -> None:
            if asked == self._asked:
                done(answer)

        self._counter.db.run(work, taken, self._bench.failed)

    # -- on the lane ---------------------------------------------------------------------------------------

    def _fresh(self, wish: Wish, after: str) -> Answer:
        """Look for goods, and read anew what stands around them: gold prices, categories, labels."""
        answer = self._look(wish, after)
        today = self._counter.shop.ringing.today()
        return replace(
            answer,
            gold=self._catalogue.gold_prices(today),
            categories=self._catalogue.categories(),
            labels=self._walk.changed_count(today),
        )

    def _look(self, wish: Wish, after: str) -> Answer:
        if wish.mark is Mark.CHANGED:
            return self._changed(wish)
        if wish.text:
            return self._searched(wish)
        if wish.mark is Mark.ALL:
            variants, total = self._catalogue.browse(after, SHOWN, wish.category)
            return Answer(variants, total, after=variants[-1].code if variants else after)
        part = self._walk.goods(wish.mark, wish.category, after)
        return Answer(part.found, len(part.found), after=part.after, more=not part.done)

    def _changed(self, wish: Wish) -> Answer:
        changed = self._walk.changed(self._counter.shop.ringing.today())
        seen = {each.variant.variant_id: each.variant for each in changed if each.variant}
        key = wish.text.casefold()
        fits = [v for v in seen.values() if key in v.name.casefold() or key in v.code.casefold()]
        picked = _sorted([v for v in fits if wish.category in (None, v.category)], wish)
        return Answer(tuple(picked[: wish.limit]), len(picked))

    def _searched(self, wish: Wish) -> Answer:
        narrowed = wish.mark is not Mark.ALL or wish.category is not None or wish.sort != "code"
        hits = self._catalogue.search(wish.text, COUNTED if narrowed else wish.limit)
        variants = list({found.variant.variant_id: found.variant for found in hits.found}.values())
        if not variants and not narrowed:
            exact = self._catalogue.find(wish.text)
            return Answer((exact.variant,) if exact else (), 1 if exact else 0)
        if not narrowed:
            return Answer(tuple(variants), hits.total, hits.capped)
        picked = [v for v in variants if has_mark(v, wish.mark) and wish.category in (None, v.category)]
        picked = _sorted(picked, wish)
        return Answer(tuple(picked[: wish.limit]), len(picked), hits.capped)

    # -- answers -------------------------------------------------------------------------------------------

    def _found(self, answer: Answer, *, keep: bool) -> None:
        self._answer = answer
        if answer.categories is not None:
            self.gold, self._known = answer.gold, True
        state = self._bench.state
        rows = self._rows(answer.variants)
        kept = state.rows[state.cursor].variant_id if keep and 0 <= state.cursor < len(state.rows) else None
        cursor = next((place for place, row in enumerate(rows) if row.variant_id == kept), -1)
        self._bench.show(
            replace(
                state,
                rows=rows,
                cursor=cursor,
                detail=state.detail if keep else None,
                looking=answer.more,
                gold_line=goods.gold_words(self.gold, self._counter.shop.current.value.money),
                categories=state.categories if answer.categories is None else answer.categories,
                labels_open=state.labels_open if answer.labels is None else answer.labels,
            )
        )
        self._count()
        if len(rows) == 1 and not answer.more and not keep:
            self._alone()
        if answer.more and len(rows) < SHOWN:
            self.more()

    def _rows(self, variants: tuple[Variant, ...]) -> tuple[GoodsRow, ...]:
        money = self._counter.shop.current.value.money
        return tuple(goods.goods_row(variant, money) for variant in variants)

    def _count(self) -> None:
        state, answer = self._bench.state, self._answer
        shown = format_count(len(state.rows))
        if answer.more:
            words = translate("catalogue.page.count_more", shown=shown)
        elif answer.capped:
            words = translate("catalogue.page.count", shown=shown, total=f"{format_count(COUNTED)}+")
        else:
            words = translate("catalogue.page.count", shown=shown, total=format_count(answer.total))
        self._bench.show(replace(state, count=words, looking=False))

    def more(self) -> None:
        """Fetch the next part of the list, once; a walk goes on until it has found some or is through."""
        answer, wish = self._answer, self._wish
        count = len(self._bench.state.rows)
        walking = not wish.text and wish.mark not in (Mark.ALL, Mark.CHANGED)
        if self._fetching or (walking and not answer.more) or (not walking and count >= answer.total):
            return
        self._fetching = True
        if wish.text or wish.mark is Mark.CHANGED:
            if wish.limit >= COUNTED:
                return
            self._wish = replace(wish, limit=min(COUNTED, wish.limit + SHOWN))
            self._ask(partial(self._look, self._wish, ""), self._replaced)
        else:
            self._ask(partial(self._look, wish, answer.after), partial(self._appended, walking=walking))

    def _replaced(self, answer: Answer) -> None:
        self._fetching = False
        self._answer = answer
        self._bench.show(replace(self._bench.state, rows=self._rows(answer.variants)))
        self._count()

    def _appended(self, answer: Answer, *, walking: bool) -> None:
        self._fetching = False
        rows = self._bench.state.rows + self._rows(answer.variants)
        self._answer = replace(answer, total=len(rows)) if walking else answer
        self._bench.show(replace(self._bench.state, rows=rows))
        self._count()
        if walking and answer.more and not answer.variants:
            self.more()

    def sort(self, column: str) -> str:
        """Return the order that a click on a head asks for: the other way round the second time; "" for none.

        What is browsed has an index by code only; what was found is sorted by any column.
        """
        state: State = self._bench.state
        if not state.text and state.mark is not Mark.CHANGED and column != "code":
            return ""
        return column


def _sorted(variants: list[Variant], wish: Wish) -> list[Variant]:
    keys: dict[str, Callable[[Variant], tuple[object, ...]]] = {
        "name": lambda v: (v.name,),
        "code": lambda v: (v.code,),
        "price": lambda v: (v.retail is None, v.retail or 0),
    }
    if wish.sort == "code" and not wish.descending:
        return variants
    return sorted(variants, key=keys[wish.sort], reverse=wish.descending)
