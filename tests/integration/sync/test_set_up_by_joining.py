"""An empty folder becomes a merchant's till over HTTP; what is refused, cancelled or killed leaves no shop behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from pos_app.domain.settings import Settings
from pos_app.domain.values.money import Amount
from pos_app.persistence.database import settings_in
from pos_app.services.founding import FoundingTools, new_settings
from pos_app.services.ports.syncing import PlatformUnavailableError
from pos_app.services.shop import Shop
from sync.platform import tables
from sync.protocol.errors import Number
from tests.integration.conftest import Run
from tests.support.bootstrap import QuickPins
from tests.support.faulty_wire import Fault, faulty_wire
from tests.support.platform_server import RunningPlatform, running_platform
from tests.support.shop_on_disk import CANDY, OWNER_PIN, DiskShop, SharedOutside
from tests.support.synced_till import SyncedTill, founder, synced_till
from ui.main import Home, NotFoundedError, open_shop, tools_of
from ui.main_joining import NobodyYetError, TillAside, first_run_parts, is_till
from ui.main_sync import sync_of

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _file_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHUKE_KEY_STORE", "file")


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[RunningPlatform]:
    (tmp_path / "platform").mkdir()
    with running_platform(tmp_path / "platform") as running:
        yield running


@pytest.fixture
def first(tmp_path: Path, platform: RunningPlatform) -> Iterator[SyncedTill]:
    """The merchant's first till, whose goods, people and members stand on the platform."""
    with founder(tmp_path / "first", platform) as till:
        yield till


@dataclass
class Empty:
    """An empty folder, and what it asks to become."""

    place: Home
    tools: FoundingTools
    platform: RunningPlatform

    def __post_init__(self) -> None:
        self.aside = TillAside(self.place, self.tools)

    def asked(self, **values: object) -> Settings:
        """Return the second till of the first shop, unless something else is said."""
        made = new_settings(self.tools.ids, "N01")
        return msgspec.structs.replace(made, **{"shop_code": "N01", "till_code": "2", **values})

    def code(self) -> str:
        return self.platform.service.new_code(self.platform.merchant)

    def take_in(self) -> None:
        for _ in range(100):
            if self.aside.step().is_ready:
                return
        raise AssertionError("what comes first does not come to an end")

    def join(self, **values: object) -> Shop:
        """Join, move in and open the till."""
        self.aside.enrol(self.asked(**values), self.aside.look(self.platform.address), self.code())
        self.take_in()
        self.aside.move_in()
        return open_shop(self.place, self.tools)

    def is_untouched(self) -> bool:
        """Whether the folder is no shop, and the next attempt goes on with nothing of this one."""
        with pytest.raises(NotFoundedError):
            open_shop(self.place, self.tools)
        return settings_in(self.place.folder / "joining" / "shop.db") is None


@pytest.fixture
def empty(tmp_path: Path, platform: RunningPlatform) -> Iterator[Empty]:
    place = Home(tmp_path / "home")
    tools = msgspec.structs.replace(tools_of(place), hasher=QuickPins())
    made = Empty(place, tools, platform)
    assert not is_till(place)
    yield made
    made.aside.rest()


def tills(platform: RunningPlatform) -> list[tuple[bytes, str, bytes]]:
    query = select(tables.till.c.till_id, tables.till.c.code, tables.till.c.shop_id)
    return [tuple(row) for row in platform.service.database.read(lambda c: c.execute(query).all())]


def boss_at(shop: Shop, folder: Path) -> DiskShop:
    """Sign in as the merchant's owner with her PIN and open a shift."""
    boss = shop.staff.sign_in("1", OWNER_PIN)
    shop.shifts.open(boss, Amount(10_000))
    return DiskShop(folder, shop.store, shop, boss, boss, boss, SharedOutside())  # type: ignore[arg-type]


def test_an_empty_folder_becomes_a_till_that_signs_in_and_sells_for_the_shop_it_is_of(
    empty: Empty, first: SyncedTill
) -> None:
    shop = empty.join()
    with closing(shop.store):
        at = boss_at(shop, empty.place.folder)
        here, there = shop.current.value, first.shop.shop.current.value
        assert (here.shop_id, here.shop_name) == (there.shop_id, there.shop_name)
        sale = at.sell(CANDY).sale
        assert sale.number.startswith("N01-2-") and sale.shop == there.shop_id
        assert at.verify().passed
    assert not (empty.place.folder / "joining").exists()


def test_what_it_sells_and_the_members_behind_come_through_once_it_is_opened(
    empty: Empty, first: SyncedTill
) -> None:
    shop = empty.join()
    with closing(shop.store):
        sale = boss_at(shop, empty.place.folder).sell(CANDY).sale
        assert shop.members.find_phone("13800138000") is None
        sync = sync_of(empty.place, shop, empty.tools, lambda problem: pytest.fail(repr(problem)))
        with closing(sync.connect()) as line, closing(sync.turns(line)) as turns:
            while turns.turn().seconds == 0:
                pass
        her = shop.members.find_phone("13800138000")
        assert her is not None and her.profile.name == "林小满"
        with shop.store.read() as tx:
            link = tx.links.load()
            assert link is not None and link.cursor and link.seq == tx.journal.head().seq
    query = select(tables.sale.c.number, tables.sale.c.shop_id)
    stored = empty.platform.service.database.read(lambda c: c.execute(query).all())
    assert [tuple(row) for row in stored] == [(sale.number, first.shop.shop.current.value.shop_id.bytes)]


def test_a_new_shop_has_the_name_that_was_typed_and_a_place_of_its_own(
    empty: Empty, first: SyncedTill
) -> None:
    shop = empty.join(shop_code="N02", till_code="1", shop_name="熟客二店")
    with closing(shop.store):
        here = shop.current.value
        assert (here.shop_name, here.shop_code) == ("熟客二店", "N02")
        assert here.shop_id != first.shop.shop.current.value.shop_id
        assert boss_at(shop, empty.place.folder).sell(CANDY).sale.number.startswith("N02-1-")


@pytest.mark.parametrize(
    ("values", "code", "number"),
    [
        ({}, "AAAA-AAAA", Number.CODE),
        ({"till_code": "1"}, "", Number.TILL_CODE),
        ({"currency": "HKD"}, "", Number.OTHER_CURRENCY),
    ],
)
def test_a_refusal_leaves_nothing_behind_and_the_same_code_serves_once_it_is_put_right(
    empty: Empty, first: SyncedTill, values: dict[str, object], code: str, number: Number
) -> None:
    good = empty.code()
    with pytest.raises(PlatformUnavailableError) as refused:
        empty.aside.enrol(empty.asked(**values), empty.platform.address, code or good)
    assert refused.value.params["number"] == number
    assert empty.is_untouched() and len(tills(empty.platform)) == 1
    empty.aside.enrol(empty.asked(), empty.platform.address, good)
    empty.take_in()
    empty.aside.move_in()
    open_shop(empty.place, empty.tools).store.close()


def test_without_a_network_nothing_is_left_behind(empty: Empty) -> None:
    with pytest.raises(PlatformUnavailableError):
        empty.aside.look("http://127.0.0.1:9")
    with pytest.raises(PlatformUnavailableError) as refused:
        empty.aside.enrol(empty.asked(), "http://127.0.0.1:9", "AAAA-AAAA")
    assert refused.value.params["number"] == Number.UNREACHABLE
    assert empty.is_untouched()


def test_when_the_answer_was_lost_it_is_the_same_till_that_comes_in_with_the_same_code(
    empty: Empty, first: SyncedTill
) -> None:
    code = empty.code()
    with faulty_wire(empty.platform.address) as wire:
        wire.break_with(Fault.DOWN_LOST)
        with pytest.raises(PlatformUnavailableError):
            empty.aside.enrol(empty.asked(), wire.address, code)
        assert empty.is_untouched()
        assert len(tills(empty.platform)) == 2, "the platform let it in, and it does not know"
        wire.heal()
    empty.aside.enrol(empty.asked(), empty.platform.address, code)
    empty.take_in()
    empty.aside.move_in()
    assert len(tills(empty.platform)) == 2
    open_shop(empty.place, empty.tools).store.close()


def test_cut_off_while_it_takes_in_it_goes_on_without_a_code(empty: Empty, first: SyncedTill) -> None:
    empty.aside.enrol(empty.asked(), empty.platform.address, empty.code())
    empty.aside.step()
    empty.aside.rest()
    with pytest.raises(NotFoundedError):
        open_shop(empty.place, empty.tools)
    again = TillAside(empty.place, empty.tools)
    left = again.unfinished()
    assert left is not None and (left.settings.shop_code, left.settings.till_code) == ("N01", "2")
    again.enrol(empty.asked(shop_name="名字后来才填"), left.platform, "")
    empty.aside = again
    empty.take_in()
    again.move_in()
    shop = open_shop(empty.place, empty.tools)
    with closing(shop.store):
        assert shop.current.value.shop_name == "名字后来才填"
        assert boss_at(shop, empty.place.folder).sell(CANDY).sale.number.startswith("N01-2-")
    assert len(tills(empty.platform)) == 2


def test_with_other_codes_it_begins_anew_and_is_the_same_till(empty: Empty, first: SyncedTill) -> None:
    code = empty.code()
    empty.aside.enrol(empty.asked(), empty.platform.address, code)
    empty.aside.enrol(empty.asked(till_code="3"), empty.platform.address, code)
    empty.take_in()
    empty.aside.move_in()
    shop = open_shop(empty.place, empty.tools)
    with closing(shop.store):
        assert boss_at(shop, empty.place.folder).sell(CANDY).sale.number.startswith("N01-3-")
    assert sorted(code for _, code, _ in tills(empty.platform)) == ["1", "3"]


def test_a_merchant_without_people_cannot_be_joined_yet_and_can_be_later(
    empty: Empty, tmp_path: Path
) -> None:
    empty.aside.enrol(empty.asked(), empty.platform.address, empty.code())
    with pytest.raises(NobodyYetError):
        empty.take_in()
    assert not is_till(empty.place)
    with synced_till(tmp_path / "first") as till:
        till.enrol(empty.platform)
        till.await_status(lambda status: bool(status.answered_at_ms) and not status.unsent)
        empty.aside.rest()
        empty.aside.enrol(empty.asked(), empty.platform.address, "")
        empty.take_in()


def test_whoever_gives_up_founds_a_shop_of_his_own_in_a_clean_folder(empty: Empty, first: SyncedTill) -> None:
    empty.aside.enrol(empty.asked(), empty.platform.address, empty.code())
    empty.aside.step()
    parts = first_run_parts(empty.place, empty.tools)
    empty.aside.rest()
    parts.found(parts.new_settings("自己的店"), ("01", "陈", "2468"))
    shop = open_shop(empty.place, empty.tools)
    with closing(shop.store), shop.store.read() as tx:
        assert tx.links.load() is None
        assert shop.staff.sign_in("01", "2468").name == "陈"
    left = {path.name for path in empty.place.folder.rglob("*") if path.is_file()}
    assert not left & {"platform.token", "snapshot.gz", "snapshot.notes", "till"}


# -- the command ---------------------------------------------------------------------------------------------


def test_a_till_is_set_up_without_a_window(
    run: Run, first: SyncedTill, platform: RunningPlatform, tmp_path: Path
) -> None:
    code = platform.service.new_code(platform.merchant)
    words = ("enrol", platform.address, code, "--join", "--shop-code", "N01", "--till-code", "2")
    ended, out, err = run(*words)
    assert (ended, err) == (0, "") and platform.address in out
    assert run("sync", "--once")[0] == 0
    settings = settings_in(tmp_path / "home" / "shop.db")
    assert settings is not None and settings.till_code == "2"
    assert settings.shop_name == first.shop.shop.current.value.shop_name
    ended, out, err = run(*words)
    assert (ended, out, len(err.splitlines())) == (1, "", 1), "it is a till already"


@pytest.mark.parametrize(
    "words",
    [("--found", "--shop-code", "N01"), ("--join", "--till-code", "2"), ("--join", "--shop-name", "x")],
)
def test_a_new_till_needs_its_shops_code_and_joins(run: Run, words: tuple[str, ...], tmp_path: Path) -> None:
    ended, out, err = run("enrol", "127.0.0.1:9", "AAAA-AAAA", *words)
    assert (ended, out, len(err.splitlines())) == (2, "", 1)
    assert not (tmp_path / "home" / "shop.db").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a signal of POSIX")
@pytest.mark.parametrize("at", ["enrol", "snapshot"])
def test_killed_while_it_joins_the_folder_is_no_shop_and_the_same_words_finish_it(
    run: Run, first: SyncedTill, platform: RunningPlatform, tmp_path: Path, at: str
) -> None:
    code = platform.service.new_code(platform.merchant)
    words = ["--join", "--shop-code", "N01", "--till-code", "2"]
    with faulty_wire(platform.address) as wire:
        if at == "snapshot":
            left = Empty(Home(tmp_path / "home"), tools_of(Home(tmp_path / "home")), platform)
            left.aside.enrol(left.asked(), wire.address, code)
            left.aside.rest()
        wire.break_with(Fault.DOWN_LOST if at == "enrol" else Fault.HALF_OPEN)
        told = repr(["enrol", wire.address, code, *words])
        command = [sys.executable, "-c", f"from ui.cli import main; main({told})"]
        environment = {**os.environ, "SHUKE_HOME": str(tmp_path / "home"), "SHUKE_KEY_STORE": "file"}
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as killed:
            assert wire.await_met(60), "it asks the platform"
            killed.send_signal(signal.SIGKILL)
            assert killed.wait() == -signal.SIGKILL
        wire.heal()
        with pytest.raises(NotFoundedError):
            open_shop(Home(tmp_path / "home"))
        ended, _, err = run("enrol", wire.address, code, *words)
        assert (ended, err) == (0, "")
    assert len(tills(platform)) == 2
