"""Two lists beside the goods: single pieces over all goods, and prices whose labels are to be printed again.

Decides how far pieces are looked for at once; late answers are dropped. Qt-free.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from pos_app.domain.catalogue import Found
from pos_app.domain.errors import ExpectedError
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.ids import PieceId
from pos_app.services.catalogue_walk import CatalogueWalk, ChangedPrice, PiecesPart
from pos_app.services.ports.goods import BulkEditMade
from pos_app.services.ports.selling import PieceSale
from pos_app.words import format_amount, format_count, format_date, format_date_time, translate
from ui.catalogue.goods import Told, list_words, piece_item
from ui.catalogue.state import Bench, LabelRow, PieceRow, Say, Tab
from ui.shell.counter import Counter

PIECES = 50
"""Pieces that a step of the list shows at least, where there are as many."""
_SEARCHED = 200
"""Goods whose pieces a text shows."""


class ListsDesk:
    """Pieces over all goods, and labels."""

    def __init__(self, counter: Counter, bench: Bench, say: Say, told: Callable[[], Told]) -> None:
        self._counter = counter
        self._walk = CatalogueWalk(counter.shop.store)
        self._bench = bench
        self._say = say
        self._told = told
        self._asked = 0
        self._part = PiecesPart((), "", done=True)
        self._fetching = False

    # -- pieces --------------------------------------------------------------------------------------------

    def search_pieces(self, text: str) -> None:
        """Show the pieces that a text finds by code, certificate or goods; all for none."""
        self._asked += 1
        self._fetching = True
        state = replace(self._bench.state, text=text, selected=frozenset(), all_selected=False)
        self._bench.show(replace(state, pieces=state.pieces or (), cursor=-1, looking=True))
        wanted = fold(text).strip()
        self._ask(partial(self._search, wanted) if wanted else partial(self._step, ""), fresh=True)

    def _step(self, after: str) -> PiecesPart:
        return self._walk.pieces(None, after, PIECES)

    def _ask(self, look: Callable[[], PiecesPart], *, fresh: bool) -> None:
        """Look for pieces and write their words on the lane."""
        told = self._told()

        def work() -> tuple[PiecesPart, tuple[PieceRow, ...]]:
            part = look()
            sales = self._walk.sales_of([found.piece for found in part.found if found.piece is not None])
            return part, tuple(_piece_row(found, told, sales) for found in part.found)

        self._counter.db.run(work, partial(self._found, self._asked, fresh=fresh), self._failed)

    def _search(self, text: str) -> PiecesPart:
        hits = self._counter.shop.catalogue.search(text, _SEARCHED)
        found = [each for each in hits.found if each.piece is not None]
        named = {each.variant.variant_id for each in found}
        rest = tuple(each.variant for each in hits.found if each.variant.variant_id not in named)
        for variant, pieces in self._walk.pieces_of(rest):
            found += [Found(variant=variant, piece=piece) for piece in pieces]
        return PiecesPart(tuple(found), "", done=True)

    def _found(self, asked: int, answer: tuple[PiecesPart, tuple[PieceRow, ...]], *, fresh: bool) -> None:
        if asked != self._asked or self._bench.state.pieces is None:
            return
        part, found = answer
        self._part, self._fetching = part, False
        rows = found if fresh else self._bench.state.pieces + found
        code = "catalogue.page.pieces_count" if part.done else "catalogue.page.pieces_more"
        words = translate(code, shown=format_count(len(rows)))
        self._bench.show(replace(self._bench.state, pieces=rows, count=words, looking=not part.done))
        if not part.done and not found:
            self.more_pieces()

    def receipt(self, place: int) -> str:
        """Return the number of the receipt of a piece: the one at a place of the section, else the one in the list.

        Without either it is that of the first piece of the section that is sold; "" for none.
        """
        state = self._bench.state
        if state.detail is None or state.tab is not Tab.PIECES:
            return ""
        rows = state.detail.pieces
        if 0 <= place < len(rows):
            return rows[place].receipt
        if state.pieces is not None and 0 <= state.cursor < len(state.pieces):
            return state.pieces[state.cursor].item.receipt
        return next((row.receipt for row in rows if row.receipt), "")

    def more_pieces(self) -> None:
        """Look on for pieces."""
        if self._fetching or self._part.done:
            return
        self._fetching = True
        self._ask(partial(self._step, self._part.after), fresh=False)

    def _failed(self, error: Exception) -> None:
        self._fetching = False
        self._bench.failed(error)

    # -- pictures ------------------------------------------------------------------------------------------

    def thumbnails(self, keys: Sequence[str], done: Callable[[dict[str, bytes]], None]) -> None:
        """Read small pictures on the lane and hand them over by their SHA-256."""
        pictures = self._counter.shop.catalogue_pictures

        def work() -> dict[str, bytes]:
            return {key: small for key in keys if (small := pictures.thumbnail(key)) is not None}

        self._counter.db.run(work, done, self._bench.failed)

    # -- labels --------------------------------------------------------------------------------------------

    def open_labels(self) -> None:
        """Show the prices whose labels are to be printed again."""
        if self._bench.state.free:
            self._counter.db.run(self._read_labels, self._labels_read, self._failed)

    def _read_labels(self) -> tuple[LabelRow, ...]:
        return tuple(self._label(each) for each in self._walk.changed(self._counter.shop.ringing.today()))

    def _labels_read(self, rows: tuple[LabelRow, ...]) -> None:
        self._bench.show(replace(self._bench.state, labels=rows, labels_open=len(rows)))

    def _label(self, each: ChangedPrice) -> LabelRow:
        settings = self._counter.shop.current.value
        change = each.change
        none = translate("catalogue.page.no_price")

        def words(amount: int | None) -> str:
            return none if amount is None else format_amount(amount, settings.money)

        return LabelRow(
            number=change.no,
            variant_id=change.variant_id,
            name=each.variant.name if each.variant else "",
            list=" · ".join(part for part in (list_words(change.list), change.barcode or "") if part),
            before=words(change.before),
            after=words(change.after),
            when=format_date(change.valid_from)
            if change.valid_from
            else format_date_time(change.changed_at, settings.zone),
        )

    def labels_done(self) -> None:
        """Note that the labels of what is shown hang on the shelf."""
        state = self._bench.state
        if not state.labels or not state.may_edit or state.busy:
            return
        numbers = [row.number for row in state.labels]
        try:
            who = self._counter.session.who
        except ExpectedError as error:
            self._bench.failed(error)
            return
        self._bench.show(replace(state, busy=True))
        work = partial(self._counter.shop.catalogue_prices.labels_done, who, numbers)
        self._counter.db.run(work, lambda _none: self._labels_noted(len(numbers)), self._bench.failed)

    def _labels_noted(self, count: int) -> None:
        self._bench.show(replace(self._bench.state, busy=False, labels=None, labels_open=0))
        self._say("success", translate("catalogue.page.labels_noted", count=count))

    # -- the last change of many ---------------------------------------------------------------------------

    def undo_told(self, made: BulkEditMade | None) -> None:
        """Say which change of many can be taken back."""
        words = ""
        if made is not None:
            words = translate("catalogue.bulk.undo", count=made.count)
        self._bench.show(replace(self._bench.state, undo=words))


def _piece_row(found: Found, told: Told, sales: Mapping[PieceId, PieceSale]) -> PieceRow:
    assert found.piece is not None
    item = piece_item(found.piece, told, sales.get(found.piece.piece_id))
    return PieceRow(found.piece, found.variant.variant_id, found.variant.name, item)
