"""An import that is killed anywhere and run again leaves the shop as if nothing had happened."""

import signal
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp

import pytest

from tests.e2e.import_kill import shop
from tests.support.import_files import GOODS_HEADINGS, write_csv
from ui.main import Home

SEED = 20261123
POINTS = 20
MEMBER_HEADINGS = ("姓名", "手机号", "会员卡号", "生日", "备注")
MEMBERS, GOODS = 300, 200


def _members(changed: bool) -> list[tuple[str, ...]]:
    """Return rows of members; `changed`: some have another birthday, some are new, some cannot be taken."""
    names = ("王小满", "李晓燕", "曾国强", "单雄信", "欧阳娜娜", "吕布", "Anna")
    count = MEMBERS if changed else MEMBERS * 2 // 3
    rows: list[tuple[str, ...]] = []
    for number in range(count):
        birthday = "1990-05-06" if changed and number % 4 == 0 else ""
        phone = f"1380013{number:04d}" if number % 9 else ""
        rows.append((names[number % 7], phone, f"C{number:06d}", birthday, ""))
    if changed:
        rows[17] = ("陈错", "138001", "", "", "")
        rows[33] = rows[32]
    return rows


def _goods(changed: bool) -> list[tuple[str, ...]]:
    count = GOODS if changed else GOODS // 2
    return [
        (f"G{n:05d}", f"奶粉 {n} 段", f"20{n:05d}{_check(n)}", "母婴", f"{n % 90 + changed * (n % 3)}.50")
        for n in range(1, count)
    ]


def _check(number: int) -> str:
    """Return the check digit of an EAN-8 in 20 with a number of five digits."""
    digits = [int(d) for d in f"20{number:05d}"]
    return str(-sum(d * (3 if place % 2 == 0 else 1) for place, d in enumerate(digits)) % 10)


@lru_cache(maxsize=2)
def _made(kind: str) -> tuple[Home, Path]:
    """Return a shop with a first file of a kind in it, and the second file."""
    folder = Path(mkdtemp(prefix="shuke-import-kill-"))
    rows, headings = (_members, MEMBER_HEADINGS) if kind == "members" else (_goods, GOODS_HEADINGS)
    first = write_csv(folder / "first.csv", headings, rows(False))
    second = write_csv(folder / "second.csv", headings, rows(True))
    home = shop.found(folder / "shop")
    assert shop.bring_in(home, kind, first).told.refused_count == 0
    return home, second


@lru_cache(maxsize=2)
def _undisturbed(kind: str) -> tuple[dict[str, list[str]], list[str]]:
    """Return what a shop holds after the second file, and the state after each transaction on the way."""
    home, second = _made(kind)
    calm = shop.copied(home, second.parent / "calm")
    done = shop.run(calm, "trace", "import", kind, str(second))
    assert done.returncode == 0, done.stderr
    return shop.contents(calm), done.stderr.split()


def _points(states: Sequence[str], count: int) -> list[str]:
    """Return points of a way: both sides of each change of state, the first and last, and seeded ones."""
    flips = [n for n in range(2, len(states) + 1) if states[n - 1] != states[n - 2]]
    chosen = [f"{n}:{side}" for n in flips for side in ("before", "after")] + ["1:before", "1:after"]
    rest = [f"{n}:{side}" for n in range(2, len(states)) for side in ("before", "after")]
    Random(SEED).shuffle(rest)
    return list(dict.fromkeys([*chosen, *rest]))[:count]


def _held_after_kills(kind: str, points: Sequence[str], folder: Path) -> list[dict[str, list[str]]]:
    home, second = _made(kind)
    held = []
    for number, point in enumerate(points):
        here = shop.copied(home, folder / f"killed-{number}")
        killed = shop.run(here, point, "import", kind, str(second))
        assert killed.returncode == -signal.SIGKILL, f"{point}: {killed.stderr}"
        shop.bring_in(here, kind, second)
        assert shop.is_true(here), point
        held.append(shop.contents(here))
    return held


def test_members_killed_at_twenty_points_and_imported_again_are_all_there_once(tmp_path: Path) -> None:
    expected, states = _undisturbed("members")
    points = _points(states, POINTS)
    assert len(points) == POINTS
    assert {"staging", "published", "settled"} <= set(states)
    for point, held in zip(points, _held_after_kills("members", points, tmp_path), strict=True):
        assert held == expected, point


def test_goods_killed_and_imported_again_are_all_there_once(tmp_path: Path) -> None:
    expected, states = _undisturbed("catalogue")
    points = _points(states, 6)
    for point, held in zip(points, _held_after_kills("catalogue", points, tmp_path), strict=True):
        assert held == expected, point


@pytest.mark.parametrize("kind", ["members", "catalogue"])
def test_taking_back_is_whole_wherever_it_is_killed(kind: str, tmp_path: Path) -> None:
    home, second = _made(kind)
    before = shop.contents(home)
    after = shop.copied(home, tmp_path / "after")
    shop.bring_in(after, kind, second)
    calm = shop.copied(after, tmp_path / "calm")
    traced = shop.run(calm, "trace", "import", "--undo")
    assert traced.returncode == 0, traced.stderr
    points = _points(traced.stderr.split(), 5)
    for number, point in enumerate(points):
        here = shop.copied(after, tmp_path / f"killed-{number}")
        assert shop.run(here, point, "import", "--undo").returncode == -signal.SIGKILL, point
        shop.take_back(here)
        held = shop.contents(here)
        for table in ("member", "member_key", "member_search", "variant", "product_key", "barcode", "price"):
            assert held[table] == before[table], f"{point} {table}"
        assert held["subject_key"] == before["subject_key"], point
        assert shop.is_true(here), point
