"""What a typed text asks for, before anything is looked up."""

import pytest

from pos_app.domain.sales.cart import QuantityError
from ui.sales import grammar
from ui.sales.grammar import FourDigits, NextQuantity, Nothing, Phone, SetQuantity, Text, read


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", Nothing()),
        ("  ", Nothing()),
        ("*3", SetQuantity(3000)),
        ("×2.5", SetQuantity(2500)),
        ("3*", NextQuantity(3000)),
        ("３＊", NextQuantity(3000)),
        ("3*6931201000176", Text("6931201000176", 3000)),
        ("13800001234", Phone("13800001234")),
        ("138 0000-1234", Phone("13800001234")),
        ("+86 138 0000 1234", Phone("13800001234")),
        ("0086 138 0000 1234", Phone("13800001234")),
        ("138.0000.1234", Phone("13800001234")),
        ("\u202d138\u20110000\u20111234\u202c", Phone("13800001234")),
        ("+852 9123 4567", Phone("+85291234567")),
        ("00852 9123 4567", Phone("+85291234567")),
        ("0085291234567", Phone("+85291234567", "0085291234567")),
        ("0012345678905", Text("0012345678905")),
        ("8613800001234", Text("8613800001234")),
        ("１２３４", FourDigits("1234")),
        ("12345", Text("12345")),
        ("12800001234", Text("12800001234")),
        ("naiping", Text("naiping")),
        ("奶瓶", Text("奶瓶")),
    ],
)
def test_a_text_is_read_as_the_cashier_means_it(typed: str, meant: object) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(
    "typed", ["*0", "*-1", "0*", "-3*", "-3*6901234567892", "*1000000000", "1000000000*", "*1.2345", "*"]
)
def test_a_quantity_that_no_line_can_hold_is_refused(typed: str) -> None:
    with pytest.raises(QuantityError):
        read(typed)


def test_payment_codes_are_told_from_goods() -> None:
    assert grammar.is_payment_code("134567890123456789") and grammar.is_payment_code("281234567890123456")
    assert not grammar.is_payment_code("6931201000176") and not grammar.is_payment_code("210012300500012347")


def test_an_unknown_code_is_told_from_a_word_that_found_nothing() -> None:
    assert grammar.looks_like_code("9999999999994") and grammar.looks_like_code("AB-1234")
    assert not grammar.looks_like_code("qqqq") and not grammar.looks_like_code("奶瓶刷子大号")
