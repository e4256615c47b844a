"""The form of a price on a list: which list, for which barcode, from when to when.

Decides the fields and what is written when they are saved. Qt-free.
"""

from collections.abc import Mapping
from dataclasses import replace

from pos_app.domain.catalogue import LEVELS, MEMBER, RETAIL, PriceRow, level_list, shop_list
from pos_app.domain.catalogue.drafts import PriceDraft, price_draft_of
from pos_app.domain.values.ids import VariantId
from pos_app.services.acting import Actor
from pos_app.services.shop import Shop
from pos_app.words import translate
from ui.catalogue.forms import Entry, Form, Reading, Task, Work, amount_text
from ui.catalogue.goods import list_words
from ui.catalogue.goods_forms import label
from ui.catalogue.whole import Whole


class PriceForms:
    """Makes the form of a price."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def price(self, whole: Whole, row: PriceRow | None) -> Task:
        """Return the form of a price on a list; an emptied price takes a row away."""
        codes = [(translate("catalogue.field.all_codes"), "")]
        codes += [(code.code, code.code) for code in whole.barcodes]
        entries = (
            Entry("list", label("list"), "choice", row.list if row else RETAIL, choices=self.lists()),
            Entry(
                "barcode",
                label("for_code"),
                "choice",
                (row.barcode or "") if row else "",
                choices=tuple(codes),
            ),
            Entry(
                "price",
                label("price"),
                "amount",
                amount_text(row.price, self._shop.current.value.money) if row else "",
                hint=translate("catalogue.form.price_hint") if row else "",
            ),
            Entry("reason", label("reason"), optional=True, longest=60),
            Entry(
                "valid_from",
                label("valid_from"),
                "code",
                row.valid_from.isoformat() if row and row.valid_from else "",
                hint=label("day_hint"),
                optional=True,
            ),
            Entry(
                "valid_to",
                label("valid_to"),
                "code",
                row.valid_to.isoformat() if row and row.valid_to else "",
                optional=True,
            ),
        )
        told = translate("catalogue.form.price_told")
        form = Form(translate("catalogue.form.price"), entries, told)
        return Task(form, lambda values: self._plan_price(whole, row, values))

    def lists(self) -> tuple[tuple[str, str], ...]:
        """Return the price lists, in words and by name."""
        here = shop_list(self._shop.current.value.shop_id)
        names = (RETAIL, MEMBER, *(level_list(n) for n in range(1, LEVELS + 1)), here)
        return tuple((list_words(name), name) for name in names)

    def _plan_price(self, whole: Whole, row: PriceRow | None, values: Mapping[str, str]) -> Work:
        read = Reading(values, self._shop.current.value.money)
        price = read.amount("price", required=row is None)
        start, end = read.day("valid_from"), read.day("valid_to")
        if start and end and end < start:
            read.faults["valid_to"] = translate("catalogue.fault.valid_to")
        read.check()
        variant = whole.variant.variant_id
        seen = None if row is None else price_draft_of(row)
        if seen is not None and seen.row == variant:
            # The goods' own retail price stands in front of the rows and is none.
            seen = replace(seen, row=None)
        draft = PriceDraft(
            variant=variant,
            list=values["list"],
            price=price,
            barcode=read.optional("barcode"),
            valid_from=start,
            valid_to=end,
            row=seen.row if seen else None,
            seen=seen,
        )
        reason = read.optional("reason")

        def work(who: Actor) -> VariantId:
            self._shop.catalogue_prices.save_price(who, draft, reason)
            return variant

        return work
