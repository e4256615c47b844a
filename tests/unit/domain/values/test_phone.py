"""A member is found by her phone however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.values.phone import PhoneError, is_mainland_mobile, masked, national, normalise


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        "138 1234 5678",
        "138-1234-5678",
        "+86 138 1234 5678",
        "86 13812345678",
        "008613812345678",
        "+86-138-1234-5678",
        "(+86)13812345678",
        "（＋８６）１３８１２３４５６７８",
        "１３８１２３４５６７８",
        "138.1234.5678",
        "138\u00a01234\u200b5678",
        "\u202a+8613812345678\u202c",
        "138—1234—5678",
        " 138·1234·5678\n",
        "013812345678",
    ],
)
def test_every_writing_of_a_mainland_phone_is_one_number(text: str) -> None:
    assert normalise(text) == "+8613812345678"


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("9123 4567", "HK", "+85291234567"),
        ("+852 9123-4567", "CN", "+85291234567"),
        ("00852 91234567", "CN", "+85291234567"),
        ("0912-345-678", "TW", "+886912345678"),
        ("+886 912 345 678", "CN", "+886912345678"),
        ("6612 3456", "MO", "+85366123456"),
        ("010-6552 9988", "CN", "+861065529988"),
        ("+65 8123 4567", "CN", "+6581234567"),
        ("(650) 253-0000", "US", "+16502530000"),
    ],
)
def test_phones_of_other_places_are_known(text: str, region: str, e164: str) -> None:
    assert normalise(text, region) == e164


@pytest.mark.parametrize("region", ["HK", "MO", "TW"])
def test_a_visitor_from_the_mainland_says_eleven_digits_in_any_shop(region: str) -> None:
    assert normalise("138 1234 5678", region) == "+8613812345678"
    assert normalise("+8613812345678", region) == "+8613812345678"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "138",
        "1381234567",
        "138123456789",
        "12345678901",
        "abc",
        "1-800-FLOWERS",
        "+",
        "+999123456789",
        "٣" * 11,
        "1٣٨12345678",
        "13812345678x",
        "0" * 40,
    ],
)
def test_what_is_no_phone_is_refused(text: str) -> None:
    with pytest.raises(PhoneError) as refused:
        normalise(text)
    assert not refused.value.params, "a phone stays out of logs"


@given(
    st.integers(13_000_000_000, 19_999_999_999),
    st.lists(st.sampled_from([" ", "-", "\u200b", "　", ""]), min_size=11, max_size=11),
)
def test_blanks_and_dashes_anywhere_change_nothing(number: int, noise: list[str]) -> None:
    text = "".join(a + b for a, b in zip(str(number), noise, strict=True))
    assert normalise(text) == f"+86{number}"
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(max_size=20), st.sampled_from(["CN", "HK", "TW", "US"]))
def test_any_text_is_a_number_or_refused(text: str, region: str) -> None:
    try:
        number = normalise(text, region)
    except PhoneError:
        return
    assert number.isascii()
    assert number[0] == "+"
    assert number[1:].isdigit()


def test_eleven_typed_digits_are_taken_for_a_phone() -> None:
    assert is_mainland_mobile("13812345678")
    assert not any(
        map(is_mainland_mobile, ["12812345678", "138123456789", "1381234567", "1٣812345678", "13812345678\n"])
    )


def test_a_clerk_sees_the_last_four_digits() -> None:
    assert masked("+8613812345678") == "138****5678"
    assert masked("+85291234567") == "****4567"
    assert national("+8613812345678") == "13812345678"
    assert national("+886912345678") == "+886912345678"


@pytest.mark.parametrize(
    ("typed", "written", "hidden"),
    [
        ("021-63220000", "02163220000", "021****0000"),
        ("0755 8322 1234", "075583221234", "075****1234"),
        ("400-820-8820", "4008208820", "400****8820"),
    ],
)
def test_a_landline_keeps_its_area_s_nought(typed: str, written: str, hidden: str) -> None:
    phone = normalise(typed)
    assert national(phone) == written and masked(phone) == hidden
    assert normalise(national(phone)) == phone
