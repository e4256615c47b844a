"""Codes carry what they can carry, and refuse the rest."""

import pytest
import zxingcpp
from PIL import Image

from pos_app.documents.codes import encode
from pos_app.documents.layout import Item, Run, Stamp, lay_out
from pos_app.documents.page import Block, Code, Codes, Page, Rule, Symbology, Text
from pos_app.domain.errors import InvalidValueError


@pytest.mark.parametrize(
    ("symbology", "payload"),
    [
        (Symbology.EAN13, "6901234567891"),
        (Symbology.EAN13, "690123456789"),
        (Symbology.EAN13, "６９０１２３４５６７８９２"),
        (Symbology.CODE128, ""),
        (Symbology.CODE128, "镕"),
        (Symbology.CODE128, "A\x1b@"),
        (Symbology.CODE128, "9" * 49),
        (Symbology.QR, ""),
        (Symbology.QR, "镕" * 201),
    ],
)
def test_a_payload_that_a_code_cannot_carry_is_refused(symbology: Symbology, payload: str) -> None:
    with pytest.raises(InvalidValueError):
        encode(symbology, payload)


PRINTER_EDGE = 32
"""White dots that every roll leaves at each side: 4 mm on 80 mm paper, 5 mm on 58 mm."""


def _items(width: int, *blocks: Block) -> tuple[Item, ...]:
    return lay_out(Page(blocks), width, lambda _pixels, _bold: lambda _char: 12.0).items


def _stamp(payload: str, width: int) -> Stamp:
    (stamp,) = [item for item in _items(width, Code(Symbology.CODE128, payload)) if isinstance(item, Stamp)]
    return stamp


def test_a_short_linear_code_lies_and_a_long_one_stands_along_the_paper() -> None:
    lying, standing = _stamp("SHUKE-123456", 384), _stamp("N01-1-2026-000123", 384)
    assert len(lying.rows) == 1 and lying.module >= 2
    assert len(standing.rows) > 100 and standing.row_height == 2
    assert len(_stamp("N01-1-2026-000123", 576).rows) == 1


def test_no_linear_code_has_bars_thinner_than_a_cheap_scanner_reads() -> None:
    for length in range(1, 49):
        for width in (384, 576):
            stamp = _stamp("A" * length, width)
            assert (stamp.module if len(stamp.rows) == 1 else stamp.row_height) >= 2
            assert stamp.x >= 0 and stamp.x + len(stamp.rows[0]) * stamp.module <= width


@pytest.mark.parametrize("width", [384, 576])
@pytest.mark.parametrize("payload", ["7", "SHUKE-1234567890", "N01-1-2026-000123", "A" * 14, "9" * 48])
def test_every_code_keeps_the_quiet_zone_of_its_standard(payload: str, width: int) -> None:
    """ISO/IEC 15417: ten modules beside Code 128; ISO/IEC 18004: four modules around QR."""
    codes = (Code(Symbology.QR, payload), Code(Symbology.CODE128, payload))
    for group in (codes, codes[:1], codes[1:]):
        items = _items(width, Text("上"), Rule(), Codes(group, caption=payload), Text("下"))
        for stamp in (item for item in items if isinstance(item, Stamp)):
            _check_quiet(stamp, [item for item in items if item is not stamp], width)


def _check_quiet(stamp: Stamp, others: list[Item], width: int) -> None:
    wide, high = len(stamp.rows[0]) * stamp.module, len(stamp.rows) * stamp.row_height
    qr, ladder = len(stamp.rows) == len(stamp.rows[0]), len(stamp.rows[0]) == 1
    beside = 4 * stamp.module if qr else 0 if ladder else 10 * stamp.module
    above = 4 * stamp.module if qr else 10 * stamp.row_height if ladder else 0
    assert stamp.x + PRINTER_EDGE >= beside and width - stamp.x - wide + PRINTER_EDGE >= beside
    for other in others:
        left, top, right, bottom = _box(other)
        clear_sideways = right <= stamp.x - beside or left >= stamp.x + wide + beside
        assert clear_sideways or bottom <= stamp.y - above or top >= stamp.y + high + above, other


def _box(item: Item) -> tuple[float, float, float, float]:
    if isinstance(item, Run):
        return item.x, item.baseline - item.pixels, item.x + 12 * len(item.text), item.baseline
    if isinstance(item, Stamp):
        wide, high = len(item.rows[0]) * item.module, len(item.rows) * item.row_height
        return item.x, item.y, item.x + wide, item.y + high
    return item.x, item.y, item.x + item.width, item.y + item.height


@pytest.mark.parametrize("pair", ["00", "10", "98", "99"])
def test_a_number_that_begins_with_any_pair_is_read_whole(pair: str) -> None:
    """99 is a change of code set in two sets of Code 128 and a pair of digits in the third."""
    image = Image.new("L", (900, 120), 255)
    row = encode(Symbology.CODE128, payload := pair + "99001234").rows[0]
    bars = Image.frombytes("L", (len(row), 1), bytes(0 if module else 255 for module in row))
    image.paste(bars.resize((len(row) * 3, 80), Image.Resampling.NEAREST), (60, 20))
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [payload]
