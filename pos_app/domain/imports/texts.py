"""Cells of words: names and notes made clean, yes and no, and who is a woman or a man.

Decides what is taken out of a text (control characters, marks that turn the direction of writing) and how long it may
be. Emoji and markup are text like any other.
"""

import re
from typing import Any

from pos_app.domain.imports.faults import CellError, Reason
from pos_app.domain.values.barcode import fold

NAME_LIMIT = 40
"""Characters of a person's name."""
TITLE_LIMIT = 120
"""Characters of a name of goods, a category, a unit, an attribute."""
NOTE_LIMIT = 2000
"""Characters of a note or an address."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]+"
)
_BLANKS = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[,，;；、|\n]+")


def clean(text: str) -> str:
    """Return a text without control characters and surrounding blanks, each run of blanks inside made one space."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return _BLANKS.sub(" ", _INVISIBLE.sub("", text)).strip()


def words(text: str, limit: int) -> str | None:
    """Return a clean text, None when nothing is left; raise CellError when it is longer than `limit` characters."""
    cleaned = clean(text)
    if len(cleaned) > limit:
        raise CellError(Reason.TOO_LONG, length=len(cleaned), limit=limit)
    return cleaned or None


def unless_same(had: Any, told: Any) -> Any:
    """Return what a cell tells, or what is known where the two differ in blanks and invisible marks only."""
    return had if isinstance(had, str) and isinstance(told, str) and clean(had) == told else told


def listed(text: str, limit: int) -> tuple[str, ...]:
    """Return the parts of a list such as 瑜伽、烘焙, clean and each once; raise CellError for one too long."""
    parts = (words(part, limit) for part in _SEPARATORS.split(text))
    return tuple(dict.fromkeys(part for part in parts if part))


_YES = frozenset((
    "是", "有", "对", "真", "y", "yes", "true", "t", "1", "√", "✓", "✔", "☑", "同意", "已同意", "启用", "允许", "on",
))  # fmt: skip
_NO = frozenset((
    "否", "无", "错", "假", "n", "no", "false", "f", "0", "×", "✗", "✘", "x", "不同意", "未同意", "禁用", "不允许",
    "off",
))  # fmt: skip


def yes_no(text: str) -> bool:
    """Read 是/否, yes/no, true/false, 1/0, √/×; raise CellError for anything else."""
    word = fold(text).casefold().removesuffix(".0")
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError(Reason.YES_NO)


_GENDERS = {
    **dict.fromkeys(
        ("女", "女性", "女士", "小姐", "太太", "f", "female", "woman", "ms", "mrs", "miss"), "female"
    ),
    **dict.fromkeys(("男", "男性", "先生", "m", "male", "man", "mr"), "male"),
    **dict.fromkeys(("保密", "未知", "不详", "其他", "无", "unknown", "secret", "other", "n/a")),
}


def gender(text: str) -> str | None:
    """Return female, male, or None for 保密; raise CellError for numbers: programs disagree on what 0 and 1 are."""
    word = fold(text).casefold().rstrip(".")
    if word not in _GENDERS:
        raise CellError(Reason.GENDER)
    return _GENDERS[word]
