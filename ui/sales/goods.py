"""Goods on the counter: what a scan or a typed text puts there, quantities, removal and undo.

Decides the order in which a text is understood and what is said about it; what a code is comes from
`services.ringing`, how lines join from `domain.sales.cart`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from typing import cast

import msgspec

from pos_app.domain.cards import check as is_card_number
from pos_app.domain.catalogue import Found, GoldPriceEntry, NoGoldPriceError
from pos_app.domain.errors import ExpectedError
from pos_app.domain.sales.cart import CartLine, add_line, put_back, remove_line, set_quantity
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.money import Amount, parse_amount
from pos_app.domain.values.phone import is_mainland_mobile
from pos_app.domain.values.quantity import ONE, Quantity
from pos_app.services.ringing import Goods as RungGoods
from pos_app.services.ringing import (
    HeldSlip,
    Meaning,
    PriceNeededError,
    SharedPhone,
    SignedReceipt,
    SomeMember,
    SomeReceipt,
    Unknown,
)
from pos_app.words import format_amount, format_date, format_quantity, translate
from ui.sales import grammar
from ui.sales.asks import Question
from ui.sales.desk import Desk
from ui.sales.lists import Choice
from ui.sales.people import People
from ui.sales.state import ChoiceRow
from ui.shell.wording import words_of

UNDO_MS = 10_000


class Scanned(Enum):
    """What became of a scan."""

    ADDED = auto()
    MEMBER = auto()
    ASKED = auto()
    ELSEWHERE = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class _Typed:
    """A typed price: for one, or with `=` before it for the whole quantity (three for ten)."""

    amount: Amount
    whole: bool


def _read_amount(text: str, digits: int) -> _Typed | None:
    """Read a typed price; None when it is none."""
    plain = fold(text).replace("。", ".")
    try:
        amount = parse_amount(plain.removeprefix("="), digits)
    except ExpectedError:
        return None
    return _Typed(amount, plain.startswith("=")) if amount >= 0 else None


class Goods:
    """Intents that put goods on the counter or take them off."""

    def __init__(self, desk: Desk, people: People, recall: Callable[[HeldSlip], None]) -> None:
        self.look_elsewhere: Callable[[str, str], bool] = lambda _text, _otherwise: False
        """Look for the holder of a card on the platform, with what to say if nobody is found; say whether one can."""
        self.offer_code: Callable[[str], bool] = lambda _code: False
        """Open Pay and ask whether to charge a customer's code; say whether this till takes codes."""
        self._desk = desk
        self._people = people
        self._recall = recall
        self._undo: tuple[CartLine, int, float] | None = None

    # -- scans and codes -----------------------------------------------------------------------------------

    def scan(self, text: str, *, paying: bool = False) -> Scanned:
        """Act on a scanned code: exact matches only. While paying only goods and members count."""
        if grammar.is_web_address(text):
            return self._refused(translate("sales.refuse.web_address"))
        try:
            quantity = self._quantity_before()
            meaning = self._desk.shop.ringing.meaning(text, quantity, self._desk.customer)
        except PriceNeededError as needed:
            return self.ask_price(needed.found, quantity)
        except ExpectedError as error:
            return self.not_sold(error, lambda: self.scan(text, paying=paying))
        if paying and isinstance(meaning, HeldSlip | SomeReceipt | SignedReceipt):
            return self._refused(translate("sales.refuse.not_while_paying"))
        if isinstance(meaning, RungGoods) and is_mainland_mobile(text):
            member = self._desk.shop.members.find_phone(text)
            if member is not None:
                self.offer_both(meaning.line, SomeMember(member, self._people.by_phone), goods_first=True)
                return Scanned.ASKED
        return self.act_on(meaning, quantity)

    def act_on(self, meaning: Meaning, quantity: Quantity = ONE) -> Scanned:
        """Do what an exact meaning stands for; an unknown code becomes a red line.

        What was listed while the code was typed goes: the next arrow and Enter are for the cart again.
        """
        self._desk.lists.close()
        if isinstance(meaning, RungGoods):
            return self.add(meaning.line)
        if isinstance(meaning, SomeMember):
            self._people.attach(meaning.member, meaning.key, forwarded=meaning.forwarded)
            return Scanned.MEMBER
        if isinstance(meaning, SharedPhone):
            self._people.ask_which(meaning.members, meaning.number)
            return Scanned.ASKED
        if isinstance(meaning, HeldSlip):
            self._recall(meaning)
            return Scanned.ELSEWHERE
        if isinstance(meaning, SomeReceipt):
            return self._receipt(meaning.number, meaning.number)
        if isinstance(meaning, SignedReceipt):
            return self._receipt(meaning.code, meaning.code.split(".")[1])
        return self._unknown(meaning, quantity)

    def _receipt(self, scanned: str, number: str) -> Scanned:
        front = self._desk.front
        if not front.has_screen("returns"):
            return self._refused(translate("sales.refuse.receipt", number=number))
        front.sound("accepted")
        front.open_screen("returns", {"number": scanned})
        return Scanned.ELSEWHERE

    def _unknown(self, unknown: Unknown, quantity: Quantity) -> Scanned:
        if grammar.is_payment_code(unknown.code, self._desk.shop.current.value.payments.rules):
            return self._payment_code(unknown.code)
        if is_card_number(unknown.code):
            words = translate("sales.refuse.unknown_card")
            return Scanned.ASKED if self.look_elsewhere(unknown.code, words) else self._refused(words)
        desk = self._desk
        line = desk.shop.ringing.unknown_line(unknown.code, quantity)
        desk.change(msgspec.structs.replace(desk.cart, lines=(*desk.cart.lines, line)), line.line_id)
        desk.box = ""
        return self._refused(translate("sales.refuse.unknown", code=unknown.code))

    def _payment_code(self, code: str) -> Scanned:
        return (
            Scanned.ASKED if self.offer_code(code) else self._refused(translate("sales.refuse.payment_code"))
        )

    def not_sold(self, error: ExpectedError, again: Callable[[], object]) -> Scanned:
        """Say why goods are not sold; for want of today's gold price offer the latest one, and then do it `again`."""
        if isinstance(error, NoGoldPriceError) and error.params.get("before") is not None:
            self._offer_gold_price(error, again)
        return self._refused(words_of(error, self._desk.currency))

    def _offer_gold_price(self, error: NoGoldPriceError, again: Callable[[], object]) -> None:
        """Offer the latest gold price before today's for today; who may not set one is asked for a manager's yes."""
        desk, fineness = self._desk, str(error.params["fineness"])
        price = format_amount(cast(Amount, error.params["before"]), desk.currency)
        day = format_date(cast(date, error.params["before_on"]))
        row = ChoiceRow(
            "tag",
            translate("sales.gold.use", price=price),
            translate("sales.gold.use_under", day=day, fineness=fineness),
            "",
        )
        who, catalogue = desk.who, desk.shop.catalogue

        def used(_entry: GoldPriceEntry) -> None:
            again()

        def use() -> None:
            desk.with_approval(
                lambda approval: catalogue.use_yesterdays_gold_price(who, fineness, approval), used
            )

        desk.box = ""
        desk.lists.show(translate("sales.gold.title", fineness=fineness), [Choice(row, use)])

    def _refused(self, words: str) -> Scanned:
        self._desk.refuse(words)
        return Scanned.REFUSED

    def _quantity_before(self) -> Quantity:
        """Return the quantity that stands in the box before a scan, and take it out.

        Raises QuantityError for one that no line can hold: one more of the goods would be wrong in silence.
        """
        entry = grammar.read(self._desk.box)
        if not isinstance(entry, grammar.NextQuantity):
            return ONE
        self._desk.box = ""
        return entry.quantity

    def add(self, line: CartLine) -> Scanned:
        """Put a line on the counter."""
        desk = self._desk
        try:
            cart, line_id = add_line(desk.cart, line)
            desk.change(cart, line_id)
        except ExpectedError as error:
            return self._refused(words_of(error, desk.currency))
        desk.hint = None
        desk.lists.close()
        desk.front.sound("accepted")
        return Scanned.ADDED

    def add_found(self, found: Found, quantity: Quantity = ONE) -> None:
        """Put goods on the counter that were chosen from a list."""
        self._desk.box, self._desk.mode = "", "sell"
        try:
            line = self._desk.shop.ringing.line_of(found, quantity, self._desk.customer)
        except PriceNeededError as needed:
            self.ask_price(needed.found, quantity)
        except ExpectedError as error:
            self.not_sold(error, lambda: self.add_found(found, quantity))
        else:
            self.add(line)

    def offer_both(self, line: CartLine, found: SomeMember, *, goods_first: bool) -> None:
        """Offer the two things that one code is; the likelier one is marked."""
        name = line.product.name if line.product else ""
        goods_row = ChoiceRow("tag", name, line.barcode or "", "")
        goods = Choice(goods_row, lambda: self._chosen(lambda: self.add(line)))
        person = self._people.row_of(found.member)
        member = Choice(person, lambda: self._chosen(lambda: self._people.attach(found.member, found.key)))
        both = (goods, member) if goods_first else (member, goods)
        self._desk.lists.show(translate("sales.list.both"), both, marked=True)
        self._desk.front.sound("accepted")

    def _chosen(self, act: Callable[[], object]) -> None:
        self._desk.box = ""
        act()

    # -- open prices ---------------------------------------------------------------------------------------

    def ask_price(self, found: Found, quantity: Quantity) -> Scanned:
        """Ask the amount of open-priced goods in place."""
        ringing = self._desk.shop.ringing

        def make(typed: _Typed, reason: str | None) -> None:
            ring = ringing.amount_line if typed.whole else ringing.open_price_line
            self.add(ring(found, typed.amount, reason, quantity, self._desk.customer))

        self._ask_amount(found.variant.name, make)
        self._desk.box = ""
        self._desk.front.sound("accepted")
        return Scanned.ASKED

    def settle_unknown(self, line: CartLine) -> None:
        """Ask the amount at which an unknown code is sold."""
        ringing = self._desk.shop.ringing

        def make(typed: _Typed, reason: str | None) -> None:
            desk = self._desk
            settled = ringing.settle_unknown(line, typed.amount, reason)
            lines = tuple(settled if x.line_id == line.line_id else x for x in desk.cart.lines)
            desk.change(msgspec.structs.replace(desk.cart, lines=lines), line.line_id)
            desk.hint = None

        self._ask_amount(line.unknown_code or "", make)

    def _ask_amount(self, name: str, make: Callable[[_Typed, str | None], None]) -> None:
        desk = self._desk

        def submit(text: str, _chosen: int) -> str:
            typed = _read_amount(text, desk.currency.digits)
            if typed is None:
                return translate("sales.error.amount_text")
            if typed.amount == 0:
                self._ask_zero_reason(name, lambda reason: make(typed, reason))
                return ""
            try:
                make(typed, None)
            except ExpectedError as error:
                return words_of(error, desk.currency)
            return ""

        desk.asks.ask(
            Question(
                title=translate("sales.ask.open_price", name=name),
                label=translate("sales.ask.unit_price"),
                hint=translate("sales.ask.open_price_hint"),
                submit=submit,
            )
        )

    def _ask_zero_reason(self, name: str, make: Callable[[str], None]) -> None:
        def submit(text: str, _chosen: int) -> str:
            if not text:
                return translate("sales.error.reason_needed")
            make(text)
            return ""

        reasons = ("gift", "sample", "service", "replacement")
        self._desk.asks.ask(
            Question(
                title=translate("sales.ask.zero_price", name=name),
                label=translate("common.word.reason"),
                kind="words",
                choices=tuple(translate(f"sales.reason.{reason}") for reason in reasons),
                choice_answers=True,
                submit=submit,
            )
        )

    # -- quantity, removal, undo ---------------------------------------------------------------------------

    def set_quantity(self, quantity: Quantity) -> None:
        """Give the line at hand another quantity; a lower one is recorded as removed goods."""
        desk = self._desk
        if desk.current is None:
            desk.refuse(translate("sales.refuse.no_line"))
            return
        before = desk.cart.line(desk.current)
        try:
            desk.change(set_quantity(desk.cart, desk.current, quantity), desk.current)
        except ExpectedError as error:
            desk.refuse(words_of(error, desk.currency))
            return
        desk.box, desk.hint = "", None
        desk.front.sound("accepted")
        if quantity < before.quantity:
            gone = msgspec.structs.replace(before, quantity=Quantity(before.quantity - quantity))
            self._record_removed(gone)

    def remove(self) -> None:
        """Take the line at hand off the counter; it can be put back for ten seconds."""
        desk = self._desk
        if desk.current is None:
            return
        below = desk.place
        cart, gone, place = remove_line(desk.cart, desk.current)
        desk.change(cart)
        if desk.cart.lines:
            desk.current = desk.cart.lines[min(below, len(desk.cart.lines) - 1)].line_id
        desk.hint = None
        self._record_removed(gone)
        self._undo = (gone, place, desk.now_ms() + UNDO_MS)

    def _record_removed(self, gone: CartLine) -> None:
        desk = self._desk
        who, cart, carts = desk.who, desk.cart, desk.shop.carts
        desk.send(lambda: carts.line_removed(who, cart, gone))

    def undo(self) -> None:
        """Put the line back that was removed last, while it can be."""
        if not self.undo_words() or self._undo is None:
            return
        desk = self._desk
        line, place, _ = self._undo
        self._undo = None
        try:
            desk.change(put_back(desk.cart, line, place), line.line_id)
        except ExpectedError as error:
            desk.refuse(words_of(error, desk.currency))
            return
        who, cart, carts = desk.who, desk.cart, desk.shop.carts
        desk.send(lambda: carts.line_restored(who, cart, line.line_id))

    def undo_words(self) -> str:
        """Return what can be put back now, in words; empty when nothing can."""
        if self._undo is None or self._desk.now_ms() >= self._undo[2]:
            self._undo = None
            return ""
        line = self._undo[0]
        name = line.product.name if line.product else line.unknown_code or line.barcode or ""
        return translate("sales.undo", name=name, quantity=format_quantity(line.quantity))

    def forget_undo(self) -> None:
        """Forget the removed line: its cart is gone."""
        self._undo = None

    # -- typed ---------------------------------------------------------------------------------------------

    def found_rows(self, found: tuple[Found, ...], quantity: Quantity = ONE) -> list[Choice]:
        """Return the rows of found goods."""
        return [Choice(self._row(each), self._adder(each, quantity)) for each in found]

    def _adder(self, found: Found, quantity: Quantity) -> Callable[[], None]:
        return lambda: self.add_found(found, quantity)

    def _row(self, found: Found) -> ChoiceRow:
        variant = found.variant
        price = translate("sales.list.open_price") if variant.flags.open_price else ""
        if variant.retail is not None:
            price = format_amount(variant.retail, self._desk.currency)
        under = " · ".join(
            part for part in (variant.code, variant.category or "", variant.unit or "") if part
        )
        return ChoiceRow("tag", variant.name, under, price)
