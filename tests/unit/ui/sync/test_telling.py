"""Every number of an error has words that say what happened and what to do, in every language."""

from dataclasses import replace

import pytest

from pos_app.domain.desk import CHOICES, ItemKind
from pos_app.domain.members import Profile
from pos_app.services.ports.syncing import PlatformUnavailableError, SyncLight, SyncStatus
from pos_app.words import has_text, speaking, translate
from sync.protocol.errors import Number
from ui.sync.items import masked_figures, masked_text
from ui.sync.telling import drift_words, light_of, trouble_in, trouble_of

LANGUAGES = ("zh_CN", "zh_TW", "en")
TIED = SyncStatus(light=SyncLight.OK)
MINUTE_MS = 60_000


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_number_says_what_happened_and_what_to_do(lang: str) -> None:
    with speaking(lang):
        told = {number: trouble_of(number) for number in Number}
        unknown = trouble_of(7777)
    for number, trouble in told.items():
        assert trouble.what and trouble.cure, number
        assert trouble != unknown and str(number.value) not in trouble.what, number
    assert len({trouble.what for trouble in told.values()}) == len(Number)
    assert "7777" in unknown.what


def test_traditional_is_written_and_not_borrowed() -> None:
    with speaking("zh_TW"):
        written = {number: trouble_of(number).what for number in Number}
    with speaking("zh_CN"):
        assert any(trouble_of(number).what != written[number] for number in Number)
    assert written[Number.UNREACHABLE] == "連不上平台。"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_kind_of_item_and_each_choice_has_words(lang: str) -> None:
    with speaking(lang):
        for kind in ItemKind:
            translate(f"sync.kind.{kind.value}.title", about="")
            for name in ("told", "first"):
                assert has_text(f"sync.kind.{kind.value}.{name}")
            assert kind is ItemKind.PARKED or has_text(f"sync.kind.{kind.value}.second")
            assert all(has_text(f"sync.choice.{kind.value}.{choice.value}") for choice in CHOICES[kind])
        assert all(has_text(f"sync.field.{field}") for field in Profile.__struct_fields__)


@pytest.mark.parametrize(
    ("status", "words", "tone"),
    [
        (SyncStatus(), "独立使用", "muted"),
        (TIED, "已同步", "success"),
        (replace(TIED, light=SyncLight.BUSY, unsent=3), "3 笔待传", "info"),
        (replace(TIED, light=SyncLight.OFFLINE), "离线", "warning"),
        (replace(TIED, light=SyncLight.OFFLINE, unsent=12), "离线 · 12 笔待传", "warning"),
        (replace(TIED, light=SyncLight.TROUBLE, trouble=2001), "需要处理", "danger"),
        (replace(TIED, is_restored=True), "需要处理", "danger"),
        (replace(TIED, open_items=2), "已同步 · 2 件要处理", "warning"),
        (replace(TIED, drift_ms=-2 * MINUTE_MS), "已同步 · 时钟慢 2 分钟", "warning"),
        (replace(TIED, drift_ms=15 * MINUTE_MS), "已同步 · 时钟快 15 分钟", "danger"),
        (replace(TIED, drift_ms=2 * MINUTE_MS - 1), "已同步", "success"),
        (replace(TIED, light=SyncLight.BUSY), "同步中…", "info"),
        (replace(TIED, light=SyncLight.BUSY, filling=(5, 5)), "同步中…", "info"),
    ],
)
def test_the_light_says_how_sync_is(status: SyncStatus, words: str, tone: str) -> None:
    with speaking("zh_CN"):
        assert light_of(status) == (words, tone)


def test_a_restored_till_is_told_before_the_number_that_it_brings() -> None:
    with speaking("en"):
        trouble = trouble_in(replace(TIED, is_restored=True, trouble=2003))
    assert trouble is not None and "restored" in trouble.what


@pytest.mark.parametrize(
    ("drift_ms", "words"),
    [
        (0, "Right"),
        (999, "Right"),
        (-3_000, "3 s slow"),
        (119_999, "119 s fast"),
        (31_536_000_000, "8760 h fast"),
    ],
)
def test_a_clock_is_fast_or_slow_in_the_largest_unit(drift_ms: int, words: str) -> None:
    with speaking("en"):
        assert drift_words(drift_ms) == words


def test_an_answer_of_the_platform_is_told_by_its_number() -> None:
    from pos_app.domain.values.money import currency
    from ui.shell.wording import words_of

    with speaking("zh_CN"):
        assert words_of(PlatformUnavailableError(number=5002), currency("CNY")).startswith("平台存不下了")


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [
        ("address", "上海市黄浦区南京东路 100 号", "上海市黄浦区****"),
        ("address", "", ""),
        ("email", "li@example.com", "l****@example.com"),
        ("notes", "打 138 0013 8000 找她，鞋码 37", "打 ****8000 找她，鞋码 37"),
        ("name", "李小满", "李小满"),
    ],
)
def test_what_stood_in_a_field_is_shown_as_everybody_may_see_it(name: str, text: str, shown: str) -> None:
    assert masked_text(name, text) == shown


def test_a_key_that_is_masked_already_stays_so() -> None:
    assert masked_figures("138****0001") == "138****0001"
