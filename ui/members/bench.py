"""What all parts of the members page share: its one state, the member on the card, and the way to the books.

Decides how a member is shown and that writes go one at a time; what is written is decided by the parts. Qt-free.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from pos_app.domain.errors import ExpectedError
from pos_app.domain.members import Member
from pos_app.domain.staff import Approval, NeedsApprovalError
from pos_app.domain.values.ids import MemberId
from pos_app.services.acting import Actor
from pos_app.services.shop import Shop
from pos_app.words import translate
from ui.members import cards
from ui.members.cards import Eyes
from ui.members.draft import Faults
from ui.members.state import Doors, Stage, State
from ui.shell.counter import Counter
from ui.shell.wording import words_of

T = TypeVar("T")
UNDO_S = 10
REVEAL_S = 30


class Bench:
    """The shared ground of the parts."""

    def __init__(self, counter: Counter, on_change: Callable[[State], None], doors: Doors) -> None:
        self.counter = counter
        self.doors = doors
        self.state = State()
        self.member: Member | None = None
        self.look_again: Callable[[], None] = lambda: None
        """Search anew: the member on the card is gone."""
        self.card_shown: Callable[[], None] = lambda: None
        """Told that a card stands there, perhaps another one."""
        self._on_change = on_change
        self._serial = 0
        self._revealed: MemberId | None = None

    @property
    def shop(self) -> Shop:
        """The use cases."""
        return self.counter.shop

    @property
    def eyes(self) -> Eyes:
        """How things are written here and now; who heard what stands on a card only (`show_card`)."""
        settings = self.shop.current.value
        return Eyes(
            shop=settings.shop_id,
            shop_name=settings.shop_name,
            today=self.shop.ringing.today(),
            zone=settings.zone,
            currency=settings.money,
            staff={},
        )

    def show(self, **changes: Any) -> None:
        """Show the state with these changes."""
        self.state = replace(self.state, **changes)
        self._on_change(self.state)

    @property
    def card_free(self) -> Member | None:
        """The member on the card, None while a form is open, something is being written, or nobody is shown."""
        free = self.state.stage is Stage.CARD and not self.state.busy
        return self.member if free else None

    # -- the member on the card ----------------------------------------------------------------------------

    def open(self, member_id: MemberId, cursor: int) -> None:
        """Show a member's card; one who was erased meanwhile is said to be gone."""
        member = self.shop.members.get(member_id)
        if member is None:
            self.doors.say("warning", translate("members.error.gone"))
            self.look_again()
            return
        if self.member is None or self.member.member_id != member_id:
            self._revealed = None
        self.show_card(member, stage=Stage.CARD, cursor=cursor, editing=None, faults=Faults())

    def show_card(self, member: Member, **changes: Any) -> None:
        """Show a member as she is now, in the list too, together with other changes of the state."""
        self.member = member
        names = {person.staff_id: person.name for person in self.shop.staff.everybody()}
        eyes = replace(self.eyes, staff=names)
        now = cards.member_row(member, eyes)
        rows = self.state.rows
        if now not in rows:
            rows = tuple(now if row.member_id == member.member_id else row for row in rows)
        purchases = self.shop.members.purchases(member.member_id)
        revealed = self._revealed == member.member_id
        card = cards.member_card(member, purchases, eyes, revealed=revealed)
        self.show(rows=rows, card=card, **changes)
        self.card_shown()

    def show_written(self, member: Member) -> bool:
        """Show a member as she was just written, and say whether her card stands there still.

        While the lane wrote, somebody else may have been looked for or walked to: whose card that is, it stays.
        """
        self.show(busy=False)
        here = self.member is not None and self.member.member_id == member.member_id
        if here:
            self.show_card(member)
        else:
            now = cards.member_row(member, self.eyes)
            rows = tuple(now if row.member_id == member.member_id else row for row in self.state.rows)
            self.show(rows=rows)
        return here

    def reveal(self, member: Member) -> None:
        """Show a member unmasked for half a minute, or until another one is looked at."""
        if self.member is None or self.member.member_id != member.member_id:
            self.show(busy=False)
            return
        self._revealed = member.member_id
        self._serial += 1
        serial = self._serial
        self.show(busy=False)
        self.show_card(member)

        def hide() -> None:
            if serial == self._serial:
                self.mask()

        self.doors.later(REVEAL_S, hide)

    def mask(self) -> None:
        """Mask what is shown of the member again."""
        if self._revealed is not None:
            self._revealed = None
            if self.member is not None and self.state.card is not None:
                self.show_card(self.member)

    # -- writing -------------------------------------------------------------------------------------------

    def who(self) -> Actor | None:
        """Return who acts; say so when nobody is signed in."""
        try:
            return self.counter.session.who
        except ExpectedError as error:
            self.failed(error)
            return None

    def write(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Do work on the lane; the page waits for its answer."""
        self.show(busy=True)
        self.counter.db.run(work, done, failed or self.failed)

    def write_approved(
        self,
        work: Callable[[Approval | None], T],
        done: Callable[[T], None],
        approval: Approval | None = None,
    ) -> None:
        """Do work on the lane; when it needs somebody's yes, ask for it and do it again with that."""

        def failed(error: Exception) -> None:
            if isinstance(error, NeedsApprovalError) and approval is None:
                self.show(busy=False)
                self.counter.ask_approval(error, lambda given: self.write_approved(work, done, given))
            else:
                self.failed(error)

        self.write(lambda: work(approval), done, failed)

    def failed(self, error: Exception) -> None:
        """Say what went wrong; what was typed stays."""
        self.show(busy=False)
        self.doors.say("error", words_of(error, self.shop.current.value.money))

    def later(self, act: Callable[[], None]) -> None:
        """Do something when an edit can no longer be taken back."""
        self.doors.later(UNDO_S, act)
