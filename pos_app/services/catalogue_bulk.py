"""Many goods changed at once: shown first, done in chunks while selling goes on, taken back as one.

Decides the chunks and what is recorded; what a variant becomes is `domain.catalogue.bulk`. Runs for as long as it
takes: never on the thread that takes keys.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from pos_app.domain.catalogue import RETAIL, Variant
from pos_app.domain.catalogue.bulk import (
    BulkEdit,
    BulkRow,
    check_bulk_edit,
    edited,
    goes_below_cost,
    goes_below_lowest,
)
from pos_app.domain.errors import ExpectedError, InvalidValueError
from pos_app.domain.facts.catalogue import GoodsSaved, PriceSet, PricesSet
from pos_app.domain.staff import Action
from pos_app.domain.values.ids import VariantId
from pos_app.services.acting import Actor
from pos_app.services.catalogue_edit import changed_fields, with_values
from pos_app.services.ports.goods import BulkEditMade, NewLabelChange
from pos_app.services.ports.store import Tx
from pos_app.services.workplace import Workplace

CHUNK = 100
"""Goods changed in one transaction: a sale waits no longer than that takes, some 20 ms."""
SHOWN = 50
"""Rows that a preview shows."""


class NothingToUndoError(ExpectedError):
    """No change of many goods was made, or the last one was taken back."""

    code = "catalogue.error.nothing_to_undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which goods: those of the ids, or else all that a text finds, or else all of a category."""

    ids: tuple[VariantId, ...] = ()
    text: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPreview:
    """What a change would do: of `selected` goods `changed`; the first rows; how many prices would be too low."""

    selected: int
    changed: int
    rows: tuple[BulkRow, ...]
    below_lowest: int
    below_cost: int


@dataclass(frozen=True, slots=True)
class BulkDone:
    """What a change of many did: `done` changed (or taken back), `left` left alone; whether it was stopped."""

    done: int
    left: int = 0
    stopped: bool = False


Progress = Callable[[int, int], bool]
"""Told how many goods of how many are through; returns False to stop."""


class CatalogueBulk:
    """Use cases of changing many goods."""

    def __init__(self, work: Workplace) -> None:
        self._store = work.store
        self._recorder = work.recorder
        self._settings = work.settings
        self._clock = work.clock

    def preview(self, who: Actor, selection: Selection, edit: BulkEdit) -> BulkPreview:
        """Return what a change would do, without doing it; raise InvalidValueError."""
        ids, rate = self._begin(who, selection, edit)
        rows: list[BulkRow] = []
        changed = below_lowest = below_cost = 0
        for chunk in _chunks(ids):
            with self._store.read() as tx:
                for row in self._rows(tx, chunk, edit, rate):
                    changed += 1
                    below_lowest += goes_below_lowest(row)
                    below_cost += goes_below_cost(row)
                    if len(rows) < SHOWN:
                        rows.append(row)
        return BulkPreview(
            selected=len(ids),
            changed=changed,
            rows=tuple(rows),
            below_lowest=below_lowest,
            below_cost=below_cost,
        )

    def apply(
        self,
        who: Actor,
        selection: Selection,
        edit: BulkEdit,
        reason: str | None = None,
        progress: Progress = lambda _done, _of: True,
    ) -> BulkDone:
        """Change goods in chunks, each with its facts; what is done can be taken back, also after a stop or a cut.

        Raises InvalidValueError before anything is changed.
        """
        ids, rate = self._begin(who, selection, edit)
        with self._store.write() as tx:
            number = tx.catalogue.begin_bulk_edit(who.staff_id, self._clock.now())
        done = seen = 0
        for chunk in _chunks(ids):
            with self._store.write() as tx:
                rows = self._rows(tx, chunk, edit, rate)
                self._write(tx, who, rows, reason)
                tx.catalogue.note_bulk_changes(number, [(row.before, row.after) for row in rows])
            done, seen = done + len(rows), seen + len(chunk)
            if not progress(seen, len(ids)) and seen < len(ids):
                return BulkDone(done, stopped=True)
        return BulkDone(done)

    def last(self) -> BulkEditMade | None:
        """Return the last change of many goods that can be taken back."""
        with self._store.read() as tx:
            return tx.catalogue.last_bulk_edit()

    def undo(
        self, who: Actor, reason: str | None = None, progress: Progress = lambda _done, _of: True
    ) -> BulkDone:
        """Take the last change of many back; goods that somebody changed in the same fields since are left.

        Raises NothingToUndoError. When it is stopped or cut off, it can be done again.
        """
        who.require(Action.EDIT_CATALOGUE)
        made = self.last()
        if made is None:
            raise NothingToUndoError()
        after: VariantId | None = None
        done = left = 0
        while True:
            with self._store.write() as tx:
                changes = tx.catalogue.bulk_changes(made.no, after, CHUNK)
                if not changes:
                    tx.catalogue.bulk_edit_undone(made.no, self._clock.now())
                    return BulkDone(done, left)
                rows = [row for change in changes if (row := _back(tx, *change)) is not None]
                self._write(tx, who, rows, reason)
            after = changes[-1][0].variant_id
            done, left = done + len(rows), left + len(changes) - len(rows)
            if not progress(done + left, made.count) and done + left < made.count:
                return BulkDone(done, left, stopped=True)

    def _begin(
        self, who: Actor, selection: Selection, edit: BulkEdit
    ) -> tuple[Sequence[VariantId], Decimal | None]:
        """Return which goods are meant, and the rate of the edit's tax code."""
        who.require(Action.EDIT_CATALOGUE)
        check_bulk_edit(edit)
        rates = {tax.code: tax.rate for tax in self._settings.value.tax_classes}
        if edit.tax_code is not None and edit.tax_code not in rates:
            raise InvalidValueError(field="tax_code", text=edit.tax_code)
        rate = rates[edit.tax_code] if edit.tax_code is not None else None
        if selection.ids:
            return tuple(dict.fromkeys(selection.ids)), rate
        with self._store.read() as tx:
            return tuple(tx.catalogue.selected(selection.text, selection.category)), rate

    def _rows(self, tx: Tx, ids: Sequence[VariantId], edit: BulkEdit, rate: Decimal | None) -> list[BulkRow]:
        """Return the goods that a change changes, with what they become."""
        digits = self._settings.value.money.digits
        found = (tx.catalogue.variant(each) for each in ids)
        rows = (BulkRow(v, edited(v, edit, rate, digits)) for v in found if v is not None)
        return [row for row in rows if row.before != row.after]

    def _write(self, tx: Tx, who: Actor, rows: Sequence[BulkRow], reason: str | None) -> None:
        """Write goods with their facts: one for all prices, one each for what else changed."""
        tx.catalogue.save([row.after for row in rows], [])
        prices = [row for row in rows if row.before.retail != row.after.retail]
        for row in rows:
            changes = changed_fields(row.before, row.after)
            changes.pop("retail", None)
            if changes:
                fact = GoodsSaved(variant=row.after.variant_id, changes=changes)
                self._recorder.record(tx, fact, who.staff_id)
        if prices:
            sets = tuple(
                PriceSet(variant=r.after.variant_id, before=r.before.retail, after=r.after.retail)
                for r in prices
            )
            self._recorder.record(tx, PricesSet(list=RETAIL, prices=sets, reason=reason), who.staff_id)
            tx.catalogue.add_price_changes([_label(row) for row in prices], self._clock.now())


def _label(row: BulkRow) -> NewLabelChange:
    return NewLabelChange(
        variant_id=row.after.variant_id, list=RETAIL, before=row.before.retail, after=row.after.retail
    )


_UNDONE = ("category", "tax_code", "tax_rate", "flags", "retail")


def _back(tx: Tx, before: Variant, after: Variant) -> BulkRow | None:
    """Return how one of the goods goes back in the fields that were changed; None when one of them changed since."""
    now = tx.catalogue.variant(before.variant_id)
    fields = [name for name in _UNDONE if getattr(before, name) != getattr(after, name)]
    if now is None or any(getattr(now, name) != getattr(after, name) for name in fields):
        return None
    return BulkRow(now, with_values(now, **{name: getattr(before, name) for name in fields}))


def _chunks(ids: Iterable[VariantId]) -> Iterator[list[VariantId]]:
    rest = iter(ids)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
