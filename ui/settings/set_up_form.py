"""What the first run asks, shows and is handed: the form, the state of the page, the doors behind it.

Decides shapes and defaults only. Qt-free.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from pos_app.domain.settings import Settings
from pos_app.services.ports.devices import Printer
from pos_app.services.ports.lane import Lane
from ui.settings.forms import NO_PRINTER

FoundPrinters = tuple[tuple[str, str], ...]
OwnerGiven = tuple[str, str, str]
"""Code, name, PIN."""


class SetUpWay(StrEnum):
    """How a data folder becomes a till: it founds a shop, or it joins one that a platform knows."""

    FOUND = "found"
    JOIN = "join"


@dataclass(frozen=True, slots=True)
class Arrived:
    """How much of what a till sells with came in, and of how much; `is_ready` once somebody can sell with it."""

    done: int
    total: int
    is_ready: bool = False


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A till that belongs to its merchant already, and was cut off before it could be worked."""

    settings: Settings
    platform: str


class JoiningTill(Protocol):
    """A till that is made aside, and moved in whole; all on the net lane.

    What is cut off leaves no shop behind; the next time it is the same till that goes on.
    """

    def unfinished(self) -> Unfinished | None:
        """Return the till that was cut off, if it needs no code any more."""
        ...

    def look(self, address: str) -> str:
        """Return the platform's address in full if one answers there; raises PlatformUnavailableError."""
        ...

    def enrol(self, settings: Settings, address: str, code: str) -> None:
        """Become one of the merchant's tills, or go on as one; raises PlatformUnavailableError."""
        ...

    def step(self) -> Arrived:
        """Take in some of what comes first; raises PlatformUnavailableError, NobodyYetError."""
        ...

    def move_in(self) -> None:
        """Put the till in its place: from now on the folder is a till."""
        ...

    def rest(self) -> None:
        """Let go of connection and books; the next `enrol` goes on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRun:
    """What the composition root hands to the page instead of a counter."""

    new_settings: Callable[[str], Settings]
    """Settings of a new shop of that name, with its ids, at their defaults."""
    found: Callable[[Settings, OwnerGiven], None]
    """Writes them; runs on the db lane."""
    finished: Callable[[], None]
    """The shop stands: open its till. GUI thread."""
    db: Lane
    device: Lane
    open_printer: Callable[[Settings], Printer]
    find_printers: Callable[[], FoundPrinters]
    language: str = "zh_CN"
    time_zone: str = ""
    """The machine's, if it is known."""
    net: Lane | None = None
    joining: JoiningTill | None = None
    """Without both of them only a new shop can be set up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What stands in the fields."""

    way: SetUpWay = SetUpWay.FOUND
    shop_name: str = ""
    shop_code: str = "N01"
    till_code: str = "1"
    platform: str = ""
    one_time_code: str = ""
    currency: str = "CNY"
    time_zone: str = "Asia/Shanghai"
    tax_included: bool = True
    tax_code: str = "13"
    code: str = "01"
    name: str = ""
    pin: str = ""
    pin_again: str = ""
    printer: str = NO_PRINTER
    address: str = ""
    """A printer's address, when it is typed."""
    paper_mm: int = 80
    language: str = "zh_CN"
    theme: str = "light"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a joining till is: words, and a bar while `total` is known; `can_cancel` until it is moved in."""

    words: str
    done: int = 0
    total: int = 0
    can_cancel: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The first-run page."""

    form: Form = field(default_factory=Form)
    errors: tuple[tuple[str, str], ...] = ()
    """Field and what is wrong with it, in the order of the page."""
    problem: str = ""
    notice: str = ""
    """What somebody who joins should know, and nothing is wrong with."""
    printers: FoundPrinters = ()
    test: str = ""
    """What the printer's self-test said."""
    test_failed: bool = False
    busy: bool = False
    progress: Progress | None = None
