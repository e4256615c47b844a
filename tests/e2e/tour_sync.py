"""Two tills become one record, in key events: found, join, a member found elsewhere, a clash at the sync desk.

Decides the steps and what must be seen after each. The platform is a real process; its line is cut by ending it. One
window listens to all keys of a process, so the tills are open one after the other; what the first has not sent when it
is closed, `shuke sync --once` sends.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.e2e.tour_guide import QUESTION, Guide, Key
from tests.e2e.tour_hands import CTRL, TourError
from ui.demo_platform import PlatformBeside

ADA = ("13700001111", "Ada Wong")
CLASH, HERE, THERE = "13700002222", "Ben Zhao", "Bea Zhao"
"""Invented. The second phone is given by two people on one day, in two shops, with no line between them."""
OWNER, OWNER_PIN = "01", "680816"
"""Whom the first run made."""
WORDS = {
    "zh_CN": {"synced": "已同步", "offline": "离线", "settled": "已处理", "back": "已撤回"},
    "en": {"synced": "In sync", "offline": "Offline", "settled": "Settled:", "back": "Taken back"},
}
SYNC_ONCE = (sys.executable, "-c", "import sys; from ui.cli import main; sys.exit(main(['sync', '--once']))")
SENT_S = 60


class TourPlatform:
    """The platform, its process started and ended as the tour goes; it comes back where it listened."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._beside = PlatformBeside(folder)
        self.address = ""

    def start(self) -> None:
        """Start it; raise TourError when another program took its port meanwhile."""
        self._beside = PlatformBeside(self._folder)
        before, self.address = self.address, self._beside.start()
        if before not in ("", self.address):
            raise TourError(f"the platform was at {before} and is at {self.address}")

    def code(self) -> str:
        """Make a one-time code, as its owner does."""
        return self._beside.code()

    def stop(self) -> None:
        """End it."""
        self._beside.stop()


class Synced:
    """What a person does at the sync page and with members, at whichever till."""

    def __init__(self, guide: Guide, platform: TourPlatform) -> None:
        self.guide, self.hands, self.platform = guide, guide.hands, platform
        self._words = WORDS[guide.language]

    def enrol(self, way: Key, picture: tuple[str, str]) -> None:
        """Type address and code, choose a way, agree, and wait until all is exchanged."""
        hands = self.hands
        hands.press(Key.Key_0, CTRL, "sync_address")
        hands.say(self.platform.address, "sync_code")
        hands.type(self.platform.code())
        hands.press(way)
        self.guide.look(*picture)
        hands.press(Key.Key_Return, CTRL, QUESTION)
        hands.enter("sync_nothing")
        self.light_only("synced")

    def light(self, word: str) -> None:
        """Wait until the light on the status bar says so."""
        self.hands.sees(self._words[word], "status_sync")

    def light_only(self, word: str) -> None:
        """Wait until the light says so and nothing else, such as what is still to be settled."""
        self.hands.reads(rf"^{self._words[word]}$", "status_sync")

    def note(self, word: str) -> None:
        """Wait until the desk says what was done."""
        self.hands.sees(self._words[word], "sync_note")

    def sign_up(self, phone: str, name: str) -> None:
        """Sign up a member on the members page."""
        hands = self.hands
        hands.press(Key.Key_2, CTRL, "members_box")
        hands.press(Key.Key_F10, then="members_phone")
        hands.type(phone)
        self.guide.tab_to("members_agreed")
        hands.press(Key.Key_Space)
        self.guide.tab_to("members_name")
        hands.type(name)
        hands.press(Key.Key_Return, CTRL, "members_box")
        hands.sees(name)

    def both_versions(self) -> None:
        """Wait until the item at the desk shows both names."""
        for name in (HERE, THERE):
            self.hands.sees(name, "sync_side_says")


def found(synced: Synced) -> None:
    """The first till founds its merchant and signs a member up, and another one while the platform is away."""
    synced.platform.start()
    synced.enrol(Key.Key_F3, ("sync-enrol", "A till founds its merchant on a platform, with a one-time code"))
    synced.guide.look("sync-page", "How sync is, and the sync desk with nothing on it")
    synced.guide.tell("The till founded its merchant on a platform; the light says that all is sent")
    synced.sign_up(*ADA)
    synced.light("synced")
    synced.platform.stop()
    synced.sign_up(CLASH, THERE)
    synced.light("offline")
    synced.guide.tell("One member was sent at once, the other waits: the platform is away")


def join(synced: Synced) -> None:
    """The second till joins, finds whom the first signed up, and signs up a phone that the first has, too."""
    hands, (phone, name) = synced.hands, ADA
    hands.at("sign_in_code")
    hands.say(OWNER, "sign_in_pin")
    hands.say(OWNER_PIN, "shifts_amount")
    synced.platform.start()
    synced.enrol(Key.Key_F4, ("sync-join", "A second till joins, with a code of its own"))
    hands.press(Key.Key_2, CTRL, "members_box")
    hands.type(phone)
    hands.reads(name, "members_list_rows")
    hands.press(Key.Key_Down)
    hands.sees(name)
    synced.guide.look("member-joined", "A member of the first shop, found by phone in the second")
    synced.guide.tell("A second till joined, and found by phone who signed up at the first")
    hands.press(Key.Key_Escape)
    synced.platform.stop()
    synced.sign_up(CLASH, HERE)
    synced.light("offline")
    synced.guide.tell("Without the platform both tills signed up one phone, under two names")


def settle(synced: Synced, send_first: Callable[[], None]) -> None:
    """All is sent: the clash stands at the desk, is merged with one key, and the merge is taken back."""
    hands, guide = synced.hands, synced.guide
    hands.press(Key.Key_0, CTRL, "sync_nothing")
    synced.platform.start()
    hands.press(Key.Key_F5)
    synced.light_only("synced")
    send_first()
    hands.at("sync_items_rows")
    synced.both_versions()
    guide.look("sync-desk", "The sync desk: one phone, two names, both versions")
    hands.press(Key.Key_F6, then="sync_nothing")
    synced.note("settled")
    hands.press(Key.Key_F3, then="sync_items_rows")
    synced.light_only("synced")
    hands.sees(HERE, "sync_side_says")
    guide.look("sync-settled", "Merged with one key; it can be taken back")
    hands.press(Key.Key_Z, CTRL)
    synced.note("back")
    synced.both_versions()
    synced.light("synced")
    guide.tell("The clash stood at the sync desk, was merged with one key, and the merge was taken back")


def send_once(folder: Path) -> None:
    """Send what waits at a till that is closed, with `shuke sync --once`; raise TourError when it does not go."""
    environment = os.environ | {"SHUKE_HOME": str(folder), "SHUKE_KEY_STORE": "file"}
    done = subprocess.run(
        SYNC_ONCE,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=SENT_S,
        check=False,
    )
    if done.returncode:
        raise TourError(f"shuke sync --once: {done.stdout.decode(errors='replace')}")
