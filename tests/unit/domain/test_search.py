"""One rule of matching: what is typed is and found in name, pinyin, initials or digits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.search import (
    MAX_KEY,
    asked,
    member_keys,
    member_text,
    name_keys,
    needle,
    whole_keys,
)

NAMES = st.text("王曾单吕行abzé 3-Ⅳ🎁", max_size=8)
PHONES = st.lists(st.from_regex(r"\+861[3-9][0-9]{9}", fullmatch=True), max_size=2)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("138 0013-8000", "13800138000"),
        ("+86 138 0013 8000", "13800138000"),
        ("+86138", "138"),
        ("008613800138000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("86138", "86138"),
        ("0086", "0086"),
        ("１３８００", "13800"),
        ("+852 9123 4567", "85291234567"),
        (" 王 小满 ", "王小满"),
        ("Wáng", "wáng"),
        ("LÜ", "lv"),
        ("lu\u0308", "lv"),
        ("Aisin-Gioro", "aisingioro"),
        ("🎁", ""),
        ("+", ""),
    ],
)
def test_a_question_is_folded(typed: str, meant: str) -> None:
    assert asked(typed) == meant


def test_a_member_matches_by_each_of_her_texts() -> None:
    text = member_text("曾女", ["+8613800138000"])
    for found in (
        "曾",
        "女",
        "曾女",
        "zeng",
        "cengn",
        "zengnv",
        "cengnu",
        "nu",
        "zn",
        "cn",
        "n",
        "0013",
        "8000",
    ):
        assert needle(found) in text, found
    for missed in ("engn", "ü", "zengn1", "女曾", "8613", "39"):
        assert needle(missed) not in text, missed


def test_a_foreign_name_is_found_from_each_of_its_letters() -> None:
    assert member_keys(member_text("Anna", [])) == ["anna", "na", "nna"]


def test_letters_among_chinese_characters_are_one_syllable() -> None:
    text = member_text("王 Lily", [])
    assert all(needle(found) in text for found in ("王l", "ily", "wangli", "wl"))


def test_a_number_abroad_keeps_its_country() -> None:
    assert "85291234567" in member_text(None, ["+85291234567"]).split("\x1f")


def test_nobody_without_name_and_phone_has_a_key() -> None:
    assert member_keys(member_text(None, [])) == [] == member_keys(member_text("🎁", []))


@given(NAMES, PHONES)
def test_the_keys_and_the_texts_say_the_same(name: str, phones: list[str]) -> None:
    text = member_text(name, phones)
    keys = member_keys(text)
    asked_for = {key[:length] for key in keys for length in range(1, len(key) + 1)} | {
        "王",
        "z",
        "1",
        "an",
        "9",
    }
    for question in asked_for:
        assert (needle(question) in text) is any(key.startswith(question) for key in keys), question


@given(NAMES, PHONES)
def test_no_key_begins_another_one_of_the_same_member(name: str, phones: list[str]) -> None:
    keys = member_keys(member_text(name, phones))
    assert keys == sorted(set(keys)) and all(0 < len(key) <= MAX_KEY for key in keys)
    assert [(a, b) for a in keys for b in keys if a != b and b.startswith(a)] == []


@pytest.mark.parametrize(
    ("typed", "region", "keys"),
    [
        ("8866 2600 0011", "CN", (("card", "886626000011"),)),
        ("abc_def-1", "CN", (("wechat", "abc_def-1"),)),
        ("A@b.com", "CN", (("email", "a@b.com"),)),
        ("0912 345 678", "TW", (("card", "0912345678"), ("phone", "+886912345678"))),
        ("王", "CN", ()),
    ],
)
def test_a_text_may_be_a_key_as_a_whole(typed: str, region: str, keys: tuple[tuple[str, str], ...]) -> None:
    assert whole_keys(typed, region) == keys


def test_goods_are_found_by_each_word_pinyin_and_initials() -> None:
    assert {"银手镯925", "镯925", "yinshouzhuo925", "ysz9", "925"} <= name_keys("银手镯 925")
