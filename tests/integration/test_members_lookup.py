"""Whoever is typed is found, in the order of the last visits, exactly as by LIKE over everybody."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import msgspec
import pytest

from pos_app.domain.members import KeyKind, Member, MemberKey, Replaced
from pos_app.domain.values.ids import MemberId, ShopId
from pos_app.persistence.members import fill, lookup
from pos_app.services.ports.people import Listing
from tests.support.many_members import NOW, many_members, phone_of
from tests.support.member_questions import PAGE, LikeAnswers, Question, questions
from tests.support.shop_on_disk import DATABASE, DiskShop, open_shop, place_shop
from tests.support.statements import watched

MANY, ASKED = 20_000, 2_000
MORE = 1_000_000


@dataclass
class Town:
    """A shop with many members, and the answers by LIKE."""

    shop: DiskShop
    members: list[Member]
    like: LikeAnswers
    here: ShopId

    def find(self, typed: str, limit: int = PAGE, offset: int = 0) -> Listing:
        with self.shop.store.read() as tx:
            return tx.members.look_up(typed, limit, offset)

    def differs(self, question: Question) -> bool:
        """Whether the members found, their order or their number are not what LIKE says."""
        found = self.find(question.typed)
        ids, total = self.like.ask(question.plain)
        wanted = (ids, min(total, 1_000), total > 1_000)
        return ([m.member_id.bytes for m in found.members], found.total, found.capped) != wanted


def town_of(folder: Path, count: int) -> Town:
    """Fill a shop with members."""
    place_shop(folder)
    shop = open_shop(folder)
    here = shop.shop.settings.value.shop_id
    members = list(many_members(count, here))
    with shop.store.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        fill(connection, members, here)
        connection.commit()
    return Town(shop, members, LikeAnswers(members, here), here)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A shop of 20,000 members that nobody writes to."""
    town = town_of(tmp_path_factory.mktemp("town"), MANY)
    yield town
    town.shop.store.close()


@pytest.fixture
def town(standing: Town, tmp_path: Path) -> Iterator[Town]:
    """A copy of that shop, to be written to."""
    folder = tmp_path / "home"
    folder.mkdir()
    standing.shop.store.copy_to(folder / DATABASE)
    shop = open_shop(folder)
    yield Town(shop, standing.members, LikeAnswers(standing.members, standing.here), standing.here)
    shop.store.close()
    shutil.rmtree(folder)


@pytest.fixture(params=["gathering", "walking"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Members are found in both ways, whichever their number would choose."""
    if request.param == "walking":
        monkeypatch.setattr(lookup, "GATHERED", 20)
        monkeypatch.setattr(lookup, "WALKED", 5_000)
    return str(request.param)


def test_two_thousand_questions_are_answered_as_by_like(standing: Town, either_way: str) -> None:
    count = ASKED if either_way == "gathering" else ASKED // 4
    asked = questions(standing.members, count, seed=len(either_way))
    assert [question for question in asked if standing.differs(question)] == []


def test_a_quarter_of_the_questions_finds_nobody_and_the_others_somebody(standing: Town) -> None:
    asked = questions(standing.members, ASKED, seed=3)
    assert all((standing.find(q.typed).total == 0) is (q.kind == "miss") for q in asked)
    assert len([q for q in asked if q.kind == "miss"]) == ASKED // 4
    assert {q.kind for q in asked} >= {
        "phone",
        "last four",
        "card",
        "name",
        "one character",
        "pinyin",
        "initials",
    }


def test_answers_stay_right_after_edits_visits_erasures_and_sign_ups(town: Town, either_way: str) -> None:
    random = Random(5)
    for step, member in enumerate(random.sample(town.members, 120)):
        with town.shop.store.write() as tx:
            if step % 3 == 0:
                profile = msgspec.structs.replace(
                    member.profile, name=random.choice(("单吕行", "曾茜", None))
                )
                edited = msgspec.structs.replace(member, profile=profile)
                tx.members.save(edited)
                town.like.edit(edited)
            elif step % 3 == 1:
                at = NOW.replace(second=step // 3)
                tx.members.visited(member.member_id, at)
                town.like.visit(member, at.timestamp())
            else:
                tx.members.erase(member.member_id, NOW)
                town.like.erase(member)
    new = town.shop.sign_up("17000001234", "区盖朴")
    town.like.add(new, town.here)
    asked = [*questions(town.members, 100, seed=8), Question("oubai", "oubai", "pinyin")]
    asked += [
        Question(t, t, "name")
        for t in ("单吕", "shanlvh", "danluxing", "zengxi", "cengqian", "ogp", "qgp", "吕")
    ]
    assert [question for question in asked if town.differs(question)] == []


def test_no_key_of_an_erased_or_renamed_member_stays(town: Town) -> None:
    members = town.members[:50]
    with town.shop.store.write() as tx:
        for member in members[:25]:
            tx.members.erase(member.member_id, NOW)
        for member in members[25:]:
            profile = msgspec.structs.replace(member.profile, name=None, keys=())
            tx.members.save(msgspec.structs.replace(member, profile=profile))
    with town.shop.store.engine.connect() as connection:
        for table in ("member_key", "member_search"):
            left = connection.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE no <= 50").scalar_one()
            assert left == 0


def test_pages_follow_each_other_without_gap_or_repetition(standing: Town, either_way: str) -> None:
    whole = standing.find("wang", 120).members
    pages = [standing.find("wang", 40, offset).members for offset in (0, 40, 80)]
    assert whole == pages[0] + pages[1] + pages[2]
    assert len({m.member_id for m in whole}) == 120


def test_a_blank_question_finds_everybody_who_came_last_first(standing: Town) -> None:
    found = standing.find(" 　")
    ids, _ = standing.like.ask("")
    assert [m.member_id.bytes for m in found.members] == ids
    assert (found.total, found.capped) == (1_000, True)


def test_what_is_no_letter_and_no_digit_finds_nobody(standing: Town) -> None:
    assert [
        standing.find(text).total for text in ("🎁", "%", "_", "—", "'; DROP TABLE member", "\x07", "+")
    ] == [0] * 7


def test_a_question_longer_than_any_key_is_compared_whole(town: Town) -> None:
    name = "欧阳" * 18
    town.shop.sign_up("17000001234", name)
    assert town.find(name).total == 1 == town.find("ouyang" * 18).total
    assert (
        town.find(name + "欧").total
        == 0
        == town.find(name[1:] + "欧").total
        == town.find("ouyang" * 17 + "ouyan" + "x").total
    )


def test_a_shared_phone_names_its_owner_first(town: Town) -> None:
    number = next(i for i, m in enumerate(town.members) if any(k.shared for k in m.profile.keys))
    value = phone_of(number - 1)
    with town.shop.store.read() as tx:
        found = tx.members.of_key("phone", value)
        assert found[0].member_id == town.members[number - 1].member_id
        assert town.members[number].member_id in [m.member_id for m in found]
        assert tx.members.by_key("phone", value) == found[0]


@pytest.mark.parametrize(("replaced", "finds"), [(Replaced.REFUSED, 0), (Replaced.FORWARDED, 1)])
def test_a_replaced_card_is_refused_or_forwarded_and_never_forgotten(
    town: Town, replaced: Replaced, finds: int
) -> None:
    member = town.members[0]
    key = MemberKey(kind=KeyKind.CARD, value="LOST12345", replaced=replaced)
    profile = msgspec.structs.replace(member.profile, keys=(*member.profile.keys, key))
    with town.shop.store.write() as tx:
        tx.members.save(msgspec.structs.replace(member, profile=profile))
        assert (tx.members.by_key("card", "LOST12345") is not None) is bool(finds)
        assert tx.members.look_up("lost 12345", 5).total == finds
        assert tx.members.key_state("card", "LOST12345") == key
        assert tx.members.key_state("card", "LOST12346") is None


def test_every_look_up_goes_by_an_index(town: Town, either_way: str) -> None:
    member = town.members[77]
    with watched() as statements:
        for typed in (
            "",
            "王",
            "wang",
            "w",
            "1",
            "138",
            phone_of(5),
            "+886 912345678",
            "欧阳" * 18,
            "abc_def",
        ):
            town.find(typed)
        with town.shop.store.write() as tx:
            tx.members.get(member.member_id)
            tx.members.of_key("phone", phone_of(5))
            tx.members.key_state("card", "9")
            tx.members.count()
            tx.members.visited(member.member_id, NOW)
            tx.members.save(member)
            tx.members.erase(member.member_id, NOW)
    assert statements.walks(town.shop.database) == []
    assert len(statements.seen) > 15


def hidden_by(town: Town, state: str) -> None:
    """Let batch 1 be under way in a state."""
    with town.shop.store.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.exec_driver_sql("DELETE FROM import_batch")
        connection.exec_driver_sql(
            "INSERT INTO import_batch (number, batch_id, kind, state, sha256, file_name, started_at, staff_id,"
            " rows_done, body) VALUES (1, x'00', 'members', ?, '', '', 0, x'00', 0, x'')",
            (state,),
        )
        connection.commit()


def mark(town: Town, since: int, until: int, member_id: MemberId) -> None:
    """Set the versions of a member's row."""
    with town.shop.store.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.exec_driver_sql(
            "UPDATE member SET since = ?, until = ? WHERE member_id = ?", (since, until, member_id.bytes)
        )
        connection.commit()


@pytest.mark.parametrize(
    ("state", "new", "replaced"),
    [
        ("staging", False, True),
        ("published", True, False),
        ("withdrawing", True, False),
        ("withdrawn", False, True),
    ],
)
def test_of_two_versions_one_counts(
    town: Town, either_way: str, state: str, new: bool, replaced: bool
) -> None:
    brought, gone = town.members[10], town.members[11]
    mark(town, 1, 0, brought.member_id)
    mark(town, 0, 1, gone.member_id)
    hidden_by(town, state)
    for member, counts in ((brought, new), (gone, replaced)):
        with town.shop.store.read() as tx:
            assert (tx.members.get(member.member_id) is not None) is counts
            assert (tx.members.by_key("phone", member.phone or "") is not None) is counts
            assert tx.members.look_up(member.phone or "", 5).total == counts
            everybody = tx.members.look_up("", MANY).members
            assert (member.member_id in {m.member_id for m in everybody}) is counts
            assert tx.members.count() == len(everybody)


def test_a_visit_makes_an_imported_member_the_shops_own(town: Town) -> None:
    member = town.members[10]
    mark(town, 1, 0, member.member_id)
    hidden_by(town, "published")
    with town.shop.store.write() as tx:
        tx.members.visited(member.member_id, NOW)
    hidden_by(town, "withdrawn")
    with town.shop.store.read() as tx:
        found = tx.members.get(member.member_id)
        assert found is not None and found.visits == member.visits + 1


@pytest.mark.prove
def test_a_million_members_are_found_as_by_like(tmp_path: Path) -> None:
    town = town_of(tmp_path / "home", MORE)
    asked = questions(town.members, ASKED, seed=21)
    assert [question for question in asked if town.differs(question)] == []
    town.shop.store.close()
