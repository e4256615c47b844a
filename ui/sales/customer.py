"""The counter as the customer sees it on her own screen, and what she answers there.

Decides what she may know: the lines, the sums, herself, how paying goes; nothing else of the till. What she types or
touches goes the way that the cashier's keys go, and only while the counter is free for it. Qt-free.
"""

from collections.abc import Callable

from pos_app.domain.sales.line import Line, LineKind
from pos_app.domain.values.money import ZERO, Amount
from pos_app.services.ports.display import (
    CustomerLine,
    CustomerMember,
    CustomerStage,
    CustomerView,
    Display,
)
from pos_app.words import translate
from ui.sales.desk import Desk
from ui.sales.gate import Gate
from ui.sales.pay_charges import CHARGE
from ui.sales.pay_presenter import Pay
from ui.sales.people import People
from ui.sales.state import BoxMode

_SCAN = "code"
"""The name of the stage that waits for a payment code (`pay_code.CodeScan`)."""
LONGEST_PHONE = 20


class Customer:
    """What is shown to the customer and heard from her. GUI thread."""

    def __init__(self, display: Display, pay: Pay, people: People, gate: Gate) -> None:
        self._display = display
        self._desk: Desk = pay.desk
        self._pay = pay
        self._people = people
        self._gate = gate
        self._turn: Callable[[BoxMode], None] = lambda _mode: None
        self._find: Callable[[str], None] = lambda _text: None
        self._leave: Callable[[], None] = lambda: None
        self._paid: Amount = ZERO
        display.listen(self)

    def lead(
        self, turn: Callable[[BoxMode], None], find: Callable[[str], None], leave: Callable[[], None]
    ) -> None:
        """Say how the box is turned to members, how it takes a text, and what Esc does."""
        self._turn, self._find, self._leave = turn, find, leave

    def tell(self) -> None:
        """Show the customer what goes on, if there is a screen for it."""
        if self._desk.shop.current.value.display.on:
            self._display.show(self.view())

    # -- what she sees -------------------------------------------------------------------------------------

    def view(self) -> CustomerView:
        """Return what she may know now."""
        desk = self._desk
        pay, done = self._pay.view(), self._gate.done
        if done is not None and not desk.cart.lines:
            return CustomerView(
                stage=CustomerStage.PAID, total=self._paid, change=done.change, may_type=False
            )
        lines = tuple(_line(line) for line in desk.priced.lines)
        stage = CustomerStage.CART if desk.cart.lines else CustomerStage.IDLE
        left = desk.priced.total
        if pay is not None:
            stage = {CHARGE: CustomerStage.WAIT, _SCAN: CustomerStage.SCAN}.get(pay.stage, CustomerStage.PAY)
            self._paid, left = desk.priced.total, pay.due
        ids = [line.line_id for line in desk.priced.lines]
        member = desk.member
        return CustomerView(
            stage=stage,
            lines=lines,
            current=ids.index(desk.current) if desk.current in ids else -1,
            total=desk.priced.total,
            off=desk.priced.reductions,
            open=left,
            given=tuple((tender.kind, tender.amount) for tender in desk.cart.tenders),
            takes_codes=self._pay.charges.there,
            member=None if member is None else CustomerMember(member.profile.name, member.phone),
            asked=self._people.asked,
            may_type=self._is_free and member is None,
        )

    @property
    def _is_free(self) -> bool:
        """Whether the counter can hear a phone: nothing is paid, asked or awaited."""
        return not (self._pay.open or self._pay.committing or self._desk.asks.open or self._desk.busy)

    # -- what she answers ----------------------------------------------------------------------------------

    def phone(self, number: str) -> bool:
        """Take her phone as if the cashier had typed it."""
        digits = "".join(each for each in number if each.isascii() and each.isdigit())
        if not self._is_free or not digits or len(digits) > LONGEST_PHONE:
            return False

        def act() -> None:
            self._turn("member")
            self._desk.box = digits
            self._find(digits)

        self._gate.intent(act)
        return True

    def agree(self) -> None:
        """Sign her up with the yes that she touched."""
        if self._is_free and self._people.offering:
            self._gate.enter(lambda: self._people.confirm(how="screen"))
            self._desk.show()

    def decline(self) -> None:
        """Take her no: nothing is kept of her number."""
        if self._is_free and self._people.offering:
            self._leave()
            self._desk.box = ""
            self._desk.show()


def _line(line: Line) -> CustomerLine:
    name = line.name or translate("sales.line.unnamed", code=line.barcode or "")
    if line.kind is LineKind.DEPOSIT:
        name = translate("tenders.line.deposit")
    off = Amount(sum(entry.amount for entry in line.reductions))
    return CustomerLine(name=name, quantity=line.quantity, unit=line.unit or "", amount=line.net, off=off)
