"""The sync desk: what waits for a person, both versions of it, a choice by one key, and taking it back.

Decides which item is in hand and what is said after a choice. What a choice does is the platform's. Qt-free.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from pos_app.domain.desk import DeskItem, ItemId
from pos_app.domain.staff import Action, may
from pos_app.services.ports.lane import Lane
from pos_app.words import format_count, translate
from ui.shell.counter import Counter
from ui.shell.wording import words_of
from ui.sync.items import Names, is_shown, item_detail, item_row, members_in
from ui.sync.ports import LeftGoods, SyncParts
from ui.sync.state import DeskState, ItemDetail, LeftState

GOODS_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Read:
    """What stands at the desk, and who is who."""

    items: tuple[DeskItem, ...]
    names: Names
    left: LeftGoods | None


class DeskPresenter:
    """The desk's intents. GUI thread; it is read on the lane that nobody waits for."""

    def __init__(self, counter: Counter, parts: SyncParts, on_change: Callable[[DeskState], None]) -> None:
        self._counter = counter
        self._parts = parts
        self._on_change = on_change
        self.state = DeskState()
        self._read: _Read | None = None
        self._current: ItemId | None = None
        self._last: ItemId | None = None
        self._round = 0

    @property
    def _reading(self) -> Lane:
        return self._counter.slow or self._counter.db

    def open(self) -> None:
        """Read the desk anew; what an earlier act said is forgotten."""
        self._last = None
        self._change(note="", problem="", undoable=False)
        self.refresh()

    def refresh(self) -> None:
        """Read the desk anew and keep what is in hand."""
        self._round += 1
        self._reading.run(self._read_all, partial(self._show_read, self._round), self._failed)

    def _read_all(self) -> _Read:
        shop, parts = self._counter.shop, self._parts
        now = parts.now_ms()
        items = tuple(item for item in parts.desk.items() if is_shown(item, now))
        members = {one: found for one in members_in(items) if (found := shop.members.get(one)) is not None}
        names = Names(
            settings=shop.current.value,
            now_ms=now,
            members=members,
            staff={one.staff_id: one.name for one in shop.staff.everybody()},
            shops=parts.shops(),
        )
        return _Read(items, names, self._left_goods())

    def _left_goods(self) -> LeftGoods | None:
        """Return the goods that only this till has, once all that the merchant has is here to be compared with."""
        if self._parts.control.status().filling is not None:
            return None
        return self._parts.joining.unmatched()

    def _show_read(self, asked: int, read: _Read) -> None:
        if asked != self._round:
            # A later reading is under way: what it finds is newer.
            return
        self._read = read
        self._show()

    def show_settled(self, settled: bool) -> None:
        """Show what was settled within 90 days instead of what is open, or the other way round."""
        self._current = None
        self._change(settled=settled, problem="")
        self._show()

    def mark(self, item_id: ItemId) -> None:
        """Take another item in hand."""
        if item_id != self._current:
            self._current = item_id
            self._show()

    def choose(self, place: int) -> None:
        """Settle the item in hand by one of its choices."""
        detail = self.state.detail
        if detail is None or self.state.busy or place >= len(detail.choices):
            return
        choice, words = detail.choices[place]
        who = self._counter.session.who
        self._change(busy=True, problem="", note="")
        self._counter.db.run(
            lambda: self._parts.desk.decide(who, detail.item_id, choice),
            lambda _: self._decided(detail.item_id, translate("sync.desk.settled", choice=words)),
            self._failed,
        )

    def _decided(self, item_id: ItemId, note: str) -> None:
        following = self._after(item_id)
        self._last, self._current = item_id, following
        self._change(busy=False, note=note, undoable=True)
        self._parts.control.wake()
        self.refresh()

    def _after(self, item_id: ItemId) -> ItemId | None:
        """Return the item that is in hand once another is settled: the one below it, else the one above."""
        ids = [row.item_id for row in self.state.rows]
        if item_id not in ids:
            return None
        place = ids.index(item_id)
        rest = ids[place + 1 :] + ids[:place][::-1]
        return rest[0] if rest else None

    def take_back(self) -> None:
        """Take back the choice of the settled item in hand, else the one made last."""
        detail = self.state.detail
        item_id = detail.item_id if detail is not None and detail.settled else self._last
        if item_id is None or self.state.busy:
            return
        who = self._counter.session.who
        self._change(busy=True, problem="", note="")
        self._counter.db.run(
            lambda: self._parts.desk.take_back(who, item_id),
            lambda _: self._taken_back(item_id),
            self._failed,
        )

    def _taken_back(self, item_id: ItemId) -> None:
        self._last, self._current = None, item_id
        self._change(busy=False, settled=False, note=translate("sync.desk.taken_back"), undoable=False)
        self._parts.control.wake()
        self.refresh()

    def bring_along(self) -> None:
        """Make the goods that only this till has goods of the merchant."""
        who = self._counter.session.who
        self._settle_left(lambda: self._parts.joining.bring_along(who), "sync.left.brought")

    def stop_selling(self) -> None:
        """Sell the goods that only this till has no more."""
        who = self._counter.session.who
        self._settle_left(lambda: self._parts.joining.stop_selling(who), "sync.left.stopped")

    def _settle_left(self, work: Callable[[], object], code: str) -> None:
        if self.state.left is None or self.state.busy:
            return
        left = self._read.left if self._read is not None else None
        count = left.count if left is not None else 0
        self._change(busy=True, problem="", note="")

        def done(_: object) -> None:
            self._change(busy=False, note=translate(code, count=count))
            self._parts.control.wake()
            self.refresh()

        self._counter.db.run(work, done, self._failed)

    def _show(self) -> None:
        read = self._read
        if read is None:
            return
        open_ones = sorted((i for i in read.items if i.choice is None), key=lambda i: i.at_ms)
        settled = sorted((i for i in read.items if i.choice is not None), key=lambda i: -i.chosen_at_ms)
        shown = settled if self.state.settled else open_ones
        current = self._in_hand(shown)
        self._change(
            rows=tuple(item_row(item, read.names) for item in shown),
            open_count=len(open_ones),
            settled_count=len(settled),
            detail=self._detail(current, read.names) if current is not None else None,
            left=_left(read.left),
            read=True,
        )

    def _detail(self, item: DeskItem, names: Names) -> ItemDetail:
        """Write an item; somebody who may not settle it is offered no choice, and told who may."""
        detail, actor = item_detail(item, names), self._counter.session.actor
        if not detail.choices or (actor is not None and may(actor.role, Action.SETTLE_DESK)):
            return detail
        return replace(detail, choices=(), told=f"{detail.told}\n{translate('sync.desk.manager_only')}")

    def _in_hand(self, shown: Sequence[DeskItem]) -> DeskItem | None:
        found = next((item for item in shown if item.item_id == self._current), None)
        current = found or (shown[0] if shown else None)
        self._current = current.item_id if current is not None else None
        return current

    @property
    def place(self) -> int:
        """Where the item in hand stands in the list; -1 for none."""
        ids = [row.item_id for row in self.state.rows]
        return ids.index(self._current) if self._current in ids else -1

    def _failed(self, problem: Exception) -> None:
        self._change(busy=False, problem=words_of(problem, self._counter.shop.current.value.money))
        self.refresh_after(problem)

    def refresh_after(self, problem: Exception) -> None:
        """Read the desk again when it has changed under the hand."""
        if getattr(problem, "code", "") == "sync.error.item_gone":
            self.refresh()

    def _change(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self._on_change(self.state)


def _left(goods: LeftGoods | None) -> LeftState | None:
    if goods is None or not goods.count:
        return None
    named = [f"{one.code} {one.name}".strip() for one in goods.first[:GOODS_NAMED]]
    if goods.count > len(named):
        named.append(translate("sync.left.more", count=format_count(goods.count - len(named))))
    return LeftState(title=translate("sync.left.title", count=goods.count), named=" · ".join(named))
