"""The gate that every intent of the sell page goes through, and the intents of Pay and of a question.

Decides when input counts: not while a payment is in flight, not as the second beat of a bouncing Enter; what comes
while an answer is awaited waits its turn; any input ends the show of the change.
"""

from collections.abc import Callable

from pos_app.domain.errors import ExpectedError
from pos_app.words import translate
from ui.sales.desk import Desk
from ui.sales.pay_presenter import Pay
from ui.sales.state import DoneView
from ui.shell.enter_gate import EnterGate
from ui.shell.wording import words_of


class Gate:
    """Lets intents in. `done` is the change of the sale just paid, until the next input of any kind."""

    def __init__(self, desk: Desk, in_flight: Callable[[], bool], forget_offer: Callable[[], None]) -> None:
        self._desk = desk
        self._in_flight = in_flight
        self._forget_offer = forget_offer
        self._enter = EnterGate(desk.now_ms)
        self.done: DoneView | None = None

    def touched(self) -> None:
        """Note that something other than Enter came in."""
        self._enter.touched()
        self.done = None

    def intent(self, act: Callable[[], None]) -> None:
        """Do what the cashier wants with a key or a click."""
        self._enter.touched()
        self._forget_offer()
        self._let_in(act)

    def enter(self, act: Callable[[], None]) -> None:
        """Do what Enter means, unless it is the second beat of the one before, or one more of the same volley."""
        if self._enter.lets_in():
            self._let_in(act)

    def _let_in(self, act: Callable[[], None]) -> None:
        if self._in_flight():
            return
        self.done = None
        self._desk.when_open(lambda: self._act(act))

    def _act(self, act: Callable[[], None]) -> None:
        # What was said of an earlier act is old news now.
        self._desk.hint = None
        try:
            act()
        except ExpectedError as error:
            self._desk.refuse(words_of(error, self._desk.currency))


class PageIntents:
    """The intents that lead to another page and leave what stands here as it is."""

    def __init__(self, desk: Desk, gate: Gate) -> None:
        self._desk = desk
        self._gate = gate

    def invoice(self) -> None:
        """Ctrl+I: ask for the invoice of the sale just paid, whose change stays; goods in the cart are paid first."""
        desk = self._desk
        if desk.cart.lines:
            self._gate.intent(lambda: desk.refuse(translate("sales.refuse.invoice_first")))
        else:
            desk.front.open_screen("invoices", {"last": True, "home": "sales"})


class AskIntents:
    """The intents of a question in place."""

    def __init__(self, desk: Desk, gate: Gate) -> None:
        self._desk = desk
        self._gate = gate

    def typed(self, text: str) -> None:
        """Follow the field."""
        self._gate.touched()
        self._desk.asks.typed(text)

    def enter(self, text: str) -> None:
        """Take Enter."""
        self._gate.enter(lambda: self._desk.asks.submit(text))

    def choose(self, place: int) -> None:
        """Choose one of the choices."""
        self._gate.intent(lambda: self._desk.asks.choose(place))

    def escape(self) -> None:
        """Give the question up."""
        self._gate.intent(self._desk.asks.close)


class PayIntents:
    """The intents of the Pay panel."""

    def __init__(self, pay: Pay, gate: Gate, takes_phone: Callable[[str], bool]) -> None:
        self._pay = pay
        self._gate = gate
        self._takes_phone = takes_phone

    def typed(self, text: str) -> None:
        """Follow the field."""
        if self._pay.typed(text):
            self._gate.touched()

    def enter(self, text: str) -> None:
        """Take Enter: a phone is a member as long as no money was given, anything else is money."""

        def act() -> None:
            if not self._takes_phone(text):
                self._pay.enter(text)

        self._gate.enter(act)

    def cash(self) -> None:
        """Take the typed amount, or all that is open, in cash."""
        self._gate.intent(self._pay.cash)

    def way(self, name: str) -> None:
        """Pay another way than cash: the typed amount, or all that is open."""
        self._gate.intent(lambda: self._pay.way(name))

    def offers(self, name: str) -> bool:
        """Whether the till has a way of paying."""
        return self._pay.offers(name)

    def choose(self, place: int) -> None:
        """Take one of the choices that a way of paying gives."""
        self._gate.intent(lambda: self._pay.choose(place))

    def quick(self, place: int) -> None:
        """Take an offered amount."""
        self._gate.intent(lambda: self._pay.quick(place))

    def step(self, step: int) -> None:
        """Mark another tender."""
        self._gate.intent(lambda: self._pay.step(step))

    def mark(self, place: int) -> None:
        """Mark a tender that was clicked."""
        self._gate.intent(lambda: self._pay.mark(place))

    def remove(self) -> None:
        """Take the marked tender off."""
        self._gate.intent(self._pay.remove)

    def back(self) -> None:
        """Go a step back."""
        self._gate.intent(self._pay.back)

    @property
    def box_is_empty(self) -> bool:
        """Whether nothing is typed, so that Del means the tender."""
        return self._pay.box_is_empty
