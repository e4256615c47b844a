"""Prices on lists, set with their days and a reason; and the labels that are to be printed again for them.

Decides who may set prices and what is recorded; which row holds is `domain.catalogue.prices`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from pos_app.domain.catalogue import RETAIL, Found, NoPriceError, PriceRow, Variant, check_list, choose_price
from pos_app.domain.catalogue.drafts import PriceDraft, merged, price_draft_of
from pos_app.domain.errors import ExpectedError, InvalidValueError, NotFoundError
from pos_app.domain.facts.catalogue import PriceSet, PricesSet
from pos_app.domain.staff import Action
from pos_app.domain.values.ids import PriceId, VariantId
from pos_app.domain.values.money import LIMIT, Amount
from pos_app.domain.values.quantity import quantity_price
from pos_app.services.acting import Actor
from pos_app.services.catalogue_edit import with_values
from pos_app.services.ports.goods import LabelChange, NewLabelChange
from pos_app.services.ports.store import Tx
from pos_app.services.workplace import Workplace


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChange:
    """A price for a variant, or for one of its barcodes; None takes the list's price away."""

    variant: VariantId
    price: Amount | None
    barcode: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PricesAsked:
    """Prices of one list from a day to a day (both counted; None is open), with the reason."""

    list: str
    changes: Sequence[PriceChange]
    valid_from: date | None = None
    valid_to: date | None = None
    reason: str | None = None


class BelowLowestError(ExpectedError):
    """A price stands below the lowest price of the goods; `price` is that."""

    code = "catalogue.error.below_lowest"


class CataloguePrices:
    """Use cases of price lists and of labels to print again."""

    def __init__(self, work: Workplace) -> None:
        self._store = work.store
        self._recorder = work.recorder
        self._clock = work.clock
        self._ids = work.ids

    def set_prices(self, who: Actor, asked: PricesAsked) -> int:
        """Set prices of a list for some days; return how many changed.

        Without days on the retail list it is the variant's own price (a barcode's own price) that changes. Elsewhere a
        row of the same list and days is replaced. Raises PriceListError, InvalidValueError, NotFoundError, and
        BelowLowestError; `field` "zero_price" of InvalidValueError is a price of 0 without a reason.
        """
        who.require(Action.EDIT_CATALOGUE)
        _check(asked)
        with self._store.write() as tx:
            return self._set_all(tx, who, asked)

    def save_price(self, who: Actor, draft: PriceDraft, reason: str | None = None) -> None:
        """Set one price of goods, or change the one of the draft's row, also to another list, barcode or days.

        What changed since `seen` and was left alone there stays. A row that is changed stays the same row; one that
        stood where it goes is replaced. The goods' own retail price stays when it is set on another list.
        Raises what `set_prices` does, NotFoundError also when the price is gone and was left alone.
        """
        who.require(Action.EDIT_CATALOGUE)
        _check(_asked(draft, reason))
        with self._store.write() as tx:
            now = self._now(tx, draft)
            if draft.seen is not None and now is None and draft.price == draft.seen.price:
                raise NotFoundError()
            if now is not None:
                draft = merged(draft, now)
                _check(_asked(draft, reason))
            if now is not None and now.row is not None and _place(draft) != _place(now):
                self._set_all(tx, who, _asked(replace(now, price=None), reason))
            self._set_all(tx, who, _asked(draft, reason), draft.row)

    @staticmethod
    def _now(tx: Tx, draft: PriceDraft) -> PriceDraft | None:
        """Return the price that a draft was made of as it is now; None when it is new or gone."""
        variant, seen = tx.catalogue.variant(draft.variant), draft.seen
        if variant is None:
            raise NotFoundError()
        if seen is None:
            return None
        if seen.row is None:
            return None if variant.retail is None else replace(seen, price=variant.retail)
        rows = [price_draft_of(row) for row in tx.catalogue.prices(draft.variant)]
        # A price that was set anew is another row in the same place.
        found = [row for row in rows if row.row == seen.row] or [r for r in rows if _place(r) == _place(seen)]
        return found[-1] if found else None

    def _set_all(self, tx: Tx, who: Actor, asked: PricesAsked, row: PriceId | None = None) -> int:
        """Set prices in a transaction, with their fact and labels; return how many changed."""
        done = [each for change in asked.changes if (each := self._set(tx, asked, change, row)) is not None]
        if done:
            fact = PricesSet(
                list=asked.list,
                prices=tuple(done),
                valid_from=asked.valid_from,
                valid_to=asked.valid_to,
                reason=asked.reason,
            )
            self._recorder.record(tx, fact, who.staff_id)
            self._note_labels(tx, asked, done)
        return len(done)

    def _note_labels(self, tx: Tx, asked: PricesAsked, done: Sequence[PriceSet]) -> None:
        """Note the labels to print now or when the days begin, and those to print when the days are over."""
        tx.catalogue.drop_price_changes(_ends(asked, [(each, each.before, None) for each in done]))
        begin = [_label(asked, each) for each in done]
        back = [(each, each.after, _price_after(tx, asked, each)) for each in done]
        tx.catalogue.add_price_changes([*begin, *_ends(asked, back)], self._clock.now())

    def _set(self, tx: Tx, asked: PricesAsked, change: PriceChange, row: PriceId | None) -> PriceSet | None:
        variant = tx.catalogue.variant(change.variant)
        if variant is None:
            raise NotFoundError()
        if asked.list == RETAIL and asked.valid_from is None and asked.valid_to is None:
            before = self._set_own(tx, variant, change)
        else:
            before = self._set_row(tx, asked, change, row)
        if before == change.price:
            return None
        _check_lowest(tx, variant, change)
        return PriceSet(variant=change.variant, before=before, after=change.price, barcode=change.barcode)

    @staticmethod
    def _set_own(tx: Tx, variant: Variant, change: PriceChange) -> Amount | None:
        """Change a variant's retail price, or a barcode's own; return what it was."""
        if change.barcode is None:
            if variant.retail != change.price:
                tx.catalogue.save([with_values(variant, retail=change.price)], [])
            return variant.retail
        codes = {code.code: code for code in tx.catalogue.barcodes(variant.variant_id)}
        code = codes.get(change.barcode)
        if code is None:
            raise NotFoundError()
        if code.price != change.price:
            codes[code.code] = with_values(code, price=change.price)
            tx.catalogue.set_barcodes(variant.variant_id, list(codes.values()))
        return code.price

    def _set_row(
        self, tx: Tx, asked: PricesAsked, change: PriceChange, price_id: PriceId | None
    ) -> Amount | None:
        """Change a row of a list, or take it away; return what it was."""
        place = (asked.list, change.barcode, asked.valid_from, asked.valid_to)
        there = [
            row
            for row in tx.catalogue.prices(change.variant)
            if (row.list, row.barcode, row.valid_from, row.valid_to) == place
        ]
        before = there[-1].price if there else None
        if before == change.price:
            return before
        tx.catalogue.remove_prices([row.price_id for row in there])
        if change.price is not None:
            row = PriceRow(
                price_id=price_id or PriceId(self._ids.new()),
                variant_id=change.variant,
                list=asked.list,
                price=change.price,
                barcode=change.barcode,
                valid_from=asked.valid_from,
                valid_to=asked.valid_to,
            )
            tx.catalogue.save_prices([row])
        return before

    def price_changes(
        self, since: datetime | None = None, after: int = 0, limit: int = 500
    ) -> tuple[LabelChange, ...]:
        """Return prices changed since a moment, or all whose labels are to be printed; `after` is the last one seen."""
        with self._store.read() as tx:
            return tuple(tx.catalogue.price_changes(since, after, limit))

    def labels_done(self, who: Actor, numbers: Sequence[int]) -> None:
        """Note that the labels of changes were printed; they are not listed as open any more."""
        who.require(Action.EDIT_CATALOGUE)
        with self._store.write() as tx:
            tx.catalogue.labels_printed(numbers, self._clock.now())


def _check(asked: PricesAsked) -> None:
    """Raise PriceListError or InvalidValueError for prices that cannot be."""
    check_list(asked.list)
    if asked.valid_from and asked.valid_to and asked.valid_to < asked.valid_from:
        raise InvalidValueError(field="valid_to", text=asked.valid_to.isoformat())
    for change in asked.changes:
        if change.price is not None and not 0 <= change.price < LIMIT:
            raise InvalidValueError(field="price", text=str(change.price))
        if change.price == 0 and not (asked.reason or "").strip():
            raise InvalidValueError(field="zero_price", text="0")


def _check_lowest(tx: Tx, variant: Variant, change: PriceChange) -> None:
    """Raise BelowLowestError for a price below the lowest one of the goods; a pack counts as what is in it."""
    lowest = variant.flags.lowest_price
    if lowest is None or change.price is None:
        return
    if change.barcode is not None:
        codes = {code.code: code for code in tx.catalogue.barcodes(variant.variant_id)}
        if change.barcode in codes:
            lowest = quantity_price(codes[change.barcode].pack_quantity, lowest)
    if change.price < lowest:
        raise BelowLowestError(price=lowest)


def _place(draft: PriceDraft) -> tuple[object, ...]:
    return (draft.list, draft.barcode, draft.valid_from, draft.valid_to)


def _asked(draft: PriceDraft, reason: str | None) -> PricesAsked:
    return PricesAsked(
        list=draft.list,
        changes=(PriceChange(variant=draft.variant, price=draft.price, barcode=draft.barcode),),
        valid_from=draft.valid_from,
        valid_to=draft.valid_to,
        reason=reason,
    )


def _label(asked: PricesAsked, done: PriceSet) -> NewLabelChange:
    return NewLabelChange(
        variant_id=done.variant,
        list=asked.list,
        before=done.before,
        after=done.after,
        barcode=done.barcode,
        valid_from=asked.valid_from,
    )


def _ends(
    asked: PricesAsked, done: Sequence[tuple[PriceSet, Amount | None, Amount | None]]
) -> list[NewLabelChange]:
    """Return what stands on labels no longer when the days of prices are over: the price that was set, then another."""
    if asked.valid_to is None:
        return []
    return [
        NewLabelChange(
            variant_id=each.variant,
            list=asked.list,
            before=price,
            after=after,
            barcode=each.barcode,
            valid_from=asked.valid_to + timedelta(days=1),
        )
        for each, price, after in done
        if price is not None
    ]


def _price_after(tx: Tx, asked: PricesAsked, done: PriceSet) -> Amount | None:
    """Return what anybody pays, as prices are now, on the day after the days of a price."""
    variant = tx.catalogue.variant(done.variant)
    if variant is None or asked.valid_to is None:
        return None
    codes = {code.code: code for code in tx.catalogue.barcodes(done.variant)}
    found = Found(variant=variant, barcode=codes.get(done.barcode or ""))
    try:
        day = asked.valid_to + timedelta(days=1)
        return choose_price(found, tx.catalogue.prices(done.variant), on=day).unit_price
    except NoPriceError:
        return None
