"""Colours and sizes by name, read from ``resources/styles/tokens.json``.

Decides which theme's tokens a painter sees now. Does not decide how they look on a widget: the style sheet is
made in ``ui.shell.theme``, which also calls ``use``.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Literal, cast

Theme = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme as ``#RRGGBB`` (``shade`` as ``#AARRGGBB``)."""

    theme: Theme
    ground: str
    surface: str
    raised: str
    hover: str
    selected: str
    line: str
    line_strong: str
    field_line: str
    text: str
    muted: str
    disabled: str
    primary: str
    primary_hover: str
    primary_pressed: str
    on_primary: str
    gold: str
    gold_text: str
    danger: str
    warning: str
    success: str
    info: str
    danger_ground: str
    warning_ground: str
    success_ground: str
    info_ground: str
    gold_ground: str
    shade: str

    def colour(self, name: str) -> str:
        """Return the colour of a token by its name."""
        return cast(str, getattr(self, name))


@dataclass(frozen=True, slots=True)
class Sizes:
    """Lengths in device-independent pixels."""

    grid: int
    radius: int
    radius_card: int
    secondary: int
    body: int
    emphasis: int
    title: int
    total: int
    due: int
    rail: int
    row: int
    touch: int
    status: int


@lru_cache(maxsize=1)
def _file() -> dict[str, dict[str, dict[str, str]]]:
    text = resources.files("resources").joinpath("styles", "tokens.json").read_text("utf-8")
    return cast("dict[str, dict[str, dict[str, str]]]", json.loads(text))


def tokens(theme: Theme) -> Tokens:
    """Return the colours of a theme."""
    return Tokens(theme=theme, **_file()["colours"][theme])


@lru_cache(maxsize=1)
def sizes() -> Sizes:
    """Return the lengths, the same in every theme."""
    return Sizes(**cast("dict[str, int]", _file()["sizes"]))


_current: list[Tokens] = []


def current() -> Tokens:
    """Return the colours that painters use now; light until a theme is applied."""
    if not _current:
        _current.append(tokens("light"))
    return _current[0]


def use(theme: Theme) -> Tokens:
    """Make a theme the current one and return it."""
    _current[:] = [tokens(theme)]
    return _current[0]
