"""What the bundled font cannot draw is shown as its code point; nothing of a text can control a device."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from pos_app.documents.fonts import Coverage, coverage, font_path
from pos_app.documents.glyphs import drawable, drawable_lines

RARE = "镕祎赟喆堃婳垚䶮㛃"


@pytest.mark.parametrize("char", RARE)
def test_a_rare_name_is_kept_as_it_is(char: str) -> None:
    assert drawable(char) == char


def test_a_character_without_a_glyph_becomes_its_code_point() -> None:
    assert drawable("𠮷野家") == "[U+20BB7]野家"
    assert drawable("👍") == "[U+1F44D]"


def test_no_control_of_a_printer_survives_in_a_name() -> None:
    assert drawable("王\x1b@\x1dV\x00小\x10\x04满\x7f\x9b") == "王@V小满"


def test_a_name_cannot_turn_the_line_around_or_hide() -> None:
    assert drawable("a\u202eb\u200bc\ufeffd\u2066") == "abcd"


def test_tabs_and_line_ends_become_one_blank_each() -> None:
    assert drawable("a\tb\nc\u3000d") == "a b c\u3000d"
    assert drawable_lines("一\n二") == ["一", "二"]
    assert drawable_lines("") == [""]


def test_a_letter_and_its_accent_are_drawn_as_one() -> None:
    assert drawable("Cafe\u0301") == "Café"


@given(st.text())
def test_whatever_is_typed_the_font_draws_all_of_what_is_left(text: str) -> None:
    shown = drawable(text)
    assert all(ord(char) in coverage(False) and ord(char) in coverage(True) for char in shown)
    assert not any(unicodedata.category(char) == "Cc" for char in shown)
    assert drawable(shown) == shown


@pytest.mark.parametrize("bold", [False, True])
def test_the_coverage_is_what_freetype_finds_in_the_font(bold: bool) -> None:
    """A character without a glyph is drawn as .notdef, the box that U+10FFFF surely gets."""
    font = ImageFont.truetype(str(font_path(bold)), 24, layout_engine=ImageFont.Layout.BASIC)
    missing = bytes(font.getmask("\U0010ffff"))
    sample = [
        *range(0x21, 0x3000, 37),
        *range(0x3400, 0xA000, 211),
        *range(0x20000, 0x2FA20, 1009),
        *map(ord, RARE),
    ]
    boxes = {code for code in sample if bytes(font.getmask(chr(code))) == missing}
    assert boxes == {code for code in sample if code not in coverage(bold)}
    assert len(boxes) > 50


def test_ranges_are_looked_up_at_both_ends() -> None:
    ranges = Coverage([(5, 7), (10, 10)])
    assert [code for code in range(12) if code in ranges] == [5, 6, 7, 10]
    assert len(ranges) == 4
