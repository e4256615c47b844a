"""A code becomes a text in the language of the shop."""

import struct
from pathlib import Path

import pytest

from pos_app.words import MissingWordWarning, best_language, has_text, language, speaking, translate
from pos_app.words.build import compile_catalogue


def test_the_same_code_speaks_both_languages() -> None:
    with speaking("zh_CN"):
        assert translate("common.action.save") == "保存"
    with speaking("en"):
        assert translate("common.action.save") == "Save"


def test_a_shop_in_hong_kong_reads_traditional() -> None:
    with speaking("zh-Hant-HK"):
        assert language() == "zh_TW"
        assert translate("common.action.save") == "儲存"


@pytest.mark.parametrize(
    ("tag", "spoken"),
    [("zh-Hans-CN", "zh_CN"), ("zh", "zh_CN"), ("zh_MO", "zh_TW"), ("en_GB", "en"), ("fr_FR", "zh_CN")],
)
def test_the_nearest_language_is_spoken(tag: str, spoken: str) -> None:
    assert best_language(tag) == spoken


def test_a_count_chooses_the_plural() -> None:
    with speaking("en"):
        assert translate("common.age.minutes", count=1) == "1 minute ago"
        assert translate("common.age.minutes", count=2) == "2 minutes ago"
    with speaking("zh_CN"):
        assert translate("common.age.minutes", count=1) == "1 分钟前"


@pytest.mark.parametrize("code", ["common.no_such_text", "nonsense.title", "../common.title", ""])
def test_a_missing_text_shows_its_code_and_is_reported(code: str) -> None:
    with pytest.warns(MissingWordWarning):
        assert translate(code) == code
    assert not has_text(code)


def test_a_parameter_left_out_is_reported_but_never_raises() -> None:
    with pytest.warns(MissingWordWarning):
        assert "{percent}" in translate("common.format.off")
    with pytest.warns(MissingWordWarning):
        assert "{percent}" in translate("common.format.off", amount=3)


def test_user_text_in_a_parameter_is_never_read_as_a_format() -> None:
    with speaking("en"):
        assert translate("common.format.off", percent="{percent.__class__}") == "{percent.__class__} off"


def _po(tmp_path: Path, body: str) -> Path:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    po = folder / "noun.po"
    po.write_text('msgid ""\nmsgstr ""\n"Language: en\\n"\n\n' + body, "utf-8")
    return po


def test_compiling_twice_gives_the_same_bytes_whatever_the_order(tmp_path: Path) -> None:
    first = 'msgid "noun.a"\nmsgstr "A"\n\n'
    second = 'msgid "noun.b"\nmsgstr "B"\n\n'
    one = compile_catalogue(_po(tmp_path / "1", first + second))
    other = compile_catalogue(_po(tmp_path / "2", second + first))
    assert one == other
    assert struct.unpack("<I", one[:4])[0] == 0x950412DE


def test_a_code_written_twice_is_refused(tmp_path: Path) -> None:
    po = _po(tmp_path, 'msgid "noun.a"\nmsgstr "A"\n\nmsgid "noun.a"\nmsgstr "B"\n')
    with pytest.raises(ValueError, match="twice"):
        compile_catalogue(po)
