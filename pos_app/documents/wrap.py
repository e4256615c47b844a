"""Line breaking for Chinese and Latin text together.

Decides where a line may break: at spaces, between Han characters, never before closing or after opening
punctuation (禁则; GB/T 15834-2011, W3C "Requirements for Chinese Text Layout" §3.1.2); a word that is wider than
the line is cut. Widths are given by the caller, in whatever unit it draws in.
"""

from collections.abc import Callable, Iterator

Advance = Callable[[str], float]
"""Width of one character."""

_NOT_FIRST = frozenset("，。、；：？！）】》」』〉”’…—·～,.;:?!)]}%℃°折元角分件年月日")
_NOT_LAST = frozenset("（【《「『〈“‘([{¥$€£#")


def wrap(text: str, width: float, advance: Advance) -> list[str]:
    """Break drawable text into lines no wider than `width`; an empty text is one empty line.

    A single character that is wider than the line stands alone on it.
    """
    lines: list[str] = []
    line, used = "", 0.0
    for word in _words(text):
        size = sum(map(advance, word))
        if line and used + sum(map(advance, word.rstrip())) > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
            if not word.strip():
                continue
        if size > width and sum(map(advance, word.rstrip())) > width:
            *whole, word = _cut(word, width, advance)
            lines += whole
            size = sum(map(advance, word))
        line, used = line + word, used + size
    lines.append(line.rstrip())
    return lines


def _words(text: str) -> Iterator[str]:
    """Yield what must stay on one line, each with the spaces that follow it."""
    word = ""
    for at, char in enumerate(text):
        if word and _may_break(text[at - 1], char):
            yield word
            word = ""
        word += char
    if word:
        yield word


def _may_break(before: str, after: str) -> bool:
    if after == " ":
        return False
    if before == " ":
        return True
    if after in _NOT_FIRST or before in _NOT_LAST:
        return False
    return is_wide(before) or is_wide(after)


def _cut(word: str, width: float, advance: Advance) -> list[str]:
    pieces, piece, used = [], "", 0.0
    for char in word:
        size = advance(char)
        if piece and used + size > width:
            pieces.append(piece)
            piece, used = "", 0.0
        piece, used = piece + char, used + size
    return [*pieces, piece]


def is_wide(char: str) -> bool:
    """Say whether a character takes two columns (Han, kana, hangul, full-width forms)."""
    code = ord(char)
    return (
        0x2E80 <= code <= 0xA4CF
        or 0xAC00 <= code <= 0xD7A3
        or 0xF900 <= code <= 0xFAFF
        or 0xFE30 <= code <= 0xFE6F
        or 0xFF00 <= code <= 0xFF60
        or 0xFFE0 <= code <= 0xFFE6
        or 0x1100 <= code <= 0x115F
        or 0x20000 <= code <= 0x3FFFD
    )
