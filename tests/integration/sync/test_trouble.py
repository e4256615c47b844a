"""What tills and the world throw at the platform, over real sockets and on both databases: each answered by number.

Nothing that was acknowledged is lost, and nobody is let in.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
import requests
from sqlalchemy import create_engine, event, select
from sqlalchemy.engine import make_url

from pos_app.domain.facts.envelope import FORMAT, Envelope, chain, encode
from pos_app.domain.values.hlc import Hlc
from pos_app.domain.values.ids import FactId, TillId
from pos_app.domain.values.moments import from_ms
from sync.client.http import HttpPlatform
from sync.platform import tables
from sync.platform.tills import CODE_LASTS_MS
from sync.protocol.errors import Number, PlatformError
from sync.protocol.messages import FactState, Hello, Position, Push, SentFact
from tests.support.certificates import certificate_in
from tests.support.platform_server import PATIENCE_S, RunningPlatform, running_platform
from tests.support.sync_journal import CLOCK, Journal, enrolment

_NUMBERS = count(1_000)
_YEARS = (-315_619_200_000, 0, 4_102_444_800_000)
"""1960, 1970 and 2100."""


@pytest.fixture
def platform(tmp_path: Path, address: str) -> Iterator[RunningPlatform]:
    """A platform on each kind of database."""
    with running_platform(tmp_path, address) as running:
        yield running


class Machine:
    """A till that came in: its journal and its way to the platform."""

    def __init__(self, at: RunningPlatform) -> None:
        self.till = TillId(UUID(int=next(_NUMBERS)))
        gate = HttpPlatform(at.address)
        self.code = at.service.new_code(at.merchant)
        self.token = gate.enrol(enrolment(self.code, till=self.till)).token
        gate.close()
        self.way, self.journal = (
            HttpPlatform(at.address, self.token, read_s=PATIENCE_S),
            Journal(till=self.till),
        )

    def refusal(self, push: Push) -> PlatformError:
        """Return why a push is refused."""
        with pytest.raises(PlatformError) as refused:
            self.way.push(push)
        return refused.value


@pytest.fixture
def machine(platform: RunningPlatform) -> Iterator[Machine]:
    """A till."""
    made = Machine(platform)
    yield made
    made.way.close()


def seqs(platform: RunningPlatform, machine: Machine) -> list[int]:
    """Return the places of the facts that the platform holds of a till."""
    fact = tables.fact
    query = select(fact.c.seq).where(fact.c.till_id == machine.till.bytes).order_by(fact.c.seq)
    return list(platform.service.database.read(lambda c: c.execute(query).scalars().all()))


# -- who comes --------------------------------------------------------------------------------------------


def why_not(platform: RunningPlatform, code: str, till: int) -> Number:
    """Return why a code lets a till not in."""
    gate = HttpPlatform(platform.address)
    with pytest.raises(PlatformError) as refused:
        gate.enrol(enrolment(code, till=UUID(int=till), till_code=str(till)))
    gate.close()
    return refused.value.number


def test_a_code_that_was_used_or_is_too_old_lets_nobody_in(
    platform: RunningPlatform, machine: Machine
) -> None:
    assert why_not(platform, machine.code, 5) is Number.CODE
    old = platform.service.new_code(platform.merchant)
    past = platform.service.outside.now_ms() - 1
    assert past < past + CODE_LASTS_MS
    change = tables.enrol_code.update().where(tables.enrol_code.c.used_by.is_(None)).values(expires_at=past)
    platform.service.database.write(lambda c: c.execute(change))
    assert why_not(platform, old, 5) is Number.CODE_EXPIRED


def test_texts_that_no_database_keeps_are_refused_by_the_name_of_their_number(
    platform: RunningPlatform,
) -> None:
    gate, code = HttpPlatform(platform.address), platform.service.new_code(platform.merchant)
    for change in ({"shop_name": "a\0b"}, {"shop_code": "x" * 201}, {"public_key": b"short"}):
        with pytest.raises(PlatformError) as refused:
            gate.enrol(enrolment(code, **change))
        assert refused.value.number is Number.INVALID
    gate.close()


# -- what comes -------------------------------------------------------------------------------------------


def test_facts_of_another_till_are_nobodys(platform: RunningPlatform, machine: Machine) -> None:
    other = Journal(till=TillId(UUID(int=6)))
    other.write("a")
    assert machine.refusal(other.push(0)).number is Number.FOREIGN_FACT
    disguised = msgspec.structs.replace(other.push(0), till=machine.till)
    assert machine.refusal(disguised).number is Number.FOREIGN_FACT
    assert seqs(platform, machine) == []


def test_batches_that_come_again_or_out_of_order_leave_each_fact_once(
    platform: RunningPlatform, machine: Machine
) -> None:
    machine.journal.write(*"abcdef")
    late = machine.refusal(machine.journal.push(3))
    assert (late.number, late.told["expected"]) == (Number.GAP, machine.journal.at(0))
    for after, until in ((0, 3), (0, 3), (3, 6), (0, 6), (2, 4)):
        reply = machine.way.push(machine.journal.push(after, until))
        assert reply.ack.seq >= until
    assert reply.ack == machine.journal.head and seqs(platform, machine) == [1, 2, 3, 4, 5, 6]


def test_a_chain_that_is_broken_names_the_place(platform: RunningPlatform, machine: Machine) -> None:
    machine.journal.write("a", "b", "c")
    push = machine.journal.push(0)
    spoilt = msgspec.structs.replace(push.facts[1], hash=bytes(32))
    error = machine.refusal(msgspec.structs.replace(push, facts=(push.facts[0], spoilt, push.facts[2])))
    assert (error.number, error.told["place"]) == (Number.CHAIN_BROKEN, 2)
    swapped = msgspec.structs.replace(push, facts=(push.facts[1], push.facts[0], push.facts[2]))
    assert machine.refusal(swapped).number in (Number.CHAIN_BROKEN, Number.UNREADABLE, Number.GAP)
    assert seqs(platform, machine) == []


@pytest.mark.parametrize("at_ms", _YEARS)
def test_a_fact_of_an_unknown_kind_from_any_year_is_kept_and_parked(
    platform: RunningPlatform, machine: Machine, at_ms: int
) -> None:
    body = encode(
        Envelope(
            format=FORMAT,
            till=machine.till,
            epoch=1,
            seq=1,
            fact=FactId(UUID(int=1)),
            kind="tomorrow.said",
            version=9,
            at=from_ms(at_ms),
            hlc=Hlc(max(0, at_ms) << 16),
            staff=None,
            content=msgspec.Raw(b"{}"),
        )
    )
    base = machine.journal.at(0)
    fact = SentFact(1, chain(base.hash, body), body)
    push = Push(p=1, till=machine.till, base=base, letters=0, clock=CLOCK, facts=(fact,))
    reply = machine.way.push(push)
    assert reply.ack == Position(1, 1, fact.hash) and reply.results[0].state is FactState.PARKED


def test_numbers_that_no_database_keeps_are_refused_and_no_bug(machine: Machine) -> None:
    machine.journal.write("a")
    push = machine.journal.push(0)
    for number in (2**63, 2**64 - 1, -1):
        far = msgspec.structs.replace(push, base=Position(number, number, bytes(32)))
        assert machine.refusal(far).number is not Number.BUG
        head = Position(number, number, bytes(32))
        hello = Hello(least=1, newest=1, till=machine.till, head=head, clock=CLOCK)
        machine.way.hello(hello)
        clock = msgspec.structs.replace(CLOCK, wall_ms=number, hlc=number)
        try:
            machine.way.push(msgspec.structs.replace(push, clock=clock))
        except PlatformError as error:
            assert error.number is not Number.BUG


# -- the database -----------------------------------------------------------------------------------------


def test_a_disk_that_is_full_is_told_and_the_same_push_arrives_when_there_is_room(
    platform: RunningPlatform, machine: Machine
) -> None:
    machine.journal.write(*("熟客" * 500 for _ in range(50)))
    push, database = machine.journal.push(0), platform.service.database
    if database.is_sqlite:
        # A page more than there is: the file cannot grow.
        limit, unlimit = "PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1073741823"
        event.listen(database.engine, "begin", full := lambda c: c.exec_driver_sql(limit))
        assert machine.refusal(push).number is Number.STORAGE
        event.remove(database.engine, "begin", full)
        event.listen(database.engine, "begin", lambda c: c.exec_driver_sql(unlimit))
    else:
        trigger = "CREATE TRIGGER full_disk BEFORE INSERT ON fact EXECUTE FUNCTION full_disk()"
        raising = "BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END"
        make = f"CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ {raising} $$"
        database.write(lambda c: [c.exec_driver_sql(each) for each in (make, trigger)])
        assert machine.refusal(push).number is Number.STORAGE
        database.write(lambda c: c.exec_driver_sql("DROP TRIGGER full_disk ON fact"))
    assert seqs(platform, machine) == []
    assert machine.way.push(push).ack == machine.journal.head


@contextmanager
def taken_away(platform: RunningPlatform, folder: Path, address: str) -> Iterator[None]:
    """Take the database away, as when a drive is taken out or a server stops, and bring it back after the block."""
    platform.service.database.engine.dispose()
    if platform.service.database.is_sqlite:
        away = folder / "away"
        away.mkdir()
        for file in folder.glob("platform.db*"):
            shutil.move(file, away / file.name)
        (folder / "platform.db").mkdir()
        yield
        (folder / "platform.db").rmdir()
        for file in away.iterdir():
            shutil.move(file, folder / file.name)
        return
    where = make_url(address)
    outside = create_engine(where.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with outside.connect() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {where.database} ALLOW_CONNECTIONS false")
        yield
        connection.exec_driver_sql(f"ALTER DATABASE {where.database} ALLOW_CONNECTIONS true")
    outside.dispose()


def test_a_database_that_goes_away_is_told_and_all_goes_on_once_it_is_back(
    platform: RunningPlatform, machine: Machine, tmp_path: Path, address: str
) -> None:
    machine.journal.write("a", "b")
    machine.way.push(machine.journal.push(0, 1))
    with taken_away(platform, tmp_path, address):
        error = machine.refusal(machine.journal.push(1))
        assert (error.number, error.told["retry_after_s"]) == (Number.DATABASE, 2)
        health = requests.get(f"{platform.address}/health", timeout=PATIENCE_S)
        assert (health.status_code, health.json()) == (503, {"status": "database"})
    assert machine.way.push(machine.journal.push(1)).ack == machine.journal.head
    assert requests.get(f"{platform.address}/health", timeout=PATIENCE_S).status_code == 200
    assert seqs(platform, machine) == [1, 2]


def test_a_connection_that_the_database_cut_is_made_anew(
    platform: RunningPlatform, machine: Machine, address: str
) -> None:
    if platform.service.database.is_sqlite:
        pytest.skip("a file has no connections to cut")
    machine.journal.write("a")
    name = make_url(address).database
    cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    outside = create_engine(make_url(address).set(database="postgres"), isolation_level="AUTOCOMMIT")
    with outside.connect() as connection:
        assert len(connection.exec_driver_sql(cut).all()) >= 1
    outside.dispose()
    assert machine.way.push(machine.journal.push(0)).ack == machine.journal.head


# -- the line ---------------------------------------------------------------------------------------------


def test_a_platform_whose_certificate_nobody_vouches_for_gets_no_fact_and_no_token(tmp_path: Path) -> None:
    with running_platform(tmp_path, certificate=(certificate_in(tmp_path),) * 2) as running:
        assert running.address.startswith("https://")
        way = HttpPlatform(running.address, "a-token")
        journal = Journal()
        journal.write("a")
        with pytest.raises(PlatformError) as refused:
            way.push(journal.push(0))
        assert refused.value.number is Number.CERTIFICATE
        way.close()
        answer = requests.get(
            f"{running.address}/health", verify=str(tmp_path / "both.pem"), timeout=PATIENCE_S
        )
        assert answer.json() == {"status": "ok"}
