"""The money's part of the day: what is taken beside cash and cards, an invoice, and what the books say of it.

Decides the steps and what must be seen after each. `Money` is the cashier's; `Books` begins with the till going over
to the manager.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt

from tests.e2e.tour_guide import FORMULA, MANAGER, REGULAR, REGULAR_NAME, Guide, Key
from tests.e2e.tour_hands import CTRL, TourError

SHIFT = Qt.KeyboardModifier.ShiftModifier

PRICE, DEPOSIT, LEFT = "128.00", "500", "372.00"
"""A tin, what is left as a deposit, and what stands of it once a tin was paid with it."""
COMPANY, TAX_NUMBER = "Shiguang Trading", "91350100M000100Y43"
"""The number is the standard's own example (GB 32100-2015)."""
NOTES = {10_000: 56, 5_000: 1, 1_000: 1, 500: 1, 50: 1, 10: 4}
"""What lies in the drawer when the till goes over, by the value in fen: 5,665.90."""
SLIPS = {"card": "500", "static_code": "128", "voucher": "128"}
PIECES = (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10)
TABS = (
    ("papers", "Settings: receipts and papers"),
    ("mail", "Settings: letters"),
    ("limits", "Settings: who may do what"),
    ("tenders", "Settings: ways of paying and platforms of coupons"),
    ("wallets", "Settings: the wallets whose codes are taken"),
    ("invoices", "Settings: invoices"),
    ("display", "Settings: the customer's screen"),
    ("keys", "Settings: keys and sounds"),
)


class Money:
    """What a customer pays with beside cash and a card; each chapter begins on Sell and ends there."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        self._hands = guide.hands

    @property
    def chapters(self) -> tuple[Callable[[], None], ...]:
        """The chapters in the order of the day."""
        return (self.payment_code, self.printed_code, self.deposit, self.coupon, self.invoice)

    def payment_code(self) -> None:
        """The code on a phone pays with one action after F12."""
        hands, guide = self._hands, self._guide
        code = guide.payment_code("wechat_pay")
        self._pay()
        hands.press(Key.Key_F3)
        guide.look("pay-code", "The code on the customer's phone is waited for")
        hands.press(Key.Key_Escape)
        hands.scan(code, "sell_box")
        hands.sees("0.00", "change")
        guide.look("paid-by-code", "Paid by the code on a phone")
        guide.tell(f"{PRICE} was paid by the code on a phone: one scan after F12, no other key")

    def printed_code(self) -> None:
        """The customer paid to the printed code by herself; the cashier saw it arrive."""
        guide = self._guide
        self._other("1", ("pay-other", "Other ways of paying"))
        guide.look("pay-static", "The printed code: the end of the wallet's bill number is asked")
        self._done("a1b2")
        guide.tell("A payment to the printed code was seen by the cashier and noted with its number's end")

    def deposit(self) -> None:
        """A member leaves a deposit and pays a part of it another time."""
        hands, guide = self._hands, self._guide
        hands.say(REGULAR)
        hands.sees(REGULAR_NAME, "member_name")
        hands.press(Key.Key_B, CTRL, "ask_code")
        hands.type(DEPOSIT)
        guide.look("deposit", "A deposit: its sum is asked")
        hands.enter("ask_words")
        hands.say("bangle", "sell_box")
        guide.look("deposit-bill", "A deposit stands on a bill of its own")
        hands.press(Key.Key_F12, then="pay_box")
        self._done()
        hands.say(REGULAR)
        hands.sees(REGULAR_NAME, "member_name")
        self._other("2")
        guide.look("pay-deposit", "Her deposits, with what is left of each")
        self._done()
        guide.tell(f"A member left a deposit of {DEPOSIT}.00 and paid {PRICE} of it; {LEFT} is left")

    def coupon(self) -> None:
        """A platform's coupon pays."""
        hands, guide = self._hands, self._guide
        self._other("3")
        guide.look("pay-platform", "A coupon: of which platform")
        hands.enter()
        hands.say("4821 9930 1157")
        guide.look("pay-coupon", "What the coupon is worth")
        self._done()
        guide.tell(f"A platform's coupon paid {PRICE}")

    def invoice(self) -> None:
        """An invoice for a company, whose number is checked while it is typed."""
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_I, CTRL, "invoices_title")
        hands.type(COMPANY)
        hands.enter("invoices_tax_number")
        hands.type(TAX_NUMBER[:-1] + "4")
        guide.look("invoice-fault", "A tax number with a wrong last character")
        hands.press(Key.Key_Backspace)
        hands.type(TAX_NUMBER[-1])
        guide.look("invoice", "An invoice is asked for a company")
        hands.press(Key.Key_Return, CTRL, "sell_box")
        guide.tell("An invoice was asked for a company; a wrong tax number was told while it was typed")

    def _pay(self) -> None:
        self._hands.scan(FORMULA)
        self._hands.press(Key.Key_F12, then="pay_box")

    def _other(self, digit: str, picture: tuple[str, str] | None = None) -> None:
        self._pay()
        self._hands.press(Key.Key_F8)
        if picture is not None:
            self._guide.look(*picture)
        self._hands.type(digit)

    def _done(self, text: str = "") -> None:
        self._hands.type(text)
        self._hands.enter("sell_box")
        self._hands.sees("0.00", "change")


class Books:
    """What is counted, summed up, looked into and set; begins on whatever page, and the till is the manager's then."""

    def __init__(self, guide: Guide, manager_pin: Callable[[], str]) -> None:
        self._guide = guide
        self._hands = guide.hands
        self._pin = manager_pin

    @property
    def chapters(self) -> tuple[Callable[[], None], ...]:
        """The chapters in the order of the day but `settings` and `keys`, after which every page is dressed slowly."""
        return (self.hand_over, self.lists, self.daily_summary, self.leaks)

    def hand_over(self) -> None:
        """The drawer is counted by notes, the slips by their sums, and the manager takes the till over."""
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_6, CTRL, "shifts_panel")
        hands.press(Key.Key_F9, then="shifts_amount")
        hands.press(Key.Key_F8, then=f"shifts_piece_{PIECES[0]}")
        for value in PIECES:
            hands.at(f"shifts_piece_{value}")
            hands.type(str(NOTES.get(value, "")))
            hands.press_last(Key.Key_Return)
        for place in range(len(SLIPS)):
            hands.type(SLIPS[hands.settle_on("shifts_tender_").removeprefix("shifts_tender_")])
            if place == len(SLIPS) - 1:
                guide.look("hand-over-count", "The till goes over: counted by notes, and by tender")
            hands.press_last(Key.Key_Return)
        hands.at("shifts_panel")
        guide.look("hand-over-review", "What was counted is what the books say")
        hands.enter("shifts_taker_code")
        hands.say(MANAGER, "shifts_taker_pin")
        hands.type(self._pin())
        guide.look("hand-over", "Who takes over signs in")
        hands.enter("sell_box")
        guide.tell(
            "The till went over to the manager; its drawer was counted by notes and was right to the fen"
        )

    def lists(self) -> None:
        """The lists of payments by code and of invoices."""
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_P, CTRL | SHIFT, "payments_list_rows")
        hands.press(Key.Key_Down)
        guide.look("payments", "Payments by code, the one at hand beside them")
        hands.press(Key.Key_I, CTRL, "invoices_box")
        hands.press(Key.Key_Down)
        hands.sees(COMPANY)
        guide.look("invoices", "Invoices that were asked for")
        guide.tell("The payment and the request for an invoice stand in their lists")

    def daily_summary(self) -> None:
        """The day over all shifts and tills, on the screen and on paper."""
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_6, CTRL, "shifts_panel")
        hands.press(Key.Key_F7)
        guide.look("daily", "The daily summary")
        hands.press(Key.Key_F11)
        hands.press(Key.Key_Escape)
        guide.tell("The daily summary was printed")

    def leaks(self) -> None:
        """From the table of what may cost the shop down to one entry of the journal."""
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_7, CTRL, "leaks_heat")
        guide.look("leaks", "What may cost the shop, by person")
        hands.enter("leaks_list_rows")
        guide.look("leaks-list", "The entries of a cell")
        hands.enter("leaks_entry")
        guide.look("leaks-entry", "One entry, whole")
        hands.press(Key.Key_Escape, then="leaks_list_rows")
        hands.press(Key.Key_Escape, then="leaks_heat")
        guide.tell("The leak report was followed down to one entry")

    def settings(self) -> None:
        """Each tab of the settings, once around in each theme."""
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_9, CTRL, "settings_shop_name")
        for theme in guide.themes:
            guide.look_in(theme, "settings", "Settings: the shop and its staff")
            for name, words in TABS:
                self._next_tab(name)
                guide.look_in(theme, f"settings-{name}", words)
            self._next_tab("general")
        guide.tell(f"The settings and their {len(TABS)} other tabs were looked at")

    def _next_tab(self, name: str) -> None:
        hands = self._hands
        hands.press_last(Key.Key_PageDown, CTRL)
        hands.settle_on("")
        if not hands.is_on(f"settings_tab_{name}"):
            raise TourError(f"the tab {name} is not in front")

    def keys(self) -> None:
        """A key is changed for another and changed back."""
        hands, guide = self._hands, self._guide
        hands.press(Key.Key_PageUp, CTRL, "keys_search")
        hands.type("ctrl+n")
        guide.tab_to("keys_list_rows")
        hands.press(Key.Key_Down)
        hands.press(Key.Key_F2)
        hands.press(Key.Key_H, CTRL)
        hands.sees("Ctrl+H", "keys_list_rows")
        guide.look("keys-changed", "A key was changed")
        hands.press(Key.Key_Z, CTRL)
        hands.misses("Ctrl+H")
        guide.tell("A key was changed and changed back")
