"""How far a till is behind, as head office is told: documents that it lacks, and no positions that were left."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from pos_app.domain.values.moments import to_ms
from sync.platform import tables, watching
from sync.protocol.messages import Pull
from tests.integration.sync.test_one_record import pull, sync
from tests.integration.sync.test_records import PHONE, _edit
from tests.support.tills_together import LinkedTill, Together


def _lag(shops: Together, till: LinkedTill) -> int:
    now, merchant = to_ms(shops.clock.now()), shops.service.only_merchant()
    seen = shops.service.database.read(lambda c: watching.till_of(c, merchant, till.till, now))
    return seen.behind


def _most(shops: Together) -> int:
    return shops.service.database.read(lambda c: watching.fleet(c, to_ms(shops.clock.now()))).behind


def test_a_document_that_changed_often_is_one_that_a_till_lacks(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    sync(shops, a, b)
    assert (_lag(shops, a), _lag(shops, b), _most(shops)) == (0, 0, 0)
    member = a.shop.sign_up(PHONE, "林小满")
    for word in ("一", "二", "三", "四"):
        a.shop.clock.forward(timedelta(minutes=1))
        _edit(a, member, seen=1 << 40, notes=word)
        a.push()
    pull(a)
    assert (_lag(shops, a), _lag(shops, b), _most(shops)) == (0, 1, 1)
    b.shop.sign_up("13900139000", "王建国")
    b.push()
    assert (_lag(shops, a), _lag(shops, b), _most(shops)) == (1, 2, 2)


def test_positions_that_a_platform_leaps_over_when_it_begins_are_no_documents(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    sync(shops, a, b)
    shops.service.begin()
    assert (_lag(shops, a), _most(shops)) == (0, 0)


def test_a_till_that_a_snapshot_brought_up_to_date_is_not_behind(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    sync(shops, a, b)
    whole = a.wire.pull(Pull(p=1))
    shops.service.database.write(lambda c: c.execute(update(tables.till).values(pulled=0)))
    assert _lag(shops, b) == len(whole.rows) > 0
    assert not b.wire.pull(Pull(p=1, cursor=whole.cursor)).rows
    assert _lag(shops, b) == 0


def test_more_than_anybody_waits_for_is_counted_no_further(
    shops: Together, a: LinkedTill, b: LinkedTill, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        a.shop.sign_up(f"1380013800{number}", "林小满")
    a.push()
    pull(a)
    monkeypatch.setattr(watching, "MOST_BEHIND", 3)
    assert (_lag(shops, a), _lag(shops, b), _most(shops)) == (0, 3, 3)
