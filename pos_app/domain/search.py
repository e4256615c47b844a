"""How names and numbers are found: folded text, pinyin, initials, digits.

Decides the texts a thing matches by, the keys they stand under and the form in which a question is asked; look-up is
the store's. For members there is one rule at every length: what is typed occurs in her folded name, or at the start of
a syllable of her pinyin, or of her initials, or anywhere in the digits of a phone; or it is a card number, WeChat id
or e-mail as a whole.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate

from pos_app.domain.errors import ExpectedError
from pos_app.domain.member_keys import normalised
from pos_app.domain.members import KeyKind
from pos_app.domain.pinyin import as_it_is, combinations, spelling

MAX_KEY = 32
"""How many characters of a text stand in a key; a longer question is compared with the text itself as well."""
CACHED_NAMES = 16_384
"""Names whose texts are kept: many people share one."""
_NEXT = "\x1f"
_START = "\x1e"
"""Before each place from which a text with letters is read: pinyin matches only from a syllable's start."""
_COUNTRY = re.compile(r"\+86|(?:0086|86(?=[0-9]{11}$))(?=1[3-9])")
_NUMBER = re.compile(r"[+0-9]+")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0010ffff]")
_PARTS = re.compile(r"[\u3400-\u9fff\U00020000-\U0010ffff]|[^\u3400-\u9fff\U00020000-\U0010ffff]+")
_PLAIN = re.compile(r"[0-9\u3400-\u9fff\U00020000-\U0010ffff]+")
_NOISE = re.compile(r"[\s\-\u2010-\u2015().·\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Return text for comparing: NFKC, lower case, ü as v, without blanks, dots and dashes."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("ü", "v")
    return plain if plain.isalnum() else "".join(c for c in plain if c.isalnum())


def has_han(text: str) -> bool:
    """Whether a text holds a Chinese character."""
    return _HAN.search(text) is not None


def asked(text: str) -> str:
    """Return a question as it is compared: folded, a number without +86, 0086, or 86 before eleven digits."""
    number = _NOISE.sub("", unicodedata.normalize("NFKC", text))
    if _NUMBER.fullmatch(number):
        number = _COUNTRY.sub("", number, count=1) if _COUNTRY.match(number) else number
        return number.replace("+", "")
    return folded(text)


def whole_keys(text: str, region: str) -> tuple[tuple[str, str], ...]:
    """Return the keys, kind and value, that a text may be as a whole.

    A phone only where its digits do not show it: with a trunk 0 or a country code, which `region` resolves.
    """
    kinds = [KeyKind.CARD, KeyKind.WECHAT, KeyKind.EMAIL]
    number = _NOISE.sub("", unicodedata.normalize("NFKC", text))
    if number[:1] in ("0", "+") and _NUMBER.fullmatch(number):
        kinds.append(KeyKind.PHONE)
    found = []
    for kind in kinds:
        try:
            found.append((kind.value, normalised(kind, text, region)))
        except ExpectedError:
            continue
    return tuple(found)


def member_text(name: str | None, phones: Iterable[str]) -> str:
    """Return the texts a member matches by, joined: what `member_keys` takes apart and `needle` is looked for in.

    `phones` in E.164; +86 is left out. Empty without name and phone.
    """
    digits = [phone.removeprefix("+86").removeprefix("+") for phone in phones]
    return _NEXT.join([_name_text(folded(name)), *digits]) if name else _NEXT.join(digits)


@lru_cache(maxsize=CACHED_NAMES)
def _name_text(name: str) -> str:
    """Return a folded name's texts: itself, then every start of letters after a mark."""
    readable = _HAN.search(name) is not None
    if not name:
        return ""
    if _PLAIN.fullmatch(name):
        return name + _marked(_pinyin_starts(name)) if readable else name
    starts = [name[i:] for i in range(len(name))]
    return _marked([*starts, *_pinyin_starts(name)] if readable else starts)


def _marked(starts: Iterable[str]) -> str:
    return _START + _START.join(dict.fromkeys(starts))


def _pinyin_starts(name: str) -> list[str]:
    """Return pinyin and initials of a name from every syllable to the end; a run of letters is one syllable."""
    spelled = [spelling(part) if _HAN.match(part) else as_it_is(part) for part in _PARTS.findall(name)]
    starts: list[str] = []
    for way in combinations([each.syllables for each in spelled]):
        starts += accumulate(reversed(way), _before)
    for letters in combinations([each.initials for each in spelled]):
        starts += accumulate(reversed(letters), _before)
    return starts


def _before(tail: str, part: str) -> str:
    return part + tail


def member_keys(text: str) -> list[str]:
    """Return the keys of a member's texts in order: every place from which one can be read, at most MAX_KEY long.

    A key with which another one begins is left out: whoever looks for it finds the longer one.
    """
    keys: list[str] = []
    for part in text.split(_NEXT):
        plain, *starts = part.split(_START)
        keys += [plain[i : i + MAX_KEY] for i in range(len(plain))]
        keys += [start[:MAX_KEY] for start in starts]
    keys.sort()
    longer = [*keys[1:], ""]
    return [key for key, after in zip(keys, longer, strict=False) if not after.startswith(key)]


def needle(question: str) -> str:
    """Return what stands in the texts of a member whom a question matches (see `asked`), and in no other's."""
    return question if _PLAIN.fullmatch(question) else _START + question


def name_keys(name: str) -> set[str]:
    """Return the keys under which the name of goods is found.

    From each word's start (each character, in Chinese) to the end: as text, as pinyin and as initials, each at most
    MAX_KEY characters.
    """
    keys = {folded(name[i:])[:MAX_KEY] for i in _starts(name)}
    plain = folded(name)
    if has_han(plain):
        keys |= {start[:MAX_KEY] for start in _pinyin_starts(plain)}
    keys.discard("")
    return keys


def _starts(name: str) -> Sequence[int]:
    """Return where a word starts: every Chinese character, and each other run of letters or digits."""
    starts, inside = [], ""
    for index, char in enumerate(name):
        kind = "han" if has_han(char) else "word" if char.isalnum() else ""
        if kind and (kind == "han" or kind != inside):
            starts.append(index)
        inside = kind
    return starts
