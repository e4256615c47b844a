"""What a record is that the platform cannot read yet is told in words, never by its name in the program alone."""

import pytest

from pos_app.domain.facts.codec import KINDS
from pos_app.words import has_text, speaking
from ui.sync.items import record_words


@pytest.mark.parametrize("lang", ["zh_CN", "zh_TW", "en"])
def test_every_kind_of_record_has_words_of_its_own(lang: str) -> None:
    with speaking(lang):
        without = [kind for kind in KINDS if not has_text(f"sync.record.{kind}")]
        told = {kind: record_words(kind) for kind in KINDS}
    assert without == []
    assert [kind for kind, words in told.items() if kind in words] == []
    assert len(set(told.values())) == len(KINDS)


@pytest.mark.parametrize("kind", ["gold.melted", "unsent", "", "../sale.committed", "{kind}"])
def test_a_kind_from_a_newer_version_is_said_to_be_one(kind: str) -> None:
    with speaking("zh_CN"):
        assert record_words(kind) == f"这个版本不认识的种类：{kind}"
    with speaking("en"):
        assert record_words(kind) == f"a kind that this version does not know: {kind}"
