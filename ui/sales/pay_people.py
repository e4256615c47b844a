"""A member named while Pay stands open: found, chosen or signed up before any money was given.

Decides that a mobile number in the field of cash is a person as long as nothing was given: no bill comes to thirteen
thousand million. The bill is priced anew with her and Pay says what it comes to now (DESIGN.md §6, Scans).
"""

from pos_app.domain.errors import ExpectedError
from pos_app.domain.members import KeyKind
from pos_app.services.members import SignUp
from pos_app.words import translate
from ui.sales import grammar
from ui.sales.desk import Desk
from ui.sales.pay_presenter import Pay
from ui.sales.people import People
from ui.sales.views import member_words, new_total_words
from ui.shell.wording import words_of


class PayPeople:
    """What Enter in the field of Pay does when a phone stands there."""

    def __init__(self, desk: Desk, pay: Pay, people: People) -> None:
        self._desk = desk
        self._pay = pay
        self._people = people
        self._before = 0

    def take(self, text: str) -> bool:
        """Take a typed phone, and say whether it was one."""
        number = self._number(text)
        if not number:
            return False
        if self._desk.cart.tenders:
            self._pay.refused(translate("sales.pay.member_after_tender"))
            self._desk.front.sound("refused")
            return True
        self._before = self._desk.priced.total
        try:
            abroad = number.startswith("+")
            members = self._desk.shop.members.on_phone(number if abroad else "+86" + number)
        except ExpectedError as error:
            self._pay.refused(words_of(error, self._desk.currency))
            return True
        if len(members) > 1:
            self._pay.close()
            self._people.ask_which(members, number, self.reopen)
        elif members:
            self._pay.close()
            self._people.attach(members[0], KeyKind.PHONE)
            self.reopen()
        else:
            asked = SignUp(phone=number, agreed=True)
            self._pay.ask(self._people.offer_words(number), lambda: self._people.sign_up(asked, self.reopen))
        return True

    def _number(self, text: str) -> str:
        """Return the phone in the field; nothing when none stands there, or where it takes something else."""
        if not self._pay.takes_scans and self._pay.stage != "amount":
            return ""
        try:
            entry = grammar.read(text)
        except ExpectedError:
            return ""
        return entry.number if isinstance(entry, grammar.Phone) else ""

    def reopen(self) -> None:
        """Open Pay again with what the bill comes to now; Pay may stand open already."""
        desk = self._desk
        desk.hint = None
        if self._pay.start():
            total = new_total_words(self._before, desk.priced.total, desk.currency)
            self._pay.reopened(member_words(desk.member, total))
