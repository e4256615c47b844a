"""What every part of the tour is given, the demo shop's goods and people, and how a person signs in.

Decides which of them the day meets; see `resources/demo`. Knows no step.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt

from tests.e2e.tour_hands import Hands, TourError
from ui.kit.tokens import Theme

Key = Qt.Key

FORMULA, FORMULA_CASE, NEXT_FORMULA = "6931201000176", "6931201000244", "6931201000312"
GOLD, NEXT_GOLD = "GD26110001", "GD26110013"
UNKNOWN = "XK20260007"
REGULAR, REGULAR_NAME, NEWCOMER = "13800001234", "王小满", "13900005678"
CASHIER, MANAGER = "03", "02"
QUESTION = "question"
"""What has the focus while a question stands over the page."""
JUJUBES, LONGAN = "00101", "00102"


def _no_phone(wallet: str) -> str:
    raise TourError(f"nobody here has {wallet}")


@dataclass(frozen=True, slots=True)
class Guide:
    """What the steps are given: hands on the window, somebody who takes pictures, somebody who listens."""

    hands: Hands
    look: Callable[[str, str], None]
    """Take a picture in each theme: a name, and what it shows."""
    themes: Sequence[Theme]
    """The themes that pictures are taken in."""
    look_in: Callable[[Theme, str, str], None]
    """Take one in a theme, where many pages are walked through once in each."""
    tell: Callable[[str], None]
    """Say a step as a sentence."""
    language: str
    """What the window speaks."""
    paper_out: Callable[[bool], None]
    """Take the roll out of the printer, or put it back."""
    folder: Path
    """Where files may be written that go into the shop."""
    save_as: Callable[[str], None]
    """Choose the album as the place, under a name, whenever the till asks where a file goes."""
    rest: Callable[[], None]
    """Wait until the books and the printers are at rest."""
    payment_code: Callable[[str], str] = _no_phone
    """Return the code that a customer of a wallet shows now."""

    def tab_to(self, place: str) -> None:
        """Go from field to field with Tab, as often as it takes; raise TourError when it never comes."""
        for _ in range(20):
            if self.hands.tab() == place:
                return
        raise TourError(f"Tab never comes to {place}")

    def sign_in(self, code: str, then: str) -> None:
        """Sign in with the PIN on the demo's page."""
        pin = self.pin_of(code)
        self.hands.say(code, "sign_in_pin")
        self.hands.say(pin, then)

    def pin_of(self, code: str) -> str:
        """Return the PIN that the demo's page shows of somebody."""
        return self.hands.reads(r"\d{6}", f"sign_in_person_{code}")


def check_digit(code: str) -> str:
    """Return an EAN-13 with its check digit."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(code))
    return code + str(-total % 10)


def weighed(item: str, grams: int) -> str:
    """Return the code that a scale prints."""
    return check_digit(f"21{item}{grams:05d}")
