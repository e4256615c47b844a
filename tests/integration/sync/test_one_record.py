"""What two tills with their own books see of one record: pushed and pulled through the real platform."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_app.domain.imports.kinds import Kind as FileKind
from pos_app.domain.members import Member
from pos_app.domain.values.ids import SubjectId
from pos_app.services.ports.clock import StillWatch
from sync.client.applying import appliers
from sync.client.pulling import PullEngine
from tests.support.feed import NOW_MS, link_of
from tests.support.shop_on_disk import CANDY, NECKLACE
from tests.support.tills_together import LinkedTill, Together, together

PHONE, OTHER_PHONE = "13800138000", "13900139000"


def pull(till: LinkedTill) -> None:
    """Take in all that the platform has."""
    known = appliers(till.shop.shop.settings.value.shop_id, {}, till.gone)
    engine = PullEngine(till.shop.store, till.wire, known, StillWatch())
    while engine.pull(NOW_MS).more:
        pass


def sync(shops: Together, *tills: LinkedTill) -> None:
    """Let tills push, the platform finish, and all pull until they are alike."""
    for till in tills:
        till.push()
    while shops.service.work(shops.service.only_merchant()):
        pass
    for till in tills:
        pull(till)


def told(till: LinkedTill, text: str) -> list[str | None]:
    return [each.profile.name for each in till.shop.shop.members.look_up(text).members]


def fresh(till: LinkedTill, member: Member) -> Member:
    found = till.shop.shop.members.get(member.member_id)
    assert found is not None
    return found


def test_a_member_signed_up_offline_is_everywhere_after_one_round(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    mei = a.shop.sign_up(PHONE, "林小满")
    sync(shops, a, b)
    assert b.shop.shop.members.find_phone(PHONE) == mei == a.shop.shop.members.find_phone(PHONE)
    assert told(b, "lxm") == ["林小满"]
    assert link_of(a.shop).digest == link_of(b.shop).digest != 0


def test_one_person_signed_up_on_two_tills_has_one_record_with_both_histories_and_two_again(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    first, second = a.shop.sign_up(PHONE, "林小满"), b.shop.sign_up(OTHER_PHONE, "林小满")
    a.shop.sell(CANDY, member=first)
    b.shop.sell(NECKLACE, member=second)
    sync(shops, a, b)
    sync(shops, a, b)
    before = [(fresh(till, one)) for till in (a, b) for one in (first, second)]
    a.shop.shop.members.merge(a.shop.manager, first.member_id, second.member_id)
    sync(shops, a, b)
    sync(shops, a, b)
    for till in (a, b):
        both = fresh(till, second)
        assert both.member_id == first.member_id and both.visits == 2
        assert till.shop.shop.members.find_phone(OTHER_PHONE) == both
        assert till.shop.shop.members.count() == 1
        assert till.shop.shop.members.record(second.member_id).also == (second.member_id,)
    assert [len(till.shop.shop.members.purchases(first.member_id)) for till in (a, b)] == [1, 1]
    b.shop.shop.members.unmerge(b.shop.manager, first.member_id, second.member_id)
    sync(shops, b, a)
    sync(shops, b, a)
    assert [(fresh(till, one)) for till in (a, b) for one in (first, second)] == before


def test_a_visit_counts_once_at_both_tills_before_and_after_it_is_known(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    mei = a.shop.sign_up(PHONE, "林小满")
    sync(shops, a, b)
    b.shop.sell(CANDY, member=mei)
    a.shop.sell(CANDY, member=mei)
    assert (fresh(a, mei).visits, fresh(b, mei).visits) == (1, 1)
    sync(shops, a, b)
    assert fresh(b, mei).visits == 2
    sync(shops, a, b)
    assert (fresh(a, mei).visits, fresh(b, mei).visits) == (2, 2)


def test_an_erased_member_is_gone_at_the_other_till_with_her_key(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    mei = a.shop.sign_up(PHONE, "林小满")
    sync(shops, a, b)
    b.shop.shop.member_privacy.reveal(b.shop.manager, mei.member_id)
    b.shop.shop.members.erase(b.shop.owner, mei.member_id, "asked")
    sync(shops, b, a)
    for till in (a, b):
        assert till.shop.shop.members.get(mei.member_id) is None and told(till, "lxm") == []
        with till.shop.store.read() as tx:
            assert tx.subject_keys.get(SubjectId(mei.member_id)) is None
    sync(shops, a, b)
    assert link_of(a.shop).digest == link_of(b.shop).digest


def test_an_import_that_came_back_from_the_platform_can_still_be_taken_back(
    shops: Together, a: LinkedTill, b: LinkedTill
) -> None:
    file = a.shop.folder / "members.csv"
    file.write_text("姓名,手机号\n王小满,13812340001\n李晓燕,13812340002\n", encoding="utf-8-sig")
    imports = a.shop.shop.imports
    imports.run(a.shop.owner, imports.open(file, FileKind.MEMBERS))
    sync(shops, a, b)
    sync(shops, a, b)
    assert [till.shop.shop.members.count() for till in (a, b)] == [2, 2]
    xiao = b.shop.shop.members.find_phone("13812340001")
    assert xiao is not None
    b.shop.sell(CANDY, member=xiao)
    sync(shops, b, a)
    imports.withdraw(a.shop.owner)
    assert a.shop.shop.members.find_phone("13812340002") is None, "at once, and with no network"
    assert a.shop.shop.members.find_phone("13812340001") is not None, "a shop sold to her"
    sync(shops, a, b)
    sync(shops, a, b)
    assert link_of(a.shop).digest == link_of(b.shop).digest
    assert told(a, "王小满") == told(b, "王小满")
    assert [till.shop.shop.members.find_phone("13812340002") for till in (a, b)] == [None, None]


STEPS = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(("sell", "merge", "unmerge", "sync", "erase")),
        st.integers(0, 2),
        st.integers(0, 2),
    ),
    max_size=12,
)


@settings(max_examples=15, deadline=None)
@given(steps=STEPS)
def test_whatever_two_tills_do_they_end_alike(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str, int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("alike")
    with together(folder, f"sqlite+pysqlite:///{(folder / 'platform.db').as_posix()}") as shops:
        tills = [shops.till(1), shops.till(2)]
        people = [tills[0].shop.sign_up(f"1380013800{n}", f"林{n}") for n in range(3)]
        sync(shops, *tills)
        for which, what, one, other in steps:
            act(shops, tills[which], (what, people[one], people[other]))
        for _ in range(3):
            sync(shops, *tills)
        assert link_of(tills[0].shop).digest == link_of(tills[1].shop).digest
        seen = [[till.shop.shop.members.get(each.member_id) for each in people] for till in tills]
        assert seen[0] == seen[1]
        for till in tills:
            members = till.shop.shop.members
            assert members.count() == len({each.member_id for each in seen[0] if each is not None})
            assert till.shop.verify().passed


def act(shops: Together, till: LinkedTill, deed: tuple[str, Member, Member]) -> None:
    what, one, other = deed
    members, who = till.shop.shop.members, till.shop.owner
    here, there = members.get(one.member_id), members.get(other.member_id)
    if what == "sync":
        sync(shops, till)
    elif what == "unmerge":
        members.unmerge(who, one.member_id, other.member_id)
    elif here is None:
        return
    elif what == "sell":
        till.shop.sell(CANDY, member=here)
    elif what == "erase":
        members.erase(who, one.member_id, "asked")
    elif there is not None:
        members.merge(who, one.member_id, other.member_id)
