"""A day at the till, in key events: what a cashier and her manager do, and what the window must answer.

Decides the steps and what must be seen after each. Amounts are those of the demo shop; see `resources/demo`.
"""

from collections.abc import Callable

from pos_app.words import LANGUAGES
from tests.e2e.tour_guide import (
    CASHIER,
    FORMULA,
    FORMULA_CASE,
    GOLD,
    JUJUBES,
    LONGAN,
    MANAGER,
    NEWCOMER,
    NEXT_FORMULA,
    QUESTION,
    REGULAR,
    REGULAR_NAME,
    UNKNOWN,
    Guide,
    Key,
    weighed,
)
from tests.e2e.tour_hands import CTRL, TourError
from tests.e2e.tour_money import Books, Money
from tests.e2e.tour_office import Office


class FirstRun:
    """The first run of a new till: an empty folder becomes a shop."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide

    def run(self) -> None:
        """Fill in what has no default, and open."""
        hands, guide = self._guide.hands, self._guide
        hands.at("set_up_shop_name")
        hands.type("Corner Shop")
        guide.tab_to("set_up_language")
        hands.press(Key.Key_Home)
        for _ in range(list(LANGUAGES).index(guide.language)):
            hands.press(Key.Key_Down)
        for field in ("code", "name", "pin", "pin_again"):
            guide.tab_to(f"set_up_{field}")
            hands.type({"code": "01", "name": "Chen"}.get(field, "680816"))
        guide.look("set-up", "First run: a shop in a minute")
        hands.press_last(Key.Key_Return, CTRL)
        guide.tell("An empty folder became a shop")


class Day:
    """One day; each method is a chapter, `receipt` the number of the first sale."""

    def __init__(self, guide: Guide, one_record: Callable[[], None]) -> None:
        """`one_record` is the chapter at the platform, taken before the evening."""
        self._guide = guide
        self._hands = guide.hands
        self._one_record = one_record
        self.receipt = ""
        self.manager_pin = ""

    def run(self) -> None:
        """Walk through the day."""
        books = Books(self._guide, lambda: self.manager_pin)
        for chapter in (
            self.sign_in_and_open,
            self.first_cart,
            self.second_cart,
            self.third_cart,
            self.return_and_copy,
            self.approved_discount,
            *Money(self._guide).chapters,
            self.members,
            self.goods,
            self.printer,
            *books.chapters,
            *Office(self._guide).chapters,
            self._one_record,
            books.settings,
            books.keys,
            self.close,
        ):
            chapter()

    # -- morning -------------------------------------------------------------------------------------------

    def sign_in_and_open(self) -> None:
        """Sign in with the PIN of the demo's page; open the shift."""
        hands = self._hands
        hands.at("sign_in_code")
        self._guide.look("sign-in", "Sign in: names, code, PIN")
        self.manager_pin = self._guide.pin_of(MANAGER)
        self._guide.sign_in(CASHIER, "shifts_amount")
        self._guide.tell(f"Cashier {CASHIER} signed in with the PIN on the demo's page")
        self._guide.look("shift-open", "Open the shift with a float")
        hands.say("500", "sell_box")
        self._guide.tell("The shift is open with a float of 500.00")
        self._guide.look("sell-empty", "Sell, nothing on the counter")

    # -- first cart ----------------------------------------------------------------------------------------

    def first_cart(self) -> None:
        """Scans, a repeated scan, a weighed piece, an unknown code, a scale code; cash with change."""
        hands, guide = self._hands, self._guide
        hands.scan(FORMULA)
        hands.scan(FORMULA)
        self._cart(1, "256.00")
        guide.tell("The same tin scanned twice is one line of two")
        hands.scan(GOLD)
        self._cart(2, "3,390.40")
        guide.tell("A bracelet of 3.260 g was scanned: metal and labour stand apart")
        self._half_the_labour()
        hands.say(UNKNOWN)
        self._cart(3, UNKNOWN)
        guide.look("sell-unknown", "A code that the catalogue lacks stays as a red line")
        hands.press(Key.Key_F12)
        guide.tell("Pay is refused while a code is unknown")
        hands.press(Key.Key_F5, then="ask_code")
        hands.say("19.90", "sell_box")
        guide.tell("The unknown code is sold at 19.90")
        hands.scan(weighed(JUJUBES, 750))
        self._cart(4, "48.00")
        guide.tell("A scale code rang 750 g of jujubes: 48.00")
        guide.look("sell", "Sell, a cart in use")
        self._search()
        hands.press(Key.Key_F12, then="pay_box")
        guide.look("pay", "Pay")
        hands.say("4000", "sell_box")
        hands.sees("331.34", "change")
        self.receipt = hands.reads(r"[A-Z0-9]+-[A-Z0-9]+-\d{4}-\d+", "")
        guide.tell(f"Paid 4,000.00 in cash, change 331.34: receipt {self.receipt}")
        guide.look("change", "The change stays until the next input")

    def _cart(self, lines: int, holds: str) -> None:
        rows = self._hands.rows("cart_rows")
        if len(rows) != lines or not any(holds in row for row in rows):
            raise TourError(f"the cart should have {lines} lines and hold {holds!r}: {rows}")

    def _half_the_labour(self) -> None:
        """Labour at 5 折: the golden case, 3,390.40 − 45.64 = 3,344.76."""
        hands = self._hands
        hands.press(Key.Key_F5, then="ask_code")
        hands.press(Key.Key_F2)
        hands.type("50%")
        hands.sees("3,344.76", "ask_under")
        self._guide.look("price", "The price panel: labour at 5 折, seen before Enter")
        hands.enter("sell_box")
        self._cart(2, "−¥45.64")
        self._guide.tell("Its labour at 5 折 makes 3,344.76, within the cashier's limit")

    def _search(self) -> None:
        hands = self._hands
        hands.press(Key.Key_F2)
        hands.type("jiezhi")
        hands.reads(r"\d+", "list_count")
        self._guide.look("search", "Search by pinyin")
        self._guide.tell("F2 and jiezhi listed the rings")
        hands.press(Key.Key_Escape)
        hands.press(Key.Key_Escape)

    # -- second cart ---------------------------------------------------------------------------------------

    def second_cart(self) -> None:
        """A member, a case, a discount within limits, a scan in Pay, card and cash."""
        hands, guide = self._hands, self._guide
        hands.say(REGULAR)
        hands.sees(REGULAR_NAME, "member_name")
        guide.tell("A member typed by phone is on the bill")
        hands.scan(FORMULA_CASE)
        self._cart(1, "12")
        hands.press(Key.Key_F6, then="ask_code")
        hands.say("98%", "sell_box")
        guide.tell("2 % off the bill, within the cashier's limit")
        hands.press(Key.Key_F12, then="pay_box")
        before = hands.reads(r"[\d,]+\.\d\d", "pay_due")
        hands.scan(NEXT_FORMULA)
        after = hands.reads(r"[\d,]+\.\d\d", "pay_due")
        if before == after:
            raise TourError(f"Pay still says {before} after a scan")
        self._cart(2, "122.00")
        guide.tell(f"A tin scanned in Pay went on the bill: {before} became {after}")
        guide.look("pay-again", "Pay opened again with the new total")
        hands.type("500")
        hands.press(Key.Key_F2)
        guide.look("card-reference", "Card: its slip's reference is asked")
        hands.say("A00421")
        hands.sees("A00421")
        guide.look("part-paid", "A part is paid by card, the rest is open")
        hands.enter("sell_box")
        hands.sees("0.00", "change")
        guide.tell("500.00 by card with its reference, the rest in cash")

    # -- third cart ----------------------------------------------------------------------------------------

    def third_cart(self) -> None:
        """A newcomer signs up at the counter; hold, recall, round-off, exact cash."""
        hands, guide = self._hands, self._guide
        hands.say(NEWCOMER)
        hands.sees("139 0000 5678", "hint")
        guide.look("sign-up", "Nobody has this number: the consent is read out, Enter signs it up")
        hands.enter()
        hands.sees("5678", "member_phone")
        guide.tell("A newcomer signed up with thirteen keys")
        hands.scan(weighed(LONGAN, 333))
        self._cart(1, "26.51")
        hands.press(Key.Key_F3)
        self._empty()
        hands.press(Key.Key_F4)
        guide.look("held", "Held carts")
        hands.enter()
        self._cart(1, "26.51")
        guide.tell("The cart was held and recalled")
        hands.press(Key.Key_F6, then="ask_code")
        hands.say(".", "sell_box")
        hands.sees("26.00", "due")
        hands.press(Key.Key_F12, then="pay_box")
        hands.enter("sell_box")
        hands.sees("0.00", "change")
        guide.tell("26.51 was rounded off to 26.00 and paid exactly")

    def _empty(self) -> None:
        if self._hands.rows("cart_rows"):
            raise TourError(f"the counter should be empty: {self._hands.rows('cart_rows')}")

    # -- return --------------------------------------------------------------------------------------------

    def return_and_copy(self) -> None:
        """Take one line of the first sale back by its receipt; print the last receipt again."""
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_F7, then="returns_box")
        guide.look("returns", "Sales of this till")
        hands.scan(self.receipt, "returns_lines_rows")
        guide.look("return", "A sale opened by its receipt")
        hands.press(Key.Key_Space)
        hands.press(Key.Key_F2)
        guide.look("return-chosen", "What comes back, why, and the money")
        hands.press(Key.Key_F12, then="returns_box")
        hands.sees("256.00")
        guide.look("returned", "The money goes back")
        guide.tell("The two tins came back: 256.00 in cash")
        hands.press(Key.Key_Escape)
        hands.press(Key.Key_1, CTRL, "sell_box")
        hands.press(Key.Key_F11)
        guide.tell("The last receipt was printed again, marked as a copy")

    # -- approval ------------------------------------------------------------------------------------------

    def approved_discount(self) -> None:
        """A discount beyond the cashier's limit: the manager's PIN."""
        hands, guide = self._hands, self._guide
        hands.scan(FORMULA)
        hands.press(Key.Key_F6, then="ask_code")
        hands.say("80%", "ask_words")
        guide.look("reason", "A reason, by one key")
        hands.press(Key.Key_F1, then="approval_code")
        guide.look("approval", "The manager's yes, over the page")
        hands.type(MANAGER)
        hands.enter("approval_pin")
        hands.say(self.manager_pin, "sell_box")
        hands.sees("102.40", "due")
        guide.tell("20 % off took the manager's PIN")
        hands.press(Key.Key_F12, then="pay_box")
        hands.enter("sell_box")
        hands.sees("0.00", "change")

    # -- other pages ---------------------------------------------------------------------------------------

    def members(self) -> None:
        """Find a regular by four digits, see her page, begin a sign-up."""
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_2, CTRL, "members_box")
        guide.look("members", "The regulars")
        hands.type("1234")
        hands.press(Key.Key_Down)
        guide.look("member", "A member's page")
        hands.press(Key.Key_F10, then="members_phone")
        hands.type("1390000567")
        guide.look("member-new", "Signing up a member")
        hands.press(Key.Key_Escape, then=QUESTION)
        guide.look("question", "Leaving asks only when something would be lost")
        hands.enter("members_box")
        guide.tell("A regular was found by the last four digits")

    def goods(self) -> None:
        """Browse the catalogue."""
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_3, CTRL, "catalogue_box")
        guide.look("catalogue", "The goods")
        hands.type("xianglian")
        hands.press(Key.Key_Down)
        guide.look("goods", "One article, with its pieces")
        guide.tell("The catalogue was searched by pinyin")

    def printer(self) -> None:
        """Look at the printer, well and out of paper; help."""
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_8, CTRL, "devices_test")
        guide.look("devices", "The printer is well")
        guide.paper_out(True)
        hands.press(Key.Key_F2)
        guide.look("paper-out", "The printer is out of paper")
        guide.paper_out(False)
        hands.press(Key.Key_F5)
        hands.press(Key.Key_1, CTRL, "sell_box")
        hands.press(Key.Key_F1, then="help")
        guide.look("help", "Help: the keys that act now")
        hands.press(Key.Key_Escape, then="sell_box")
        guide.tell("The printer ran out of paper, was filled, and help was shown")

    # -- evening -------------------------------------------------------------------------------------------

    def close(self) -> None:
        """The manager prints X, counts, gives a reason, closes, signs out."""
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_6, CTRL, "shifts_panel")
        guide.look("shift", "The open shift")
        hands.press(Key.Key_F4)
        guide.look("shift-x", "X: the shift so far")
        hands.press(Key.Key_F11)
        guide.tell("The manager printed X")
        self._count()
        hands.press(Key.Key_L, CTRL, "sign_in_code")
        guide.tell("Everybody is signed out")

    def _count(self) -> None:
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_F12, then="shifts_amount")
        hands.press(Key.Key_F8, then="shifts_piece_10000")
        hands.type("42")
        guide.look("shift-count", "The drawer is counted blind, by notes and coins")
        hands.press(Key.Key_F8, then="shifts_amount")
        hands.say("5000", "shifts_reason")
        guide.look("shift-review", "What was counted does not fit: a reason")
        hands.type("miscounted change")
        hands.enter("shifts_panel")
        guide.look("shift-closed", "Closed, with Z")
        guide.tell("The shift was closed with a count, a variance and its reason")
