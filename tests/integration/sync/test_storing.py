"""The platform's database: tills come in by a code, and what they push stands there once, whatever is sent twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from uuid import UUID

import msgspec
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, insert, select

from pos_app.domain.facts.envelope import GENESIS
from pos_app.domain.values.ids import MerchantId, ShopId, TillId
from sync.platform import tables
from sync.platform.database import Database
from sync.platform.office_till import office_of
from sync.platform.storing import TAKEN_AFTER_REVOKED_MS, Means, Sign, line_of, store
from sync.platform.tills import CODE_LASTS_MS, Asker, asker_of, enrol, found_merchant, new_code, set_state
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import (
    Enrol,
    Enrolled,
    FactResult,
    FactState,
    Position,
    Push,
    PushReply,
    SubjectKey,
    TillState,
)
from sync.protocol.signing import ack_text
from tests.support.sync_journal import SHOP, TILL, Journal, enrolment, journal

MERCHANT, OTHER = MerchantId(UUID(int=1)), MerchantId(UUID(int=2))
NOW = 1_795_000_000_000
NEXT = TillId(UUID(int=97))


class Draws:
    """Random bytes that a test can foresee: each drawing is another."""

    def __init__(self) -> None:
        self.drawn = 0

    def __call__(self, count: int) -> bytes:
        self.drawn += 1
        return self.drawn.to_bytes(count, "big")


def sign(seed: bytes, message: bytes) -> bytes:
    """Sign as the platform does."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def means(signs: Sign, now: int = NOW) -> Means:
    """Return the outside of storing; nothing is sealed here, and a bug fails the test."""

    def never(problem: Exception) -> None:
        raise problem

    return Means(signs, lambda _key, sealed, _context: sealed, now, never)


class Place:
    """A platform's database with one merchant, and what is asked of it."""

    def __init__(self, database: Database) -> None:
        self.database, self.draws = database, Draws()
        database.write(lambda c: found_merchant(c, MERCHANT, "CNY", self.draws(32), NOW))

    def code(self, merchant: MerchantId = MERCHANT, shop: ShopId | None = None) -> str:
        return self.database.write(lambda c: new_code(c, merchant, self.draws, NOW, shop))

    def enrol(self, asked: Enrol, now: int = NOW) -> Enrolled:
        return self.database.write(lambda c: enrol(c, asked, self.draws, now))

    def asker(self, token: str) -> Asker:
        return self.database.read(lambda c: asker_of(c, token))

    def push(self, asker: Asker, push: Push, now: int = NOW) -> PushReply:
        return self.database.write(lambda c: store(c, asker, push, means(sign, now)))

    def facts(self) -> list[tuple[int, int, str]]:
        query = select(tables.fact.c.epoch, tables.fact.c.seq, tables.fact.c.state)
        ordered = query.order_by(tables.fact.c.epoch, tables.fact.c.seq, tables.fact.c.state)
        return [tuple(row) for row in self.database.read(lambda c: c.execute(ordered).all())]


@pytest.fixture
def place(address: str) -> Iterator[Place]:
    """A platform on each database."""
    database = Database(address)
    database.migrate()
    yield Place(database)
    database.close()


@pytest.fixture
def till(place: Place) -> Asker:
    """A till that came in."""
    return place.asker(place.enrol(enrolment(place.code())).token)


def test_the_migrations_make_the_tables_that_the_code_knows(place: Place) -> None:
    with place.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        differences = [d for d in compare_metadata(context, tables.metadata) if "alembic" not in str(d)]
    assert differences == []


def test_to_migrate_again_changes_nothing(place: Place, till: Asker) -> None:
    place.database.migrate()
    assert place.database.read(lambda c: line_of(c, MERCHANT, TILL)).end == Position(1, 0, GENESIS)


# -- enrolling ---------------------------------------------------------------------------------------------


def test_a_code_brings_one_till_in_and_nobody_else(place: Place) -> None:
    code = place.code()
    enrolled = place.enrol(enrolment(code))
    asker = place.asker(enrolled.token)
    assert (asker.merchant, asker.till, asker.shop, asker.state) == (MERCHANT, TILL, SHOP, TillState.OK)
    with pytest.raises(PlatformError) as refused:
        place.enrol(enrolment(code, till=TillId(UUID(int=9))))
    assert refused.value.number is Number.CODE


def test_a_lost_answer_is_asked_for_again_and_the_first_token_is_dead(place: Place) -> None:
    code = place.code()
    first, second = place.enrol(enrolment(code)), place.enrol(enrolment(code))
    assert place.asker(second.token).till == TILL
    with pytest.raises(PlatformError):
        place.asker(first.token)


def test_a_code_is_read_however_it_is_typed(place: Place) -> None:
    code = place.code()
    assert (
        place.enrol(enrolment(f" {code.lower().replace('-', ' ').replace('o', '0')} ")).merchant == MERCHANT
    )


@pytest.mark.parametrize(
    ("change", "now", "number"),
    [
        ({"code": "AAAA-BBBB"}, NOW, Number.CODE),
        ({}, NOW + CODE_LASTS_MS + 1, Number.CODE_EXPIRED),
        ({"currency": "HKD"}, NOW, Number.OTHER_CURRENCY),
    ],
)
def test_a_wrong_code_a_late_one_and_another_currency_let_nobody_in(
    place: Place, change: dict[str, object], now: int, number: Number
) -> None:
    asked = msgspec.structs.replace(enrolment(place.code()), **change)
    with pytest.raises(PlatformError) as refused:
        place.enrol(asked, now)
    assert refused.value.number is number
    assert place.database.read(lambda c: c.execute(select(tables.till)).all()) == []


def test_a_code_for_one_shop_makes_a_till_one_of_that_shops(place: Place) -> None:
    shop = ShopId(UUID(int=99))
    enrolled = place.enrol(enrolment(place.code(shop=shop)))
    assert enrolled.shop == shop and place.asker(enrolled.token).shop == shop


def test_another_machine_cannot_take_a_tills_place(place: Place, till: Asker) -> None:
    with pytest.raises(PlatformError) as refused:
        place.enrol(enrolment(place.code(), public_key=bytes([1]) * 32))
    assert refused.value.number is Number.ENROLLED_ALREADY


def test_of_two_tills_of_one_shop_with_one_code_that_come_in_at_once_only_one_does(place: Place) -> None:
    codes, refused = [place.code(), place.code()], list[PlatformError]()
    second = enrolment(codes[1], till=NEXT, shop=ShopId(UUID(int=98)), till_code="1")

    def come_in_too() -> None:
        try:
            place.enrol(second)
        except PlatformError as error:
            refused.append(error)

    other = Thread(target=come_in_too)

    def come_in(connection: Connection) -> None:
        enrol(connection, enrolment(codes[0], till_code="1"), place.draws, NOW)
        other.start()
        other.join(0.5)

    place.database.write(come_in)
    other.join()
    assert [error.number for error in refused] == [Number.TILL_CODE]
    assert len(place.database.read(lambda c: c.execute(select(tables.shop)).all())) == 1


def test_nobody_comes_in_as_head_office(place: Place) -> None:
    with pytest.raises(PlatformError) as refused:
        place.enrol(enrolment(place.code(), till=office_of(MERCHANT)))
    assert refused.value.number is Number.ENROLLED_ALREADY


@pytest.mark.parametrize("token", ["", "x", "A" * 86, "会员", "A" * 10_000])
def test_no_other_text_is_a_token(place: Place, till: Asker, token: str) -> None:
    with pytest.raises(PlatformError) as refused:
        place.asker(token)
    assert refused.value.number is Number.TOKEN


def test_no_token_and_no_code_stands_in_the_database(place: Place) -> None:
    code = place.code()
    token = place.enrol(enrolment(code)).token
    for table in tables.metadata.sorted_tables:
        kept = repr(place.database.read(lambda c, table=table: c.execute(select(table)).all()))
        assert token not in kept and code.replace("-", "") not in kept


# -- pushing -----------------------------------------------------------------------------------------------


def test_a_push_is_stored_whole_and_acknowledged_with_a_signature(place: Place, till: Asker) -> None:
    sent = journal("a", "b", "c")
    reply = place.push(till, sent.push(0))
    assert reply.ack == sent.head and reply.state is TillState.OK
    key = place.database.read(lambda c: c.execute(select(tables.merchant.c.seed)).scalar_one())
    public = Ed25519PrivateKey.from_private_bytes(key).public_key().public_bytes_raw()
    Ed25519PublicKey.from_public_bytes(public).verify(reply.signature, ack_text(TILL, reply.ack))
    bodies = place.database.read(
        lambda c: c.execute(select(tables.fact.c.body).order_by(tables.fact.c.seq)).scalars().all()
    )
    assert bodies == [fact.body for fact in sent.facts], "the bytes as they were written"


def test_a_push_twice_and_an_overlapping_one_are_stored_once(place: Place, till: Asker) -> None:
    sent = journal("a", "b", "c", "d")
    first = place.push(till, sent.push(0, 3))
    again = place.push(till, sent.push(0, 3))
    assert again.ack == first.ack
    assert [result.state for result in again.results] == [FactState.KNOWN] * 3
    assert place.push(till, sent.push(1)).ack == sent.head
    assert [seq for _, seq, _ in place.facts()] == [1, 2, 3, 4]


def test_a_kind_of_a_newer_till_is_parked_and_holds_nothing_up(place: Place, till: Asker) -> None:
    sent = journal("a", "b")
    reply = place.push(till, sent.push(0))
    assert reply.results[0] == FactResult(1, FactState.PARKED, "unknown_kind")
    assert reply.ack == sent.head


def test_a_fork_keeps_both_and_a_new_epoch_goes_on(place: Place, till: Asker) -> None:
    sent = journal("a", "b", "c")
    place.push(till, sent.push(0))
    restored = sent.copy(1)
    restored.write("x", "y")
    reply = place.push(till, restored.push(1))
    assert reply.state is TillState.FORKED and reply.ack == restored.head
    place.push(till, restored.push(1))
    assert sum(state == "quarantined" for *_, state in place.facts()) == 2
    fresh = restored.next_epoch()
    fresh.write("z")
    reply = place.push(till, fresh.push(0))
    assert reply.state is TillState.OK and reply.ack == fresh.head
    assert place.push(till, fresh.push(0)).ack == fresh.head, "an answer that was lost"
    other = sent.next_epoch()
    other.write("w")
    assert place.push(till, other.push(0)).state is TillState.FORKED, "two machines opened the same epoch"


def test_a_revoked_till_loses_no_sale_but_is_not_believed(place: Place, till: Asker) -> None:
    place.database.write(lambda c: set_state(c, MERCHANT, TILL, TillState.REVOKED, NOW))
    reply = place.push(till, journal("a").push(0))
    assert reply.state is TillState.REVOKED and place.facts() == [(1, 1, "quarantined")]


def test_what_a_revoked_till_sends_is_taken_for_thirty_days_and_no_longer(place: Place, till: Asker) -> None:
    def revoke(now: int) -> None:
        place.database.write(lambda c: set_state(c, MERCHANT, TILL, TillState.REVOKED, now))

    said, last = journal("a", "b"), NOW + TAKEN_AFTER_REVOKED_MS
    assert timedelta(milliseconds=TAKEN_AFTER_REVOKED_MS).days == 30
    revoke(NOW)
    revoke(last)  # Somebody presses the button again: the time does not begin anew.
    assert place.push(till, said.push(0, 1), last).results[0].state is FactState.QUARANTINED
    with pytest.raises(PlatformError) as refused:
        place.push(till, said.push(1), last + 1)
    assert refused.value.number is Number.REVOKED and place.facts() == [(1, 1, "quarantined")]


def test_a_till_that_was_revoked_before_anybody_wrote_down_when_is_given_its_time(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, upgrade = Database(address), command.upgrade
    with monkeypatch.context() as older:
        older.setattr(command, "upgrade", lambda config, _newest: upgrade(config, "0004"))
        database.migrate()
    row = {"merchant_id": MERCHANT.bytes, "shop_id": SHOP.bytes, "code": "1", "public_key": bytes(32)}
    row |= {"token_hash": bytes(32), "epoch": 1, "seq": 0, "hash": GENESIS, "enrolled_at": 1, "seen_at": 1}
    shut, sound = (
        row | {"till_id": bytes(16), "state": "revoked"},
        row | {"till_id": b"1" * 16, "state": "ok"},
    )
    database.write(lambda c: c.execute(insert(tables.till), [shut, sound]))
    database.migrate()
    query = select(tables.till.c.revoked_at).order_by(tables.till.c.revoked_at)
    never, then = database.read(lambda c: c.execute(query).scalars().all())
    assert never == 0 and then > 1_700_000_000_000, "from when it was brought up to date"
    database.close()


def test_facts_of_another_till_and_of_another_merchant_are_not_let_in(place: Place, till: Asker) -> None:
    foreign = Journal(till=TillId(UUID(int=8)))
    foreign.write("a")
    with pytest.raises(PlatformError):
        place.push(till, foreign.push(0))
    with pytest.raises(PlatformError):
        place.push(till, msgspec.structs.replace(foreign.push(0), till=TILL))
    with pytest.raises(PlatformError):
        place.push(replace(till, till=TillId(UUID(int=8))), journal("a").push(0))
    with pytest.raises(PlatformError):
        place.database.write(lambda c: set_state(c, OTHER, TILL, TillState.REVOKED, NOW))
    assert place.facts() == []


def test_the_keys_that_open_personal_fields_are_kept_once(place: Place, till: Asker) -> None:
    key = SubjectKey(UUID(int=50), bytes(range(32)))
    push = msgspec.structs.replace(journal("a").push(0), keys=(key, key))
    place.push(till, push)
    place.push(till, push)
    rows = place.database.read(lambda c: c.execute(select(tables.subject_key)).all())
    assert [(row.subject_id, row.key) for row in rows] == [(key.subject.bytes, key.key)]


def test_a_push_that_fails_half_way_leaves_nothing(place: Place, till: Asker) -> None:
    def fails(_seed: bytes, _message: bytes) -> bytes:
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        place.database.write(lambda c: store(c, till, journal("a").push(0), means(fails)))
    assert place.facts() == []
    assert place.database.read(lambda c: line_of(c, MERCHANT, TILL)).end.seq == 0
