"""Disks that were put back: a till's image, a cloned till, a platform's backup. What forks is found, no sale is lost.

Each on SQLite and on PostgreSQL; the tills push and pull by the real engines.
"""

import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.engine import make_url

from pos_app.domain.values.ids import TillId
from pos_app.domain.values.moments import to_ms
from sync.client.applying import appliers
from sync.client.pulling import PullEngine
from sync.platform import tables
from sync.protocol.errors import PlatformError
from sync.protocol.messages import Pull, TillState
from tests.support.shop_on_disk import CANDY, DATABASE, NECKLACE, DiskShop, open_shop
from tests.support.tills_together import LinkedTill, Together, Wire, service_at

_IDS = count(1)


class _Stopwatch:
    def micros(self) -> int:
        return 0

    def rest(self, micros: int) -> None:
        return None


def _pull(till: LinkedTill) -> None:
    """Pull until nothing is left; a feed that is not known any more is fetched from its beginning."""
    shop = till.shop.shop.settings.value.shop_id
    engine = PullEngine(till.shop.store, till.wire, appliers(shop, {}), _Stopwatch())
    for _ in range(100):
        try:
            if not engine.pull(to_ms(till.shop.clock.now())).more:
                return
        except PlatformError as error:
            assert error.cure.value == "snapshot"
    raise AssertionError("the feed does not end")


def _sync(*tills: LinkedTill) -> None:
    """Let one till after the other push and pull."""
    for till in tills:
        till.push()
        _pull(till)


def _sold(*tills: LinkedTill) -> set[bytes]:
    """Return the ids of all sales that stand in tills' books."""
    found: set[bytes] = set()
    for till in tills:
        with till.shop.store.read() as tx:
            bodies = [entry.body for entry in tx.journal.entries() if entry.kind == "sale.committed"]
        found |= {body.split(b'"sale_id":"')[1][:36] for body in bodies}
    return found


def _known(shops: Together, *states: str) -> list[bytes]:
    """Return the ids of the sales that the platform has as facts, one for each fact."""
    fact = tables.fact
    query = select(fact.c.body).where(fact.c.kind == "sale.committed")
    if states:
        query = query.where(fact.c.state.in_(states))
    bodies = shops.service.database.read(lambda c: c.execute(query).scalars().all())
    return [body.split(b'"sale_id":"')[1][:36] for body in bodies]


def _image(till: LinkedTill, to: Path) -> Path:
    till.shop.store.copy_to(to)
    return to


def _put_back(till: LinkedTill, image: Path) -> None:
    """Let the till go on from an image of its disk."""
    folder = till.shop.folder
    till.shop.store.close()
    for file in folder.glob(f"{DATABASE}*"):
        file.unlink()
    shutil.copyfile(image, folder / DATABASE)
    till.shop = _opened(folder)


def _opened(folder: Path) -> DiskShop:
    return open_shop(folder, first_id=next(_IDS) << 24)


def _agrees(till: LinkedTill) -> bool:
    """Whether a till holds what the platform holds."""
    with till.shop.store.read() as tx:
        link = tx.links.load()
    assert link is not None
    return link.digest.to_bytes(8, "big") == till.wire.pull(Pull(p=1, cursor=link.cursor)).digest


# -- a till's disk ----------------------------------------------------------------------------------------


def test_a_restored_till_forks_on_its_first_push_and_no_sale_of_either_life_is_missing(
    shops: Together, tmp_path: Path
) -> None:
    a = shops.tills[0]
    member = a.shop.sign_up("13800138000", "林小满")
    a.shop.sell(CANDY, member=member)
    a.push()
    image = _image(a, tmp_path / "image")
    lost_here = [a.shop.sell(CANDY, member=member).sale for _ in range(2)]
    a.push()
    before = shops.member(member.member_id).record.months
    _put_back(a, image)
    again = [a.shop.sell(NECKLACE, member=member).sale for _ in range(3)]
    assert a.engine().push().state is TillState.FORKED
    a.push()
    known = _known(shops)
    assert {str(sale.sale_id).encode() for sale in (*lost_here, *again)} <= set(known)
    assert _sold(a) <= set(known) and len(known) == len(set(known)) == 6
    assert shops.member(member.member_id).record.months == before, "what is quarantined moves nobody's totals"
    a.push()
    assert len(_known(shops)) == 6, "quarantined once"


def test_two_machines_with_one_disk_are_found_and_no_sale_of_either_is_missing(
    shops: Together, tmp_path: Path
) -> None:
    a = shops.tills[0]
    a.shop.sell(CANDY)
    a.push()
    (tmp_path / "clone").mkdir()
    _image(a, tmp_path / "clone" / DATABASE)
    clone = LinkedTill(_opened(tmp_path / "clone"), TillId(a.till), a.wire)
    sold_here = [a.shop.sell(CANDY).sale for _ in range(2)]
    sold_there = [clone.shop.sell(NECKLACE).sale for _ in range(2)]
    assert a.push().state is TillState.OK
    assert clone.engine().push().state is TillState.FORKED, "on its first push"
    # From now on neither is believed: which of the two is the till, a person says.
    sold_here.append(a.shop.sell(CANDY).sale)
    sold_there.append(clone.shop.sell(NECKLACE).sale)
    for each in (a, clone, a, clone):
        assert each.push().state is TillState.FORKED
    known = _known(shops)
    assert {str(sale.sale_id).encode() for sale in (*sold_here, *sold_there)} <= set(known)
    assert _sold(a, clone) == set(known) and len(known) == 7
    believed = _known(shops, "projected")
    assert str(sold_here[0].sale_id).encode() in believed
    assert not {str(sale.sale_id).encode() for sale in sold_there} & set(believed)
    clone.shop.store.close()


# -- the platform's backup --------------------------------------------------------------------------------


@pytest.fixture
def backup(address: str, tmp_path: Path) -> Callable[[Together], str]:
    """Copy the platform's database as it stands; return the address of the copy."""

    def copy(shops: Together) -> str:
        shops.service.database.close()
        if address.startswith("sqlite"):
            file = Path(address.removeprefix("sqlite+pysqlite:///"))
            kept = file.with_name("kept.db")
            shutil.copyfile(file, kept)
            return f"sqlite+pysqlite:///{kept.as_posix()}"
        url = make_url(address)
        first = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with first.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {url.database}_kept TEMPLATE {url.database}")
        first.dispose()
        return url.set(database=f"{url.database}_kept").render_as_string(hide_password=False)

    return copy


def test_a_platform_restored_from_a_backup_gets_every_sale_again_and_all_agree(
    shops: Together, backup: Callable[[Together], str]
) -> None:
    a, b = shops.tills
    member = a.shop.sign_up("13800138000", "林小满")
    a.shop.sell(CANDY, member=member)
    _sync(a, b, a)
    kept = backup(shops)
    other = b.shop.sign_up("13900139000", "王大明")
    for till, one in ((a, member), (b, other)):
        till.shop.sell(CANDY, member=one)
        till.shop.sell(NECKLACE, member=one)
    _sync(a, b, a)
    assert _agrees(a) and _agrees(b)
    everything = (_known(shops, "projected"), shops.members())
    shops.service.database.close()
    shops.service = service_at(kept, shops.clock)
    for till in (a, b):
        till.wire = Wire(shops.service, till.wire._token)
    assert len(_known(shops)) == 1, "the backup is older"
    a.shop.sell(CANDY)
    _sync(a, b, a, b)
    assert _sold(a, b) == set(_known(shops, "projected"))
    assert len(_known(shops)) == len(everything[0]) + 1
    now = shops.members()
    assert now.keys() == everything[1].keys()
    for key, document in now.items():
        assert document.member == everything[1][key].member
        assert document.record.months == everything[1][key].record.months
    assert _agrees(a) and _agrees(b)
    for till in (a, b):
        with till.shop.store.read() as tx:
            link = tx.links.load()
        assert link is not None and not link.is_restored, (
            "it was the platform that was put back, not the till"
        )
