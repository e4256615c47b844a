"""Every page of the till in a picture, looked at by the careful eye: `python -m tests.e2e.pages FOLDER`.

Chinese (both scripts) and English, light and dark, 1280×800, 1920×1080, and 1280×720 at 150 % (a 1920×1080 screen
scaled). The shop is the demo with a few bills, so that lists have rows. Exits with 1 when a page has something wrong.
Each language and scale is a process of its own: Qt takes the scale when it starts.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import msgspec
from PySide6.QtWidgets import QApplication

from pos_app.domain.sales.cart import add_line
from pos_app.domain.sales.tenders import TenderKind
from pos_app.domain.staff import Role
from pos_app.domain.values.money import Amount
from pos_app.services.demo_shop import demo_staff
from pos_app.services.ringing import Goods
from pos_app.words import LANGUAGES
from tests.e2e.tour_eyes import faults_of
from tests.e2e.tour_guide import FORMULA, GOLD
from tests.e2e.tour_hands import Hands
from tests.e2e.tour_shop import TourTill
from ui.kit.tokens import Theme
from ui.settings.tabs import SettingsTabs
from ui.shell.screens import ScreenId

THEMES: tuple[Theme, ...] = ("light", "dark")
SIZES = {"1": ((1280, 800), (1920, 1080)), "1.5": ((1280, 720),)}
"""Sizes of the window in its own pixels, by the scale of the screen."""
SETTINGS = ScreenId("settings")


class Pages:
    """One till in one language at one scale."""

    def __init__(self, folder: Path, home: Path, language: str, scale: str) -> None:
        self._folder, self._language, self._scale = folder, language, scale
        self.at = TourTill(home, language)
        self.faults: list[str] = []
        self.taken = 0

    def run(self) -> None:
        """Open the till, sign the owner in, and look at every page."""
        self.at.start()
        try:
            self._busy()
            hands = Hands(self.at.shell, self.at.clock, self.at.settle)
            shell = self.at.shell
            for theme in THEMES:
                shell.set_theme(theme)
                self._look("staff", theme)
            code, pin = next((code, pin) for code, _, role, pin, _ in demo_staff() if role is Role.OWNER)
            hands.at("sign_in_code")
            hands.say(code, "sign_in_pin")
            hands.say(pin, "sell_box")
            # Dressing a window anew takes the time: each theme once, over all pages.
            for theme in THEMES:
                shell.set_theme(theme)
                for name in self._pages():
                    self._look(name, theme)
        finally:
            self.at.close()

    def _busy(self) -> None:
        """Sell, give back, hold: lists have rows then."""
        shop = self.at.shop
        code, pin = next((code, pin) for code, _, role, pin, _ in demo_staff() if role is Role.OWNER)
        owner = shop.staff.sign_in(code, pin)
        shop.shifts.open(owner, Amount(50_000))
        sales = []
        for goods in ((FORMULA, GOLD), (FORMULA,), (FORMULA,)):
            cart = shop.carts.new()
            for each in goods:
                found = shop.ringing.meaning(each)
                assert isinstance(found, Goods)
                cart = add_line(cart, found.line)[0]
            total = shop.checkout.price(cart).total
            tender = shop.checkout.tender(TenderKind.CASH, Amount(total))
            sales.append(shop.checkout.commit(owner, msgspec.structs.replace(cart, tenders=(tender,))).sale)
        first = sales[0]
        preview = shop.returns.preview(
            first.sale_id, {first.lines[0].line_id: first.lines[0].quantity}, "does not fit"
        )
        shop.returns.give_back(owner, preview)
        shop.shifts.open_drawer(owner, "change")
        shop.staff.sign_out(owner)

    def _pages(self) -> Iterator[str]:
        """Open each page and each tab of the settings; yield its name."""
        shell = self.at.shell
        for screen in shell.navigation.screens():
            if screen.placement == "full":
                continue
            shell.navigation.open(screen.id)
            page = shell.page(screen.id)
            assert page is not None
            yield screen.id
            if isinstance(page, SettingsTabs):
                for tab in page.names()[1:]:
                    page.turn_to(tab)
                    yield f"{screen.id}-{tab}"
                page.turn_to(page.names()[0])

    def _look(self, name: str, theme: Theme) -> None:
        shell = self.at.shell
        self.at.rest()
        for width, height in SIZES[self._scale]:
            shell.resize(width, height)
            for _ in range(3):
                QApplication.processEvents()
            scaled = "" if self._scale == "1" else f"@{self._scale}"
            file = f"{name}-{self._language}-{theme}-{width}x{height}{scaled}.png"
            if not shell.grab().save(str(self._folder / file)):
                raise OSError(f"cannot write {file}")
            self.taken += 1
            for fault in faults_of(shell, self._language, self.at.own_words):
                self.faults.append(f"{file}: {fault}")


def take(folder: Path, language: str, scale: str) -> int:
    """Take the pictures of one language at one scale; return how many things are wrong."""
    app = QApplication.instance() or QApplication(["shuke"])
    with tempfile.TemporaryDirectory(prefix="shuke-pages-", ignore_cleanup_errors=True) as place:
        pages = Pages(folder, Path(place) / "demo", language, scale)
        pages.run()
    for fault in pages.faults:
        print(f"WRONG: {fault}", flush=True)
    print(f"{language} at {scale}: {pages.taken} pictures, {len(pages.faults)} things wrong", flush=True)
    app.processEvents()
    return min(len(pages.faults), 100)


def take_all(folder: Path, languages: Sequence[str], scales: Sequence[str]) -> int:
    """Take all pictures, each language and scale in a process of its own; return an exit status."""
    folder.mkdir(parents=True, exist_ok=True)
    wrong = 0
    for scale in scales:
        for language in languages:
            command = [sys.executable, "-m", "tests.e2e.pages", str(folder), "--part", "--language", language]
            env = os.environ | {"QT_SCALE_FACTOR": scale}
            wrong += subprocess.run([*command, "--scale", scale], env=env, check=False).returncode != 0
    return 1 if wrong else 0


def main(arguments: list[str] | None = None) -> int:
    """Take the pictures; return an exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.e2e.pages", description="Every page in a picture.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", choices=tuple(LANGUAGES))
    parser.add_argument("--scale", choices=tuple(SIZES))
    parser.add_argument("--part", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.part:
        return min(take(chosen.folder, chosen.language, chosen.scale), 1)
    languages = (chosen.language,) if chosen.language else tuple(LANGUAGES)
    return take_all(chosen.folder, languages, (chosen.scale,) if chosen.scale else tuple(SIZES))


if __name__ == "__main__":
    sys.exit(main())
