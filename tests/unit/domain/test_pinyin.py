"""Characters are read as names are: surnames in their own way too, ü on any keyboard."""

import subprocess
import sys

import pytest

from pos_app.domain.pinyin import MAX_COMBINATIONS, _table, combinations, spelling


@pytest.mark.parametrize(
    ("character", "syllables"),
    [
        ("王", ("wang",)),
        ("曾", ("zeng", "ceng")),
        ("单", ("shan", "dan", "chan")),
        ("解", ("xie", "jie")),
        ("仇", ("qiu", "chou")),
        ("查", ("zha", "cha")),
        ("朴", ("piao", "pu")),
        ("区", ("ou", "qu")),
        ("盖", ("ge", "gai")),
        ("任", ("ren",)),
        ("华", ("hua",)),
        ("吕", ("lv", "lu")),
        ("女", ("nv", "nu")),
        ("略", ("lve", "lue")),
        ("䶮", ("yan",)),
        ("喆", ("zhe",)),
        ("\U000e0100", ("\U000e0100",)),
    ],
)
def test_a_character_is_read_as_in_names(character: str, syllables: tuple[str, ...]) -> None:
    assert spelling(character).syllables == syllables
    assert spelling(character).initials == tuple(dict.fromkeys(s[0] for s in syllables))


def test_every_way_of_reading_a_name_is_taken_and_the_surname_first() -> None:
    assert combinations([("zeng", "ceng"), ("le", "yue")]) == [
        ("zeng", "le"),
        ("ceng", "le"),
        ("zeng", "yue"),
        ("ceng", "yue"),
    ]


def test_a_name_of_forty_polyphones_has_a_bounded_number_of_readings() -> None:
    assert len(combinations([("shan", "dan", "chan")] * 40)) == MAX_COMBINATIONS


def test_the_table_is_not_loaded_before_somebody_is_read_and_phrases_never() -> None:
    code = (
        "import sys, pos_app.domain.search as s, pos_app.domain.pinyin as p; a = p._table.cache_info().currsize;"
        "s.member_text('王', []); print(a, p._table.cache_info().currsize, 'pypinyin.phrases_dict' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "1", "False"]


def test_the_table_is_that_of_the_package() -> None:
    from pypinyin.pinyin_dict import pinyin_dict

    assert _table() == pinyin_dict
