"""Price tags and labels: what may shrink shrinks, what may not does not, whatever the size."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.documents.fitting import FINE, ROLL, NoRoomError, Setting
from pos_app.documents.labels import Face, JewelleryFace, LabelFace, roll_items, sheet_items
from pos_app.documents.layout import Box, Item, Run, Stamp
from pos_app.documents.page import Paper
from pos_app.documents.renderers import pdf_ink, raster
from pos_app.documents.renderers.label_pdf import render_sheets
from pos_app.documents.renderers.label_raster import label_page, render_label
from pos_app.documents.sheets import A4_HEIGHT_UM, A4_WIDTH_UM, ROLLS, SHEETS, SheetStartError, places
from pos_app.domain.errors import InvalidValueError
from pos_app.domain.values.money import Amount
from pos_app.words import speaking, translate
from tests.support.scanner_eye import pdf_pages, pdf_text
from tests.unit.documents.label_samples import EXTREME, FACES, GOODS, TAG, shop_name

HEAD, OFFICE = Setting(ROLL, raster.advance), Setting(FINE, pdf_ink.advance)
EVERY = pytest.mark.parametrize("face", FACES.values(), ids=FACES)
ON_ROLLS = pytest.mark.parametrize("roll", ROLLS)
ON_SHEETS = pytest.mark.parametrize("sheet", SHEETS)


def _box(item: Item, setting: Setting) -> tuple[float, float, float, float]:
    if isinstance(item, Run):
        wide = setting.width(item.text, item.pixels, item.bold)
        return item.x, item.baseline - item.pixels * 74 // 100, item.x + wide, item.baseline
    if isinstance(item, Stamp):
        high = len(item.rows) * item.row_height
        return item.x, item.y, item.x + len(item.rows[0]) * item.module, item.y + high
    return item.x, item.y, item.x + item.width, item.y + item.height


def _check(items: tuple[Item, ...], size: tuple[int, int], setting: Setting) -> None:
    """Everything is on the label, no text lies on another or in a code's quiet zone, every module is wide enough."""
    boxes = [(item, _box(item, setting)) for item in items if not isinstance(item, Box)]
    for at, (item, (left, top, right, bottom)) in enumerate(boxes):
        assert left >= 0 and top >= 0 and right <= size[0] + 0.5 and bottom <= size[1], item
        quiet_x = quiet_y = 0
        if isinstance(item, Stamp):
            square = len(item.rows) > 1
            assert item.module >= setting.grid.least_module >= 2
            quiet_x, quiet_y = (4 if square else 10) * item.module, 4 * item.module if square else 0
            assert left >= quiet_x and right + quiet_x <= size[0]
            assert top >= quiet_y and bottom + quiet_y <= size[1]
        for other, box in boxes[:at] + boxes[at + 1 :]:
            apart = (
                box[2] <= left - quiet_x + 0.5
                or box[0] >= right + quiet_x - 0.5
                or box[3] <= top - quiet_y
                or box[1] >= bottom + quiet_y
            )
            assert apart, (item, other)


@EVERY
@ON_ROLLS
def test_a_label_of_a_roll_holds_together(face: Face, roll: str) -> None:
    form = ROLLS[roll]
    items = _set_or_none(face, roll)
    if items is not None:
        _check(items, (ROLL.of(form.width_um), ROLL.of(form.height_um)), HEAD)


def _set_or_none(face: Face, roll: str) -> tuple[Item, ...] | None:
    """Goods on a jewellery tag are refused when they do not fit; everything else must fit everywhere."""
    try:
        return roll_items(face, ROLLS[roll], HEAD)
    except InvalidValueError:
        assert isinstance(face, LabelFace) and ROLLS[roll].is_tag
        return None


@EVERY
@ON_SHEETS
def test_a_label_of_a_sheet_holds_together(face: Face, sheet: str) -> None:
    form = SHEETS[sheet]
    _check(sheet_items(face, form, OFFICE), (FINE.of(form.label.width), FINE.of(form.label.height)), OFFICE)


@EVERY
@ON_ROLLS
def test_a_price_stands_whole_on_every_label(face: Face, roll: str) -> None:
    items = _set_or_none(face, roll)
    if items is None or face.price is None:
        return
    joined = "|".join(item.text for item in items if isinstance(item, Run)).replace("¥|", "¥")
    price = f"¥{face.price // 100:,}.{face.price % 100:02d}"
    assert price in joined
    if isinstance(face, LabelFace) and face.former_price is not None:
        former = f"¥{face.former_price // 100:,}.{face.former_price % 100:02d}"
        assert former in joined and any(isinstance(item, Box) for item in items)


def test_a_former_price_is_struck_through_its_middle() -> None:
    items = roll_items(GOODS, ROLLS["roll_50x30"], HEAD)
    (line,) = [item for item in items if isinstance(item, Box)]
    (former,) = [item for item in items if isinstance(item, Run) and item.text == "¥458.00"]
    assert line.x == pytest.approx(former.x, abs=1)
    assert line.width == pytest.approx(HEAD.width(former.text, former.pixels), abs=1)
    assert former.baseline - former.pixels * 70 // 100 < line.y < former.baseline


def test_a_long_name_takes_two_lines_and_ends_in_an_ellipsis() -> None:
    face = replace(GOODS, name="有机棉婴儿连体衣" * 20)
    items = roll_items(face, ROLLS["roll_40x30"], HEAD)
    name = [item.text for item in items if isinstance(item, Run) and "有机" in item.text]
    assert 1 <= len(name) <= 2 and name[-1].endswith("…")


@given(
    st.text(max_size=60),
    st.text(max_size=40),
    st.tuples(st.integers(0, 10**9), st.integers(0, 10**9) | st.none()),
    st.text("ABC123-", min_size=1, max_size=20),
    st.sampled_from(["roll_30x20", "roll_40x30", "roll_60x40"]),
)
@settings(max_examples=60, deadline=None)
def test_any_name_price_and_code_that_a_label_takes_is_set_without_touching(
    name: str, spec: str, prices: tuple[int, int | None], code: str, roll: str
) -> None:
    price, former = prices
    face = replace(
        GOODS,
        name=name,
        spec=spec,
        price=Amount(price),
        former_price=None if former is None else Amount(former),
        code=code,
        barcode="",
    )
    form = ROLLS[roll]
    _check(roll_items(face, form, HEAD), (ROLL.of(form.width_um), ROLL.of(form.height_um)), HEAD)


def test_an_ean_is_set_as_an_ean_and_a_wrong_one_as_code_128() -> None:
    def rows(code: str) -> int:
        items = roll_items(replace(GOODS, barcode=code), ROLLS["roll_60x40"], HEAD)
        (stamp,) = [item for item in items if isinstance(item, Stamp)]
        return len(stamp.rows[0])

    assert rows("6901234567892") == 95
    assert rows("6901234567893") != 95 and rows("69012345") != 95


def test_a_piece_without_a_fixed_price_says_how_it_is_priced() -> None:
    for language, words in (("zh_CN", "今日金价计价"), ("en", "At today's gold price")):
        face = replace(TAG, price=None, language=language)
        for roll in ("tag_68x26", "tag_72x10", "roll_40x30"):
            texts = [item.text for item in roll_items(face, ROLLS[roll], HEAD) if isinstance(item, Run)]
            assert words in " ".join(texts)


@pytest.mark.parametrize("roll", ["tag_68x26", "tag_72x10"])
def test_a_tag_keeps_its_tail_white_and_its_sides_apart(roll: str) -> None:
    form = ROLLS[roll]
    ends = max(area.x + area.width for area in form.panels)
    for item in roll_items(TAG, form, HEAD):
        left, top, right, bottom = _box(item, HEAD)
        inside = [
            area
            for area in form.panels
            if ROLL.of(area.x) <= left
            and right <= ROLL.of(area.x + area.width) + 0.5
            and ROLL.of(area.y) <= top
            and bottom <= ROLL.of(area.y + area.height)
        ]
        assert len(inside) == 1 and right <= ROLL.of(ends) + 0.5, item


@pytest.mark.parametrize("roll", ["tag_68x26", "tag_72x10", "roll_40x30"])
def test_a_tag_says_no_weight_that_nobody_weighed_and_leaves_no_hole_before_one(roll: str) -> None:
    def said(name: str) -> list[Run]:
        return [item for item in roll_items(FACES[name], ROLLS[roll], HEAD) if isinstance(item, Run)]

    texts = {
        name: " ".join(run.text for run in said(name)) for name in FACES if isinstance(FACES[name], type(TAG))
    }
    assert "0.000" not in texts["no_weight"] and "净重" not in texts["no_weight"]
    assert "Gross 9.870 g" in texts["only_gross"] and "Net" not in texts["only_gross"]
    alone = next(run for run in said("no_fineness") if run.text.startswith("净重"))
    assert alone.x == next(run for run in said("no_fineness") if run.text.startswith("18K")).x


def test_a_tag_says_all_that_the_trade_asks_for() -> None:
    texts = " ".join(item.text for item in roll_items(TAG, ROLLS["tag_68x26"], HEAD) if isinstance(item, Run))
    for words in (
        "18K金莫桑石项链",
        "Au750",
        "净重 3.260 g",
        "工费 ¥28.00/g",
        "GIC2026112300456",
        "G18K00012345",
    ):
        assert words in texts
    assert "1,299.00" in texts


@pytest.mark.parametrize("code", ["A" * 120, "码" * 60])
def test_a_code_that_no_size_can_carry_is_refused(code: str) -> None:
    with pytest.raises(InvalidValueError):
        render_label(replace(GOODS, barcode=code), ROLLS["roll_30x20"])
    with pytest.raises(InvalidValueError):
        render_label(replace(TAG, piece_code=code), ROLLS["tag_72x10"])


@ON_SHEETS
def test_every_label_of_a_sheet_lies_on_the_paper_and_on_no_other(sheet: str) -> None:
    form = SHEETS[sheet]
    areas = [area for _, area in places(form, form.a_sheet)]
    assert len(areas) == form.columns * form.rows == int(sheet.removeprefix("a4_"))
    for at, area in enumerate(areas):
        assert area.x >= 0 and area.y >= 0
        assert area.x + area.width <= A4_WIDTH_UM and area.y + area.height <= A4_HEIGHT_UM
        for other in areas[:at]:
            assert (
                area.x >= other.x + other.width
                or area.y >= other.y + other.height
                or (other.x >= area.x + area.width)
            )


def test_a_part_used_sheet_is_used_up_before_a_new_one_is_begun() -> None:
    form = SHEETS["a4_24"]
    found = list(places(form, 6, start=22))
    assert [sheet for sheet, _ in found] == [0, 0, 0, 1, 1, 1]
    assert [area for _, area in found] == [form.place(at) for at in (21, 22, 23, 0, 1, 2)]
    content = render_sheets([GOODS] * 6, form, start=22)
    first, second = pdf_pages(content, dpi=50)
    assert first.crop((0, 0, first.width, first.height * 7 // 8 - 2)).getextrema() == ((255, 255),) * 3
    assert [text.count("6901234567892") for text in pdf_text(content)] == [3, 3]
    assert (
        second.crop((0, second.height // 8 + 2, second.width, second.height)).getextrema()
        == ((255, 255),) * 3
    )


@pytest.mark.parametrize("start", [0, 25, -1])
def test_a_start_that_is_not_on_the_sheet_is_refused(start: int) -> None:
    with pytest.raises(SheetStartError) as refused:
        render_sheets([GOODS], SHEETS["a4_24"], start=start)
    for language in ("zh_CN", "en"):
        with speaking(language):
            said = translate(refused.value.code, **refused.value.params)
        assert "24" in said and str(start) in said


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_what_has_no_room_is_named_in_words(language: str) -> None:
    with pytest.raises(NoRoomError) as refused:
        render_label(replace(TAG, piece_code="A" * 100), ROLLS["tag_72x10"])
    with speaking(language):
        assert "A" * 100 in translate(refused.value.code, **refused.value.params)


def test_the_same_labels_give_the_same_bytes() -> None:
    assert render_sheets([GOODS, EXTREME], SHEETS["a4_65"]) == render_sheets(
        [GOODS, EXTREME], SHEETS["a4_65"]
    )


def test_a_label_goes_to_a_receipt_printer_dot_by_dot_or_not_at_all() -> None:
    label = render_label(GOODS, ROLLS["roll_40x30"])
    printed = raster.render_raster(label_page(label, Paper.MM58), Paper.MM58)
    assert (label.width, label.height, printed.height) == (320, 240, 240)
    edge = (printed.width - label.width) // 2 // 8
    rows = [printed.rows[at * printed.stride :][: printed.stride] for at in range(printed.height)]
    assert b"".join(row[edge : edge + label.stride] for row in rows) == label.rows
    with pytest.raises(InvalidValueError):
        label_page(render_label(GOODS, ROLLS["roll_60x40"]), Paper.MM58)


def test_a_shop_is_named_where_there_is_room() -> None:
    for roll, named in (("roll_60x40", True), ("roll_30x20", False)):
        texts = [item.text for item in roll_items(GOODS, ROLLS[roll], HEAD) if isinstance(item, Run)]
        assert (shop_name in texts) is named


def test_formats_are_named_after_their_size() -> None:
    for key, form in ROLLS.items():
        found = re.search(r"(\d+)x(\d+)", key)
        assert found and (form.width_um, form.height_um) == (int(found[1]) * 1000, int(found[2]) * 1000)
    assert isinstance(TAG, JewelleryFace)
