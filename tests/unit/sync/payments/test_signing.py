"""What is signed, byte for byte, and the node of an answer as it came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.payments import alipay_wire, wechat_wire


def test_wechat_signs_five_lines_of_a_request_and_three_of_an_answer() -> None:
    path = "/v3/refund/domestic/refunds/123123123123"
    text = wechat_wire.request_text("GET", path, "1554208460", "593BEC0C930BF1AFEB40B4A08C8FB242", b"")
    assert text == f"GET\n{path}\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n".encode()
    assert wechat_wire.answer_text("1554209980", "c5ac7061", b"") == b"1554209980\nc5ac7061\n\n"


def test_a_header_of_wechat_is_read_as_it_was_written() -> None:
    parts = {"mchid": "1900000001", "nonce_str": "N", "timestamp": "1", "serial_no": "S", "signature": "a+/="}
    assert wechat_wire.authorization_parts(wechat_wire.authorization(parts)) == parts
    assert wechat_wire.authorization_parts("Bearer x") == {}


def test_alipay_signs_parameters_in_order_without_the_signature() -> None:
    text = alipay_wire.request_text(
        {"method": "m", "app_id": "1", "sign": "x", "empty": "", "biz_content": '{"a":"&"}'}
    )
    assert text == b'app_id=1&biz_content={"a":"&"}&method=m'


@pytest.mark.parametrize(
    ("body", "node"),
    [
        (b'{"x_response":{"a":"}","b":{"c":1}},"sign":"S"}', b'{"a":"}","b":{"c":1}}'),
        (b'{ "x_response" : { "a": "\\"}" } , "sign":"S"}', b'{ "a": "\\"}" }'),
        (b'{"sign":"x_response","x_response":{"n":1}}', b'{"n":1}'),
        (b'{"y":{"x_response":{"n":1}},"x_response":{"n":2}}', b'{"n":2}'),
        (b'{"y":"\\"x_response\\":{}","x_response":{"n":3}}', b'{"n":3}'),
        (b'{"x_response":"text"}', b""),
        (b'{"x_response":{"never":"ends"', b""),
        (b"", b""),
    ],
)
def test_the_node_is_the_very_text_that_came(body: bytes, node: bytes) -> None:
    assert alipay_wire.node_text(body, "x_response") == node


@given(st.binary(max_size=60))
def test_no_bytes_whatever_break_the_search_for_a_node(body: bytes) -> None:
    found = alipay_wire.node_text(b'{"x_response":' + body, "x_response")
    assert found == b"" or found in body


@given(st.integers(1, 99_999_999_999))
def test_yuan_and_fen_are_the_same_amount(amount: int) -> None:
    assert alipay_wire.fen(alipay_wire.yuan(amount)) == amount


@pytest.mark.parametrize("text", ["", "1.234", "-1", "1e3", "１", "1,000.00", "1.2.3", "1234567890.00"])
def test_what_is_no_amount_is_none(text: str) -> None:
    assert alipay_wire.fen(text) is None
