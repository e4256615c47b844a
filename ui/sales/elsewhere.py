"""A phone or card that nobody on this till has, looked for on the platform while the counter goes on.

Decides what is said meanwhile and which answers come too late. The box stays open, and Enter keeps what it was told to
mean: a sign-up that was offered is still what the next Enter does, and whoever is found stands in the list, unmarked.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from pos_app.services.ports.syncing import OnlineMember
from pos_app.words import translate
from ui.sales.desk import Desk
from ui.sales.lists import Choice
from ui.sales.people import People


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question under way: what was asked, what stood in the box, and what is said when nobody is found."""

    text: str
    box: str
    otherwise: str
    offered: bool


class Elsewhere:
    """Questions about members to the platform."""

    def __init__(self, desk: Desk, people: People) -> None:
        self._desk = desk
        self._people = people
        self._asked: _Asked | None = None
        self._quiet = False

    def forget(self) -> None:
        """Drop the answer that is awaited: something else was begun."""
        self._asked = None

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Ask nothing inside the block: Pay opens again at once, and nobody could be chosen there."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False

    def look(self, text: str, otherwise: str) -> bool:
        """Look for somebody whom this till does not have; say whether anybody could be asked.

        `otherwise` is what is said if she is not found there either.
        """
        return self._ask(text, otherwise, offered=False)

    def look_behind_offer(self, number: str) -> None:
        """Look for a number whose sign-up is offered; the offer stands meanwhile, and afterwards too."""
        hint = self._desk.hint
        if self._people.offering and hint is not None:
            self._ask(number, hint.text, offered=True)

    def _ask(self, text: str, otherwise: str, *, offered: bool) -> bool:
        desk = self._desk
        if self._quiet:
            return False
        asked = _Asked(text, desk.box, otherwise, offered)
        if asked != self._asked:
            work = partial(desk.online.members, text)
            if not desk.ask_online(work, partial(self._answered, asked), lambda _e: self._failed(asked)):
                return False
            self._asked = asked
        if offered:
            more = translate("sales.elsewhere.asking_behind")
            desk.tell(translate("sales.elsewhere.with", said=otherwise, more=more), "primary")
        else:
            desk.tell(translate("sales.elsewhere.asking"))
        return True

    def _arrived(self, asked: _Asked) -> bool:
        """Say whether an answer is still wanted, and want it no more."""
        wanted = self._asked is asked and self._desk.box == asked.box
        wanted = wanted and self._people.offering == asked.offered
        if self._asked is asked:
            self._asked = None
        return wanted

    def _answered(self, asked: _Asked, found: Sequence[OnlineMember]) -> None:
        if not self._arrived(asked):
            self._tell_late(asked, found)
            return
        if not found:
            self._nobody(asked, asked.otherwise)
            return
        desk = self._desk
        desk.lists.show(translate("sales.elsewhere.list"), [self._row(one) for one in found])
        if asked.offered:
            desk.tell(translate("sales.elsewhere.found_behind_offer"), "primary")
        else:
            desk.hint = None
            desk.front.sound("accepted")
        desk.show()

    def _tell_late(self, asked: _Asked, found: Sequence[OnlineMember]) -> None:
        """Say of somebody signed up meanwhile that another shop has her phone, too; the sale goes on."""
        here = self._desk.member
        others = [one.member for one in found if here is not None and one.member.member_id != here.member_id]
        if asked.offered and here is not None and any(one.phone == here.phone for one in others):
            self._desk.front.say("info", translate("sales.elsewhere.also_there"), "elsewhere")

    def _failed(self, asked: _Asked) -> None:
        if self._arrived(asked):
            unreached = translate("sales.elsewhere.unreached")
            self._nobody(asked, translate("sales.elsewhere.with", said=asked.otherwise, more=unreached))

    def _nobody(self, asked: _Asked, words: str) -> None:
        if asked.offered:
            self._desk.tell(words, "primary")
        else:
            self._desk.refuse(words)
        self._desk.show()

    def _row(self, found: OnlineMember) -> Choice:
        row = self._people.row_of(found.member)
        under = " · ".join(part for part in (row.under, translate("sales.elsewhere.other_shop")) if part)

        def attach() -> None:
            # Answering has put her into the books; what stands there is what the cart goes by.
            here = self._desk.shop.members.get(found.member.member_id)
            self._people.attach(here or found.member)

        return Choice(replace(row, under=under), attach)
