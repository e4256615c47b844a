"""Members and salespeople of the cart: found, attached, signed up, shared.

Decides how a member is found and what the cashier must do before one is attached: a partial match never attaches
without a row chosen. Consent is spoken and confirmed with a second Enter (PRODUCT.md B1).
"""

from collections.abc import Callable

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.members import KeyKind, Member, MemberExistsError, strip_of
from pos_app.domain.sales.cart import MemberRef
from pos_app.domain.sales.line import SalespersonShare
from pos_app.domain.values.phone import normalise
from pos_app.services.members import SignUp
from pos_app.words import format_date, translate
from ui.sales.asks import Preview, Question
from ui.sales.desk import Desk
from ui.sales.lists import Choice
from ui.sales.shares import SharesError, read_shares
from ui.sales.state import ChoiceRow
from ui.sales.views import share_words
from ui.shell.wording import words_of

LIST_LIMIT = 30


class People:
    """Intents about the people of a sale."""

    by_phone = KeyKind.PHONE

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._offered: str | None = None
        self._consent_asked = False

    # -- members -------------------------------------------------------------------------------------------

    def attach(self, member: Member, found_by: KeyKind | None = None) -> None:
        """Make somebody the member of the cart."""
        desk = self._desk
        desk.member = member
        ref = MemberRef(member=member.member_id, found_by=found_by.value if found_by else None)
        desk.change(msgspec.structs.replace(desk.cart, member=ref))
        desk.box, desk.mode = "", "sell"
        desk.lists.close()
        desk.front.sound("accepted")
        name = member.profile.name or translate("sales.member.nameless")
        desk.tell(translate("sales.notice.member", name=name), "success")

    def detach(self) -> None:
        """Take the member off the cart."""
        desk = self._desk
        if desk.cart.member is None:
            return
        desk.member = None
        desk.change(msgspec.structs.replace(desk.cart, member=None))
        desk.mode = "sell"
        desk.lists.close()
        desk.tell(translate("sales.notice.member_off"))

    def row_of(self, member: Member) -> ChoiceRow:
        """Return a member as a row: the name in full, the phone masked."""
        strip = strip_of(member, self._desk.shop.ringing.today())
        seen = format_date(strip.last_visit_at.date()) if strip.last_visit_at else ""
        name = strip.name or translate("sales.member.nameless")
        return ChoiceRow("user-round", name, strip.masked_phone or "", seen)

    def rows(self, members: tuple[Member, ...]) -> list[Choice]:
        """Return found members as rows."""
        return [Choice(self.row_of(member), self._attacher(member)) for member in members]

    def _attacher(self, member: Member) -> Callable[[], None]:
        return lambda: self.attach(member)

    def look_for(self, text: str) -> None:
        """Show the members that a text finds; none is marked, so none is attached by Enter alone."""
        desk = self._desk
        found = desk.shop.members.search(text, LIST_LIMIT)
        if not found:
            desk.lists.close()
            desk.refuse(translate("sales.refuse.no_member", text=text))
            return
        desk.hint = None
        desk.lists.show(translate("sales.list.members"), self.rows(found))

    # -- signing up ----------------------------------------------------------------------------------------

    @property
    def offering(self) -> bool:
        """Whether a sign-up waits for an Enter."""
        return self._offered is not None

    def forget_offer(self) -> None:
        """Give the sign-up up: something else was typed."""
        self._offered, self._consent_asked = None, False

    def offer_sign_up(self, number: str) -> None:
        """Offer to sign a number up that nobody has; it stays in the box."""
        self._offered, self._consent_asked = number, False
        self._desk.box = number
        self._desk.tell(translate("sales.sign_up.offer", phone=spaced(number)), "primary")

    def confirm(self) -> None:
        """Take the offer's Enter: first the consent is spoken, then the member is signed up and attached."""
        desk, number = self._desk, self._offered
        if number is None:
            return
        if not self._consent_asked:
            self._consent_asked = True
            desk.tell(translate("sales.sign_up.consent", shop=desk.shop.current.value.shop_name), "primary")
            return
        self.forget_offer()
        desk.tell(translate("sales.sign_up.busy"))
        who, members = desk.who, desk.shop.members
        desk.ask_lane(
            lambda: members.register(who, SignUp(phone=number, agreed=True)),
            self._signed_up,
            lambda error: self._not_signed_up(number, error),
        )

    def _signed_up(self, member: Member) -> None:
        self.attach(member, KeyKind.PHONE)
        self._desk.tell(translate("sales.sign_up.done"), "success")

    def _not_signed_up(self, number: str, error: Exception) -> None:
        desk = self._desk
        if isinstance(error, MemberExistsError):
            member = desk.shop.members.find_phone(number)
            if member is not None:
                self.attach(member, KeyKind.PHONE)
                return
        desk.box = number
        desk.fail(error)

    def enter_phone(self, text: str) -> None:
        """Take the phone of a new member; a number that somebody has attaches her."""
        desk = self._desk
        try:
            phone = normalise(text, desk.shop.current.value.region)
            member = desk.shop.members.find_phone(phone)
        except ExpectedError as error:
            desk.refuse(words_of(error, desk.currency))
            return
        if member is not None:
            self.attach(member, KeyKind.PHONE)
            return
        self.offer_sign_up(phone.removeprefix("+86"))

    # -- salespeople ---------------------------------------------------------------------------------------

    def ask_salespeople(self) -> None:
        """Ask who sold: one to three codes, with shares if they differ; for the whole bill or the line at hand."""
        desk = self._desk
        staff = {person.code: person for person in desk.shop.staff.everybody() if person.active}
        names = {code: person.name for code, person in staff.items()}

        def preview(text: str, _chosen: int) -> Preview:
            if not text.strip():
                return Preview()
            try:
                shares = read_shares(text, names)
            except SharesError as error:
                return Preview(error=translate(error.code, **error.params))
            return Preview(share_words({names[code]: percent for code, percent in shares.items()}))

        def submit(text: str, chosen: int) -> str:
            try:
                shares = read_shares(text, names) if text else {}
            except SharesError as error:
                return translate(error.code, **error.params)
            given = tuple(
                SalespersonShare(staff=staff[code].staff_id, percent=p) for code, p in shares.items()
            )
            self._share(given, whole=chosen == 0)
            return ""

        desk.asks.ask(
            Question(
                title=translate("sales.ask.salespeople"),
                label=translate("sales.ask.salespeople_codes"),
                hint=" · ".join(f"{code} {name}" for code, name in names.items()),
                choices=(translate("sales.word.whole_bill"), translate("sales.word.this_line")),
                chosen=0,
                preview=preview,
                submit=submit,
            )
        )

    def _share(self, shares: tuple[SalespersonShare, ...], *, whole: bool) -> None:
        desk, replace = self._desk, msgspec.structs.replace
        lines = tuple(
            replace(line, salespeople=shares) if whole or line.line_id == desk.current else line
            for line in desk.cart.lines
        )
        cart = replace(desk.cart, lines=lines)
        desk.change(replace(cart, salespeople=shares) if whole else cart)


def spaced(number: str) -> str:
    """Return a number in groups, as it is read aloud: 138 0013 8000."""
    return f"{number[:3]} {number[3:7]} {number[7:]}" if len(number) == 11 else number
