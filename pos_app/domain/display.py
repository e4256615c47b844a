"""The second screen that faces the customer: whether there is one, where, and what it shows between two customers.

Decides what can be set and where the window stands; it shows nothing itself.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from pos_app.domain.errors import InvalidValueError

PREVIEW = "preview"
"""The screen's name of a window beside the till's, for a till with one screen."""
LANGUAGES = ("", "zh_CN", "zh_TW", "en")
"""What the screen speaks; "" is the till's language."""
LEAST_SECONDS, MOST_SECONDS = 3, 120


class DisplaySettings(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How the second screen is set.

    `screen` is the system's name of it; "" is whichever is not the till's own. `pictures` is a folder, shown between
    customers, each for so many `seconds`. `member` is whether the customer sees who the till takes her for.
    """

    on: bool = False
    screen: str = ""
    pictures: str = ""
    seconds: int = 8
    member: bool = True
    language: str = ""


def check_display_settings(settings: DisplaySettings) -> None:
    """Raise InvalidValueError for what no screen can be set to."""
    if not LEAST_SECONDS <= settings.seconds <= MOST_SECONDS:
        raise InvalidValueError(field="display_seconds", text=str(settings.seconds))
    if settings.language not in LANGUAGES:
        raise InvalidValueError(field="language", text=settings.language)


class Where(StrEnum):
    """How the window stands."""

    NOWHERE = "nowhere"
    PREVIEW = "preview"
    WHOLE = "whole"


def place(settings: DisplaySettings, screens: Sequence[str], own: str) -> tuple[Where, str]:
    """Return where the window stands among the screens that are plugged in, of which `own` shows the till.

    The till's own screen is never covered: a second screen that was unplugged is waited for.
    """
    if not settings.on:
        return Where.NOWHERE, ""
    if settings.screen == PREVIEW:
        return Where.PREVIEW, ""
    others = [name for name in screens if name != own]
    wanted = settings.screen or next(iter(others), "")
    return (Where.WHOLE, wanted) if wanted in others else (Where.NOWHERE, "")
