"""What Enter in the box finds, and what is shown while a person types.

Decides the order of meaning of typed texts (DESIGN.md §6, Typing): a phone is a member, an exact code is what it
stands for, anything else is searched for. Nothing that is only partly right is taken without a marked row.
"""

from pos_app.domain.catalogue import Found
from pos_app.domain.errors import ExpectedError
from pos_app.domain.search import has_han
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.phone import PhoneError
from pos_app.domain.values.quantity import ONE, Quantity
from pos_app.services.ports.people import Listing
from pos_app.services.ringing import Goods as RungGoods
from pos_app.services.ringing import Meaning, PriceNeededError, SomeMember, Unknown
from pos_app.words import translate
from ui.sales import grammar
from ui.sales.desk import Desk
from ui.sales.goods import Goods
from ui.sales.people import People
from ui.shell.wording import words_of

LIST_LIMIT = 50
_NOBODY = Listing(members=(), total=0, capped=False)


class Searching:
    """Intents of the box."""

    def __init__(self, desk: Desk, goods: Goods, people: People) -> None:
        self._desk = desk
        self._goods = goods
        self._people = people

    # -- while typing --------------------------------------------------------------------------------------

    def follow(self, text: str) -> None:
        """Show goods while their name is typed: from one Han character or two letters on, in F2 any two signs."""
        desk = self._desk
        asked = fold(text)
        if desk.mode == "member":
            if len(asked) >= (1 if has_han(asked) else 4):
                desk.look_up(
                    lambda: desk.shop.members.look_up(asked, LIST_LIMIT),
                    lambda found: self._show_members(text, found),
                )
            return
        word = has_han(asked) or (len(asked) >= 2 and asked[0].isalpha())
        if desk.mode == "sign_up" or not (word or (desk.mode == "search" and len(asked) >= 2)):
            return
        desk.look_up(
            lambda: desk.shop.catalogue.search(asked, LIST_LIMIT),
            lambda found: self._show_goods(text, found),
        )

    def _show_members(self, text: str, found: Listing) -> None:
        desk = self._desk
        if desk.box == text and desk.mode == "member" and found.members:
            self._people.show_found(found)
            desk.show()

    def _show_goods(self, text: str, result: tuple[tuple[Found, ...], int]) -> None:
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
        elif isinstance(entry, grammar.Phone):
            self._phone(entry.number)
        elif desk.mode == "member":
            self._people.look_for(text.strip())
        elif isinstance(entry, grammar.SetQuantity):
            self._goods.set_quantity(entry.quantity)
        elif isinstance(entry, grammar.NextQuantity):
            desk.tell(translate("sales.hint.next_quantity"))
        elif isinstance(entry, grammar.FourDigits):
            self._four_digits(entry.digits)
        else:
            self._text(entry)

    def _meaning(self, text: str, quantity: Quantity) -> Meaning | None:
        """Return what a typed code is; None when that has been dealt with."""
        desk = self._desk
        try:
            return desk.shop.ringing.meaning(text, quantity, desk.customer)
        except PriceNeededError as needed:
            self._goods.ask_price(needed.found, quantity)
        except ExpectedError as error:
            self._goods.not_sold(error, lambda: self._text(grammar.Text(text, quantity)))
        return None

    def _phone(self, number: str) -> None:
        desk = self._desk
        try:
            members = desk.shop.members.on_phone(number if number.startswith("+") else "+86" + number)
        except PhoneError as error:
            desk.refuse(words_of(error, desk.currency))
            return
        coded = desk.mode != "member" and not number.startswith("+")
        meaning = self._meaning(number, ONE) if coded else None
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

    def _four_digits(self, digits: str) -> None:
        meaning = self._meaning(digits, ONE)
        if meaning is None:
            return
        if isinstance(meaning, RungGoods):
            self._desk.box = ""
            self._goods.add(meaning.line)
            return
        self._list(digits, ONE, is_code=False)

    def _text(self, entry: grammar.Text) -> None:
        meaning = self._meaning(entry.text, entry.quantity)
        if meaning is None:
            return
        if isinstance(meaning, Unknown):
            code = grammar.looks_like_code(entry.text)
            if grammar.is_payment_code(entry.text):
                self._goods.act_on(meaning)
            else:
                self._list(entry.text, entry.quantity, is_code=code)
            return
        self._desk.box = ""
        self._goods.act_on(meaning, entry.quantity)

    def _list(self, text: str, quantity: Quantity, *, is_code: bool) -> None:
        """Show goods and members that a text finds; a code that finds nothing becomes a red line."""
        desk = self._desk
        found, total = desk.shop.catalogue.search(text, LIST_LIMIT)
        people = desk.shop.members.look_up(text, LIST_LIMIT) if len(text) >= 2 else _NOBODY
        members = people.members
        rows = self._people.rows(members) + self._goods.found_rows(found, quantity)
        if rows:
            kind = "goods" if not members else "mixed" if found else "members"
            title = translate(f"sales.list.{kind}")
            both = total + people.total
            desk.lists.show(title, rows, total=both, capped=people.capped, marked=not members)
            desk.hint = None
        elif is_code:
            self._goods.act_on(Unknown(text), quantity)
        else:
            desk.refuse(translate("sales.refuse.nothing_found", text=text))
