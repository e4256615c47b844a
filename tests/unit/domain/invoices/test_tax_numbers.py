"""A buyer's tax number: typed however, one wrong character found and named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.invoices.tax_numbers import (
    ALPHABET,
    TaxNumberCharacterError,
    TaxNumberCheckError,
    TaxNumberError,
    TaxNumberLengthError,
    TaxNumberLikeError,
    TaxNumberMissingError,
    check_character,
    tax_number,
)

PUBLISHED = (
    "91350100M000100Y43",  # The example of GB 32100-2015 itself.
    "91110000600037341L",
    "9144030071526726XG",
    "91330100799655058B",
    "914403001922038216",
    "12100000400000624D",
)
"""Codes of bodies and companies that stand in public registers."""


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_codes_are_taken_as_they_are(code: str) -> None:
    assert tax_number(code) == code
    assert check_character(code[:17]) == code[17]


def test_full_width_lower_case_blanks_and_dashes_are_folded() -> None:
    assert tax_number(" ９１３５０１００ｍ０００１００ｙ４３ ") == "91350100M000100Y43"
    assert tax_number("91350100-M000100Y4-3") == "91350100M000100Y43"
    assert tax_number("9135 0100 m000 100y 43") == "91350100M000100Y43"


def test_a_wrong_check_character_says_what_it_would_have_to_be() -> None:
    with pytest.raises(TaxNumberCheckError) as refused:
        tax_number("91350100M000100Y44")
    assert refused.value.params == {"expected": "3", "found": "4"}


def test_a_letter_that_no_code_holds_is_named_with_what_it_looks_like() -> None:
    with pytest.raises(TaxNumberLikeError) as refused:
        tax_number("91350100M0001OOY43")
    assert refused.value.params == {"place": 14, "character": "O", "meant": "0"}


def test_a_letter_in_the_district_is_named_by_its_place() -> None:
    with pytest.raises(TaxNumberCharacterError) as refused:
        tax_number("9135A100M000100Y43")
    assert refused.value.params == {"place": 5, "character": "A"}


def test_a_chinese_character_is_named() -> None:
    with pytest.raises(TaxNumberCharacterError) as refused:
        tax_number("91350100M000100Y4三")
    assert refused.value.params == {"place": 18, "character": "三"}


@pytest.mark.parametrize(
    ("text", "length"), [("91350100M000100Y4", 17), ("1", 1), ("91350100M000100Y430", 19)]
)
def test_a_number_of_another_length_is_refused(text: str, length: int) -> None:
    with pytest.raises(TaxNumberLengthError) as refused:
        tax_number(text)
    assert refused.value.params == {"length": length}


def test_none_is_missing() -> None:
    with pytest.raises(TaxNumberMissingError):
        tax_number("  ")


def test_old_numbers_of_15_and_of_20_are_still_taken() -> None:
    assert tax_number("310101123456789") == "310101123456789"
    assert tax_number("31010112345678x") == "31010112345678X"
    assert tax_number("11010519491231002X01") == "11010519491231002X01"


def test_an_old_number_whose_identity_number_does_not_check_is_refused() -> None:
    with pytest.raises(TaxNumberCheckError) as refused:
        tax_number("11010519491231002101")
    assert refused.value.params == {"expected": "X", "found": "1"}
    with pytest.raises(TaxNumberCharacterError):
        tax_number("3101A1123456789")
    with pytest.raises(TaxNumberCharacterError):
        tax_number("91350100M000100Y4300")


codes = st.builds(
    lambda head, district, body: (text := head + district + body) + check_character(text),
    st.text(ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=9, max_size=9),
)


@given(codes)
def test_every_code_with_its_check_character_is_taken(code: str) -> None:
    assert tax_number(code) == code


@given(codes, st.integers(0, 17), st.characters(min_codepoint=33, max_codepoint=0x4E10))
def test_any_one_changed_character_is_found(code: str, place: int, other: str) -> None:
    changed = code[:place] + other + code[place + 1 :]
    try:
        taken = tax_number(changed)
    except TaxNumberError:
        return
    # Only what folds to the same character is no change.
    assert taken == code


@given(codes, st.integers(0, 16))
def test_two_neighbours_that_changed_places_are_found(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    if swapped == code:
        return
    with pytest.raises(TaxNumberError):
        tax_number(swapped)


@given(st.text(max_size=40))
def test_any_text_gives_a_number_or_a_reason(text: str) -> None:
    try:
        number = tax_number(text)
    except TaxNumberError:
        return
    assert len(number) in (15, 18, 20) and tax_number(number) == number
