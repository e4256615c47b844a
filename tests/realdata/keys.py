"""Ring a basket by real key events into the real window.

Decides which keys a cashier strikes for a basket, and what she waits to see before she goes on.
"""

from PySide6.QtCore import Qt

from tests.realdata.chain import Basket, Rung
from tests.realdata.counter import REASON, RingError
from tests.realdata.shop import OWNER_CODE, OWNER_PIN, RingShop
from tests.realdata.window import TillWindow

ENTER, PAY, LINE_PRICE = Qt.Key.Key_Return, Qt.Key.Key_F12, Qt.Key.Key_F5


class KeyCounter:
    """A cashier at the keyboard, with a scanner."""

    def __init__(self, ring: RingShop) -> None:
        self._window = TillWindow(ring.home, ring.shop, ring.clock)
        self._window.sign_in(OWNER_CODE, OWNER_PIN)
        self._keys = self._window.keys
        self.signed_up = 0

    def ring(self, basket: Basket) -> None:
        """Ring one basket and pay it in cash; raise RingError when the till disagrees."""
        self._member(basket.phone)
        for count, rung in enumerate(basket.lines, start=1):
            self._line(rung, count)
        window = self._window
        total = sum(line.regular - line.off for line in basket.lines)
        if window.state().totals.due != total:
            raise RingError(f"basket {basket.basket_id} comes to {window.state().totals.due}, not {total}")
        self._keys.press(PAY)
        window.until(lambda: window.state().pay is not None, "Pay is not open")
        self._keys.press(ENTER)
        window.until(lambda: window.state().done is not None, f"basket {basket.basket_id} is not paid")

    def close(self) -> None:
        """Close the till."""
        late = self._window.close()
        if late:
            raise RingError(f"lanes did not end: {late}")

    def _member(self, phone: str) -> None:
        """Type the phone; at the first visit the consent is read out, and Enter again is the customer's yes."""
        window = self._window
        self._keys.type(phone)
        self._keys.press(ENTER)
        if window.state().member is not None:
            return
        # A second Enter at once would be taken for a bouncing key: the customer is asked in between.
        window.pause()
        self._keys.press(ENTER)
        window.until(lambda: window.state().member is not None, f"{phone} is not signed up")
        self.signed_up += 1

    def _line(self, rung: Rung, count: int) -> None:
        """Scan, type the price, and take off what the source takes off."""
        window, keys = self._window, self._keys
        if rung.count != 1:
            keys.type(f"{rung.count}*")
        keys.scan(rung.barcode)
        window.until(lambda: window.state().ask is not None, f"no price is asked for {rung.barcode}")
        keys.type(_money(rung.unit) if rung.unit is not None else f"={_money(rung.regular)}")
        keys.press(ENTER)
        if rung.regular == 0:
            keys.type(REASON)
            keys.press(ENTER)
        window.until(lambda: len(window.state().rows) == count, f"{rung.barcode} is not on the counter")
        if rung.off:
            keys.press(LINE_PRICE)
            keys.type(f"-{_money(rung.off)}")
            keys.press(ENTER)
            window.until(lambda: bool(window.state().rows[-1].details), f"{rung.barcode} is not reduced")


def _money(cents: int) -> str:
    """Write an amount as it is typed."""
    return f"{cents // 100}.{cents % 100:02d}"
