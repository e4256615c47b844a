"""Texts that a spreadsheet would run as a formula when it opens a CSV file, made harmless and read back as they were.

Decides by the first character, as OWASP's "CSV Injection" advises. An apostrophe goes before such a text, and before
one that begins with apostrophes and such a character, so that taking one away always gives the text back.
"""

import re

from pos_app.domain.imports.table import CellKind

_RUN = r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
"""A Chinese or Japanese Excel takes the full-width signs for formulas too."""
_DANGEROUS = re.compile("'*" + _RUN)
_PROTECTED = re.compile("'+" + _RUN)
_QUOTED = re.compile(r'="([^"]*)"')
FIRST_MARKS = frozenset("'=")
"""How a cell begins that `unprotected` may change."""


def protected(text: str) -> str:
    """Return a text as it may stand in a CSV file; a number such as -5.00 is not a text and needs none of this.

    Zero characters are left out: no text file holds one.
    """
    if "\x00" in text:
        text = text.replace("\x00", "")
    return "'" + text if _DANGEROUS.match(text) else text


def unprotected(text: str) -> tuple[str, CellKind]:
    """Return a CSV cell as it was before `protected`, or as ="0123" shows it; any other formula has no value here."""
    if _PROTECTED.match(text):
        return text[1:], CellKind.UNTYPED
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return quoted[1], CellKind.TEXT
    return text, CellKind.FORMULA if len(text) > 1 and text[0] == "=" else CellKind.UNTYPED
