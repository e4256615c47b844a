"""Lines break where a Chinese reader expects it."""

from hypothesis import given
from hypothesis import strategies as st

from pos_app.documents.renderers.text import columns_of
from pos_app.documents.wrap import wrap


def test_han_text_breaks_between_any_two_characters() -> None:
    assert wrap("婴儿柔湿巾加厚款", 6, columns_of) == ["婴儿柔", "湿巾加", "厚款"]


def test_a_line_never_begins_with_a_closing_mark() -> None:
    assert wrap("足金戒指，送绒盒", 8, columns_of) == ["足金戒", "指，送绒", "盒"]


def test_a_line_never_ends_with_an_opening_mark() -> None:
    assert wrap("足金戒指（大号）", 10, columns_of) == ["足金戒指", "（大号）"]


def test_a_latin_word_and_an_amount_stay_whole() -> None:
    assert wrap("Rose Gold ¥1,299.00", 10, columns_of) == ["Rose Gold", "¥1,299.00"]


def test_a_word_wider_than_the_line_is_cut() -> None:
    assert wrap("GTC2026-0088001-XY", 8, columns_of) == ["GTC2026-", "0088001-", "XY"]


def test_an_empty_text_is_one_empty_line() -> None:
    assert wrap("", 8, columns_of) == [""]


@given(st.text(alphabet="ab 中文，（）¥9.", max_size=60), st.integers(2, 20))
def test_nothing_but_blanks_is_lost_and_no_line_is_too_wide(text: str, width: int) -> None:
    lines = wrap(text, width, columns_of)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(sum(map(columns_of, line)) <= width for line in lines)
