"""The rows of the cart in words."""

from uuid import UUID

from pos_app.domain.sales.cart import CartLine
from pos_app.domain.values.ids import LineId
from pos_app.domain.values.money import Currency
from pos_app.domain.values.quantity import ONE
from ui.sales.views import row_of


def test_a_character_that_the_font_lacks_is_shown_as_its_code_point_in_the_cart() -> None:
    line = CartLine(line_id=LineId(UUID(int=1)), quantity=ONE, unknown_code="\U00020bb7-垚䶮")
    assert row_of(line, None, 1, Currency("CNY", 2, "¥")).name == "[U+20BB7]-垚䶮"
