"""Screens reach each other by name, and a result finds its way back."""

from collections.abc import Callable

import pytest

from ui.shell.navigation import Navigation
from ui.shell.screens import Screen, ScreenId

SELL, MEMBERS, REPORTS = ScreenId("sell"), ScreenId("members"), ScreenId("reports")


def _screen(name: ScreenId, permission: str | None = None) -> Screen:
    def build(_context: object) -> object:
        raise AssertionError("navigation builds nothing")

    make: Callable[..., object] = build
    return Screen(name, f"{name}.title", "x", make, permission)  # type: ignore[arg-type]


class Frame:
    """Remembers what was shown."""

    def __init__(self, *permissions: str) -> None:
        self.shown: list[tuple[ScreenId, object]] = []
        self.refused: list[ScreenId] = []
        self.navigation = Navigation(
            [_screen(SELL), _screen(MEMBERS), _screen(REPORTS, "reports.read")],
            lambda screen, args: self.shown.append((screen.id, args)),
            lambda permission: permission in permissions,
            lambda screen: self.refused.append(screen.id),
        )


def test_a_screen_opens_with_its_arguments() -> None:
    frame = Frame()
    assert frame.navigation.open(MEMBERS, "138")
    assert frame.shown == [(MEMBERS, "138")]
    assert frame.navigation.current == MEMBERS


def test_the_chosen_member_comes_back_to_the_sell_page() -> None:
    frame = Frame()
    got: list[object] = []
    frame.navigation.open(SELL)
    frame.navigation.open(MEMBERS, "choose", got.append)
    frame.navigation.finish("member 7")
    assert got == ["member 7"]
    assert [name for name, _ in frame.shown] == [SELL, MEMBERS, SELL]


def test_who_walks_away_gets_no_result() -> None:
    frame = Frame()
    got: list[object] = []
    frame.navigation.open(SELL)
    frame.navigation.open(MEMBERS, "choose", got.append)
    frame.navigation.open(SELL)
    frame.navigation.finish("member 7")
    assert got == []
    assert frame.navigation.current == SELL


def test_a_role_sees_only_what_it_may_open() -> None:
    frame = Frame()
    assert [screen.id for screen in frame.navigation.screens()] == [SELL, MEMBERS]
    assert not frame.navigation.open(REPORTS)
    assert frame.refused == [REPORTS]
    assert frame.shown == []
    assert Frame("reports.read").navigation.open(REPORTS)


def test_a_screen_that_the_till_lacks_is_a_bug() -> None:
    with pytest.raises(KeyError):
        Frame().navigation.open(ScreenId("lottery"))
    assert not Frame().navigation.has(ScreenId("lottery"))
