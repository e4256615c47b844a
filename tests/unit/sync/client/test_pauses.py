"""Tills that lost their platform do not all come back at once, and a broken platform is not hammered."""

import pytest

from sync.client.pauses import AFTER_COMMIT_S, LONGEST_S, Pauses
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import Next

SILENT = PlatformError(Number.UNREACHABLE)


def highest() -> float:
    return 0.999999


def test_after_a_good_turn_a_till_rests_as_long_as_the_platform_says_and_a_commit_wakes_it() -> None:
    pause = Pauses(highest).after_success(Next(after_ms=3_000))
    assert (pause.seconds, pause.commit_after_s) == (3.0, 0.0)


@pytest.mark.parametrize(("asked_ms", "rests"), [(0, 0.1), (-5, 0.1), (10**12, LONGEST_S)])
def test_a_platform_can_make_a_till_neither_spin_nor_sleep_for_ever(asked_ms: int, rests: float) -> None:
    assert Pauses(highest).after_success(Next(after_ms=asked_ms)).seconds == rests


def test_the_first_failure_spreads_the_tills_and_the_next_ones_rest_ever_longer_up_to_five_minutes() -> None:
    pauses = Pauses(highest)
    pauses.after_success(Next(spread_s=40))
    rests = [round(pauses.after_failure(SILENT).seconds) for _ in range(12)]
    assert rests == [40, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]
    pauses.after_success(Next(spread_s=40))
    assert round(pauses.after_failure(SILENT).seconds) == 40, "a good turn forgets what was before"


def test_chance_spreads_rests_over_the_whole_time() -> None:
    draws = iter([0.0, 0.25, 0.5, 0.75])
    pauses = Pauses(lambda: next(draws))
    assert [pauses.after_failure(SILENT).seconds for _ in range(4)] == [0.1, 1.0, 4.0, 12.0]


def test_the_wait_that_the_platform_asks_for_is_the_least() -> None:
    for chance in (0.0, 0.999):
        pause = Pauses(lambda chance=chance: chance).after_failure(
            PlatformError(Number.BUSY, retry_after_s=30)
        )
        assert 30 <= pause.seconds <= 38


def test_a_commit_tries_a_silent_line_again_but_never_knocks_at_a_busy_or_broken_platform() -> None:
    assert Pauses(highest).after_failure(SILENT).commit_after_s == AFTER_COMMIT_S
    for number in (Number.BUSY, Number.STORAGE, Number.BUG, Number.NOT_THE_PLATFORM):
        assert Pauses(highest).after_failure(PlatformError(number)).commit_after_s is None
    asked = PlatformError(Number.UNREACHABLE, retry_after_s=9)
    assert Pauses(highest).after_failure(asked).commit_after_s is None
    assert Pauses(highest).for_person().commit_after_s is None
