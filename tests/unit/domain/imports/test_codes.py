"""Codes and phones that a spreadsheet spoilt are mended where that is certain, and refused where it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.imports import codes
from pos_app.domain.imports.faults import CellError, Reason
from pos_app.domain.values.barcode import check_digit, ean13


def _reason(read: object, *given_: object) -> Reason:
    with pytest.raises(CellError) as caught:
        read(*given_)  # type: ignore[operator]
    return caught.value.reason


def test_a_barcode_cut_off_by_excel_is_refused() -> None:
    assert _reason(codes.barcode, "6.90123E+12") is Reason.DIGITS_LOST
    assert _reason(codes.barcode, "6.90123456789E+12") is Reason.DIGITS_LOST
    assert _reason(codes.barcode, "６．９０１２３Ｅ＋１２") is Reason.DIGITS_LOST


def test_a_barcode_with_all_its_digits_is_read_in_any_dress() -> None:
    for text in (
        "6901234567892",
        "6901234567892.0",
        "6.901234567892E+12",
        "6 901234 567892",
        "'6901234567892",
        "６９０１２３４５６７８９２",
    ):
        assert codes.barcode(text) == "6901234567892"


def test_a_barcode_that_lost_its_leading_zero_is_refused_with_what_it_was() -> None:
    upc = "012345678905"
    with pytest.raises(CellError) as caught:
        codes.barcode(upc[1:], "n")
    assert (caught.value.reason, caught.value.params) == (Reason.ZERO_DIGIT_LOST, {"mended": upc})
    assert codes.barcode(upc) == upc
    assert _reason(codes.barcode, "36000291452") is Reason.ZERO_DIGIT_LOST


def test_seven_digits_are_a_code_of_seven_digits_only_where_the_file_says_that_they_are_a_text() -> None:
    assert _reason(codes.barcode, "4252614", "n") is Reason.ZERO_DIGIT_LOST
    assert _reason(codes.barcode, "4252614") is Reason.ZERO_DIGIT_LOST
    assert codes.barcode("4252614", "t") == "4252614"


@pytest.mark.parametrize("text", ["6901234567890", "012345678904", "16901234567890"])
def test_a_wrong_check_digit_is_refused(text: str) -> None:
    assert _reason(codes.barcode, text) is Reason.CHECK_DIGIT


def test_own_codes_are_barcodes_too_and_han_are_none() -> None:
    for text in ("SP-0001", "A/12", "20240501", "1234", "ZN 5"):
        assert codes.barcode(text) == text
    assert _reason(codes.barcode, "无条码") is _reason(codes.barcode, "٣٣٣٣") is Reason.BARCODE
    assert _reason(codes.barcode, "A" * 65) is Reason.TOO_LONG


def test_a_number_of_more_than_fifteen_digits_lost_the_others() -> None:
    assert _reason(codes.code, "6212261234567890000", "n") is Reason.DIGITS_LOST
    assert codes.code("6212261234567891234", "n") == "6212261234567891234"
    assert codes.code("6212261234567890000", "t") == "6212261234567890000"


def test_a_code_that_excel_made_a_day_is_refused() -> None:
    assert _reason(codes.code, "05-03", "d") is Reason.DATE_IN_TEXT


@given(st.integers(0, 10**12 - 1))
def test_every_gtin_reads_as_itself_and_no_other_check_digit_does(number: int) -> None:
    code = ean13(number)
    assert codes.barcode(code) == code
    wrong = code[:-1] + str((int(check_digit(code[:-1])) + 1) % 10)
    assert _reason(codes.barcode, wrong) is Reason.CHECK_DIGIT


@pytest.mark.parametrize(
    "text",
    [
        "13812345678",
        "13812345678.0",
        "+86 138-1234-5678",
        "86 13812345678",
        "0086-13812345678",
        "１３８１２３４５６７８",
        "138 1234 5678",
        "1.3812345678E+10",
        "'13812345678",
        "\u202a13812345678\u202c",
        "(138)1234.5678",
    ],
)
def test_a_mainland_phone_is_one_number_however_it_is_written(text: str) -> None:
    assert codes.phone(text, "CN") == "+8613812345678"


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("+852 9123 4567", "CN", "+85291234567"),
        ("85291234567", "CN", "+85291234567"),
        ("9123 4567", "HK", "+85291234567"),
        ("+886 912 345 678", "CN", "+886912345678"),
        ("886912345678", "CN", "+886912345678"),
        ("0912-345-678", "TW", "+886912345678"),
        ("+853 6612 3456", "CN", "+85366123456"),
        ("13812345678", "HK", "+8613812345678"),
        ("010-62345678", "CN", "+861062345678"),
    ],
)
def test_numbers_of_hong_kong_taiwan_and_landlines_are_known_by_code_or_by_the_shops_place(
    text: str, region: str, number: str
) -> None:
    assert codes.phone(text, region) == number


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1381234567", Reason.PHONE_LENGTH),
        ("138123456789", Reason.PHONE_LENGTH),
        ("138", Reason.PHONE_LENGTH),
        ("9" * 30, Reason.PHONE_LENGTH),
        ("13812345678妈妈", Reason.PHONE_LETTERS),
        ("138O2345678", Reason.PHONE_LETTERS),
        ("无", Reason.PHONE_LETTERS),
        ("12012345678", Reason.PHONE),
        ("91234567", Reason.PHONE),
        ("0912345678", Reason.PHONE),
        ("1.38123E+10", Reason.DIGITS_LOST),
    ],
)
def test_what_is_no_phone_is_refused_with_its_reason(text: str, reason: Reason) -> None:
    assert _reason(codes.phone, text, "CN") is reason


def test_several_phones_in_a_cell_are_told_apart() -> None:
    assert codes.phone_list("13812345678/13912345678、13812345678", "CN") == (
        "+8613812345678",
        "+8613912345678",
    )


@given(st.text(max_size=20))
def test_no_text_breaks_the_readers_of_codes(text: str) -> None:
    for read in (
        codes.barcode,
        codes.code,
        lambda t: codes.phone(t, "CN"),
        lambda t: codes.phone_list(t, "HK"),
    ):
        try:
            assert isinstance(read(text), str | tuple)
        except CellError as error:
            assert error.reason in Reason


@given(st.integers(13_000_000_000, 19_999_999_999), st.sampled_from(["", "+86", "86 ", ".0"]))
def test_any_mainland_mobile_reads_as_itself(number: int, dress: str) -> None:
    text = f"{number}.0" if dress == ".0" else f"{dress}{number}"
    assert codes.phone(text, "CN") == f"+86{number}"
