"""Where the customer's screen stands: on the second screen, in a window, or nowhere; never over the till."""

import msgspec
import pytest

from pos_app.domain.display import PREVIEW, DisplaySettings, Where, check_display_settings, place
from pos_app.domain.errors import InvalidValueError

ON = DisplaySettings(on=True)


@pytest.mark.parametrize(
    ("settings", "screens", "where"),
    [
        (DisplaySettings(), ["A", "B"], (Where.NOWHERE, "")),
        (ON, ["A", "B"], (Where.WHOLE, "B")),
        (ON, ["B", "A"], (Where.WHOLE, "B")),
        (ON, ["A", "B", "C"], (Where.WHOLE, "B")),
        (ON, ["A"], (Where.NOWHERE, "")),
        (ON, [], (Where.NOWHERE, "")),
        (msgspec.structs.replace(ON, screen="C"), ["A", "B", "C"], (Where.WHOLE, "C")),
        (msgspec.structs.replace(ON, screen="C"), ["A", "B"], (Where.NOWHERE, "")),
        (msgspec.structs.replace(ON, screen="A"), ["A", "B"], (Where.NOWHERE, "")),
        (msgspec.structs.replace(ON, screen=PREVIEW), ["A"], (Where.PREVIEW, "")),
        (msgspec.structs.replace(ON, screen=PREVIEW), ["A", "B"], (Where.PREVIEW, "")),
    ],
)
def test_the_window_stands_where_it_was_set_and_never_on_the_tills_screen(
    settings: DisplaySettings, screens: list[str], where: tuple[Where, str]
) -> None:
    assert place(settings, screens, "A") == where


@pytest.mark.parametrize("seconds", [0, 2, 121, -8])
def test_a_picture_stays_neither_a_blink_nor_for_ever(seconds: int) -> None:
    with pytest.raises(InvalidValueError):
        check_display_settings(msgspec.structs.replace(ON, seconds=seconds))


def test_a_screen_speaks_no_language_that_the_till_does_not() -> None:
    with pytest.raises(InvalidValueError):
        check_display_settings(msgspec.structs.replace(ON, language="tlh"))
    for language in ("", "zh_CN", "zh_TW", "en"):
        check_display_settings(msgspec.structs.replace(ON, language=language))
