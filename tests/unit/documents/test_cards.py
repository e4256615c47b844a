"""A member card: inside its cut, readable by people and scanners, and each back behind its front."""

import re
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pos_app.documents.card import CardFace, CardSide, Disc, card_back, card_front
from pos_app.documents.card_themes import LEVELS, NO_LEVEL, CardTheme, contrast, own_theme, theme_of
from pos_app.documents.fitting import FINE, Setting
from pos_app.documents.layout import Run, Stamp
from pos_app.documents.renderers.card_pdf import render_card_sheets, render_cards
from pos_app.documents.renderers.card_raster import preview_card
from pos_app.documents.renderers.pdf_ink import advance
from pos_app.documents.sheets import (
    A4_HEIGHT_UM,
    A4_WIDTH_UM,
    BLEED_UM,
    CARD_HEIGHT_UM,
    CARD_WIDTH_UM,
    SAFE_UM,
    card_places,
    crop_marks,
)
from pos_app.domain.cards import grouped, make
from pos_app.domain.errors import InvalidValueError
from tests.support.scanner_eye import blurred, codes, pdf_pages, pdf_text

SETTING = Setting(FINE, advance)
NUMBER = make("20481357902468")
NAMES = ["普通会员", "银卡", "金卡", "铂金卡", "黑钻卡"]
FACES = {
    "no_level": CardFace(shop="舒客母婴 · 南京路店", member="王小满", number=NUMBER, contact="025-8888 0000"),
    "rare": CardFace(shop="舒客珠宝", member="欧阳𠮷祥", number=make("0" * 14), level=2, level_name="银卡"),
    "forty": CardFace(
        shop="舒客" * 20, member="陈" * 40, number=make("9" * 14), level=5, level_name="黑钻卡"
    ),
    "latin": CardFace(
        shop="Shuke Mother & Baby, Nanjing Road West Flagship Store",
        member="Maria-Fernanda Oliveira da Conceicao",
        number="VIP-2019-000123",
        colour="#F2C14E",
        contact="hello@example.invalid",
        language="en",
    ),
    "wide": CardFace(
        shop="W" * 60,
        member="W" * 40,
        number="1" * 24,
        level=3,
        level_name="Gold " * 9,
        language="en",
    ),
    "short": CardFace(shop="S", member="李", number="7", colour="#000000", language="en"),
}
EVERY = pytest.mark.parametrize("face", FACES.values(), ids=FACES)
SIDES = pytest.mark.parametrize("setter", [card_front, card_back])


@EVERY
def test_every_code_of_a_card_is_read_at_200_dpi_out_of_focus(face: CardFace) -> None:
    front, back = pdf_pages(render_cards([face]))
    assert codes(blurred(front)) == [("QR Code", face.number)]
    assert codes(blurred(back)) == [("Code 128", face.number)]


def test_the_ten_cards_of_a_sheet_are_read_at_200_dpi_out_of_focus() -> None:
    faces = [_numbered(at) for at in range(13)]
    pages = pdf_pages(render_card_sheets(faces))
    assert [len(codes(blurred(page))) for page in pages] == [10, 10, 3, 3]
    for page, chunk in zip(pages, (faces[:10], faces[:10], faces[10:], faces[10:]), strict=True):
        assert {text for _, text in codes(blurred(page))} == {face.number for face in chunk}


def _numbered(at: int) -> CardFace:
    level = at % 6
    return CardFace(
        shop="舒客母婴",
        member=f"会员{at}",
        number=make(f"{at:014d}"),
        level=level or None,
        level_name=NAMES[level - 1] if level else None,
    )


@EVERY
def test_the_card_on_the_screen_has_the_code_of_the_card_and_round_corners(face: CardFace) -> None:
    with Image.open(BytesIO(preview_card(face))) as picture:
        assert picture.size == (704, 443) and picture.mode == "RGBA"
        inside = picture.getchannel("A")
        assert [inside.getpixel(at) for at in ((0, 0), (703, 0), (0, 442), (352, 221))] == [0, 0, 0, 255]
        assert [text for _, text in codes(picture.convert("L"))] == [face.number]


def test_a_card_page_is_the_card_with_three_millimetres_of_bleed_and_says_where_to_cut() -> None:
    content = render_cards([FACES["no_level"]])
    boxes = {
        name.decode(): [float(value) * 25.4 / 72 for value in values.split()]
        for name, values in re.findall(rb"/(MediaBox|TrimBox|BleedBox) \[\s*([0-9. ]+?)\s*\]", content)
    }
    assert boxes["MediaBox"] == pytest.approx([0, 0, 91.6, 59.98], abs=0.01)
    assert boxes["BleedBox"] == pytest.approx([0, 0, 91.6, 59.98], abs=0.01)
    assert boxes["TrimBox"] == pytest.approx([3, 3, 88.6, 56.98], abs=0.01)
    assert content == render_cards([FACES["no_level"]])


@EVERY
@SIDES
def test_words_and_codes_stay_four_millimetres_inside_the_cut(face: CardFace, setter: type[CardSide]) -> None:
    safe = FINE.of(SAFE_UM)
    right, bottom = FINE.of(CARD_WIDTH_UM) - safe, FINE.of(CARD_HEIGHT_UM) - safe
    side = setter(face, SETTING)
    for painted in side.painted:
        what = painted.what
        if isinstance(what, Run):
            wide = SETTING.width(what.text, what.pixels, what.bold)
            box = what.x, what.baseline - what.pixels * 88 // 100, what.x + wide, what.baseline
        elif isinstance(what, Stamp):
            high = len(what.rows) * what.row_height
            box = what.x, what.y, what.x + len(what.rows[0]) * what.module, what.y + high
        else:
            continue
        assert box[0] >= safe and box[1] >= safe and box[2] <= right + 1 and box[3] <= bottom, what


@SIDES
@EVERY
def test_no_two_texts_of_a_card_lie_on_each_other(face: CardFace, setter: type[CardSide]) -> None:
    boxes = []
    for painted in setter(face, SETTING).painted:
        what = painted.what
        if isinstance(what, Run):
            wide = SETTING.width(what.text, what.pixels, what.bold)
            boxes.append((what.x, what.baseline - what.pixels * 80 // 100, what.x + wide, what.baseline))
    assert len(boxes) >= 4
    for at, one in enumerate(boxes):
        for other in boxes[:at]:
            apart = one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
            assert apart, (one, other)


def test_the_ground_bleeds_over_every_edge() -> None:
    front, back = pdf_pages(render_cards([FACES["no_level"]]))
    for page in (front, back):
        assert page.getpixel((2, 2)) == page.getpixel((page.width - 3, 2)) or page is front
        assert page.getpixel((2, 2)) != (255, 255, 255)
    assert front.getpixel((2, front.height - 3)) != (255, 255, 255)


@EVERY
def test_a_card_says_the_shop_the_member_and_the_number_in_groups(face: CardFace) -> None:
    front, back = pdf_text(render_cards([face]))
    assert grouped(face.number) in front and grouped(face.number) in back
    if face.member == "欧阳𠮷祥":
        assert "欧阳[U+20BB7]祥" in front
    if face.member == "陈" * 40:
        assert front.count("陈") == 40
    if face.contact:
        assert face.contact in back


@pytest.mark.parametrize(("language", "word"), [("zh_CN", "会员卡"), ("en", "Member card")])
def test_a_card_without_a_level_is_called_a_member_card(language: str, word: str) -> None:
    face = CardFace(shop="舒客", member="王小满", number=NUMBER, language=language)
    assert all(word in text for text in pdf_text(render_cards([face])))
    gold = CardFace(shop="舒客", member="王小满", number=NUMBER, level=3, level_name="Au", language=language)
    assert all(word not in text and "Au" in text for text in pdf_text(render_cards([gold])))


@pytest.mark.parametrize(
    "theme",
    [NO_LEVEL, *LEVELS, *(own_theme(c) for c in ("#000000", "#FFFFFF", "#777777", "#B8336A", "#F2C14E"))],
)
def test_every_colour_of_a_text_is_read_on_everything_below_it(theme: CardTheme) -> None:
    for ground in (theme.ground, theme.shape, theme.shape_far):
        for text in (theme.text, theme.quiet, theme.accent):
            assert contrast(text, ground) >= 4.5, (text, ground)


@given(st.integers(0, 0xFFFFFF))
def test_any_colour_of_a_shop_gives_a_card_that_is_read(colour: int) -> None:
    theme = own_theme(f"#{colour:06X}")
    for ground in (theme.ground, theme.shape, theme.shape_far):
        assert min(contrast(text, ground) for text in (theme.text, theme.quiet, theme.accent)) >= 4.5
    assert len({theme.ground, theme.shape, theme.shape_far}) == 3


def test_the_five_levels_and_none_have_colours_of_their_own() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert len({theme_of(level) for level in (None, 1, 2, 3, 4, 5)}) == 6
    assert theme_of(None, "#123456").ground == "#123456" and theme_of(2, "#123456") == LEVELS[1]


@pytest.mark.parametrize(
    ("level", "colour"), [(0, ""), (6, ""), (None, "red"), (None, "#12345"), (None, "#12345G")]
)
def test_a_level_or_colour_that_is_none_is_refused(level: int | None, colour: str) -> None:
    with pytest.raises(InvalidValueError):
        theme_of(level, colour)


@pytest.mark.parametrize("number", ["", "会员一号", "A" * 49, "A" * 48])
def test_a_number_that_no_card_can_carry_is_refused(number: str) -> None:
    with pytest.raises(InvalidValueError):
        render_cards([CardFace(shop="舒客", member="王小满", number=number)])


def test_each_back_lies_behind_its_front_when_the_sheet_is_turned_over_its_long_edge() -> None:
    for front, back in zip(card_places(10), card_places(10, mirrored=True), strict=True):
        assert back.x == A4_WIDTH_UM - front.x - front.width and back.y == front.y


def test_crop_marks_point_at_every_cut_and_touch_no_bleed() -> None:
    cards = card_places(10)
    left = min(card.x for card in cards) - BLEED_UM
    right = max(card.x + card.width for card in cards) + BLEED_UM
    top, bottom = min(card.y for card in cards) - 1_000, max(card.y + card.height for card in cards) + 1_000
    marks = crop_marks()
    assert {m.x for m in marks if m.width == 0} == {e for c in cards for e in (c.x, c.x + c.width)}
    assert {m.y for m in marks if m.height == 0} == {e for c in cards for e in (c.y, c.y + c.height)}
    for mark in marks:
        assert mark.x >= 4_000 and mark.x + mark.width <= A4_WIDTH_UM - 4_000
        assert mark.y >= 4_000 and mark.y + mark.height <= A4_HEIGHT_UM - 4_000
        outside = mark.x + mark.width < left or mark.x > right if mark.height == 0 else False
        assert outside or mark.y + mark.height < top or mark.y > bottom


def test_the_shapes_of_a_card_are_round_and_within_reach_of_the_bleed() -> None:
    discs = [p.what for p in card_front(FACES["no_level"], SETTING).painted if isinstance(p.what, Disc)]
    assert len(discs) == 2 and all(disc.radius > FINE.of(20_000) for disc in discs)
