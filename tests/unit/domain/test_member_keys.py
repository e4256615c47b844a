"""Keys of members: one form however they are written, and what of them everybody may see."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from pos_app.domain.consents import agreed, latest
from pos_app.domain.member_keys import (
    KeyFormError,
    in_full,
    is_short_card,
    masked,
    masked_address,
    normalised,
)
from pos_app.domain.members import Consent, KeyKind, MemberKey, Purpose
from pos_app.domain.values.ids import ConsentId, StaffId


@pytest.mark.parametrize(
    ("kind", "text", "kept"),
    [
        (KeyKind.PHONE, "１３８ 1234-5678", "+8613812345678"),
        (KeyKind.PHONE, "+886 912 345 678", "+886912345678"),
        (KeyKind.WECHAT, " XiaoMan_90 ", "xiaoman_90"),
        (KeyKind.EMAIL, "Xiao@Example.COM", "xiao@example.com"),
        (KeyKind.CARD, "8866 2600-0011", "886626000011"),
        (KeyKind.CARD, "0088", "0088"),
        (KeyKind.CARD, "a-1234", "A1234"),
    ],
)
def test_a_key_has_one_form(kind: KeyKind, text: str, kept: str) -> None:
    assert normalised(kind, text) == kept


@pytest.mark.parametrize("text", ["", "a@b", "@x.cn", "x@y.", "x y@z.cn", "小满@x.cn"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(KeyFormError):
        normalised(KeyKind.EMAIL, text)


@pytest.mark.parametrize(
    ("kind", "value", "seen", "whole"),
    [
        (KeyKind.PHONE, "+8613812345678", "138****5678", "138 1234 5678"),
        (KeyKind.PHONE, "+85291234567", "****4567", "+85291234567"),
        (KeyKind.CARD, "9123456789012343", "**** 2343", "9123 4567 8901 2343"),
        (KeyKind.CARD, "0088", "**** 88", "0088"),
        (KeyKind.CARD, "12345", "**** 45", "12345"),
        (KeyKind.CARD, "123456", "**** 3456", "1234 56"),
        (KeyKind.WECHAT, "xiaoman", "xi****", "xiaoman"),
        (KeyKind.EMAIL, "xiao@example.com", "x****@example.com", "xiao@example.com"),
    ],
)
def test_a_masked_key_shows_no_more_than_it_must(kind: KeyKind, value: str, seen: str, whole: str) -> None:
    key = MemberKey(kind=kind, value=value)
    assert (masked(key), in_full(key)) == (seen, whole)


def test_a_card_of_an_old_program_has_four_characters_or_more() -> None:
    with pytest.raises(KeyFormError):
        normalised(KeyKind.CARD, "123")
    assert [is_short_card(text) for text in ("123", "1234", "1 2345", "123456", "王小满", "x_yz")] == [
        False, True, True, False, False, False
    ]  # fmt: skip


def test_a_masked_address_ends_before_the_door() -> None:
    assert masked_address("上海市静安区南京西路1200号36楼") == "上海市静安区****"
    assert masked_address("静安区1号") == "静安****"


def word(given: bool, channel: str | None) -> Consent:
    """Return a word on marketing."""
    one = UUID(int=1)
    return Consent(
        consent_id=ConsentId(one),
        purpose=Purpose.MARKETING,
        given=given,
        text_version="2026-1",
        how="spoken",
        by=StaffId(one),
        at=datetime(2026, 11, 22, tzinfo=UTC),
        channel=channel,
    )


def test_the_latest_word_counts_and_silence_is_no_yes() -> None:
    said = (word(True, None), word(False, "sms"))
    assert not agreed((), Purpose.MARKETING, "sms")
    assert not agreed(said, Purpose.MARKETING, "sms")
    assert agreed(said, Purpose.MARKETING, "wechat")
    assert latest(said, Purpose.CHILDREN) is None
