"""The sell page's presenter: every intent of the cashier, led to the part that knows it, and one State back.

Decides who hears an intent now: a question in place, Pay, a list, or the box. Qt-free; one method an intent. What
each part does stands in `goods`, `people`, `prices`, `holding` and `pay_presenter`.
"""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from pos_app.domain.values.ids import MemberId
from pos_app.domain.values.phone import is_mainland_mobile
from pos_app.words import translate
from ui.sales import views
from ui.sales.customer import Customer
from ui.sales.desk import Desk
from ui.sales.elsewhere import Elsewhere
from ui.sales.gate import AskIntents, Gate, PageIntents, PayIntents
from ui.sales.gold import GoldPrices
from ui.sales.goods import Goods, Scanned
from ui.sales.holding import Holding
from ui.sales.papers import PaperIntents
from ui.sales.pay_code import offer_code
from ui.sales.pay_people import PayPeople
from ui.sales.pay_presenter import Pay
from ui.sales.people import People
from ui.sales.ports import Surroundings
from ui.sales.prices import Prices
from ui.sales.searching import Searching
from ui.sales.state import BoxMode, DoneView, Hint, MemberView, State
from ui.sales.taking_deposits import TakingDeposits


class SalesPresenter:
    """Everything that the sell page does."""

    def __init__(self, around: Surroundings, on_change: Callable[[State], None]) -> None:
        self._on_change = on_change
        self._front = around.front
        self._desk = Desk(around, self._show)
        self._people = People(self._desk)
        self._gold = GoldPrices(self._desk)
        self._holding = Holding(self._desk, self._gold, self._forget)
        self._goods = Goods(self._desk, self._people, self._holding.recall_slip)
        self._elsewhere = Elsewhere(self._desk, self._people)
        self._goods.look_elsewhere = self._elsewhere.look
        self._searching = Searching(self._desk, self._goods, self._people, self._elsewhere)
        self._prices = Prices(self._desk, self._goods, self._gold)
        self._deposits = TakingDeposits(self._desk)
        self._pay = Pay(self._desk, self._paid)
        self._goods.offer_code = self._offer_code
        self._gate = Gate(self._desk, lambda: self._pay.committing, self._begin_anew)
        self._rows = views.Rows()
        self._customer = Customer(around.counter.display, self._pay, self._people, self._gate)
        self._customer.lead(self._turn, self._searching.enter, self.escape)
        self.question = AskIntents(self._desk, self._gate)
        self.pages = PageIntents(self._desk, self._gate)
        self.papers = PaperIntents(self._desk, around.counter)
        self.tenders = PayIntents(self._pay, self._gate, PayPeople(self._desk, self._pay, self._people).take)

    # -- state ---------------------------------------------------------------------------------------------

    def _show(self) -> None:
        self._on_change(self.state())
        self._customer.tell()

    def state(self) -> State:
        """Return what the page shows now."""
        desk = self._desk
        currency = desk.currency
        return State(
            rows=self._rows.of(desk.cart, desk.priced, currency),
            current=desk.place,
            totals=views.totals_of(desk.cart, desk.priced, currency),
            box=desk.box,
            mode=desk.mode,
            hint=desk.hint,
            listing=desk.lists.view(),
            ask=desk.asks.view(),
            member=self._member_view(),
            pay=self._pay.view(),
            done=self._gate.done,
            undo=self._goods.undo_words() if self.selling else "",
            unsaved=self._desk.unsaved,
            marks=views.marks_of(desk.cart, desk.shop.staff.everybody),
        )

    def _member_view(self) -> MemberView | None:
        member = self._desk.member
        return None if member is None else views.member_view(member, self._desk.shop.ringing.today())

    def _paid(self, done: DoneView) -> None:
        self._forget()
        self._gate.done = done

    def _begin_anew(self) -> None:
        """Forget what waits for an Enter or for an answer: something else is begun."""
        self._people.forget_offer()
        self._searching.forget()
        self._elsewhere.forget()

    def _forget(self) -> None:
        self._goods.forget_undo()
        self._begin_anew()

    # -- what comes in -------------------------------------------------------------------------------------

    @property
    def selling(self) -> bool:
        """Whether the keys of the sell page act: no question stands and Pay is closed."""
        return not self._desk.asks.open and not self._pay.open

    @property
    def paying(self) -> bool:
        """Whether the keys of Pay act."""
        return self._pay.open and not self._desk.asks.open

    @property
    def asking(self) -> bool:
        """Whether a question stands."""
        return self._desk.asks.open

    def flush(self) -> None:
        """Save what is not saved yet: the window closes."""
        self._desk.save()

    @property
    def in_flight(self) -> bool:
        """Whether a payment is being written: the window stays open meanwhile."""
        return self._pay.committing

    def opened(self, args: object = None) -> None:
        """Come to the front, with the member of `{"member": id}` at the counter if another page sends one."""
        self._pay.shift_looked_at()
        self._searching.forget()
        self._desk.when_open(self._people.look_again)
        sent = args.get("member") if isinstance(args, dict) else None
        member = self._desk.shop.members.get(MemberId(sent)) if isinstance(sent, UUID) else None
        if member is not None and not self._pay.charges.in_flight:
            self._desk.when_open(partial(self._people.attach, member))
        self._show()

    def start(self) -> None:
        """Take up the cart that was open when the till stopped; money already taken leads back to Pay."""
        self._desk.reopen()
        if (self._desk.cart.tenders or self._pay.charges.undecided) and self._pay.start():
            self._pay.charges.take_up()
        self._show()

    def scan(self, text: str) -> None:
        """Take a scan; refused with the tone, and nothing typed, wherever it could do harm."""
        if self._pay.committing or self._desk.asks.open or (self._pay.open and not self._pay.hears_scans):
            self._front.sound("refused")
            words = translate("sales.refuse.scan_now")
            if self._desk.asks.open:
                self._desk.asks.refuse(words)
            else:
                self._pay.refused(words)
            self._show()
            return
        # A search or a number to sign up is given up by a scan; what is typed in the open box stays.
        given_up = self._people.offering or self._desk.mode != "sell"
        self._gate.intent(
            lambda: self._scan_paying(text) if self._pay.open else self._scan_selling(text, given_up)
        )

    def _scan_selling(self, text: str, given_up: bool) -> None:
        desk = self._desk
        if given_up:
            desk.box = ""
        self._people.forget_offer()
        desk.lists.close()
        desk.mode = "sell"
        self._goods.scan(text)

    def _offer_code(self, code: str) -> bool:
        """Open Pay for a customer's code that was scanned at once; it is charged once the amount is confirmed."""
        if not self._pay.charges.there:
            return False
        self._desk.box = ""
        if not self._gold.settle() and self._pay.start():
            offer_code(self._pay, self._pay.charges, code)
        return True

    def _scan_paying(self, text: str) -> None:
        """Put goods on the bill, or a member, and open Pay again with what it comes to now.

        First asked are the ways of paying: what the customer shows may be money.
        """
        desk = self._desk
        if self._pay.scan(text):
            return
        before = desk.priced.total
        self._pay.close()
        with self._elsewhere.quiet():
            outcome = self._goods.scan(text, paying=True)
        if outcome in (Scanned.ASKED, Scanned.ELSEWHERE) or desk.priced.unsettled:
            return
        hint, desk.hint = desk.hint, None
        self._pay.start()
        if outcome is Scanned.REFUSED and hint is not None:
            self._pay.refused(hint.text)
        else:
            total = views.new_total_words(before, desk.priced.total, desk.currency)
            came = outcome is Scanned.MEMBER
            warned = f"{hint.text} {total}" if came and hint is not None and hint.tone == "warning" else ""
            self._pay.reopened(warned or views.member_words(desk.member if came else None, total))

    def typed(self, text: str) -> None:
        """Follow the box."""
        desk = self._desk
        if text == desk.box:
            return
        desk.box = text
        self._gate.touched()
        self._begin_anew()
        desk.hint = None
        self._leave_list()
        self._searching.follow(text)
        self._show()

    def submit(self, text: str) -> None:
        """Take Enter in the box."""
        if not self._searching.awaits(text):
            self._gate.enter(lambda: self._submit(text))

    def _submit(self, text: str) -> None:
        desk = self._desk
        desk.box = text
        if self._people.offering:
            self._people.confirm()
        elif desk.lists.marked:
            desk.lists.take()
        else:
            self._searching.enter(text)

    def step(self, step: int) -> None:
        """Go up or down: in the list if one stands or is awaited, else in the cart."""
        if self._searching.wait_to_step(step):
            self._gate.touched()
            return
        self._gate.intent(
            lambda: self._desk.lists.step(step) if self._desk.lists.open else self._desk.step(step)
        )

    def pick(self, place: int) -> None:
        """Click a row of the list."""

        def act() -> None:
            self._desk.lists.mark(place)
            self._desk.lists.take()

        self._gate.intent(act)

    def point(self, place: int) -> None:
        """Click a line of the cart."""

        def act() -> None:
            lines = self._desk.cart.lines
            if 0 <= place < len(lines):
                self._desk.current = lines[place].line_id

        self._gate.intent(act)

    def escape(self) -> None:
        """Leave what stands open: a list, a mode of the box, the words under it."""

        def act() -> None:
            desk = self._desk
            self._people.forget_offer()
            desk.mode, desk.hint = "sell", None
            self._leave_list()

        self._gate.intent(act)

    def _leave_list(self) -> None:
        """Close a list without a choice, and say what that leaves undecided."""
        words = self._desk.lists.leave()
        if words:
            self._desk.tell(words)

    def remove(self) -> None:
        """Del on an empty box: take the line at hand off, or in the member box the member."""
        member = self._desk.mode == "member"
        self._gate.intent(self._people.detach if member else self._goods.remove)

    def undo(self) -> None:
        """Put the removed line back."""
        self._gate.intent(self._goods.undo)

    def tick(self) -> None:
        """Let time pass: what could be undone cannot any more, and a cart that could not be saved is tried again."""
        if self._desk.unsaved:
            self._desk.try_again()
        self._show()

    def _turn(self, mode: BoxMode) -> None:
        desk = self._desk
        self._people.forget_offer()
        desk.lists.close()
        desk.mode, desk.box = mode, ""
        desk.hint = Hint(translate(f"sales.hint.{mode}"))

    def search(self) -> None:
        """F2: search goods as they are typed."""
        self._gate.intent(lambda: self._turn("search"))

    def find_member(self) -> None:
        """F9: find a member; with words in the box, by these."""

        def act() -> None:
            text = self._desk.box.strip()
            self._turn("member")
            if text:
                self._desk.box = text
                self._searching.enter(text)

        self._gate.intent(act)

    def sign_up(self) -> None:
        """F10: a new member; with a phone number in the box, that one."""

        def act() -> None:
            text = self._desk.box.strip()
            self._turn("sign_up")
            if is_mainland_mobile(text):
                self._people.enter_phone(text)

        self._gate.intent(act)

    def hold(self) -> None:
        """F3: put the cart aside."""
        self._gate.intent(self._holding.hold)

    def recall(self) -> None:
        """F4: take a held cart up."""
        self._gate.intent(self._holding.list_held)

    def line_price(self) -> None:
        """F5: discount or price of the line at hand."""
        self._gate.intent(self._prices.ask_line)

    def bill_price(self) -> None:
        """F6: discount, agreed total or round-off of the bill; in Pay as long as nothing was given."""
        if self._pay.open and not self._pay.takes_scans:
            self._front.sound("refused")
            return
        self._gate.intent(self._prices.ask_bill)

    def returns(self) -> None:
        """F7: the returns screen."""
        self._gate.intent(lambda: self._front.open_screen("returns"))

    def salespeople(self) -> None:
        """F8: who sold."""
        self._gate.intent(self._people.ask_salespeople)

    def reprint(self) -> None:
        """F11: the latest receipt again."""
        self._gate.intent(self._holding.reprint_last)

    def cancel(self) -> None:
        """Ctrl+Del: give the cart up."""
        self._gate.intent(self._holding.ask_cancel)

    def drawer(self) -> None:
        """Ctrl+D: open the drawer."""
        self._gate.intent(self._holding.ask_drawer)

    def note(self) -> None:
        """Ctrl+N: a note for the bill."""
        self._gate.intent(self._holding.ask_note)

    def paper(self) -> None:
        """Ctrl+P: print this receipt, or not."""
        self._gate.intent(self._holding.turn_paper)

    def deposit(self) -> None:
        """Ctrl+B: take a deposit."""
        self._gate.intent(self._deposits.ask)

    def pay(self) -> None:
        """F12: pay."""

        def act() -> None:
            if not self._pay.open:
                self._people.forget_offer()
                if not self._gold.settle():
                    self._pay.start()

        self._gate.intent(act)
