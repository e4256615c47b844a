"""Prices by hand: a discount or another price on a line, a discount, an agreed total or a round-off on the bill.

Decides what the field shows before Enter and when a reason or somebody's yes is asked. The grammar is
`domain.sales.discount`, the limits are `services.carts`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.cart import CartLine
from pos_app.domain.sales.discount import AboveListPriceError, AskedKind, DiscountTextError, parse_discount
from pos_app.domain.sales.gold import offer_of
from pos_app.domain.sales.line import ComponentKind, LineKind
from pos_app.domain.staff import Approval, NeedsApprovalError
from pos_app.domain.values.ids import LineId
from pos_app.domain.values.money import Amount
from pos_app.services.carts import PriceAsk, PriceOverride
from pos_app.words import format_amount, translate
from ui.sales.asks import Preview, Question
from ui.sales.desk import Desk
from ui.sales.gold import GoldPrices
from ui.sales.goods import Goods
from ui.sales.views import discount_words
from ui.shell.wording import words_of

REASONS = ("regular", "flaw", "matched", "other_shop")


@dataclass(frozen=True, slots=True)
class _Given:
    """A price that is being given: what, why, and by whose leave."""

    ask: PriceAsk
    reason: str | None = None
    approval: Approval | None = None


class Prices:
    """Intents about prices."""

    def __init__(self, desk: Desk, goods: Goods, gold: GoldPrices) -> None:
        self._desk = desk
        self._goods = goods
        self._gold = gold

    def ask_line(self) -> None:
        """Ask a discount or a price for the line at hand; for an unknown code, its amount."""
        desk = self._desk
        if desk.current is None:
            desk.refuse(translate("sales.refuse.no_line"))
            return
        line = desk.cart.line(desk.current)
        if line.unknown_code is not None:
            self._goods.settle_unknown(line)
            return
        if not _parts(line) and offer_of(line) is None:
            desk.refuse(translate("sales.refuse.no_discount"))
            return
        desk.asks.ask(self._line_question(line))

    def _line_question(self, line: CartLine) -> Question:
        """Return the question for a line's price; for gold that has moved, the price it was rung at is a choice."""
        parts, old = _parts(line), offer_of(line)
        choices = [_part_words(part) for part in parts]
        if old is not None:
            choices.append(self._gold.choice_words(old))

        def preview(text: str, chosen: int) -> Preview:
            if old is not None and chosen == len(parts):
                return self._gold.preview(old, text)
            return self._preview(text, line.line_id, _part(parts, chosen))

        def submit(text: str, chosen: int) -> str:
            if old is not None and chosen == len(parts):
                return self._gold.submit(old, text)
            return self._submit(text, line.line_id, _part(parts, chosen))

        return Question(
            title=translate(
                "sales.ask.line_price", name=line.product.name if line.product else line.barcode or ""
            ),
            label=translate("sales.ask.price_text"),
            hint=translate("sales.ask.price_hint"),
            choices=tuple(choices) if old is not None or len(choices) > 1 else (),
            chosen=0 if old is not None or len(choices) > 1 else -1,
            preview=preview,
            submit=submit,
        )

    def ask_bill(self) -> None:
        """Ask a discount, an agreed total or a round-off for the whole bill."""
        desk = self._desk
        if not desk.cart.lines:
            desk.refuse(translate("sales.refuse.empty"))
            return
        if all(line.kind is LineKind.DEPOSIT for line in desk.cart.lines):
            desk.refuse(translate("sales.refuse.no_discount"))
            return
        desk.asks.ask(
            Question(
                title=translate("sales.ask.bill_price"),
                label=translate("sales.ask.price_text"),
                hint=translate("sales.ask.bill_hint"),
                preview=lambda text, _chosen: self._preview(text, None, None),
                submit=lambda text, _chosen: self._submit(text, None, None),
            )
        )

    # -- reading -------------------------------------------------------------------------------------------

    def _read(self, text: str, line: LineId | None, part: ComponentKind | None) -> PriceAsk:
        asked = parse_discount(text, self._desk.currency.digits)
        drops = asked.kind is AskedKind.DROP_CHANGE
        if drops and line is not None:
            raise DiscountTextError(text=text)
        return PriceAsk(msgspec.structs.replace(asked, component=part), line, round_off=drops)

    def _preview(self, text: str, line: LineId | None, part: ComponentKind | None) -> Preview:
        if not text.strip():
            removable = self._has_discount(line)
            return Preview(translate("sales.ask.price_remove") if removable else "")
        desk = self._desk
        try:
            ask = self._read(text, line, part)
            before, after = desk.shop.carts.preview(desk.cart, ask)
        except AboveListPriceError as error:
            if line is not None and part is None:
                return Preview(translate("sales.ask.price_above"))
            return Preview(error=words_of(error, desk.currency))
        except ExpectedError as error:
            return Preview(error=words_of(error, desk.currency))
        return Preview(
            translate(
                "sales.ask.price_preview",
                asked=discount_words(ask.discount, desk.currency),
                before=format_amount(before, desk.currency),
                after=format_amount(after, desk.currency),
                off=format_amount(after - before, desk.currency),
            )
        )

    def _submit(self, text: str, line: LineId | None, part: ComponentKind | None) -> str:
        desk = self._desk
        try:
            if not text:
                return self._remove_discount(line)
            ask = self._read(text, line, part)
            desk.shop.carts.preview(desk.cart, ask)
        except AboveListPriceError as error:
            if line is None or part is not None:
                return words_of(error, desk.currency)
            self._ask_override(line, ask.discount.amount or Amount(0))
            return ""
        except ExpectedError as error:
            return words_of(error, desk.currency)
        self._give(_Given(ask))
        return ""

    # -- giving --------------------------------------------------------------------------------------------

    def _give(self, given: _Given) -> None:
        desk = self._desk
        who, cart, carts = desk.who, desk.cart, desk.shop.carts

        def failed(error: Exception) -> None:
            if isinstance(error, NeedsApprovalError) and given.approval is None:
                self._ask_reason(error, given.ask)
            else:
                desk.fail(error)

        desk.ask_lane(
            lambda: carts.change_price(who, cart, given.ask, given.reason, given.approval), desk.take, failed
        )

    def _ask_reason(self, needed: NeedsApprovalError, ask: PriceAsk) -> None:
        def given(reason: str) -> None:
            self._desk.approve(needed, lambda approval: self._give(_Given(ask, reason, approval)))

        self._desk.asks.ask(reason_question(translate("sales.ask.approval_reason"), given))

    def _ask_override(self, line: LineId, price: Amount) -> None:
        desk = self._desk

        def given(reason: str) -> None:
            who, cart, carts = desk.who, desk.cart, desk.shop.carts
            asked = PriceOverride(line, price, reason)
            desk.with_approval(lambda approval: carts.override_price(who, cart, asked, approval), desk.take)

        desk.asks.ask(reason_question(translate("sales.ask.override_reason"), given))

    def _has_discount(self, line: LineId | None) -> bool:
        cart = self._desk.cart
        if line is None:
            return cart.bill_discount is not None or cart.round_off is not None
        return bool(cart.line(line).discounts)

    def _remove_discount(self, line: LineId | None) -> str:
        """Take what was given off again, if anything was."""
        desk = self._desk
        if self._has_discount(line):
            who, cart, carts = desk.who, desk.cart, desk.shop.carts
            desk.ask_lane(lambda: carts.take_discount_off(who, cart, line), desk.take)
        return ""


def reason_question(title: str, given: Callable[[str], None]) -> Question:
    """Return the question for a reason: ready answers, or own words."""

    def submit(text: str, _chosen: int) -> str:
        if not text:
            return translate("sales.error.reason_needed")
        given(text)
        return ""

    return Question(
        title=title,
        label=translate("common.word.reason"),
        kind="words",
        choices=tuple(translate(f"sales.reason.{reason}") for reason in REASONS),
        choice_answers=True,
        submit=submit,
    )


def _parts(line: CartLine) -> tuple[ComponentKind | None, ...]:
    """Return what of a line's price a discount can be for: the whole, and the labour when it has one; or nothing."""
    closed = line.fixed is not None or line.kind is LineKind.DEPOSIT
    if closed or (line.product is not None and line.product.no_discount):
        return ()
    has_labour = any(part.kind is ComponentKind.LABOUR for part in line.components)
    return (None, ComponentKind.LABOUR) if has_labour else (None,)


def _part(parts: tuple[ComponentKind | None, ...], chosen: int) -> ComponentKind | None:
    return parts[chosen] if 0 <= chosen < len(parts) else None


def _part_words(part: ComponentKind | None) -> str:
    return translate("sales.word.whole_line") if part is None else translate(f"sales.component.{part.value}")
