"""What a shop says of its printer stands in one line, and can be read from it again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.errors import InvalidValueError
from pos_app.domain.printer_options import (
    CUTS,
    LATINS,
    PINS,
    TEXTS,
    PrinterOptions,
    address_of,
    divide,
    kick_bytes,
    unite,
)

OPTIONS = st.builds(
    PrinterOptions,
    cut=st.sampled_from(CUTS),
    feed=st.integers(0, 20),
    pin=st.sampled_from(PINS),
    on_ms=st.integers(2, 510),
    off_ms=st.integers(2, 510),
    kick=st.binary(max_size=32).map(lambda code: code.hex(" ")),
    text=st.sampled_from(TEXTS),
    latin=st.sampled_from(LATINS),
    density=st.none() | st.integers(-6, 8),
    speed=st.none() | st.integers(0, 13),
)
PLACES = st.sampled_from(
    ["none", "tcp://192.168.1.50:9100", "serial:COM3?baud=19200&id=1a86:7523:A5", "usb://04b8:0e15?paper=58"]
)


@given(PLACES, OPTIONS)
def test_place_and_options_come_out_of_a_setting_as_they_went_in(place: str, options: PrinterOptions) -> None:
    assert divide(unite(place, options)) == (place, options)


def test_what_is_as_usual_is_not_written() -> None:
    assert unite("tcp://a", PrinterOptions()) == "tcp://a"
    assert unite("tcp://a", PrinterOptions(cut="full", on_ms=50)) == "tcp://a?cut=full&on=50"


def test_two_settings_of_one_device_have_one_address() -> None:
    assert address_of("tcp://a?cut=full") == address_of(" tcp://a?feed=2") == "tcp://a"


@pytest.mark.parametrize(
    ("setting", "field"),
    [
        ("tcp://a?cut=half", "cut"),
        ("tcp://a?feed=21", "feed"),
        ("tcp://a?feed=many", "feed"),
        ("tcp://a?pin=3", "pin"),
        ("tcp://a?on=1", "on_ms"),
        ("tcp://a?off=511", "off_ms"),
        ("tcp://a?kick=1b7", "kick"),
        ("tcp://a?kick=" + "00" * 33, "kick"),
        ("tcp://a?text=utf8", "text"),
        ("tcp://a?text=latin", "latin"),
        ("tcp://a?latin=cp936", "latin"),
        ("tcp://a?density=9", "density"),
        ("tcp://a?speed=14", "speed"),
        ("tcp://a?cut", "options"),
    ],
)
def test_what_no_printer_can_be_told_is_refused_by_the_name_of_its_field(setting: str, field: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        divide(setting)
    assert caught.value.params["field"] == field


def test_bytes_are_read_as_manuals_print_them() -> None:
    assert kick_bytes("1B 70 00 19 fa") == kick_bytes("0x1b,0x70,0x00,0x19,0xfa") == b"\x1bp\x00\x19\xfa"
