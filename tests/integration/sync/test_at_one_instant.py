"""Two who do the same thing at one instant: one waits for the other, and nobody meets an error of the database."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from pos_app.domain.values.ids import TillId
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


def _at_one_instant(
    shops: Together, first: Callable[[Connection], Any], second: Callable[[Connection], Any]
) -> list[Any]:
    """Do both, the second while the first has not committed yet; return what came out of each, errors too."""
    told: list[Any] = []

    def later() -> None:
        try:
            told.append(shops.service.database.write(second))
        except Exception as problem:
            told.append(problem)

    beside = Thread(target=later)

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
