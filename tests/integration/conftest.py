"""The shop that integration tests start from, unless a module makes one of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pos_app.words import language, set_language
from tests.support.busy_day import busy_day
from tests.support.shop_on_disk import DiskShop, open_shop, place_shop, shop_on_disk
from ui.cli import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DiskShop]:
    """A founded shop with a shift open."""
    with shop_on_disk(tmp_path / "home") as made:
        yield made


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Run a command on a folder of the test's own; return its code, stdout and stderr."""
    monkeypatch.setenv("SHUKE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SHUKE_KEY_STORE", "file")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    before = language()

    def typed(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    yield typed
    set_language(before)


@pytest.fixture
def busy(tmp_path: Path) -> DiskShop:
    """A busy shop in the folder of the commands, its store closed; it speaks Chinese."""
    place_shop(tmp_path / "home")
    shop = open_shop(tmp_path / "home")
    busy_day(shop)
    shop.store.close()
    return shop
