"""Carts put aside, taken up and given up; and the small acts at the counter: drawer, note, paper, reprint.

Decides what is asked before each and what is said after it.
"""

from collections.abc import Callable
from datetime import timedelta

import msgspec

from pos_app.domain.values.ids import CartId
from pos_app.services.carts import Recalled
from pos_app.services.ports.selling import HeldCart
from pos_app.services.ringing import HeldSlip, held_code
from pos_app.words import format_age, format_amount, format_count, translate
from ui.sales.asks import Question
from ui.sales.desk import Desk
from ui.sales.gold import GoldPrices
from ui.sales.lists import Choice
from ui.sales.state import ChoiceRow
from ui.shell.wording import words_of

CANCEL_REASONS = ("customer_left", "wrong_goods", "price", "mistake")
DRAWER_REASONS = ("change_money", "check", "mistake")


class Holding:
    """Intents about whole carts and the small acts beside them."""

    def __init__(self, desk: Desk, gold: GoldPrices, forget: Callable[[], None]) -> None:
        self._desk = desk
        self._gold = gold
        self._forget = forget

    def _reasons(self, title: str, codes: tuple[str, ...], given: Callable[[str], None]) -> None:
        def submit(text: str, _chosen: int) -> str:
            if not text:
                return translate("sales.error.reason_needed")
            given(text)
            return ""

        self._desk.asks.ask(
            Question(
                title=title,
                label=translate("common.word.reason"),
                kind="words",
                choices=tuple(translate(f"sales.reason.{code}") for code in codes),
                choice_answers=True,
                submit=submit,
            )
        )

    # -- hold and recall -----------------------------------------------------------------------------------

    def hold(self) -> None:
        """Put the cart aside for the shop; words in the box become its label."""
        desk = self._desk
        if not desk.cart.lines:
            desk.refuse(translate("sales.refuse.hold_empty"))
            return
        who, cart, carts, label = desk.who, desk.cart, desk.shop.carts, desk.box.strip()

        def done(_none: None) -> None:
            desk.clear()
            self._forget()
            desk.front.sound("accepted")
            desk.tell(translate("sales.notice.held", code=held_code(cart.cart_id)), "success")

        desk.ask_lane(lambda: carts.hold(who, cart, label), done)

    def list_held(self) -> None:
        """Show the held carts of the shop, the oldest first."""
        desk = self._desk
        if desk.cart.lines:
            desk.refuse(translate("sales.refuse.recall_busy"))
            return
        held = desk.shop.carts.held()
        if not held:
            desk.refuse(translate("sales.refuse.none_held"))
            return
        names = {person.staff_id: person.name for person in desk.shop.staff.everybody()}
        choices = [Choice(self._row(each, names.get(each.owner, "")), self._taker(each)) for each in held]
        desk.hint = None
        desk.lists.show(translate("sales.list.held"), choices, marked=True)

    def _row(self, held: HeldCart, owner: str) -> ChoiceRow:
        desk, cart = self._desk, held.cart
        age = format_age(self._age(held))
        total = desk.shop.checkout.price(cart).total
        first = next((line.product.name for line in cart.lines if line.product), held_code(cart.cart_id))
        title = held.label or first
        count = translate("sales.list.held_lines", count=len(cart.lines))
        code = held_code(cart.cart_id)
        return ChoiceRow(
            "pause", title, " · ".join((count, owner, age, code)), format_amount(total, desk.currency)
        )

    def _age(self, held: HeldCart) -> timedelta:
        # A new cart is opened at the clock's now; the page itself asks no clock.
        return self._desk.shop.carts.new().opened_at - held.held_at

    def _taker(self, held: HeldCart) -> Callable[[], None]:
        return lambda: self._recall(held.cart.cart_id)

    def recall_slip(self, slip: HeldSlip) -> None:
        """Take the cart of a scanned slip up."""
        if self._desk.cart.lines:
            self._desk.refuse(translate("sales.refuse.recall_busy"))
            return
        self._recall(slip.cart)

    def _recall(self, cart_id: CartId) -> None:
        desk = self._desk
        who, carts, waiting = desk.who, desk.shop.carts, desk.cart

        def done(recalled: Recalled | None) -> None:
            if recalled is None:
                desk.refuse(translate("sales.refuse.taken"))
                return
            cart = recalled.cart
            desk.replace(cart, kept=True)
            desk.front.sound("accepted")
            desk.tell(translate("sales.notice.recalled", count=len(cart.lines)), "success")
            if recalled.gold:
                self._gold.tell(recalled.gold, recalled.before)
            against = carts.objections(cart)
            if against:
                desk.refuse(words_of(against[0], desk.currency))

        desk.ask_lane(lambda: carts.recall(who, cart_id, waiting), done)

    # -- cancel --------------------------------------------------------------------------------------------

    def ask_cancel(self) -> None:
        """Give the whole cart up, with a reason."""
        desk = self._desk
        if desk.cart.empty:
            return
        total = format_amount(desk.priced.total, desk.currency)
        title = translate("sales.ask.cancel", lines=format_count(len(desk.cart.lines)), total=total)
        self._reasons(title, CANCEL_REASONS, self._cancel)

    def _cancel(self, reason: str) -> None:
        desk = self._desk
        who, cart, carts = desk.who, desk.cart, desk.shop.carts

        def done(_none: None) -> None:
            desk.clear()
            self._forget()
            desk.tell(translate("sales.notice.cancelled"), "success")

        desk.with_approval(lambda approval: carts.cancel(who, cart, reason, approval), done)

    # -- beside the cart -----------------------------------------------------------------------------------

    def ask_drawer(self) -> None:
        """Open the drawer without a sale, with a reason."""
        self._reasons(translate("sales.ask.drawer"), DRAWER_REASONS, self._open_drawer)

    def _open_drawer(self, reason: str) -> None:
        desk = self._desk
        who, shifts = desk.who, desk.shop.shifts

        def done(_none: None) -> None:
            desk.kick_drawer()
            desk.tell(translate("sales.notice.drawer"), "success")

        desk.with_approval(lambda approval: shifts.open_drawer(who, reason, approval), done)

    def ask_note(self) -> None:
        """Ask a note for the bill; an empty one takes it away."""
        desk = self._desk

        def submit(text: str, _chosen: int) -> str:
            desk.change(msgspec.structs.replace(desk.cart, note=text or None))
            return ""

        desk.asks.ask(
            Question(
                title=translate("sales.ask.note"),
                label=translate("common.word.note"),
                kind="words",
                text=desk.cart.note or "",
                hint=translate("sales.ask.note_hint"),
                submit=submit,
            )
        )

    def turn_paper(self) -> None:
        """Print this sale's receipt, or not."""
        desk = self._desk
        desk.change(msgspec.structs.replace(desk.cart, paper=not desk.cart.paper))
        desk.tell(translate("sales.notice.paper_on" if desk.cart.paper else "sales.notice.paper_off"))

    def reprint_last(self) -> None:
        """Print the latest receipt again, marked as a copy."""
        desk = self._desk
        who, printing = desk.who, desk.shop.printing

        def done(copy: int) -> None:
            desk.wake_printer()
            desk.tell(translate("sales.notice.reprinted", number=copy), "success")

        desk.ask_lane(lambda: printing.reprint_last(who), done)
