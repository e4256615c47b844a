"""Members and salespeople of the cart: found, attached, signed up, shared.

Decides how a member is found and what the cashier must do before one is attached: a partial match never attaches
without a row chosen. Consent is spoken and confirmed with a second Enter (PRODUCT.md B1).
"""

import dataclasses
from collections.abc import Callable

import msgspec

from pos_app.domain.errors import ExpectedError
from pos_app.domain.member_keys import card_state, normalised
from pos_app.domain.members import KeyKind, Member, MemberExistsError, Replaced, strip_of
from pos_app.domain.sales.cart import MemberRef
from pos_app.domain.sales.line import SalespersonShare
from pos_app.domain.values.phone import normalise
from pos_app.services.members import SignUp
from pos_app.services.ports.people import Listing
from pos_app.words import format_amount, format_date, translate
from ui.sales.asks import Preview, Question
from ui.sales.desk import Desk
from ui.sales.lists import Choice
from ui.sales.shares import SharesError, read_shares
from ui.sales.state import ChoiceRow
from ui.sales.views import share_words
from ui.shell.wording import words_of


class People:
    """Intents about the people of a sale."""

    by_phone = KeyKind.PHONE

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._offered: SignUp | None = None

    # -- members -------------------------------------------------------------------------------------------

    def attach(self, member: Member, found_by: KeyKind | None = None, *, forwarded: bool = False) -> None:
        """Make somebody the member of the cart; `forwarded` when the card that was scanned has a successor."""
        desk = self._desk
        desk.member = member
        ref = MemberRef(member=member.member_id, found_by=found_by.value if found_by else None)
        cart, difference = desk.shop.carts.attach(desk.cart, ref)
        desk.change(cart)
        desk.box, desk.mode = "", "sell"
        desk.lists.close()
        desk.front.sound("accepted")
        name = member.profile.name or translate("sales.member.nameless")
        if forwarded:
            desk.tell(translate("sales.notice.member_forwarded", name=name), "warning")
        elif difference:
            amount = format_amount(abs(difference), desk.currency)
            way = "less" if difference < 0 else "more"
            desk.tell(translate(f"sales.notice.member_{way}", name=name, amount=amount), "success")
        else:
            desk.tell(translate("sales.notice.member", name=name), "success")

    def look_again(self) -> None:
        """Read the member of the cart anew: another page may have changed her, or erased her for good."""
        desk = self._desk
        if desk.cart.member is None:
            return
        desk.member = desk.shop.members.get(desk.cart.member.member)
        if desk.member is None:
            cart, _ = desk.shop.carts.detach(desk.cart)
            desk.change(msgspec.structs.replace(cart, note=None))
            desk.tell(translate("sales.notice.member_erased"), "warning")

    def detach(self) -> None:
        """Take the member off the cart."""
        desk = self._desk
        if desk.cart.member is None:
            return
        desk.member = None
        cart, difference = desk.shop.carts.detach(desk.cart)
        desk.change(cart)
        desk.mode = "sell"
        desk.lists.close()
        if difference:
            amount = format_amount(difference, desk.currency)
            desk.tell(translate("sales.notice.member_off_more", amount=amount))
        else:
            desk.tell(translate("sales.notice.member_off"))

    def row_of(self, member: Member) -> ChoiceRow:
        """Return a member as a row: the name in full, the phone masked."""
        shop = self._desk.shop
        strip = strip_of(member, shop.ringing.today())
        zone = shop.current.value.zone
        seen = format_date(strip.last_visit_at, zone) if strip.last_visit_at else ""
        name = strip.name or translate("sales.member.nameless")
        return ChoiceRow("user-round", name, strip.masked_phone or "", seen)

    def rows(self, members: tuple[Member, ...], by_card: Member | None, text: str) -> list[Choice]:
        """Return found members as rows; of the one who has the text as the number of a card it is said."""
        return [
            self._by_card(member, text)
            if member is by_card
            else Choice(self.row_of(member), self._attacher(member))
            for member in members
        ]

    def _attacher(self, member: Member) -> Callable[[], None]:
        return lambda: self.attach(member)

    def _by_card(self, member: Member, text: str) -> Choice:
        number = normalised(KeyKind.CARD, text)
        forwarded = card_state(member, number) is Replaced.FORWARDED
        row = self.row_of(member)
        under = " · ".join(part for part in (translate("sales.list.card", number=number), row.under) if part)
        return Choice(
            dataclasses.replace(row, icon="credit-card", under=under),
            lambda: self.attach(member, KeyKind.CARD, forwarded=forwarded),
        )

    def show_found(self, found: Listing, by_card: Member | None, text: str) -> None:
        """Show the first members that a text finds, with how many there are in all; none is marked."""
        title, rows = translate("sales.list.members"), self.rows(found.members, by_card, text)
        self._desk.lists.show(title, rows, total=found.total, capped=found.capped)

    def ask_which(
        self, members: tuple[Member, ...], number: str, then: Callable[[], None] = lambda: None
    ) -> None:
        """Ask which of those who share a phone it is; nobody is marked, so Enter alone attaches nobody."""

        def attacher(member: Member) -> Callable[[], None]:
            def act() -> None:
                self.attach(member, KeyKind.PHONE)
                then()

            return act

        rows = [Choice(self.row_of(member), attacher(member)) for member in members]
        other = ChoiceRow(
            "user-plus", translate("sales.sign_up.other"), translate("sales.sign_up.other_under")
        )
        rows.append(Choice(other, lambda: self.offer_sign_up(number, shared=True)))
        self._desk.hint = None
        self._desk.lists.show(translate("sales.list.shared"), rows)
        self._desk.front.sound("accepted")

    # -- signing up ----------------------------------------------------------------------------------------

    @property
    def offering(self) -> bool:
        """Whether a sign-up waits for an Enter."""
        return self._offered is not None

    @property
    def asked(self) -> str:
        """The number whose owner is asked to agree, empty while nobody is."""
        return "" if self._offered is None else self._offered.phone

    def forget_offer(self) -> None:
        """Give the sign-up up: something else was typed."""
        self._offered = None

    def offer_words(self, number: str, *, shared: bool = False) -> str:
        """Return what is said before a number is signed up: what Enter does, and what to ask the customer first."""
        code = "sales.sign_up.offer_shared" if shared else "sales.sign_up.offer"
        return translate(code, phone=spaced(number), asked=translate("members.consent.asked"))

    def offer_sign_up(self, number: str, *, shared: bool = False) -> None:
        """Offer to sign a number up that nobody has, or another person on it; it stays in the box.

        The consent is asked with the same words: the next Enter is the customer's yes.
        """
        self._offered = SignUp(phone=number, agreed=True, shared=shared)
        self._desk.box = number
        self._desk.tell(self.offer_words(number, shared=shared), "primary")

    def confirm(self, how: str = "spoken") -> None:
        """Take the offer's Enter: the consent was spoken, or given as `how` says; she is signed up and attached."""
        asked = self._offered
        if asked is not None:
            self.forget_offer()
            self.sign_up(dataclasses.replace(asked, how=how))

    def sign_up(self, asked: SignUp, then: Callable[[], None] = lambda: None) -> None:
        """Sign somebody up and make her the member of the cart; `then` runs after that."""
        desk, who = self._desk, self._desk.who
        members = desk.shop.members
        desk.tell(translate("sales.sign_up.busy"))

        def done(member: Member) -> None:
            self.attach(member, KeyKind.PHONE)
            desk.tell(translate("sales.sign_up.done"), "success")
            then()

        desk.ask_lane(
            lambda: members.register(who, asked), done, lambda error: self._not_signed_up(asked, error)
        )

    def _not_signed_up(self, asked: SignUp, error: Exception) -> None:
        desk = self._desk
        desk.box = asked.phone
        if isinstance(error, MemberExistsError):
            # Another till or an import was quicker: whoever it is, her name is shown before she is attached.
            self.ask_which(desk.shop.members.on_phone(asked.phone), asked.phone)
            return
        desk.fail(error)

    def enter_phone(self, text: str) -> None:
        """Take the phone of a new member; on a number that somebody has, she or another person may be meant."""
        desk = self._desk
        try:
            phone = normalise(text, desk.shop.current.value.region)
        except ExpectedError as error:
            desk.refuse(words_of(error, desk.currency))
            return
        members, number = desk.shop.members.on_phone(phone), phone.removeprefix("+86")
        if members:
            self.ask_which(members, number)
        else:
            self.offer_sign_up(number)

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
