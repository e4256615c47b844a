"""Members of files: taken in, merged, refused with a reason, taken back."""

from dataclasses import replace

import msgspec
import pytest

from pos_app.domain.anniversaries import MonthDay
from pos_app.domain.imports.faults import Reason
from pos_app.domain.imports.kinds import Kind
from pos_app.domain.members import KeyKind, Member
from pos_app.domain.values.ids import SubjectId
from pos_app.services.imports.values import Progress, Stage, Watcher
from pos_app.services.ports.imports import State
from tests.integration.imports.conftest import Bring
from tests.integration.test_erasure import traces
from tests.support.shop_on_disk import DiskShop

HEAD = "姓名,手机号,会员卡号,生日,备注\n"
TWO = HEAD + "王小满,13812340001,100001,1990-05-06,爱金饰\n李晓燕,13812340002,100002,,\n"


def found(shop: DiskShop, text: str) -> list[str | None]:
    """Return the names of members whom a text finds."""
    with shop.store.read() as tx:
        return [member.profile.name for member in tx.members.look_up(text, 50).members]


def by_phone(shop: DiskShop, phone: str) -> Member:
    """Return the member of a phone."""
    member = shop.shop.members.find_phone(phone)
    assert member is not None
    return member


def test_members_of_a_file_are_found_by_name_pinyin_phone_and_card(shop: DiskShop, bring: Bring) -> None:
    ended = bring(Kind.MEMBERS, TWO)
    assert ended.batch is not None
    assert (ended.batch.state, ended.told.new) == (State.DONE, 2)
    for text in ("小满", "wangxiaom", "wxm", "0001", "13812340001", "100001"):
        assert "王小满" in found(shop, text), text
    assert shop.verify().passed


def test_a_rehearsal_writes_nothing(shop: DiskShop, bring: Bring) -> None:
    with shop.store.read() as tx:
        head = tx.journal.head()
    ended = bring(Kind.MEMBERS, TWO, dry=True)
    assert (ended.told.new, ended.batch) == (2, None)
    assert found(shop, "小满") == []
    with shop.store.read() as tx:
        assert tx.journal.head() == head
        assert tx.imports.latest(5) == []


def test_the_same_file_again_brings_nothing(shop: DiskShop, bring: Bring) -> None:
    bring(Kind.MEMBERS, TWO)
    assert bring(Kind.MEMBERS, TWO).nothing_new
    shuffled = HEAD + "".join(reversed(TWO.splitlines(keepends=True)[1:]))
    again = bring(Kind.MEMBERS, shuffled)
    assert (again.nothing_new, again.told.same) == (True, 2)


def test_only_the_fields_of_the_file_change(shop: DiskShop, bring: Bring) -> None:
    bring(Kind.MEMBERS, TWO)
    ended = bring(Kind.MEMBERS, "手机号,生日,备注\n13812340001,1991-01-02,\n")
    assert (ended.told.changed, ended.told.new) == (1, 0)
    profile = by_phone(shop, "13812340001").profile
    assert (profile.name, profile.notes, str(profile.birthday)) == ("王小满", "爱金饰", "1991-01-02")
    assert [key.kind for key in profile.keys] == [KeyKind.PHONE, KeyKind.CARD]
    assert found(shop, "小满") == ["王小满"]


def test_a_phone_of_somebody_with_another_name_is_refused_and_nothing_of_hers_changes(
    shop: DiskShop, bring: Bring
) -> None:
    bring(Kind.MEMBERS, TWO)
    ended = bring(
        Kind.MEMBERS, HEAD + "赵六,13812340001,,,\n孙八,13812340009,100002,,\n钱七,13812340003,,,\n"
    )
    assert (ended.told.new, ended.told.refused_count) == (1, 2)
    assert [r.faults[0].params["code"] for r in ended.told.refused] == ["importing.clash.other_name"] * 2
    assert by_phone(shop, "13812340001").profile.name == "王小满"


@pytest.mark.parametrize("name", ["王小满的妈妈", "王小", "小满", "李女士", "王**丽", "女士"])
def test_a_file_never_gives_a_member_the_name_of_somebody_else(
    shop: DiskShop, bring: Bring, name: str
) -> None:
    bring(Kind.MEMBERS, TWO)
    ended = bring(Kind.MEMBERS, HEAD + f"{name},13812340001,,,改了\n")
    assert [r.faults[0].params["code"] for r in ended.told.refused] == ["importing.clash.other_name"]
    profile = by_phone(shop, "13812340001").profile
    assert (profile.name, profile.notes) == ("王小满", "爱金饰")


@pytest.mark.parametrize(
    "name", ["王女士", "王小姐", "王太太", "王先生", "王***", "王*满", "王＊满", "", "王 小满"]
)
def test_a_courtesy_name_is_the_same_member_and_her_name_stays(
    shop: DiskShop, bring: Bring, name: str
) -> None:
    bring(Kind.MEMBERS, TWO)
    assert bring(Kind.MEMBERS, HEAD + f"{name},13812340001,,,改了\n").told.changed == 1
    profile = by_phone(shop, "13812340001").profile
    assert ((profile.name or "").replace(" ", ""), profile.notes) == ("王小满", "改了")


CHILD = "姓名,手机号,宝宝姓名,宝宝生日,预产期\n"


@pytest.mark.parametrize(
    ("known", "told", "then"),
    [
        ("小宝,2026-05,", "小宝,2026-05-17,", [("小宝", "2026-05-17", None)]),
        (",2026-05,", "小宝,2026-05-17,", [("小宝", "2026-05-17", None)]),
        ("小宝,2026-05-17,", "小宝,2026-05,", [("小宝", "2026-05-17", None)]),
        (",,2026-12-20", "小宝,2026-11-02,", [("小宝", "2026-11-02", None)]),
        ("小宝,2026-05-17,", "大宝,2026-05-17,", [("小宝", "2026-05-17", None)]),
        ("小宝,,", "小宝,2026-05-17,", [("小宝", "2026-05-17", None)]),
        ("小宝,2026-05,", "大宝,2026-05-17,", [("小宝", "2026-05-01", None), ("大宝", "2026-05-17", None)]),
        (",,2026-12-20", "大宝,2024-03-02,", [(None, None, "2026-12-20"), ("大宝", "2024-03-02", None)]),
        ("大宝,2026-05-17,", "大宝、小宝,2026-05-17、2026-05-17,-、-",
         [("大宝", "2026-05-17", None), ("小宝", "2026-05-17", None)]),
    ],
)  # fmt: skip
def test_a_child_of_whom_the_file_knows_more_is_no_second_child(
    shop: DiskShop, bring: Bring, known: str, told: str, then: list[tuple[str | None, ...]]
) -> None:
    bring(Kind.MEMBERS, CHILD + f"王小满,13812340001,{known}\n")
    ended = bring(Kind.MEMBERS, CHILD + f"王小满,13812340001,{told}\n")
    assert ended.told.refused_count == 0, ended.told.refused
    children = by_phone(shop, "13812340001").profile.children
    days = [(c.name, c.born_on and str(c.born_on), c.due_on and str(c.due_on)) for c in children]
    assert days == then
    assert bring(Kind.MEMBERS, CHILD + f"王小满,13812340001,{told},\n").told.same == 1


def test_one_phone_of_two_rows_is_told_with_the_row_of_the_first(shop: DiskShop, bring: Bring) -> None:
    ended = bring(Kind.MEMBERS, HEAD + "王一,13812340001,,,\n李二,138-1234-0001,,,\n")
    assert (ended.told.new, ended.told.twice) == (1, 1)
    (refused,) = ended.told.refused
    assert (refused.row, refused.faults[0].reason) == (3, Reason.DUPLICATE)
    assert refused.faults[0].params["first"] == 2


def test_taking_back_restores_what_was_there(shop: DiskShop, bring: Bring) -> None:
    bring(Kind.MEMBERS, TWO)
    before = by_phone(shop, "13812340001")
    bring(Kind.MEMBERS, HEAD + "王小满,13812340001,,1980-01-01,\n周新,13812340077,,,\n")
    gone = shop.shop.imports.withdraw(shop.owner)
    assert (gone.state, gone.counts.kept) == (State.GONE, 0)
    assert by_phone(shop, "13812340001") == before
    assert found(shop, "周新") == []
    assert shop.shop.members.find_phone("13812340077") is None
    assert found(shop, "wangxiaoman") == ["王小满"]
    assert shop.verify().passed


def test_a_member_who_was_edited_since_stays_and_is_counted(shop: DiskShop, bring: Bring) -> None:
    bring(Kind.MEMBERS, TWO)
    member = by_phone(shop, "13812340001")
    profile = msgspec.structs.replace(member.profile, notes="喜欢红茶")
    shop.shop.members.edit(shop.owner, member.member_id, profile)
    gone = shop.shop.imports.withdraw(shop.owner)
    assert gone.counts.kept == 1
    assert by_phone(shop, "13812340001").profile.notes == "喜欢红茶"
    assert shop.shop.members.find_phone("13812340002") is None


def test_withdrawn_members_leave_no_key_that_opens_what_the_journal_holds(
    shop: DiskShop, bring: Bring
) -> None:
    bring(Kind.MEMBERS, TWO)
    member = by_phone(shop, "13812340001")
    shop.shop.imports.withdraw(shop.owner)
    with shop.store.read() as tx:
        assert tx.subject_keys.get(SubjectId(member.member_id)) is None


class _Meanwhile:
    """Does something once, at the first sign of a stage."""

    def __init__(self, stage: Stage, act: object) -> None:
        self._stage, self._act, self.done = stage, act, False

    def __call__(self, progress: Progress) -> None:
        if progress.stage is self._stage and not self.done:
            self.done = True
            self._act()  # type: ignore[operator]


def test_nothing_of_a_file_is_seen_before_all_of_it(shop: DiskShop, bring: Bring) -> None:
    seen: list[tuple[str, int]] = []

    def look(progress: Progress) -> None:
        with shop.store.read() as tx:
            total = len(tx.members.look_up("", 5_000).members)
        seen.append((progress.stage.value, total))

    rows = "".join(f"王{n},1381235{n:04d},,,\n" for n in range(900))
    bring(Kind.MEMBERS, HEAD + rows, Watcher(progress=look))
    assert {total for _, total in seen} <= {0, 900}
    assert (Stage.KEYS.value, 0) in seen
    assert len(found(shop, "王1")) == 50


def test_a_sign_up_with_a_staged_phone_wins_and_the_row_is_left_out(shop: DiskShop, bring: Bring) -> None:
    meanwhile = _Meanwhile(Stage.KEYS, lambda: shop.sign_up("13812340002", "李新来"))
    ended = bring(Kind.MEMBERS, TWO, Watcher(progress=meanwhile))
    assert meanwhile.done
    assert ended.batch is not None
    assert ended.batch.counts.left_out == 1
    assert by_phone(shop, "13812340002").profile.name == "李新来"
    assert found(shop, "李") == ["李新来"]
    assert shop.verify().passed


def test_an_edit_while_the_file_comes_in_is_not_lost(shop: DiskShop, bring: Bring) -> None:
    bring(Kind.MEMBERS, TWO)
    member = by_phone(shop, "13812340001")
    profile = msgspec.structs.replace(member.profile, notes="刚说过敏")

    def edit() -> None:
        shop.shop.members.edit(shop.owner, member.member_id, profile)

    bring(
        Kind.MEMBERS,
        HEAD + "王小满,13812340001,,1980-01-01,\n",
        Watcher(progress=_Meanwhile(Stage.KEYS, edit)),
    )
    assert by_phone(shop, "13812340001").profile.notes == "刚说过敏"
    assert found(shop, "小满") == ["王小满"]


def test_an_erasure_while_the_file_comes_in_leaves_no_trace(shop: DiskShop, bring: Bring) -> None:
    bring(Kind.MEMBERS, TWO)
    member = by_phone(shop, "13812340001")

    def erase() -> None:
        shop.shop.members.erase(shop.owner, member.member_id, "asked")

    bring(
        Kind.MEMBERS,
        HEAD + "王小满,13812340001,,1980-01-01,\n",
        Watcher(progress=_Meanwhile(Stage.STAGING, erase)),
    )
    assert found(shop, "小满") == []
    assert shop.shop.members.find_phone("13812340001") is None


def test_a_cancelled_import_leaves_nothing(shop: DiskShop, bring: Bring) -> None:
    stages: list[Stage] = []
    watcher = Watcher(progress=lambda p: stages.append(p.stage), cancelled=lambda: Stage.KEYS in stages)
    ended = bring(Kind.MEMBERS, TWO, watcher)
    assert ended.cancelled
    assert ended.batch is not None
    assert ended.batch.state is State.GONE
    with shop.store.read() as tx:
        assert tx.members.count() == 0
        assert tx.staged_members.brought(ended.batch.number, 0, 10) == []
    assert bring(Kind.MEMBERS, TWO).told.new == 2


def test_a_refused_row_keeps_nothing_of_a_person_in_any_file_of_the_shop(
    shop: DiskShop, bring: Bring
) -> None:
    person = "欧阳婉清", "ouyangwanqing" * 6, "13912345678"
    ended = bring(
        Kind.MEMBERS,
        "手机号,性别,微信,备注,接收短信,入会日期\n"
        f"1391,{person[0]},{person[1]},{person[0]},{person[0]},{person[2]}\n13812340001,,,,,\n",
    )
    assert (ended.told.new, ended.told.refused_count) == (1, 1)
    assert traces(shop.folder, person) == []


def test_a_card_that_is_too_short_is_told_by_what_a_card_has(shop: DiskShop, bring: Bring) -> None:
    (refused,) = bring(Kind.MEMBERS, HEAD + "王小满,13812340001,012,,\n").told.refused
    assert refused.faults[0].params["code"] == "importing.clash.card_form"


def test_a_card_of_four_digits_is_taken_and_finds_its_member(shop: DiskShop, bring: Bring) -> None:
    assert bring(Kind.MEMBERS, HEAD + "王小满,13812340001,0012,,\n李晓燕,13800120002,12345,,\n").told.new == 2
    assert found(shop, "0012") == ["李晓燕", "王小满"] or found(shop, "0012") == ["王小满", "李晓燕"]
    listing, owner = shop.shop.members.look_up_at_counter("0012", 50)
    assert owner is not None and owner.profile.name == "王小满"
    assert listing.members[0] == owner and listing.total == 2
    listing, owner = shop.shop.members.look_up_at_counter("0012", 1)
    assert listing.members == (owner,)


def test_an_export_brought_in_again_changes_nothing(shop: DiskShop, bring: Bring) -> None:
    bring(Kind.MEMBERS, TWO)
    for name in ("out.csv", "out.xlsx"):
        file = shop.folder / name
        assert shop.shop.exports.write(shop.owner, Kind.MEMBERS, file, "陈老板 今天") == 2
        opened = shop.shop.imports.open(file, Kind.MEMBERS)
        ended = shop.shop.imports.run(shop.owner, replace(opened))
        assert (ended.nothing_new, ended.told.same, ended.told.refused_count) == (True, 2, 0)
    with shop.store.read() as tx:
        assert tx.journal.count_kinds((0, 0))["members.exported"] == 2


def test_an_export_of_birthdays_without_their_year_brought_in_again_changes_nothing(
    shop: DiskShop, bring: Bring
) -> None:
    bring(Kind.MEMBERS, HEAD + "王小满,13812340001,,5月3日,\n李晓燕,13812340002,,农历四月三十,\n")
    told = [by_phone(shop, phone).profile for phone in ("13812340001", "13812340002")]
    assert [(p.birthday, p.birthday_day, p.birthday_lunar) for p in told] == [
        (None, MonthDay(month=5, day=3), False),
        (None, MonthDay(month=4, day=30), True),
    ]
    for name in ("out.csv", "out.xlsx"):
        file = shop.folder / name
        assert shop.shop.exports.write(shop.owner, Kind.MEMBERS, file, "陈老板 今天") == 2
        opened = shop.shop.imports.open(file, Kind.MEMBERS)
        ended = shop.shop.imports.run(shop.owner, replace(opened))
        assert (ended.nothing_new, ended.told.same, ended.told.refused_count) == (True, 2, 0)
    assert shop.verify().passed


def test_a_file_without_the_year_never_takes_a_year_that_is_known(shop: DiskShop, bring: Bring) -> None:
    bring(Kind.MEMBERS, HEAD + "王小满,13812340001,,1990-05-03,\n")
    assert bring(Kind.MEMBERS, HEAD + "王小满,13812340001,,5月3日,又来\n").told.changed == 1
    assert str(by_phone(shop, "13812340001").profile.birthday) == "1990-05-03"
    bring(Kind.MEMBERS, HEAD + "王小满,13812340001,,农历四月初九,\n")
    profile = by_phone(shop, "13812340001").profile
    assert (str(profile.birthday), profile.birthday_day, profile.birthday_lunar) == ("1990-05-03", None, True)
    bring(Kind.MEMBERS, HEAD + "王小满,13812340001,,6月7日,\n")
    profile = by_phone(shop, "13812340001").profile
    assert (profile.birthday, profile.birthday_day, profile.birthday_lunar) == (
        None, MonthDay(month=6, day=7), False
    )  # fmt: skip
    bring(Kind.MEMBERS, HEAD + "王小满,13812340001,,1991-06-07,\n")
    profile = by_phone(shop, "13812340001").profile
    assert (str(profile.birthday), profile.birthday_day) == ("1991-06-07", None)
