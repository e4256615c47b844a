"""One member out of many sign-ups, and out of chains of merges: one who stands for all, and everybody back again."""

from collections.abc import Iterator
from random import Random
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from pos_app.domain.facts.codec import decode_content
from pos_app.domain.facts.envelope import decode
from pos_app.domain.facts.members import MembersMerged, MembersUnmerged
from pos_app.domain.facts.sales import SaleCommitted
from pos_app.domain.members import Member
from pos_app.domain.sales.sale import Sale, SaleKind
from pos_app.domain.values.ids import MemberId, TillId
from sync.platform import tables
from sync.platform.service import PlatformService
from sync.protocol.documents import Kind, MemberDocument
from sync.protocol.messages import Pull, TillState
from tests.support.bootstrap import HandClock
from tests.support.long_days import LongJournal
from tests.support.shop_on_disk import CANDY, FORMULA, NECKLACE
from tests.support.sync_journal import enrolment
from tests.support.tills_together import LinkedTill, Together, Wire, service_at

PHONE = "+8613800138000"
TILLS, FACTS = 20, 41


# -- one phone, twice at each of twenty tills -------------------------------------------------------------


@pytest.fixture
def service(address: str) -> Iterator[PlatformService]:
    """A platform on an empty database."""
    made = service_at(address, HandClock())
    yield made
    made.database.close()


def _twenty(service: PlatformService) -> list[tuple[LongJournal, Wire]]:
    """Return twenty tills, offline until now: at each two people signed up with one phone, and one of them bought."""
    tills = []
    for number in range(1, TILLS + 1):
        till, shop = TillId(UUID(int=number << 32 | 1)), UUID(int=number << 32)
        code = service.new_code(service.only_merchant())
        enrolled = service.enrol(enrolment(code, till=till, shop=shop, shop_code=f"S{number:02}"))
        journal = LongJournal(till=till, shop=shop, phone=PHONE).sign_up(1).live(FACTS)
        tills.append((journal, Wire(service, enrolled.token)))
    return tills


def _members(service: PlatformService, wire: Wire) -> dict[UUID, MemberDocument]:
    found, cursor, more = dict[UUID, MemberDocument](), b"", True
    while more:
        reply = wire.pull(Pull(p=1, cursor=cursor))
        for row in reply.rows:
            if row.kind == Kind.MEMBER and not row.gone:
                found[UUID(bytes=row.id)] = msgspec.json.decode(row.body, type=MemberDocument)
        cursor, more = reply.cursor, reply.more
    return found


def _sales_of(journals: list[LongJournal]) -> list[Sale]:
    sales = []
    for journal in journals:
        for fact in journal.facts:
            envelope = decode(fact.body)
            if envelope.kind == "sale.committed":
                content = decode_content(envelope.kind, envelope.version, bytes(envelope.content))
                assert isinstance(content, SaleCommitted)
                if content.sale.member is not None:
                    sales.append(content.sale)
    return sales


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_phone_signed_up_twice_at_twenty_tills_is_one_member_with_every_visit(
    service: PlatformService, seed: int
) -> None:
    tills, chance = _twenty(service), Random(seed)
    at, owners = dict.fromkeys(range(TILLS), 0), list[bytes]()
    while waiting := [n for n in at if at[n] < FACTS]:
        which = chance.choice(waiting)
        journal, wire = tills[which]
        until = min(FACTS, at[which] + chance.randint(1, 15))
        for _ in range(chance.choice((1, 1, 2))):
            assert wire.push(journal.push(at[which], until)).state is TillState.OK
        at[which] = until
        owners += _owner(service)
    assert len(set(owners)) == 1, "the first who claimed it owns it, and nobody takes it from her"
    found = _members(service, tills[0][1])
    ones = [key for key, document in found.items() if document.alias_of is None]
    assert [one.bytes for one in ones] == owners[:1]
    assert len(found) == 2 * TILLS
    assert {document.alias_of for key, document in found.items() if key != ones[0]} == {MemberId(ones[0])}
    record = found[ones[0]].record
    sales = _sales_of([journal for journal, _ in tills])
    assert sum(month.visits for month in record.months) == sum(s.kind is SaleKind.SALE for s in sales) > TILLS
    assert sum(month.spend for month in record.months) == sum(sale.total for sale in sales)
    assert set(record.also) == {MemberId(key) for key in found if key != ones[0]}


def _owner(service: PlatformService) -> list[bytes]:
    query = select(tables.member_key.c.member_id).where(tables.member_key.c.kind == "phone")
    return list(service.database.read(lambda c: c.execute(query).scalars().all()))


# -- chains -----------------------------------------------------------------------------------------------


def _five(shops: Together) -> list[Member]:
    """Sign five people up at two tills, each buys something; all is known to the platform."""
    a, b = shops.tills
    people = []
    for number in range(5):
        till = (a, b)[number % 2]
        people.append(till.shop.sign_up(f"1380013800{number}", f"林小{'满美丽华芳'[number]}"))
        till.shop.sell((CANDY, NECKLACE, FORMULA)[number % 3], member=people[-1])
    a.push()
    b.push()
    return people


def _as_they_are(shops: Together, people: list[Member]) -> dict[MemberId, tuple[object, ...]]:
    """Return what every shop sees of each: all but the history of who changed what."""
    documents = shops.members()
    assert all(documents[one.member_id].alias_of is None for one in people)
    return {
        one.member_id: (
            documents[one.member_id].member,
            msgspec.structs.replace(documents[one.member_id].record, changes=()),
        )
        for one in people
    }


def _chain(shops: Together, people: list[Member]) -> None:
    """Merge each into the one before, at both tills in turn: the last into the first over all between."""
    for number in range(1, len(people)):
        till = shops.tills[number % 2]
        till.record(MembersMerged(member=people[number - 1].member_id, other=people[number].member_id))
        till.push()


def test_a_chain_of_merges_is_one_member_by_each_of_her_ids(shops: Together) -> None:
    people = _five(shops)
    _chain(shops, people)
    documents = shops.members()
    assert documents[people[0].member_id].alias_of is None
    assert {documents[one.member_id].alias_of for one in people[1:]} == {people[0].member_id}
    whole = shops.member(people[4].member_id)
    assert whole.member is not None and whole.member.visits == 5
    assert {key.value for key in whole.member.profile.keys} == {f"+861380013800{n}" for n in range(5)}


@pytest.mark.parametrize("seed", range(4))
def test_a_chain_of_merges_taken_back_in_any_order_restores_everybody_exactly(
    shops: Together, seed: int
) -> None:
    people = _five(shops)
    before = _as_they_are(shops, people)
    _chain(shops, people)
    parts, chance = list(range(1, len(people))), Random(seed)
    chance.shuffle(parts)
    for number in parts:
        till: LinkedTill = chance.choice(shops.tills)
        till.record(MembersUnmerged(member=people[number - 1].member_id, other=people[number].member_id))
        till.push()
    assert _as_they_are(shops, people) == before


def test_merges_in_a_ring_end_with_one_who_stands_for_all(shops: Together) -> None:
    people = _five(shops)[:3]
    a, b = shops.tills
    # Both tills merge while they know nothing of each other.
    a.record(MembersMerged(member=people[0].member_id, other=people[1].member_id))
    b.record(MembersMerged(member=people[1].member_id, other=people[2].member_id))
    b.record(MembersMerged(member=people[2].member_id, other=people[0].member_id))
    b.push()
    a.push()
    documents = [shops.member(one.member_id) for one in people]
    assert documents[0] == documents[1] == documents[2]
    assert documents[0].member is not None and documents[0].member.visits == 3


def test_what_was_bought_under_each_id_while_merged_goes_with_that_id(shops: Together) -> None:
    people = _five(shops)[:3]
    a, b = shops.tills
    _chain(shops, people)
    totals = [_spent(shops, one.member_id) for one in people[:1]]
    sold = [till.shop.sell(NECKLACE, member=one).sale for till, one in zip((a, b, a), people, strict=True)]
    a.push()
    b.push()
    assert _spent(shops, people[2].member_id) == totals[0] + sum(sale.total for sale in sold)
    b.record(MembersUnmerged(member=people[0].member_id, other=people[2].member_id))
    b.record(MembersUnmerged(member=people[0].member_id, other=people[1].member_id))
    b.push()
    firsts = [999, 129_900, 32_800]
    assert [_spent(shops, one.member_id) for one in people] == [129_900 + first for first in firsts]


def _spent(shops: Together, member: MemberId) -> int:
    return sum(month.spend for month in shops.member(member).record.months)
