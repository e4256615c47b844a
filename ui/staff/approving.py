"""Asking somebody for a yes: what is asked in words, and whose code, PIN or badge gives it.

Decides the words and that a refusal can be tried again. Qt-free. Who may allow what stands in `domain.staff`; the
approval itself is made, and spent once, by services.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from pos_app.domain.errors import ForbiddenError
from pos_app.domain.sales.gold import OldGoldPriceError
from pos_app.domain.staff import Action, Approval, NeedsApprovalError
from pos_app.domain.values.money import ZERO
from pos_app.words import format_amount, translate
from ui.shell.counter import Counter
from ui.staff.presenter import Person, demo_pins, people_of, person_of, words_of_refusal


@dataclass(frozen=True, slots=True)
class ApprovalState:
    """The overlay."""

    asked: str = ""
    """Who asks."""
    action: str = ""
    amount: str = ""
    name: str = ""
    """Whose code was typed."""
    error: str = ""
    busy: bool = False
    asks_pin: bool = False
    hint: str = ""
    """In the demo: whose PIN would do."""


@dataclass(frozen=True, slots=True)
class ApprovalDoors:
    """What the overlay tells outside."""

    granted: Callable[[Approval], None]
    refused: Callable[[], None]


class ApprovalPresenter:
    """The intents of the overlay. GUI thread; PINs are checked on the db lane."""

    def __init__(
        self,
        counter: Counter,
        needed: NeedsApprovalError,
        doors: ApprovalDoors,
        on_change: Callable[[ApprovalState], None],
    ) -> None:
        self._counter = counter
        self._needed = needed
        self._doors = doors
        self._on_change = on_change
        self._gone = False
        self._people: tuple[Person, ...] = ()
        self.state = ApprovalState()

    def open(self) -> None:
        """Say what is asked."""
        settings, who = self._counter.shop.current.value, self._counter.session.who
        self._people = people_of(self._counter.shop.staff.everybody(), demo_pins() if settings.demo else {})
        needed = self._needed
        self._change(
            asked=translate("staff.approval.asked", name=who.name),
            action=self._action(),
            amount=format_amount(needed.amount, settings.money) if needed.amount != ZERO else "",
            hint=self._demo_hint() if settings.demo else "",
        )

    def _action(self) -> str:
        """Return what is asked for; of gold at an old price which prices these are, and what the amount tells."""
        needed = self._needed
        if needed.action is not Action.SET_GOLD_PRICE or needed.cart is None:
            return translate(f"staff.can.{needed.action.value}")
        money = self._counter.shop.current.value.money
        told = {
            translate(
                "staff.approval.gold_price",
                fineness=move.fineness,
                was=format_amount(move.was, money),
                now=format_amount(move.now, money),
            )
            for move in (needed.moves if isinstance(needed, OldGoldPriceError) else ())
        }
        first, last = translate("staff.approval.old_gold"), translate("staff.approval.old_gold_differs")
        return "\n".join((first, *sorted(told), last))

    def _demo_hint(self) -> str:
        from pos_app.domain.staff_limits import allows

        limits, asker = self._counter.shop.current.value.limits, self._counter.session.who
        staff = {one.code: one for one in self._counter.shop.staff.everybody()}
        able = (
            p
            for p in self._people
            if allows(limits, staff[p.code].role, self._needed) and staff[p.code].staff_id != asker.staff_id
        )
        return " · ".join(f"{p.code} {p.name}: {p.pin}" for p in able if p.pin)

    def close(self) -> None:
        """It was declined, or is done: an answer that is still on its way is nobody's any more."""
        self._gone = True

    def type_code(self, code: str) -> None:
        """The code in its field changed."""
        person = person_of(code, self._people)
        self._change(name=person.name if person else "", error="", asks_pin=False)

    def enter(self, code: str, pin: str) -> None:
        """Ask with a code and a PIN; the next field first when one is missing."""
        if self.state.busy:
            return
        if not code.strip():
            self._refuse(translate("staff.sign_in.needs_code"))
            return
        person = person_of(code, self._people)
        if not pin:
            self._change(name=person.name if person else "", error="", asks_pin=True)
            return
        wanted = person.code if person else code
        staff, who = self._counter.shop.staff, self._counter.session.who
        self._ask(lambda: staff.approve(who, self._needed, wanted, pin))

    def scan(self, text: str) -> None:
        """A badge is a yes; anything else is refused and changes nothing."""
        if self.state.busy:
            return
        staff, who = self._counter.shop.staff, self._counter.session.who
        self._ask(lambda: staff.approve_by_badge(who, self._needed, text))

    def _ask(self, work: Callable[[], Approval]) -> None:
        self._change(busy=True, error="", asks_pin=False)
        self._counter.db.run(work, self._granted, self._failed)

    def _granted(self, approval: Approval) -> None:
        if not self._gone:
            self._gone = True
            self._doors.granted(approval)

    def _failed(self, problem: Exception) -> None:
        if self._gone:
            return
        self._change(busy=False)
        if isinstance(problem, ForbiddenError):
            self._refuse(translate("staff.approval.not_allowed"))
        else:
            self._refuse(words_of_refusal(problem, self._counter.shop.current.value.money))

    def _refuse(self, words: str) -> None:
        self._doors.refused()
        self._change(error=words)

    def _change(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self._on_change(self.state)
