"""Tells a scanner's burst from a person's typing; knows no Qt.

**Hold back briefly, then release.** A character is kept for ``gap_ms`` (35 ms). Silence after it: it was
typed, and goes to the field, too soon for a person to see the wait (12 keys a second leave 80 ms). Another
character within the gap: the run grows and stays held. So a scan is never seen by a PIN, a discount or a note,
not even for a moment. The other design, letting characters through and taking them back, was refused: a PIN
that signs in at its fourth digit or a search that starts at a keystroke cannot be taken back.

A run is a scan when Enter or Tab ends it (``least_ended`` characters), when it falls silent long enough to be
no person (``least_bare``: no one strikes four keys at 35 ms), when its device is known to be a scanner, or
when it starts with the configured prefix or an AIM identifier (ISO/IEC 15424). Its terminator decides at once,
with no timer on that path, and is consumed: it never confirms anything, nor does a second terminator
(CR LF) right behind it. Auto-repeat is never part of a scan and an auto-repeated Enter is consumed.

Time is passed in, so the same strokes always give the same answer. What a scan means is decided by the page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

GS = "\x1d"
"""GS1 separator: a scanner sends FNC1 inside a code as this character (GS1 General Specifications 7.8)."""

_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")


class StrokeKind(Enum):
    """What a key event is to the recogniser."""

    CHARACTER = auto()
    TERMINATOR = auto()
    UP = auto()
    """A key let go, or a modifier key alone: keeps its place in the order, says nothing of timing."""
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Stroke:
    """One key event; ``payload`` is carried through untouched, so it can be delivered later."""

    kind: StrokeKind
    time_ms: float
    text: str = ""
    shift: bool = False
    repeat: bool = False
    scanner: bool = False
    payload: object = None


@dataclass(frozen=True, slots=True)
class Scan:
    """A whole code, folded and mended; ``aim`` is its symbology identifier such as ``]C1``, or empty."""

    text: str
    aim: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """Strokes that turned out to be typing, in the order they came."""

    strokes: tuple[Stroke, ...]


Verdict = Scan | Release


@dataclass(frozen=True, slots=True)
class ScanRules:
    """Timing and marks of the shop's scanners; defaults fit keyboard wedges at 1–30 ms a character."""

    gap_ms: float = 35
    run_gap_ms: float = 60
    """Patience inside a run that is already ``least_bare`` long: wireless scanners stutter."""
    marked_gap_ms: float = 120
    """Patience after the prefix, or from a device known to be a scanner."""
    echo_ms: float = 80
    """How long after a scan a further terminator still belongs to it."""
    least_ended: int = 3
    least_bare: int = 4
    longest: int = 4096
    prefix: str = ""


class ScanRecogniser:
    """Feed it every key event in order, and ``tick`` it when ``wait_ms`` has passed without one."""

    def __init__(self, rules: ScanRules | None = None) -> None:
        self.rules = rules or ScanRules()
        self._held: list[Stroke] = []
        self._characters: list[Stroke] = []
        self._last_ms = 0.0
        self._scan_ended_ms: float | None = None

    @property
    def held(self) -> int:
        """Number of strokes that wait for a verdict."""
        return len(self._held)

    @property
    def run_length(self) -> int:
        """Number of characters of the run so far; at 3 it is faster than a person."""
        return len(self._characters)

    @property
    def wait_ms(self) -> float:
        """Return how long to wait after the last character before ``tick`` decides."""
        rules = self.rules
        if self._marked():
            return rules.marked_gap_ms
        return rules.run_gap_ms if len(self._characters) >= rules.least_bare else rules.gap_ms

    def feed(self, stroke: Stroke) -> list[Verdict]:
        """Take one stroke; return what is decided by it, oldest first. Strokes without verdict are held."""
        verdicts: list[Verdict] = []
        if stroke.kind is StrokeKind.UP:
            if self._held:
                self._held.append(stroke)
                return verdicts
            return [Release((stroke,))]
        if self._held and stroke.time_ms - self._last_ms > self.wait_ms:
            verdicts += self.flush(self._last_ms + self.wait_ms)
        if stroke.repeat:
            verdicts += self.flush(stroke.time_ms)
            if stroke.kind is not StrokeKind.TERMINATOR:
                verdicts.append(Release((stroke,)))
        elif stroke.kind is StrokeKind.CHARACTER:
            verdicts += self._hold(stroke)
        elif stroke.kind is StrokeKind.TERMINATOR:
            verdicts += self._terminate(stroke)
        else:
            verdicts += self.flush(stroke.time_ms)
            verdicts.append(Release((stroke,)))
        return verdicts

    def tick(self, time_ms: float) -> list[Verdict]:
        """Decide what is held if it has been silent for longer than ``wait_ms``."""
        if self._held and time_ms - self._last_ms >= self.wait_ms:
            return self.flush(time_ms)
        return []

    def flush(self, time_ms: float) -> list[Verdict]:
        """Decide now: a click, another window, a key that is no character."""
        if not self._held:
            return []
        if self._is_scan(self.rules.least_bare):
            return [self._scan(time_ms)]
        return [self._release()]

    def _hold(self, stroke: Stroke) -> list[Verdict]:
        self._held.append(stroke)
        self._characters.append(stroke)
        self._last_ms = stroke.time_ms
        if len(self._characters) >= self.rules.longest:
            return [self._scan(stroke.time_ms)]
        return []

    def _terminate(self, stroke: Stroke) -> list[Verdict]:
        if self._is_scan(self.rules.least_ended):
            return [self._scan(stroke.time_ms)]
        verdicts: list[Verdict] = [self._release()] if self._held else []
        ended = self._scan_ended_ms
        if not verdicts and ended is not None and 0 <= stroke.time_ms - ended <= self.rules.echo_ms:
            return []
        verdicts.append(Release((stroke,)))
        return verdicts

    def _text(self) -> str:
        return "".join(stroke.text for stroke in self._characters)

    def _marked(self) -> bool:
        if not self._characters:
            return False
        if self._characters[0].scanner:
            return True
        prefix = self.rules.prefix
        return bool(prefix) and self._text()[: len(prefix)] == prefix[: len(self._characters)]

    def _is_scan(self, least: int) -> bool:
        if not self._characters:
            return False
        if self._characters[0].scanner:
            return True
        prefix = self.rules.prefix
        if prefix and self._text().startswith(prefix) and len(self._characters) > len(prefix):
            return True
        return len(self._characters) >= least

    def _release(self) -> Release:
        strokes = tuple(self._held)
        self._clear()
        return Release(strokes)

    def _scan(self, time_ms: float) -> Scan:
        text = mend(self._characters)
        self._clear()
        self._scan_ended_ms = time_ms
        prefix = self.rules.prefix
        if prefix and text.startswith(prefix):
            text = text[len(prefix) :]
        match = _AIM.match(text)
        if match:
            return Scan(text[match.end() :], match.group())
        return Scan(text)

    def _clear(self) -> None:
        self._held = []
        self._characters = []


def fold_width(text: str) -> str:
    """Return ``text`` with full-width forms (U+FF01–FF5E, U+3000) made plain: ``１２Ａ`` is ``12A``."""
    return text.translate(_FOLD)


_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def mend(strokes: Sequence[Stroke]) -> str:
    """Return the code as printed: full width folded, and letters as Shift meant them when CapsLock is on.

    A scanner sends Shift for a capital. A small letter with Shift, or a capital without, for *every* letter
    of the code, means that CapsLock turned them over; a single contrary letter means that it did not.
    """
    texts = [fold_width(stroke.text) for stroke in strokes]
    letters = [
        (text, stroke.shift)
        for text, stroke in zip(texts, strokes, strict=True)
        if len(text) == 1 and text.isascii() and text.isalpha()
    ]
    if letters and all(letter.isupper() != shift for letter, shift in letters):
        return "".join(text.swapcase() if text.isascii() else text for text in texts)
    return "".join(texts)
