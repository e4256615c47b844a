"""The members page without its widgets: find, show, and choose for the page that asked.

Decides what each key and scan means and what may be done next. Forms stand in `writing`; keys, cards, consents and
privacy in `keeping`. Qt-free. Writes go through the db lane one at a time, and so do look-ups by text, whose late
answers are dropped.
"""

from collections.abc import Callable
from functools import partial

from pos_app.domain.errors import ExpectedError
from pos_app.domain.members import KeyKind, Member
from pos_app.domain.staff import Action, may
from pos_app.domain.values import phone as phones
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.ids import MemberId
from pos_app.services.ports.people import Listing
from pos_app.services.ringing import SharedPhone, SomeMember, Unknown
from pos_app.words import format_count, translate
from ui.members import cards
from ui.members.all_shops import AllShops
from ui.members.bench import Bench
from ui.members.draft import Faults
from ui.members.keeping import Keeping
from ui.members.sections import Section
from ui.members.state import Carried, Doors, Stage, State
from ui.members.writing import Writing
from ui.shell.counter import Counter
from ui.shell.wording import words_of

SHOWN = 50
"""Members that one look-up brings; more come when the list is walked to its end."""


class MembersPresenter:
    """One method an intent; `on_change` gets each new state."""

    def __init__(self, counter: Counter, on_change: Callable[[State], None], doors: Doors) -> None:
        self._bench = Bench(counter, on_change, doors)
        self._bench.look_again = lambda: self.search(self.state.text)
        self.writing = Writing(self._bench, self._arrived)
        self.keeping = Keeping(self._bench, self.writing.written)
        self.all_shops = AllShops(self._bench)
        self._asked = 0
        self._listed = 0
        self._answered = 0
        self._waits: Callable[[], None] | None = None
        self._found: tuple[Member, ...] = ()
        self._total = ""
        self._whole = True

    @property
    def state(self) -> State:
        """What the page shows."""
        return self._bench.state

    def take_over(self, carried: Carried) -> None:
        """Go on with a form that was open before the language changed."""
        if carried.state.stage is not Stage.NEW and carried.member is not None:
            self._show_alone(carried.member)
            if self._bench.member is None:
                return
            # What the editor had before her, so that what somebody else changed meanwhile stays.
            self._bench.member = carried.member
        self.writing.take_over(carried)

    # -- finding -------------------------------------------------------------------------------------------

    def opened(self, *, choosing: bool = False, text: str = "", new: str | None = None) -> None:
        """Show the list; `choosing` hands the member back, `new` begins a sign-up with a phone."""
        actor = self._bench.counter.session.actor
        self._bench.mask()
        self._bench.show(
            choosing=choosing or new is not None,
            may_sign_up=actor is not None and may(actor.role, Action.REGISTER_MEMBER),
        )
        if new is not None:
            self._search("")
            self.begin_sign_up(new)
        elif choosing or self.state.stage is Stage.CARD:
            self._search(text)

    def search(self, text: str) -> None:
        """Show the members that a text finds, those who came last for none; a form that was filled in stays."""
        if self.state.stage is not Stage.CARD and (self.writing.changed or self.state.busy):
            self._bench.doors.say("warning", translate("members.notice.not_now"))
            self._bench.show()
            return
        self._search(text)

    def _search(self, text: str) -> None:
        self._asked += 1
        self._waits = None
        self._bench.show(stage=Stage.CARD, text=text)
        members = self._bench.shop.members
        work = partial(members.look_up, fold(text), SHOWN)
        self._bench.counter.db.run(work, partial(self._show_found, self._asked), self._bench.failed)

    def _show_found(self, asked: int, listing: Listing) -> None:
        """Show what was found, if nothing was asked since; one alone is opened once her row is seen."""
        if asked != self._asked:
            return
        self._listed = asked
        self._found, self._whole = listing.members, len(listing.members) < SHOWN
        self._total = translate("members.list.over", count=format_count(listing.total))
        self._total = self._total if listing.capped else format_count(listing.total)
        self._bench.member = None
        self._bench.show(rows=self._rows(), count=self._count(), cursor=-1, card=None)
        if listing.capped and not fold(self.state.text):
            members = self._bench.shop.members
            self._bench.counter.db.run(members.count, partial(self._counted, asked), lambda _error: None)
        answered = partial(self._answer, asked)
        if len(self._found) == 1:
            # By way of the lane, so that the row is painted before the card is read.
            self._bench.counter.db.run(lambda: None, answered, self._bench.failed)
        else:
            answered(None)

    def _answer(self, asked: int, _hop: None) -> None:
        """Open one who was found alone; do what a key asked for meanwhile."""
        if asked != self._asked:
            return
        self._answered = asked
        if len(self._found) == 1:
            self.go(0)
        waits, self._waits = self._waits, None
        # A key struck before the answer: nobody saw a name yet, only a whole phone takes one.
        if waits is not None and (self.state.card is None or self._is_phone(self.state.text)):
            waits()

    def _rows(self) -> tuple[cards.MemberRow, ...]:
        eyes = self._bench.eyes
        return tuple(cards.member_row(member, eyes) for member in self._found)

    def _count(self) -> str:
        return translate("members.list.of", shown=format_count(len(self._found)), total=self._total)

    def _counted(self, asked: int, total: int) -> None:
        """Say how many there are in all, which is counted after the rows are there."""
        if asked == self._asked:
            self._total = format_count(total)
            self._bench.show(count=self._count())

    def more(self) -> None:
        """Bring the next members: the list was walked to its end."""
        if self._whole or self._answered != self._asked:
            return
        self._whole = True
        asked, members = self._asked, self._bench.shop.members

        def arrived(listing: Listing) -> None:
            if asked == self._asked:
                known = {member.member_id for member in self._found}
                self._found += tuple(m for m in listing.members if m.member_id not in known)
                self._whole = len(listing.members) < SHOWN
                self._bench.show(rows=self._rows(), count=self._count())

        work = partial(members.look_up, fold(self.state.text), SHOWN, len(self._found))
        self._bench.counter.db.run(work, arrived, self._bench.failed)

    def go(self, place: int) -> None:
        """Show the card of a row."""
        rows = self.state.rows
        if self.state.stage is Stage.CARD and 0 <= place < len(rows) and place != self.state.cursor:
            self._bench.open(rows[place].member_id, place)

    def move(self, step: int) -> None:
        """Show the next member, or the one before; at the end more are brought."""
        last, cursor = len(self.state.rows) - 1, self.state.cursor
        if last >= 0:
            start = cursor if cursor >= 0 else (-1 if step > 0 else last + 1)
            self.go(max(0, min(last, start + step)))
            if start + step >= last:
                self.more()

    def enter(self) -> None:
        """Take the member whose name is shown; without one show the first, or sign the typed phone up."""
        if self.awaited:
            self._waits = self.enter
        elif self.state.card is not None:
            self._take(self.state.card.member_id)
        elif self.state.rows:
            self.go(0)
        elif self.state.text and self._is_phone(self.state.text):
            self.begin_sign_up(self.state.text)
        elif self.state.text:
            self._bench.doors.say("warning", translate("members.notice.nobody"))

    @property
    def awaited(self) -> bool:
        """Whether the answer to what stands in the box is still to come: the card is that of one before."""
        return self._answered != self._asked

    def _take(self, member_id: MemberId) -> None:
        """Hand a member to the page that asked; nobody asked: her card is shown already."""
        if self.state.choosing:
            self._bench.doors.finish(member_id)

    def _is_phone(self, text: str) -> bool:
        try:
            phones.normalise(text, self._bench.shop.current.value.region)
        except phones.PhoneError:
            return False
        return True

    def scan(self, text: str) -> None:
        """Show the member of a scanned card or phone, or hand her over when one was asked for."""
        doors = self._bench.doors
        if self.keeping.wants_card:
            self._scan_card(text)
            return
        if self.state.stage is not Stage.CARD or self.state.busy:
            doors.say("warning", translate("members.notice.not_now"))
            return
        try:
            meaning = self._bench.shop.ringing.meaning(text)
        except ExpectedError as error:
            code = error.code.startswith("members.")
            words = words_of(error, self._bench.shop.current.value.money) if code else ""
            doors.say("warning", words or translate("members.notice.no_card"))
            return
        if isinstance(meaning, SharedPhone):
            self.search(text)
        elif not isinstance(meaning, SomeMember):
            doors.say("warning", translate("members.notice.no_card"))
        elif self.state.choosing:
            doors.finish(meaning.member.member_id)
        else:
            self._show_alone(meaning.member)
            if meaning.forwarded:
                doors.say("warning", translate("members.notice.forwarded"))

    def _scan_card(self, text: str) -> None:
        """Take the scan of a printed card into the form; goods, receipts and phones are none."""
        try:
            meaning = self._bench.shop.ringing.meaning(text)
        except ExpectedError:
            # A card that is refused, or thirteen digits that are no article: what it is, saving will say.
            meaning = Unknown(text)
        if isinstance(meaning, Unknown) or (isinstance(meaning, SomeMember) and meaning.key is KeyKind.CARD):
            self.keeping.take_card(text)
        else:
            self._bench.doors.say("warning", translate("members.notice.no_card"))

    def _show_alone(self, member: Member) -> None:
        self._asked += 1
        self._answered = self._asked
        self._found, self._whole, self._total = (member,), True, format_count(1)
        self._bench.show(text="", rows=self._rows(), count=self._count())
        self._bench.open(member.member_id, 0)

    def _arrived(self, member: Member) -> None:
        """Show a member who was just signed up, or hand her to the page that asked."""
        self._bench.show(busy=False, stage=Stage.CARD, faults=Faults(), owner="")
        if self.state.choosing:
            self._bench.doors.finish(member.member_id)
        else:
            self._show_alone(member)

    # -- what else can be done -----------------------------------------------------------------------------

    def sell(self) -> None:
        """Go to Sell with the member on the card, or hand her to the page that asked; wait for her as Enter does."""
        if self.awaited:
            self._waits = self.sell
            return
        member = self._bench.card_free
        if member is None:
            return
        if self.state.choosing:
            self._bench.doors.finish(member.member_id)
        else:
            self._bench.doors.sell_to(member.member_id)

    def begin_sign_up(self, phone: str = "") -> None:
        """Open an empty form; the text of the box, when it is a phone that nobody has, is kept."""
        if not self.state.busy and self.state.may_sign_up:
            self._bench.mask()
            typed = self.state.text
            free = self._is_phone(typed) and not self._bench.shop.members.on_phone(typed)
            self.writing.begin_sign_up(phone or (typed if free else ""))

    def turn(self, section: Section | None = None) -> None:
        """Show a tab, the next one by default."""
        places = list(Section)
        following = places[(places.index(self.state.section) + 1) % len(places)]
        free = self.state.stage is Stage.CARD
        self._bench.show(section=(section or following) if free else self.state.section)
        self.all_shops.follow()

    def open_receipt(self, number: str) -> None:
        """Go to the receipt of a purchase."""
        if self._bench.card_free is not None:
            self._bench.doors.open_receipt(number)

    def save(self) -> None:
        """Save what stands in the form."""
        if self.state.stage is Stage.KEY:
            self.keeping.save_key()
        elif self.state.stage is Stage.MERGE:
            self.all_shops.confirm()
        else:
            self.writing.save()

    def cancel(self) -> None:
        """Leave the form without saving; a page that waits for a sign-up gets nothing."""
        if self.state.busy:
            return
        was_new = self.state.stage is Stage.NEW
        self._bench.show(stage=Stage.CARD, faults=Faults(), owner="", twins="", editing=None)
        if was_new and self.state.choosing and not self.state.text:
            self._bench.doors.finish(None)

    def leave(self) -> None:
        """Go back to the page that asked, with nobody; else clear the box."""
        if self.state.choosing:
            self._bench.doors.finish(None)
        elif self.state.text:
            self.search("")
