"""A scanner's burst is a scan, whole; what a person types arrives, all of it, in its order."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.shell.scan_recogniser import (
    GS,
    Release,
    Scan,
    ScanRecogniser,
    ScanRules,
    Stroke,
    StrokeKind,
    Verdict,
    fold_width,
)

ENTER = "\r"
F12 = "<F12>"


def _stroke(text: str, time_ms: float, *, shift: bool = False, repeat: bool = False) -> Stroke:
    kind = StrokeKind.CHARACTER
    if text in (ENTER, "\t"):
        kind = StrokeKind.TERMINATOR
    elif len(text) > 1:
        kind = StrokeKind.OTHER
    return Stroke(kind, time_ms, text, shift=shift, repeat=repeat)


class Counter:
    """A counter with one keyboard and one scanner on it."""

    def __init__(self, rules: ScanRules | None = None) -> None:
        self.recogniser = ScanRecogniser(rules)
        self.now_ms = 0.0
        self.scans: list[Scan] = []
        self.typed: list[str] = []

    def wait(self, ms: float) -> None:
        due_ms = self._last_ms + self.recogniser.wait_ms if self.recogniser.held else None
        self.now_ms += ms
        if due_ms is not None and due_ms <= self.now_ms:
            # An alarm never rings early: a little after it was due.
            self._note(self.recogniser.tick(due_ms + 0.01))

    _last_ms = 0.0

    def strike(self, text: str, *, shift: bool = False, repeat: bool = False) -> None:
        self._last_ms = self.now_ms
        self._note(self.recogniser.feed(_stroke(text, self.now_ms, shift=shift, repeat=repeat)))

    def burst(self, text: str, end: str | None = ENTER, gap_ms: float = 5, caps: bool = False) -> None:
        for character in text:
            shift = character.isupper()
            self.strike(character.swapcase() if caps else character, shift=shift)
            self.wait(gap_ms)
        if end is not None:
            self.strike(end)

    def type(self, text: str, gap_ms: float = 83) -> None:
        for character in text:
            self.strike(character)
            self.wait(gap_ms)

    def _note(self, verdicts: list[Verdict]) -> None:
        for verdict in verdicts:
            if isinstance(verdict, Release):
                self.typed += [stroke.text for stroke in verdict.strokes]
            else:
                self.scans.append(verdict)


def test_a_burst_with_enter_is_a_scan_and_types_nothing() -> None:
    counter = Counter()
    counter.burst("6901234567892")
    assert counter.scans == [Scan("6901234567892")]
    assert counter.typed == []


def test_the_scan_is_decided_at_its_enter_and_not_by_a_timer() -> None:
    counter = Counter()
    counter.burst("6901234567892", end=None, gap_ms=5)
    assert counter.scans == []
    counter.strike(ENTER)
    assert len(counter.scans) == 1


@pytest.mark.parametrize("end", [ENTER, "\t", None])
@pytest.mark.parametrize("gap_ms", [0, 1, 8, 16, 34])
def test_any_suffix_and_any_pace_of_a_scanner(end: str | None, gap_ms: float) -> None:
    counter = Counter()
    counter.burst("6901234567892", end=end, gap_ms=gap_ms)
    counter.wait(200)
    assert counter.scans == [Scan("6901234567892")]
    assert counter.typed == []


def test_a_person_at_twelve_keys_a_second_types_into_the_field_at_once() -> None:
    counter = Counter()
    for count, character in enumerate("13812345678", start=1):
        counter.strike(character)
        counter.wait(36)
        assert len(counter.typed) == count
        counter.wait(47)
    counter.strike(ENTER)
    assert "".join(counter.typed) == "13812345678" + ENTER
    assert counter.scans == []


def test_the_enter_of_a_person_right_behind_a_digit_keeps_its_place() -> None:
    counter = Counter()
    counter.type("10")
    counter.strike("0")
    counter.wait(20)
    counter.strike(ENTER)
    assert "".join(counter.typed) == "100" + ENTER


def test_a_function_key_never_overtakes_the_digit_before_it() -> None:
    counter = Counter()
    counter.strike("5")
    counter.wait(10)
    counter.strike(F12)
    assert counter.typed == ["5", F12]


def test_two_scans_twenty_milliseconds_apart_stay_two() -> None:
    counter = Counter()
    counter.burst("6901234567892")
    counter.wait(20)
    counter.burst("6909876543217")
    assert [scan.text for scan in counter.scans] == ["6901234567892", "6909876543217"]
    assert counter.typed == []


def test_a_second_terminator_of_the_scanner_confirms_nothing() -> None:
    counter = Counter()
    counter.burst("6901234567892")
    counter.wait(3)
    counter.strike(ENTER)
    assert counter.typed == []


def test_the_enter_of_a_person_after_a_scan_counts() -> None:
    counter = Counter()
    counter.burst("6901234567892")
    counter.wait(300)
    counter.strike(ENTER)
    assert counter.typed == [ENTER]


def test_a_late_enter_of_a_wireless_scanner_confirms_nothing() -> None:
    counter = Counter()
    counter.burst("6901234567892", end=None)
    counter.wait(60)
    counter.strike(ENTER)
    assert counter.scans == [Scan("6901234567892")]
    assert counter.typed == []


def test_a_wireless_scanner_may_stutter_inside_a_code() -> None:
    counter = Counter()
    counter.burst("69012345", end=None)
    counter.wait(50)
    counter.burst("67892")
    assert [scan.text for scan in counter.scans] == ["6901234567892"]


@pytest.mark.parametrize(
    ("sent", "aim", "text"),
    [
        ("]C16901234", "]C1", "6901234"),
        ("]E06901234567892", "]E0", "6901234567892"),
        ("]Q3https://example.com/?a=1", "]Q3", "https://example.com/?a=1"),
        ("]d2" + f"01069012345678{GS}10AB", "]d2", f"01069012345678{GS}10AB"),
    ],
)
def test_the_symbology_identifier_is_told_apart_and_fnc1_is_kept(sent: str, aim: str, text: str) -> None:
    counter = Counter()
    counter.burst(sent)
    assert counter.scans == [Scan(text, aim)]


def test_capslock_does_not_change_what_was_scanned() -> None:
    counter = Counter()
    counter.burst("Abc-123-XYZ", caps=True)
    assert counter.scans == [Scan("Abc-123-XYZ")]


def test_full_width_characters_are_folded() -> None:
    counter = Counter()
    counter.burst("６９０１Ａ", end=ENTER)
    assert counter.scans[0].text.upper() == "6901A"
    assert fold_width("１２　Ａｂ！") == "12 Ab!"


def test_auto_repeat_is_never_a_scan_and_never_confirms() -> None:
    counter = Counter()
    for _ in range(30):
        counter.strike("0", repeat=True)
        counter.wait(30)
    counter.strike(ENTER, repeat=True)
    assert counter.scans == []
    assert counter.typed == ["0"] * 30


def test_three_zeros_of_one_keypad_key_are_typed() -> None:
    counter = Counter()
    counter.burst("000", end=None, gap_ms=2)
    counter.wait(80)
    counter.strike(ENTER)
    assert "".join(counter.typed) == "000" + ENTER


def test_a_configured_prefix_makes_even_a_slow_short_code_a_scan() -> None:
    counter = Counter(ScanRules(prefix="~"))
    counter.burst("~42", end=ENTER, gap_ms=90)
    assert counter.scans == [Scan("42")]
    counter.type("42")
    assert "".join(counter.typed) == "42"


def test_a_known_scanner_needs_no_speed() -> None:
    counter = Counter()
    recogniser = counter.recogniser
    assert recogniser.feed(Stroke(StrokeKind.CHARACTER, 0, "7", scanner=True)) == []
    assert recogniser.feed(Stroke(StrokeKind.CHARACTER, 100, "8", scanner=True)) == []
    assert recogniser.feed(Stroke(StrokeKind.TERMINATOR, 200, ENTER)) == [Scan("78")]


def test_a_stream_without_end_is_cut_and_held_no_longer() -> None:
    counter = Counter(ScanRules(longest=50))
    counter.burst("9" * 120, end=None, gap_ms=1)
    counter.wait(200)
    assert "".join(scan.text for scan in counter.scans) == "9" * 120
    assert counter.recogniser.held == 0


@dataclass(frozen=True)
class Act:
    """What happens at the counter next."""

    scanned: str
    typed: str
    end: str | None
    gap_ms: float
    pause_ms: float


CODES = st.text("0123456789ABCDEFxyz-/]", min_size=4, max_size=30).filter(lambda t: not t.startswith("]"))
ACTS = st.builds(
    Act,
    scanned=st.one_of(st.just(""), CODES),
    typed=st.text("0123456789abcdefgh *." + ENTER, max_size=8),
    end=st.sampled_from([ENTER, "\t", None]),
    gap_ms=st.floats(0, 34),
    pause_ms=st.floats(150, 400),
)


@given(st.lists(ACTS, max_size=8), st.floats(70, 300))
def test_whatever_is_scanned_and_typed_in_turn_nothing_is_lost_doubled_or_mixed(
    acts: list[Act], typing_ms: float
) -> None:
    counter = Counter()
    for act in acts:
        counter.type(act.typed, gap_ms=typing_ms)
        counter.wait(act.pause_ms)
        if act.scanned:
            counter.burst(act.scanned, end=act.end, gap_ms=act.gap_ms)
            counter.wait(act.pause_ms)
    counter.wait(500)
    assert [scan.text.lower() for scan in counter.scans] == [a.scanned.lower() for a in acts if a.scanned]
    assert "".join(counter.typed) == "".join(act.typed for act in acts)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*"0123abcXYZ]~*", ENTER, "\t", F12]),
            st.floats(0, 200),
            st.booleans(),
            st.booleans(),
        ),
        max_size=60,
    )
)
def test_no_stroke_is_ever_lost_or_doubled_whatever_its_timing(
    strokes: list[tuple[str, float, bool, bool]],
) -> None:
    counter = Counter()
    for text, pause_ms, shift, repeat in strokes:
        counter.strike(text, shift=shift, repeat=repeat)
        counter.wait(pause_ms)
    counter.wait(500)
    seen = len("".join(t for t in counter.typed if t not in (ENTER, "\t", F12)))
    seen += sum(len(scan.text) + len(scan.aim) for scan in counter.scans)
    assert seen == sum(text not in (ENTER, "\t", F12) for text, *_ in strokes)
    assert counter.typed.count(F12) == sum(text == F12 for text, *_ in strokes)
