"""Words can be read and marks be seen, in both themes."""

import itertools
import json
import re
from importlib import resources

import pytest

from ui.kit.tokens import Theme, Tokens, tokens

GROUNDS = ("ground", "surface", "raised", "hover", "selected")
INKS = ("text", "muted", "danger", "warning", "success", "info", "gold_text")
TINTED = ("danger", "warning", "success", "info")
THEMES: tuple[Theme, ...] = ("light", "dark")


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself_is_right() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), list(itertools.product(INKS, ("ground", "surface", "raised"))))
def test_text_can_be_read(theme: Theme, ink: str, ground: str) -> None:
    made = tokens(theme)
    assert contrast(made.colour(ink), made.colour(ground)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["hover", "selected"])
def test_a_chosen_row_can_be_read(theme: Theme, ground: str) -> None:
    made = tokens(theme)
    for ink in ("text", "muted", "gold_text", "danger", "primary"):
        assert contrast(made.colour(ink), made.colour(ground)) >= 4.5, ink


@pytest.mark.parametrize("theme", THEMES)
def test_tinted_grounds_can_be_read(theme: Theme) -> None:
    made = tokens(theme)
    for name in TINTED:
        ground = made.colour(f"{name}_ground")
        assert contrast(made.colour(name), ground) >= 4.5, name
        assert contrast(made.text, ground) >= 4.5, name
    assert contrast(made.gold_text, made.gold_ground) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_the_act_of_a_page_can_be_read(theme: Theme) -> None:
    made = tokens(theme)
    for ground in (made.primary, made.primary_hover, made.primary_pressed):
        assert contrast(made.on_primary, ground) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_marks_can_be_seen(theme: Theme) -> None:
    made = tokens(theme)
    for mark in ("primary", "gold", "field_line", "danger", "warning", "success", "info"):
        for ground in ("ground", "surface", "raised"):
            assert contrast(made.colour(mark), made.colour(ground)) >= 3, (mark, ground)


def test_both_themes_name_the_same_tokens() -> None:
    file = json.loads(resources.files("resources").joinpath("styles", "tokens.json").read_text("utf-8"))
    names = set(Tokens.__slots__) - {"theme"}
    for theme in THEMES:
        assert set(file["colours"][theme]) == names


def test_the_style_sheet_names_no_colour_of_its_own() -> None:
    sheet = resources.files("resources").joinpath("styles", "shuke.qss").read_text("utf-8")
    assert not re.findall(r"#[0-9A-Fa-f]{6}\b", sheet)
