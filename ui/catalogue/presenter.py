"""The catalogue page without its widgets: finding goods and pieces, one of them in full, and what is changed of them.

Decides what each key and scan means; parts of it stand in `finding`, `editing`, `gold`, `bulk` and `lists`. Qt-free.
Everything that reads or writes goes through a lane; late answers are dropped.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from pos_app.domain.catalogue import Found
from pos_app.domain.errors import ExpectedError
from pos_app.domain.staff import Action
from pos_app.domain.staff_limits import permits
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.ids import VariantId
from pos_app.services.catalogue_bulk import Selection
from pos_app.services.catalogue_walk import Mark
from pos_app.words import translate
from ui.catalogue import goods
from ui.catalogue.bulk import BulkDesk, Meant
from ui.catalogue.editing import Editor
from ui.catalogue.finding import Finder
from ui.catalogue.gold import GoldDesk
from ui.catalogue.goods import Detail, Told
from ui.catalogue.lists import ListsDesk
from ui.catalogue.state import Bench, Say, State, Tab
from ui.catalogue.whole import Whole, read_whole
from ui.shell.counter import Counter
from ui.shell.wording import words_of

_LISTS = (Tab.BARCODES, Tab.PRICES, Tab.PIECES, Tab.BATCHES)


class CataloguePresenter:
    """One method an intent; `on_change` gets each new state."""

    def __init__(self, counter: Counter, on_change: Callable[[State], None], say: Say) -> None:
        self._counter = counter
        self._shop = counter.shop
        self._on_change = on_change
        self._say = say
        self.state = State()
        bench: Bench = self
        self.finder = Finder(counter, bench, lambda: self.go(0))
        self.gold = GoldDesk(counter, bench, say, self.refresh)
        self.bulk = BulkDesk(counter, bench, say, self.refresh)
        self.lists = ListsDesk(counter, bench, say, self.told)
        self.editor = Editor(counter, bench, say, self._saved)
        self._whole: Whole | None = None
        self._opening = 0
        self._moved = False

    def told(self) -> Told:
        """Return what the words of goods depend on."""
        return Told(
            currency=self._shop.current.value.money,
            today=self._shop.ringing.today(),
            gold={price.fineness: price.price for price in self.finder.gold},
            costs=self.state.may_edit,
        )

    # -- finding -------------------------------------------------------------------------------------------

    def opened(self) -> None:
        """Show the goods as they are now; what was typed stays."""
        actor = self._counter.session.actor

        def allowed(action: Action) -> bool:
            limits = self._shop.current.value.limits
            return actor is not None and permits(limits, actor.role, action)

        self.state = replace(
            self.state,
            may_set_gold=allowed(Action.IMPORT_CATALOGUE) and allowed(Action.SET_GOLD_PRICE),
            may_edit=allowed(Action.EDIT_CATALOGUE),
            may_import=allowed(Action.IMPORT_CATALOGUE),
        )
        if self.state.free:
            self.refresh()

    def refresh(self) -> None:
        """Show everything as it is now; the goods that are shown stay in front."""
        if self.state.may_edit:
            self._counter.db.run(self._shop.catalogue_bulk.last, self.lists.undo_told, self.failed)
        if self.state.pieces is not None:
            self.lists.search_pieces(self.state.text)
            return
        self.finder.search(self.state.text, keep=True)
        if self._whole is not None and self.state.detail is not None:
            self.open_variant(self._whole.variant.variant_id)

    def search(self, text: str) -> None:
        """Show what a text finds: part of a name, pinyin, initials, code, barcode, certificate; all for none."""
        self._moved = False
        if self.state.pieces is not None:
            self.lists.search_pieces(text)
            return
        self.finder.search(text)

    def pick(self, mark: Mark) -> None:
        """Show the goods that bear a mark; the same mark again shows all."""
        mark = Mark.ALL if mark is self.state.mark else mark
        self.state = replace(self.state, mark=mark, pieces=None)
        self.finder.search(self.state.text)

    def next_mark(self) -> None:
        """Show the goods of the next mark."""
        marks = list(Mark)
        self.pick(marks[(marks.index(self.state.mark) + 1) % len(marks)])

    def choose_category(self, category: str | None) -> None:
        """Show the goods of a category, or of all."""
        if category != self.state.category:
            self.state = replace(self.state, category=category)
            self.finder.search(self.state.text)

    def sort(self, column: str) -> None:
        """Sort by a column, the other way round the second time; says why where that cannot be."""
        state = self.state
        if not self.finder.sort(column) or (column == "code" and not state.text):
            self._say("warning", translate("catalogue.page.sort_found"))
            return
        again = column == state.sort
        self.state = replace(state, sort=column, descending=again and not state.descending)
        self.finder.search(state.text)

    def turn_to_pieces(self) -> None:
        """Show single pieces in place of goods, or goods again."""
        if self.state.pieces is None:
            self.lists.search_pieces(self.state.text)
        else:
            self.show(replace(self.state, pieces=None))
            self.finder.search(self.state.text)

    def go(self, place: int) -> None:
        """Show the detail of a row; the last row of a part fetches the next part."""
        pieces = self.state.pieces
        count = len(self.state.rows) if pieces is None else len(pieces)
        if not 0 <= place < count:
            return
        if place != self.state.cursor or self.state.detail is None:
            self.show(replace(self.state, cursor=place))
            goal = self.state.rows[place].variant_id if pieces is None else pieces[place].variant_id
            self.open_variant(goal, Tab.PIECES if pieces is not None else None)
        if place == count - 1:
            self.more()

    def move(self, step: int) -> None:
        """Show the next row, or the one before."""
        rows = self.state.rows if self.state.pieces is None else self.state.pieces
        last, cursor = len(rows) - 1, self.state.cursor
        if last >= 0:
            start = cursor if cursor >= 0 else (-1 if step > 0 else last + 1)
            self._moved = True
            self.go(max(0, min(last, start + step)))

    def more(self) -> None:
        """Fetch the next part of the list."""
        if self.state.pieces is None:
            self.finder.more()
        else:
            self.lists.more_pieces()

    # -- marking rows --------------------------------------------------------------------------------------

    @property
    def may_mark(self) -> bool:
        """Whether the blank marks a row: after ↑↓; while a name is typed it is a blank."""
        return self.state.free and self.state.may_edit and self._moved and self.state.cursor >= 0

    def mark_row(self) -> None:
        """Mark the row of the cursor for a change of many, or take the mark away."""
        state = self.state
        if state.pieces is None and 0 <= state.cursor < len(state.rows):
            one = frozenset({state.rows[state.cursor].variant_id})
            every = frozenset(row.variant_id for row in state.rows) if state.all_selected else state.selected
            self.show(replace(state, selected=every ^ one, all_selected=False))

    def extend(self, step: int) -> None:
        """Mark the row of the cursor and go on to the next, which is marked as well."""
        state = self.state
        if state.pieces is not None or not state.may_edit:
            return
        here = {state.rows[state.cursor].variant_id} if 0 <= state.cursor < len(state.rows) else set()
        self.move(step)
        state = self.state
        if 0 <= state.cursor < len(state.rows):
            there = {state.rows[state.cursor].variant_id}
            self.show(replace(state, selected=state.selected | here | there, all_selected=False))

    def marked_or_shown(self) -> tuple[VariantId, ...]:
        """Return the goods that are marked, else the one that is shown."""
        state = self.state
        if state.all_selected:
            return tuple(row.variant_id for row in state.rows)
        if state.selected:
            return tuple(row.variant_id for row in state.rows if row.variant_id in state.selected)
        return (state.detail.variant_id,) if state.detail is not None else ()

    def mark_all(self) -> None:
        """Mark everything that was found, also what is not shown yet; once more takes the marks away."""
        state = self.state
        if state.may_edit and state.pieces is None and state.rows:
            self.show(replace(state, all_selected=not state.all_selected, selected=frozenset()))

    def begin_bulk(self) -> None:
        """Open the form of a change to what is marked."""
        state = self.state
        if not state.may_edit or not state.free or state.busy:
            return
        meant = self._meant()
        if meant is None:
            self._say("warning", translate("catalogue.bulk.mark_first"))
            return
        self.bulk.open(meant)

    def _meant(self) -> Meant | None:
        state = self.state
        shown = tuple(row.variant_id for row in state.rows)
        if not state.all_selected:
            ids = tuple(each for each in shown if each in state.selected)
            return Meant(Selection(ids=ids), count=len(ids)) if ids else None
        if state.mark is not Mark.ALL and not state.text:
            return Meant(Selection(), state.mark, state.category, max(self.finder.total, len(shown)))
        if state.text and (state.mark is not Mark.ALL or state.category is not None):
            return Meant(Selection(ids=shown), count=len(shown))
        if state.text:
            return Meant(Selection(text=state.text), count=self.finder.total)
        if state.category is not None:
            return Meant(Selection(category=state.category), count=self.finder.total)
        return Meant(Selection(), Mark.ALL, None, self.finder.total)

    # -- one of the goods ----------------------------------------------------------------------------------

    def open_variant(self, variant: VariantId, tab: Tab | None = None) -> None:
        """Read one of the goods on the lane and show it."""
        self._opening += 1
        self._counter.db.run(
            partial(self._read, variant), partial(self._opened_one, self._opening, tab), self.failed
        )

    def _read(self, variant: VariantId) -> tuple[Whole, Detail] | None:
        whole = read_whole(self._shop, variant)
        return None if whole is None else (whole, goods.detail(whole, self.told()))

    def _opened_one(self, opening: int, tab: Tab | None, read: tuple[Whole, Detail] | None) -> None:
        if opening != self._opening or read is None:
            return
        another = self.state.detail is None or self.state.detail.variant_id != read[1].variant_id
        self._whole = read[0]
        shown = self.state.tab
        if tab is not None or another:
            # Goods of single pieces are looked up for their pieces: that section is in front.
            front = Tab.PIECES if read[0].pieces else Tab.BATCHES if read[0].batches else Tab.FACTS
            shown = tab or front
        self.show(replace(self.state, detail=read[1], tab=shown))

    def turn(self, tab: Tab | None = None) -> None:
        """Show a section, or the next one; one that is empty is passed over by who may not fill it."""
        detail, may_edit = self.state.detail, self.state.may_edit
        tabs = [
            each
            for each in Tab
            if may_edit or each is self.state.tab or (detail is not None and getattr(detail, each.value))
        ]
        after = tabs[(tabs.index(self.state.tab) + 1) % len(tabs)]
        self.show(replace(self.state, tab=tab or after))

    def enter(self) -> None:
        """Show the first of what was found; say so when there is nothing."""
        count = len(self.state.rows if self.state.pieces is None else self.state.pieces)
        if self.state.detail is None and count:
            self.go(0)
        elif self.state.text and not count and not self.state.looking:
            self._say("warning", translate("catalogue.page.unknown", text=self.state.text[:40]))

    def open_item(self, place: int) -> None:
        """Open the row of a section: its form, or the goods of the same style it stands for."""
        detail = self.state.detail
        if detail is None or self._whole is None:
            return
        rows = getattr(detail, self.state.tab.value)
        if not 0 <= place < len(rows):
            return
        if rows[place].opens is not None:
            self.open_variant(rows[place].opens)
        elif self.state.may_edit:
            self.editor.begin_edit(self._whole, self.state.tab, place)

    def edit(self, place: int = -1) -> None:
        """Edit the section in front; of a list the row at a place, of one without a chosen row the first."""
        if self._whole is None or self.state.detail is None:
            return
        rows = getattr(self.state.detail, self.state.tab.value)
        if self.state.tab in (Tab.PRICES, Tab.PIECES, Tab.BATCHES) and place < 0 and rows:
            place = 0
        self.editor.begin_edit(self._whole, self.state.tab, place)

    def add(self) -> None:
        """Add a row to the list in front."""
        if self._whole is None or self.state.detail is None or self.state.tab not in _LISTS:
            return
        self.editor.begin_edit(self._whole, self.state.tab, -1, self.add)

    def _saved(self, variant: VariantId | None) -> None:
        if variant is None:
            self.refresh()
            return
        tab = self.state.tab if self.state.detail and self.state.detail.variant_id == variant else None
        self.open_variant(variant, tab)
        self.finder.search(self.state.text, keep=True)

    # -- pictures ------------------------------------------------------------------------------------------

    def set_picture(self, content: bytes | None) -> None:
        """Give the goods a picture, or take it away."""
        if self._whole is None or not self.state.may_edit or not self.state.free or self.state.busy:
            return
        try:
            who = self._counter.session.who
        except ExpectedError as error:
            self.failed(error)
            return
        variant = self._whole.variant.variant_id
        self.show(replace(self.state, busy=True))
        work = partial(self._shop.catalogue_pictures.set_picture, who, variant, content)
        lane = self._counter.slow or self._counter.db
        lane.run(work, lambda _key: self._pictured(), self.failed)

    def _pictured(self) -> None:
        self.show(replace(self.state, busy=False))
        self._say("success", translate("catalogue.page.picture_saved"))
        self.refresh()

    # -- what comes in -------------------------------------------------------------------------------------

    def scan(self, text: str) -> None:
        """Put a code into the form that is open, else show the goods of it; unknown goods may be added."""
        if self.state.form is not None:
            if not self.editor.scan(text):
                self._say("warning", translate("catalogue.page.form_first"))
            return
        if not self.state.free:
            self._say("warning", translate("catalogue.page.form_first"))
            return
        self._counter.db.run(
            partial(self._shop.catalogue.find, text), partial(self._scanned, text), self.failed
        )

    def _scanned(self, text: str, found: Found | None) -> None:
        code = fold(text)[:40]
        if found is None:
            self._say("warning", translate("catalogue.page.unknown", text=code))
            if self.state.may_edit and self.state.free:
                self.editor.begin_new(code)
            return
        self.state = replace(self.state, mark=Mark.ALL, category=None, pieces=None)
        self.finder.search(found.variant.code)
        self.open_variant(found.variant.variant_id, Tab.PIECES if found.piece else None)

    def leave(self) -> None:
        """Close what is open beside the list, else take marks away, else clear the box."""
        state = self.state
        if state.form is not None:
            self.editor.close()
        elif state.gold is not None:
            self.show(replace(state, gold=None))
        elif state.bulk is not None:
            self.bulk.close()
        elif state.labels is not None:
            self.show(replace(state, labels=None))
        elif state.selected or state.all_selected:
            self.show(replace(state, selected=frozenset(), all_selected=False))
        elif state.text:
            self.search("")

    @property
    def would_lose(self) -> bool:
        """Whether leaving what is open would lose something."""
        state = self.state
        if state.form is not None:
            return state.form.changed
        if state.bulk is not None:
            return state.bulk.form.changed
        return self.gold.changed

    def failed(self, error: Exception) -> None:
        """Tell of an error in words."""
        self.show(replace(self.state, busy=False, looking=False))
        self._say("error", words_of(error, self._shop.current.value.money))

    def show(self, state: State) -> None:
        """Show a state."""
        self.state = state
        self._on_change(state)
