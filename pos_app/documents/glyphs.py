"""Text made safe to draw: what the bundled font lacks becomes its code point, what controls devices goes.

Decides the one replacement that screen, raster, text and PDF share (DESIGN.md §6): 𠮷 is shown as
``[U+20BB7]``, never as an empty box. Nothing that passes here can be a control of a printer, a terminal or a
bidirectional trick of a text. Does not measure and does not break lines.
"""

import unicodedata
from functools import lru_cache

from pos_app.documents.fonts import coverage

# Marks without a shape of their own: they would be drawn as an empty box or turn the text around.
_INVISIBLE = frozenset(
    [
        *(chr(c) for c in range(0x200B, 0x2010)),
        *(chr(c) for c in range(0x202A, 0x202F)),
        *(chr(c) for c in range(0x2060, 0x2070)),
        *(chr(c) for c in range(0xFE00, 0xFE10)),
        *(chr(c) for c in range(0xE0100, 0xE01F0)),
        "\u00ad",
        "\ufeff",
        "\u061c",
        "\u180e",
    ]
)
_SPACES = frozenset(
    [*"\t\v\f\u0085\u00a0\u1680\u202f\u205f\r\n\u2028\u2029", *(chr(c) for c in range(0x2000, 0x200B))]
)


def drawable(text: str) -> str:
    """Return one line of text that the bundled font draws in full, with no control character in it.

    Line ends, tabs and odd spaces become one plain space each; other controls and invisible marks are dropped;
    a character without a glyph becomes ``[U+XXXX]``. Drawable text is returned unchanged.
    """
    return "".join(_drawable_char(char) for char in _composed(text))


def drawable_lines(text: str) -> list[str]:
    """Return the lines of a text, each as `drawable` gives it; an empty text is one empty line."""
    return [drawable(line) for line in text.splitlines()] or [""]


def _composed(text: str) -> str:
    # A letter and its accent may come apart; the composed letter has a glyph where the accent alone has none.
    return text if text.isascii() else unicodedata.normalize("NFC", text)


@lru_cache(maxsize=8192)
def _drawable_char(char: str) -> str:
    if char in _SPACES:
        return " "
    if char in _INVISIBLE or unicodedata.category(char) == "Cc":
        return ""
    code_point = ord(char)
    if code_point in coverage(False) and code_point in coverage(True):
        return char
    return f"[U+{code_point:04X}]"
