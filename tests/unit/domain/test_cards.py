"""The number of a card: read when it is right, refused when a digit is not, and like nothing else that is scanned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain import cards
from pos_app.domain.cards import CardNumberError
from pos_app.domain.errors import InvalidValueError
from pos_app.domain.values import barcode, phone
from ui.sales.grammar import is_payment_code

SERIALS = st.text("0123456789", min_size=14, max_size=14)


def _luhn(digits: str) -> int:
    """The sum of ISO/IEC 7812-1, annex B, reckoned anew: a bank card's ends in 0."""
    doubled = (int(d) * (2 if at % 2 else 1) for at, d in enumerate(reversed(digits)))
    return sum(part // 10 + part % 10 for part in doubled)


@given(SERIALS)
def test_every_number_made_is_read_as_it_was_made(serial: str) -> None:
    number = cards.make(serial)
    assert len(number) == 16 and number[0] == "9" and number[1:15] == serial
    assert cards.check(number) and cards.read(number) == number
    assert cards.read(cards.grouped(number)) == number


@given(SERIALS)
def test_no_card_of_ours_passes_as_a_bank_card(serial: str) -> None:
    assert _luhn("4111111111111111") % 10 == 0 and _luhn("9558801202106562334") % 10 == 0
    assert _luhn(cards.make(serial)) % 10 == 5


@given(SERIALS)
def test_no_card_of_ours_passes_as_goods_a_payment_or_a_phone(serial: str) -> None:
    number = cards.make(serial)
    assert not barcode.is_valid_gtin(number) and barcode.gs1_elements(number) == {}
    assert barcode.candidates(number) == (number,)
    assert barcode.parse_scale_code(number, barcode.DEFAULT_SCALE_PATTERNS) is None
    assert not is_payment_code(number) and not phone.is_mainland_mobile(number)


@given(st.from_regex(r"(?:1[0-5][0-9]{16}|(?:2[5-9]|30)[0-9]{14,22})", fullmatch=True))
def test_no_payment_code_passes_as_a_card(code: str) -> None:
    assert not cards.check(code)


@given(SERIALS, st.integers(0, 15), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(serial: str, at: int, by: int) -> None:
    number = cards.make(serial)
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    assert not cards.check(wrong)


@given(SERIALS, st.integers(0, 14))
def test_two_neighbours_changed_places_are_found_but_for_09_and_90(serial: str, at: int) -> None:
    number = cards.make(serial)
    pair = number[at : at + 2]
    wrong = number[:at] + pair[::-1] + number[at + 2 :]
    if wrong != number:
        assert cards.check(wrong) is (pair in ("09", "90") and at > 0)


@pytest.mark.parametrize(
    "typed",
    [
        "9204 8135 7902 4684",
        " 9204-8135-7902-4684 ",
        "９２０４８１３５７９０２４６８４",
        "]C19204813579024684",
        "]Q19204813579024684",
    ],
)
def test_a_card_is_read_however_it_was_typed_or_scanned(typed: str) -> None:
    assert cards.read(typed) == "9204813579024684" == cards.make("20481357902468")


@pytest.mark.parametrize(
    "text", ["", "9204813579024685", "920481357902468", "8204813579024684", "92048135790246a4", "٩" * 16]
)
def test_what_is_no_card_number_is_refused_in_words(text: str) -> None:
    assert not cards.check(text)
    with pytest.raises(CardNumberError) as refused:
        cards.read(text)
    assert refused.value.params["text"] == text[:32]


@pytest.mark.parametrize("serial", ["", "1" * 13, "1" * 15, "1234567890123x", "１" * 14])
def test_a_serial_of_another_form_makes_no_card(serial: str) -> None:
    with pytest.raises(InvalidValueError):
        cards.make(serial)


def test_numbers_are_grouped_for_people_and_other_shops_numbers_too() -> None:
    assert cards.grouped("9204813579024684") == "9204 8135 7902 4684"
    assert cards.grouped("1234567890123") == "1234 5678 90123"
    assert cards.grouped("VIP-2019-000123") == "VIP-2019-000123"
    assert cards.grouped("88888") == "88888"
