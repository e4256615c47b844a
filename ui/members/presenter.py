"""The members page without its widgets: find, show, sign up, edit, erase, and choose for the page that asked.

Decides what each key and scan means and what may be done next; who owns a phone and what is recorded is decided by
`services.members`. Qt-free. Writes go through the db lane one at a time, and so do look-ups by text, whose late
answers are dropped.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from pos_app.domain.errors import ExpectedError
from pos_app.domain.members import Member, MemberExistsError
from pos_app.domain.staff import Action, Approval, NeedsApprovalError, Role, may
from pos_app.domain.values import phone as phones
from pos_app.domain.values.barcode import fold
from pos_app.domain.values.ids import MemberId
from pos_app.services.acting import Actor
from pos_app.services.ringing import SomeMember
from pos_app.words import format_count, translate
from ui.members import cards
from ui.members.cards import Eyes
from ui.members.draft import (
    ChildDraft,
    Draft,
    Faults,
    agreed_to_children,
    draft_of,
    faults_of,
    profile_of,
    sign_up_of,
)
from ui.members.state import Doors, Stage, State
from ui.shell.counter import Counter
from ui.shell.wording import words_of

SHOWN = 50
"""Members the list shows; more are found by typing more."""
ERASE_REASON = "asked_by_member"


class MembersPresenter:
    """One method an intent; `on_change` gets each new state."""

    def __init__(self, counter: Counter, on_change: Callable[[State], None], doors: Doors) -> None:
        self._counter = counter
        self._shop = counter.shop
        self._on_change = on_change
        self._doors = doors
        self.state = State()
        self._member: Member | None = None
        self._owner: MemberId | None = None
        self._before = Draft()
        self._asked = 0
        self._answered = 0
        self._enter_waits = False

    @property
    def _eyes(self) -> Eyes:
        settings = self._shop.current.value
        actor = self._counter.session.actor
        return Eyes(
            role=actor.role if actor else Role.CLERK,
            today=self._shop.ringing.today(),
            zone=settings.zone,
            currency=settings.money,
        )

    # -- Finding -------------------------------------------------------------------------------------------

    def opened(self, *, choosing: bool = False, text: str = "", new: str | None = None) -> None:
        """Show the list; `choosing` hands the member back, `new` begins a sign-up with a phone."""
        actor = self._counter.session.actor
        self.state = replace(
            self.state,
            choosing=choosing or new is not None,
            may_sign_up=actor is not None and may(actor.role, Action.REGISTER_MEMBER),
        )
        if new is not None:
            self.search("")
            self.begin_sign_up(new)
        elif choosing or self.state.stage is Stage.CARD:
            self.search(text)
        else:
            self._show(self.state)

    def search(self, text: str) -> None:
        """Show the members that a text finds, those who came last for none."""
        self._asked += 1
        self._enter_waits = False
        self._show(replace(self.state, stage=Stage.CARD, text=text))
        work = partial(self._look_up, fold(text))
        self._counter.db.run(work, partial(self._found, self._asked), self._failed)

    def _look_up(self, text: str) -> tuple[tuple[Member, ...], int]:
        members = self._shop.members
        return members.search(text, SHOWN + 1), 0 if text else members.count()

    def _found(self, asked: int, found: tuple[tuple[Member, ...], int]) -> None:
        """Show what was found, if nothing was asked since; one alone is shown at once."""
        if asked != self._asked:
            return
        self._answered = asked
        members, total = found
        eyes = self._eyes
        shown = tuple(cards.member_row(member, eyes) for member in members[:SHOWN])
        more = len(members) > SHOWN
        if total:
            count = translate("members.list.of", shown=format_count(len(shown)), total=format_count(total))
        else:
            code = "members.list.more" if more else "members.list.all"
            count = translate(code, shown=format_count(len(shown)))
        self._show(replace(self.state, rows=shown, count=count, cursor=-1, card=None))
        self._member = None
        if len(shown) == 1:
            self.go(0)
        if self._enter_waits:
            self._enter_waits = False
            self.enter()

    def go(self, place: int) -> None:
        """Show the card of a row."""
        rows = self.state.rows
        if self.state.stage is Stage.CARD and 0 <= place < len(rows) and place != self.state.cursor:
            self._open(rows[place].member_id, place)

    def move(self, step: int) -> None:
        """Show the next member, or the one before."""
        last, cursor = len(self.state.rows) - 1, self.state.cursor
        if last >= 0:
            start = cursor if cursor >= 0 else (-1 if step > 0 else last + 1)
            self.go(max(0, min(last, start + step)))

    def _open(self, member_id: MemberId, cursor: int) -> None:
        member = self._shop.members.get(member_id)
        if member is None:
            self._doors.say("warning", translate("members.error.gone"))
            self.search(self.state.text)
            return
        self._member = member
        card = cards.member_card(member, self._shop.members.purchases(member_id), self._eyes)
        self._show(replace(self.state, stage=Stage.CARD, cursor=cursor, card=card, busy=False))

    def enter(self) -> None:
        """Take the member whose name is shown; without one show the first, or sign the typed phone up."""
        if self._answered != self._asked:
            self._enter_waits = True
        elif self.state.card is not None:
            self._take(self.state.card.member_id)
        elif self.state.rows:
            self.go(0)
        elif self.state.text and self._is_phone(self.state.text):
            self.begin_sign_up(self.state.text)
        elif self.state.text:
            self._doors.say("warning", translate("members.notice.nobody"))

    def _take(self, member_id: MemberId) -> None:
        """Hand a member to the page that asked; nobody asked: her card is shown already."""
        if self.state.choosing:
            self._doors.finish(member_id)

    def _is_phone(self, text: str) -> bool:
        try:
            phones.normalise(text, self._shop.current.value.region)
        except phones.PhoneError:
            return False
        return True

    def scan(self, text: str) -> None:
        """Show the member of a scanned card or phone, or hand her over when one was asked for."""
        if self.state.stage is not Stage.CARD or self.state.busy:
            self._doors.say("warning", translate("members.notice.not_now"))
            return
        try:
            meaning = self._shop.ringing.meaning(text)
        except ExpectedError:
            meaning = None
        if not isinstance(meaning, SomeMember):
            self._doors.say("warning", translate("members.notice.no_card"))
            return
        if self.state.choosing:
            self._doors.finish(meaning.member.member_id)
            return
        self._show_alone(meaning.member)

    def _show_alone(self, member: Member) -> None:
        self._asked += 1
        self._answered = self._asked
        row = cards.member_row(member, self._eyes)
        count = translate("members.list.all", shown=format_count(1))
        self._show(replace(self.state, text="", rows=(row,), count=count))
        self._open(member.member_id, 0)

    def sell(self) -> None:
        """Go to Sell with the member on the card, or hand her to the page that asked."""
        if self.state.card is None or self.state.stage is not Stage.CARD:
            return
        if self.state.choosing:
            self._doors.finish(self.state.card.member_id)
        else:
            self._doors.sell_to(self.state.card.member_id)

    # -- Writing -------------------------------------------------------------------------------------------

    def begin_sign_up(self, phone: str = "") -> None:
        """Open an empty form; the text of the box, when it is a phone, is kept."""
        if self.state.busy or not self.state.may_sign_up:
            return
        kept = phone or (self.state.text if self._is_phone(self.state.text) else "")
        self._before, draft = Draft(), Draft(phone=kept)
        self._show(
            replace(self.state, stage=Stage.NEW, draft=draft, faults=Faults(), owner="", children_asked=True)
        )
        self.change(draft)

    def begin_edit(self) -> None:
        """Open the form with the member on the card."""
        if self._member is None or self.state.stage is not Stage.CARD or self.state.busy:
            return
        self._before = draft_of(self._member)
        asked = not agreed_to_children(self._member.consents)
        self._show(
            replace(
                self.state,
                stage=Stage.EDIT,
                draft=self._before,
                faults=Faults(),
                owner="",
                children_asked=asked,
            )
        )

    def change(self, draft: Draft) -> None:
        """Take what stands in the form now; say at once whose a typed phone is already."""
        owner = ""
        self._owner = None
        if self.state.stage is Stage.NEW and draft.phone:
            member = self._owner_of(draft.phone)
            if member is not None:
                self._owner, owner = member.member_id, cards.name_of(member)
        self._show(replace(self.state, draft=draft, owner=owner, faults=Faults()))

    def _owner_of(self, phone: str) -> Member | None:
        try:
            return self._shop.members.find_phone(phone)
        except ExpectedError:
            return None

    def add_child(self) -> None:
        """Offer the fields of one more child."""
        self.change(replace(self.state.draft, children=(*self.state.draft.children, ChildDraft())))

    @property
    def changed(self) -> bool:
        """Whether leaving the form would lose something."""
        draft = self.state.draft
        return self.state.stage is not Stage.CARD and replace(draft, children=draft.told) != self._before

    def cancel(self) -> None:
        """Leave the form without saving; a page that waits for a sign-up gets nothing."""
        if self.state.busy:
            return
        was_new = self.state.stage is Stage.NEW
        self._show(replace(self.state, stage=Stage.CARD, faults=Faults(), owner=""))
        if was_new and self.state.choosing and not self.state.text:
            self._doors.finish(None)

    def save(self) -> None:
        """Sign up or save what stands in the form; a phone that has an owner shows its owner instead."""
        if self.state.stage is Stage.CARD or self.state.busy:
            return
        if self._owner is not None:
            self._show_owner(self._owner)
            return
        new = self.state.stage is Stage.NEW
        today = self._eyes.today
        agreed = not new and self._member is not None and agreed_to_children(self._member.consents)
        faults = faults_of(self.state.draft, today, new=new, children_agreed=agreed)
        if faults:
            self._show(replace(self.state, faults=faults))
            return
        try:
            who = self._counter.session.who
        except ExpectedError as error:
            self._failed(error)
            return
        draft, member = self.state.draft, self._member
        self._show(replace(self.state, busy=True))
        if new:
            work = partial(self._shop.members.register, who, sign_up_of(draft, today))
            self._counter.db.run(work, self._registered, self._not_saved)
        elif member is not None:
            profile = profile_of(draft, member, today)
            edit = partial(self._shop.members.edit, who, member.member_id, profile, draft.children_agreed)
            self._counter.db.run(edit, self._edited, self._not_saved)

    def _registered(self, member: Member) -> None:
        self._doors.say("success", translate("members.notice.registered", name=cards.name_of(member)))
        self._show(replace(self.state, busy=False, stage=Stage.CARD))
        if self.state.choosing:
            self._doors.finish(member.member_id)
        else:
            self._show_alone(member)

    def _edited(self, member: Member) -> None:
        self._doors.say("success", translate("members.notice.saved"))
        eyes = self._eyes
        rows = tuple(
            cards.member_row(member, eyes) if row.member_id == member.member_id else row
            for row in self.state.rows
        )
        self._show(replace(self.state, rows=rows))
        self._open(member.member_id, self.state.cursor)

    def _not_saved(self, error: Exception) -> None:
        """Keep the form as it stands; a phone that somebody signed up meanwhile shows its owner."""
        if isinstance(error, MemberExistsError):
            owner = error.params.get("member")
            self._show(replace(self.state, busy=False))
            self._show_owner(MemberId(owner))  # type: ignore[arg-type]
        elif isinstance(error, phones.PhoneError):
            self._show(replace(self.state, busy=False, faults=Faults(fields={"phone": error.code})))
        else:
            self._failed(error)

    def _show_owner(self, member_id: MemberId) -> None:
        member = self._shop.members.get(member_id)
        if member is None:
            return
        if self.state.choosing:
            self._doors.finish(member_id)
            return
        self._doors.say("warning", translate("members.error.exists"))
        self._show_alone(member)

    # -- Erasing -------------------------------------------------------------------------------------------

    def erase(self) -> None:
        """Erase the member on the card for good, once it was asked; needs a manager."""
        if self._member is None or self.state.stage is not Stage.CARD or self.state.busy:
            return
        try:
            self._erase(self._counter.session.who, self._member.member_id)
        except ExpectedError as error:
            self._failed(error)

    def _erase(self, who: Actor, member_id: MemberId, approval: Approval | None = None) -> None:
        def failed(error: Exception) -> None:
            if isinstance(error, NeedsApprovalError):
                self._show(replace(self.state, busy=False))
                self._counter.ask_approval(error, lambda given: self._erase(who, member_id, given))
            else:
                self._failed(error)

        self._show(replace(self.state, busy=True))
        work = partial(self._shop.members.erase, who, member_id, ERASE_REASON, approval)
        self._counter.db.run(work, self._erased, failed)

    def _erased(self, _done: None) -> None:
        self._member = None
        self._doors.say("success", translate("members.notice.erased"))
        self._show(replace(self.state, busy=False, card=None, cursor=-1))
        self.search("")

    def leave(self) -> None:
        """Go back to the page that asked, with nobody; else clear the box."""
        if self.state.choosing:
            self._doors.finish(None)
        elif self.state.text:
            self.search("")

    def _failed(self, error: Exception) -> None:
        self._show(replace(self.state, busy=False))
        self._doors.say("error", words_of(error, self._shop.current.value.money))

    def _show(self, state: State) -> None:
        self.state = state
        self._on_change(state)
