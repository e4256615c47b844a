"""Which labels are to be printed again because a document brought other prices, as after a change at the till itself.

Decides nothing about prices; it compares goods as they were here with what came in.
"""

from collections.abc import Iterator
from datetime import timedelta

from pos_app.domain.catalogue import RETAIL, Found, NoPriceError, PriceRow, choose_price
from pos_app.domain.values.ids import VariantId
from pos_app.domain.values.money import Amount
from pos_app.services.ports.goods import NewLabelChange
from sync.protocol.documents import VariantDocument

_Place = tuple[object, ...]


def label_changes(
    before: VariantDocument, after: VariantDocument
) -> tuple[list[NewLabelChange], list[NewLabelChange]]:
    """Return what is to be noted, and what was noted for days that end no more."""
    changes = list(_own(before, after))
    over: list[NewLabelChange] = []
    old, new = _rows(before), _rows(after)
    for place in dict.fromkeys((*old, *new)):
        was, now = old.get(place), new.get(place)
        if was is not None and now is not None and was.price == now.price:
            continue
        row = now or was
        assert row is not None
        variant = after.variant.variant_id
        prices = [None if each is None else each.price for each in (was, now)]
        changes.append(_change(variant, row, prices[0], prices[1]))
        if was is not None:
            over += _end(after, was, was.price)
        if now is not None:
            changes += _end(after, now, now.price)
    return changes, over


def _own(before: VariantDocument, after: VariantDocument) -> Iterator[NewLabelChange]:
    """Yield changes of the goods' own retail price, and of the prices that barcodes have."""
    variant = after.variant.variant_id
    if before.variant.retail != after.variant.retail:
        yield NewLabelChange(
            variant_id=variant, list=RETAIL, before=before.variant.retail, after=after.variant.retail
        )
    codes = {code.code: code.price for code in before.barcodes}
    for code in after.barcodes:
        if code.code in codes and codes[code.code] != code.price:
            yield NewLabelChange(
                variant_id=variant,
                list=RETAIL,
                before=codes[code.code],
                after=code.price,
                barcode=code.code,
            )


def _rows(goods: VariantDocument) -> dict[_Place, PriceRow]:
    return {(row.list, row.barcode, row.valid_from, row.valid_to): row for row in goods.prices}


def _change(variant: VariantId, row: PriceRow, before: Amount | None, after: Amount | None) -> NewLabelChange:
    return NewLabelChange(
        variant_id=variant,
        list=row.list,
        before=before,
        after=after,
        barcode=row.barcode,
        valid_from=row.valid_from,
    )


def _end(goods: VariantDocument, row: PriceRow, price: Amount) -> list[NewLabelChange]:
    """Return what stands on a label no longer when the days of a price are over."""
    if row.valid_to is None:
        return []
    day = row.valid_to + timedelta(days=1)
    codes = {code.code: code for code in goods.barcodes}
    try:
        found = Found(variant=goods.variant, barcode=codes.get(row.barcode or ""))
        then = choose_price(found, goods.prices, on=day).unit_price
    except NoPriceError:
        then = None
    return [
        NewLabelChange(
            variant_id=goods.variant.variant_id,
            list=row.list,
            before=price,
            after=then,
            barcode=row.barcode,
            valid_from=day,
        )
    ]
