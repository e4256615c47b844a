"""What Enter in the box finds, and what is shown while a person types.

Decides the order of meaning of typed texts (DESIGN.md §6, Typing): a phone is a member, an exact code is what it
stands for, anything else is searched for. Nothing that is only partly right is taken without a marked row, nor is the
number of a card so short that goods and ends of phones look alike.

A list is looked up on the lane (law 9). Whoever goes on meanwhile loses no key: an arrow waits for the list, an Enter
confirms nothing before a name was seen, anything else makes the late list be dropped.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from pos_app.domain import cards
from pos_app.domain.catalogue import Found
from pos_app.domain.errors import ExpectedError
from pos_app.domain.member_keys import CardRefusedError, is_short_card
from pos_app.domain.members import KeyKind, Member
from pos_app.domain.search import has_han
from pos_app.domain.values.barcode import CheckDigitError, fold
from pos_app.domain.values.phone import PhoneError
from pos_app.domain.values.quantity import ONE, Quantity
from pos_app.services.ports.people import Listing
from pos_app.services.ringing import Goods as RungGoods
from pos_app.services.ringing import Meaning, PriceNeededError, SomeMember, Unknown
from pos_app.words import translate
from ui.sales import grammar
from ui.sales.desk import Desk
from ui.sales.elsewhere import Elsewhere
from ui.sales.goods import Goods
from ui.sales.people import People
from ui.shell.wording import words_of

LIST_LIMIT = 50
_NOBODY = Listing(members=(), total=0, capped=False), None
_People = tuple[Listing, Member | None]
_Goods = tuple[tuple[Found, ...], int]
T = TypeVar("T")


@dataclass(slots=True)
class _Awaited:
    """The list that an Enter asked for and that is not there yet; `steps` are the arrows pressed meanwhile."""

    text: str
    steps: int = 0


class Searching:
    """Intents of the box."""

    def __init__(self, desk: Desk, goods: Goods, people: People, elsewhere: Elsewhere) -> None:
        self._desk = desk
        self._elsewhere = elsewhere
        self._goods = goods
        self._people = people
        self._awaited: _Awaited | None = None

    # -- while a list is looked up -------------------------------------------------------------------------

    def awaits(self, text: str) -> bool:
        """Whether Enter on this text asked for a list already: once more asks for nothing, and takes nobody unseen."""
        return self._awaited is not None and self._awaited.text == text

    def wait_to_step(self, step: int) -> bool:
        """Keep an arrow for the list that is awaited; say whether one is."""
        if self._awaited is None:
            return False
        self._awaited.steps += step
        return True

    def forget(self) -> None:
        """Drop the list that is awaited: something else was begun."""
        self._awaited = None

    def _await(self, work: Callable[[], T], show: Callable[[T], None]) -> None:
        """Look a list up on the lane and show it, unless something else was begun before it came."""
        asked = self._awaited = _Awaited(self._desk.box)

        def answered(found: T) -> None:
            if self._arrived(asked):
                show(found)
                self._take_steps(asked)
                self._desk.show()

        def failed(error: Exception) -> None:
            if self._arrived(asked):
                self._desk.fail(error)

        self._desk.look_up(work, answered, failed)

    def _arrived(self, asked: _Awaited) -> bool:
        """Say whether what was asked for is still awaited, and await it no more."""
        if self._awaited is not asked:
            return False
        self._awaited = None
        return True

    def _take_steps(self, asked: _Awaited) -> None:
        if asked.steps and self._desk.lists.open:
            self._desk.lists.step(asked.steps)

    # -- while typing --------------------------------------------------------------------------------------

    def follow(self, text: str) -> None:
        """Show goods while their name is typed: from one Han character or two letters on, in F2 any two signs."""
        desk = self._desk
        asked = fold(text)
        if desk.mode == "member":
            if len(asked) >= (1 if has_han(asked) else 4):
                desk.look_up(
                    lambda: desk.shop.members.look_up_at_counter(asked, LIST_LIMIT),
                    lambda found: self._show_members(text, asked, found),
                )
            return
        word = has_han(asked) or (len(asked) >= 2 and asked[0].isalpha())
        if desk.mode == "sign_up" or not (word or (desk.mode == "search" and len(asked) >= 2)):
            return
        desk.look_up(
            lambda: desk.shop.catalogue.search(asked, LIST_LIMIT),
            lambda found: self._show_goods(text, found),
        )

    def _show_members(self, text: str, asked: str, people: _People) -> None:
        desk = self._desk
        if desk.box == text and desk.mode == "member" and people[0].members and not desk.lists.open:
            self._people.show_found(*people, asked)
            desk.show()

    def _show_goods(self, text: str, result: _Goods) -> None:
        """Show what was found, if the box still says so; in F2 the first is marked."""
        desk = self._desk
        found, total = result
        if desk.box != text or not found or desk.lists.open:
            return
        marked = desk.mode == "search"
        desk.lists.show(
            translate("sales.list.goods"), self._goods.found_rows(found), total=total, marked=marked
        )
        desk.show()

    # -- Enter ---------------------------------------------------------------------------------------------

    def enter(self, text: str) -> None:
        """Do what the text in the box stands for; an empty box does nothing."""
        desk = self._desk
        try:
            entry = grammar.read(text)
        except ExpectedError as error:
            desk.refuse(words_of(error, desk.currency))
            return
        if isinstance(entry, grammar.Nothing):
            return
        if desk.mode == "sign_up":
            self._people.enter_phone(text)
            self._elsewhere.look_behind_offer(text)
        elif isinstance(entry, grammar.Phone):
            self._phone(entry)
        elif desk.mode == "member":
            self._look_for(text.strip())
        elif isinstance(entry, grammar.SetQuantity):
            self._goods.set_quantity(entry.quantity)
        elif isinstance(entry, grammar.NextQuantity):
            desk.tell(translate("sales.hint.next_quantity"))
        elif isinstance(entry, grammar.FourDigits):
            self._short(grammar.Text(entry.digits))
        elif is_short_card(entry.text):
            self._short(entry)
        else:
            self._text(entry)

    def _look_for(self, text: str) -> None:
        """Show the members that a text finds; none is marked, so none is attached by Enter alone."""
        desk = self._desk

        def show(people: _People) -> None:
            desk.lists.close()
            if people[0].members:
                desk.hint = None
                self._people.show_found(*people, fold(text))
            elif not self._elsewhere.look(text, self._nobody(text)):
                desk.refuse(self._nobody(text))

        self._await(lambda: desk.shop.members.look_up_at_counter(fold(text), LIST_LIMIT), show)

    def _nobody(self, text: str) -> str:
        """Say why a text finds no member: her card was reported lost, or nobody has it, or nothing is like that."""
        desk = self._desk
        try:
            desk.shop.ringing.meaning(text)
        except CardRefusedError as error:
            return words_of(error, desk.currency)
        except ExpectedError:
            pass
        return _no_card(text) or translate("sales.refuse.no_member", text=text)

    def _meaning(
        self, text: str, quantity: Quantity, *, passes: type[ExpectedError] | None = None
    ) -> Meaning | None:
        """Return what a typed code is; None when that has been dealt with. Raises `passes` instead of telling it."""
        desk = self._desk
        try:
            return desk.shop.ringing.meaning(text, quantity, desk.customer)
        except PriceNeededError as needed:
            self._goods.ask_price(needed.found, quantity)
        except ExpectedError as error:
            if passes is not None and isinstance(error, passes):
                raise
            self._goods.not_sold(error, lambda: self._text(grammar.Text(text, quantity)))
        return None

    def _phone(self, entry: grammar.Phone) -> None:
        desk, number = self._desk, entry.number
        try:
            members = desk.shop.members.on_phone(number if number.startswith("+") else "+86" + number)
        except PhoneError as error:
            if entry.code and desk.mode != "member":
                self._text(grammar.Text(entry.code))
            else:
                desk.refuse(words_of(error, desk.currency))
            return
        meaning = self._code_of(entry) if desk.mode != "member" else None
        if isinstance(meaning, RungGoods) and len(members) == 1:
            found = SomeMember(members[0], self._people.by_phone)
            self._goods.offer_both(meaning.line, found, goods_first=False)
        elif isinstance(meaning, RungGoods):
            desk.box = ""
            self._goods.add(meaning.line)
        elif len(members) > 1:
            self._people.ask_which(members, number)
        elif members:
            self._people.attach(members[0], self._people.by_phone)
        else:
            self._people.offer_sign_up(number)
            self._elsewhere.look_behind_offer(number)

    def _code_of(self, entry: grammar.Phone) -> Meaning | None:
        """Return what the digits of a phone are as a code; a wrong check digit only says that they are none."""
        code = entry.code or ("" if entry.number.startswith("+") else entry.number)
        try:
            return self._meaning(code, ONE, passes=CheckDigitError) if code else None
        except CheckDigitError:
            return None

    def _short(self, entry: grammar.Text) -> None:
        """Take four or five letters or digits: the whole code of goods wins, else a list, whose card it is first."""
        desk = self._desk
        otherwise = translate("sales.refuse.nothing_found", text=entry.text)
        try:
            meaning = self._meaning(entry.text, entry.quantity, passes=CardRefusedError)
        except CardRefusedError as error:
            # A lost card hides nobody whose phone ends alike.
            meaning, otherwise = Unknown(entry.text), words_of(error, desk.currency)
        if meaning is None:
            return
        if isinstance(meaning, Unknown) or (isinstance(meaning, SomeMember) and meaning.key is KeyKind.CARD):
            self._list(entry, otherwise)
            return
        desk.box = ""
        self._goods.act_on(meaning, entry.quantity)

    def _text(self, entry: grammar.Text) -> None:
        meaning = self._meaning(entry.text, entry.quantity)
        if meaning is None:
            return
        if not isinstance(meaning, Unknown):
            self._desk.box = ""
            self._goods.act_on(meaning, entry.quantity)
        elif grammar.is_payment_code(entry.text, self._desk.shop.current.value.payments.rules):
            self._goods.act_on(meaning)
        elif grammar.looks_like_code(entry.text):
            self._list_or_line(entry)
        else:
            nothing = translate("sales.refuse.nothing_found", text=entry.text)
            self._list(entry, _no_card(entry.text) or nothing)

    def _list(self, entry: grammar.Text, otherwise: str) -> None:
        """Show goods and members that a text finds; say so when it finds nothing."""

        def show(found: tuple[_Goods, _People]) -> None:
            if not self._show_both(entry, *found):
                self._desk.refuse(otherwise)

        self._await(partial(self._both, entry.text), show)

    def _list_or_line(self, entry: grammar.Text) -> None:
        """Show what a code finds; one that finds nothing becomes a red line, whatever was typed meanwhile.

        The desk is shut until then: what comes next, such as `*3`, is for that line and no other.
        """
        desk = self._desk
        asked = self._awaited = _Awaited(desk.box)

        def answered(found: tuple[_Goods, _People]) -> None:
            late = not self._arrived(asked)
            if found[0][0] or found[1][0].members:
                if not late and self._show_both(entry, *found):
                    self._take_steps(asked)
                return
            typed = desk.box
            self._goods.act_on(Unknown(entry.text), entry.quantity)
            if late and typed != asked.text:
                desk.box = typed

        def failed(error: Exception) -> None:
            self._arrived(asked)
            desk.fail(error)

        desk.ask_lane(partial(self._both, entry.text), answered, failed)

    def _both(self, text: str) -> tuple[_Goods, _People]:
        """Look up goods and members, on the lane."""
        shop = self._desk.shop
        people = shop.members.look_up_at_counter(text, LIST_LIMIT) if len(text) >= 2 else _NOBODY
        return shop.catalogue.search(text, LIST_LIMIT), people

    def _show_both(self, entry: grammar.Text, goods: _Goods, people: _People) -> bool:
        """Show goods and members; say whether there are any. Goods alone are marked, a person never is."""
        desk, (found, total), (listing, by_card) = self._desk, goods, people
        members = listing.members
        rows = self._people.rows(members, by_card, entry.text)
        rows += self._goods.found_rows(found, entry.quantity)
        if rows:
            kind = "goods" if not members else "mixed" if found else "members"
            both = total + listing.total
            title = translate(f"sales.list.{kind}")
            desk.lists.show(title, rows, total=both, capped=listing.capped, marked=not members)
            desk.hint = None
        return bool(rows)


def _no_card(text: str) -> str:
    """Say that nobody has a card, when a text that found nobody reads as the number of one; else nothing."""
    try:
        cards.read(text)
    except cards.CardNumberError:
        return ""
    return translate("sales.refuse.unknown_card")
