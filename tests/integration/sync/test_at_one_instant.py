"""Two who do the same thing at one instant: one waits for the other, and nobody meets an error of the database."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from sqlalchemy import Connection, func, select

from pos_app.domain.values.ids import TillId
from sync.platform import service as services
from sync.platform import tables
from sync.platform.__main__ import open_service
from sync.platform.staff import Scope, Staff, make_token
from sync.platform.watching import SeenTill, declare_dead, revoke, till_of
from sync.protocol.messages import TillState
from tests.support.tills_together import Together, together

NOW = 1_780_000_000_000


@pytest.fixture
def shops(tmp_path: Path, address: str) -> Iterator[Together]:
    """A platform with one till."""
    with together(tmp_path, address) as made:
        made.till(1)
        yield made


def _person(shops: Together, number: int, name: str) -> Staff:
    who = Staff(shops.service.only_merchant(), UUID(int=number), name, frozenset({Scope.TILLS_WRITE.value}))
    shops.service.database.write(lambda c: make_token(c, who, bytes([number]) * 32, NOW))
    return who


def _beside(work: Callable[[], Any], told: list[Any]) -> Thread:
    """Return a thread that does something and tells what came out, an error too."""

    def does() -> None:
        try:
            told.append(work())
        except Exception as problem:
            told.append(problem)

    return Thread(target=does)


def _at_one_instant(
    shops: Together, first: Callable[[Connection], Any], second: Callable[[Connection], Any]
) -> list[Any]:
    """Do both, the second while the first has not committed yet; return what came out of each, errors too."""
    told: list[Any] = []
    beside = _beside(lambda: shops.service.database.write(second), told)

    def both(connection: Connection) -> Any:
        done = first(connection)
        beside.start()
        beside.join(0.5)
        assert beside.is_alive(), "it waits until the first has committed"
        return done

    done = shops.service.database.write(both)
    beside.join()
    return [done, *told]


def test_two_persons_who_declare_a_till_dead_at_one_instant_are_two_persons(shops: Together) -> None:
    till = TillId(shops.tills[0].till)
    office, owner = _person(shops, 1, "head office"), _person(shops, 2, "the owner")
    first, second = _at_one_instant(
        shops,
        lambda c: declare_dead(c, office, till, NOW),
        lambda c: declare_dead(c, owner, till, NOW),
    )
    assert isinstance(first, SeenTill) and first.dead_asked_by == "head office"
    assert isinstance(second, SeenTill), second
    assert (second.state, second.dead_asked_by) == (TillState.CLOSED, "")


def test_one_person_who_says_it_twice_at_one_instant_is_one_person(shops: Together) -> None:
    till, office = TillId(shops.tills[0].till), _person(shops, 1, "head office")
    told = _at_one_instant(shops, *(lambda c: declare_dead(c, office, till, NOW) for _ in range(2)))
    assert [(each.state, each.dead_asked_by) for each in told] == [(TillState.OK, "head office")] * 2


def test_a_till_that_is_revoked_the_instant_it_is_declared_dead_stays_dead(shops: Together) -> None:
    till, merchant = TillId(shops.tills[0].till), shops.service.only_merchant()
    office, owner = _person(shops, 1, "head office"), _person(shops, 2, "the owner")
    shops.service.database.write(lambda c: declare_dead(c, office, till, NOW))
    _at_one_instant(
        shops,
        lambda c: declare_dead(c, owner, till, NOW),
        lambda c: revoke(c, merchant, till, NOW),
    )
    seen = shops.service.database.read(lambda c: till_of(c, merchant, till, NOW))
    assert seen.state is TillState.CLOSED


def test_of_two_servers_that_begin_at_once_on_an_empty_database_one_waits_for_the_other(
    postgresql_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade, found = command.upgrade, services.found_merchant
    opened: list[Any] = []
    merchants: list[Any] = []
    second = _beside(lambda: open_service(postgresql_address), opened)

    def while_it_migrates(*told: Any) -> None:
        monkeypatch.setattr(command, "upgrade", upgrade)
        upgrade(*told)
        second.start()
        second.join(0.5)
        assert second.is_alive(), "it waits until the schema stands"

    monkeypatch.setattr(command, "upgrade", while_it_migrates)
    one = open_service(postgresql_address)
    second.join()
    (other,) = opened
    assert isinstance(other, services.PlatformService), other
    third = _beside(other.only_merchant, merchants)

    def while_it_founds(*told: Any) -> None:
        monkeypatch.setattr(services, "found_merchant", found)
        found(*told)
        third.start()
        third.join(0.5)
        assert third.is_alive(), "it waits until the merchant stands"

    monkeypatch.setattr(services, "found_merchant", while_it_founds)
    merchants.append(one.only_merchant())
    third.join()
    count = select(func.count()).select_from(tables.merchant)
    assert one.database.read(lambda c: c.execute(count).scalar_one()) == 1
    assert merchants[0] == merchants[1]
    for each in (one, other):
        each.database.close()
