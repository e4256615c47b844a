"""Members of a file reach the platform with their batch, in slices, and go again when it is withdrawn."""

import pytest

from pos_app.domain.desk import ItemKind
from pos_app.domain.imports.kinds import Kind as FileKind
from pos_app.domain.members import KeyKind
from sync.protocol.documents import MemberDocument
from tests.support.shop_on_disk import CANDY
from tests.support.tills_together import LinkedTill, Together

HEAD = "姓名,手机号,生日,备注,开卡日期\n"
THREE = (
    HEAD
    + "王小满,13812340001,1990-05-06,爱金饰,2019-03-04\n"
    + "李晓燕,13812340002,,,\n孙八,13812340003,,,\n"
)


@pytest.fixture
def till(shops: Together) -> LinkedTill:
    return shops.tills[0]


def _bring(till: LinkedTill, text: str) -> int:
    file = till.shop.folder / "members.csv"
    file.write_text(text, encoding="utf-8-sig")
    imports = till.shop.shop.imports
    ended = imports.run(till.shop.owner, imports.open(file, FileKind.MEMBERS))
    assert ended.batch is not None
    return ended.batch.number


def _sync(shops: Together, till: LinkedTill) -> None:
    till.push()
    while shops.service.work(shops.service.only_merchant()):
        pass


def _by_phone(shops: Together, number: str) -> MemberDocument | None:
    found = [
        document
        for document in shops.members().values()
        if document.member is not None
        and any(k.value == f"+86{number}" for k in document.member.profile.keys if k.kind is KeyKind.PHONE)
    ]
    assert len(found) <= 1
    return found[0] if found else None


def test_members_of_a_file_are_everybodys_with_the_day_they_joined(shops: Together, till: LinkedTill) -> None:
    _bring(till, THREE)
    _sync(shops, till)
    document = _by_phone(shops, "13812340001")
    assert document is not None and document.member is not None
    assert document.member.profile.notes == "爱金饰"
    with till.shop.store.read() as tx:
        here = tx.members.by_key("phone", "+8613812340001")
    assert here is not None
    assert document.member.joined_at == here.joined_at and document.member.profile == here.profile
    assert [change.what.value for change in document.record.changes] == ["imported"]
    assert len(shops.members()) == 3


def test_a_file_that_is_withdrawn_leaves_nobody_whom_it_alone_brought(
    shops: Together, till: LinkedTill
) -> None:
    known = till.shop.sign_up("13812340002", "李晓燕")
    number = _bring(till, THREE + "李晓燕,13812340002,1988-08-08,会员日来,\n")
    _sync(shops, till)
    visited = _by_phone(shops, "13812340003")
    assert visited is not None and visited.member is not None
    till.shop.sell(CANDY, member=visited.member)
    till.shop.shop.imports.withdraw(till.shop.owner, number)
    _sync(shops, till)
    assert _by_phone(shops, "13812340001") is None
    kept = shops.member(known.member_id).member
    assert kept is not None
    assert (kept.profile.notes, kept.profile.birthday) == (None, None)
    assert _by_phone(shops, "13812340003") is not None, "she came since, and is the shop's own"
    with till.shop.store.read() as tx:
        assert tx.members.by_key("phone", "+8613812340001") is None
        assert tx.members.by_key("phone", "+8613812340003") is not None


def test_a_file_withdrawn_before_it_was_folded_brings_nobody(shops: Together, till: LinkedTill) -> None:
    number = _bring(till, THREE)
    till.shop.shop.imports.withdraw(till.shop.owner, number)
    _sync(shops, till)
    assert not shops.members()


def test_a_shop_that_brings_the_other_shops_member_along_doubles_nobody(
    shops: Together, till: LinkedTill
) -> None:
    other = shops.tills[1]
    known = other.shop.sign_up("13812340001", "王小满")
    other.push()
    _bring(till, THREE)
    _sync(shops, till)
    document = _by_phone(shops, "13812340001")
    assert document is not None and document.member is not None
    assert document.member.member_id == known.member_id
    assert document.member.profile.notes == "爱金饰"
    assert not [item for item in shops.desk() if item.kind is ItemKind.SAME_KEY]


def test_the_same_file_at_two_shops_is_one_membership(shops: Together, till: LinkedTill) -> None:
    other = shops.tills[1]
    for each in (till, other):
        _bring(each, THREE)
        _sync(shops, each)
    living = [d for d in shops.members().values() if d.alias_of is None]
    assert len(living) == 3 and not shops.desk()
