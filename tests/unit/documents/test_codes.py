"""Codes carry what they can carry, and refuse the rest."""

import pytest

from pos_app.documents.codes import encode
from pos_app.documents.layout import Stamp, lay_out
from pos_app.documents.page import Code, Page, Symbology
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


def _stamp(payload: str, width: int) -> Stamp:
    layout = lay_out(
        Page((Code(Symbology.CODE128, payload),)), width, lambda _pixels, _bold: lambda _char: 12.0
    )
    (stamp,) = [item for item in layout.items if isinstance(item, Stamp)]
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
