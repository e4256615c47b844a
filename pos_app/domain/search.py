"""How names are found: folded text, pinyin and initials.

Decides the keys under which a name stands and the form in which a question is asked; look-up is the store's.
"""

import unicodedata
from itertools import product

MAX_KEY = 32
MAX_READINGS = 4


def folded(text: str) -> str:
    """Return text for comparing: NFKC, lower case, ü as v, without blanks, dots and dashes."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ü", "v")
    return "".join(c for c in plain if c.isalnum())


def has_han(text: str) -> bool:
    """Whether a text holds a Chinese character."""
    return any("\u3400" <= c <= "\u9fff" or c >= "\U00020000" for c in text)


def name_keys(name: str) -> set[str]:
    """Return the keys under which a name is found.

    From each word's start (each character, in Chinese) to the end: as text, as pinyin and as initials, each at most
    MAX_KEY characters.
    Characters with several readings stand under each, up to MAX_READINGS combinations of initials.
    """
    keys = {folded(name[i:])[:MAX_KEY] for i in _starts(name)}
    if has_han(name):
        keys |= _pinyin_keys(name)
    keys.discard("")
    return keys


def _starts(name: str) -> list[int]:
    """Return where a word starts: every Chinese character, and each other run of letters or digits."""
    starts, inside = [], ""
    for index, char in enumerate(name):
        kind = "han" if has_han(char) else "word" if char.isalnum() else ""
        if kind and (kind == "han" or kind != inside):
            starts.append(index)
        inside = kind
    return starts


def _pinyin_keys(name: str) -> set[str]:
    from pypinyin import Style, pinyin

    keys: set[str] = set()
    readings = [
        [folded(r) for r in options]
        for options in pinyin(name, style=Style.NORMAL, heteronym=True, errors=list)  # type: ignore[arg-type]
    ]
    first = [options[0] for options in readings]
    for index in range(len(readings)):
        keys.add("".join(first[index:])[:MAX_KEY])
        initials = [sorted({r[:1] for r in options}) for options in readings[index : index + MAX_KEY]]
        for count, combination in enumerate(product(*initials)):
            if count == MAX_READINGS:
                break
            keys.add("".join(combination))
    return keys
