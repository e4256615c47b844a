"""The colours of member cards: one theme for each of the five levels, one for a card without a level, and a shop's own.

Decides which colours stand together so that every text is read (contrast of 4.5 : 1 and more, WCAG 2.2, 1.4.3). Does
not decide where they stand on the card.
"""

import re
from dataclasses import dataclass

from pos_app.domain.errors import InvalidValueError

_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
LEAST_CONTRAST = 4.5


@dataclass(frozen=True, slots=True)
class CardTheme:
    """Colours as #RRGGBB: the ground, two shapes on it, text, quieter text, and one accent for the level.

    Text, quiet text and accent are read on the ground and on both shapes.
    """

    ground: str
    shape: str
    shape_far: str
    text: str
    quiet: str
    accent: str


NO_LEVEL = CardTheme("#0B5F4F", "#0A5547", "#094B3F", "#FFFFFF", "#CFE6DF", "#F0D9A8")
"""The green of the product: complete without a level."""

LEVELS = (
    CardTheme("#2B4A66", "#27435D", "#223B52", "#FFFFFF", "#D3DEE8", "#BFD7EC"),
    CardTheme("#D5DADF", "#DCE0E5", "#E4E8EC", "#1F262D", "#434D57", "#37424D"),
    CardTheme("#E2C383", "#E8CC92", "#EDD6A5", "#33230A", "#55400F", "#5E3F08"),
    CardTheme("#3A4048", "#333940", "#2C3138", "#FFFFFF", "#D5DADF", "#E6E3DC"),
    CardTheme("#15161D", "#1D1F29", "#262935", "#F7F3EA", "#C9C4B8", "#E3BE78"),
)
"""Levels one to five: blue, silver, gold, platinum, black."""


def theme_of(level: int | None, own: str = "") -> CardTheme:
    """Return the theme of a level (1-5), or of a card without one in the shop's own colour if it has one.

    `own` is #RRGGBB or "". Raises InvalidValueError for another level or a colour that is none.
    """
    if level is not None:
        if not 1 <= level <= len(LEVELS):
            raise InvalidValueError(field="level", text=str(level))
        return LEVELS[level - 1]
    return own_theme(own) if own else NO_LEVEL


def own_theme(ground: str) -> CardTheme:
    """Return a theme on a ground: shapes a little off it, text in whichever of white and ink is read better.

    A middling ground, on which neither is read, is made a little darker or lighter. Raises InvalidValueError for what
    is no #RRGGBB.
    """
    if not _COLOUR.fullmatch(ground):
        raise InvalidValueError(field="colour", text=ground)
    dark = contrast("#FFFFFF", ground) >= contrast("#14171A", ground)
    text, away = ("#FFFFFF", "#000000") if dark else ("#14171A", "#FFFFFF")
    while not _read(text, ground):
        ground = mixed(ground, away, 6)
    # On a very dark or very light ground there is no room away from the text, and much towards it.
    towards = text if contrast(text, ground) > 2 * LEAST_CONTRAST else away
    shape, far = mixed(ground, towards, 7), mixed(ground, towards, 14)
    tones = (mixed(text, ground, part) for part in (25, 15, 8))
    quiet = next((tone for tone in tones if all(_read(tone, below) for below in (ground, shape, far))), text)
    return CardTheme(ground, shape, far, text, quiet, text)


def _read(text: str, ground: str) -> bool:
    return contrast(text, ground) >= LEAST_CONTRAST


def mixed(one: str, other: str, percent: int) -> str:
    """Return a colour moved towards another by a share of 0 to 100 per cent."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{(a * (100 - percent) + b * percent + 50) // 100:02X}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 3294.6 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
