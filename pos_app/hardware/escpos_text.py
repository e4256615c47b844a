"""Text that a printer writes with its own font: which characters it has, and their bytes.

A person has chosen the charset by looking at a printed page (`sample_parts`); nothing is guessed. Decides how a
character is folded onto one that the printer has, when Han mode is on, and which samples are printed. Sources: GB
18030-2005 and GBK as the codecs of Python have them; of the four-byte forms only CJK extension A (U+3400–4DBF), which
is what printers with a GB18030 font carry. In these charsets every second byte is 0x30 or more, so that no text
holds a command.
"""

from dataclasses import dataclass
from functools import lru_cache

from pos_app.documents.page import Page, Text
from pos_app.documents.renderers.lines import Drawn, Font, Part, Written
from pos_app.domain.printer_options import CHARSETS, DOTS, LATIN_ONLY, LATINS
from pos_app.hardware import commands

_FOLDED = {"\u2212": "-", "\u2022": "\u00b7", "\u2032": "'"}
_YUAN_IN_HAN = {"\u00a5": "\uffe5"}
"""The half-width sign of the yuan is in no charset of Han characters; the full-width one is in each."""
_CODECS = {"big5": "cp950"}
"""Python's own Big5 has the sign of the yuan at another place than printers, which follow Microsoft's."""

SAMPLES = {
    "gb18030": "熟客 收银 ￥12.30 镕 㛃",
    "gbk": "熟客 收银 ￥12.30 镕",
    "gb2312": "熟客 收银 ￥12.30",
    "big5": "熟客 收銀 ￥12.30",
    "cp437": "Café Señor ¥12.30",
    "cp858": "Café Señor €12.30",
    "cp1252": "Café “Señor” €12.30",
}
"""What each charset is tried with: characters that only this one and wider ones have."""


@dataclass(frozen=True, slots=True)
class Charset:
    """What a printer writes: `han` of `CHARSETS`, or None; `latin` of `LATINS`, or None."""

    han: str | None = None
    latin: str | None = None

    @property
    def font(self) -> Font:
        """What lines are set with."""
        return Font(self.width_of, self.has)

    def width_of(self, char: str) -> int:
        """Return the columns of a character: what takes more than a byte of Han is as wide as Han."""
        found = _code(self, char)
        return 2 if found is not None and found[0] else 1

    def has(self, text: str) -> bool:
        """Whether every character of a text can be written."""
        return all(_code(self, char) is not None for char in text)

    def encode(self, text: str) -> bytes:
        """Return the bytes of a text that it `has`, with the commands between Han and letters; ends in Han mode."""
        out, in_han = bytearray(), self.han is not None
        for char in text:
            found = _code(self, char)
            assert found is not None, "only what the printer has is written"
            is_han, code = found
            high = code[0] > 0x7F
            if high and is_han is not in_han:
                out += commands.HAN_ON if is_han else commands.HAN_OFF
                in_han = is_han
            out += code
        if self.han is not None and not in_han:
            out += commands.HAN_ON
        return bytes(out)

    def begin(self) -> bytes:
        """Return what prepares the printer, after ESC @."""
        page = commands.code_page(self.latin) if self.latin else b""
        return page + (commands.HAN_ON if self.han else commands.HAN_OFF)


@lru_cache(maxsize=16384)
def _code(charset: Charset, char: str) -> tuple[bool, bytes] | None:
    """Return whether a character is one of Han mode, and its bytes; None when the printer lacks it."""
    char = _FOLDED.get(char, char)
    if char.isascii():
        return (False, char.encode()) if char.isprintable() else None
    if charset.han is not None:
        found = _encoded(_YUAN_IN_HAN.get(char, char), charset.han)
        if found is not None and (len(found) == 2 or 0x3400 <= ord(char) <= 0x4DBF):
            return True, found
    if charset.latin is not None:
        found = _encoded(char, charset.latin)
        if found is not None:
            return False, found
    return None


def _encoded(char: str, codec: str) -> bytes | None:
    try:
        return char.encode(_CODECS.get(codec, codec))
    except UnicodeEncodeError:
        return None


def charset_of(text: str, latin: str) -> Charset | None:
    """Return the charset of a printer's options; None when documents go out as dots."""
    if text == DOTS:
        return None
    return Charset(None if text == LATIN_ONLY else text, latin or None)


def sample_parts() -> list[tuple[Charset, Part]]:
    """Return what is printed so that a person sees what the printer can: each sample drawn, then written."""
    parts: list[tuple[Charset, Part]] = []
    for place, name in enumerate((*CHARSETS, *LATINS), start=1):
        charset = Charset(han=name) if name in CHARSETS else Charset(latin=name)
        drawn = Page((Text(f"{place}  {SAMPLES[name]}"),))
        parts += [(charset, Drawn(drawn)), (charset, Written(f"{place}  {SAMPLES[name]}"))]
    return parts
